from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from smmportal.people.actions import found_agency, invitation_url, invite
from smmportal.people.models import Role, check_plain_name
from smmportal.refusals import Refused


class Command(BaseCommand):
    help = "Founds an agency, invites its first owner by e-mail and prints the invitation's link."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name")
        parser.add_argument("owner_email")
        parser.add_argument("--language", default="ru", choices=["ru", "en"], help="of the letter")

    @transaction.atomic
    def handle(self, *, name: str, owner_email: str, language: str, **_options) -> None:
        try:
            check_plain_name(name)
            validate_email(owner_email.strip())
            agency = found_agency(name)
            _invitation, secret = invite(agency, email=owner_email, role=Role.OWNER, by=None, language=language)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(invitation_url(secret))
