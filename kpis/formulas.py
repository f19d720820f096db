"""Arithmetic over metrics, such as `(likes@vk + comments@vk) / reach@vk * 100`: read by a parser of its own. Pure.

Whatever is written is brought to one shape, `scale × above ÷ below + plus`, where above and below are sums of metrics
with fixed multipliers. That is what makes a longer period honest: the sums are made first and the division last, so
that a week is never a mean of its days' ratios. What can't be brought to that shape is refused with its place.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

LONGEST = 300
DEEPEST = 20
MOST_NAMES = 12
LARGEST_NUMBER = 10**9
LARGEST_TIMES = 10**12
#: What a point can hold: 18 digits before the fraction.
LARGEST_RESULT = 10**18
PLACES = Decimal("0.000001")

TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:[.,][0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:@[A-Za-z0-9_]+)?)|(?P<sign>[-+*/()]))"
)
#: What people type or paste for the four signs; each is one character, so that places stay what they are.
TYPED = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", ":": "/"})

MISSING = "missing"
NOTHING_TO_DIVIDE = "nothing_to_divide"
NOT_OVER_DAYS = "not_over_days"
TOO_LARGE = "too_large"

Linear = Mapping[str, Fraction]


class WrongFormula(Exception):
    """What is written can't be counted. `at` is the place in the text, from 0; `words` are what the sentence names."""

    def __init__(self, code: str, at: int = 0, words: str = "") -> None:
        super().__init__(f"{code} at {at}: {words}")
        self.code = code
        self.at = at
        self.words = words


@dataclass(frozen=True)
class Formula:
    """`scale × above ÷ below + plus`; `below` is empty where nothing is divided. Equal formulas count the same."""

    above: tuple[tuple[str, Fraction], ...]
    below: tuple[tuple[str, Fraction], ...] = ()
    scale: Fraction = Fraction(1)
    plus: Fraction = Fraction(0)

    @property
    def names(self) -> tuple[str, ...]:
        """The operands in the order of their first mention, above before below."""
        return tuple(dict.fromkeys(name for name, _times in (*self.above, *self.below)))


@dataclass(frozen=True)
class Outcome:
    """What came out: a value, or None with a reason; `missing` are the operands that had no number.

    `above` and `below` are the two sides of the division, before the scale; None when they are not known.
    """

    value: Decimal | None = None
    reason: str = ""
    missing: tuple[str, ...] = ()
    above: Decimal | None = None
    below: Decimal | None = None


# --- Reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int


END = "end"


def tokens_of(text: str) -> Iterator[Token]:
    if len(text) > LONGEST:
        raise WrongFormula("too_long", LONGEST)
    typed, at = text.translate(TYPED), 0
    while typed[at:].strip():
        found = TOKEN.match(typed, at)
        if found is None:
            at += len(typed[at:]) - len(typed[at:].lstrip())
            raise WrongFormula("strange_sign", at, text[at])
        kind = str(found.lastgroup)
        yield Token(kind, found[kind], found.start(kind))
        at = found.end()
    yield Token(END, "", len(text))


@dataclass(frozen=True)
class Part:
    """A part of a formula on the way to its shape: `above ÷ below + plus`. A bare number has neither side."""

    above: Linear
    below: Linear
    plus: Fraction = Fraction(0)

    @property
    def is_number(self) -> bool:
        return not self.above and not self.below


@lru_cache(maxsize=1024)
def parse(text: str) -> Formula:
    """The formula that is written. Raises WrongFormula with the place."""
    reader = Reader(list(tokens_of(text)))
    part = reader.read_sum()
    rest = reader.token
    if rest.kind != END:
        raise WrongFormula("bracket_not_open" if rest.text == ")" else "sign_expected", rest.at, rest.text)
    return shaped(part)


