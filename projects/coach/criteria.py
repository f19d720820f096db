"""The five letters of SMART for one sentence: what is there, which words say so, what to ask for the rest.

With what the project knows (`Known`) two letters that words alone can't tell are judged too: achievable by the number's
own history, relevant by the brief and the business goals.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from projects.coach.history import History, Number
from projects.coach.judging import Finding, look
from projects.coach.reader import Offsets, Reading, read, words_at
from projects.coach.relevance import Purposes, purpose_of

#: Numbers that grow by themselves and prove little when nothing beside them is watched.
VANITY = {"followers", "likes", "reach", "impressions", "views", "video_views"}


NO_PURPOSES = Purposes()


@dataclass(frozen=True, slots=True)
class Advice:
    """A code and its facts; `projects.advice` says it in the reader's language."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criterion:
    """`ok` is None when nobody can tell yet; `advice` is None when there is nothing to ask or to explain."""

    ok: bool | None
    span: Offsets | None = None
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the project knows besides the sentence: its numbers and the past of each, what a goal could be for, its
    days, and whether something that must not get worse is named."""

    numbers: Sequence[Number] = ()
    history_of: Callable[[Number], History] = lambda number: History((), number.shape)
    purposes: Purposes = NO_PURPOSES
    has_guardrail: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    reading: Reading
    criteria: dict[str, Criterion]
    warnings: tuple[Advice, ...] = ()
    #: How the history was looked at, when the project is known.
    finding: Finding | None = None


def check(text: str, today: date, known: Known | None = None) -> Check:
    reading = read(text, today)
    finding = look(text, reading, today, known.numbers, known.history_of) if known else None
    criteria = {
        "specific": specific(reading),
        "measurable": measurable(text, reading),
        "achievable": achievable(reading, finding),
        "relevant": relevant(reading, known, today),
        "time_bound": time_bound(text, reading),
    }
    return Check(reading, criteria, tuple(warnings(reading, known, finding)), finding)


#: Notes of the reader that are said beside the letters; the others shape a letter's own question.
WARNINGS = ("two_metrics", "two_platforms", "guaranteed", "past_deadline", "doubtful_direction")


def warnings(reading: Reading, known: Known | None, finding: Finding | None) -> Iterator[Advice]:
    yield from (Advice(code) for code in reading.notes if code in WARNINGS)
    if known is None:
        return
    if reading.metric in VANITY and reading.direction != "hold" and not known.has_guardrail:
        yield Advice("vanity", {"metric": reading.metric})
    if finding and finding.judgement and finding.judgement.verdict == "reached":
        yield Advice("target_reached", {"number": finding.number, "current": finding.current})
    if reading.deadline and known.ends_on and reading.deadline > known.ends_on:
        yield Advice("after_project", {"day": known.ends_on})
    if reading.deadline and known.starts_on and reading.deadline < known.starts_on:
        yield Advice("before_project", {"day": known.starts_on})


def specific(reading: Reading) -> Criterion:
    if reading.metric:
        return Criterion(True, reading.metric_at)
    if len(reading.metrics_named) > 1:
        return Criterion(False, advice=Advice("doubtful_metric", {"metrics": reading.metrics_named}))
    return Criterion(False, advice=Advice("foreign_metric" if "foreign_metric" in reading.notes else "no_metric"))


def measurable(text: str, reading: Reading) -> Criterion:
    if reading.change:
        return Criterion(True, reading.change_at)
    if "doubtful_number" in reading.notes:
        figures = tuple(dict.fromkeys(words_at(text, place) for place in reading.figures_at))
        return Criterion(
            False, advice=Advice("which_number" if len(figures) > 1 else "what_number", {"figures": figures})
        )
    if "range" in reading.notes:
        return Criterion(False, advice=Advice("range"))
    facts = {"metric": reading.metric} if reading.metric else {}
    code = {"down": "no_change_down", "hold": "no_change_hold"}.get(reading.direction or "", "no_change")
    return Criterion(False, advice=Advice(code if reading.metric else "no_number", facts))


def achievable(reading: Reading, finding: Finding | None) -> Criterion:
    if finding is None or finding.code in ("no_source", "incomplete"):
        is_whole = reading.metric and reading.change and reading.deadline
        return Criterion(None, advice=Advice("achievable" if is_whole else "achievable_incomplete"))
    facts = {"number": finding.number, "current": finding.current, "choices": finding.choices}
    if finding.judgement is None:
        return Criterion(None, advice=Advice(finding.code, {**facts, "metric": reading.metric}))
    judgement = finding.judgement
    return Criterion(judgement.ok, advice=Advice(f"history_{judgement.verdict}", {**facts, "judgement": judgement}))


def relevant(reading: Reading, known: Known | None, today: date) -> Criterion:
    if known is None:
        return Criterion(None, advice=Advice("relevant"))
    purpose = purpose_of(reading, known.purposes, today)
    if purpose:
        return Criterion(True, advice=Advice(purpose.code, {"words": purpose.words}))
    tasks = [task.text for task in known.purposes.tasks]
    return Criterion(None, advice=Advice("relevant_which", {"tasks": tasks}) if tasks else Advice("relevant"))


def time_bound(text: str, reading: Reading) -> Criterion:
    if reading.deadline:
        return Criterion(True, reading.deadline_at)
    if "doubtful_deadline" in reading.notes and reading.day_at:
        return Criterion(False, advice=Advice("doubtful_deadline", {"words": words_at(text, reading.day_at)}))
    for code in ("vague_deadline", "past_deadline"):
        if code in reading.notes:
            return Criterion(False, advice=Advice(code))
    return Criterion(False, advice=Advice("no_deadline_hold" if reading.direction == "hold" else "no_deadline"))
