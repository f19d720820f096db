from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpis import rules
from kpis.actions import alerts as actions
from kpis.actions import thresholds
from kpis.alert_words import facts_of, legend, next_move, sentence_of
from kpis.forms.alerts import AlertSightForm, ClosingForm, ExplanationForm, OwnerForm, ThresholdForm
from kpis.models import Alert, AlertThreshold, Kpi
from kpis.queries.alerts import chosen, heirs_of, in_order, with_words, works_in_agency
from kpis.queries.standings import for_page
from projects.models import Project
from smmportal.people.models import Side
from smmportal.refusals import carried_out

PAGE = 50


@login_required
@require_safe
def list_alerts(request: HttpRequest) -> HttpResponse:
    """What this person is to look after in all their projects, or everything they see."""
    sees_all = request.GET.get("whose") == "all"
    seen = Alert.objects.visible_to(request.user).filter(project__closed_at=None)
    sight = AlertSightForm(request.GET, projects=Project.objects.visible_to(request.user).open())
    rows = chosen(seen if sees_all else seen.of(request.user), **sight.sight)
    whose = [("", _("Mine")), ("all", _("All that I see"))]
    context = {"page": page_of(request, rows), "sight": sight, "whose": whose, "whose_now": "all" if sees_all else ""}
    context["legend"] = legend(for_agency=works_in_agency(request.user))
    return render(request, "kpis/alerts.html", {**context, "keeps": ("whose", "all") if sees_all else None})


@login_required
@require_safe
def list_project_alerts(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)
    sight = AlertSightForm(request.GET)
    rows = chosen(Alert.objects.visible_to(request.user).filter(project=project), **sight.sight)
    context = {"project": project, "section": "board", "page": page_of(request, rows), "sight": sight}
    context["legend"] = legend(for_agency=project.side_of(request.user) is Side.AGENCY)
    return render(request, "kpis/project_alerts.html", context)


def page_of(request: HttpRequest, rows: QuerySet[Alert]):
    return Paginator(in_order(with_words(rows)), PAGE).get_page(request.GET.get("page"))


# --- One alert ------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def show_alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Opened by the side whose move it is, it is seen."""
    return show(request, actions.see(find(request, pk), by=request.user))


def show(request: HttpRequest, alert: Alert, **forms) -> HttpResponse:
    people = heirs_of(alert)
    may_tend = alert.is_standing and alert.project.is_open and rules.can_tend_alert(request.user, alert)
    usual = {
        "explanation_form": ExplanationForm(initial={"words": alert.explanation}, auto_id="id_explanation_%s"),
        "closing_form": ClosingForm(alert=alert, auto_id="id_closing_%s"),
        "owner_form": OwnerForm(alert=alert, people=people, auto_id="id_owner_%s"),
    }
    context = {
        "project": alert.project,
        "section": "board",
        "alert": alert,
        "sentence": sentence_of(alert),
        "facts": facts_of(alert.kind, alert.evidence),
        "move": next_move(alert.kind),
        "may_tend": may_tend,
        "has_heirs": bool(people),
        **usual,
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "kpis/alert.html", context, status=status)


@login_required
@require_POST
def explain_alert(request: HttpRequest, pk: int) -> HttpResponse:
    alert = find(request, pk)
    form = ExplanationForm(request.POST, auto_id="id_explanation_%s")
    if form.is_valid() and carried_out(form, actions.explain, alert=alert, by=request.user, **form.cleaned_data):
        messages.success(request, _("Said. Whoever sees this alert reads it here."))
        return redirect(alert)
    return show(request, alert, explanation_form=form)


@login_required
@require_POST
def close_alert(request: HttpRequest, pk: int) -> HttpResponse:
    alert = find(request, pk)
    form = ClosingForm(request.POST, alert=alert, auto_id="id_closing_%s")
    if form.is_valid() and carried_out(form, actions.close, alert=alert, by=request.user, **form.cleaned_data):
        messages.success(request, _("Closed. It stays closed for a while, unless it gets worse."))
        return redirect("kpis:project_alerts", alert.project_id)
    return show(request, alert, closing_form=form)


@login_required
@require_POST
def hand_alert_over(request: HttpRequest, pk: int) -> HttpResponse:
    alert = find(request, pk)
    form = OwnerForm(request.POST, alert=alert, people=heirs_of(alert), auto_id="id_owner_%s")
    if form.is_valid() and carried_out(form, actions.hand_over, alert=alert, by=request.user, **form.cleaned_data):
        messages.success(request, _("%(person)s looks after it now.") % {"person": form.cleaned_data["to"]})
        return redirect(alert)
    return show(request, alert, owner_form=form)


def find(request: HttpRequest, pk: int) -> Alert:
    return get_object_or_404(with_words(Alert.objects.visible_to(request.user)), pk=pk)


# --- The alerts and the levels of a KPI -----------------------------------------------------------------------------


@login_required
@require_safe
def show_kpi_alerts(request: HttpRequest, pk: int) -> HttpResponse:
    return show_levels(request, find_kpi(request, pk), ThresholdForm())


def show_levels(request: HttpRequest, kpi: Kpi, form: ThresholdForm) -> HttpResponse:
    metric = kpi.source.metric(kpi.metric)
    context = {
        "project": kpi.project,
        "section": "board",
        "kpi": kpi,
        "unit": metric.unit if metric else "count",
        "page": page_of(request, Alert.objects.visible_to(request.user).filter(kpi=kpi)),
        "thresholds": kpi.thresholds.select_related("set_by"),
        "form": form,
        "may_set": kpi.project.is_open and rules.can_set_thresholds(request.user, kpi.project),
    }
    return render(request, "kpis/kpi_alerts.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def add_threshold(request: HttpRequest, pk: int) -> HttpResponse:
    kpi, form = find_kpi(request, pk), ThresholdForm(request.POST)
    if form.is_valid() and carried_out(form, thresholds.set_threshold, kpi=kpi, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved. You will be told at once when the number crosses it."))
        return redirect("kpis:kpi_alerts", kpi.pk)
    return show_levels(request, kpi, form)


@login_required
@require_POST
def remove_threshold(request: HttpRequest, pk: int) -> HttpResponse:
    rows = AlertThreshold.objects.visible_to(request.user).select_related("kpi__project")
    threshold = get_object_or_404(rows, pk=pk)
    thresholds.take_threshold_away(threshold, by=request.user)
    messages.success(request, _("The level is taken away."))
    return redirect("kpis:kpi_alerts", threshold.kpi_id)


def find_kpi(request: HttpRequest, pk: int) -> Kpi:
    return get_object_or_404(for_page(Kpi.objects.visible_to(request.user)), pk=pk)
