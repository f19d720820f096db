from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis import rules
from kpis.actions.formulas import change_formula, demand_formulas, make_formula, refuse_old, retire_formula
from kpis.actions.kpis import check_open
from kpis.forms.formulas import FormulaForm
from kpis.formula_words import say_together
from kpis.models import Formula
from kpis.queries import formulas as queries
from kpis.queries.sources import cards_of
from kpis.queries.standings import today_of
from projects.models import Project
from smmportal.refusals import carried_out


@login_required
@require_safe
def show_formula(request: HttpRequest, pk: int) -> HttpResponse:
    formula = find(request, pk)
    resolved, today = queries.resolved_of(formula), today_of(formula.project)
    versions = queries.versions_of(formula)
    is_open = formula == versions[0] and formula.retired_at is None and formula.project.is_open
    context = {
        "formula": formula,
        "resolved": resolved,
        "rows": queries.preview(resolved, last=today),
        "card": next(iter(cards_of(formula.source, today=today)), None),
        "together": say_together(formula.metric),
        "versions": versions,
        "kpis": queries.kpis_on(formula),
        "may_change": is_open and rules.can_make_formulas(request.user, formula.project),
    }
    return render(request, "kpis/formula.html", {**of(formula.project), **context})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)
    demand_formulas(request.user, project)
    check_open(project)
    form = FormulaForm(request.POST or None, project=project)
    if is_to_keep(request, form):
        formula = carried_out(form, make_formula, project=project, by=request.user, **form.cleaned_data)
        if formula:
            messages.success(request, _("“%(formula)s” is counted from now on.") % {"formula": formula})
            return redirect(formula)
    return show_form(request, project, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    formula = find(request, pk)
    demand_formulas(request.user, formula.project)
    refuse_old(formula)
    form = FormulaForm(request.POST or None, project=formula.project, formula=formula)
    if is_to_keep(request, form):
        newer = carried_out(form, change_formula, formula=formula, by=request.user, **form.cleaned_data)
        if newer:
            messages.success(request, _("This is version %(number)s.") % {"number": newer.version})
            return redirect(newer)
    return show_form(request, formula.project, form, formula)


@login_required
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    formula = retire_formula(find(request, pk), by=request.user)
    messages.success(request, _("“%(formula)s” is retired. Its numbers are kept.") % {"formula": formula})
    return redirect(formula)


def is_to_keep(request: HttpRequest, form: FormulaForm) -> bool:
    """Trying it out keeps nothing."""
    return form.is_valid() and "preview" not in request.POST


def show_form(
    request: HttpRequest, project: Project, form: FormulaForm, formula: Formula | None = None
) -> HttpResponse:
    rows = queries.preview(form.resolved, last=today_of(project)) if form.resolved else []
    context = {"form": form, "formula": formula, "rows": rows, "offers": queries.offers_of(project)}
    return render(request, "kpis/formula_form.html", {**of(project), **context, "resolved": form.resolved})


def find(request: HttpRequest, pk: int) -> Formula:
    seen = Formula.objects.visible_to(request.user).select_related("source", "created_by")
    return get_object_or_404(seen.select_related("project__agency", "project__client", "source__formula"), pk=pk)


def of(project: Project) -> dict:
    return {"project": project, "section": "sources"}
