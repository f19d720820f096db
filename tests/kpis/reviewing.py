"""A signed KPI with numbers, on a Monday at noon: what the tests of reviews and dips stand on."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from kpis.models import Kpi, MetricSeries
from tests.builders import Cast, make_agreement, make_kpi, make_points, make_series, make_source

#: A Monday.
TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
YESTERDAY = TODAY - timedelta(days=1)
STARTS_ON = date(2026, 10, 5)
#: The week that is over, and the one before it.
LAST_WEEK = date(2026, 11, 16)
WEEK_BEFORE = date(2026, 11, 9)
DAYS = 100
NUMBERS = count()


def growing(*, days: int = DAYS, falls: dict[int, int] | None = None) -> list[int]:
    """Followers that grow by some twenty a day; on some days, counted back from the last one (0), so many are lost."""
    total, line = 9000, []
    for day in range(days):
        total += 20 + day * 5 % 7 - 3 - (falls or {}).get(days - 1 - day, 0)
        line.append(total)
    return line


def make_watched(cast: Cast, *, line: list | None = None, **fields) -> Kpi:
    """Signed, weekly, on its way, with numbers to yesterday."""
    source = fields.pop("source", None) or make_source(cast)
    series = make_series(cast, source=source, metric=fields.get("metric", "followers"))
    make_points(series, growing() if line is None else line, last=YESTERDAY)
    # What is kept of a series goes by this moment: no two tests share one.
    MetricSeries.objects.filter(pk=series.pk).update(changed_at=NOON - timedelta(hours=1, microseconds=next(NUMBERS)))
    terms = {"starts_on": STARTS_ON, "due_on": STARTS_ON + timedelta(days=119), "source": source}
    terms |= {"baseline": Decimal(10000), "baseline_on": STARTS_ON, "target": Decimal(12100)}
    return in_force(cast, make_kpi(cast, **{**terms, **fields}))


def in_force(cast: Cast, kpi: Kpi, *, since: datetime | None = None) -> Kpi:
    at = since or timezone.make_aware(datetime.combine(kpi.starts_on, datetime.min.time()), UTC)
    kpi.signed_in = make_agreement(cast, kpis=[kpi], in_force_at=at)
    kpi.save()
    return kpi


def series_of(kpi: Kpi) -> MetricSeries:
    return MetricSeries.objects.get(source=kpi.source, metric=kpi.metric)
