"""What a formula says, in words, and what is wrong with one that can't be counted."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from kpis.formulas import DEEPEST, LONGEST, MOST_NAMES, Formula, WrongFormula, as_decimal
from kpis.metrics import METRICS, PEOPLE, Metric
from smmportal.formatting import format_number


def say_wrong(wrong: WrongFormula) -> str:
    """The sentence for whoever typed it, with the place."""
    words = {"sign": wrong.words, "longest": LONGEST, "deepest": DEEPEST, "most": MOST_NAMES}
    sentence = SENTENCES[wrong.code]() % words
    return _("Character %(place)s: %(sentence)s") % {"place": wrong.at + 1, "sentence": sentence}


SENTENCES = {
    "too_long": lambda: _("the formula is longer than %(longest)s characters. Shorten it."),
    "strange_sign": lambda: _("“%(sign)s” has no meaning in a formula. Use names, numbers, brackets and + - * /."),
    "unfinished": lambda: _("the formula breaks off here. A number or the name of a metric is missing."),
    "name_expected": lambda: _("there should be a number or the name of a metric here, not “%(sign)s”."),
    "sign_expected": lambda: _("a sign is missing before “%(sign)s”: + - * or /."),
    "bracket_not_open": lambda: _("this bracket closes nothing."),
    "bracket_not_closed": lambda: _("this bracket is never closed."),
    "too_deep": lambda: _("more than %(deepest)s brackets stand one in another. Make it simpler."),
    "too_many_metrics": lambda: _("more than %(most)s metrics are named. Make it simpler."),
    "number_too_large": lambda: _("this number is too large for a formula."),
    "two_denominators": lambda: _(
        "parts with different denominators can't be added up: their sums would mean nothing. Keep to one denominator."
    ),
    "number_added": lambda: _(
        "a bare number can't be added to what is counted by day: over a week it would be added seven times, or once. "
        "It can be added to a share."
    ),
    "product_of_metrics": lambda: _("two metrics can't be multiplied. Multiply a metric by a number."),
    "number_divided": lambda: _("there should be a metric above the division line, not a bare number."),
    "divided_twice": lambda: _("only one division by metrics can be made. Write it as one fraction."),
    "division_by_zero": lambda: _("this divides by zero."),
    "no_metric": lambda: _("the formula names no metric, so it always says the same."),
    "unknown_metric": lambda: _("there is no metric “%(sign)s”. Choose a name from the list."),
    "unknown_source": lambda: _("the project has no source “%(sign)s”. Choose a name from the list."),
    "not_told": lambda: _("“%(sign)s” is not given by this source. Choose a name from the list."),
    "several_sources": lambda: _(
        "several sources give “%(sign)s”. Say which one, with its name after @, as in the list."
    ),
    "share_in_formula": lambda: _(
        "“%(sign)s” is itself a share or a middle value, and such numbers can't be put together. Use its parts."
    ),
    "people_added": lambda: _(
        "“%(sign)s” counts different people, and they can't be added to other people: some are the same. Leave one."
    ),
}


# --- In words --------------------------------------------------------------------------------------------------------


def say_formula(formula: Formula, names: Mapping[str, str] | None = None) -> str:
    """«“Likes + Comments” divided by “Reach”, multiplied by 100». `names`: what each operand is called."""
    words = say_side(formula.above, names)
    if formula.below:
        words = _("“%(above)s” divided by “%(below)s”") % {
            "above": words,
            "below": say_side(formula.below, names),
        }
    if formula.scale != 1:
        words = _("%(words)s, multiplied by %(number)s") % {"words": words, "number": say_number(formula.scale)}
    if formula.plus:
        sentence = _("%(words)s, plus %(number)s") if formula.plus > 0 else _("%(words)s, minus %(number)s")
        words = sentence % {"words": words, "number": say_number(abs(formula.plus))}
    return words


def say_side(side: tuple[tuple[str, Fraction], ...], names: Mapping[str, str] | None = None) -> str:
    """«Likes + 2 × Comments − Saves»."""
    said = ""
    for name, times in side:
        sign = ("− " if times < 0 else "") if not said else (" − " if times < 0 else " + ")
        size = "" if abs(times) == 1 else f"{say_number(abs(times))} × "
        said += f"{sign}{size}{(names or {}).get(name) or plain_name(name)}"
    return said


def say_number(number: Fraction) -> str:
    return format_number(as_decimal(number).normalize() + Decimal(0))


def plain_name(operand: str) -> str:
    """«Likes (vk)» for `likes@vk`."""
    code, _at, alias = operand.partition("@")
    name = str(METRICS[code].name) if code in METRICS else code
    return f"{name} ({alias})" if alias else name


def say_denominator(formula: Formula, names: Mapping[str, str] | None = None) -> str:
    return say_side(formula.below, names)


def say_together(metric: Metric) -> str:
    """How the days of a longer time become one number."""
    if metric.aggregation == "not_additive":
        return _("Only told for single days: the days can't be put together.")
    if metric.weighted_by in PEOPLE:
        return _("Only told for single days: the different people of several days can't be added up.")
    if metric.aggregation == "last":
        return _("Of several days the last one counts.")
    if metric.aggregation == "sum":
        return _("Days are added up.")
    return _("Over several days the sums are made first and the division last; it is never a mean of the days.")
