"""Two versions of a brief side by side: which answers differ, and in which words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.diffs import ADDED, REMOVED, Piece, compare
from projects.models import BriefVersion
from projects.questionnaire import questions_of
from projects.wording import text_of

CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """One question answered otherwise; `change` is added, removed or changed."""

    question: dict
    section: dict
    change: str
    pieces: list[Piece]


def differences(before: BriefVersion, after: BriefVersion) -> list[Difference]:
    """The answers that differ, in the order of the newer form; questions asked no more come last."""
    old, new = texts_of(before), texts_of(after)
    asked = {**places_of(after), **{key: place for key, place in places_of(before).items() if key not in new}}
    order = [*places_of(after), *(key for key in asked if key not in places_of(after))]
    return [
        Difference(*asked[key], change_of(key, old, new), compare(old.get(key, ""), new.get(key, "")))
        for key in order
        if old.get(key) != new.get(key)
    ]


def change_of(key: str, old: dict, new: dict) -> str:
    if key not in old:
        return ADDED
    return CHANGED if key in new else REMOVED


def places_of(version: BriefVersion) -> dict[str, tuple[dict, dict]]:
    return {
        question["key"]: (question, section)
        for section in version.content["form"]["sections"]
        for question in section["questions"]
    }


def texts_of(version: BriefVersion) -> dict[str, str]:
    """Each answer as its reader would read it, «don't know» among its words."""
    given = version.content["answers"]
    return {
        question["key"]: spoken_text(question, given[question["key"]])
        for question in questions_of(version.content["form"])
        if question["key"] in given
    }


def spoken_text(question: dict, answer: dict) -> str:
    said = text_of(question, answer.get("value"))
    return "\n".join(filter(None, [_("Don’t know") if answer.get("unknown") else "", said]))
