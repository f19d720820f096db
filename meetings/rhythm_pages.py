"""The page of the rhythm of meetings, and bringing an open question up."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from meetings import actions, queries, rules
from meetings.forms import PeopleField
from meetings.models import Rhythm
from meetings.models.rhythm import USUAL_NOTICE
from meetings.rhythm import current_rhythm, end_rhythm, rhythm_from, set_rhythm
from meetings.views import get_project, show
from projects.models import Project
from projects.origins import place_named
from projects.views.knowledge import back_to, place_asked
from smmportal.inputs import ClockInput
from smmportal.refusals import carried_out, demand


class RhythmForm(forms.ModelForm):
    """How often, and if it is known when and with whom."""

    class Meta:
        model = Rhythm
        fields = ["cadence", "weekday", "time", "notice_hours"]
        widgets = {"cadence": forms.RadioSelect, "time": ClockInput}
        help_texts = {"time": gettext_lazy("In the project’s time zone.")}

    def __init__(self, project: Project, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cadence"].choices = Rhythm.Cadence.choices
        self.fields["weekday"].choices = [("", gettext_lazy("Any day")), *Rhythm.Weekday.choices]
        self.fields["people"] = PeopleField(project)
        self.fields["people"].label = _("Who must be there")
        self.fields["people"].required = False
        self.fields["notice_hours"].required = False

    def clean_notice_hours(self) -> int:
        said = self.cleaned_data["notice_hours"]
        return USUAL_NOTICE if said is None else said

    def _post_clean(self) -> None:
        """The verb writes the rhythm; the form only reads what was typed."""


@login_required
@require_http_methods(["GET", "POST"])
def rhythm(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree on a rhythm; `?from=3.J2` begins it with what the brief says."""
    project = get_project(request, pk)
    demand(
        rules.can_book(request.user, project),
        _("You can look at this project’s meetings, but not agree on their rhythm."),
    )
    began, now = place_named(project, request.GET.get("from", "")), current_rhythm(project)
    form = RhythmForm(project, request.POST or None, initial=started_from(now) | words_of(began, project))
    fields = {"project": project, "by": request.user, "origin": began}
    if form.is_valid() and carried_out(form, set_rhythm, **fields, **form.cleaned_data):
        messages.success(request, _("Agreed. The portal reminds the agency when the next meeting is not booked."))
        return redirect("meetings:list", pk)
    return show(request, "rhythm", project, form=form, now=now)


def started_from(now: Rhythm | None) -> dict:
    if now is None:
        return {}
    said = {name: getattr(now, name) for name in ("cadence", "weekday", "time", "notice_hours")}
    return {**said, "people": list(now.people.all())}


def words_of(began, project: Project) -> dict:
    return rhythm_from(began, queries.people_to_invite(project)) if began else {}


@login_required
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    end_rhythm(get_project(request, pk), by=request.user)
    messages.success(request, _("There is no rhythm any more: meetings are booked as they are needed."))
    return redirect("meetings:list", pk)


@login_required
@require_POST
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """An open question of the brief becomes a line of the next agenda: `?from=3.K1`."""
    place = place_asked(request, get_project(request, pk))
    item = actions.bring_up_answer(place, by=request.user)
    messages.success(request, _("It is on the agenda of “%(meeting)s”.") % {"meeting": item.meeting})
    return redirect(back_to(place))
