from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis.actions.reviews import check_period, demand_reviewing, hold_review, hold_reviews
from kpis.forms.reviews import LONGEST, BulkForm, ReviewForm
from kpis.models import Kpi, Review
from kpis.queries.reviews import facts_of_period, history, period_beginning, period_to_review
from kpis.queries.rituals import ShownReview, may_review, owed_in, shown_dips
from kpis.queries.standings import for_page
from kpis.ritual import Period
from kpis.ritual_words import say_period
from kpis.wording import headline, say_chance
from projects.models import Project
from smmportal.inputs import whole_number
from smmportal.refusals import Refused, carried_out

A_PAGE = 30


@login_required
@require_safe
def list_reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said of every KPI of a project, and which of them wait for a word."""
    seen = Project.objects.visible_to(request.user).select_related("agency", "client")
    project = get_object_or_404(seen, pk=pk)
    page = Paginator(history(Review.objects.filter(kpi__project=project)), A_PAGE).get_page(request.GET.get("page"))
    owed = owed_in(project, request.user)
    context = {
        "project": project,
        "section": "board",
        "owed": owed,
        "even": [one for one in owed if one.is_even and one.is_mine],
        "bulk": BulkForm(),
        "page": page,
        "reviews": [ShownReview(review) for review in page],
        "may_review": may_review(request.user, project),
    }
    return render(request, "kpis/reviews.html", context)


@login_required
@require_safe
def show_review(request: HttpRequest, pk: int) -> HttpResponse:
    seen = history(Review.objects.visible_to(request.user)).select_related(
        "kpi__project__agency", "kpi__project__client"
    )
    review = get_object_or_404(seen, pk=pk)
    of_period = review.kpi.reviews.filter(first=review.first, last=review.last)
    context = {
        "project": review.kpi.project,
        "section": "board",
        "shown": ShownReview(review),
        "newest": of_period.order_by("-pk").exclude(pk__lte=review.pk).first(),
        "may_review": may_review(request.user, review.kpi.project),
    }
    return render(request, "kpis/review.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_review(request: HttpRequest, pk: int) -> HttpResponse:
    kpi = get_object_or_404(for_page(Kpi.objects.visible_to(request.user)), pk=pk)
    demand_reviewing(request.user, kpi.project)
    period = check_period(kpi, period_asked(request, kpi))
    facts = facts_of_period(kpi, period)
    form = ReviewForm(request.POST or None, facts=facts)
    if form.is_valid():
        held = carried_out(form, hold_review, kpi=kpi, period=period, by=request.user, **form.words)
        if held:
            messages.success(request, _("The review is held. The other side has been told."))
            return redirect(f"{kpi.get_absolute_url()}#reviews")
    context = {
        "project": kpi.project,
        "section": "board",
        "kpi": kpi,
        "form": form,
        "facts": facts,
        "period": say_period(period),
        "headline": headline(facts.standing),
        "chance": say_chance(facts.standing.chance),
        "dips": shown_dips(kpi.dips.filter(pk__in=[dip.pk for dip in facts.dips]), request.user, kpi.project),
        "last": ShownReview(facts.last) if facts.last else None,
    }
    return render(request, "kpis/review_form.html", context, status=422 if form.errors else 200)


def period_asked(request: HttpRequest, kpi: Kpi) -> Period | None:
    """`?period=` with a first day; the latest that is over when nothing sensible is asked."""
    try:
        first = parse_date(request.GET.get("period", ""))
    except ValueError:
        first = None
    return (period_beginning(kpi, first) if first else None) or period_to_review(kpi)


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One sentence for the KPIs that were ticked; `next` says where to go afterwards."""
    wanted = {whole_number(text) for text in request.POST.getlist("kpi")} - {None}
    if not wanted:
        raise Refused(_("Tick the KPIs that went as planned."), code="nothing-chosen")
    kpis = list(Kpi.objects.visible_to(request.user).filter(pk__in=wanted))
    if len(kpis) < len(wanted):
        raise Refused(_("Somebody changed this list meanwhile. Please choose again."), code="gone")
    held = hold_reviews(kpis, by=request.user, happened=request.POST.get("happened", "")[:LONGEST])
    sentence = ngettext(
        "%(count)s KPI is reviewed. The other side has been told.",
        "%(count)s KPIs are reviewed. The other side has been told.",
        len(held),
    )
    messages.success(request, sentence % {"count": len(held)})
    return redirect(next_page(request, kpis))


def next_page(request: HttpRequest, kpis: list[Kpi]):
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return redirect("kpis:reviews", kpis[0].project_id).url
