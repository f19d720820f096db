from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.alerts import MOST_QUIET_HOURS
from kpis.connectors.contract import Connector, Field


def build_field(field: Field) -> forms.CharField:
    """The platform's field. A secret is never written back into the page, not even after a mistake."""
    attrs = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
    widget = forms.PasswordInput(attrs=attrs) if field.secret else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=field.label, help_text=field.help, required=field.required, max_length=4000, widget=widget
    )


class CredentialsForm(forms.Form):
    """What a platform wants pasted; the fields come from its connector."""

    def __init__(self, *args, connector: Connector, **kwargs):
        super().__init__(*args, **kwargs)
        self.connector = connector
        self.fields.update({field.name: build_field(field) for field in connector.fields})


class AccountSearchForm(forms.Form):
    """Another account than those that are listed, by its name or address."""

    hint = forms.CharField(
        label=_("Another account"),
        help_text=_("Its name or address, when it is not in the list."),
        required=False,
        max_length=300,
    )


class QuietHoursForm(forms.Form):
    hours = forms.IntegerField(
        label=_("Hours without numbers"),
        help_text=_("Counted beyond the days by which the platform itself is late. Empty: as usual, 48 hours."),
        required=False,
        min_value=1,
        max_value=MOST_QUIET_HOURS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class AccountChoiceForm(forms.Form):
    external_id = forms.CharField(max_length=200)
    hint = forms.CharField(required=False, max_length=300)
