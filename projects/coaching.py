"""What the coach found, put on a panel and into the API: the words marked, the advice, what one tap adds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy

from projects.advice import sentence_of
from projects.coach import Check, Reading, check
from projects.knowledge import known_of
from projects.models import BusinessGoal, Project
from projects.queries.goals import today_of
from projects.suggesting import Suggestion, suggestions_for

LETTERS = {"specific": "S", "measurable": "M", "achievable": "A", "relevant": "R", "time_bound": "T"}
TITLES = {
    "specific": gettext_lazy("Specific"),
    "measurable": gettext_lazy("Measurable"),
    "achievable": gettext_lazy("Achievable"),
    "relevant": gettext_lazy("Relevant"),
    "time_bound": gettext_lazy("Time-bound"),
}


def parsed_of(reading: Reading) -> dict:
    """What was read, as the API says it."""
    change = reading.change
    return {
        "metric": reading.metric,
        "platform": reading.platform,
        "direction": reading.direction,
        "change": {"kind": change.kind, "value": plain(change.value)} if change else None,
        "deadline": reading.deadline,
    }


def plain(value: Decimal) -> str:
    """Decimal notation without an exponent and without needless zeros."""
    return format(value.normalize(), "f")


@dataclass(frozen=True)
class Checked:
    """A sentence that was checked, with what could be added to it."""

    text: str
    found: Check
    suggestions: Mapping[str, list[Suggestion]] = field(default_factory=dict)


def check_for(
    text: str, project: Project | None, *, today: date | None = None, above: BusinessGoal | None = None
) -> Checked:
    """Check a sentence by itself, or with all that its project knows: the panel and the API ask the same."""
    today = today or (today_of(project) if project else timezone.localdate())
    if project is None:
        return Checked(text, check(text, today))
    known = known_of(project, today=today, above=above)
    found = check(text, today, known)
    return Checked(text, found, suggestions_for(found, text, known, today))


def criteria_of(checked: Checked) -> dict[str, dict]:
    return {
        name: {
            "ok": criterion.ok,
            "span": criterion.span,
            "advice": sentence_of(criterion.advice),
            "suggestions": checked.suggestions.get(name, []),
        }
        for name, criterion in checked.found.criteria.items()
    }


def warnings_of(found: Check) -> list[str]:
    return [sentence_of(advice) for advice in found.warnings]


@dataclass(frozen=True)
class Letter:
    """A row of the panel: what was found for a letter of SMART, what it was judged by, or what to ask."""

    name: str
    letter: str
    title: str
    ok: bool | None
    words: str
    sentence: str
    suggestions: list[Suggestion]


@dataclass(frozen=True)
class Panel:
    """The «Check» panel under a goal's statement. `pieces` are (text, letter or "")."""

    pieces: list[tuple[str, str]]
    letters: list[Letter]
    warnings: list[str]


def panel_for(text: str, project: Project, above: BusinessGoal | None = None) -> Panel | None:
    """Everything the panel shows, in the active language; None for an empty statement."""
    if not text.strip():
        return None
    checked = check_for(text, project, above=above)
    letters = letters_of(checked)
    asked = {letter.sentence for letter in letters}
    warnings = [sentence for sentence in warnings_of(checked.found) if sentence not in asked]
    return Panel(list(pieces_of(text, checked.found)), letters, warnings)


def letters_of(checked: Checked) -> list[Letter]:
    return [
        Letter(
            name,
            LETTERS[name],
            str(TITLES[name]),
            criterion.ok,
            checked.text[slice(*criterion.span)] if criterion.span else "",
            sentence_of(criterion.advice),
            checked.suggestions.get(name, []),
        )
        for name, criterion in checked.found.criteria.items()
    ]


def pieces_of(text: str, found: Check) -> Iterator[tuple[str, str]]:
    """The statement cut where the words relied on begin and end; of two that overlap the first is marked."""
    spans = sorted((*criterion.span, LETTERS[name]) for name, criterion in found.criteria.items() if criterion.span)
    place = 0
    for start, end, letter in spans:
        if start < place:
            continue
        if start > place:
            yield text[place:start], ""
        yield text[start:end], letter
        place = end
    if place < len(text):
        yield text[place:], ""
