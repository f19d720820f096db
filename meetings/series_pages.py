"""Pages of series of meetings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meetings import queries, rules, series_forms
from meetings.models import Meeting, OpenDay, Series
from meetings.rhythm import current_rhythm
from meetings.series import (
    begin_series,
    change_people,
    change_series,
    drop_day,
    end_series,
    leave_out,
    people_on,
    settle_day,
    today_of,
)
from meetings.series_words import words_of
from meetings.views import get_project, read_moment, show, zone_name
from smmportal.refusals import carried_out, demand


def get_series(request: HttpRequest, pk: int, series: int) -> Series:
    seen = Series.objects.visible_to(request.user).select_related("project__agency", "project__client", "continues")
    return get_object_or_404(seen, project=pk, pk=series)


def get_own_series(request: HttpRequest, pk: int, series: int) -> Series:
    """A series that the person may not only look at."""
    found = get_series(request, pk, series)
    demand(rules.can_book(request.user, found.project), _("You can look at this meeting, but not change it."))
    return found


def show_series(request: HttpRequest, template: str, series: Series, **context: object) -> HttpResponse:
    return show(request, template, series.project, series=series, words=words_of(series), **context)


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request, pk)
    demand(rules.can_book(request.user, project), _("You can look at this project’s meetings, but not book one."))
    initial = series_forms.started_from(current_rhythm(project), project)
    form = series_forms.SeriesForm(project, request.POST or None, initial=initial)
    if form.is_valid():
        begun = carried_out(form, begin_series, project=project, by=request.user, **form.series())
        if begun:
            messages.success(request, _("The meetings are set up. Everybody who takes part has been told."))
            return redirect(begun)
    return show(request, "series_new", project, form=form, project_zone=project.timezone)


@login_required
@require_GET
def series(request: HttpRequest, pk: int, series: int) -> HttpResponse:
    found = get_series(request, pk, series)
    coming = queries.listed(Meeting.objects.upcoming().filter(series=found).order_by("starts_at"))
    return show_series(
        request,
        "series",
        found,
        coming=coming[: series_forms.OFFERED],
        open_days=queries.open_days([pk]).filter(series=found),
        people=[
            (person, found.project.side_of(person))
            for person in people_on(found, max(found.starts_on, today_of(found)))
        ],
        before=found.continues,
        after=found.continuations.first(),
        leave_out_form=series_forms.LeaveOutForm(),
    )


def initial_day(request: HttpRequest) -> dict[str, object]:
    return {"from_day": request.GET.get("from", "")}


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int, series: int) -> HttpResponse:
    found = get_own_series(request, pk, series)
    standing = {name: getattr(found, name) for name in ("title", "place", "time", "minutes")}
    form = series_forms.ChangeForm(found, request.POST or None, initial=standing | initial_day(request))
    if form.is_valid():
        changed = carried_out(form, change_series, series=found, by=request.user, **form.change())
        if changed:
            messages.success(request, _("The meetings are changed. Everybody who takes part has been told."))
            return redirect(changed)
    return show_series(request, "series_change", found, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, pk: int, series: int) -> HttpResponse:
    found = get_own_series(request, pk, series)
    now = people_on(found, max(found.starts_on, today_of(found)))
    form = series_forms.SeriesPeopleForm(found, request.POST or None, initial={"people": now} | initial_day(request))
    if form.is_valid() and carried_out(form, change_people, series=found, by=request.user, **form.cleaned_data):
        messages.success(request, _("The meetings are changed. Everybody who takes part has been told."))
        return redirect(found)
    return show_series(request, "series_people", found, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int, series: int) -> HttpResponse:
    found = get_own_series(request, pk, series)
    form = series_forms.EndForm(found, request.POST or None, initial=initial_day(request))
    if form.is_valid() and carried_out(form, end_series, series=found, by=request.user, **form.cleaned_data):
        messages.success(request, _("The meetings to come are called off. Everybody who was to come has been told."))
        return redirect(found)
    return show_series(request, "series_end", found, form=form)


@login_required
@require_POST
def exception(request: HttpRequest, pk: int, series: int) -> HttpResponse:
    found = get_own_series(request, pk, series)
    form = series_forms.LeaveOutForm(request.POST)
    if form.is_valid():
        leave_out(found, day=form.cleaned_data["day"], by=request.user)
        messages.success(request, _("There is no meeting on that day. Everybody who takes part has been told."))
    else:
        messages.error(request, " ".join(form.errors.get("day", [])))
    return redirect(found)


# --- A day that needs another time ----------------------------------------------------------------------------------


def get_day(request: HttpRequest, pk: int, series: int, day: int) -> OpenDay:
    seen = OpenDay.objects.visible_to(request.user).filter(series__project=pk, series=series)
    return get_object_or_404(seen.select_related("series__project__agency", "series__project__client"), pk=day)


@login_required
@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, pk: int, series: int, day: int) -> HttpResponse:
    found = get_own_series(request, pk, series)
    open_day = get_day(request, pk, series, day)
    initial = {"start": read_moment(request.GET.get("start", "")) or open_day.starts_at, "minutes": found.minutes}
    form = series_forms.SettleForm(request.POST or None, initial=initial)
    if form.is_valid():
        meeting = carried_out(form, settle_day, open_day=open_day, by=request.user, **form.times())
        if meeting:
            messages.success(request, _("The meeting is booked. Everybody who takes part has been told."))
            return redirect(meeting)
    near = max(open_day.starts_at, timezone.now())
    nearest = queries.nearest_free_times(
        found.project, people_on(found, open_day.day), start=near, end=near + found.length, but=open_day.meeting
    )
    return show_series(
        request, "series_day", found, open_day=open_day, form=form, nearest=nearest, zone=zone_name(open_day.starts_at)
    )


@login_required
@require_POST
def day_removal(request: HttpRequest, pk: int, series: int, day: int) -> HttpResponse:
    found = get_own_series(request, pk, series)
    drop_day(get_day(request, pk, series, day), by=request.user)
    messages.success(request, _("The day is settled."))
    return redirect(found)
