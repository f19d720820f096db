"""What an answer to a question may be: one entry a question type. Pure.

A value is plain JSON, the same in the database, in the API and in a submitted version:

    long_text, text  "words"
    number           "12000.5"            decimal notation
    date             "2027-03-01"
    money            {"amount": "90000", "currency": "RUB"}
    one_of           {"choice": "leads", "note": "words"}
    many_of          {"choices": ["mail", "phone"], "note": "words"}
    links            ["https://…", …]
    person           {"name": "words", "contact": "words"}
    table            {"rows": [{"column": "cell", …}, …], "note": "words"}
    files            {"files": [{"file": 7, "name": "logo.svg", "size": 20480}, …], "note": "words"}

None is no answer. A page sends a question's inputs as one list of strings, in the order in which they stand on it:
`read` makes a value of such a list, `write` makes the list of a value. `clean` is the judge for both doors.
Of files a page sends only the note: they come and go at an address of their own (`projects.actions.files`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from smmportal.figures import plain_figure

LONGEST_TEXT = 10_000
LONGEST_LINE = 500
MOST_LINKS = 50
MOST_ROWS = 30
MOST_FILES = 100
CURRENCIES = ("RUB", "USD", "EUR", "KZT", "BYN", "UAH", "GEL", "AMD", "AED", "TRY", "GBP")

#: JSON, whose shape the question's type decides.
Value = Any


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for the catalogue; it is translated where it is shown."""
    return sentence


class Unclear(Exception):
    """The answer can't be taken as it is. `sentence` is a message to translate, `facts` fill its placeholders."""

    def __init__(self, sentence: str, **facts: object):
        super().__init__(sentence % facts)
        self.sentence = sentence
        self.facts = facts


@dataclass(frozen=True)
class QuestionType:
    clean: Callable[[dict, object], Value]
    read: Callable[[dict, list[str]], object]
    write: Callable[[dict, Value], list[str]]


def clean(question: dict, value: object) -> Value:
    """The value as it is stored; None when there is no answer in it. Raises Unclear."""
    return None if value is None else TYPES[question["type"]].clean(question, value)


def read(question: dict, strings: list[str]) -> object:
    """A raw value, still to be cleaned, of what a page sent."""
    return TYPES[question["type"]].read(question, strings)


def write(question: dict, value: Value) -> list[str]:
    """The strings of this question's inputs on a page."""
    return TYPES[question["type"]].write(question, value)


# --- Words and figures ----------------------------------------------------------------------------------------------


def clean_text(value: object, longest: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str):
        raise Unclear(gettext_noop("Words are expected here."))
    if "\x00" in value:
        raise Unclear(gettext_noop("There is a NUL character in the text. Please remove it."))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unclear(gettext_noop("The text is broken: it holds half of a character.")) from None
    text = value.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise Unclear(
            gettext_noop("The text has %(length)d characters; at most %(longest)d fit."),
            length=len(text),
            longest=longest,
        )
    return text


def clean_number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unclear(gettext_noop("A number is expected here, for example 12,000."))
    text = clean_text(str(value), LONGEST_LINE)
    if not text:
        return ""
    try:
        number = Decimal(plain_figure(text, comma_groups=True))
    except InvalidOperation:
        raise Unclear(gettext_noop("“%(text)s” is not a number. Write it in figures."), text=text[:40]) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise Unclear(gettext_noop("This number is too large."))
    return f"{number:f}"


def clean_date(value: object) -> str:
    text = clean_text(value, LONGEST_LINE)
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unclear(
            gettext_noop("“%(text)s” is not a date. Write it as year-month-day: 2027-03-01."), text=text[:40]
        ) from None


def clean_choice(choices: list[dict], value: object) -> str:
    text = clean_text(value, LONGEST_LINE)
    if text and text not in {choice["value"] for choice in choices}:
        raise Unclear(gettext_noop("“%(text)s” is not one of the options."), text=text[:40])
    return text


