"""To the platform's own page and back. Nothing of the way — state, code — may be cached, framed or sent on."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from kpis.actions import consents as actions
from kpis.connectors import CONNECTORS
from kpis.forms.consents import CameBackForm
from kpis.models import ConnectionLink, ConsentAttempt, PlatformLogin
from kpis.views.connecting import by_link, find_asked, show_access
from kpis.views.sources import find_connector, find_project, find_source
from projects.origins import place_named
from smmportal.limits import is_too_often
from smmportal.people.link_pages import kept_quiet
from smmportal.refusals import carried_out

#: How the platforms spell «the person said no».
DENIALS = {"access_denied", "user_cancelled_login", "user_cancelled_authorize", "user_denied"}
STATUSES = {"unknown": 404, "foreign": 403, "used": 410, "expired": 410, "too_often": 429}
UNKNOWN_TRIES = 30
#: What a browser is known by that nobody is logged in with; sent only to the addresses for coming back.
BROWSER_COOKIE = "consent"


# --- There ----------------------------------------------------------------------------------------------------------


@login_required
@require_POST
def begin(request: HttpRequest, pk: int, platform: str) -> HttpResponse:
    project, origin = find_project(request, pk), request.GET.get("from", "")
    find_connector(platform)
    began = str(place_named(project, origin) or "")
    url = actions.begin_consent(project, platform=platform, by=request.user, origin=began)
    return leave(request, platform, url)


@login_required
@require_POST
def begin_anew(request: HttpRequest, pk: int) -> HttpResponse:
    source = find_source(request, pk)
    return leave(request, source.platform, actions.begin_reauthorisation(source, by=request.user))


@by_link
@require_POST
def begin_by_link(request: HttpRequest, link: ConnectionLink, platform: str) -> HttpResponse:
    connector, form = find_asked(link, platform), forms.Form({})
    begun = carried_out(form, actions.begin_by_link, link=link, platform=platform, secret=secret_of(request))
    if begun is None:
        return show_access(request, link, connector, consent=form, status=422)
    url, browser = begun
    response = leave(request, platform, url)
    response.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=ConsentAttempt.LASTS,
        path=reverse("kpis:consent_callback", args=[platform]),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def secret_of(request: HttpRequest) -> str:
    """The link's own, to find back to it."""
    assert request.resolver_match
    return request.resolver_match.kwargs["secret"]


def leave(request: HttpRequest, platform: str, url: str) -> HttpResponse:
    """A page that goes on by itself, because the policy for forms forbids them to lead to another site."""
    context = {"connector": CONNECTORS[platform], "url": url}
    return kept_quiet(render(request, "kpis/consent_leaving.html", context), translation.get_language())


# --- And back -------------------------------------------------------------------------------------------------------


@sensitive_variables()
@require_http_methods(["GET"])
def come_back(request: HttpRequest, platform: str) -> HttpResponse:
    """The platform's answer. A person who began something in this very browser goes on; everybody else is told why."""
    attempt = actions.find_attempt(platform, request.GET.get("state", ""))
    why = actions.why_not(attempt, request.user, request.COOKIES.get(BROWSER_COOKIE, ""))
    language = language_of(attempt, why)
    with translation.override(language):
        response = over(request, attempt, why) if attempt is None or why else go_on(request, attempt)
    return kept_quiet(response, language)


def language_of(attempt: ConsentAttempt | None, why: str) -> str:
    """A visitor's is the one of their link, or the one that they chose on its page."""
    if attempt is None or attempt.link is None or why == "foreign":
        return translation.get_language()
    return (attempt.kept or {}).get("language") or attempt.link.language


@sensitive_variables()
def go_on(request: HttpRequest, attempt: ConsentAttempt) -> HttpResponse:
    if request.GET.get("error"):
        return refused(request, attempt)
    form = CameBackForm(request.GET)
    if form.is_valid():
        login = carried_out(form, actions.accept, attempt=attempt, **form.cleaned_data)
        if login:
            return arrive(request, attempt, login)
    return show_end(request, attempt, "failed", form=form)


def refused(request: HttpRequest, attempt: ConsentAttempt) -> HttpResponse:
    """The person said no, or the platform did before they could."""
    actions.give_up(attempt)
    why = "denied" if request.GET["error"] in DENIALS else "refused"
    return show_end(request, attempt, why, words=request.GET.get("error_description", "")[:200])


def over(request: HttpRequest, attempt: ConsentAttempt | None, why: str) -> HttpResponse:
    """Nothing more comes of it. To a stranger nothing is said of what it was about."""
    unknown = {"most": UNKNOWN_TRIES, "seconds": 600}
    if attempt is None and is_too_often("consent-unknown", request.META["REMOTE_ADDR"], **unknown):
        why = "too_often"
    return show_end(request, attempt if why in {"used", "expired"} else None, why, status=STATUSES[why])


def show_end(
    request: HttpRequest, attempt: ConsentAttempt | None, why: str, *, status: int = 200, **context
) -> HttpResponse:
    if attempt:
        context |= {"attempt": attempt, "connector": CONNECTORS[attempt.platform], "back": way_back(attempt)}
    return render(request, "kpis/consent_end.html", {"why": why, **context}, status=status)


def arrive(request: HttpRequest, attempt: ConsentAttempt, login: PlatformLogin) -> HttpResponse:
    if attempt.source:
        messages.success(request, _("The access is replaced. What was missed is being asked for."))
        return redirect(attempt.source)
    if attempt.link:
        address = reverse("kpis:connection_accounts", args=[attempt.kept["link"], login.pk])
        return redirect(f"{address}?lang={translation.get_language()}")
    address = reverse("kpis:source_accounts", args=[attempt.project_id, login.pk])
    return redirect(f"{address}?from={attempt.origin}" if attempt.origin else address)


def way_back(attempt: ConsentAttempt) -> str:
    """Where it began: always a page of ours, made from what we wrote down and from nothing in the address."""
    if attempt.source:
        return reverse("kpis:source_access", args=[attempt.source_id])
    if attempt.link:
        secret = (attempt.kept or {}).get("link")
        return reverse("kpis:connection_access", args=[secret, attempt.platform]) if secret else ""
    address = reverse("kpis:source_access_new", args=[attempt.project_id, attempt.platform])
    return f"{address}?from={attempt.origin}" if attempt.origin else address
