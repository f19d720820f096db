"""Pages of the meetings. Each fetches through the person, makes one call, answers."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meetings import actions, board, forms, queries, rules
from meetings.models import AgendaItem, Attendance, Decision, Meeting, Minutes
from meetings.reading import reading_of, who_agreed
from meetings.rhythm import current_rhythm
from meetings.series_words import words_of
from projects.autosave import saved, wants_json
from projects.models import Project
from smmportal.people.models import User
from smmportal.refusals import carried_out, demand

A_PAGE = 30


def get_project(request: HttpRequest, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)


def get_meeting(request: HttpRequest, pk: int) -> Meeting:
    seen = Meeting.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("project__agency", "project__client", "booked_by", "cancelled_by", "minutes__written_by"),
        pk=pk,
    )


def get_own(request: HttpRequest, pk: int) -> Meeting:
    """A meeting that the person may not only look at."""
    meeting = get_meeting(request, pk)
    demand(rules.can_run(request.user, meeting), _("You can look at this meeting, but not change it."))
    return meeting


def show(request: HttpRequest, template: str, project: Project, **context: object) -> HttpResponse:
    """A page inside the project's frame."""
    frame = {
        "project": project,
        "section": "meetings",
        "may_act": rules.can_book(request.user, project) and project.is_open,
        "zone": zone_name(),
    }
    return render(request, f"meetings/{template}.html", frame | context)


def zone_name(moment: datetime | None = None) -> str:
    """The reader's zone with what it is ahead of UTC by: «Europe/Moscow, UTC+03:00»."""
    offset = timezone.localtime(moment).strftime("%z")
    return f"{timezone.get_current_timezone()}, UTC{offset[:3]}:{offset[3:5]}"


# --- Lists ----------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET"])
def list_meetings(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request, pk)
    past = Paginator(queries.past(project), A_PAGE).get_page(request.GET.get("page"))
    coming = queries.coming(project)[:A_PAGE]
    link = queries.usual_link(project)
    more = {
        "rhythm": current_rhythm(project),
        "proposals": queries.with_answers(project.proposals.open()),
        "series": [(each, words_of(each)) for each in project.series.running()],
        "usual_link": link,
        "link_form": forms.CallLinkForm(initial={"address": link}),
    }
    return show(request, "list", project, coming=coming, past=past, **more)


@login_required
@require_http_methods(["POST"])
def call_link(request: HttpRequest, pk: int) -> HttpResponse:
    project, form = get_project(request, pk), forms.CallLinkForm(request.POST)
    if form.is_valid():
        actions.set_call_link(project, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("This is not an address that a browser opens. Please copy all of it."))
    return redirect("meetings:list", project.pk)


@login_required
@require_http_methods(["GET"])
def list_decisions(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request, pk)
    wanted = request.GET.get("text", "").replace("\x00", "")[:200]
    state = request.GET.get("state", "")
    seen = Decision.objects.visible_to(request.user).filter(meeting__project=project).with_state()
    found = queries.find_decisions(seen, wanted)
    if state in Decision.State.values:
        found = found.filter(state=state)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    who_agreed(page.object_list)
    states = Decision.State.choices
    return show(request, "decisions", project, page=page, wanted=wanted, state=state, states=states)


# --- Taking a time --------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request, pk)
    demand(rules.can_book(request.user, project), _("You can look at this project’s meetings, but not book one."))
    if request.method == "POST" or "start" in request.GET:
        return confirm_booking(request, project)
    form = forms.TimeChoiceForm(project, request.GET)
    week = None
    if form.is_valid():
        chosen = form.cleaned_data
        week = queries.free_week(project, chosen["people"], day=chosen["day"], minutes=chosen["minutes"])
        form.show_day(week.chosen)
    zone = zone_name(queries.midnight(week.chosen)) if week else zone_name()
    return show(request, "book", project, form=form, week=week, zone=zone)