def clean_link(value: object) -> str:
    text = clean_text(value, LONGEST_LINE)
    if not text:
        return ""
    if any(character.isspace() for character in text) or "." not in text:
        raise Unclear(gettext_noop("“%(text)s” is not a link. Write one link a line."), text=text[:60])
    if "://" not in text:
        return f"https://{text}"
    if not text.startswith(("http://", "https://")):
        raise Unclear(gettext_noop("A link begins with https:// or http://."))
    return text


def demand_dict(value: object, *keys: str) -> dict:
    if not isinstance(value, dict) or not set(value) <= set(keys):
        raise Unclear(gettext_noop("An object with these keys is expected here: %(keys)s."), keys=", ".join(keys))
    return value


def demand_list(value: object, most: int) -> list:
    if not isinstance(value, list):
        raise Unclear(gettext_noop("A list is expected here."))
    if len(value) > most:
        raise Unclear(gettext_noop("There are too many lines; at most %(most)d fit."), most=most)
    return value


def at(strings: list[str], index: int) -> str:
    return strings[index] if -len(strings) <= index < len(strings) else ""


# --- The types ------------------------------------------------------------------------------------------------------


def single(judge: Callable[[object], str]) -> QuestionType:
    """A type that is one input and one string."""
    return QuestionType(
        clean=lambda _question, value: judge(value) or None,
        read=lambda _question, strings: at(strings, 0),
        write=lambda _question, value: [value or ""],
    )


def clean_money(_question: dict, value: object) -> Value:
    value = demand_dict(value, "amount", "currency")
    amount = clean_number(value.get("amount", ""))
    if not amount:
        return None
    if value.get("currency") not in CURRENCIES:
        raise Unclear(gettext_noop("Please name the currency: %(known)s."), known=", ".join(CURRENCIES))
    return {"amount": amount, "currency": value["currency"]}


def write_money(_question: dict, value: Value) -> list[str]:
    return [value["amount"], value["currency"]] if value else ["", CURRENCIES[0]]


def clean_one_of(question: dict, value: object) -> Value:
    value = demand_dict(value, "choice", "note")
    choice = clean_choice(question["choices"], value.get("choice") or "")
    note = clean_text(value.get("note", ""))
    return {"choice": choice, "note": note} if choice or note else None


def read_one_of(question: dict, strings: list[str]) -> dict:
    chosen, note = split_note(question, strings)
    return {"choice": at(chosen, 0), "note": note}


def write_one_of(question: dict, value: Value) -> list[str]:
    value = value or {"choice": "", "note": ""}
    return [*filter(None, [value["choice"]]), *([value["note"]] if "note" in question else [])]


def clean_many_of(question: dict, value: object) -> Value:
    value = demand_dict(value, "choices", "note")
    given = [clean_choice(question["choices"], choice) for choice in demand_list(value.get("choices", []), 100)]
    choices = [choice["value"] for choice in question["choices"] if choice["value"] in given]
    note = clean_text(value.get("note", ""))
    return {"choices": choices, "note": note} if choices or note else None


def read_many_of(question: dict, strings: list[str]) -> dict:
    chosen, note = split_note(question, strings)
    return {"choices": chosen, "note": note}


def write_many_of(question: dict, value: Value) -> list[str]:
    value = value or {"choices": [], "note": ""}
    return [*value["choices"], *([value["note"]] if "note" in question else [])]


def split_note(question: dict, strings: list[str]) -> tuple[list[str], str]:
    """The note's input always stands last, and is always sent."""
    return (strings[:-1], at(strings, -1)) if "note" in question else (strings, "")


def clean_links(_question: dict, value: object) -> Value:
    links = [clean_link(link) for link in demand_list(value, MOST_LINKS)]
    return [link for link in links if link] or None


