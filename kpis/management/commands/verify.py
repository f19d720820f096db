from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError

from kpis.queries.agreements import verify_agreements, verify_terms
from kpis.queries.reports import verify_reports
from kpis.recording import verify_snapshots

#: Each looks at one kind of fact and gives a line for every row that is not what it was.
CHECKS: tuple[Callable[[], list[str]], ...] = (verify_snapshots, verify_agreements, verify_terms, verify_reports)


class Command(BaseCommand):
    help = "Checks agreements, reports and snapshots against their hashes; exit 1 and the rows on any mismatch."

    def handle(self, *args, **options):
        problems = [line for check in CHECKS for line in check()]
        for line in problems:
            self.stdout.write(line)
        if problems:
            raise CommandError(f"{len(problems)} rows are not what they were.", returncode=1)
        self.stdout.write("Every hash matches.")
