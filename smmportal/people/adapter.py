"""What allauth asks us: who may sign up, how its letters go out, how its secrets are kept."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation

from smmportal import encryption
from smmportal.notifications.actions import write_to_address

#: allauth's letters that carry a link: their events, and where the link is.
LETTERS = {
    "account/email/password_reset_key": ("account.password_reset", "password_reset_url"),
    "account/email/email_confirmation": ("account.address_given", "activate_url"),
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody signs up by themselves: people come by invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Through the queue like every letter of ours, so that a mail server that is down stops nobody's page."""
        if template_prefix not in LETTERS:
            super().send_mail(template_prefix, email, context)
            return
        event, link = LETTERS[template_prefix]
        person = context.get("user")
        language = person.language if person else translation.get_language()
        address = settings.PUBLIC_URL + urlsplit(context[link]).path  # never by the Host that the request came with
        write_to_address(event, email, language=language, facts={}, secret_url=address)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The seed of a person's one-time codes is kept encrypted, like every secret here."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)


@transaction.atomic
def rewrite_second_factors() -> int:
    """Encrypt the seeds again with the newest key (manage.py rotate_keys)."""
    rows = Authenticator.objects.select_for_update().order_by("pk")
    for row in rows:
        secrets = {name: value for name, value in row.data.items() if name in ("secret", "seed")}
        row.data |= {name: encryption.encrypt(encryption.decrypt(value)) for name, value in secrets.items()}
        row.save(update_fields=["data"])
    return len(rows)
