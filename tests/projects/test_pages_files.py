"""Files on the pages of a brief."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects import actions
from projects.models import Answer, AnswerFile, Brief
from projects.questionnaire import FULL, is_required, new_form, questions_of
from tests.projects.conftest import sample

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture
def brief(cast) -> Brief:
    return Brief.objects.create(project=cast.project, form=new_form(FULL))


def page(name: str, *args) -> str:
    return reverse(f"projects:{name}", args=args)


def sent(name: str = "logo.svg", content: bytes = SVG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/svg+xml")


def typed(**more) -> dict:
    return {"revision-G1": "0", "G1": "Kindly.", "revision-G2": "0", "G2": "", **more}


def test_files_are_attached_and_everything_typed_is_saved_with_them(browse, brief, contact):
    data = typed(**{"file-G2": [sent(), sent("План.txt", b"words")]})
    answer = browse(contact).post(page("answer_files", brief.project_id, "G2"), data)
    assert answer.url == page("brief_section", brief.project_id, "G") + "#G2"
    assert Answer.objects.get(key="G1").value == "Kindly."
    assert [file["name"] for file in Answer.objects.get(key="G2").value["files"]] == ["logo.svg", "План.txt"]


def test_a_chosen_file_goes_with_the_main_button_too(browse, brief, contact):
    browse(contact).post(page("brief_section", brief.project_id, "G"), typed(**{"file-G2": sent()}))
    assert AnswerFile.objects.get().name == "logo.svg"


def test_a_refused_file_is_named_and_the_others_and_the_words_stay(browse, brief, contact):
    data = typed(**{"file-G2": [sent(), sent("empty.txt", b"")]})
    answer = browse(contact).post(page("answer_files", brief.project_id, "G2"), data)
    assert (answer.status_code, "“empty.txt” is empty." in answer.text, "Kindly." in answer.text) == (422, True, True)
    assert [file.name for file in AnswerFile.objects.all()] == ["logo.svg"]


def test_saving_the_note_by_itself_keeps_the_files(browse, brief, contact):
    given = actions.add_file(brief, "G2", file=sent(), by=contact)
    saved = browse(contact).post(
        page("brief_section", brief.project_id, "G"),
        {"field": "G2", "G2": "https://disk.example", "revision": "1"},
        headers={"Accept": "application/json"},
    )
    assert saved.json() == {"revision": 2}
    assert Answer.objects.get().value == {"files": [given.spoken], "note": "https://disk.example"}


def test_a_file_is_removed_by_its_button(browse, brief, contact):
    given = actions.add_file(brief, "G2", file=sent(), by=contact)
    address = page("answer_file_removal", brief.project_id, given.pk)
    browse(contact).post(address, typed(**{"revision-G2": "1"}))
    assert (Answer.objects.get(key="G2").value, Answer.objects.get(key="G1").value) == (None, "Kindly.")


def test_a_file_comes_as_a_download_in_which_nothing_runs(browse, brief, contact, viewer):
    given = actions.add_file(brief, "G2", file=sent(), by=contact)
    for query in ("", "?show"):
        answer = browse(viewer).get(page("answer_file", brief.project_id, given.pk) + query)
        assert b"".join(answer.streaming_content) == SVG
        assert answer["Content-Disposition"] == 'attachment; filename="logo.svg"'
        assert answer["Content-Security-Policy"].endswith("sandbox")
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("role", ["stranger", "neighbour", "colleague"])
def test_nobody_else_gets_it(browse, cast, brief, role):
    given = actions.add_file(brief, "G2", file=sent(), by=cast.contact)
    assert browse(getattr(cast, role)).get(page("answer_file", brief.project_id, given.pk)).status_code == 404


def test_a_version_keeps_its_files_within_reach(browse, brief, contact, viewer):
    for question in filter(is_required, questions_of(brief.form)):
        actions.save_answer(brief, question["key"], value=sample(question), revision=0, by=contact)
    given = actions.add_file(brief, "G2", file=sent(), by=contact)
    version = actions.submit_brief(brief, by=contact)
    actions.remove_file(given, by=contact)
    address = page("answer_file", brief.project_id, given.pk)
    browser = browse(viewer)
    assert address not in browser.get(page("brief", brief.project_id)).text
    assert f'href="{address}"' in browser.get(version.get_absolute_url()).text
    assert browser.get(address).status_code == 200


# --- Persons --------------------------------------------------------------------------------------------------------


def test_a_person_is_chosen_from_the_people_of_the_project(browse, cast, brief):
    text = browse(cast.contact).get(page("brief_section", brief.project_id, "A")).text
    assert [f'<option value="{person}">' in text for person in (cast.decider, cast.manager)] == [True, True]
    assert ("decider@client.example" in text, "manager@agency.example" in text) == (True, False)
    assert ("Vera" in text, "Stranger" in text) == (False, False)
