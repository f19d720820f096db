from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from smmportal.notifications import actions
from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.forms import HoursForm, PreferencesForm
from smmportal.notifications.models import Notification
from smmportal.notifications.queries import timetable_of
from smmportal.refusals import carried_out

PAGE = 30


@login_required
@require_http_methods(["GET", "HEAD"])
def notifications(request: HttpRequest) -> HttpResponse:
    """What was not read yet comes first."""
    rows = Notification.objects.visible_to(request.user)
    rows = rows.annotate(is_unread=Q(read_at=None)).order_by("-is_unread", "-id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/list.html", {"page": page})


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read; the button on its sentence also opens what it tells about."""
    found = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    actions.mark_read(request.user, ids=[found.pk])
    return redirect(found.url if "open" in request.POST and found.url.startswith("/") else "notifications:list")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_read(request.user)
    return redirect("notifications:list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        actions.choose_channels(request.user, form.chosen())
        messages.success(request, _("Saved."))
        return redirect("notifications:settings")
    return show_settings(request, form, HoursForm(timetable=timetable_of(request.user)))


@login_required
@require_POST
def hours(request: HttpRequest) -> HttpResponse:
    """When the digest comes, and when no letter does."""
    form = HoursForm(request.POST, timetable=timetable_of(request.user))
    if form.is_valid() and carried_out(form, actions.choose_hours, user=request.user, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("notifications:settings")
    return show_settings(request, PreferencesForm(user=request.user), form)


def show_settings(request: HttpRequest, form: PreferencesForm, hours_form: HoursForm) -> HttpResponse:
    context = {"form": form, "hours_form": hours_form, "channels": CHANNELS.values()}
    status = 422 if hours_form.errors else 200
    return render(request, "notifications/settings.html", context, status=status)
