from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpis.models import Source
from kpis.pulling import Pulled, claim_due, pull_claimed
from kpis.pulling_posts import pull_posts_due


class Command(BaseCommand):
    help = "Pulls what is due, now, in this process."

    def add_arguments(self, parser):
        parser.add_argument("--source", type=int, metavar="ID", help="this source only, due or not")
        parser.add_argument("--posts", action="store_true", help="look at what is due of posts, and at nothing else")
        parser.add_argument("--until-done", action="store_true", help="go on until nothing is due")

    def handle(self, *args, source=None, until_done=False, posts=False, **options):
        if posts:
            counts = pull_posts_due()
            self.stdout.write(f"posts: {', '.join(f'{how} {count}' for how, count in counts.items()) or 'nothing due'}")
            return
        if source is not None:
            self.make_due(source)
            self.pull(claim_due(timezone.now(), only=source))
            return
        while claimed := claim_due(timezone.now()):
            self.pull(claimed)
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

    def pull(self, claimed) -> None:
        pulled = pull_claimed(claimed)
        for each in claimed:
            self.say(each.source, pulled.get(each.source.pk))

    def say(self, source: Source, pulled: Pulled | None) -> None:
        if pulled is None:
            said = "left alone, see the log"
        elif pulled.error:
            said = f"{pulled.error.kind}: {pulled.error.detail} ({pulled.changed} points changed)"
        else:
            said = f"{pulled.changed} points changed"
        self.stdout.write(f"{source.pk} {source.platform} {source.title}: {said}")