def clean_person(_question: dict, value: object) -> Value:
    value = demand_dict(value, "name", "contact")
    name = clean_text(value.get("name", ""), LONGEST_LINE)
    contact = clean_text(value.get("contact", ""), LONGEST_LINE)
    if contact and not name:
        raise Unclear(gettext_noop("Please write this person's name too."))
    return {"name": name, "contact": contact} if name else None


def write_person(_question: dict, value: Value) -> list[str]:
    return [value["name"], value["contact"]] if value else ["", ""]


def clean_cell(column: dict, value: object) -> str:
    if column["type"] == "one_of":
        return clean_choice(column["choices"], value)
    return {"number": clean_number, "date": clean_date}.get(column["type"], clean_text)(value)


def clean_table(question: dict, value: object) -> Value:
    value = demand_dict(value, "rows", "note")
    rows = [clean_row(question, row) for row in demand_list(value.get("rows", []), len(row_labels(question)))]
    if "row_labels" not in question:
        rows = [row for row in rows if any(row.values())]
    note = clean_text(value.get("note", ""))
    return {"rows": rows, "note": note} if note or any(any(row.values()) for row in rows) else None


def clean_row(question: dict, row: object) -> dict:
    row = demand_dict(row, *(column["key"] for column in question["columns"]))
    return {column["key"]: clean_cell(column, row.get(column["key"], "")) for column in question["columns"]}


def read_table(question: dict, strings: list[str]) -> dict:
    keys = [column["key"] for column in question["columns"]]
    cells, note = split_note(question, strings)
    rows = [cells[start : start + len(keys)] for start in range(0, len(cells), len(keys))]
    return {"rows": [dict(zip(keys, row, strict=False)) for row in rows], "note": note}


def write_table(question: dict, value: Value) -> list[str]:
    value = value or {"rows": [], "note": ""}
    rows = value["rows"] + [{}] * (len(row_labels(question)) - len(value["rows"]))
    cells = [row.get(column["key"], "") for row in rows for column in question["columns"]]
    return [*cells, *([value["note"]] if "note" in question else [])]


def clean_files(_question: dict, value: object) -> Value:
    value = demand_dict(value, "files", "note")
    files = [clean_file(given) for given in demand_list(value.get("files", []), MOST_FILES)]
    note = clean_text(value.get("note", ""))
    return {"files": files, "note": note} if files or note else None


def clean_file(value: object) -> dict:
    value = demand_dict(value, "file", "name", "size")
    number = value.get("file")
    if isinstance(number, bool) or not isinstance(number, int):
        raise Unclear(gettext_noop("A file is named by its number: {“file”: 7}."))
    return value


def files_of(value: Value) -> list[dict]:
    """The files in an answer to a question of the type files; none in any other."""
    return value.get("files", []) if isinstance(value, dict) else []


def row_labels(question: dict) -> list:
    """One entry a row: its label where the rows are given, None where the reader adds as many as they need."""
    return question.get("row_labels") or [None] * question.get("most", MOST_ROWS)


TYPES: dict[str, QuestionType] = {
    "long_text": single(clean_text),
    "text": single(lambda value: clean_text(value, LONGEST_LINE)),
    "number": single(clean_number),
    "date": single(clean_date),
    "money": QuestionType(
        clean_money, lambda _q, strings: {"amount": at(strings, 0), "currency": at(strings, 1)}, write_money
    ),
    "one_of": QuestionType(clean_one_of, read_one_of, write_one_of),
    "many_of": QuestionType(clean_many_of, read_many_of, write_many_of),
    "links": QuestionType(
        clean_links, lambda _q, strings: at(strings, 0).split("\n"), lambda _q, value: ["\n".join(value or [])]
    ),
    "person": QuestionType(
        clean_person, lambda _q, strings: {"name": at(strings, 0), "contact": at(strings, 1)}, write_person
    ),
    "table": QuestionType(clean_table, read_table, write_table),
    "files": QuestionType(
        clean_files,
        lambda _q, strings: {"files": [], "note": at(strings, -1)},
        lambda _q, value: [value["note"] if value else ""],
    ),
}
