"""The form of a brief: its questions, which of them are asked, what is left. Pure; types: `projects.answers`.

    {"tier": "quick" | "full" | "own", "sections": [{"key": "A", "title": WORDS, "questions": [{
        "key": "A1", "type": "long_text", "label": WORDS, "help": WORDS, "minutes": 3,
        "required": True,                     may the brief go without an answer? «don't know» is an answer
        "choices": [{"value", "label"}],      one_of, many_of
        "note": WORDS,                        one_of, many_of, table, files: a line of own words, and its label
        "columns": [{"key", "type", "label", "choices"?}],   table
        "row_labels": [WORDS] | "most": 3,    table: its rows are given, or so many may be added
        "condition": {"question": "D1", "choice": ["leads"]},   asked only after one of these answers
    }]}]}
    WORDS = {"ru": "…", "en": "…"}

A project's brief holds its own copy of this (`Brief.form`), so an edit here never changes a running brief.
"""

import copy
from collections.abc import Iterator, Mapping

from projects.questions.full import FURTHER
from projects.questions.quick import QUICK

USUAL_MINUTES = 2


def grown(form: dict, further: dict) -> dict:
    """The form with the questions of `further` that it lacks; those it has stay word for word as they were asked."""
    own = {section["key"]: section for section in form["sections"]}
    known = {question["key"] for question in questions_of(form)}
    sections = [grown_section(own.pop(part["key"], None), part, known) for part in further["sections"]]
    return copy.deepcopy({**form, "tier": further["tier"], "sections": [*sections, *own.values()]})


def grows(form: dict) -> bool:
    """Whether the full tier's questions fit beside these: those of the portal's own forms, and no agency's."""
    return form.get("tier") in {"quick", "full"}


def grown_section(own: dict | None, further: dict, known: set[str]) -> dict:
    new = [question for question in further["questions"] if question["key"] not in known]
    if not own or not new:
        return own or further
    questions = sorted([*own["questions"], *new], key=lambda question: place_of(question["key"]))
    return {**own, "title": further["title"], "questions": questions}


def place_of(key: str) -> tuple[str, int, str]:
    """A2 stands before A10; a key of another form stands where the alphabet puts it."""
    letters = key.rstrip("0123456789")
    return letters, int(key[len(letters) :] or 0), key


def new_form(tier: dict = QUICK) -> dict:
    """A copy for one project, its own from now on."""
    return copy.deepcopy(tier)


def questions_of(form: dict) -> Iterator[dict]:
    for section in form["sections"]:
        yield from section["questions"]


def find_question(form: dict, key: str) -> dict | None:
    return next((question for question in questions_of(form) if question["key"] == key), None)


def minutes_of(question: dict) -> int:
    return question.get("minutes", USUAL_MINUTES)


def is_required(question: dict) -> bool:
    return question.get("required", True)


def asked_keys(form: dict, known: Mapping[str, object]) -> set[str]:
    """The questions that are asked, given what is `known` (key → value; «don't know» is nothing known).

    A condition looks back: a question that is not asked itself opens no other.
    """
    asked: set[str] = set()
    for question in questions_of(form):
        condition = question.get("condition")
        if not condition or (
            condition["question"] in asked and chosen_in(known.get(condition["question"])) & {*condition["choice"]}
        ):
            asked.add(question["key"])
    return asked


def chosen_in(value: object) -> set[str]:
    """The options chosen in an answer to one_of or many_of."""
    if not isinstance(value, dict):
        return set()
    return {value.get("choice", ""), *value.get("choices", [])} - {""}


def unanswered(form: dict, answered: set[str], known: Mapping[str, object]) -> list[dict]:
    """The questions that keep the brief from being submitted."""
    asked = asked_keys(form, known) - answered
    return [question for question in questions_of(form) if is_required(question) and question["key"] in asked]


FULL = grown(QUICK, FURTHER)

#: The portal's own forms, always on offer and never edited.
SHIPPED = {"quick": QUICK, "full": FULL}
