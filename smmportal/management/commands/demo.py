from django.core.management.base import BaseCommand

from smmportal.demo.loading import CAST, demo_password, load


class Command(BaseCommand):
    help = "Loads the demo: two organisations, two projects with their history. Repeating it changes nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print nothing")
        parser.add_argument("--logins", action="store_true", help="only print the logins")

    def handle(self, *, quiet: bool, logins: bool, **_options) -> None:
        if not logins:
            load()
        if not quiet:
            self.stdout.write(f"Demo logins, all with the password {demo_password()}")
            for email, name, _where, role in CAST:
                self.stdout.write(f"  {email:<28} {name} ({role.value})")
