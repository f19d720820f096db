"""A KPI's line as the picture on the page: what `kpis.charts` needs, put together from a standing and its days."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kpis import wording
from kpis.charts import Target, Words, draw_chart
from kpis.metrics import METRICS
from kpis.queries.standings import Standing
from kpis.series import Day
from smmportal.formatting import format_day, format_number

WIDE, NARROW = (720, 300), (300, 220)


def draw(standing: Standing, line: Sequence[Day], *, size: tuple[int, int], last: date | None = None) -> SafeString:
    """The chart of these days in user units of `size`; `last` lets it look ahead of them, to the deadline, say."""
    kpi = standing.kpi
    metric = METRICS.get(kpi.metric)
    drawn = draw_chart(
        [(day.day, None if day.value is None else float(day.value), day.final) for day in line],
        words=words_for(standing),
        key=f"kpi-{kpi.pk}",
        format_number=format_number,
        format_day=format_short_day,
        target=target_of(standing),
        baseline=None if kpi.baseline is None or kpi.holds_a_level else float(kpi.baseline),
        today=standing.today,
        first=line[0].day,
        last=max(last or line[-1].day, line[0].day + timedelta(days=1)),
        from_zero=bool(metric and metric.aggregation == "sum"),
        width=size[0],
        height=size[1],
    )
    return mark_safe(drawn)  # noqa: S308  charts.py escapes what it is given


def words_for(standing: Standing) -> Words:
    return Words(
        title=str(standing.kpi),
        unit=wording.unit_words(standing.unit),
        target=_("target"),
        baseline=pgettext("chart", "baseline"),
        today=_("today"),
        provisional=pgettext("chart", "provisional"),
        forecast=_("forecast"),
        no_data=_("no data"),
        not_from_zero=_("scale starts at {value}"),
    )


def target_of(standing: Standing) -> Target | None:
    kpi, path = standing.kpi, standing.situation.path
    if kpi.target is None:
        return None
    starts_at = path.baseline if path else kpi.target
    return Target(kpi.starts_on, float(starts_at), kpi.due_on, float(kpi.target))


def format_short_day(day: date) -> str:
    return format_day(day, "short")
