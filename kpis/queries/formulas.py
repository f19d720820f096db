"""A project's formulas: which names they may use, what they mean, and how they come out day by day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kpis import formulas
from kpis.formula_words import plain_name, say_denominator, say_formula
from kpis.formulas import Outcome, WrongFormula, parse, places_of, renamed
from kpis.metrics import METRICS, PEOPLE, SHARES
from kpis.models import Formula, Kpi, MetricSeries, Operand, Source
from kpis.queries.lines import say_reason
from kpis.queries.metrics import in_order
from kpis.queries.periods import Way, days_of
from projects.models import Project

SHOWN_DAYS = 14

Key = tuple[int, str]


@dataclass(frozen=True)
class Offer:
    """One source whose metrics a formula may name, and its alias."""

    source: Source
    alias: str
    codes: Sequence[str]

    @property
    def names(self) -> list[tuple[str, str]]:
        """«likes@vk» and what it is."""
        return [(f"{code}@{self.alias}", str(METRICS[code].name)) for code in self.codes]


@dataclass(frozen=True)
class Resolved:
    """A formula with every name in full, and what each name stands for: the id of a source and a metric."""

    expression: str
    formula: formulas.Formula
    operands: Mapping[str, Key]
    titles: Mapping[str, str]

    @property
    def words(self) -> str:
        return say_formula(self.formula, self.titles)

    @property
    def denominator(self) -> str:
        return say_denominator(self.formula, self.titles)


@dataclass(frozen=True)
class Row:
    """One day of a formula: both sides of the division, and what came out."""

    day: date
    outcome: Outcome

    @property
    def sentence(self) -> str:
        """Why there is no result, with every operand that has no number; empty where there is one."""
        if self.outcome.missing:
            names = ", ".join(plain_name(name) for name in self.outcome.missing)
            return _("There is no number: %(names)s.") % {"names": names}
        return say_reason(self.outcome.reason) if self.outcome.reason else ""


# --- Names -----------------------------------------------------------------------------------------------------------


def offers_of(project: Project) -> list[Offer]:
    """The project's sources with what they tell; the alias is the platform, numbered from the second one on, and so
    stays the same for good."""
    kept: dict[int, set[str]] = {}
    for source_id, code in MetricSeries.objects.filter(source__project=project).values_list("source", "metric"):
        kept.setdefault(source_id, set()).add(code)
    seen: Counter = Counter()
    offers = []
    for source in Source.objects.filter(project=project).exclude(platform=Source.FORMULA).order_by("pk"):
        seen[source.platform] += 1
        alias = source.platform if seen[source.platform] == 1 else f"{source.platform}{seen[source.platform]}"
        codes = in_order({*kept.get(source.pk, ()), *source.told})
        offers.append(Offer(source, alias, [code for code in codes if code not in SHARES]))
    return offers


def resolve(project: Project, text: str) -> Resolved:
    """What is typed, with every name in full. Raises WrongFormula."""
    parse(text)
    offers = {offer.alias: offer for offer in offers_of(project)}
    full = {name: full_name(name, at, offers) for name, at in places_of(text).items()}
    expression = renamed(text, full)
    formula = parse(expression)
    refuse_added_people(formula, places_of(expression))
    chosen = {name: name.partition("@") for name in formula.names}
    return Resolved(
        expression=expression,
        formula=formula,
        operands={name: (offers[alias].source.pk, code) for name, (code, _at, alias) in chosen.items()},
        titles={
            name: f"{METRICS[code].name} ({offers[alias].source.title})" for name, (code, _at, alias) in chosen.items()
        },
    )


def full_name(name: str, at: int, offers: Mapping[str, Offer]) -> str:
    code, has_alias, alias = name.partition("@")
    if code not in METRICS:
        raise WrongFormula("unknown_metric", at, name)
    if code in SHARES:
        raise WrongFormula("share_in_formula", at, name)
    if has_alias and alias not in offers:
        raise WrongFormula("unknown_source", at, alias)
    givers = [offer.alias for offer in offers.values() if code in offer.codes and (not alias or offer.alias == alias)]
    if not givers:
        raise WrongFormula("not_told" if alias else "unknown_metric", at, code)
    if len(givers) > 1:
        raise WrongFormula("several_sources", at, code)
    return f"{code}@{givers[0]}"


def refuse_added_people(formula: formulas.Formula, places: Mapping[str, int]) -> None:
    for side in (formula.above, formula.below):
        people = [name for name, _times in side if name.partition("@")[0] in PEOPLE]
        if len(people) > 1:
            raise WrongFormula("people_added", places[people[1]], people[1])


# --- Day by day ------------------------------------------------------------------------------------------------------


def preview(resolved: Resolved, *, last: date, days: int = SHOWN_DAYS) -> list[Row]:
    """How it comes out on the last days, newest first; nothing is kept."""
    wanted = {key: name for name, key in resolved.operands.items()}
    series = MetricSeries.objects.filter(source__in={source_id for source_id, _code in wanted})
    ids = {wanted[key]: row.pk for row in series if (key := (row.source_id, row.metric)) in wanted}
    return rows_of(Way(resolved.formula, ids), last, days)


def rows_of(way: Way, last: date, days: int) -> list[Row]:
    known = days_of(way, last - timedelta(days=days - 1), last)
    shown = (last - timedelta(days=number) for number in range(days))
    return [Row(day, formulas.evaluate(way.formula, known.get(day, {}))) for day in shown]


def resolved_of(formula: Formula) -> Resolved:
    """A formula that is kept, by the operands it was made with."""
    operands = list(Operand.objects.filter(computed__series__source=formula.source_id).select_related("series__source"))
    return Resolved(
        expression=formula.expression,
        formula=formula.parsed,
        operands={operand.name: (operand.series.source_id, operand.series.metric) for operand in operands},
        titles={operand.name: title_of(operand) for operand in operands},
    )


def title_of(operand: Operand) -> str:
    return f"{plain_name(operand.series.metric)} ({operand.series.source.title})"


def versions_of(formula: Formula) -> list[Formula]:
    """Every version of it, the newest first."""
    found = {row.pk: row for row in Formula.objects.filter(project=formula.project_id).select_related("created_by")}
    after = {row.previous_id: row for row in found.values() if row.previous_id}
    first = found[formula.pk]
    while first.previous_id:
        first = found[first.previous_id]
    chain = [first]
    while chain[-1].pk in after:
        chain.append(after[chain[-1].pk])
    return chain[::-1]


def kpis_on(formula: Formula) -> list[Kpi]:
    return list(Kpi.objects.filter(source=formula.source_id).select_related("source"))
