"""What an agency may make of a brief's form: `judged` is the judge for both doors, the rest are the edits of a page.
Pure; the form's shape is told in `projects.questionnaire`.

Keys are the portal's own: a section's is letters, a question's is its section's and a number, and neither changes with
the words or the place. A form that is sent may leave them out. Every function gives a new form and leaves its own be.
"""

import copy
import re
from collections.abc import Callable, Iterable
from itertools import count, product
from string import ascii_uppercase

from projects.answers import MOST_ROWS, TYPES, Unclear, clean_text, gettext_noop
from projects.questionnaire import USUAL_MINUTES, find_question, questions_of

LANGUAGES = ("ru", "en")
COLUMN_TYPES = ("text", "number", "date", "one_of")
CHOICE_TYPES = ("one_of", "many_of")
NOTE_TYPES = ("one_of", "many_of", "table", "files")
LONGEST_TITLE, LONGEST_LABEL, LONGEST_HELP = 120, 400, 1000
MOST_SECTIONS, MOST_QUESTIONS, MOST_CHOICES, MOST_COLUMNS, MOST_MINUTES = 30, 200, 40, 8, 60
SECTION_KEY = re.compile(r"[A-Z]{1,3}")
QUESTION_KEY = re.compile(r"[A-Z]{1,3}[0-9]{1,3}")
PART_KEY = re.compile(r"[a-z0-9_]{1,40}")
EVERY_QUESTION = {"key", "type", "label", "help", "minutes", "required", "condition"}
#: What a question of this type has besides.
OWN_PARTS = {
    "one_of": {"choices", "note"},
    "many_of": {"choices", "note"},
    "table": {"columns", "row_labels", "most", "note"},
    "files": {"note"},
}


class StillNeeded(Unclear):
    """`dependents` are the questions that are asked only after certain answers to what would go."""

    def __init__(self, dependents: list[dict]):
        self.dependents = dependents
        super().__init__(
            gettext_noop("It can't go yet: these questions are asked only after its answers. %(questions)s"),
            questions=", ".join(question["key"] for question in dependents),
        )


# --- The judge ------------------------------------------------------------------------------------------------------


def judged(form: object) -> dict:
    """The form as it is kept. Raises Unclear with the question's key when something in it makes no sense."""
    form = demand_parts(form, {"sections"}, {"tier", "sections"}, "the form")
    sections = demand_few(form["sections"], MOST_SECTIONS, "sections")
    sections = [
        demand_parts(part, {"title", "questions"}, {"key", "title", "questions"}, "section") for part in sections
    ]
    sections = with_keys(sections, SECTION_KEY, section_keys(), "sections")
    kept = {"tier": "own", "sections": [judged_section(part, given_keys(sections)) for part in sections]}
    questions = list(questions_of(kept))
    if not questions:
        raise Unclear(gettext_noop("A brief needs at least one question."))
    demand_few(questions, MOST_QUESTIONS, "questions")
    demand_single([question["key"] for question in questions], "questions")
    for place, question in enumerate(questions):
        demand_condition(question, questions[:place])
    return kept


def judged_section(section: dict, used: Iterable[object]) -> dict:
    """`used` are the keys of the whole form: a question that moved here from another section kept its own."""
    key = section["key"]
    questions = demand_few(section["questions"], MOST_QUESTIONS, key)
    questions = [demand_parts(question, {"type", "label"}, None, key) for question in questions]
    questions = with_keys(questions, QUESTION_KEY, question_keys(key, used), key)
    title = clean_words(section["title"], LONGEST_TITLE, key)
    return {"key": key, "title": title, "questions": [judged_question(question) for question in questions]}


def judged_question(question: dict) -> dict:
    key, kind = question["key"], question["type"]
    if not isinstance(kind, str) or kind not in TYPES:
        raise Unclear(
            gettext_noop("Question %(key)s has a type that nobody knows. Known are: %(known)s."),
            key=key,
            known=", ".join(TYPES),
        )
    demand_parts(question, set(), EVERY_QUESTION | OWN_PARTS.get(kind, set()), key)
    kept = {
        "key": key,
        "type": kind,
        "label": clean_words(question["label"], LONGEST_LABEL, key),
        "help": clean_words(question.get("help"), LONGEST_HELP, key, may_be_empty=True),
        "minutes": clean_count(question.get("minutes", USUAL_MINUTES), MOST_MINUTES, key),
        "required": clean_flag(question.get("required", True), key),
    }
    if kind in CHOICE_TYPES:
        kept["choices"] = clean_choices(question.get("choices"), key)
    if kind == "table":
        kept |= clean_table_parts(question)
    if any_words(question.get("note")):
        kept["note"] = clean_words(question["note"], LONGEST_LABEL, key)
    if question.get("condition"):
        kept["condition"] = clean_condition(question["condition"], key)
    return kept


