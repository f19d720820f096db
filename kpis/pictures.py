"""A KPI's line as the picture on the page: what `kpis.charts` needs, put together from a standing and its days."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kpis import wording
from kpis.charts import Before, Note, Sample, Target, Words, draw_chart, draw_strip
from kpis.forecast import Outlook
from kpis.queries.standings import Standing
from kpis.series import Day
from smmportal.formatting import format_day, format_number

WIDE, NARROW = (720, 300), (300, 220)
#: More points than that are closer than three pixels on a card.
MOST_ON_A_STRIP = 120


def draw(
    standing: Standing,
    line: Sequence[Day],
    *,
    size: tuple[int, int],
    last: date | None = None,
    ahead: Sequence[Outlook] = (),
    notes: Sequence[Note] = (),
    before: Sequence[Before] = (),
) -> SafeString:
    """The chart of these days in user units of `size`; `last` lets it look ahead of them, to the deadline, say, and
    `ahead` is what may come there. `before` is the line of an earlier period on the days of this one."""
    kpi = standing.kpi
    metric = kpi.source.metric(kpi.metric)
    drawn = draw_chart(
        samples(line),
        words=words_for(standing),
        key=f"kpi-{kpi.pk}",
        format_number=format_number,
        format_day=format_short_day,
        target=target_of(standing),
        baseline=None if kpi.baseline is None or kpi.holds_a_level else float(kpi.baseline),
        today=standing.today,
        forecast=[rounded(outlook, metric.decimals if metric else 2) for outlook in ahead],
        notes=notes,
        before=before,
        first=line[0].day,
        last=max(last or line[-1].day, line[0].day + timedelta(days=1)),
        from_zero=bool(metric and metric.aggregation == "sum"),
        width=size[0],
        height=size[1],
    )
    return mark_safe(drawn)  # noqa: S308  charts.py escapes what it is given


def strip(standing: Standing, line: Sequence[Day]) -> SafeString:
    """The line for a card of the dashboard; of many days every few are drawn, the last one always."""
    kpi, metric = standing.kpi, standing.kpi.source.metric(standing.kpi.metric)
    step = -(-len(line) // MOST_ON_A_STRIP)
    drawn = draw_strip(
        samples(line[::-1][::step][::-1]),
        target=target_of(standing),
        baseline=None if kpi.baseline is None or kpi.holds_a_level else float(kpi.baseline),
        from_zero=bool(metric and metric.aggregation == "sum"),
        step=step,
    )
    return mark_safe(drawn)  # noqa: S308  charts.py escapes what it is given


def samples(line: Sequence[Day]) -> list[Sample]:
    return [(day.day, None if day.value is None else float(day.value), day.final) for day in line]


def rounded(outlook: Outlook, decimals: int) -> tuple[date, float, float, float]:
    """A label with more places than the numbers themselves have would promise too much."""
    low, median, high = (round(value, decimals) for value in (outlook.low80, outlook.median, outlook.high80))
    return outlook.on, low, median, high


def words_for(standing: Standing) -> Words:
    return Words(
        title=str(standing.kpi),
        unit=wording.unit_words(standing.unit),
        target=_("target"),
        baseline=pgettext("chart", "baseline"),
        today=_("today"),
        provisional=pgettext("chart", "provisional"),
        forecast=_("forecast"),
        before=pgettext("chart", "before that"),
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
