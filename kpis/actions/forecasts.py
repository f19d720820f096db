"""Forecasts worked out ahead of whoever looks."""

from collections.abc import Mapping, Sequence

from kpis.models import Forecast, ForecastDay, Kpi
from kpis.queries.outlooks import foretold, is_fresh, series_of

AT_ONCE = 200
SAID = ("chance", "median", "low80", "high80", "reason")
TOLD = ("rests_on", "chance", "median", "low80", "high80", "reason", "usable", "days", "made_at")


def foresee_all() -> int:
    """Work out again what is out of date, for the KPIs that count; how many there were."""
    changed, last = 0, 0
    found = Kpi.objects.standing().filter(project__closed_at=None).select_related("project").order_by("pk")
    while kpis := list(found.filter(pk__gt=last)[:AT_ONCE]):
        changed += foresee(kpis)
        last = kpis[-1].pk
    return changed


def foresee(kpis: Sequence[Kpi]) -> int:
    series = series_of(kpis)
    stored = {row.kpi_id: row for row in Forecast.objects.filter(kpi__in=kpis)}
    rows = [(kpi, series.get((kpi.source_id, kpi.metric))) for kpi in kpis]
    stale = [(kpi, known) for kpi, known in rows if not is_fresh(stored.get(kpi.pk), kpi, known)]
    made = foretold(stale)
    Forecast.objects.bulk_create(made.values(), update_conflicts=True, unique_fields=["kpi"], update_fields=TOLD)
    keep_days([kpi for kpi in kpis if kpi.pk in made and says_else(made[kpi.pk], stored.get(kpi.pk))], made)
    return len(stale)


def says_else(made: Forecast, before: Forecast | None) -> bool:
    return before is None or any(getattr(made, name) != getattr(before, name) for name in SAID)


def keep_days(kpis: Sequence[Kpi], made: Mapping[int, Forecast]) -> None:
    """The day's last word stays, and only where it is another than the one before: between two kept days nothing
    changed."""
    ForecastDay.objects.bulk_create(
        (
            ForecastDay(kpi=kpi, day=kpi.project.today, **{name: getattr(made[kpi.pk], name) for name in SAID})
            for kpi in kpis
        ),
        update_conflicts=True,
        unique_fields=["kpi", "day"],
        update_fields=SAID,
    )
