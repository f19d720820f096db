"""A version of the brief as a file."""

import json
from datetime import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document

from projects import actions, exporting
from projects.questionnaire import questions_of
from smmportal.facts import content_hash
from smmportal.formatting import format_moment


def address(name: str, project, *args) -> str:
    return reverse(f"projects:{name}", args=[project.pk, *args])


def lines(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]


def test_the_data_is_what_the_hash_was_taken_of(browse, version, project, viewer):
    answer = browse(viewer).get(address("brief_json", project, 1))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/json",
        f'attachment; filename="brief-{project.pk}-v1.json"',
    )
    assert json.loads(answer.content) == version.content
    assert content_hash(json.loads(answer.content)) == version.content_hash


def test_the_document_says_every_answer_once(version):
    said = lines(exporting.as_docx(version))
    assert said[0] == "Coffee at home: brief, version 1"
    moment = format_moment(datetime.fromisoformat(version.content["answers"]["A1"]["answered_at"]))
    assert said[2:6] == [
        "Company and contacts",
        "What is the company or brand, and what does it do, in two or three sentences?",
        "We roast coffee.",
        f"Katya · {moment}",
    ]
    assert said[-1] == f"SHA-256 {version.content_hash}"
    assert sum(line.startswith("Katya · ") for line in said) == 14


def test_the_document_speaks_the_readers_language(version):
    with translation.override("ru"):
        said = lines(exporting.as_docx(version))
    assert (said[0], said[2]) == ("Coffee at home: бриф, версия 1", "Компания и контакты")


def test_dont_know_stands_in_the_document(filled, contact):
    actions.save_answer(filled, "A1", value="Perhaps", unknown=True, revision=1, by=contact)
    said = lines(exporting.as_docx(actions.submit_brief(filled, by=contact)))
    assert (said[4:6], said[6].split(" · ")[0]) == (["Don’t know", "Perhaps"], "Katya")


@pytest.mark.parametrize("text", ["🫖☕", "مرحبا", "<b>&amp;</b>", "a\x0bb\x1fc", "a\ufffeb", "я" * 10_000])
def test_any_text_goes_into_a_document(filled, contact, text):
    actions.save_answer(filled, "A1", value=text, revision=1, by=contact)
    said = lines(exporting.as_docx(actions.submit_brief(filled, by=contact)))
    assert said[4] == text.replace("\x0b", "").replace("\x1f", "").replace("\ufffe", "")


def test_a_document_is_downloaded(browse, version, project, contact):
    answer = browse(contact).get(address("brief_docx", project, 1))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        exporting.DOCX_TYPE,
        f'attachment; filename="brief-{project.pk}-v1.docx"',
    )
    assert lines(answer.content)[-1] == f"SHA-256 {version.content_hash}"


def test_the_blank_form_asks_every_question(browse, brief, project, contact):
    brief = actions.extend_brief(brief, by=contact)
    page = browse(contact).get(address("brief_blank", project)).text
    assert page.count('class="blank-question"') == 59
    assert [question["key"] for question in questions_of(brief.form) if f">{question['key']}. " not in page] == []
    assert "Depends on your answer to question I2." in page
