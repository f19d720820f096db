"""The five letters of SMART for one sentence: what is there, which words say so, what to ask for the rest."""

from dataclasses import dataclass, field
from datetime import date

from projects.coach.reader import Offsets, Reading, read


@dataclass(frozen=True, slots=True)
class Advice:
    """A code and its facts; `projects.coaching` says it in the reader's language."""

    code: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criterion:
    """`ok` is None when the sentence alone can't tell; `advice` is None when there is nothing to ask."""

    ok: bool | None
    span: Offsets | None = None
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class Check:
    reading: Reading
    criteria: dict[str, Criterion]
    warnings: tuple[Advice, ...] = ()


def check(text: str, today: date) -> Check:
    reading = read(text, today)
    criteria = {
        "specific": specific(reading),
        "measurable": measurable(reading),
        "achievable": Criterion(None, advice=Advice(achievable_code(reading))),
        "relevant": Criterion(None, advice=Advice("relevant")),
        "time_bound": time_bound(reading),
    }
    return Check(reading, criteria, tuple(Advice(code) for code in reading.notes if code in WARNINGS))


#: Said beside the letters; the other notes shape a letter's own question.
WARNINGS = ("two_metrics", "two_platforms", "guaranteed")


def specific(reading: Reading) -> Criterion:
    if reading.metric:
        return Criterion(True, reading.metric_at)
    return Criterion(False, advice=Advice("foreign_metric" if "foreign_metric" in reading.notes else "no_metric"))


def measurable(reading: Reading) -> Criterion:
    if reading.change:
        return Criterion(True, reading.change_at)
    if "range" in reading.notes:
        return Criterion(False, advice=Advice("range"))
    facts = {"metric": reading.metric} if reading.metric else {}
    code = {"down": "no_change_down", "hold": "no_change_hold"}.get(reading.direction or "", "no_change")
    return Criterion(False, advice=Advice(code if reading.metric else "no_number", facts))


def time_bound(reading: Reading) -> Criterion:
    if reading.deadline:
        return Criterion(True, reading.deadline_at)
    for code in ("vague_deadline", "past_deadline"):
        if code in reading.notes:
            return Criterion(False, advice=Advice(code))
    return Criterion(False, advice=Advice("no_deadline_hold" if reading.direction == "hold" else "no_deadline"))


def achievable_code(reading: Reading) -> str:
    return "achievable" if reading.metric and reading.change and reading.deadline else "achievable_incomplete"
