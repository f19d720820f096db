"""Connecting accounts by a link. Its visitor sees the platforms and their own accounts, and nothing of the portal."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis.actions import links as actions
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Connector
from kpis.forms.sources import AccountChoiceForm, AccountSearchForm, CredentialsForm
from kpis.models import ConnectionLink, PlatformLogin, Source
from kpis.queries.sources import say_metrics
from smmportal.people.link_pages import LinkPages, frame_of, stay
from smmportal.refusals import carried_out


def closed(request: HttpRequest, link: ConnectionLink | None, why: str, *, status: int) -> HttpResponse:
    context = {"link": link, "why": why, **connected_by(link), **frame_of(request)}
    return render(request, "kpis/connecting_closed.html", context, status=status)


by_link = LinkPages("kpis:connection", actions.find_connection_link, actions.stands, closed).by_link


def connected_by(link: ConnectionLink | None) -> dict:
    """What has been connected by the link, each with what will be read of it."""
    sources = link.sources.all() if link and link.first_opened_at else Source.objects.none()
    return {"connected": [(source, say_metrics(CONNECTORS[source.platform])) for source in sources]}


def show(request: HttpRequest, template: str, link: ConnectionLink, *, status: int = 200, **context) -> HttpResponse:
    return render(request, f"kpis/{template}", {"link": link, **frame_of(request), **context}, status=status)


@by_link
@require_safe
def connection(request: HttpRequest, link: ConnectionLink) -> HttpResponse:
    """The platforms that were asked for. Looking changes nothing."""
    platforms = [(connector, say_metrics(connector)) for connector in actions.asked_platforms(link)]
    return show(request, "connecting.html", link, platforms=platforms, **connected_by(link))


@by_link
@require_POST
def connection_beginning(request: HttpRequest, link: ConnectionLink) -> HttpResponse:
    actions.begin_connecting(link)
    return stay(request)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def connection_access(request: HttpRequest, link: ConnectionLink, platform: str) -> HttpResponse:
    connector = find_asked(link, platform)
    form = CredentialsForm(request.POST or None, connector=connector)
    if form.is_valid():
        fields = {"platform": platform, "credentials": form.cleaned_data}
        login = carried_out(form, actions.grant_by_link, link=link, **fields)
        if login:
            return stay(request, f"accounts/{login.pk}/")
    return show_access(request, link, connector, form=form, status=422 if form.errors else 200)


def show_access(
    request: HttpRequest, link: ConnectionLink, connector: Connector, *, form=None, status: int, **context
) -> HttpResponse:
    frame = frame_of(request)
    context |= {
        "connector": connector,
        "form": form or CredentialsForm(connector=connector),
        "consent_url": f"{frame['root']}platforms/{connector.code}/consent/{frame['query']}",
    }
    return show(request, "connecting_access.html", link, status=status, **context)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def connection_accounts(request: HttpRequest, link: ConnectionLink, login: int) -> HttpResponse:
    """The accounts that the visitor's access opens; choosing one connects it."""
    granted = get_object_or_404(link.logins, pk=login)
    choice = AccountChoiceForm(request.POST or None)
    if choice.is_valid() and carried_out(
        choice, actions.connect_by_link, link=link, login=granted, **choice.cleaned_data
    ):
        return stay(request)
    return show_accounts(request, link, granted, choice)


def show_accounts(
    request: HttpRequest, link: ConnectionLink, login: PlatformLogin, choice: AccountChoiceForm
) -> HttpResponse:
    search = AccountSearchForm({"hint": request.GET.get("hint") or choice.data.get("hint", "")})
    accounts = None
    if search.is_valid():
        accounts = carried_out(search, actions.accounts_by_link, link=link, login=login, **search.cleaned_data)
    return show(
        request,
        "connecting_accounts.html",
        link,
        status=422 if choice.errors else 200,
        connector=CONNECTORS[login.platform],
        login=login,
        accounts=accounts,
        search=search,
        choice=choice,
        connected={source.external_id for source in link.sources.filter(platform=login.platform)},
    )


@by_link
@require_POST
def connection_end(request: HttpRequest, link: ConnectionLink) -> HttpResponse:
    """«Done»: from now on the link only says so."""
    actions.finish_connecting(link)
    return closed(request, link, "thanks", status=200)


def find_asked(link: ConnectionLink, platform: str) -> Connector:
    found = next((one for one in actions.asked_platforms(link) if one.code == platform), None)
    if found is None:
        raise Http404(_("This platform was not asked for."))
    return found
