"""What people type about series of meetings. Days and times are those of the series' own zone."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from meetings import queries
from meetings.forms import PeopleField, TimeForm, length_field, this_century
from meetings.models import Availability, Rhythm, Series
from meetings.recurrence import LAST, Rule, is_last_day, nth_of
from meetings.series import coming_days, today_of
from projects.models import Project
from smmportal.formatting import format_day
from smmportal.inputs import ClockInput, DayInput

WEEKLY, BIWEEKLY, BY_WEEKDAY, BY_DATE = "weekly", "biweekly", "weekday", "date"
#: How many days of a series a form offers to begin a change with.
OFFERED = 30


class SeriesForm(forms.Form):
    """The first day says which weekday or date it is."""

    title = forms.CharField(label=_("What it is about"), max_length=200)
    often = forms.ChoiceField(
        label=_("How often"),
        widget=forms.RadioSelect,
        choices=[
            (WEEKLY, _("once a week")),
            (BIWEEKLY, _("once in two weeks")),
            (BY_WEEKDAY, _("once a month on the same weekday, like the second Tuesday")),
            (BY_DATE, _("once a month on the same date")),
        ],
        initial=WEEKLY,
    )
    starts_on = forms.DateField(
        label=_("First meeting on"), widget=DayInput, help_text=_("It also says the weekday or the date of the others.")
    )
    time = forms.TimeField(label=_("Time"), widget=ClockInput, help_text=_("In the project’s time zone."))
    minutes = length_field()
    until = forms.DateField(label=_("Last day"), required=False, widget=DayInput)
    count = forms.IntegerField(
        label=_("How many meetings"), required=False, min_value=1, max_value=1000, help_text=_("Or leave both empty.")
    )
    day_off = forms.ChoiceField(
        label=_("On a public holiday"), choices=Series.DayOff.choices, initial=Series.DayOff.SKIP
    )
    countries = forms.MultipleChoiceField(
        label=_("Public holidays of"),
        required=False,
        choices=[(code, name) for code, name in Availability.Country.choices if code],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-row"}),
    )
    place = forms.CharField(
        label=_("Link or place"), max_length=500, required=False, help_text=_("A call’s link or an address.")
    )

    def __init__(self, project: Project, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"] = PeopleField(project)
        self.order_fields(["title", "often", "starts_on", "time", "minutes", "people"])

    def clean_starts_on(self) -> date:
        return this_century(self.cleaned_data["starts_on"])

    def clean_until(self) -> date | None:
        return this_century(self.cleaned_data["until"])

    def clean(self) -> dict[str, object]:
        chosen = super().clean()
        if chosen.get("until") and chosen.get("count"):
            self.add_error("count", _("Either a last day or a number, please."))
        if chosen.get("until") and chosen.get("starts_on") and chosen["until"] < chosen["starts_on"]:
            self.add_error("until", _("The last day comes after the first."))
        return chosen

    def series(self) -> dict[str, object]:
        """What `begin_series` takes."""
        names = ("title", "starts_on", "time", "minutes", "day_off", "countries", "place", "people")
        return {name: self.cleaned_data[name] for name in names} | {"rule": self.rule()}

    def rule(self) -> Rule:
        chosen = self.cleaned_data
        day, ends = chosen["starts_on"], {"until": chosen["until"], "count": chosen["count"]}
        if chosen["often"] == BY_WEEKDAY:
            return Rule(monthly=True, weekdays=(day.weekday(),), nth=nth_of(day), **ends)
        if chosen["often"] == BY_DATE:
            return Rule(monthly=True, month_day=LAST if is_last_day(day) and day.day > 28 else day.day, **ends)
        return Rule(interval=2 if chosen["often"] == BIWEEKLY else 1, weekdays=(day.weekday(),), **ends)


def countries_of(project: Project) -> list[str]:
    """Where the project's people say that they rest."""
    said = Availability.objects.filter(person__in=queries.people_to_invite(project)).exclude(country="")
    return sorted(set(said.values_list("country", flat=True)))


class FromDayForm(forms.Form):
    """From which meeting of the series on; without one, from the next."""

    from_day = forms.TypedChoiceField(
        label=_("From which meeting on"), required=False, coerce=date.fromisoformat, empty_value=None
    )

    def __init__(self, series: Series, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from_day"].choices = [
            ("", _("all that are to come")),
            *(
                (day.isoformat(), _now("%(day)s and following") % {"day": format_day(day)})
                for day in days_ahead(series)
            ),
        ]


def and_following(day: date) -> str:
    return _now("%(day)s and following") % {"day": format_day(day)}


def days_ahead(series: Series) -> list[date]:
    """The days of the series that are made and have not begun."""
    found, now = [], timezone.now()
    for day in coming_days(series, today_of(series)):
        if day > (series.made_until or day) or len(found) == OFFERED:
            break
        if series.moment_on(day) > now:
            found.append(day)
    return found


class ChangeForm(FromDayForm):
    """Only what differs from how the series stands is a change."""

    title = forms.CharField(label=_("What it is about"), max_length=200)
    place = forms.CharField(label=_("Link or place"), max_length=500, required=False)
    starts_on = forms.DateField(
        label=_("The first of them moves to"),
        required=False,
        widget=DayInput,
        help_text=_("Leave it empty to keep the days. The others move by as much."),
    )
    time = forms.TimeField(label=_("Time"), widget=ClockInput)
    minutes = length_field()

    def __init__(self, series: Series, *args, **kwargs):
        super().__init__(series, *args, **kwargs)
        self.standing = series
        self.fields["time"].help_text = series.zone

    def clean_starts_on(self) -> date | None:
        return this_century(self.cleaned_data["starts_on"])

    def change(self) -> dict[str, object]:
        chosen = self.cleaned_data
        said = {name: chosen[name] for name in ("title", "place", "time", "minutes")}
        changes = {name: value for name, value in said.items() if getattr(self.standing, name) != value}
        if chosen["starts_on"]:
            changes["starts_on"] = chosen["starts_on"]
        return changes | {"from_day": chosen["from_day"]}


class SeriesPeopleForm(FromDayForm):
    def __init__(self, series: Series, *args, **kwargs):
        super().__init__(series, *args, **kwargs)
        self.fields["people"] = PeopleField(series.project)


class EndForm(FromDayForm):
    reason = forms.CharField(label=_("Why"), max_length=500, help_text=_("Everybody who was to come will read it."))


class LeaveOutForm(forms.Form):
    day = forms.DateField(label=_("Day without a meeting"), widget=DayInput)

    def clean_day(self) -> date:
        return this_century(self.cleaned_data["day"])


class SettleForm(TimeForm):
    """Another time for a day that waits, in the reader's own zone."""


def started_from(rhythm: Rhythm | None, project: Project) -> dict[str, object]:
    """A form for a project begins with what was agreed on."""
    usual = {"people": project.people, "countries": countries_of(project)}
    if rhythm is None:
        return usual
    often = BY_WEEKDAY if rhythm.cadence == Rhythm.Cadence.MONTHLY else rhythm.cadence
    day = None
    if rhythm.weekday is not None:
        day = project.today + timedelta(days=(rhythm.weekday - project.today.weekday()) % 7 or 7)
    people = list(rhythm.people.all()) or project.people
    return usual | {"often": often, "time": rhythm.time, "starts_on": day, "people": people}
