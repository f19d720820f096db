"""Days that a platform counted again after they were over: what was, what is now, when it said so."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from kpis.metrics import METRICS
from kpis.models import Revision, Source
from smmportal.formatting import format_day, format_number

SHOWN = 10


def revisions_of(series_id: int, first: date, last: date) -> dict[date, list[Revision]]:
    """The revisions of one series by day, oldest first; one query."""
    found: dict[date, list[Revision]] = defaultdict(list)
    for revision in Revision.objects.filter(series=series_id, day__range=(first, last)).order_by("pk"):
        found[revision.day].append(revision)
    return found


def last_revisions(source: Source) -> list[Revision]:
    """The newest revisions of a source's numbers."""
    rows = Revision.objects.filter(series__source=source).select_related("series")
    return list(rows[:SHOWN])


def say_revisions(revisions: Sequence[Revision]) -> str:
    """“was 120, became 134 (recounted by the platform on 23 November)”, the last of several."""
    return say_revision(revisions[-1]) if revisions else ""


def say_revision(revision: Revision) -> str:
    return _("was %(before)s, became %(after)s (recounted by the platform on %(day)s)") % {
        "before": format_number(revision.before),
        "after": format_number(revision.after),
        "day": format_day(timezone.localtime(revision.at).date(), "near"),
    }


def metric_of(revision: Revision) -> str:
    metric = METRICS.get(revision.series.metric)
    return str(metric.name) if metric else revision.series.metric
