"""What people type about the time when they can be met."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.accounts import PROVIDERS
from meetings.availability import Said
from meetings.clock import Span, Unreadable, from_json, read_hours, say_hours
from meetings.forms import this_century
from meetings.models import Availability, CalendarAccount, OtherHours, Rhythm
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


class AccountForm(forms.Form):
    """A login to a calendar server. A password that was refused is typed anew: it never comes back to the page."""

    provider = forms.ChoiceField(
        label=_("Where your calendar is"), choices=lambda: [(each.code, each.name) for each in PROVIDERS.values()]
    )
    login = forms.CharField(
        label=_("Login"),
        max_length=200,
        help_text=_("Usually the whole e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("App password"),
        max_length=200,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Not the password of your mail, but one made for this. The portal keeps it encrypted."),
    )
    server = forms.CharField(
        label=_("Address of the server"),
        max_length=500,
        required=False,
        help_text=_("Only for Nextcloud and other servers, like cloud.example.com."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )


class ChoiceOfCalendars(forms.Form):
    calendars = forms.MultipleChoiceField(
        label=_("Where you are busy"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, account: CalendarAccount, **kwargs):
        super().__init__(*args, **kwargs)
        #: The addresses stay on the server: a page knows the calendars by their numbers.
        self.addresses = {str(number): each["address"] for number, each in enumerate(account.found)}
        chosen = {each.address for each in account.subscriptions.all()}
        field = self.fields["calendars"]
        field.choices = [(str(number), each["name"]) for number, each in enumerate(account.found)]
        field.initial = [number for number, address in self.addresses.items() if address in chosen or not chosen]

    def chosen(self) -> list[str]:
        return [self.addresses[number] for number in self.cleaned_data["calendars"]]


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
