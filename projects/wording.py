"""Questions and answers in the reader's own words and figures."""

from datetime import date

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.answers import TYPES, Unclear, Value, row_labels
from projects.pieces import Piece
from smmportal.formatting import format_day, format_number, pick_language, quoted

Line = tuple[str, str]


def sentence_of(error: Unclear) -> str:
    return _(error.sentence) % error.facts


def label_of(question: dict) -> str:
    return pick_language(question["label"])


def attribution(author: str, link_from: str = "") -> str:
    """Who gave an answer: a person of the project, or a colleague whom one of them asked by a link."""
    if not link_from:
        return author
    return _("%(author)s, by a link from %(person)s") % {"author": author, "person": link_from}


def names_of(items: list[dict], *, most: int = 5) -> str:
    """The labels of these questions in one sentence; a long list is cut short in words."""
    shown = "; ".join(quoted(label_of(item)) for item in items[:most])
    left = len(items) - most
    if left <= 0:
        return shown
    return ngettext("%(shown)s and %(count)s more", "%(shown)s and %(count)s more", left) % {
        "shown": shown,
        "count": left,
    }


def lines_of(question: dict, value: Value) -> list[Line]:
    """An answer as lines of (label or "", words), to be shown as text."""
    if value is None or question["type"] not in TYPES:
        return []
    return SPEAKERS.get(question["type"], lambda _question, words: [("", words)])(question, value)


def text_of(question: dict, value: Value) -> str:
    """An answer as plain text, one line under another."""
    return "\n".join(f"{label}: {words}" if label else words for label, words in lines_of(question, value))


def name_of(question: dict, piece: Piece) -> str:
    """A piece of an answer in a few words; empty for an answer that is whole."""
    if piece.row is None:
        return ""
    if question["type"] == "table":
        return name_of_row(question, piece)
    return speak_choice(question, piece.value) if question["type"] == "many_of" else piece.value


def name_of_row(question: dict, piece: Piece) -> str:
    cells = [speak_cell(column, piece.value.get(column["key"], "")) for column in question["columns"]]
    said = [cell for cell in cells if cell]
    label = pick_language(row_labels(question)[piece.row])
    return f"{label}: {', '.join(said)}" if label else said[0]


def speak_cell(column: dict, cell: str) -> str:
    if not cell:
        return ""
    if column["type"] == "number":
        return format_number(cell)
    if column["type"] == "date":
        return format_day(date.fromisoformat(cell))
    return speak_choice(column, cell) if column["type"] == "one_of" else cell


def speak_choice(question: dict, chosen: str) -> str:
    return next((label_of(choice) for choice in question["choices"] if choice["value"] == chosen), chosen)


def speak_note(question: dict, value: dict) -> list[Line]:
    return [(pick_language(question.get("note")), value["note"])] if value["note"] else []


def speak_one_of(question: dict, value: dict) -> list[Line]:
    chosen = [("", speak_choice(question, value["choice"]))] if value["choice"] else []
    return chosen + speak_note(question, value)


def speak_many_of(question: dict, value: dict) -> list[Line]:
    chosen = ", ".join(speak_choice(question, choice) for choice in value["choices"])
    return ([("", chosen)] if chosen else []) + speak_note(question, value)


def speak_table(question: dict, value: dict) -> list[Line]:
    lines = []
    for label, row in zip(row_labels(question), value["rows"], strict=False):
        cells = [(column, speak_cell(column, row.get(column["key"], ""))) for column in question["columns"]]
        said = [f"{label_of(column)}: {cell}" for column, cell in cells if cell]
        if said:
            lines.append((pick_language(label), "\n".join(said)))
    return lines + speak_note(question, value)


def speak_files(question: dict, value: dict) -> list[Line]:
    files = [f"{file['name']}, {filesizeformat(file['size'])}" for file in value["files"]]
    return ([("", "\n".join(files))] if files else []) + speak_note(question, value)


def speak_person(_question: dict, value: dict) -> list[Line]:
    return [("", ", ".join(part for part in (value["name"], value["contact"]) if part))]


SPEAKERS = {
    "number": lambda _question, value: [("", format_number(value))],
    "date": lambda _question, value: [("", format_day(date.fromisoformat(value)))],
    "money": lambda _question, value: [("", f"{format_number(value['amount'])} {value['currency']}")],
    "links": lambda _question, value: [("", "\n".join(value))],
    "one_of": speak_one_of,
    "many_of": speak_many_of,
    "person": speak_person,
    "table": speak_table,
    "files": speak_files,
}


def type_names() -> dict[str, str]:
    """The types of questions in the reader's words, in the order in which they are offered."""
    return {
        "long_text": _("Text of several lines"),
        "text": _("Text of one line"),
        "number": _("Number"),
        "money": _("Money"),
        "date": _("Date"),
        "one_of": _("One of several options"),
        "many_of": _("Several options"),
        "links": _("Links"),
        "files": _("Files"),
        "person": _("Person"),
        "table": _("Table"),
    }


def column_type_names() -> list[tuple[str, str]]:
    names = type_names()
    return [(kind, names[kind]) for kind in ("text", "number", "date", "one_of")]
