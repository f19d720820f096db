"""Meetings in one's own calendar: private addresses to subscribe to, and a file of one meeting."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST, require_safe

from meetings import feeds, ics, reminders
from meetings.forms import ReminderForm
from meetings.models import CalendarFeed
from meetings.views import get_meeting
from projects.models import Project
from smmportal.facts import content_hash
from smmportal.limits import is_too_often
from smmportal.people.link_pages import UNKNOWN_TRIES

CALENDAR = "text/calendar; charset=utf-8"
#: How often one address may be read in an hour; programs ask once or twice.
AN_HOUR = 120


@require_safe
@sensitive_variables("secret")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar program reads. The address is the key: there is no login, and no other page learns of it."""
    found = feeds.find_feed(secret)
    if found is None:
        if is_too_often("feed-unknown", request.META["REMOTE_ADDR"], most=UNKNOWN_TRIES, seconds=600):
            return kept_private(HttpResponse(status=429))
        raise Http404
    if is_too_often("feed", str(found.pk), most=AN_HOUR, seconds=3600):
        return kept_private(HttpResponse(status=429, headers={"Retry-After": "3600"}))
    feeds.note_read(found)
    with translation.override(found.person.language):
        text = feeds.written(found)
    response = kept_private(HttpResponse(text, content_type=CALENDAR))
    response["ETag"] = etag = f'"{content_hash(text.decode())[:32]}"'
    return get_conditional_response(request, etag=etag, response=response)


def kept_private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, max-age=300"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@login_required
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    projects = Project.objects.visible_to(request.user).open().order_by("name", "id")
    form = ReminderForm(initial={"minutes": reminders.times_of(request.user)})
    context = {"offers": feeds.offers_for(request.user, projects), "form": form}
    return render(request, "meetings/calendar.html", context)


@login_required
@require_POST
def choose_reminders(request: HttpRequest) -> HttpResponse:
    form = ReminderForm(request.POST)
    if form.is_valid():
        reminders.choose_times(request.user, form.cleaned_data["minutes"])
        messages.success(request, _("Saved."))
    return redirect("meetings:calendar")


@login_required
@require_POST
def make_address(request: HttpRequest) -> HttpResponse:
    feeds.renew_feed(request.user)
    return renewed(request)


@login_required
@require_POST
def make_project_address(request: HttpRequest, pk: int) -> HttpResponse:
    feeds.renew_feed(request.user, get_object_or_404(Project.objects.visible_to(request.user), pk=pk))
    return renewed(request)


def renewed(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("The new address is ready. If there was one before, it no longer works."))
    return redirect("meetings:calendar")


@login_required
@require_POST
def revoke_address(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(CalendarFeed.objects.visible_to(request.user), pk=pk)
    feeds.revoke_feed(found, by=request.user)
    messages.success(request, _("The address no longer works."))
    return redirect("meetings:calendar")


@login_required
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting as a file, for a calendar that subscribes to nothing."""
    meeting = get_meeting(request, pk)
    text = ics.feed([feeds.event_of(meeting)], name=meeting.project.name)
    headers = {"Content-Disposition": f'attachment; filename="meeting-{timezone.localdate(meeting.starts_at)}.ics"'}
    return HttpResponse(text, content_type=CALENDAR, headers=headers)
