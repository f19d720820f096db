"""A question of a template as its page sends it: read as it was typed, judged only when it is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest

from django.http import QueryDict

from projects import blueprint
from projects.answers import TYPES
from projects.models import BriefTemplate
from smmportal.inputs import whole_number
from smmportal.people.models import User
from smmportal.refusals import Refused

SPARE_ROWS = 3


@dataclass
class Draft:
    """What stands on the page of one question; `error` says why it was not kept, `stored` how it stands meanwhile."""

    question: dict
    error: str = ""
    stored: dict | None = None

    @property
    def kind(self) -> str:
        return self.question["type"]

    @property
    def has_choices(self) -> bool:
        return self.kind in blueprint.CHOICE_TYPES

    @property
    def takes_note(self) -> bool:
        return self.kind in blueprint.NOTE_TYPES

    @property
    def choices(self) -> list[dict]:
        return [*self.question.get("choices", []), *[{}] * SPARE_ROWS]

    @property
    def columns(self) -> list[dict]:
        return [*self.question.get("columns", []), *[{}] * SPARE_ROWS]

    @property
    def row_labels(self) -> list[dict]:
        return [*self.question.get("row_labels", []), *[{}] * SPARE_ROWS]

    @property
    def waits_for(self) -> set[str]:
        """The chosen options as the page's boxes spell them: «D1:leads»."""
        condition = self.question.get("condition") or {}
        return {f"{condition['question']}:{value}" for value in condition.get("choice", [])}


def blank(kind: str) -> Draft:
    return Draft(blueprint.blank_question(kind if kind in TYPES else "long_text"))


def read_question(sent: QueryDict, was: dict | None = None) -> dict:
    """The question as it was typed. An option keeps its value when its words in either language are still there."""
    kind = sent.get("type", "")
    question = {
        "type": kind if kind in TYPES else "long_text",
        "label": words(sent, "label"),
        "help": words(sent, "help"),
        "minutes": whole(sent.get("minutes", "")),
        "required": "required" in sent,
    }
    if question["type"] in blueprint.CHOICE_TYPES:
        question["choices"] = read_choices(sent)
    if question["type"] in blueprint.NOTE_TYPES:
        question["note"] = words(sent, "note")
    if question["type"] == "table":
        question |= read_table(sent, was or {})
    condition = read_condition(sent.getlist("condition"))
    return {**question, "condition": condition} if condition else question


def words(sent: QueryDict, name: str) -> dict[str, str]:
    return {language: sent.get(f"{name}_{language}", "") for language in blueprint.LANGUAGES}


def rows(sent: QueryDict, name: str, *parts: str) -> list[tuple[str, ...]]:
    """The rows of inputs that stand one under another; those without a word in either language are left out."""
    columns = [sent.getlist(f"{name}_{part}") for part in ("ru", "en", *parts)]
    return [row for row in zip(*columns, strict=False) if row[0].strip() or row[1].strip()]


def read_choices(sent: QueryDict) -> list[dict]:
    return [
        {"label": {"ru": ru, "en": en}, **({"value": value} if value else {})}
        for ru, en, value in rows(sent, "choice", "value")
    ]


def read_table(sent: QueryDict, was: dict) -> dict:
    known = {column["key"]: column for column in was.get("columns", [])}
    columns = [
        {
            **read_column(kind, known.get(key, {}), options_ru, options_en),
            "label": {"ru": ru, "en": en},
            **({"key": key} if key else {}),
        }
        for ru, en, key, kind, options_ru, options_en in rows(sent, "column", "key", "type", "options_ru", "options_en")
    ]
    labels = [{"ru": ru, "en": en} for ru, en in rows(sent, "row")]
    return {"columns": columns, **({"row_labels": labels} if labels else {"most": whole(sent.get("most", ""))})}


def read_column(kind: str, was: dict, options_ru: str, options_en: str) -> dict:
    if kind != "one_of":
        return {"type": kind}
    pairs = zip_longest(options_ru.splitlines(), options_en.splitlines(), fillvalue="")
    options = [(ru.strip(), en.strip()) for ru, en in pairs]
    return {"type": kind, "choices": read_options([pair for pair in options if any(pair)], was.get("choices", []))}


def read_options(options: list[tuple[str, str]], was: list[dict]) -> list[dict]:
    values = {
        (language, words): choice["value"] for choice in was for language, words in choice["label"].items() if words
    }
    kept, used = [], set()
    for ru, en in options:
        value = values.get(("ru", ru)) or values.get(("en", en), "")
        fresh = value and value not in used
        kept.append({"label": {"ru": ru, "en": en}, **({"value": value} if fresh else {})})
        used.add(value)
    return kept


def read_condition(chosen: list[str]) -> dict | None:
    """The boxes «D1:leads»; those of several questions are kept apart by the judge, who knows only one."""
    pairs = [tuple(box.split(":", 1)) for box in chosen if ":" in box]
    if not pairs:
        return None
    questions = list(dict.fromkeys(question for question, _value in pairs))
    return {"question": ", ".join(questions), "choice": [value for _question, value in pairs]}


def whole(text: str) -> int:
    """0 for what is no number: the judge refuses it in words."""
    return whole_number(text, longest=5) or 0


@dataclass
class Editing:
    """One edit of a template's form, as somebody saw it; `error` says why it was not kept."""

    template: BriefTemplate
    by: User
    revision: int
    error: str = ""
    code: str = field(default="", repr=False)

    def put(self, verb: Callable[..., BriefTemplate], **said: object) -> BriefTemplate | None:
        try:
            return verb(self.template, revision=self.revision, by=self.by, **said)
        except Refused as refusal:
            self.error, self.code = str(refusal.sentence), refusal.code
            return None
