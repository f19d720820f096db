from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from smmportal.people import actions, queries
from smmportal.people.forms import (
    ClientForm,
    InvitationForm,
    JoiningForm,
    PersonalForm,
    RoleForm,
    TokenForm,
    roles_to_give,
)
from smmportal.people.models import ApiToken, Invitation, Membership, Organisation, Role, Side, User
from smmportal.refusals import carried_out

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


# --- Organisations --------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD"])
def organisations(request: HttpRequest) -> HttpResponse:
    """The list for a person in several; whoever is in one goes straight there."""
    memberships = queries.organisations_of(request.user)
    if len(memberships) == 1:
        return redirect(memberships[0].organisation)
    return render(request, "people/organisations.html", {"memberships": memberships})


@login_required
@require_http_methods(["GET", "HEAD"])
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    return show_organisation(request, find_organisation(request, pk))


def find_organisation(request: HttpRequest, pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(request.user).select_related("agency"), pk=pk)


def show_organisation(request: HttpRequest, found: Organisation, *, status: int = 200, **forms) -> HttpResponse:
    is_agency = found.side is Side.AGENCY
    roles = roles_to_give(request.user, found)
    context = {
        "found": found,
        "is_agency": is_agency,
        "can_run": bool(roles),
        "people": queries.people_of(found, request.user),
        "invitations": queries.waiting_invitations(found, request.user),
        "roles": roles,
        "clients": queries.clients_of(found, request.user) if is_agency else [],
        "invitation_form": InvitationForm(
            user=request.user, organisation=found, initial={"email": request.GET.get("email", "")}
        ),
        "invited_name": request.GET.get("name", ""),
        "client_form": ClientForm(prefix="client"),
        **forms,
    }
    return render(request, "people/organisation.html", context, status=status)


@login_required
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_organisation(request, pk)
    form = InvitationForm(request.POST, user=request.user, organisation=found)
    actions.demand_inviting(found, by=request.user)
    if form.is_valid() and carried_out(form, actions.invite, organisation=found, by=request.user, **form.cleaned_data):
        messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
        return redirect(found)
    return show_organisation(request, found, status=422, invitation_form=form)


@login_required
@require_POST
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    actions.revoke_invitation(found, by=request.user)
    messages.success(request, _("The invitation to %(email)s no longer works.") % {"email": found.email})
    return redirect(found.organisation)


@login_required
@require_POST
def add_client(request: HttpRequest, pk: int) -> HttpResponse:
    agency = find_organisation(request, pk)
    form = ClientForm(request.POST, prefix="client")
    actions.demand_adding_clients(agency, by=request.user)
    if form.is_valid():
        client = actions.add_client(agency, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("%(name)s is on the list. Now invite its people.") % {"name": client.name})
        return redirect(client)
    return show_organisation(request, agency, status=422, client_form=form)


@login_required
@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Membership.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return show_organisation(request, found.organisation, status=422)
    actions.change_role(found, role=Role(form.cleaned_data["role"]), by=request.user)
    messages.success(request, _("The role is changed."))
    return redirect(found.organisation)


@login_required
@require_POST
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Twice is once: whoever is gone already is not missed."""
    found = Membership.objects.visible_to(request.user).filter(pk=pk).select_related("organisation").first()
    if found is None:
        raise Http404
    actions.end_membership(found, by=request.user)
    if found.user_id == request.user.pk:
        messages.success(request, _("You have left %(name)s.") % {"name": found.organisation})
        return redirect("people:organisations")
    messages.success(request, _("Done. What they wrote here stays."))
    return redirect(found.organisation)


# --- An invitation --------------------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Looking changes nothing; only the button does."""
    found = actions.find_invitation(secret)
    if found is None or not found.is_open:
        status = 404 if found is None else 410
        return render(request, "people/invitation_closed.html", {"invitation": found}, status=status)
    if request.user.is_authenticated:
        return accept_as_oneself(request, found)
    if User.objects.filter(email__iexact=found.email).exists():
        return render(request, "people/invitation_login.html", {"invitation": found})
    return join(request, found)


def accept_as_oneself(request: HttpRequest, found: Invitation) -> HttpResponse:
    is_theirs = request.user.email.lower() == found.email.lower()
    if request.method == "POST":
        membership = actions.accept_invitation(found, by=request.user)
        return welcome(request, membership)
    return render(request, "people/invitation_accept.html", {"invitation": found, "is_theirs": is_theirs})


def join(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = JoiningForm(request.POST if request.method == "POST" else None, invitation=found)
    if form.is_valid():
        membership = carried_out(
            form,
            actions.join_as_new_person,
            invitation=found,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            language=form.cleaned_data["language"],
            time_zone=form.cleaned_data["timezone"],
        )
        if membership:
            login(request, membership.user, backend=BACKEND)
            return welcome(request, membership)
    status = 422 if form.is_bound else 200
    return render(request, "people/invitation_join.html", {"invitation": found, "form": form}, status=status)


def welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    messages.success(request, _("You are in: %(name)s.") % {"name": membership.organisation})
    return redirect("home")


# --- Oneself --------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    # The form writes into its own copy: what was refused must not show in the masthead.
    form = PersonalForm(
        request.POST if request.method == "POST" else None, instance=User.objects.get(pk=request.user.pk)
    )
    if form.is_valid():
        actions.change_settings(
            request.user,
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            time_zone=form.cleaned_data["timezone"],
        )
        messages.success(request, _("Saved."))
        return redirect("people:settings")
    context = {"form": form, "memberships": queries.organisations_of(request.user)}
    return render(request, "people/settings.html", context, status=422 if form.is_bound else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST if request.method == "POST" else None, user=request.user)
    secret = ""
    if form.is_valid():
        issued = carried_out(form, actions.issue_token, user=request.user, name=form.cleaned_data["name"])
        if issued:
            # Shown in this answer and nowhere else, so there is no page to be sent to.
            secret, form = issued[1], TokenForm(user=request.user)
    context = {"form": form, "secret": secret, "tokens": queries.living_tokens(request.user)}
    return render(request, "people/tokens.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    actions.revoke_token(found, by=request.user)
    messages.success(request, _("The token “%(name)s” no longer works.") % {"name": found.name})
    return redirect("people:tokens")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The switch in the page's corner; for a person who is logged in it is their setting, here and in letters."""
    language = request.POST.get("language", "")
    offered = dict(User._meta.get_field("language").choices)
    if request.user.is_authenticated and language in offered and check_for_language(language):
        actions.change_language(request.user, language)
    return i18n.set_language(request)
