from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.models import Annotation
from smmportal.inputs import DayInput


class AnnotationForm(forms.ModelForm):
    """A note beside the line of one KPI, or of all of the project's."""

    everywhere = forms.BooleanField(label=_("Show it beside every KPI of the project"), required=False)
    field_order = ["day", "until", "kind", "text", "everywhere"]

    class Meta:
        model = Annotation
        fields = ["day", "until", "kind", "text"]
        widgets = {"day": DayInput, "until": DayInput}
        help_texts = {"until": _("Only when it lasted several days.")}

    def clean(self) -> dict:
        day, until = self.cleaned_data.get("day"), self.cleaned_data.get("until")
        if day and until and until < day:
            self.add_error("until", _("The last day comes before the first."))
        return self.cleaned_data

    @property
    def said(self) -> dict:
        """The cleaned fields as `annotate` and `change_annotation` take them, without whose it is."""
        return {name: value for name, value in self.cleaned_data.items() if name != "everywhere"}