def confirm_booking(request: HttpRequest, project: Project) -> HttpResponse:
    form = forms.BookingForm(project, request.POST or None, initial=initial_booking(request, project))
    if form.is_valid():
        booked = carried_out(form, actions.book_once, project=project, by=request.user, **form.booking())
        if booked:
            messages.success(request, _("The meeting is booked. Everybody who takes part has been told."))
            return redirect(booked)
    return show(request, "confirm", project, form=form, nearest=nearest_times(form, project))


def initial_booking(request: HttpRequest, project: Project) -> dict[str, object]:
    return {
        "start": read_moment(request.GET.get("start", "")),
        "minutes": request.GET.get("minutes", forms.USUAL_LENGTH),
        "people": [key for key in request.GET.getlist("people") if key.isdecimal()] or project.people,
        "place": queries.usual_link(project),
    }


def read_moment(text: str) -> datetime | None:
    """An ISO moment out of an address; whatever is not one is nothing."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) and 2000 <= moment.year <= 2200 else None


def nearest_times(form: forms.TimeForm, project: Project, *, meeting: Meeting | None = None) -> list:
    """When the time asked for was refused: the free ones around it."""
    if not (form.is_bound and form.non_field_errors() and "start" in form.cleaned_data):
        return []
    times = form.times()
    people = queries.required_of(meeting) if meeting else form.cleaned_data["people"]
    return queries.nearest_free_times(
        project, people, start=max(times["starts_at"], timezone.now()), end=times["ends_at"], but=meeting
    )


@login_required
@require_http_methods(["GET", "POST"])
def log_call(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request, pk)
    demand(rules.can_book(request.user, project), _("You can look at this project’s meetings, but not log one."))
    form = forms.LogForm(project, request.POST or None, initial=queries.likely_call(project))
    if form.is_valid():
        logged = carried_out(form, actions.log_once, project=project, by=request.user, **form.call())
        if logged:
            messages.success(request, _("The call is logged. Publish its minutes when they are complete."))
            return redirect(logged)
    return show(request, "log", project, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    minutes = int(meeting.length.total_seconds() // 60)
    initial = {"start": read_moment(request.GET.get("start", "")) or meeting.starts_at, "minutes": minutes}
    form = forms.MoveForm(request.POST or None, initial=initial)
    if form.is_valid() and carried_out(form, actions.move_meeting, meeting=meeting, by=request.user, **form.move()):
        messages.success(request, _("The meeting is moved. Everybody who takes part has been told."))
        return redirect(meeting)
    week = queries.free_week(
        meeting.project,
        queries.required_of(meeting),
        day=forms.DayForm(request.GET).chosen_day() or timezone.localdate(meeting.starts_at),
        minutes=minutes,
        but=meeting,
    )
    near = nearest_times(form, meeting.project, meeting=meeting)
    return show(
        request,
        "move",
        meeting.project,
        meeting=meeting,
        form=form,
        week=week,
        nearest=near,
        notice_ends=queries.notice_ends(meeting),
    )


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    form = forms.CancelForm(request.POST or None)
    if form.is_valid() and carried_out(
        form, actions.cancel_meeting, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The meeting is called off. Everybody who was to come has been told."))
        return redirect(meeting)
    ends = queries.notice_ends(meeting)
    return show(request, "cancel", meeting.project, meeting=meeting, form=form, notice_ends=ends)


@login_required
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    form = forms.DetailsForm(request.POST or None, initial={"title": meeting.title, "place": meeting.place})
    if form.is_valid() and carried_out(
        form, actions.describe_meeting, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        return redirect(meeting)
    return show(request, "details", meeting.project, meeting=meeting, form=form)


# --- The meeting room -----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET"])
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    return show_room(request, get_meeting(request, pk))


def show_room(request: HttpRequest, meeting: Meeting, **bound: object) -> HttpResponse:
    """The whole room; a form that was refused comes `bound`, with what was typed in it."""
    project = meeting.project
    meeting = get_meeting(request, meeting.pk)
    minutes = queries.minutes_of(meeting)
    is_closed = meeting.cancelled_at or meeting.is_published or not project.is_open
    open_for = rules.can_run(request.user, meeting) and not is_closed
    blank = {
        "agenda_form": forms.AgendaForm(auto_id="agenda-%s"),
        "minutes_form": forms.MinutesForm(
            initial={"text": minutes.text if minutes else "", "revision": minutes.revision if minutes else 0},
            auto_id="notes-%s",
        ),
        "decision_form": forms.DecisionForm(meeting, auto_id="decision-%s"),
        "action_form": forms.ActionForm(project, auto_id="action-%s"),
    }
    room = {
        "meeting": meeting,
        "minutes": minutes,
        "may_write": open_for,
        **seats_of(request, meeting),
        **agenda_column(meeting, request.user),
        "since_last": board.changes_since_last(meeting),
        "decisions": meeting.decisions.select_related("by", "replaces__meeting"),
        "action_items": meeting.action_items.select_related("task__assignee"),
        "open_actions": queries.open_actions(meeting),
        "history": queries.history(meeting),
        "zone": zone_name(meeting.starts_at),
    }
    return show(request, "meeting", project, **(room | (blank | bound if open_for else closed_room(**bound))))


def seats_of(request: HttpRequest, meeting: Meeting) -> dict[str, object]:
    """Who sits in it, with what they said of coming; and the reader's own seat while it may be answered."""
    seats = list(meeting.attendances.select_related("person").order_by("person__name"))
    is_asked = not (meeting.cancelled_at or meeting.is_over)
    own = next((seat for seat in seats if seat.person_id == request.user.pk), None)
    people = [(seat.person, meeting.project.side_of(seat.person), note_of(seat) if is_asked else "") for seat in seats]
    return {"people": people, "own_seat": own if is_asked else None}


