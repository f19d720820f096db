"""Making, changing and retiring a project's own formulas; beginning what the catalogue can count."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import computing, rules
from kpis.actions.kpis import check_open, lock
from kpis.formula_words import say_wrong
from kpis.formulas import WrongFormula
from kpis.models import Formula, Source
from kpis.queries.formulas import Resolved, resolve
from projects.models import Project
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

MOST_FORMULAS = 100
#: What a person says of a formula.
FIELDS = ("name", "expression", "unit", "decimals", "direction")


@transaction.atomic
def make_formula(project: Project, *, by: User, **fields: object) -> Formula:
    """Begin a formula with all the history that its operands have."""
    demand_formulas(by, project)
    lock(project)
    check_open(project)
    if Formula.objects.filter(project=project).count() >= MOST_FORMULAS:
        raise Refused(_("A project has room for 100 formulas and their versions."), code="too-many-formulas")
    return keep(Formula(project=project, created_by=by, **fields), by=by)


@transaction.atomic
def change_formula(formula: Formula, *, by: User, **fields: object) -> Formula:
    """The next version; what was agreed about this one stays with it. Saying the same again changes nothing."""
    demand_formulas(by, formula.project)
    lock(formula.project)
    check_open(formula.project)
    formula = Formula.objects.select_related("project").get(pk=formula.pk)
    refuse_old(formula)
    said = {name: fields.get(name, getattr(formula, name)) for name in FIELDS}
    said["expression"] = understood(formula.project, str(said["expression"])).expression
    if all(said[name] == getattr(formula, name) for name in FIELDS):
        return formula
    newer = Formula(project=formula.project, created_by=by, version=formula.version + 1, previous=formula, **said)
    return keep(newer, by=by)


@transaction.atomic
def retire_formula(formula: Formula, *, by: User) -> Formula:
    """Offer it for no new KPI. Its numbers are kept, and counted on for the KPIs that stand on it."""
    demand_formulas(by, formula.project)
    lock(formula.project)
    formula = Formula.objects.select_related("project").get(pk=formula.pk)
    refuse_old(formula)
    formula.retired_at = timezone.now()
    formula.save(update_fields=["retired_at"])
    record("formula.retired", about=formula, by=by, project=formula.project, name=formula.name)
    return formula


def keep(formula: Formula, *, by: User) -> Formula:
    resolved = understood(formula.project, formula.expression)
    formula.expression = resolved.expression
    formula.source = source_for(formula)
    formula.save()
    computing.begin(
        formula.source, formula.code, formula.expression, version=formula.version, operands=resolved.operands
    )
    record(
        "formula.made",
        about=formula,
        by=by,
        project=formula.project,
        name=formula.name,
        version=formula.version,
        expression=formula.expression,
    )
    return formula


def source_for(formula: Formula) -> Source:
    number = Formula.objects.filter(project=formula.project_id).count() + 1
    return Source.objects.create(
        project=formula.project,
        platform=Source.FORMULA,
        external_id=str(number),
        title=formula.name if formula.version == 1 else f"{formula.name}, v{formula.version}",
        timezone=formula.project.timezone,
        connected_by=formula.created_by,
    )


def understood(project: Project, text: str) -> Resolved:
    try:
        return resolve(project, text)
    except WrongFormula as wrong:
        code = f"formula-{wrong.code.replace('_', '-')}"
        raise Refused(say_wrong(wrong), code=code, at=wrong.at) from None


def refuse_old(formula: Formula) -> None:
    if Formula.objects.filter(previous=formula).exists():
        raise Refused(_("This formula has a newer version. Change that one."), code="formula-not-newest")
    if formula.retired_at:
        raise Refused(_("This formula is retired. Make a new one."), code="formula-retired")


def demand_formulas(by: User, project: Project) -> None:
    demand(
        rules.can_make_formulas(by, project),
        _("The agency’s people write formulas down; the client agrees to them by signing."),
    )
