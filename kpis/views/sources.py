from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis import rules
from kpis.actions import sources as actions
from kpis.actions.quiet_hours import demand_to_set, set_quiet_hours
from kpis.actions.segments import filters_left
from kpis.alerts import QUIET_HOURS
from kpis.connectors import CONNECTORS, offered
from kpis.connectors.contract import Connector
from kpis.connectors.posts import reader_for
from kpis.ending import ends_soon
from kpis.forms.sources import AccountChoiceForm, AccountSearchForm, CredentialsForm, QuietHoursForm
from kpis.models import PlatformLogin, Source
from kpis.queries import sources as queries
from kpis.queries.byhand import changes_of
from kpis.queries.revisions import last_revisions, metric_of, say_revision
from projects.models import Project
from projects.origins import place_named
from smmportal.refusals import carried_out

SHOWN_CHANGES = 8


@login_required
@require_safe
def list_sources(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    context = {
        "lines": queries.sources_of(project),
        "may_connect": rules.can_connect(request.user, project),
        "formulas": project.formulas.current().select_related("source"),
        "may_make_formulas": project.is_open and rules.can_make_formulas(request.user, project),
    }
    return render(request, "kpis/sources.html", {**of(project), **context})


@login_required
@require_safe
def choose_platform(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    actions.demand_to_connect(request.user, project)
    platforms = [(connector, queries.say_metrics(connector)) for connector in offered()]
    return render(
        request,
        "kpis/source_platforms.html",
        {**of(project), "platforms": platforms, "origin": request.GET.get("from", "")},
    )


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_access(request: HttpRequest, pk: int, platform: str) -> HttpResponse:
    project, connector = find_project(request, pk), find_connector(platform)
    actions.demand_to_connect(request.user, project)
    actions.demand_offered(platform)
    form = CredentialsForm(request.POST or None, connector=connector)
    if form.is_valid():
        fields = {"platform": platform, "credentials": form.cleaned_data, "by": request.user}
        login = carried_out(form, actions.grant_access, project=project, **fields)
        if login:
            return redirect(accounts_address(request, project, login))
    logins = [login for login in own_logins(request, project) if login.platform == platform]
    context = {
        "connector": connector,
        "form": form,
        "logins": logins,
        "revocable": {login.pk for login in logins if may_revoke(request, login)},
        "origin": request.GET.get("from", ""),
        "door_url": consent_address(request, project, platform),
    }
    return render(request, "kpis/source_access.html", {**of(project), **context})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_account(request: HttpRequest, pk: int, login_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    login = get_object_or_404(PlatformLogin.objects.visible_to(request.user), pk=login_pk)
    actions.demand_to_use(request.user, project, login)
    choice = AccountChoiceForm(request.POST or None)
    if choice.is_valid():
        began = place_named(project, request.GET.get("from", ""))
        fields = {"login": login, "by": request.user, "origin": began, **choice.cleaned_data}
        source = carried_out(choice, actions.connect_account, project=project, **fields)
        if source:
            messages.success(
                request, _("“%(source)s” is connected. Its numbers are on their way.") % {"source": source}
            )
            return redirect(source)
    return show_accounts(request, project, login, choice)


def consent_address(request: HttpRequest, project: Project, platform: str) -> str:
    began = place_named(project, request.GET.get("from", ""))
    address = reverse("kpis:consent_new", args=[project.pk, platform])
    return f"{address}?from={began}" if began else address


def accounts_address(request: HttpRequest, project: Project, login: PlatformLogin) -> str:
    """The next step; the answer of the brief that this began from stays in the address."""
    address = reverse("kpis:source_accounts", args=[project.pk, login.pk])
    began = place_named(project, request.GET.get("from", ""))
    return f"{address}?from={began}" if began else address


def show_accounts(request: HttpRequest, project: Project, login: PlatformLogin, choice) -> HttpResponse:
    search = AccountSearchForm({"hint": request.GET.get("hint") or choice.data.get("hint", "")})
    accounts = None
    if search.is_valid():
        fields = {"login": login, "by": request.user, **search.cleaned_data}
        accounts = carried_out(search, actions.discover_accounts, project=project, **fields)
    context = {
        "connector": CONNECTORS[login.platform],
        "login": login,
        "accounts": accounts,
        "search": search,
        "origin": request.GET.get("from", ""),
        "choice": choice,
        "connected": {
            source.external_id: source for source in project.sources.filter(platform=login.platform, filter="")
        },
    }
    return render(request, "kpis/source_accounts.html", {**of(project), **context})


@login_required
@require_safe
def show_source(request: HttpRequest, pk: int) -> HttpResponse:
    source = find_source(request, pk)
    if source.platform == Source.FORMULA:
        return redirect(source)
    now = timezone.now()
    cards = queries.cards_of(source, today=now.astimezone(source.zone).date())
    context = {
        "source": source,
        "line": queries.line_of(source, now),
        "missing": queries.missing_of(source),
        "ending": ends_soon(source.login, now),
        "with_numbers": [card for card in cards if card.chart],
        "without_numbers": [card for card in cards if not card.chart],
        "changes": changes_of(source)[:SHOWN_CHANGES],
        "segments": queries.segments_of(source),
        "may_segment": bool(filters_left(source)),
        "countable": queries.countable_of(source),
        "tells_of_posts": reader_for(source.platform) is not None,
        "snapshots": queries.last_snapshots(source),
        "revisions": [(metric_of(row), row.day, say_revision(row)) for row in last_revisions(source)],
        "sees_jobs": rules.can_see_jobs(request.user, source.project.agency),
        "may_tend": rules.can_tend(request.user, source),
        "may_set_quiet_hours": source.is_pulled and rules.can_set_quiet_hours(request.user, source),
        "usual_quiet_hours": QUIET_HOURS,
        "may_revoke": may_revoke(request, source.login),
        "is_running": source.is_being_pulled(now),
    }
    return render(request, "kpis/source.html", {**of(source.project), **context})


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replace_access(request: HttpRequest, pk: int) -> HttpResponse:
    source = find_source(request, pk)
    actions.demand_to_tend(request.user, source)
    connector = find_connector(source.platform)
    form = CredentialsForm(request.POST or None, connector=connector)
    if form.is_valid():
        fields = {"credentials": form.cleaned_data, "by": request.user}
        if carried_out(form, actions.reconnect_source, source=source, **fields):
            messages.success(request, _("The access is replaced. What was missed is being asked for."))
            return redirect(source)
    door_url = reverse("kpis:source_consent", args=[source.pk])
    context = {"source": source, "connector": connector, "form": form, "door_url": door_url}
    return render(request, "kpis/source_access.html", {**of(source.project), **context})


@login_required
@require_POST
def ask_for_pull(request: HttpRequest, pk: int) -> HttpResponse:
    source = actions.ask_for_pull(find_source(request, pk), by=request.user)
    messages.success(request, _("The platform is being asked. Look again in a minute."))
    return redirect(source)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def quiet_hours(request: HttpRequest, pk: int) -> HttpResponse:
    source = find_source(request, pk)
    demand_to_set(source, by=request.user)
    form = QuietHoursForm(request.POST or None, initial={"hours": source.quiet_hours})
    if form.is_valid() and carried_out(form, set_quiet_hours, source=source, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved. The portal goes by it within minutes."))
        return redirect(source)
    context = {**of(source.project), "source": source, "form": form}
    return render(request, "kpis/source_quiet_hours.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    source = actions.pause_source(find_source(request, pk), by=request.user)
    messages.success(request, _("“%(source)s” is paused. What was taken is kept.") % {"source": source})
    return redirect(source)


@login_required
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    source = actions.resume_source(find_source(request, pk), by=request.user)
    messages.success(request, _("“%(source)s” goes on.") % {"source": source})
    return redirect(source)


def may_revoke(request: HttpRequest, login: PlatformLogin | None) -> bool:
    return login is not None and login.revoked_at is None and rules.can_revoke_login(request.user, login)


def find_project(request: HttpRequest, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)


def find_source(request: HttpRequest, pk: int) -> Source:
    joined = ("project__agency", "project__client", "login", "connected_by", "typed_by")
    return get_object_or_404(Source.objects.visible_to(request.user).select_related(*joined), pk=pk)


def find_connector(platform: str) -> Connector:
    if platform not in CONNECTORS:
        raise Http404
    return CONNECTORS[platform]


def own_logins(request: HttpRequest, project: Project) -> list[PlatformLogin]:
    """The access that the person's own side has granted already; it may serve one more account."""
    side = project.side_of(request.user)
    seen = PlatformLogin.objects.visible_to(request.user).filter(organisation=project.organisation_of(side))
    return list(seen.alive().select_related("granted_by").defer("credentials"))


def of(project: Project) -> dict:
    return {"project": project, "section": "sources"}
