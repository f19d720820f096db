from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpis.models import Source
from kpis.pulling import due_ids, pull_source


class Command(BaseCommand):
    help = "Pulls what is due, now, in this process."

    def add_arguments(self, parser):
        parser.add_argument("--source", type=int, metavar="ID", help="this source only, due or not")
        parser.add_argument("--until-done", action="store_true", help="go on until nothing is due")

    def handle(self, *args, source=None, until_done=False, **options):
        if source is not None:
            self.make_due(source)
            self.pull(source)
            return
        while ids := due_ids(timezone.now()):
            for source_id in ids:
                self.pull(source_id)
            if not until_done:
                break

    def make_due(self, source_id: int) -> None:
        now = timezone.now()
        source = Source.objects.filter(pk=source_id).first()
        if source is None or not source.is_pulled:
            raise CommandError(f"There is no source {source_id} that can be pulled.")
        if source.paused_at:
            raise CommandError(f"Source {source_id} is paused.")
        if source.is_being_pulled(now):
            raise CommandError(f"Source {source_id} is being pulled by another process.")
        Source.objects.filter(pk=source_id).update(next_pull_at=now)

    def pull(self, source_id: int) -> None:
        source = Source.objects.get(pk=source_id)
        pulled = pull_source(source)
        if pulled is None:
            said = "left alone: not due, or another process has it"
        elif pulled.error:
            said = f"{pulled.error.kind}: {pulled.error.detail} ({pulled.changed} points changed)"
        else:
            said = f"{pulled.changed} points changed"
        self.stdout.write(f"{source_id} {source.platform} {source.title}: {said}")
