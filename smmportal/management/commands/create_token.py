from django.core.management.base import BaseCommand, CommandError

from smmportal.people.actions import issue_token
from smmportal.people.models import User


class Command(BaseCommand):
    help = "Issues a personal API token for a person and prints it. It is shown only here."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="manage.py create_token", help="what the token is for")

    def handle(self, *, email: str, name: str, **_options) -> None:
        person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {email}.")
        _token, secret = issue_token(person, name=name)
        self.stdout.write(secret)
