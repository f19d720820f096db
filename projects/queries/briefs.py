"""The brief as a page shows it: how far it is, what more could be asked, what an answer begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from projects.origins import Place
from projects.questionnaire import FULL, asked_keys, minutes_of, questions_of
from projects.wording import text_of
from smmportal.formatting import format_day, format_number


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    minutes: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 100


def progress_of(form: dict, answered: set[str], known: Mapping[str, object]) -> Progress:
    asked = asked_keys(form, known)
    questions = [question for question in questions_of(form) if question["key"] in asked]
    left = [question for question in questions if question["key"] not in answered]
    return Progress(
        done=len(questions) - len(left), total=len(questions), minutes=sum(minutes_of(question) for question in left)
    )


def further_of(form: dict) -> Progress:
    """What the full tier would add to this form."""
    own = {question["key"] for question in questions_of(form)}
    added = [question for question in questions_of(FULL) if question["key"] not in own]
    return Progress(done=0, total=len(added), minutes=sum(minutes_of(question) for question in added))


def goal_from(place: Place | None) -> dict:
    """The first words of a goal, taken from an answer of the brief: «what, how many, by when» becomes the statement,
    the measure and the deadline."""
    if place is None or place.piece is None:
        return {}
    return {"origin": str(place), **words_of_goal(place)}


def words_of_goal(place: Place) -> dict:
    text = text_of(place.question, place.value_of(place.key))
    row = place.piece if place.question["type"] == "table" else {}
    due_on = date.fromisoformat(row["by"]) if row.get("by") else None
    if not row.get("what"):
        return {"statement": text, "due_on": due_on}
    figure = format_number(row["value"]) if row.get("value") else ""
    measure = f"{row['what']}: {figure}" if figure else row["what"]
    statement = f"{measure} — {format_day(due_on)}" if due_on else measure
    return {"statement": statement, "specific": row["what"], "measurable": measure, "due_on": due_on}
