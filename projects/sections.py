"""One section of the brief on one screen: what stands in each input, what was wrong with it, what to do next."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from projects import actions, answers
from projects.models import Answer, Brief, Delegation
from projects.models.briefs import answered_of, known_of
from projects.questionnaire import asked_keys, is_required
from projects.wording import attribution, lines_of, sentence_of
from smmportal.inputs import whole_number
from smmportal.people.models import User
from smmportal.refusals import Refused


@dataclass
class Asked:
    """A question with what is answered so far, as the templates of `projects/questions/` show it."""

    question: dict
    answer: Answer | None = None
    strings: list[str] = field(default_factory=list)
    revision: int = 0
    error: str = ""
    #: What somebody else saved while this was being written, as lines; None when there was no such meeting.
    theirs: list | None = None
    #: What the portal noticed about the answer.
    hints: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.question["key"]

    @property
    def template(self) -> str:
        return f"projects/questions/{self.question['type']}.html"

    @property
    def is_optional(self) -> bool:
        return not is_required(self.question)

    @property
    def is_group(self) -> bool:
        return self.question["type"] in {"one_of", "many_of", "person", "money", "table", "files"}

    @property
    def unknown(self) -> bool:
        return bool(self.answer and self.answer.unknown)

    @property
    def is_answered(self) -> bool:
        return bool(self.answer and self.answer.is_given)

    @property
    def files(self) -> list[dict]:
        return answers.files_of(self.answer.value) if self.answer else []

    @property
    def origin(self) -> str:
        """Who answered, in words."""
        return attribution(self.answer.author, self.answer.link_from) if self.answer else ""

    @property
    def lines(self) -> list:
        return lines_of(self.question, self.answer.value if self.answer else None)

    @property
    def first(self) -> str:
        return answers.at(self.strings, 0)

    @property
    def second(self) -> str:
        return answers.at(self.strings, 1)

    @property
    def note(self) -> str:
        return answers.at(self.strings, -1)

    @property
    def chosen(self) -> list[str]:
        return answers.split_note(self.question, self.strings)[0]

    @property
    def rows(self) -> list[dict]:
        """The rows of a table: a label or None, cells as (column, string), and whether to fold the row away."""
        columns = self.question["columns"]
        cells = answers.split_note(self.question, self.strings)[0]
        rows = []
        for index, label in enumerate(answers.row_labels(self.question)):
            row = cells[index * len(columns) : (index + 1) * len(columns)]
            row += [""] * (len(columns) - len(row))
            rows.append({"number": index + 1, "label": label, "cells": list(zip(columns, row, strict=True))})
        return rows

    @property
    def shown_rows(self) -> list[dict]:
        return self.rows[: self.rows_in_use]

    @property
    def folded_rows(self) -> list[dict]:
        return self.rows[self.rows_in_use :]

    @property
    def rows_in_use(self) -> int:
        """Given rows are all shown; of free ones those that are filled, and one more to fill."""
        if "row_labels" in self.question:
            return len(self.rows)
        filled = [row["number"] for row in self.rows if any(string for _column, string in row["cells"])]
        return max(filled, default=0) + 1


@dataclass
class Stored:
    """All the answers of a brief as they are now, read once."""

    brief: Brief
    rows: list[Answer]

    @property
    def known(self) -> dict[str, object]:
        return known_of(self.rows)

    @property
    def said(self) -> dict[str, dict]:
        """The answers to what is asked, as a submitted version would hold them."""
        asked = self.asked
        return {row.key: {"value": row.value, "unknown": row.unknown} for row in self.rows if row.key in asked}

    @property
    def answered(self) -> set[str]:
        return answered_of(self.rows) & self.asked

    @property
    def asked(self) -> set[str]:
        return asked_keys(self.brief.form, self.known)

    def items_of(self, section: dict) -> list[Asked]:
        """The section's questions that are asked, with their answers."""
        by_key, keys = {row.key: row for row in self.rows}, self.asked
        questions = [question for question in section["questions"] if question["key"] in keys]
        return [asked(question, by_key.get(question["key"])) for question in questions]


