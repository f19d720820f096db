"""What people type about meetings. Times are read and shown in the reader's own zone."""

from datetime import date, datetime, timedelta

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from meetings import queries
from meetings.models import AgendaItem, Attendance, Decision, Meeting, Minutes
from projects.models import Project
from projects.rules import acts_in
from smmportal.formatting import side_name
from smmportal.inputs import DayInput, MomentInput, RowsField
from smmportal.people.models import Side, User

LENGTHS = (15, 30, 45, 60, 90, 120)
USUAL_LENGTH = 60
LONGEST_MINUTES = 24 * 60


class PeopleField(RowsField):
    """Who of the project takes part, each with the side they are on."""

    def __init__(self, project: Project):
        self.project = project
        super().__init__(
            queries.people_to_invite(project),
            label=_("Who takes part"),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-row"}),
            error_messages={"required": _("Please choose who takes part.")},
        )

    def label_from_instance(self, person: User) -> str:
        side = self.project.side_of(person)
        return f"{person} ({side_name(side)})" if side else str(person)


class OptionalField(PeopleField):
    """Who is invited and need not come."""

    def __init__(self, project: Project):
        super().__init__(project)
        self.required = False
        self.label = _("Who may come, but need not")
        self.help_text = _("The time is not made to suit them.")


def length_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Length, minutes"),
        min_value=5,
        max_value=LONGEST_MINUTES,
        initial=USUAL_LENGTH,
        widget=forms.NumberInput(attrs={"class": "input-tiny", "inputmode": "numeric", "step": 5}),
    )


def this_century(day: date | None) -> date | None:
    """The same day or moment, far enough from the ends of the calendar to have weeks around it."""
    if day and not 2000 <= day.year <= 2200:
        raise forms.ValidationError(_("Please choose a day of this century."))
    return day


class DayForm(forms.Form):
    """The day that is looked at; lives in the address."""

    day = forms.DateField(label=_("Day"), widget=DayInput, required=False)

    def clean_day(self) -> date | None:
        return this_century(self.cleaned_data["day"])

    def chosen_day(self) -> date | None:
        return self.cleaned_data.get("day") if self.is_valid() else None


class TimeChoiceForm(DayForm):
    """Whose free times to look for, how long and on which day."""

    minutes = forms.TypedChoiceField(label=_("Length"), coerce=int)

    field_order = ("people", "minutes", "day")

    def __init__(self, project: Project, query: QueryDict):
        data = query.copy()
        data.setdefault("minutes", str(USUAL_LENGTH))
        if "people" not in data and "minutes" not in query:
            data.setlist("people", [str(person.pk) for person in project.people])
        super().__init__(data)
        self.fields["people"] = PeopleField(project)
        self.fields["minutes"].choices = [(str(minutes), length_in_words(minutes)) for minutes in LENGTHS]
        self.order_fields(self.field_order)

    def show_day(self, day: date) -> None:
        """Write the day that was found into a form that named none."""
        self.fields["day"].required = True
        self.data["day"] = day.isoformat()