class Reader:
    """Goes through the tokens once; each method reads what binds tighter than its caller."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def take(self, signs: str) -> Token | None:
        token = self.token
        if token.kind != "sign" or token.text not in signs:
            return None
        self.position += 1
        return token

    def read_sum(self) -> Part:
        part = self.read_product()
        while sign := self.take("+-"):
            other = self.read_product()
            part = add(part, times(other, Fraction(-1)) if sign.text == "-" else other, sign.at)
        return part

    def read_product(self) -> Part:
        part = self.read_signed()
        while sign := self.take("*/"):
            join = multiply if sign.text == "*" else divide
            part = join(part, self.read_signed(), sign.at)
        return part

    def read_signed(self) -> Part:
        turned = False
        while sign := self.take("+-"):
            turned ^= sign.text == "-"
        part = self.read_atom()
        return times(part, Fraction(-1)) if turned else part

    def read_atom(self) -> Part:
        if opening := self.take("("):
            return self.read_brackets(opening)
        token = self.token
        if token.kind == END:
            raise WrongFormula("unfinished", token.at)
        if token.kind == "sign":
            raise WrongFormula("name_expected", token.at, token.text)
        self.position += 1
        return number_part(token) if token.kind == "number" else Part({token.text.lower(): Fraction(1)}, {})

    def read_brackets(self, opening: Token) -> Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise WrongFormula("too_deep", opening.at)
        part = self.read_sum()
        if not self.take(")"):
            raise WrongFormula("bracket_not_closed", opening.at)
        self.depth -= 1
        return part


def number_part(token: Token) -> Part:
    number = Fraction(token.text.replace(",", "."))
    if number > LARGEST_NUMBER or len(token.text) > 20:
        raise WrongFormula("number_too_large", token.at, token.text)
    return Part({}, {}, number)


# --- Bringing to one shape ------------------------------------------------------------------------------------------


def times(part: Part, number: Fraction) -> Part:
    return Part({name: number * each for name, each in part.above.items()}, part.below, part.plus * number)


def add(one: Part, other: Part, at: int) -> Part:
    if one.is_number or other.is_number:
        whole = other if one.is_number else one
        total = replace(whole, plus=one.plus + other.plus)
    elif one.below == other.below:
        total = Part(merged(one.above, other.above), one.below, one.plus + other.plus)
    else:
        raise WrongFormula("two_denominators", at)
    if total.plus and total.above and not total.below:
        raise WrongFormula("number_added", at)
    return total


def merged(one: Linear, other: Linear) -> Linear:
    return {name: one.get(name, Fraction(0)) + other.get(name, Fraction(0)) for name in {**one, **other}}


def multiply(one: Part, other: Part, at: int) -> Part:
    if one.is_number:
        return times(other, one.plus)
    if other.is_number:
        return times(one, other.plus)
    raise WrongFormula("product_of_metrics", at)


def divide(one: Part, other: Part, at: int) -> Part:
    if other.is_number:
        if not other.plus:
            raise WrongFormula("division_by_zero", at)
        return times(one, 1 / other.plus)
    if one.below or other.below or other.plus:
        raise WrongFormula("divided_twice", at)
    if not one.above:
        raise WrongFormula("number_divided", at)
    return Part(one.above, other.above)


def shaped(part: Part) -> Formula:
    above, below = without_zeros(part.above), without_zeros(part.below)
    if part.below and not below:
        raise WrongFormula("division_by_zero")
    if not above:
        raise WrongFormula("no_metric")
    top, bottom = common(above), common(below)
    formula = Formula(shrunk(above, top), shrunk(below, bottom), top / bottom, part.plus)
    if len(formula.names) > MOST_NAMES:
        raise WrongFormula("too_many_metrics")
    if max(abs(number) for number in (formula.scale, formula.plus, *above.values(), *below.values())) > LARGEST_TIMES:
        raise WrongFormula("number_too_large")
    return formula


def without_zeros(linear: Linear) -> Linear:
    return {name: each for name, each in linear.items() if each}


def common(linear: Linear) -> Fraction:
    """The multiplier that all of them share, but for the sign; 1 when they share none."""
    sizes = {abs(each) for each in linear.values()}
    return sizes.pop() if len(sizes) == 1 else Fraction(1)


def shrunk(linear: Linear, by: Fraction) -> tuple[tuple[str, Fraction], ...]:
    return tuple((name, each / by) for name, each in linear.items())


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The same formula, as it is written, with other names for its operands."""
    written = list(text)
    for token in reversed([token for token in tokens_of(text) if token.kind == "name"]):
        written[token.at : token.at + len(token.text)] = names.get(token.text.lower(), token.text)
    return "".join(written).strip()


def places_of(text: str) -> dict[str, int]:
    """Where each operand is first mentioned."""
    places: dict[str, int] = {}
    for token in tokens_of(text):
        if token.kind == "name":
            places.setdefault(token.text.lower(), token.at)
    return places


# --- Counting -------------------------------------------------------------------------------------------------------


def evaluate(formula: Formula, values: Mapping[str, Decimal | None]) -> Outcome:
    """The formula over sums that are made already; to a millionth."""
    known = {name: value for name in formula.names if (value := values.get(name)) is not None}
    missing = tuple(name for name in formula.names if name not in known)
    if missing:
        return Outcome(reason=MISSING, missing=missing)
    above = total(formula.above, known)
    below = total(formula.below, known) if formula.below else Fraction(1)
    sides = Outcome(above=as_decimal(above), below=as_decimal(below) if formula.below else None)
    if not below:
        return replace(sides, reason=NOTHING_TO_DIVIDE)
    result = formula.scale * above / below + formula.plus
    if abs(result) >= LARGEST_RESULT:
        return replace(sides, reason=TOO_LARGE)
    return replace(sides, value=as_decimal(result))


def total(side: tuple[tuple[str, Fraction], ...], known: Mapping[str, Decimal]) -> Fraction:
    return sum((times * Fraction(known[name]) for name, times in side), Fraction(0))


def as_decimal(number: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(PLACES)


def over_days(
    formula: Formula,
    days: Sequence[Mapping[str, Decimal | None]],
    *,
    stocks: Collection[str] = (),
    people: Collection[str] = (),
    per_day: bool = False,
) -> Outcome:
    """The formula over several days in their order, as a ratio of sums: only days on which every operand has a number
    count, above and below alike. `stocks` are taken on the last of them; `people` are never added up.

    `per_day`: what is summed is divided by the days, which leaves a ratio of sums as it is and makes a mean day of the
    rest: comparable with the number of one day.
    """
    whole = [day for day in days if all(day.get(name) is not None for name in formula.names)]
    if not whole:
        missing = tuple(name for name in formula.names if all(day.get(name) is None for day in days))
        return Outcome(reason=MISSING, missing=missing)
    if len(days) > 1 and set(people) & set(formula.names):
        return Outcome(reason=NOT_OVER_DAYS, missing=tuple(name for name in formula.names if name in people))
    return evaluate(formula, {name: put_together(name, whole, stocks, per_day) for name in formula.names})


def put_together(
    name: str, days: Sequence[Mapping[str, Decimal | None]], stocks: Collection[str], per_day: bool
) -> Decimal | None:
    if name in stocks:
        return days[-1][name]
    summed = sum((day[name] or Decimal(0) for day in days), Decimal(0))
    return summed / len(days) if per_day else summed
