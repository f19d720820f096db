from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis import rules, wording
from kpis.actions.dips import notice_dips
from kpis.actions.kpis import (
    capture_baseline,
    check_can_replace,
    check_unsigned,
    demand_drafting,
    draft_kpi,
    drop_kpi,
    edit_kpi,
    foresee_target,
)
from kpis.downloads import DOWNLOADS, as_file
from kpis.forms.kpis import ChangeForm, KpiForm, SpanForm
from kpis.formula_words import say_together
from kpis.metrics import METRICS
from kpis.models import Kpi
from kpis.queries.alerts import chances_of
from kpis.queries.board import Card, page_card_of
from kpis.queries.board_views import arrangement_of
from kpis.queries.lines import say_reason
from kpis.queries.rituals import ritual_of
from kpis.queries.standings import for_page, today_of
from kpis.terms import say_bridge, say_care, say_counting, term_of
from kpis.wording import say_prospect
from projects.models import Project
from projects.origins import place_named
from projects.rules import decides_for
from smmportal.people.models import Side
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
    is_compared: bool = False


@login_required
@require_safe
def show_kpi(request: HttpRequest, pk: int) -> HttpResponse:
    kpi = find(request, pk)
    notice_dips(kpi.dips.all(), by=request.user, project=kpi.project)
    span = span_asked(request, kpi)
    may_draft = rules.can_draft_kpis(request.user, kpi.project)
    card = card_asked(kpi, span)
    terms = term_of(kpi) if kpi.metric in METRICS else None
    context = {
        "project": kpi.project,
        "section": "board",
        "kpi": kpi,
        "metric": kpi.source.metric(kpi.metric),
        "counting": say_counting(terms["metric"]) if terms else (),
        "together": say_together(kpi.source.metric(kpi.metric)) if terms else "",
        "weeks": [(week, say_reason(week.reason) if week.reason else "") for week in card.weeks],
        "card": card,
        "ahead": say_prospect(card.prospect, card.standing),
        "chances": chances_of(kpi),
        "span": span,
        "ranges": [("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("term", _("Whole term"))],
        "may_change": may_draft and not kpi.is_signed and kpi.project.is_open,
        "may_write_new_terms": may_draft and kpi.is_signed and kpi.project.is_open and not has_successor(kpi),
        "care": say_care(terms) if terms else (),
        "bridge": say_bridge(terms) if terms and kpi.bridge else (),
        "address": say_address(span),
        "headline": wording.foresight(card.prospect, card.standing) or card.headline,
        "may_annotate": kpi.project.is_open and rules.can_annotate(request.user, kpi.project),
        "runs": kpi.project.is_open and decides_for(request.user, kpi.project, Side.AGENCY),
        "amendments": kpi.amendment_proposals.open(),
        "succession": kpi.successor_proposals.order_by("-pk").first(),
        "successor": Kpi.objects.filter(replaces=kpi).first(),
        **ritual_of(kpi, request.user),
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
@require_safe
def foresee(request: HttpRequest, pk: int) -> HttpResponse:
    """What a percent comes to, while it is being typed; a page of its own without a script."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    demand_drafting(request.user, project)
    form = ChangeForm(request.GET, project=project)
    kpi = carried_out(form, foresee_target, project=project, **form.terms) if form.is_valid() else None
    context = {"project": project, "section": "board", "form": form, "sentence": wording.foreseen(kpi) if kpi else ""}
    return render(request, "kpis/_foreseen.html" if request.htmx else "kpis/foreseen.html", context)


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
    messages.success(request, wording.saved(kpi))
    return redirect(kpi)


def has_successor(kpi: Kpi) -> bool:
    return Kpi.objects.filter(replaces=kpi).exists()


@login_required
@require_safe
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The days that the page shows, as a file."""
    if kind not in DOWNLOADS:
        raise Http404
    kpi = find(request, pk)
    return as_file(card_asked(kpi, span_asked(request, kpi)), kind)


def card_asked(kpi: Kpi, span: Span) -> Card:
    return page_card_of(kpi, first=span.first, last=span.last, ahead_to=span.ahead_to, is_compared=span.is_compared)


def say_address(span: Span) -> str:
    """The days that are shown, for an address: what a file or a comparison is of."""
    if span.range:
        return f"range={span.range}"
    return f"from={span.first}&to={span.last}"


def span_asked(request: HttpRequest, kpi: Kpi) -> Span:
    """`?from=&to=`, or `?range=` with a number of days or «term»; the reader's own range, or 90 days, when nothing
    sensible is asked. `?compare=1` asks for the days before as well."""
    today, is_compared = today_of(kpi.project), request.GET.get("compare") == "1"
    form = SpanForm(request.GET if {"from", "to"} & request.GET.keys() else None)
    if form.is_valid():
        days = form.cleaned_data
        return Span(days["first"], days["last"], form=form, is_compared=is_compared)
    own = arrangement_of(request.user, kpi.project_id).range
    asked = request.GET.get("range", own)
    asked = asked if asked in {*RANGES, "term"} else own
    if not form.is_bound and asked == "term":
        last = min(max(today, kpi.starts_on), kpi.due_on)
        return Span(min(kpi.starts_on, today), last, "term", kpi.due_on, form, is_compared)
    days = RANGES.get(asked, 90)
    first = today - timedelta(days=days - 1)
    if not form.is_bound:
        form = SpanForm(initial={"first": first, "last": today})
    name = asked if asked in RANGES else "90"
    return Span(first, today, name, looks_ahead(kpi, today, days), form, is_compared)


def looks_ahead(kpi: Kpi, today: date, days: int) -> date | None:
    """How far into the days to come a chart that ends today reaches: to the due day, at most two or four weeks."""
    if days > 90 or kpi.due_on <= today:
        return None
    return min(kpi.due_on, today + timedelta(days=14 if days <= 30 else 28))
