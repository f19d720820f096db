from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis import rules
from kpis.actions.kpis import (
    capture_baseline,
    check_can_replace,
    check_unsigned,
    demand_drafting,
    draft_kpi,
    drop_kpi,
    edit_kpi,
)
from kpis.forms.kpis import KpiForm, SpanForm
from kpis.metrics import METRICS
from kpis.models import Kpi
from kpis.queries.board import card_of
from kpis.queries.standings import for_page, today_of
from kpis.terms import say_care, term_of
from kpis.wording import baseline_words
from projects.models import Project
from projects.origins import place_named
from smmportal.refusals import carried_out

RANGES = {"30": 30, "90": 90, "365": 365}


@dataclass(frozen=True)
class Span:
    """Which days the page shows, and how it was asked."""

    first: date
    last: date
    range: str = ""
    ahead_to: date | None = None
    form: SpanForm | None = None


@login_required
@require_safe
def show_kpi(request: HttpRequest, pk: int) -> HttpResponse:
    kpi = find(request, pk)
    span = span_asked(request, kpi)
    may_draft = rules.can_draft_kpis(request.user, kpi.project)
    context = {
        "project": kpi.project,
        "section": "board",
        "kpi": kpi,
        "metric": METRICS.get(kpi.metric),
        "card": card_of(kpi, first=span.first, last=span.last, ahead_to=span.ahead_to),
        "span": span,
        "ranges": [("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("term", _("Whole term"))],
        "may_change": may_draft and not kpi.is_signed and kpi.project.is_open,
        "may_write_new_terms": may_draft and kpi.is_signed and kpi.project.is_open and not has_successor(kpi),
        "care": say_care(term_of(kpi)) if kpi.metric in METRICS else (),
        "amendments": kpi.amendment_proposals.open(),
        "successor": Kpi.objects.filter(replaces=kpi).first(),
    }
    return render(request, "kpis/kpi.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)
    demand_drafting(request.user, project)
    began = place_named(project, request.GET.get("from", ""))
    form = KpiForm(request.POST or None, project=project, goal=request.GET.get("goal", ""), place=began)
    if form.is_valid():
        kpi = carried_out(form, draft_kpi, project=project, by=request.user, origin=began, **form.terms)
        if kpi:
            return told(request, kpi)
    context = {"project": project, "section": "board", "form": form, "began": began}
    return render(request, "kpis/kpi_form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    kpi = find(request, pk)
    demand_drafting(request.user, kpi.project)
    check_unsigned(kpi)
    form = KpiForm(request.POST or None, project=kpi.project, kpi=kpi)
    if form.is_valid() and carried_out(form, edit_kpi, kpi=kpi, by=request.user, **form.terms):
        return told(request, kpi)
    return render(request, "kpis/kpi_form.html", {"project": kpi.project, "section": "board", "form": form, "kpi": kpi})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_new_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """A newer version of signed terms, which takes their place when both sides sign it."""
    kpi = find(request, pk)
    demand_drafting(request.user, kpi.project)
    check_can_replace(kpi)
    began = place_named(kpi.project, request.GET.get("from", ""))
    form = KpiForm(request.POST or None, project=kpi.project, kpi=kpi, place=began)
    if form.is_valid():
        newer = carried_out(form, draft_kpi, project=kpi.project, by=request.user, replaces=kpi, **form.terms)
        if newer:
            return told(request, newer)
    context = {"project": kpi.project, "section": "board", "form": form, "replaces": kpi, "began": began}
    return render(request, "kpis/kpi_form.html", context)


@login_required
@require_POST
def take_baseline(request: HttpRequest, pk: int) -> HttpResponse:
    return told(request, capture_baseline(find(request, pk), by=request.user))


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    kpi = find(request, pk)
    drop_kpi(kpi, by=request.user)
    messages.success(request, _("The draft “%(kpi)s” is thrown away.") % {"kpi": kpi})
    return redirect("kpis:board", kpi.project_id)


def find(request: HttpRequest, pk: int) -> Kpi:
    return get_object_or_404(for_page(Kpi.objects.visible_to(request.user)), pk=pk)


def told(request: HttpRequest, kpi: Kpi) -> HttpResponse:
    """Back to the KPI, with its baseline in words: that is what was not typed."""
    kpi = for_page(Kpi.objects.filter(pk=kpi.pk)).get()
    messages.success(request, _("Saved. Baseline: %(baseline)s.") % {"baseline": baseline_words(kpi)})
    return redirect(kpi)


def has_successor(kpi: Kpi) -> bool:
    return Kpi.objects.filter(replaces=kpi).exists()


def span_asked(request: HttpRequest, kpi: Kpi) -> Span:
    """`?from=&to=`, or `?range=` with a number of days or «term»; 90 days when nothing sensible is asked."""
    today = today_of(kpi.project)
    form = SpanForm(request.GET if {"from", "to"} & request.GET.keys() else None)
    if form.is_valid():
        return Span(form.cleaned_data["first"], form.cleaned_data["last"], form=form)
    if not form.is_bound and request.GET.get("range") == "term":
        return Span(min(kpi.starts_on, today), min(max(today, kpi.starts_on), kpi.due_on), "term", kpi.due_on, form)
    asked = request.GET.get("range", "90")
    days = RANGES.get(asked, 90)
    first = today - timedelta(days=days - 1)
    if not form.is_bound:
        form = SpanForm(initial={"first": first, "last": today})
    return Span(first, today, asked if asked in RANGES else "90", None, form)
