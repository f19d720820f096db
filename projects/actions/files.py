"""Files with an answer. Adding one can overwrite nobody's words, so it asks for no revision."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from projects.actions.briefs import demand_filling, lock, write_answer
from projects.answers import files_of
from projects.models import Answer, AnswerFile, Brief, Delegation
from projects.questionnaire import find_question
from smmportal import uploads
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused


@transaction.atomic
def add_file(
    brief: Brief, key: str, *, file: UploadedFile, by: User, delegation: Delegation | None = None
) -> AnswerFile:
    """Put a file to an answer. The same file twice is there once."""
    demand_filling(brief, by=by, delegation=delegation)
    demand_files(brief, key)
    brief = lock(brief)
    answer = brief.answers.filter(key=key).first()
    value = value_of(answer)
    if len(value["files"]) >= settings.UPLOAD_MOST:
        sentence = _("An answer takes %(most)s files. Remove one, or put them on a cloud drive and paste the link.")
        raise Refused(sentence % {"most": settings.UPLOAD_MOST}, code="too-many-files")
    kept = uploads.keep(file)
    same = brief.files.filter(pk__in=numbers_of(value), sha256=kept["sha256"], name=kept["name"]).first()
    if same:
        uploads.forget(kept["path"])
        return same
    given = brief.files.create(key=key, by=by, delegation=delegation, **kept)
    value = {**value, "files": [*value["files"], given.spoken]}
    write_answer(brief, key, answer, value=value, unknown=False, by=by, delegation=delegation)
    record("brief.file_added", about=given, by=by, project=brief.project, key=key, name=given.name)
    return given


@transaction.atomic
def remove_file(given: AnswerFile, *, by: User, delegation: Delegation | None = None) -> None:
    """Take a file off the answer. Twice is once; a file that a submitted version names stays with the version."""
    brief = given.brief
    demand_filling(brief, by=by, delegation=delegation)
    brief = lock(brief)
    answer = brief.answers.filter(key=given.key).first()
    value = value_of(answer)
    if given.pk not in numbers_of(value):
        return
    value = {**value, "files": [file for file in value["files"] if file["file"] != given.pk]}
    if not value["files"] and not value["note"]:
        value = None
    write_answer(brief, given.key, answer, value=value, unknown=answer.unknown, by=by, delegation=delegation)
    record("brief.file_removed", about=given, by=by, project=brief.project, key=given.key, name=given.name)
    forget_unnamed(brief, given)


def forget_unnamed(brief: Brief, given: AnswerFile) -> None:
    if given.pk not in named_by_versions(brief, given.key):
        uploads.forget(given.path)
        given.delete()


def named_by_versions(brief: Brief, key: str) -> set[int]:
    contents = brief.versions.values_list("content", flat=True)
    answers = [content["answers"].get(key, {}) for content in contents]
    return {number for answer in answers for number in numbers_of(answer.get("value"))}


def demand_files(brief: Brief, key: str) -> None:
    question = find_question(brief.form, key)
    if question is None:
        raise Refused(_("There is no such question in this brief."), code="no-such-question")
    if question["type"] != "files":
        raise Refused(_("This question takes no files. Answer it in words."), code="no-files-here", key=key)


def value_of(answer: Answer | None) -> dict:
    return answer.value if answer and answer.value else {"files": [], "note": ""}


def numbers_of(value: object) -> list[int]:
    return [file["file"] for file in files_of(value)]