def note_of(seat: Attendance) -> str:
    optional = "" if seat.is_required else _("may come, but need not")
    return "; ".join(filter(None, [optional, seat.get_answer_display()]))


def agenda_column(meeting: Meeting, reader: User) -> dict[str, object]:
    """The lines, those that fit into the meeting apart from those for which there may be no time."""
    return agenda_parts(meeting, board.agenda_of(meeting, reader))


def agenda_parts(meeting: Meeting, lines: list[AgendaItem]) -> dict[str, object]:
    kept = [line for line in lines if line.fits]
    return {
        "agenda": lines,
        "agenda_kept": kept,
        "agenda_rest": [line for line in lines if not line.fits],
        "agenda_minutes": sum(line.takes for line in kept),
        "meeting_minutes": int(meeting.length.total_seconds() // 60),
        "leaders": list(queries.people_to_invite(meeting.project)),
    }


def closed_room(**bound: object) -> dict[str, object]:
    """The room was closed while somebody was typing: the reason and their words, so that nothing is lost."""
    refused = next((form for form in bound.values() if isinstance(form, BaseForm)), None)
    return {"refused": refused, "refused_text": refused and (refused.data.get("text") or refused.data.get("title"))}


@login_required
@require_http_methods(["POST"])
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    form = forms.AgendaForm(request.POST, auto_id="agenda-%s")
    if form.is_valid() and carried_out(
        form, actions.add_agenda_item, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        return back_to(meeting, "agenda")
    return show_room(request, meeting, agenda_form=form)


def back_to(meeting: Meeting, part: str) -> HttpResponse:
    return redirect(f"{meeting.get_absolute_url()}#{part}")


@login_required
@require_http_methods(["POST"])
def agenda_position(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(AgendaItem.objects.visible_to(request.user).select_related("meeting__project"), pk=pk)
    form = forms.PositionForm(request.POST)
    if form.is_valid():
        actions.place_agenda_item(item, by=request.user, **form.cleaned_data)
    return back_to(item.meeting, "agenda")


@login_required
@require_http_methods(["POST"])
def agenda_arrangement(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(AgendaItem.objects.visible_to(request.user).select_related("meeting__project"), pk=pk)
    demand(rules.can_run(request.user, item.meeting), _("You can look at this meeting, but not change it."))
    form = forms.ArrangementForm(item.meeting.project, request.POST)
    if form.is_valid() and carried_out(
        form, actions.arrange_agenda_item, item=item, by=request.user, **form.cleaned_data
    ):
        return back_to(item.meeting, "agenda")
    return show_room(request, item.meeting, arrangement_form=form)


@login_required
@require_http_methods(["POST"])
def agenda_removal(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(AgendaItem.objects.visible_to(request.user).select_related("meeting__project"), pk=pk)
    actions.remove_agenda_item(item, by=request.user)
    return back_to(item.meeting, "agenda")


@login_required
@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """GET is the paper: what was said, decided and promised, ready for a printer."""
    meeting = get_meeting(request, pk)
    if request.method == "POST":
        return save_notes(request, meeting)
    reading = reading_of(meeting, request.user)
    zone = zone_name(meeting.starts_at)
    return show(request, "minutes", meeting.project, meeting=meeting, reading=reading, zone=zone)


def save_notes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = forms.MinutesForm(request.POST, auto_id="notes-%s")
    demand(rules.can_run(request.user, meeting), _("You can look at this meeting, but not change it."))
    if wants_json(request):
        return autosave_notes(request, meeting, form)
    if form.is_valid():
        chosen = form.cleaned_data
        if carried_out(form, actions.write_minutes, meeting=meeting, by=request.user, **chosen):
            if request.POST.get("then") == "publication":
                return redirect("meetings:publish", meeting.pk)
            messages.success(request, _("The notes are saved."))
            return back_to(meeting, "notes")
    return show_room(request, meeting, minutes_form=form, notes_conflict=face_conflict(form, meeting))


def face_conflict(form: forms.MinutesForm, meeting: Meeting) -> Minutes | None:
    """What somebody else saved meanwhile; the form keeps the person's own text and may now be saved over it."""
    current = queries.minutes_of(meeting)
    if current is None or not form.non_field_errors():
        return None
    form.data = form.data.copy()
    form.data["revision"] = str(current.revision)
    return current


def autosave_notes(request: HttpRequest, meeting: Meeting, form: forms.MinutesForm) -> HttpResponse:
    if not form.is_valid():
        sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
        return JsonResponse({"sentence": " ".join(sentences)}, status=422)
    return saved(actions.write_minutes, meeting, by=request.user, **form.cleaned_data)


@login_required
@require_http_methods(["POST"])
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    form = forms.DecisionForm(meeting, request.POST, auto_id="decision-%s")
    if form.is_valid() and carried_out(
        form, actions.record_decision, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        return back_to(meeting, "outcome")
    return show_room(request, meeting, decision_form=form)


@login_required
@require_http_methods(["POST"])
def decision_removal(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(Decision.objects.visible_to(request.user).select_related("meeting__project"), pk=pk)
    actions.remove_decision(decision, by=request.user)
    return back_to(decision.meeting, "outcome")


@login_required
@require_http_methods(["POST"])
def action_items(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    form = forms.ActionForm(meeting.project, request.POST, auto_id="action-%s")
    if form.is_valid() and carried_out(form, actions.assign_action, meeting=meeting, by=request.user, **form.action()):
        return back_to(meeting, "outcome")
    return show_room(request, meeting, action_form=form)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows what everybody is about to read."""
    meeting = get_own(request, pk)
    if request.method == "POST":
        actions.publish_minutes(meeting, by=request.user)
        messages.success(request, _("The minutes are published. Both sides have been told."))
        return redirect(meeting)
    return show(
        request,
        "publish",
        meeting.project,
        meeting=meeting,
        minutes=queries.minutes_of(meeting),
        decisions=meeting.decisions.all(),
        action_items=meeting.action_items.select_related("task__assignee"),
        left=meeting.agenda.visible_to(request.user).filter(
            settled_at=None, outcome__in=["", AgendaItem.Outcome.NOT_DISCUSSED]
        ),
    )
