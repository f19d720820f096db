"""The ground floor's doors: the front door, health, the API's own pages, accounts, people, notifications.

The administration is walked in one go by test_admin.py."""

from django.contrib.auth.tokens import default_token_generator

from tests.doors import Door, everyone, everyone_inside, of_nothing

GROUND = [
    Door("home", args=of_nothing, outside=200),
    Door("project"),
    Door("healthz", args=of_nothing, expects=everyone(200)),
    Door("healthz", "post", args=of_nothing, expects=everyone(405)),
    Door("readyz", args=of_nothing, expects=everyone(200)),
    Door("schema", args=of_nothing, expects=everyone(200)),
    Door("api_docs", args=of_nothing, expects=everyone(200)),
    Door("set_language", "post", args=of_nothing, data=lambda cast: {"language": "en"}, expects=everyone(302)),
]


def reset_key(cast) -> list:
    """A link that was never issued: the page says so, whoever looks."""
    return ["1", default_token_generator.make_token(cast.viewer)]


def account_page(name: str, method: str = "get", *, anonymous: int = 302, inside: int = 200, **fields) -> Door:
    expects = {"anonymous": anonymous, **everyone_inside(inside)}
    return Door(name, method, **{"args": of_nothing, "expects": expects, **fields})


#: A change of one's security asks for the password again first (302 to it); what is not set up is not there (404).
ACCOUNTS = [
    account_page("account_login", anonymous=200, inside=302),
    account_page("account_logout"),
    account_page("account_logout", "post", inside=302),
    account_page("account_inactive", anonymous=200),
    account_page("account_signup", anonymous=200, inside=302),
    account_page(
        "account_signup",
        "post",
        data=lambda cast: {"email": "new@x.example", "password1": "a-quiet-harbour-7"},
        anonymous=200,
        inside=302,
    ),
    account_page("account_reauthenticate"),
    account_page("account_email"),
    account_page("account_email_verification_sent", anonymous=200),
    account_page("account_change_password"),
    account_page("account_set_password", inside=302),
    account_page("account_reset_password", anonymous=200),
    account_page("account_confirm_login_code", anonymous=302, inside=302),
    account_page("account_confirm_email", args=lambda cast: ["no-such-key"], anonymous=200),
    account_page("account_reset_password_from_key", args=reset_key, anonymous=200),
    account_page("account_reset_password_from_key_done", anonymous=200),
    account_page("account_reset_password_done", anonymous=200),
    account_page("mfa_index"),
    account_page("mfa_authenticate", inside=302),
    account_page("mfa_reauthenticate", inside=302),
    account_page("mfa_activate_totp", inside=302),
    account_page("mfa_deactivate_totp", inside=404),
    account_page("mfa_view_recovery_codes", inside=404),
    account_page("mfa_generate_recovery_codes", inside=302),
    account_page("mfa_download_recovery_codes", inside=404),
    account_page("usersessions_list"),
]


DOORS = [*GROUND, *ACCOUNTS]