@dataclass(frozen=True)
class Writer:
    """Who answers: a person of the project, or a colleague by their link."""

    brief: Brief
    by: User
    delegation: Delegation | None = None

    def save(self, key: str, **said) -> Answer | None:
        return actions.save_answer(self.brief, key, by=self.by, delegation=self.delegation, **said)


def stored_of(brief: Brief) -> Stored:
    return Stored(brief, list(brief.answers.select_related("by", "delegation")))


def asked(question: dict, answer: Answer | None) -> Asked:
    strings = answers.write(question, answer.value if answer else None)
    return Asked(question, answer, strings, answer.revision if answer else 0)


def save_section(
    brief: Brief,
    section: dict,
    sent: QueryDict,
    files: MultiValueDict | None = None,
    *,
    by: User,
    delegation: Delegation | None = None,
    unknown: dict[str, bool] | None = None,
) -> list[Asked]:
    """Save each answer that was sent, one by one; those that could not be saved come back as they were typed.

    `unknown` says of a question that its reader doesn't know, or knows after all; `file-<key>` are files to attach.
    """
    rows = brief.answers.filter(key__in=keys_of(section)).select_related("by", "delegation")
    by_key = {row.key: row for row in rows}
    items = [asked(question, by_key.get(question["key"])) for question in section["questions"]]
    writer = Writer(brief, by, delegation)
    return [
        save_one(writer, item, sent, files or MultiValueDict(), unknown=unknown or {})
        if f"revision-{item.key}" in sent
        else item
        for item in items
    ]


def keys_of(section: dict) -> list[str]:
    return [question["key"] for question in section["questions"]]


def save_one(writer: Writer, item: Asked, sent: QueryDict, files: MultiValueDict, *, unknown: dict) -> Asked:
    kept = save_words(writer, item, sent, unknown=unknown)
    given = files.getlist(f"file-{item.key}")
    return attach(writer, kept, given) if given and not kept.error else kept


def save_words(writer: Writer, item: Asked, sent: QueryDict, *, unknown: dict) -> Asked:
    strings = sent.getlist(item.key)
    try:
        value = answers.clean(item.question, read(item.question, strings, item.answer))
        same = item.unknown and item.answer.value == value
        answer = writer.save(
            item.key,
            value=value,
            unknown=unknown.get(item.key, same),
            revision=number(sent[f"revision-{item.key}"]),
        )
    except answers.Unclear as error:
        return Asked(item.question, item.answer, strings, item.revision, error=sentence_of(error))
    except Refused as refusal:
        theirs = item.lines if refusal.code == "changed-meanwhile" else None
        return Asked(item.question, item.answer, strings, item.revision, str(refusal.sentence), theirs)
    return asked(item.question, answer)


def attach(writer: Writer, item: Asked, given: list[UploadedFile]) -> Asked:
    """Put these files to the answer; at the first that is refused, stop and say so."""
    error = ""
    try:
        for file in given:
            actions.add_file(writer.brief, item.key, file=file, by=writer.by, delegation=writer.delegation)
    except Refused as refusal:
        error = str(refusal.sentence)
    answer = writer.brief.answers.filter(key=item.key).select_related("by", "delegation").first()
    renewed = asked(item.question, answer)
    renewed.error = error
    return renewed


def read(question: dict, strings: list[str], stored: Answer | None) -> object:
    """What a page sent for one question. Of files it sends only the note: those that are there stay."""
    raw = answers.read(question, strings)
    return {**raw, "files": answers.files_of(stored.value)} if question["type"] == "files" and stored else raw


def number(text: str) -> int:
    return whole_number(text, longest=9) or 0


def save_field(
    brief: Brief, question: dict, sent: QueryDict, *, by: User, delegation: Delegation | None = None
) -> Answer | None:
    """Save one answer as `static/js/autosave.js` sends it: `field`, its strings, `revision`."""
    stored = brief.answers.filter(key=question["key"]).first()
    raw = read(question, sent.getlist(question["key"]), stored)
    return Writer(brief, by, delegation).save(
        question["key"],
        value=raw,
        unknown=bool(stored and stored.unknown) and is_same(question, raw, stored.value),
        revision=number(sent.get("revision", "")),
    )


def is_same(question: dict, raw: object, value: answers.Value) -> bool:
    try:
        return answers.clean(question, raw) == value
    except answers.Unclear:
        return False