def length_in_words(minutes: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


class TimeForm(forms.Form):
    """A start and a length; what the actions take is `times()`."""

    start = forms.DateTimeField(label=_("Starts"), widget=MomentInput)
    minutes = length_field()
    #: The button of a free time that was offered instead of a taken one.
    free = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("free"):
            cleaned["start"] = cleaned["free"]
        return cleaned

    def times(self) -> dict[str, datetime]:
        start = self.cleaned_data["start"]
        return {"starts_at": start, "ends_at": start + timedelta(minutes=self.cleaned_data["minutes"])}

    def clean_start(self) -> datetime:
        return this_century(self.cleaned_data["start"])

    def clean_free(self) -> datetime | None:
        return this_century(self.cleaned_data["free"])


class BookingForm(TimeForm):
    title = forms.CharField(label=_("What it is about"), max_length=200)
    place = forms.CharField(
        label=_("Link or place"), max_length=500, required=False, help_text=_("A call’s link or an address.")
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One line for each thing to talk about. You can add to it later."),
    )

    field_order = ("title", "start", "minutes", "people", "optional", "place", "agenda")

    def __init__(self, project: Project, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"] = PeopleField(project)
        self.fields["optional"] = OptionalField(project)
        self.order_fields(self.field_order)

    def clean_agenda(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["agenda"].splitlines() if line.strip()]
        longest = AgendaItem._meta.get_field("title").max_length
        if any(len(line) > longest for line in lines):
            sentence = _("One line of the agenda is longer than %(count)s characters.")
            raise forms.ValidationError(sentence, params={"count": longest})
        if len(lines) > 100:
            raise forms.ValidationError(_("An agenda has at most %(count)s lines."), params={"count": 100})
        return lines

    def booking(self) -> dict[str, object]:
        chosen = self.cleaned_data
        return {name: chosen[name] for name in ("title", "people", "optional", "place", "agenda")} | self.times()


class MoveForm(TimeForm):
    reason = forms.CharField(
        label=_("Why"), max_length=500, required=False, help_text=_("Everybody who is to come will read it.")
    )

    def move(self) -> dict[str, object]:
        return {**self.times(), "reason": self.cleaned_data["reason"]}


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=500, required=False, help_text=_("Everybody who was to come will read it.")
    )


class DetailsForm(forms.ModelForm):
    class Meta:
        model = Meeting
        fields = ("title", "place")


class ReminderForm(forms.Form):
    minutes = forms.TypedMultipleChoiceField(
        label=_("Remind me of a meeting"),
        choices=[
            (2880, _("two days before")),
            (1440, _("a day before")),
            (180, _("three hours before")),
            (60, _("an hour before")),
            (15, _("a quarter of an hour before")),
        ],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class CallLinkForm(forms.Form):
    address = forms.URLField(
        label=_("The usual link for calls"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Telemost, Zoom, Meet, Jitsi, VK Calls, Teams or any other. New meetings get it by themselves."),
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[choice for choice in Attendance.Answer.choices if choice[0]])


class AgendaForm(forms.ModelForm):
    is_private = forms.BooleanField(label=_("Only our side sees it"), required=False)

    class Meta:
        model = AgendaItem
        fields = ("title", "minutes")
        widgets = {"minutes": forms.NumberInput(attrs={"class": "input-tiny", "inputmode": "numeric", "min": 1})}


class ArrangementForm(forms.Form):
    """How long a line is talked about, and who leads the talk."""

    minutes = forms.IntegerField(label=_("minutes"), min_value=1, max_value=1440, required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("who leads"), required=False)

    def __init__(self, project: Project, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.people_to_invite(project)


class PositionForm(forms.Form):
    position = forms.IntegerField(min_value=1, max_value=1000)


class MinutesForm(forms.ModelForm):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Minutes
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 12, "class": "notes"})}


class DecisionForm(forms.ModelForm):
    class Meta:
        model = Decision
        fields = ("text", "replaces")
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, meeting: Meeting, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replaces"].queryset = queries.replaceable(meeting)
        self.fields["replaces"].empty_label = _("It is a new one")


class ActionForm(forms.Form):
    """One choice names both the side and the person; a side alone means whoever of it takes the task."""

    title = forms.CharField(label=_("What is to be done"), max_length=300)
    who = forms.ChoiceField(label=_("Who does it"))
    due_on = forms.DateField(label=_("By when"), required=False, widget=DayInput)

    def __init__(self, project: Project, *args, **kwargs):
        super().__init__(*args, **kwargs)
        able = [person for person in queries.people_to_invite(project) if acts_in(person, project)]
        self.people = {str(person.pk): person for person in able}
        self.fields["who"].choices = [
            (
                capfirst(side_name(side)),
                [(side.value, _("Anyone of %(organisation)s") % {"organisation": project.organisation_of(side)})]
                + [(key, str(person)) for key, person in self.people.items() if project.side_of(person) is side],
            )
            for side in Side
        ]
        self.project = project

    def action(self) -> dict[str, object]:
        """What `assign_action` takes."""
        who = self.cleaned_data["who"]
        person = self.people.get(who)
        side = self.project.side_of(person) if person else Side(who)
        return {
            "title": self.cleaned_data["title"],
            "side": side,
            "assignee": person,
            "due_on": self.cleaned_data["due_on"],
        }


class LogForm(forms.Form):
    """A call that just happened: all of it is likely already, and what was decided is typed."""

    ended = forms.DateTimeField(label=_("Ended"), widget=MomentInput)
    minutes = forms.TypedChoiceField(
        label=_("Length, minutes"),
        coerce=int,
        choices=[(str(minutes), str(minutes)) for minutes in (15, 30, 60, 90, 120)],
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
    )
    title = forms.CharField(label=_("What it was about"), max_length=200)
    decision = forms.CharField(
        label=_("What was decided"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )
    action_title = forms.CharField(label=_("What is to be done"), max_length=300, required=False)
    who = forms.ChoiceField(label=_("Who does it"), required=False)
    due_on = forms.DateField(label=_("By when"), required=False, widget=DayInput)

    def __init__(self, project: Project, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"] = PeopleField(project)
        self.fields["people"].label = _("Who took part")
        self.fields["who"].choices = ActionForm(project).fields["who"].choices
        self.project = project

    def clean_ended(self) -> datetime:
        return this_century(self.cleaned_data["ended"])

    def times(self) -> dict[str, datetime]:
        ended = self.cleaned_data["ended"]
        return {"starts_at": ended - timedelta(minutes=self.cleaned_data["minutes"]), "ends_at": ended}

    def call(self) -> dict[str, object]:
        """What `log_meeting` takes."""
        chosen = self.cleaned_data
        said = {name: chosen[name] for name in ("title", "people", "decision")} | self.times()
        return said | {"action": self.action()}

    def action(self) -> dict[str, object] | None:
        chosen = self.cleaned_data
        if not chosen["action_title"]:
            return None
        item = ActionForm(self.project, {**chosen, "title": chosen["action_title"]})
        item.full_clean()
        return item.action()
