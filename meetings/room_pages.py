"""The room: one screen for a meeting that is being held. All of it works by plain forms; a script makes it live."""

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from meetings import actions, forms, room, rules
from meetings.models import AgendaItem, Attendance, Meeting
from meetings.room_queries import held, seats_of
from meetings.views import agenda_parts, get_meeting, get_own
from smmportal.people.models import User
from smmportal.refusals import Refused, carried_out, demand


class TogetherForm(django_forms.Form):
    """`base` is the text that the person had before them when they began to write."""

    text = django_forms.CharField(
        label=gettext_lazy("What was said"),
        required=False,
        strip=False,
        max_length=room.LONGEST_NOTES,
        widget=django_forms.Textarea(attrs={"rows": 14, "class": "notes"}),
    )
    base = django_forms.CharField(required=False, strip=False, widget=django_forms.HiddenInput)


class AttendanceForm(django_forms.Form):
    person = django_forms.ModelChoiceField(User.objects.none())
    state = django_forms.ChoiceField(choices=[("", "—"), *Attendance.State.choices], required=False)

    def __init__(self, meeting: Meeting, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = meeting.people.all()


@login_required
@require_http_methods(["GET"])
def show_room(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, get_meeting(request, pk))


def page(request: HttpRequest, meeting: Meeting, **bound: object) -> HttpResponse:
    """The whole screen; a form that was refused comes `bound`, with what was typed in it."""
    project, now = meeting.project, held(meeting, request.user)
    is_closed = meeting.cancelled_at or meeting.is_published or not project.is_open
    blank = {
        "notes_form": TogetherForm(initial={"text": now.text, "base": now.text}, auto_id="notes-%s"),
        "decision_form": forms.DecisionForm(meeting, auto_id="decision-%s"),
        "action_form": forms.ActionForm(project, auto_id="action-%s"),
    }
    context = {
        "project": project,
        "section": "meetings",
        "meeting": meeting,
        "held": now,
        "may_write": rules.can_run(request.user, meeting) and not is_closed,
        "seats": seats_of(meeting),
        "states": Attendance.State.choices,
        "decisions": meeting.decisions.select_related("by"),
        "action_items": meeting.action_items.select_related("task__assignee"),
        **agenda_parts(meeting, now.agenda),
    }
    return render(request, "meetings/room.html", context | blank | bound)


def back_to_room(meeting: Meeting, part: str = "") -> HttpResponse:
    answer = redirect("meetings:room", meeting.pk)
    answer["Location"] += f"#{part}" if part else ""
    return answer


@login_required
@require_http_methods(["POST"])
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    room.open_room(meeting, by=request.user)
    return back_to_room(meeting)


def get_line(request: HttpRequest, pk: int) -> AgendaItem:
    seen = AgendaItem.objects.visible_to(request.user).select_related("meeting__project", "meeting__minutes")
    item = get_object_or_404(seen, pk=pk)
    demand(rules.can_run(request.user, item.meeting), _("You can look at this meeting, but not change it."))
    return item


@login_required
@require_http_methods(["POST"])
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_line(request, pk)
    room.talk_about(item, by=request.user)
    return back_to_room(item.meeting, "room-agenda")


@login_required
@require_http_methods(["POST"])
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_line(request, pk)
    room.tick_off(item, by=request.user)
    return back_to_room(item.meeting, "room-agenda")


@login_required
@require_http_methods(["POST"])
def tick_removal(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_line(request, pk)
    room.untick(item, by=request.user)
    return back_to_room(item.meeting, "room-agenda")


@login_required
@require_http_methods(["POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    form = AttendanceForm(meeting, request.POST)
    if form.is_valid() and carried_out(
        form, room.mark_attendance, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        return back_to_room(meeting, "room-people")
    return page(request, meeting, attendance_form=form)


@login_required
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The notes for the script of the room: JSON with text and revision. A plain form comes back to the room."""
    if request.method == "GET":
        now = held(get_meeting(request, pk), request.user)
        return JsonResponse({"text": now.text, "revision": now.revision})
    meeting = get_own(request, pk)
    form = TogetherForm(request.POST, auto_id="notes-%s")
    if request.headers.get("Accept", "").startswith("application/json"):
        return notes_as_json(request, meeting, form)
    if form.is_valid() and carried_out(
        form, room.write_together, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        return back_to_room(meeting, "room-notes")
    return page(request, meeting, notes_form=form, **both_texts(form, meeting, request.user))


def both_texts(form: TogetherForm, meeting: Meeting, reader: User) -> dict[str, object]:
    """After a refusal: the other text is shown, the person's own stays, and saving once more puts it over the other."""
    now = held(meeting, reader)
    form.data = form.data.copy()
    form.data["base"] = now.text
    return {"notes_conflict": now.minutes}


def notes_as_json(request: HttpRequest, meeting: Meeting, form: TogetherForm) -> HttpResponse:
    if not form.is_valid():
        sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
        return JsonResponse({"sentence": " ".join(sentences)}, status=422)
    try:
        saved = room.write_together(meeting, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        code = 409 if refusal.code == "changed-meanwhile" else 422
        return JsonResponse({"sentence": str(refusal.sentence), **refusal.extra}, status=code)
    return JsonResponse({"text": saved.text, "revision": saved.revision})


@login_required
@require_http_methods(["POST"])
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    form = forms.DecisionForm(meeting, request.POST, auto_id="decision-%s")
    if form.is_valid() and carried_out(
        form, actions.record_decision, meeting=meeting, by=request.user, **form.cleaned_data
    ):
        return back_to_room(meeting, "room-outcome")
    return page(request, meeting, decision_form=form)


@login_required
@require_http_methods(["POST"])
def action_items(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_own(request, pk)
    form = forms.ActionForm(meeting.project, request.POST, auto_id="action-%s")
    if form.is_valid() and carried_out(form, actions.assign_action, meeting=meeting, by=request.user, **form.action()):
        return back_to_room(meeting, "room-outcome")
    return page(request, meeting, action_form=form)
