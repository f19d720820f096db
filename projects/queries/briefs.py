"""The brief as a page shows it: how far it is, what more could be asked, what an answer begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from projects.answers import files_of
from projects.models import Brief, BriefVersion, Delegation, Project
from projects.origins import Place
from projects.questionnaire import FULL, asked_keys, grows, minutes_of, questions_of
from projects.wording import attribution, lines_of, text_of
from smmportal.formatting import format_day, format_number
from smmportal.people.models import Side, User


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    minutes: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 100

    @property
    def rough_minutes(self) -> int:
        """The minutes as a person would say them: to the nearest five, and beyond an hour to the nearest ten."""
        step = 1 if self.minutes <= 10 else 5 if self.minutes < 60 else 10
        return (self.minutes + step // 2) // step * step


def progress_of(form: dict, answered: set[str], known: Mapping[str, object]) -> Progress:
    asked = asked_keys(form, known)
    questions = [question for question in questions_of(form) if question["key"] in asked]
    left = [question for question in questions if question["key"] not in answered]
    return Progress(
        done=len(questions) - len(left), total=len(questions), minutes=sum(minutes_of(question) for question in left)
    )


def further_of(form: dict) -> Progress:
    """What the full tier would add to this form; nothing to an agency's own questions."""
    if not grows(form):
        return Progress(done=0, total=0, minutes=0)
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


@dataclass(frozen=True)
class Nameable:
    """A person of the project whom an answer may name; `contact` only where the reader's own side has it anyway."""

    name: str
    side: str
    contact: str


def people_to_name(project: Project, reader: User) -> list[Nameable]:
    own = project.side_of(reader)
    return [
        Nameable(name=str(person), side=side.value, contact=person.email if side is own else "")
        for side in Side
        for person in project.people_of(side)
    ]


def delegations_of(brief: Brief) -> list[Delegation]:
    """The links by which colleagues answer, each with the title of its section."""
    titles = {section["key"]: section["title"] for section in brief.form["sections"]}
    found = list(brief.delegations.select_related("created_by"))
    for delegation in found:
        delegation.title = titles.get(delegation.section, delegation.section)
    return found


def version_parts(version: BriefVersion) -> list[dict]:
    """The version section by section: each question with what was answered, in words, by whom and when."""
    given = version.content["answers"]
    return [
        {
            "key": section["key"],
            "title": section["title"],
            "answers": [
                spoken(question, given[question["key"]])
                for question in section["questions"]
                if question["key"] in given
            ],
        }
        for section in version.answered_sections
    ]


def spoken(question: dict, answer: dict) -> dict:
    moment = answer.get("answered_at")
    return {
        **answer,
        "question": question,
        "lines": lines_of(question, answer.get("value")),
        "files": files_of(answer.get("value")),
        "origin": attribution(answer.get("by", ""), answer.get("link_from", "")),
        "answered_at": datetime.fromisoformat(moment) if moment else None,
    }


def inactive_sentence(project: Project) -> str:
    """Whose move it is before the project becomes active."""
    version = BriefVersion.objects.filter(brief__project=project).select_related("debrief").defer("content").first()
    if version is None:
        return _("The project has not begun: first the client submits the brief.")
    debrief = getattr(version, "debrief", None)
    if debrief is None or debrief.side_to_move is Side.AGENCY:
        return _("The project has not begun: the agency says how it understood the brief, then the client confirms it.")
    return _(
        "The project has not begun: the client’s decision-maker has not confirmed how the brief was understood. The"
        " agency’s manager may begin without it and say why."
    )
