from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpis.actions import logins as actions
from kpis.connectors import CONNECTORS
from kpis.forms.consents import RevocationForm
from kpis.models import PlatformLogin, Source
from smmportal.refusals import carried_out


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """What will stop, and the button that stops it."""
    login = find_login(request, pk)
    actions.demand_to_revoke(request.user, login)
    used = list(Source.objects.visible_to(request.user).filter(login=login).select_related("project"))
    form = RevocationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        knows = carried_out(form, actions.revoke_access, login=login, by=request.user, **form.cleaned_data)
        if knows is not None:
            say_revoked(request, login, knows)
            return redirect(used[0]) if used else redirect("home")
    context = {"login": login, "connector": CONNECTORS.get(login.platform), "used": used, "form": form}
    return render(request, "kpis/login_revocation.html", context, status=422 if form.errors else 200)


def say_revoked(request: HttpRequest, login: PlatformLogin, knows: bool) -> None:
    if knows:
        messages.success(request, _("The access is revoked: the platform knows, and the portal has forgotten it."))
    else:
        sentence = _(
            "The portal has forgotten the access. The platform can’t be told: remove the portal from the applications "
            "in the account’s settings there."
        )
        messages.warning(request, sentence)


def find_login(request: HttpRequest, pk: int) -> PlatformLogin:
    seen = PlatformLogin.objects.visible_to(request.user).select_related("organisation", "granted_by").distinct()
    return get_object_or_404(seen, pk=pk)
