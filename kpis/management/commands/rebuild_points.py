from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kpis import computing
from kpis.models import Point, Source
from kpis.points import refresh_latest, series_ids
from kpis.post_recording import post_differences, put_posts_right
from kpis.recording import differences
from kpis.weeks import with_ways, wrong_weeks


class Command(BaseCommand):
    help = "Reads every kept answer again and says which points are not what the answers say; exit 1 when some are not."

    def add_arguments(self, parser):
        parser.add_argument("--source", type=int, metavar="ID", help="this source only")
        parser.add_argument("--write", action="store_true", help="put the points right")

    def handle(self, *args, source=None, write=False, **options):
        sources = Source.objects.filter(pk=source) if source is not None else Source.objects.all()
        # What is counted from other points comes after them.
        parts = (differences, computing.differences)
        ordered = sources.order_by("pk")
        wrong = sum(self.compare(each, part, write) for part in parts for each in ordered.iterator(chunk_size=100))
        wrong += sum(self.compare_weeks(each, write) for each in ordered.iterator(chunk_size=100))
        wrong += sum(self.compare_posts(each, write) for each in ordered.iterator(chunk_size=100))
        if wrong and not write:
            raise CommandError(f"{wrong} points differ.", returncode=1)
        self.stdout.write(f"{wrong} points put right." if wrong else "Every point is what the answers say.")

    @transaction.atomic
    def compare(self, source: Source, part, write: bool) -> int:
        found = list(part(source))
        for (metric, day), here, there in found:
            self.stdout.write(f"source {source.pk} {metric} {day}: {self.say(here)}, should be {self.say(there)}")
        if write and found:
            self.put_right(source, found)
        return len(found)

    @transaction.atomic
    def compare_weeks(self, source: Source, write: bool) -> int:
        """What stands beside the series of its last seven days."""
        found = list(wrong_weeks(with_ways(source.series.all())))
        for row, value, days in found:
            kept, fresh = f"{row.week_value} ({row.week_days})", f"{value} ({days})"
            self.stdout.write(f"source {source.pk}, the last seven days of {row.metric}: {kept}, should be {fresh}")
        if write and found:
            refresh_latest(row.pk for row, _value, _days in found)
        return len(found)

    def compare_posts(self, source: Source, write: bool) -> int:
        found = list(post_differences(source))
        for which, here, there in found:
            self.stdout.write(f"source {source.pk} post {which}: {here or 'nothing'}, should be {there or 'nothing'}")
        if write and found:
            put_posts_right(source)
        return len(found)

    def say(self, cell) -> str:
        if cell is None:
            return "nothing"
        value = cell.reason if cell.value is None else str(cell.value)
        return f"{value} ({cell.provenance}{'' if cell.final else ', provisional'})"

    def put_right(self, source: Source, found) -> None:
        keys = series_ids((source.pk, metric) for (metric, _day), _here, _there in found)
        ids = {metric: series_id for (_source, metric), series_id in keys.items()}
        for (metric, day), _here, there in found:
            if there is None:
                Point.objects.filter(series=ids[metric], day=day).delete()
            else:
                told = {name: getattr(there, name) for name in ("value", "final", "reason", "provenance")}
                Point.objects.update_or_create(series_id=ids[metric], day=day, defaults=told)
        refresh_latest(ids.values())
