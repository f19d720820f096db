"""A part of an account: «only visits from social networks». What can be asked for, and how it is written down.

Conditions hold together (all of them), each filter at most once. Their one spelling is canonical JSON, so that the same
part is the same text, whoever asked for it and in whatever order.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise

IS, CONTAINS, BEGINS = "is", "contains", "begins"
OPERATORS: dict[str, Text] = {
    IS: gettext_lazy("is exactly"),
    CONTAINS: gettext_lazy("contains"),
    BEGINS: gettext_lazy("begins with"),
}
MOST_CONDITIONS = 5
LONGEST_VALUE = 120
#: In letters, with everything around the values.
LONGEST_FILTER = 500


class NoSuchPart(ValueError):
    """These conditions are none that the platform understands. `sentence` is for the reader."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Condition:
    """«utm_campaign is лето»: a filter's name, one of its operators, and the value as the platform knows it."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True)
class Choice:
    """One value that may be asked for, and what people call it."""

    value: str
    title: Text


@dataclass(frozen=True)
class Filter:
    """One way to narrow an account down.

    `field` is the platform's own name of it. With `choices` the value is one of them; `is_listed`: it is one of those
    that the platform itself lists for the account (`Connector.values`); else it is free text, and what the platform
    lists is only suggested.
    """

    name: str
    field: str
    label: Text
    help: Text = ""
    operators: tuple[str, ...] = (IS,)
    choices: tuple[Choice, ...] = ()
    is_listed: bool = False
    #: What free text must look like, where the platform's language of filters has no quoting.
    pattern: str = ""

    def say(self, condition: Condition, title: str = "") -> str:
        """«только из соцсетей»; «UTM-кампания: лето», to stand inside a title. `title`: what the platform calls the
        value."""
        for choice in self.choices:
            if choice.value == condition.value:
                return str(choice.title)
        words = {"filter": as_inside(str(self.label)), "value": title or condition.value}
        sentences = {
            CONTAINS: _("%(filter)s contains ‘%(value)s’"),
            BEGINS: _("%(filter)s begins with ‘%(value)s’"),
        }
        return sentences.get(condition.operator, _("%(filter)s: %(value)s")) % words


def as_inside(label: str) -> str:
    """A label inside a sentence: «цель», but «UTM-кампания»."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def write_filter(conditions: Iterable[Condition]) -> str:
    """The one spelling of these conditions; nothing for the whole account."""
    rows = sorted([one.name, one.operator, one.value] for one in conditions)
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else ""


def read_filter(text: str) -> tuple[Condition, ...]:
    return tuple(Condition(*row) for row in json.loads(text)) if text else ()


def say_filter(filters: Sequence[Filter], conditions: Iterable[Condition], titles: Mapping[str, str]) -> str:
    """The conditions in the reader's language, joined by commas."""
    named = {one.name: one for one in filters}
    return ", ".join(
        named[one.name].say(one, titles.get(one.name, "")) if one.name in named else one.value for one in conditions
    )


def check_conditions(filters: Sequence[Filter], conditions: Sequence[Condition]) -> None:
    """Raises NoSuchPart with a sentence for what can't be asked."""
    named = {one.name: one for one in filters}
    if not conditions:
        raise NoSuchPart(_("Say what part of the account you want."))
    for condition in conditions:
        if condition.name not in named:
            raise NoSuchPart(_("This platform can't be narrowed down by “%(name)s”.") % {"name": condition.name[:60]})
        check_condition(named[condition.name], condition)
    if len({one.name for one in conditions}) < len(conditions):
        raise NoSuchPart(_("The source is narrowed down by this already. Begin from the whole account."))
    if len(conditions) > MOST_CONDITIONS or len(write_filter(conditions)) > LONGEST_FILTER:
        raise NoSuchPart(_("That is too many conditions at once. Leave some out."))


def check_condition(filter: Filter, condition: Condition) -> None:
    value = condition.value
    if condition.operator not in filter.operators:
        raise NoSuchPart(_("“%(filter)s” can't be compared like that.") % {"filter": filter.label})
    if not value.strip() or value != value.strip() or not value.isprintable():
        raise NoSuchPart(_("Write the value of “%(filter)s” in one line.") % {"filter": filter.label})
    if len(value) > LONGEST_VALUE:
        raise NoSuchPart(_("“%(filter)s” has at most 120 letters.") % {"filter": filter.label})
    if filter.pattern and not re.fullmatch(filter.pattern, value, re.ASCII):
        raise NoSuchPart(_("“%(value)s” does not look like it. %(help)s") % {"value": value, "help": filter.help})
    if filter.choices and value not in {choice.value for choice in filter.choices}:
        raise NoSuchPart(_("Choose one of the list."))