def clean_table_parts(question: dict) -> dict:
    key = question["key"]
    columns = demand_few(question.get("columns") or [], MOST_COLUMNS, key)
    if not columns:
        raise Unclear(gettext_noop("Question %(key)s is a table without columns. Add one."), key=key)
    columns = [demand_parts(column, {"label"}, {"key", "type", "label", "choices"}, key) for column in columns]
    columns = with_keys(columns, PART_KEY, numbered("c"), key)
    kept: dict = {"columns": [clean_column(column, key) for column in columns]}
    labels = demand_few(question.get("row_labels") or [], MOST_ROWS, key)
    if labels:
        return {**kept, "row_labels": [clean_words(label, LONGEST_LABEL, key) for label in labels]}
    return {**kept, "most": clean_count(question.get("most", 5), MOST_ROWS, key)}


def clean_column(column: dict, key: str) -> dict:
    kind = column.get("type", "text")
    if kind not in COLUMN_TYPES:
        raise Unclear(
            gettext_noop("A column of question %(key)s has a type that nobody knows. Known are: %(known)s."),
            key=key,
            known=", ".join(COLUMN_TYPES),
        )
    kept = {"key": column["key"], "type": kind, "label": clean_words(column["label"], LONGEST_LABEL, key)}
    return {**kept, "choices": clean_choices(column.get("choices"), key)} if kind == "one_of" else kept


def clean_choices(choices: object, key: str) -> list[dict]:
    given = demand_few(choices or [], MOST_CHOICES, key)
    if not given:
        raise Unclear(gettext_noop("Question %(key)s has no options to choose from. Add at least one."), key=key)
    named = [rekeyed(demand_parts(choice, {"label"}, {"value", "label"}, key), "value", "key") for choice in given]
    kept = with_keys(named, PART_KEY, numbered("o"), key)
    return [{"value": choice["key"], "label": clean_words(choice["label"], LONGEST_LABEL, key)} for choice in kept]


def clean_condition(condition: object, key: str) -> dict:
    condition = demand_parts(condition, {"question", "choice"}, {"question", "choice"}, key)
    choice = demand_few(condition["choice"], MOST_CHOICES, key)
    if not choice or not all(isinstance(value, str) for value in [condition["question"], *choice]):
        raise Unclear(gettext_noop("The condition of question %(key)s names no answer. Choose at least one."), key=key)
    return {"question": condition["question"], "choice": list(dict.fromkeys(choice))}


def demand_condition(question: dict, earlier: list[dict]) -> None:
    condition = question.get("condition")
    if not condition:
        return
    asked = next((other for other in earlier if other["key"] == condition["question"]), None)
    facts = {"key": question["key"], "other": condition["question"]}
    if asked is None:
        raise Unclear(
            gettext_noop("Question %(key)s waits for an answer to %(other)s, and that is not asked before it."), **facts
        )
    if asked["type"] not in CHOICE_TYPES:
        raise Unclear(
            gettext_noop("Question %(key)s waits for an answer to %(other)s, and that has no options to choose from."),
            **facts,
        )
    if not {*condition["choice"]} <= {choice["value"] for choice in asked["choices"]}:
        raise Unclear(
            gettext_noop("Question %(key)s waits for an option of %(other)s that is not there."),
            **facts,
        )


def demand_parts(value: object, needed: set[str], known: set[str] | None, place: str) -> dict:
    if not isinstance(value, dict):
        raise Unclear(gettext_noop("Something is missing in the form (%(place)s): an object is expected."), place=place)
    missing, foreign = needed - set(value), set(value) - known if known else set()
    if missing:
        raise Unclear(
            gettext_noop("Something is missing in the form (%(place)s): %(parts)s."),
            place=place,
            parts=", ".join(sorted(missing)),
        )
    if foreign:
        raise Unclear(
            gettext_noop("There is something in the form that does not belong there (%(place)s): %(parts)s."),
            place=place,
            parts=", ".join(sorted(str(part)[:40] for part in foreign)),
        )
    return value


