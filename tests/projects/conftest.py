"""A brief on its way: filled, submitted, understood."""

import pytest
from django.utils import timezone, translation

from projects import actions
from projects.answers import TYPES
from projects.models import Answer, Brief
from projects.questionnaire import FULL, grown, is_required, new_form, questions_of


@pytest.fixture(autouse=True)
def english():
    """Verbs called without a request speak the language that is active."""
    with translation.override("en"):
        yield


SAMPLES = {
    "long_text": "We roast coffee.",
    "text": "Coffee",
    "number": "12000",
    "date": "2027-03-01",
    "person": {"name": "Dmitry", "contact": "+7 900"},
    "links": ["https://vk.com/roast"],
    "money": {"amount": "90000", "currency": "RUB"},
    "files": {"files": [], "note": "https://disk.example/roast"},
}


def sample(question: dict):
    if question["type"] == "one_of":
        return {"choice": question["choices"][0]["value"], "note": ""}
    if question["type"] == "many_of":
        return {"choices": [question["choices"][0]["value"]], "note": ""}
    if question["type"] == "table":
        row = {column["key"]: sample_cell(column) for column in question["columns"]}
        return {"rows": [row] * len(question.get("row_labels", [None])), "note": ""}
    assert question["type"] in TYPES
    return SAMPLES[question["type"]]


def sample_cell(column: dict) -> str:
    return column["choices"][0]["value"] if column["type"] == "one_of" else SAMPLES[column["type"]]


@pytest.fixture
def brief(cast) -> Brief:
    """The cast's brief with the real questions and no answers."""
    brief = Brief.objects.create(project=cast.project, form=new_form())
    cast.made[Brief] = brief
    return brief


@pytest.fixture
def filled(brief, contact) -> Brief:
    for question in questions_of(brief.form):
        actions.save_answer(brief, question["key"], value=sample(question), revision=0, by=contact)
    return brief


@pytest.fixture
def detailed(brief, contact) -> Brief:
    """The full tier, its required questions answered."""
    brief.form = grown(brief.form, FULL)
    brief.save()
    for question in filter(is_required, questions_of(brief.form)):
        actions.save_answer(brief, question["key"], value=sample(question), revision=0, by=contact)
    brief.refresh_from_db()
    return brief


def answered_in_full(cast, given: dict, *, unknown: tuple[str, ...] = ("K1",)) -> Brief:
    """A brief of the full tier with every question answered: as `given`, by a sample, or by «don't know»."""
    brief = Brief.objects.create(project=cast.project, form=new_form(FULL))
    Answer.objects.bulk_create(
        Answer(
            brief=brief,
            key=question["key"],
            value=None if question["key"] in unknown else given.get(question["key"], sample(question)),
            unknown=question["key"] in unknown,
            by=cast.contact,
            answered_at=timezone.now(),
        )
        for question in questions_of(brief.form)
    )
    brief.save()
    return brief


def promote(brief, choice: str, *, by, revision: int = 0):
    return actions.save_answer(brief, "I2", value={"choice": choice, "note": ""}, revision=revision, by=by)


@pytest.fixture
def version(filled, contact):
    return actions.submit_brief(filled, by=contact)


def understandings(version, text: str = "You roast coffee.") -> dict[str, str]:
    return {section["key"]: text for section in version.content["form"]["sections"]}


@pytest.fixture
def shared(version, manager):
    debrief = actions.write_understanding(version, texts=understandings(version), by=manager)
    return actions.share_debrief(debrief, by=manager)
