from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.connectors.filters import LONGEST_VALUE, OPERATORS, Choice, Condition, Filter


class SegmentForm(forms.Form):
    """One condition. `choices` are the platform's own values: to choose from, or only to suggest."""

    operator = forms.ChoiceField(label=_("How it is compared"))

    def __init__(self, *args, filter: Filter, choices: Sequence[Choice], **kwargs):
        super().__init__(*args, **kwargs)
        self.filter, self.choices = filter, choices
        self.fields["operator"].choices = [(code, OPERATORS[code]) for code in filter.operators]
        if len(filter.operators) == 1:
            del self.fields["operator"]
        self.fields["value"] = self.value_field()

    def value_field(self) -> forms.Field:
        named = {"label": self.filter.label, "help_text": self.filter.help}
        if self.filter.choices or self.filter.is_listed:
            return forms.ChoiceField(choices=[(one.value, one.title) for one in self.choices], **named)
        attrs = {"autocomplete": "off", "spellcheck": "false", **({"list": "suggested"} if self.choices else {})}
        return forms.CharField(max_length=LONGEST_VALUE, widget=forms.TextInput(attrs), **named)

    @property
    def condition(self) -> Condition:
        said = self.cleaned_data
        return Condition(self.filter.name, said.get("operator", self.filter.operators[0]), said["value"])