def demand_few(value: object, most: int, place: str) -> list:
    if not isinstance(value, list):
        raise Unclear(gettext_noop("A list is expected in the form (%(place)s)."), place=place)
    if len(value) > most:
        raise Unclear(
            gettext_noop("There is too much in the form (%(place)s): at most %(most)d fit."), place=place, most=most
        )
    return value


def demand_single(keys: list[str], place: str) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise Unclear(
            gettext_noop("Two things in the form have one key (%(place)s): %(keys)s."),
            place=place,
            keys=", ".join(twice),
        )


def clean_words(words: object, longest: int, place: str, *, may_be_empty: bool = False) -> dict[str, str]:
    given = demand_parts(words or {}, set(), set(LANGUAGES), place)
    kept = {language: clean_text(given.get(language) or "", longest) for language in LANGUAGES}
    if not may_be_empty and not any(kept.values()):
        raise Unclear(
            gettext_noop("Words are missing in both languages (%(place)s). Write them in one at least."), place=place
        )
    return kept


def any_words(words: object) -> bool:
    return any(words.values()) if isinstance(words, dict) else bool(words)


def clean_count(value: object, most: int, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise Unclear(
            gettext_noop("A whole number from 1 to %(most)d is expected in question %(key)s."), key=key, most=most
        )
    return value


def clean_flag(value: object, key: str) -> bool:
    if not isinstance(value, bool):
        raise Unclear(gettext_noop("Whether question %(key)s is required is said by true or false."), key=key)
    return value


# --- Keys -----------------------------------------------------------------------------------------------------------


def with_keys(rows: list[dict], pattern: re.Pattern, fresh: Iterable[str], place: str) -> list[dict]:
    """The rows, those without a key given the next free one."""
    taken = [row["key"] for row in rows if row.get("key")]
    for key in taken:
        if not isinstance(key, str) or not pattern.fullmatch(key):
            raise Unclear(
                gettext_noop("“%(key)s” can't be a key (%(place)s). Leave it out, and the portal makes one."),
                key=str(key)[:40],
                place=place,
            )
    demand_single(taken, place)
    free = (key for key in fresh if key not in taken)
    return [row if row.get("key") else {**row, "key": next(free)} for row in rows]


def section_keys() -> Iterable[str]:
    return ("".join(letters) for length in (1, 2) for letters in product(ascii_uppercase, repeat=length))


def given_keys(sections: list[dict]) -> list[object]:
    rows = [row for part in sections for row in demand_few(part["questions"], MOST_QUESTIONS, part["key"])]
    return [row.get("key") for row in rows if isinstance(row, dict)]


def question_keys(section: str, used: Iterable[object]) -> Iterable[str]:
    """Numbers go on from the last: the key of a question that was removed is not given to another at once."""
    taken = [number_of(key, section) for key in used]
    return (f"{section}{number}" for number in count(max(taken, default=0) + 1))


def number_of(key: object, section: str) -> int:
    rest = key.removeprefix(section) if isinstance(key, str) and key.startswith(section) else ""
    return int(rest) if rest.isascii() and rest.isdigit() else 0


def numbered(letter: str) -> Iterable[str]:
    return (f"{letter}{number}" for number in count(1))


def rekeyed(row: dict, was: str, becomes: str) -> dict:
    return {becomes if name == was else name: value for name, value in row.items()}


# --- Edits ----------------------------------------------------------------------------------------------------------


def find_section(form: dict, key: str) -> dict | None:
    return next((section for section in form["sections"] if section["key"] == key), None)


def section_with(form: dict, question: str) -> dict | None:
    held = (part for part in form["sections"] if any(item["key"] == question for item in part["questions"]))
    return next(held, None)


def add_section(form: dict, *, title: dict) -> dict:
    return {**form, "sections": [*form["sections"], {"title": title, "questions": []}]}


def rename_section(form: dict, *, key: str, title: dict) -> dict:
    return changed_section(form, key, lambda section: {**section, "title": title})


def move_section(form: dict, *, key: str, step: int) -> dict:
    return {**form, "sections": moved(form["sections"], key, step)}


def remove_section(form: dict, *, key: str) -> dict:
    section = find_section(form, key) or {"questions": []}
    going = {question["key"] for question in section["questions"]}
    demand_unneeded(form, going)
    return {**form, "sections": [part for part in form["sections"] if part["key"] != key]}


def add_question(form: dict, *, section: str, question: dict) -> dict:
    new = {name: value for name, value in question.items() if name != "key"}
    return changed_section(form, section, lambda part: {**part, "questions": [*part["questions"], new]})


def replace_question(form: dict, *, key: str, question: dict) -> dict:
    new = {**question, "key": key}

    def with_new(part: dict) -> dict:
        return {**part, "questions": [new if item["key"] == key else item for item in part["questions"]]}

    return changed_section(form, key_of_section(form, key), with_new)


def move_question(form: dict, *, key: str, step: int) -> dict:
    """One place up (−1) or down (1); from the edge of its section into the next one."""
    part = section_holding(form, key)
    if part["questions"][0 if step < 0 else -1]["key"] == key:
        return passed_on(form, key, step)

    def with_moved(part: dict) -> dict:
        return {**part, "questions": moved(part["questions"], key, step)}

    return changed_section(form, part["key"], with_moved)


def passed_on(form: dict, key: str, step: int) -> dict:
    """The question at the near edge of the neighbouring section; where there is none, everything stays."""
    places = [part["key"] for part in form["sections"]]
    held = key_of_section(form, key)
    place = places.index(held) + step
    if not 0 <= place < len(places):
        return form
    question = find_question(form, key)

    def with_it(part: dict) -> dict:
        rows = part["questions"]
        return {**part, "questions": [*rows, question] if step < 0 else [question, *rows]}

    return changed_section(without_question(form, key), places[place], with_it)


def remove_question(form: dict, *, key: str) -> dict:
    demand_unneeded(form, {key})
    return without_question(form, key)


def without_question(form: dict, key: str) -> dict:
    def without(part: dict) -> dict:
        return {**part, "questions": [item for item in part["questions"] if item["key"] != key]}

    return changed_section(form, key_of_section(form, key), without)


def key_of_section(form: dict, question: str) -> str:
    return section_holding(form, question)["key"]


def section_holding(form: dict, question: str) -> dict:
    section = section_with(form, question)
    if section is None:
        raise Unclear(gettext_noop("Question %(key)s is not in this form any more."), key=question)
    return section


def changed_section(form: dict, key: str, change: Callable[[dict], dict]) -> dict:
    if find_section(form, key) is None:
        raise Unclear(gettext_noop("Section %(key)s is not in this form any more."), key=key)
    return {**form, "sections": [change(part) if part["key"] == key else part for part in form["sections"]]}


def moved(rows: list[dict], key: str, step: int) -> list[dict]:
    """The row one place up (−1) or down (1); at the end it stays."""
    place = next((index for index, row in enumerate(rows) if row["key"] == key), 0)
    target = min(max(place + step, 0), len(rows) - 1)
    rest = [row for row in rows if row["key"] != key]
    return [*rest[:target], rows[place], *rest[target:]] if rows else []


def demand_unneeded(form: dict, going: set[str]) -> None:
    dependents = [
        question
        for question in questions_of(form)
        if question["key"] not in going and question.get("condition", {}).get("question") in going
    ]
    if dependents:
        raise StillNeeded(dependents)


def earlier_choices(form: dict, key: str | None, section: str) -> list[dict]:
    """The questions on whose options the question `key` (or a new one at the end of `section`) may wait."""
    earlier: list[dict] = []
    for part in form["sections"]:
        for question in part["questions"]:
            if question["key"] == key:
                return earlier
            if question["type"] in CHOICE_TYPES:
                earlier.append(question)
        if part["key"] == section and key is None:
            return earlier
    return earlier


def taken(form: dict) -> dict:
    """A copy for one project, without the sections that ask nothing."""
    kept = copy.deepcopy(form)
    return {**kept, "sections": [section for section in kept["sections"] if section["questions"]]}


def blank_question(kind: str) -> dict:
    """What a page for a new question begins with."""
    empty = dict.fromkeys(LANGUAGES, "")
    return {"type": kind, "label": {**empty}, "help": {**empty}, "minutes": USUAL_MINUTES, "required": True}
