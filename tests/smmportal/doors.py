"""The ground floor's doors: the front door, health, the API's own pages, accounts, people, notifications.

The administration is walked in one go by test_admin.py."""

from django.contrib.auth.tokens import default_token_generator
from django.core.files.uploadedfile import SimpleUploadedFile

from smmportal.people.actions import issue_token
from smmportal.people.looks import put_logo
from tests.builders import make_invitation, make_notification
from tests.doors import Door, everyone, everyone_inside, of_nothing
from tests.smmportal.pictures import png
from tests.smmportal.waterline.doors import WATERLINE

#: The portfolio is the agency's desk; its own people see there what they see anyway.
AGENCY_ONLY = dict.fromkeys(("decider", "contact", "viewer", "neighbour"), 403)

GROUND = [
    Door("home", args=of_nothing, outside=200),
    Door("project"),
    Door("portfolio", args=of_nothing, outside=200, expects=AGENCY_ONLY),
    Door(
        "portfolio",
        args=of_nothing,
        query="?risk=on_track&only=drops&client=no&open=1",
        outside=200,
        expects=AGENCY_ONLY,
    ),
    Door("portfolio_kpis", inside=302, expects=AGENCY_ONLY),
    Door("api:portfolio", args=of_nothing, outside=200, expects=AGENCY_ONLY),
    Door("api:home", args=of_nothing, outside=200),
    Door("healthz", args=of_nothing, expects=everyone(200)),
    Door("healthz", "post", args=of_nothing, expects=everyone(405)),
    Door("readyz", args=of_nothing, expects=everyone(200)),
    Door("schema", args=of_nothing, expects=everyone(200)),
    Door("api_docs", args=of_nothing, expects=everyone(200)),
    Door("styleguide", args=of_nothing, expects=everyone(404)),  # only in DEBUG and the demo
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


# --- People ---------------------------------------------------------------------------------------------------------

RUNNING_CLIENT = {"specialist": 403, "contact": 403, "viewer": 403, "colleague": 403}
#: Who sees the client's people: the client's own and those who run the agency.
SEEING_CLIENT = {"specialist": 404, "contact": 403, "viewer": 403}


def of_client(cast) -> list:
    return [cast.client.pk]


def of_agency(cast) -> list:
    return [cast.agency.pk]


def of_viewer(cast) -> list:
    return [cast.viewer.memberships.get().pk]


def invited(cast) -> list:
    return [make_invitation(cast).pk]


def secret_of_invitation(cast) -> list:
    return [make_invitation(cast).secret]


def token_of_viewer(cast) -> list:
    return [issue_token(cast.viewer, name="a report")[0].pk]


def told_to_viewer(cast) -> list:
    return [make_notification(cast.viewer).pk]


def own(name: str, method: str = "get", status: int = 200, **fields) -> Door:
    """A door to what is one's own, open to whoever is logged in."""
    return Door(name, method, **{"args": of_nothing, "inside": status, "outside": status, **fields})


def hours(_cast) -> dict:
    return {"digest_at": "10:00", "quiet_from": "22:00", "quiet_to": "07:30"}


def only_viewers(name: str, method: str, status: int, args) -> Door:
    """A door to what is the viewer's own: nobody else finds anything behind it."""
    return Door(name, method, args=args, inside=404, expects={"viewer": status})


def invitation_words(cast) -> dict:
    return {"email": "new@client.example", "role": "contact", "language": "ru"}


PERSONAL = {"name": "Anna", "language": "ru", "timezone": "Asia/Yekaterinburg"}

PEOPLE = [
    own("people:organisations", status=302),
    Door("people:organisation", args=of_client, expects={"colleague": 200}),
    Door("people:organisation", args=of_agency, expects={"colleague": 200, "neighbour": 200}),
    Door("people:invite", "post", of_client, invitation_words, inside=302, expects=RUNNING_CLIENT),
    Door(
        "people:add_client",
        "post",
        of_agency,
        lambda cast: {"client-name": "Tea"},
        expects={
            **dict.fromkeys(("owner", "manager"), 302),
            **dict.fromkeys(("specialist", "colleague", "neighbour", "decider", "contact", "viewer"), 403),
        },
    ),
    Door("people:role", "post", of_viewer, lambda cast: {"role": "contact"}, inside=302, expects=SEEING_CLIENT),
    Door("people:departure", "post", of_viewer, inside=302, expects={**SEEING_CLIENT, "viewer": 302}),
    Door(
        "people:revocation",
        "post",
        invited,
        inside=302,
        expects=dict.fromkeys(("specialist", "contact", "viewer"), 404),
    ),
    Door("people:invitation", args=secret_of_invitation, expects=everyone(200)),
    Door("people:invitation", "post", secret_of_invitation, expects={**everyone_inside(302), "anonymous": 422}),
    Door("people:invitation", args=lambda cast: ["no-such-secret"], expects=everyone(404)),
    own("people:settings"),
    own("people:settings", "post", 302, data=lambda cast: PERSONAL),
    own("people:settings", "post", 422, query="?nothing-sent"),
    own("people:tokens"),
    own("people:tokens", "post", data=lambda cast: {"name": "a report"}),
    only_viewers("people:token_revocation", "post", 302, token_of_viewer),
    own("notifications:list"),
    own("notifications:settings"),
    own("notifications:settings", "post", 302),
    own("notifications:read_all", "post", 302),
    only_viewers("notifications:read", "post", 302, told_to_viewer),
]

# --- The API --------------------------------------------------------------------------------------------------------

API = [
    own("api:me"),
    own("api:me", "patch", data=lambda cast: {"name": "Anna"}),
    own("api:organisations"),
    Door("api:organisation", args=of_client, expects={"colleague": 200}),
    Door(
        "api:clients",
        "post",
        of_agency,
        lambda cast: {"name": "Tea"},
        expects={
            **dict.fromkeys(("owner", "manager"), 201),
            **dict.fromkeys(("specialist", "colleague", "neighbour", "decider", "contact", "viewer"), 403),
        },
    ),
    own("api:memberships"),
    Door("api:membership", args=of_viewer, expects={"specialist": 404}),
    Door("api:membership", "patch", of_viewer, lambda cast: {"role": "contact"}, expects=SEEING_CLIENT),
    Door("api:membership", "delete", of_viewer, inside=204, expects={**SEEING_CLIENT, "viewer": 204}),
    own("api:invitations"),
    Door(
        "api:invitations",
        "post",
        of_nothing,
        lambda cast: {"organisation": cast.client.pk, **invitation_words(cast)},
        inside=201,
        expects=RUNNING_CLIENT,
    ),
    Door(
        "api:invitation",
        "delete",
        invited,
        inside=204,
        expects=dict.fromkeys(("specialist", "contact", "viewer"), 404),
    ),
    own("api:tokens"),
    own("api:tokens", "post", 201, data=lambda cast: {"name": "a report"}),
    only_viewers("api:token", "delete", 204, token_of_viewer),
    own("api:notifications"),
    own("api:readings", "post", 204),
    only_viewers("api:reading", "post", 200, told_to_viewer),
    own("notifications:hours", "post", 302, data=hours),
    own("api:hours"),
    own("api:hours", "put", data=hours),
    own("api:preferences"),
    own("api:preferences", "put", data=lambda cast: {"preferences": {"person.joined": {"email": False}}}),
]


ONLY_HEADS = {"specialist": 403, "decider": 403, "contact": 403, "viewer": 403}
SEES_AGENCY = {"neighbour": 403, "colleague": 403}


def of_logo(cast) -> list:
    put_logo(cast.agency, file=SimpleUploadedFile("logo.png", png()), by=cast.owner)
    return [cast.agency.pk]


def a_file(_cast) -> dict:
    return {"file": SimpleUploadedFile("logo.png", png())}


#: Who sees the agency: its people and all its clients'. Only its owners and managers change how it looks.
LOOK = [
    Door("people:look", args=of_agency, expects={**ONLY_HEADS, **SEES_AGENCY}),
    Door(
        "people:look",
        "post",
        args=of_agency,
        data=lambda cast: {"accent": "#0f5c74"},
        inside=302,
        expects={**ONLY_HEADS, **SEES_AGENCY},
    ),
    Door("people:logo", args=of_logo, expects={"neighbour": 200, "colleague": 200}),
    Door("people:logo_removal", "post", args=of_logo, inside=302, expects={**ONLY_HEADS, **SEES_AGENCY}),
    Door("people:look_sheet", args=lambda cast: ["0f5c74"], expects=everyone(200)),
    Door("people:look_sheet", args=lambda cast: ["ffff00"], expects=everyone(404)),
    Door("api:look", args=of_agency, expects={"neighbour": 200, "colleague": 200}),
    Door(
        "api:look",
        "put",
        args=of_agency,
        data=lambda cast: {"accent": "#0f5c74"},
        expects={**ONLY_HEADS, **SEES_AGENCY},
    ),
    Door(
        "api:logo",
        "post",
        args=of_agency,
        data=a_file,
        form="multipart",
        inside=201,
        expects={**ONLY_HEADS, **SEES_AGENCY},
    ),
    Door("api:logo", "delete", args=of_logo, inside=204, expects={**ONLY_HEADS, **SEES_AGENCY}),
]
DOORS = [*GROUND, *ACCOUNTS, *PEOPLE, *API, *WATERLINE, *LOOK]
