"""What people type about the time when they can be met."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.availability import Said
from meetings.clock import Span, Unreadable, from_json, read_hours, say_hours
from meetings.forms import this_century
from meetings.models import Availability, OtherHours, Rhythm
from smmportal.inputs import DayInput

WORKING_WEEK = {str(day): [["09:00", "18:00"]] for day in range(5)}


class HoursField(forms.CharField):
    """«9–13, 14–18»; nothing written is a day off."""

    default_error_messages = {"unreadable": _("Write hours like 9:00–13:00, 14:00–18:00, or leave it empty.")}

    def __init__(self, **kwargs: object):
        super().__init__(required=False, max_length=100, **kwargs)
        self.widget.attrs.update({"autocomplete": "off", "inputmode": "text"})

    def to_python(self, value: object) -> list[Span]:
        try:
            return read_hours(super().to_python(value))
        except Unreadable as error:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable") from error

    def prepare_value(self, value: object) -> object:
        return say_hours(value) if isinstance(value, list) else value


class AvailabilityForm(forms.ModelForm):
    class Meta:
        model = Availability
        fields = ["notice_hours", "buffer_minutes", "most_a_day", "country"]

    def __init__(self, *args, instance: Availability | None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        hours = instance.hours if instance else WORKING_WEEK
        for day, name in Rhythm.Weekday.choices:
            initial = from_json(hours.get(str(day), []))
            self.fields[f"day_{day}"] = HoursField(label=name, initial=initial)
        self.order_fields([f"day_{day}" for day in range(7)])

    def said(self) -> Said:
        given = self.cleaned_data
        plain = {name: given[name] for name in self.Meta.fields}
        return Said(hours={day: given[f"day_{day}"] for day in range(7)}, **plain)


class SubscriptionForm(forms.Form):
    name = forms.CharField(label=_("What to call it"), max_length=80)
    address = forms.CharField(
        label=_("Address of the calendar"),
        max_length=2000,
        help_text=_("A secret address in iCal format, from the settings of that calendar. Only busy times are read."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )


class OtherHoursForm(forms.ModelForm):
    hours = HoursField(label=_("Hours"), help_text=_("Empty: a day off."))

    class Meta:
        model = OtherHours
        fields = ["day"]
        widgets = {"day": DayInput}

    def clean_day(self):
        return this_century(self.cleaned_data["day"])

    def validate_unique(self) -> None:
        """Other hours for a day that has some take their place."""
