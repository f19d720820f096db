"""What a project knows that a goal can be judged by: its brief, its business goals, its numbers and their past."""

from datetime import date
from decimal import Decimal

from projects.coach import Known
from projects.coach.history import History, Number
from projects.coach.relevance import BusinessTask, Choice, Purposes, Success
from projects.measures import measures
from projects.models import BriefVersion, BusinessGoal, Project
from projects.questionnaire import find_question
from projects.wording import speak_choice


def known_of(project: Project, *, today: date, above: BusinessGoal | None = None) -> Known:
    """A constant number of queries, and one more for the past of the number that a goal names."""
    version = BriefVersion.objects.filter(brief__project=project).first()
    answers = Answers(version)
    return Known(
        numbers=measures().numbers_of(project),
        history_of=past_of(today),
        purposes=Purposes(
            chosen=BusinessTask(above.pk, above.text) if above else None,
            tasks=[BusinessTask(row.pk, row.text) for row in project.business_goals.all()],
            main=next(iter(answers.choices("D1")), None),
            success=answers.success(),
            followed=answers.choices("D5"),
        ),
        has_guardrail=bool(answers.value("D6")) or measures().has_guardrail(project),
        starts_on=project.starts_on,
        ends_on=project.ends_on,
    )


def past_of(today: date):
    """The past of a number as of today, read once."""
    read: dict[int, History] = {}

    def history_of(number: Number) -> History:
        if number.key not in read:
            read[number.key] = History(measures().history_of(number, last=today), number.shape)
        return read[number.key]

    return history_of


class Answers:
    """The answers of a submitted brief, in the reader's words; nothing of a brief that is not submitted."""

    def __init__(self, version: BriefVersion | None):
        self.content = version.content if version else {"form": {"sections": []}, "answers": {}}

    def value(self, key: str) -> dict | None:
        found = (self.content["answers"].get(key) or {}).get("value")
        return found if isinstance(found, dict) else None

    def choices(self, key: str) -> list[Choice]:
        """The chosen options; «something else» says nothing that could be judged."""
        value, question = self.value(key), find_question(self.content["form"], key)
        if not value or not question:
            return []
        chosen = value.get("choices") or [value.get("choice")]
        return [Choice(each, speak_choice(question, each)) for each in chosen if each and each != "other"]

    def success(self) -> Success | None:
        rows = (self.value("D2") or {}).get("rows") or []
        row = rows[0] if rows else {}
        if not row.get("what"):
            return None
        return Success(
            row["what"],
            Decimal(row["value"]) if row.get("value") else None,
            date.fromisoformat(row["by"]) if row.get("by") else None,
        )
