"""A KPI as a picture: the line, its signed target, gaps as gaps. Pure; the same SVG on a page, in mail, PDF and print.

Nothing here knows a language: words come in `Words`, numbers and days through the two callables. Only classes are used,
the colours are the page's.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from html import escape
from itertools import groupby

from smmportal.drawing import Svg

Sample = tuple[date, float | None, bool]  # day, value (None is a gap), whether it is final
Known = tuple[date, float, bool]
Forecast = tuple[date, float, float, float]  # day, low, median, high
Note = tuple[date, str]
Before = tuple[date, float | None]  # of an earlier period, on the days it is compared with

TEXT = 12.5  # user units; at the narrow width of 300 this is at least 12 px on a 320 px screen
LETTER = 0.56 * TEXT
LINE = TEXT + 2
MARK = 17  # a note's mark with the room it needs
ROWS = 2  # of marks under each other; more would hide the line
SPANS = (0, 1, 7, 14, 28, 91, 366)  # days whose notes share a mark, from the first that leaves room for all
NEW_LINE = "\n"


@dataclass(frozen=True)
class Target:
    """The signed path: from where it started to the value due on its day. A level to hold starts where it ends."""

    start_day: date
    start_value: float
    due_day: date
    due_value: float

    def at(self, day: date) -> float:
        """The value the path asks for on a day; level before the start and after the end."""
        days = (self.due_day - self.start_day).days
        share = min(max((day - self.start_day).days / days, 0), 1) if days > 0 else 1
        return self.start_value + (self.due_value - self.start_value) * share


@dataclass(frozen=True)
class Words:
    """What the picture says, already in the reader's language. `not_from_zero` holds a {value}."""

    title: str
    summary: str = ""
    unit: str = ""
    target: str = "target"
    baseline: str = "baseline"
    today: str = "today"
    provisional: str = "provisional"
    forecast: str = "forecast"
    before: str = "before"
    no_data: str = "no data"
    not_from_zero: str = "scale starts at {value}"


@dataclass(frozen=True)
class Scale:
    """Where a day and a value stand on the drawing, in user units."""

    first: date
    last: date
    low: float
    high: float
    left: float
    right: float
    top: float
    bottom: float

    @cached_property
    def origin(self) -> int:
        return self.first.toordinal()

    @cached_property
    def a_day(self) -> float:
        return (self.right - self.left) / (self.last - self.first).days

    @cached_property
    def a_unit(self) -> float:
        return (self.bottom - self.top) / (self.high - self.low)

    def x(self, day: date) -> float:
        return round(self.left + (day.toordinal() - self.origin) * self.a_day, 1)

    def y(self, value: float) -> float:
        return round(self.bottom - (value - self.low) * self.a_unit, 1)


