"""A version of the brief as a file."""

import json
import sys
from datetime import datetime
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from docx import Document

from projects import actions, exporting
from projects.questionnaire import questions_of
from smmportal import paper
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


# --- PDF ------------------------------------------------------------------------------------------------------------


@pytest.mark.pango
def test_a_pdf_is_downloaded(browse, version, project, viewer):
    answer = browse(viewer).get(address("brief_pdf", project, 1))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        exporting.PDF_TYPE,
        f'attachment; filename="brief-{project.pk}-v1.pdf"',
    )
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.pango
def test_a_program_gets_the_same_files(api, browse, version, project, viewer):
    page = browse(viewer).get(address("brief_docx", project, 1))
    answer = api(viewer).get(f"/api/v1/projects/{project.pk}/brief/versions/1/docx/")
    assert lines(answer.content) == lines(page.content)
    assert api(viewer).get(f"/api/v1/projects/{project.pk}/brief/versions/1/pdf/").content.startswith(b"%PDF-")


@pytest.mark.parametrize(("language", "title"), [("en", "brief, version 1"), ("ru", "бриф, версия 1")])
def test_the_paper_says_every_answer_and_who_gave_it_in_the_readers_language(version, language, title):
    with translation.override(language):
        words = render_to_string("projects/brief_paper.html", exporting.paper_of(version))
    assert f"<title>Coffee at home: {title}</title>" in words
    assert (words.count('<p class="by">Katya · '), version.content_hash in words) == (14, True)


@pytest.mark.pango
def test_a_document_fetches_nothing_from_anywhere(filled, contact, caplog):
    nasty = '<img src="http://127.0.0.1:1/x.png"><link rel="stylesheet" href="file:///etc/passwd"> ☕ مرحبا'
    actions.save_answer(filled, "A1", value=nasty, revision=1, by=contact)
    version = actions.submit_brief(filled, by=contact)
    words = render_to_string("projects/brief_paper.html", exporting.paper_of(version))
    assert ("<img" in words, "&lt;img" in words) == (False, True)
    assert exporting.as_pdf(version).startswith(b"%PDF-")
    with pytest.raises(ValueError, match="fetches nothing"):
        paper.fetcher_of({})("http://127.0.0.1:1/x.png")


def test_where_no_pdf_can_be_made_the_page_says_so(browse, version, project, contact, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = browse(contact).get(address("brief_pdf", project, 1), follow=True)
    assert answer.redirect_chain == [(version.get_absolute_url(), 302)]
    assert "No PDF can be made on this server. This page prints well" in answer.text
