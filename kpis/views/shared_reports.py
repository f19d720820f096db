"""A report behind a link. Its reader sees this one report and nothing else of the portal.

A link is opened by a button, not by being looked at: messengers look at every address that is sent through them, and
would see the numbers and fill the log. What the button gives is a signed cookie that is good for this link only.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from kpis import report_papers, report_sheets
from kpis.actions import report_links as actions
from kpis.forms.reports import OpeningForm
from kpis.models import ReportLink, ReportOpening
from kpis.queries import reports as queries
from kpis.report_words import say_period, title_of
from smmportal import uploads
from smmportal.people.link_pages import LinkPages, frame_of, stay
from smmportal.refusals import carried_out

#: How long one opening lasts, in seconds.
OPEN_FOR = 12 * 3600


def closed(request: HttpRequest, link: ReportLink | None, why: str, *, status: int) -> HttpResponse:
    return render(request, "kpis/shared_closed.html", {"link": link, "why": why, **frame_of(request)}, status=status)


by_link = LinkPages("kpis:shared_report", actions.find_report_link, actions.stands, closed).by_link


def cookie_of(link: ReportLink) -> str:
    return f"report-{link.pk}"


def salt_of(link: ReportLink) -> str:
    """A cookie of another link, or from before the password was another, opens nothing."""
    return f"report-link {link.token_hash} {link.password}"


def is_opened(request: HttpRequest, link: ReportLink) -> bool:
    said = request.get_signed_cookie(cookie_of(link), default="", salt=salt_of(link), max_age=OPEN_FOR)
    return said == "opened"


def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What only whoever pressed the button gets; anybody else is shown the button."""

    @wraps(view)
    def checked(request: HttpRequest, link: ReportLink, **named) -> HttpResponse:
        return view(request, link, **named) if is_opened(request, link) else stay(request)

    return checked


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def shared_report(request: HttpRequest, link: ReportLink) -> HttpResponse:
    """The report, or the button that opens it."""
    if request.method == "POST":
        return open_it(request, link)
    return show_report(request, link) if is_opened(request, link) else show_door(request, link)


def open_it(request: HttpRequest, link: ReportLink) -> HttpResponse:
    form = OpeningForm(request.POST)
    if link.has_password:
        if not form.is_valid():
            return show_door(request, link, form, status=422)
        carried_out(form, actions.open_by_link, link=link, **form.cleaned_data)
        if form.errors:
            return show_door(request, link, form, status=422)
    else:
        actions.open_by_link(link)
    answer = stay(request)
    answer.set_signed_cookie(
        cookie_of(link),
        "opened",
        salt=salt_of(link),
        max_age=OPEN_FOR,
        path=request.link_root,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def show_door(
    request: HttpRequest, link: ReportLink, form: OpeningForm | None = None, *, status: int = 200
) -> HttpResponse:
    report = link.report
    context = {
        "link": link,
        "title": title_of({"number": report.number}),
        "period": say_period(report.first, report.last),
        "form": form or OpeningForm(),
        **frame_of(request),
    }
    return render(request, "kpis/shared_door.html", context, status=status)


def show_report(request: HttpRequest, link: ReportLink) -> HttpResponse:
    report = link.report
    context = {
        "link": link,
        "report": report,
        "text": queries.shown(report),
        "logo": queries.logo_of(report.issue.content),
        "corrections": list(report.corrections.issued()),
        **frame_of(request),
    }
    return render(request, "kpis/shared_report.html", context)


@by_link
@require_safe
@opened
def shared_pdf(request: HttpRequest, link: ReportLink) -> HttpResponse:
    made = report_papers.as_pdf(link.report)
    if made is None:
        return stay(request)
    actions.note_opening(link, ReportOpening.What.PDF)
    return report_papers.as_file(made, link.report)


@by_link
@require_safe
@opened
def shared_xlsx(_request: HttpRequest, link: ReportLink) -> HttpResponse:
    actions.note_opening(link, ReportOpening.What.XLSX)
    return report_sheets.as_file(report_sheets.as_xlsx(link.report), link.report)


@by_link
@require_safe
@opened
def shared_logo(_request: HttpRequest, link: ReportLink) -> HttpResponse:
    """The mark that the report was issued with."""
    logo = queries.logo_of(link.report.issue.content)
    if logo is None:
        raise Http404
    return uploads.give(logo, show=True)