def draw_chart(
    series: Sequence[Sample],
    *,
    words: Words,
    key: str,
    format_number: Callable[[float], str],
    format_day: Callable[[date], str],
    target: Target | None = None,
    baseline: float | None = None,
    forecast: Sequence[Forecast] = (),
    notes: Sequence[Note] = (),
    before: Sequence[Before] = (),
    today: date | None = None,
    first: date | None = None,
    last: date | None = None,
    from_zero: bool = False,
    step: int = 1,
    width: int = 720,
    height: int = 300,
) -> Svg:
    """The chart as an SVG string of `width` × `height` user units.

    `series` is in the order of days; neighbours more than `step` days apart are a gap like a missing value.
    `first` and `last` cut the picture; without them it spans the series, the target's due day and the forecast.
    `from_zero` is for amounts that are summed; a level (followers) may start elsewhere, and then the picture says so.
    `key` makes the ids unique on a page: the KPI's id will do.
    """
    days = _span(series, target, forecast, today, first, last)
    seen = [sample for sample in series if days[0] <= sample[0] <= days[1]]
    ticks = nice_ticks(*_range(seen, days, target, baseline, forecast, from_zero, before), wanted=max(3, height // 60))
    ends = _end_labels(seen, days, target, baseline, forecast, words, format_number, format_day, before)
    scale = _scale(days, ticks, ends, format_number, width, height)
    parts = [
        _opening(scale, words, f"{key}-{width}", width, height),
        _grid(scale, ticks, format_number, words),
        _day_axis(scale, format_day),
        _gaps(scale, _unknown(seen, days, today, step), f"{key}-{width}"),
        _today(scale, today, words),
        _band(scale, seen, forecast),
        _target(scale, target),
        _baseline(scale, baseline),
        _before(scale, before, step),
        _line(scale, seen, step),
        _labels(scale, ends),
        _last_value(scale, seen, target, format_number) if _stands_inside(seen, days) else "",
        _notes(scale, notes),
        "" if any(value is not None for _, value, _ in seen) else _no_data(scale, words),
        "</svg>",
    ]
    return Svg("".join(parts))


def _scale(
    days: tuple[date, date],
    ticks: Sequence[float],
    ends: Sequence[tuple[float, list[str], str]],
    format_number: Callable[[float], str],
    width: int,
    height: int,
) -> Scale:
    """With room for the numbers at the left and the labels of the ends at the right."""
    return Scale(
        *days,
        low=ticks[0],
        high=ticks[-1],
        left=math.ceil(10 + max(len(format_number(tick)) for tick in ticks) * LETTER),
        right=math.floor(width - 10 - min(_room_for(ends), width * 0.36)),
        top=round(LINE * 2 + 6),
        bottom=round(height - LINE - 8),
    )


def nice_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round steps (1, 2, 2.5 or 5 times a power of ten) that hold both ends; at least two."""
    if high <= low:
        low, high = low - abs(low) * 0.05 - 0.5, high + abs(high) * 0.05 + 0.5
    rough = (high - low) / max(wanted - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    size = next(power * factor for factor in (1, 2, 2.5, 5, 10) if rough <= power * factor * 1.0001)
    start, stop = math.floor(low / size + 1e-9), math.ceil(high / size - 1e-9)
    return [round(index * size, 10) for index in range(start, max(stop, start + 1) + 1)]


def day_ticks(first: date, last: date, most: int) -> list[date]:
    """Days worth naming on the axis: firsts of months, or evenly spaced days when the span is short."""
    span = (last - first).days
    if span <= 45:
        size = next((days for days in (1, 2, 7, 14) if span / days <= most), 28)
        return [first + timedelta(days=offset) for offset in range(0, span + 1, size)]
    months = next((size for size in (1, 2, 3, 6, 12) if span / 30.4 / size <= most), 24)
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    starts = (date(index // 12, index % 12 + 1, 1) for index in range(begin, end + 1) if index % months == 0)
    return [day for day in starts if first <= day <= last]


def runs_of(series: Sequence[Sample], step: int = 1) -> list[list[Known]]:
    """The stretches without a gap."""
    runs: list[list[Known]] = []
    previous: date | None = None
    for day, value, final in series:
        if value is None:
            previous = None
            continue
        if previous is None or (day - previous).days > step:
            runs.append([])
        runs[-1].append((day, value, final))
        previous = day
    return runs


def known_of(series: Sequence[Sample]) -> list[Known]:
    """The samples that have a value."""
    return [(day, value, final) for day, value, final in series if value is not None]


def gaps_of(series: Sequence[Sample], step: int = 1) -> list[tuple[date, date]]:
    """From the last day known to the next one known, for every gap; one at either edge ends at the edge."""
    if not series:
        return []
    runs = runs_of(series, step)
    edges = [series[0][0], *(day for run in runs for day in (run[0][0], run[-1][0])), series[-1][0]]
    return [(left, right) for left, right in zip(edges[::2], edges[1::2], strict=True) if left < right]


def draw_sparkline(values: Sequence[float | None], width: int = 96, height: int = 24) -> Svg:
    """A line without axes for a row of a table, gaps left open; hidden from screen readers, the row says the number."""
    known = [value for value in values if value is not None]
    opening = (
        f'<svg class="sparkline" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">'
    )
    if not known:
        return Svg(f'{opening}<path class="chart-baseline" d="M2 {height / 2}H{width - 2}"/></svg>')
    low, span = min(known), (max(known) - min(known)) or 1
    gap_before, path, point = True, [], (0.0, 0.0)
    for index, value in enumerate(values):
        if value is None:
            gap_before = True
            continue
        point = (
            round(3 + (width - 6) * index / max(len(values) - 1, 1), 1),
            round(height - 3 - (height - 6) * (value - low) / span, 1),
        )
        path.append(f"{'M' if gap_before else 'L'}{point[0]:g} {point[1]:g}")
        gap_before = False
    dot = f'<circle class="chart-dot" cx="{point[0]:g}" cy="{point[1]:g}" r="2.5"/>'
    return Svg(f'{opening}<path class="chart-line" d="{"".join(path)}"/>{dot}</svg>')


def draw_strip(
    series: Sequence[Sample],
    *,
    target: Target | None = None,
    baseline: float | None = None,
    from_zero: bool = False,
    step: int = 1,
    width: int = 300,
    height: int = 64,
) -> Svg:
    """A line with its target and its gaps for one card of many: no axes, no words, as few bytes as it takes.

    The hatching of gaps is a pattern of the page's own (`#gap`), which all its cards share. Hidden from screen readers:
    the card says the numbers."""
    days = _span(series, None, (), None, None, None)
    low, high = _range(series, days, target, baseline, (), from_zero)
    low, high = (low, high) if high > low else (low - 1, high + 1)
    scale = Scale(*days, low=low, high=high, left=2, right=width - 5, top=5, bottom=height - 4)
    gaps = gaps_of(series, step) or ([] if series else [days])
    bars = "".join(
        f"M{scale.x(left):.0f} {scale.top:g}H{scale.x(right):.0f}V{scale.bottom:g}H{scale.x(left):.0f}z"
        for left, right in gaps
    )
    return Svg(
        f'<svg class="chart" viewBox="0 0 {width} {height}" aria-hidden="true" data-days="{days[0]} {days[1]}"'
        f' data-frame="{scale.left:g} {scale.right:g} {scale.top:g} {scale.bottom:g}" data-values="{low:g} {high:g}">'
        + (f'<path fill="url(#gap)" d="{bars}"/>' if bars else "")
        + _strip_target(scale, target)
        + _baseline(scale, baseline)
        + _line(scale, series, step)
        + "</svg>"
    )


def _strip_target(scale: Scale, target: Target | None) -> str:
    if target is None or target.start_day > scale.last or target.due_day < scale.first:
        return ""
    first, last = max(scale.first, target.start_day), min(scale.last, target.due_day)
    return f'<path class="chart-target" d="{_path(scale, [(first, target.at(first)), (last, target.at(last))])}"/>'


def _span(
    series: Sequence[Sample],
    target: Target | None,
    forecast: Sequence[Forecast],
    today: date | None,
    first: date | None,
    last: date | None,
) -> tuple[date, date]:
    days = [sample[0] for sample in series] + [row[0] for row in forecast]
    if target:
        days += [target.due_day, *([] if series else [target.start_day])]
    days = days or [today or date.today()]  # noqa: DTZ011  an empty picture has no day of its own
    first, last = first or min(days), last or max(days)
    return first, max(last, first + timedelta(days=1))


def _range(
    series: Sequence[Sample],
    days: tuple[date, date],
    target: Target | None,
    baseline: float | None,
    forecast: Sequence[Forecast],
    from_zero: bool,
    before: Sequence[Before] = (),
) -> tuple[float, float]:
    values = [value for _, value, _ in series if value is not None]
    values += [value for _, value in before if value is not None]
    values += [edge for day, low, _, high in forecast if day <= days[1] for edge in (low, high)]
    if target:
        values += [target.at(max(days[0], target.start_day)), target.at(days[1])]
    if baseline is not None:
        values.append(baseline)
    low, high = (min(values), max(values)) if values else (0, 1)
    if from_zero or 0 < low < 0.35 * high:
        low = min(low, 0)
    return low, max(high, 0) if from_zero else high


def _path(scale: Scale, points: Iterable[tuple[date, float]]) -> str:
    """A polyline in whole units, each point told from the one before it: half the bytes of absolute tenths."""
    # Scale.x and Scale.y written out: this loop is most of the drawing.
    left, origin, a_day = scale.left, scale.origin, scale.a_day
    bottom, low, a_unit = scale.bottom, scale.low, scale.a_unit
    steps, here = [], (0, 0)
    for day, value in points:
        x, y = round(left + (day.toordinal() - origin) * a_day), round(bottom - (value - low) * a_unit)
        across, down = x - here[0], y - here[1]
        steps.append(f"{across}{down}" if down < 0 else f"{across} {down}")
        here = x, y
    return f"m{' '.join(steps)}"


def _text(x: float, y: float, words: str, name: str = "", anchor: str = "") -> str:
    given = (f' class="{name}"' if name else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text{given} x="{x:g}" y="{y:g}">{escape(words)}</text>'


def _texts(anchor: str, texts: Iterable[tuple[float, float, str]]) -> str:
    """Names of ticks, which share their manner."""
    return f'<g class="chart-tick" text-anchor="{anchor}">{"".join(_text(*text) for text in texts)}</g>'


def _opening(scale: Scale, words: Words, name: str, width: int, height: int) -> str:
    frame = " ".join(f"{value:g}" for value in (scale.left, scale.right, scale.top, scale.bottom))
    described = f' aria-describedby="{escape(name)}-desc"' if words.summary else ""
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"{described}'
        f' data-frame="{frame}" data-days="{scale.first} {scale.last}" data-values="{scale.low:g} {scale.high:g}">'
        f"<title>{escape(words.title)}</title>"
        + (f'<desc id="{escape(name)}-desc">{escape(words.summary)}</desc>' if words.summary else "")
    )


def _grid(scale: Scale, ticks: Sequence[float], format_number: Callable[[float], str], words: Words) -> str:
    lines = "".join(f"M{scale.left:g} {scale.y(tick):g}H{scale.right:g}" for tick in ticks[1:])
    names = _texts("end", [(scale.left - 6, scale.y(tick) + 4, format_number(tick)) for tick in ticks])
    caption = [words.unit] if words.unit else []
    if ticks[0] > 0:
        caption.append(words.not_from_zero.format(value=format_number(ticks[0])))
    return (
        f'<path class="chart-grid" d="{lines}"/>'
        f'<path class="chart-axis" d="M{scale.left:g} {scale.bottom:g}H{scale.right:g}"/>'
        f"{names}{_text(0, TEXT, ' · '.join(caption), 'chart-caption') if caption else ''}"
    )


def _day_axis(scale: Scale, format_day: Callable[[date], str]) -> str:
    ticks = day_ticks(scale.first, scale.last, most=max(2, int((scale.right - scale.left) / 64)))
    long = (scale.last - scale.first).days > 330
    marks = "".join(f"M{scale.x(day):g} {scale.bottom:g}v4" for day in ticks)
    names = _texts(
        "middle",
        [
            (scale.x(day), scale.bottom + LINE + 2, str(day.year) if long and day.month == 1 else format_day(day))
            for day in ticks
        ],
    )
    return f'<path class="chart-axis" d="{marks}"/>{names}' if marks else ""


def _unknown(
    seen: Sequence[Sample], days: tuple[date, date], today: date | None, step: int
) -> Sequence[tuple[date, date]]:
    """The gaps; where nothing at all was told, all the days so far."""
    return gaps_of(seen, step) or ([] if seen else [(days[0], min(today or days[1], days[1]))])


def _gaps(scale: Scale, gaps: Sequence[tuple[date, date]], name: str) -> str:
    if not gaps:
        return ""
    pattern = f"{escape(name)}-gap"
    bars = "".join(
        f'<rect class="chart-gap" fill="url(#{pattern})" x="{scale.x(left):g}" y="{scale.top:g}"'
        f' width="{scale.x(right) - scale.x(left):g}" height="{scale.bottom - scale.top:g}"/>'
        for left, right in gaps
    )
    return (
        f'<defs><pattern id="{pattern}" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)">'
        f'<path class="chart-hatch" d="M0 0V6"/></pattern></defs>{bars}'
    )


def _today(scale: Scale, today: date | None, words: Words) -> str:
    if today is None or not scale.first < today < scale.last:
        return ""
    x = scale.x(today)
    line = f'<path class="chart-today" d="M{x:g} {scale.top - 4:g}V{scale.bottom:g}"/>'
    return line + _text(x, scale.top - 8, words.today, "chart-tick", "middle")


def _band(scale: Scale, series: Sequence[Sample], forecast: Sequence[Forecast]) -> str:
    known = known_of(series)
    if not forecast or not known:
        return ""
    rows = [
        (known[-1][0], known[-1][1], known[-1][1], known[-1][1]),
        *(row for row in forecast if row[0] <= scale.last),
    ]
    outline = [(day, high) for day, _, _, high in rows] + [(day, low) for day, low, _, _ in reversed(rows)]
    middle = [(day, median) for day, _, median, _ in rows]
    band = f'<path class="chart-band" d="{_path(scale, outline)}Z"/>'
    return f'{band}<path class="chart-median" d="{_path(scale, middle)}"/>'


def _target(scale: Scale, target: Target | None) -> str:
    if target is None or target.start_day > scale.last:
        return ""
    first, last = max(scale.first, target.start_day), min(scale.last, target.due_day)
    if last < first:
        return ""
    path = _path(scale, [(first, target.at(first)), (last, target.at(last))])
    end = f'<circle class="chart-target-end" cx="{scale.x(last):g}" cy="{scale.y(target.at(last)):g}" r="4"/>'
    return f'<path class="chart-target" d="{path}"/>{end if last == target.due_day else ""}'


def _baseline(scale: Scale, baseline: float | None) -> str:
    if baseline is None:
        return ""
    return f'<path class="chart-baseline" d="M{scale.left:g} {scale.y(baseline):g}H{scale.right:g}"/>'


def _line(scale: Scale, series: Sequence[Sample], step: int) -> str:
    parts = []
    for run in runs_of(series, step):
        settled = next((index for index, sample in enumerate(run) if not sample[2]), len(run))
        for piece, name in (
            (run[:settled], "chart-line"),
            (run[max(settled - 1, 0) :], "chart-line chart-provisional"),
        ):
            if len(piece) > 1:
                parts.append(f'<path class="{name}" d="{_path(scale, [(day, value) for day, value, _ in piece])}"/>')
        if len(run) == 1:
            parts.append(_dot(scale, run[0], 2))
    known = known_of(series)
    return "".join(parts) + (_dot(scale, known[-1], 4) if known else "")


def _before(scale: Scale, before: Sequence[Before], step: int) -> str:
    """The line of an earlier period, quieter than everything else."""
    runs = runs_of([(day, value, True) for day, value in before if scale.first <= day <= scale.last], step)
    paths = (_path(scale, [(day, value) for day, value, _ in run]) for run in runs if len(run) > 1)
    return "".join(f'<path class="chart-before" d="{path}"/>' for path in paths)


def _dot(scale: Scale, sample: Known, radius: float) -> str:
    open_ = "" if sample[2] else " chart-dot-open"
    return f'<circle class="chart-dot{open_}" cx="{scale.x(sample[0]):g}" cy="{scale.y(sample[1]):g}" r="{radius:g}"/>'


def _stands_inside(series: Sequence[Sample], days: tuple[date, date]) -> bool:
    """Whether the line ends well before the right edge, so that its value must stand at the line's own end."""
    known = known_of(series)
    return bool(known) and (days[1] - known[-1][0]).days > 0.08 * (days[1] - days[0]).days


def _last_value(
    scale: Scale, series: Sequence[Sample], target: Target | None, format_number: Callable[[float], str]
) -> str:
    """The value beside the line's end, on the side where neither the line nor its target runs."""
    known = known_of(series)
    (day, value, _), before = known[-1], known[max(len(known) - 8, 0)]
    rising = value >= before[1]
    above = target is None or target.at(day) <= value
    side, anchor = (-8, "end") if rising == above else (8, "start")
    y = scale.y(value) + (-8 if above else LINE + 2)
    return _text(scale.x(day) + side, y, format_number(value), "chart-label chart-label-line chart-note", anchor)


def _end_labels(
    series: Sequence[Sample],
    days: tuple[date, date],
    target: Target | None,
    baseline: float | None,
    forecast: Sequence[Forecast],
    words: Words,
    format_number: Callable[[float], str],
    format_day: Callable[[date], str],
    before: Sequence[Before] = (),
) -> list[tuple[float, list[str], str]]:
    """What stands at the right edge: value on the scale, its lines, its class."""
    labels = []
    known = known_of(series)
    if known and not _stands_inside(series, days):
        day, value, final = known[-1]
        when = format_day(day) if final else words.provisional
        labels.append((value, [format_number(value), when], "chart-label-line"))
    if target and target.start_day <= days[1]:
        arrow = " →" if target.due_day > days[1] else ""
        lines = [format_number(target.due_value), f"{words.target}{arrow}"]
        labels.append((target.at(min(days[1], target.due_day)), lines, "chart-label-target"))
    if baseline is not None:
        labels.append((baseline, [format_number(baseline), words.baseline], "chart-label-baseline"))
    earlier = [value for _, value in before if value is not None]
    if earlier:
        labels.append((earlier[-1], [format_number(earlier[-1]), words.before], "chart-label-before"))
    ahead = [row for row in forecast if row[0] <= days[1]]
    if known and ahead:
        labels.append((ahead[-1][2], [format_number(ahead[-1][2]), words.forecast], "chart-label-line"))
    return labels


def _room_for(ends: Sequence[tuple[float, list[str], str]]) -> float:
    """How wide the labels at the edge are: the figure is set bold and larger than its note."""
    return max((max(len(lines[0]) * LETTER * 1.3, len(lines[1]) * LETTER) for _, lines, _ in ends), default=0)


def _labels(scale: Scale, ends: Sequence[tuple[float, list[str], str]]) -> str:
    """Each beside the end of its line, or as near as its neighbours let it."""
    ends = sorted(ends, key=lambda end: -end[0])
    apart = 2 * LINE + 5
    places: list[float] = []
    for value, _lines, _name in ends:
        places.append(max(scale.y(value), places[-1] + apart if places else scale.top))
    lowest = scale.bottom - LINE
    for index in range(len(places) - 1, -1, -1):
        places[index] = round(min(places[index], lowest)) + 1
        lowest = places[index] - apart
    x = scale.right + 8
    return "".join(
        _text(x, y, lines[0], f"chart-label {name}") + _text(x, y + LINE, lines[1], "chart-note")
        for y, (_value, lines, name) in zip(places, ends, strict=True)
    )


@dataclass(frozen=True)
class Mark:
    """One mark for the notes from number `first` to number `last`, around `x`; `row` is how far it stands lower."""

    first: int
    last: int
    x: float
    words: tuple[str, ...]
    row: int = 0

    @property
    def label(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    @property
    def half(self) -> float:
        """Of its width, with the room it needs."""
        return max(MARK, len(self.label) * LETTER + 8) / 2


def marks_of(scale: Scale, notes: Sequence[Note]) -> list[Mark]:
    """The marks of the notes, which are in the order of days: one each while they have room in ROWS rows; those of a
    day together where they have not, then those of a week, and of so many weeks as it takes."""
    shown = [(number, *note) for number, note in enumerate(notes, start=1) if scale.first <= note[0] <= scale.last]
    for span in SPANS:
        marks = _placed([_mark(scale, group) for group in _together(scale, shown, span)])
        if all(mark.row < ROWS for mark in marks):
            return marks
    return marks


def _together(scale: Scale, shown: Sequence[tuple[int, date, str]], span: int) -> list[list[tuple[int, date, str]]]:
    """The notes by spans of so many days; each alone when it is 0."""
    if not span:
        return [[note] for note in shown]
    return [list(group) for _span, group in groupby(shown, lambda note: (note[1] - scale.first).days // span)]


def _mark(scale: Scale, group: Sequence[tuple[int, date, str]]) -> Mark:
    x = round((scale.x(group[0][1]) + scale.x(group[-1][1])) / 2, 1)
    return Mark(group[0][0], group[-1][0], x, tuple(words for _number, _day, words in group))


def _placed(marks: Sequence[Mark]) -> list[Mark]:
    """One that would lie on its neighbour stands a step lower."""
    placed: list[Mark] = []
    taken: list[float] = []
    for mark in marks:
        row = next((row for row, right in enumerate(taken) if mark.x - mark.half >= right), len(taken))
        taken[row : row + 1] = [mark.x + mark.half]
        placed.append(replace(mark, row=row))
    return placed


def _notes(scale: Scale, notes: Sequence[Note]) -> str:
    """Numbered marks; a mark of several notes bears the first number and the last."""
    return "".join(_draw_mark(scale, mark) for mark in marks_of(scale, notes))


def _draw_mark(scale: Scale, mark: Mark) -> str:
    x, y = mark.x, scale.top + mark.row * MARK
    if mark.first == mark.last:
        sign = f'<circle cx="{x:g}" cy="{y:g}" r="8"/>'
    else:
        half = mark.half - 1
        sign = f'<rect x="{x - half:g}" y="{y - 8:g}" width="{2 * half:g}" height="16" rx="8"/>'
    words = escape(NEW_LINE.join(mark.words))
    return (
        f'<g class="chart-mark" data-notes="{mark.first} {mark.last}"><title>{words}</title>'
        f'<path d="M{x:g} {y + 8:g}V{scale.bottom:g}"/>{sign}'
        f"{_text(x, y + 4, mark.label, 'chart-mark-number', 'middle')}</g>"
    )


def _no_data(scale: Scale, words: Words) -> str:
    return _text(scale.left + 10, scale.top + LINE + 8, words.no_data, "chart-empty")
