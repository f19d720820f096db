"""The gauge in the reader's words: every cause with its sentence, its button and the page where it is mended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpis.wording import say_chance
from projects.models import Brief, Project
from projects.questionnaire import FULL, find_question
from smmportal.formatting import format_day, format_number, pick_language
from smmportal.waterline import rules
from smmportal.waterline.causes import GREY, LOST

RULE_NAMES = {"clarity": _("Clarity"), "kpis": _("KPIs"), "rhythm": _("Rhythm")}
#: Of each part: its name, and the rule by which it is judged.
PART_WORDS = {
    "brief": (_("The brief is filled in"), _("As many points as questions that are answered.")),
    "understood": (
        _("Both sides understand it alike"),
        _("A third for the submitted brief, a third for the shared debrief, a third for its confirmation."),
    ),
    "fresh": (
        _("The brief is fresh"),
        _("Six months after the brief was submitted the points begin to drain, and in a year they are gone."),
    ),
    "goals": (
        _("Goals are concrete"),
        _("Each goal needs all five letters of SMART; each that is missing takes a fifth."),
    ),
    "decider": (
        _("One person decides"),
        _("One person at the client decides. With several, or one who has no login, half of the points are lost."),
    ),
    "signed": (
        _("KPIs are signed"),
        _("The share of KPIs under the signatures of both sides. A goal without a KPI counts as not signed."),
    ),
    "chance": (
        _("Targets are within reach"),
        _("All the points of a KPI from a chance of 70% of reaching its target, none from 20% down."),
    ),
    "sources": (_("Numbers arrive"), _("The share of the KPIs’ sources that let us in and are up to date.")),
    "reviews": (
        _("KPIs are reviewed"),
        _("A review may be three days late; then a third is lost, and in two weeks all of it."),
    ),
    "guardrails": (_("Guardrails hold"), _("The share of KPIs for which nothing else got worse.")),
    "dips": (_("Drops are explained"), _("Each drop without an explanation takes a third, in two weeks two thirds.")),
    "meetings": (
        _("We meet as agreed"),
        _(
            "Two days beyond the agreed rhythm the points begin to drain; after three rhythms they are gone. When the"
            " next meeting is booked, they drain half as fast."
        ),
    ),
    "actions": (_("Tasks are done in time"), _("Each overdue task takes a fifth, in two weeks a half.")),
    "approvals": (
        _("Nobody waits long"),
        _(
            "What the other side has to agree to may wait three days; a material, until its day or a week. Then each"
            " takes a fifth, in two weeks a half."
        ),
    ),
    "questions": (
        _("Questions get answers"),
        _("Each “don’t know” of the brief that nobody has taken up takes a quarter."),
    ),
    "confidence": (
        _("Both sides are equally sure"),
        _("Where the two sides’ confidence in a goal differs by 3 of 10, half of its points are lost; by 7, all."),
    ),
}
assert list(PART_WORDS) == [name for _rule, name, _share, _judge in rules.PARTS]

LEVEL_WORDS = {"afloat": _("afloat"), "listing": _("listing"), "sinking": _("sinking"), "unknown": _("not known yet")}


LETTERS = {
    "specific": pgettext_lazy("of a goal", "what exactly will change"),
    "measurable": pgettext_lazy("of a goal", "by how much"),
    "achievable": pgettext_lazy("of a goal", "why it is within reach"),
    "relevant": pgettext_lazy("of a goal", "what it is for"),
    "time_bound": pgettext_lazy("of a goal", "by when"),
}
RHYTHMS = {7: _("once a week"), 14: _("once in two weeks"), 31: _("once a month")}


@dataclass(frozen=True)
class Line:
    """A cause on the page and in the API: what it costs, whose move it is, where it is mended."""

    rule: str
    code: str
    points: Decimal
    side: str
    subject: str
    sentence: str
    button: str
    url: str

    def is_move_of(self, side: str | None) -> bool:
        return self.side in (side, "both")


def lines_of(losses: Iterable[rules.Loss], project: Project, *, are_grey: bool = False) -> list[Line]:
    """The causes, each once: what pulls several parts down is one line with the sum of its points."""
    found: dict[tuple, list[rules.Loss]] = {}
    for loss in losses:
        found.setdefault((loss.key, loss.side), []).append(loss)
    lines = [line_of(same, project, are_grey) for same in found.values()]
    return sorted(lines, key=lambda line: -line.points)


def line_of(same: list[rules.Loss], project: Project, are_grey: bool) -> Line:
    loss, words = same[0], (GREY if are_grey else LOST)[same[0].code]
    points = sum((each.points for each in same), Decimal(0))
    sentence = sentence_of(loss.code, loss.facts, project, are_grey=are_grey)
    url = words.address(project, loss)
    return Line(loss.rule, loss.code, points, loss.side, loss.subject, sentence, str(words.button), url)


def sentence_of(code: str, facts: Mapping[str, object], project: Project, *, are_grey: bool = False) -> str:
    return str((GREY if are_grey else LOST)[code].sentence % told(facts, project))


def told(facts: Mapping[str, object], project: Project) -> dict[str, object]:
    """The facts as the sentences say them."""
    said = dict(facts)
    if "missing" in facts:
        said["letters"] = ", ".join(str(LETTERS[letter]) for letter in facts["missing"])
    if "percent" in facts:
        said["percent"] = say_chance(facts["percent"] / 100)
    if "day" in facts:
        said["day"] = format_day(date.fromisoformat(facts["day"]), "near")
    if "rhythm" in facts:
        said["rhythm"] = RHYTHMS[facts["rhythm"]]
    if "key" in facts:
        said["question"] = question_words(project, facts["key"])
    return said


def question_words(project: Project, key: str) -> str:
    """The question as the client read it, from the project's own form, which is read once."""
    if not hasattr(project, "_brief_form"):
        project._brief_form = Brief.objects.filter(project=project).values_list("form", flat=True).first() or FULL
    question = find_question(project._brief_form, key) or find_question(FULL, key)
    return pick_language(question["label"]) if question else key


def score_words(score: Decimal | None) -> str:
    return format_number(score) if score is not None else str(LEVEL_WORDS["unknown"])
