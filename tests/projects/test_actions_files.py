"""Files with an answer: given once, kept as long as a version names them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from projects import actions
from projects.models import Answer, AnswerFile, Brief
from projects.questionnaire import FULL, is_required, new_form, questions_of
from smmportal.audit import AuditEntry
from smmportal.refusals import Refused
from tests.projects.conftest import sample

NOTE = "https://disk.example/roast"


@pytest.fixture
def brief(cast) -> Brief:
    return Brief.objects.create(project=cast.project, form=new_form(FULL))


def sent(name: str = "logo.svg", content: bytes = b"<svg/>") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(brief, name: str = "logo.svg", *, by, content: bytes = b"<svg/>") -> AnswerFile:
    return actions.add_file(brief, "G2", file=sent(name, content), by=by)


def value(key: str = "G2"):
    return Answer.objects.get(key=key).value


def test_a_file_becomes_the_answer(brief, contact):
    given = add(brief, by=contact)
    answer = Answer.objects.get()
    assert (answer.value, answer.unknown, answer.revision, answer.by) == (
        {"files": [{"file": given.pk, "name": "logo.svg", "size": 6}], "note": ""},
        False,
        1,
        contact,
    )
    assert default_storage.open(given.path).read() == b"<svg/>"
    assert AuditEntry.objects.get(verb="brief.file_added").facts == {"key": "G2", "name": "logo.svg"}


def test_a_file_joins_what_is_there_already(brief, contact, decider):
    actions.save_answer(brief, "G2", value={"note": NOTE}, revision=0, by=contact)
    first, second = add(brief, by=contact), add(brief, "book.pdf", by=decider)
    assert value() == {"files": [first.spoken, second.spoken], "note": NOTE}


def test_the_same_file_twice_is_there_once(brief, contact):
    first, again = add(brief, by=contact), add(brief, by=contact)
    assert (again, AnswerFile.objects.count(), Answer.objects.get().revision) == (first, 1, 1)


def test_a_file_is_an_answer_after_all(brief, contact):
    actions.save_answer(brief, "G2", value=None, unknown=True, revision=0, by=contact)
    add(brief, by=contact)
    assert Answer.objects.get().unknown is False


def test_there_are_only_so_many(brief, contact, settings):
    settings.UPLOAD_MOST = 2
    add(brief, "1", by=contact)
    add(brief, "2", by=contact)
    with pytest.raises(Refused) as refusal:
        add(brief, "3", by=contact)
    assert refusal.value.sentence == (
        "An answer takes 2 files. Remove one, or put them on a cloud drive and paste the link."
    )
    assert AnswerFile.objects.count() == 2


@pytest.mark.parametrize(("key", "code"), [("A1", "no-files-here"), ("Z9", "no-such-question")])
def test_files_go_only_where_they_are_asked_for(brief, contact, key, code):
    with pytest.raises(Refused) as refusal:
        actions.add_file(brief, key, file=sent(), by=contact)
    assert refusal.value.code == code


@pytest.mark.parametrize("role", ["specialist", "viewer", "stranger", "neighbour"])
def test_who_does_not_fill_the_brief_gives_and_removes_no_files(brief, cast, role):
    given = add(brief, by=cast.contact)
    with pytest.raises(PermissionDenied):
        add(brief, "other", by=getattr(cast, role))
    with pytest.raises(PermissionDenied):
        actions.remove_file(given, by=getattr(cast, role))
    assert value() == {"files": [given.spoken], "note": ""}


def test_a_closed_project_takes_no_files(brief, cast):
    actions.close_project(cast.project, by=cast.owner)
    brief.project.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        add(brief, by=cast.contact)
    assert refusal.value.code == "project-closed"


@pytest.mark.django_db(transaction=True)
def test_a_file_that_no_version_names_is_gone_when_removed(brief, contact):
    given = add(brief, by=contact)
    path = given.path
    actions.remove_file(given, by=contact)
    assert (value(), AnswerFile.objects.count(), default_storage.exists(path)) == (None, 0, False)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_a_version_names_stays_with_the_version(brief, contact):
    for question in filter(is_required, questions_of(brief.form)):
        actions.save_answer(brief, question["key"], value=sample(question), revision=0, by=contact)
    given = add(brief, by=contact)
    version = actions.submit_brief(brief, by=contact)
    actions.remove_file(given, by=contact)
    assert version.content["answers"]["G2"]["value"]["files"] == [given.spoken]
    assert (value(), AnswerFile.objects.get(), default_storage.exists(given.path)) == (None, given, True)


def test_removing_twice_is_removing_once(brief, contact):
    kept, given = add(brief, "kept", by=contact), add(brief, by=contact)
    again = AnswerFile.objects.select_related("brief__project").get(pk=given.pk)
    actions.remove_file(given, by=contact)
    actions.remove_file(again, by=contact)
    assert value()["files"] == [kept.spoken]


def test_words_about_files_keep_the_files(brief, contact):
    given = add(brief, by=contact)
    files = [{"file": given.pk}]
    answer = actions.save_answer(brief, "G2", value={"files": files, "note": NOTE}, revision=1, by=contact)
    assert answer.value == {"files": [given.spoken], "note": NOTE}


def test_nobody_names_a_file_of_another_question_or_project(brief, cast, contact):
    elsewhere = actions.add_file(brief, "C5", file=sent(), by=contact)
    for number in (elsewhere.pk, 10**9):
        with pytest.raises(Refused) as refusal:
            actions.save_answer(brief, "G2", value={"files": [{"file": number}]}, revision=0, by=contact)
        assert refusal.value.code == "no-such-file"
