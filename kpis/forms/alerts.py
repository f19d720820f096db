from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.alert_words import NAMES
from kpis.models import Alert, AlertThreshold
from projects.models import Project
from smmportal.inputs import FigureField
from smmportal.people.models import Side, User


class AlertSightForm(forms.Form):
    """What a list of alerts shows; it lives in the address, and what it does not know leaves the list whole."""

    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), required=False, empty_label=_("any project")
    )
    kind = forms.ChoiceField(label=_("What happened"), required=False, choices=[("", _("anything")), *NAMES.items()])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("not closed yet")), *Alert.State.choices, ("all", _("all of them"))],
    )
    side = forms.ChoiceField(label=_("Whose move"), required=False, choices=[("", _("either side’s")), *Side.choices])

    def __init__(self, *args, projects=None, **kwargs):
        super().__init__(*args, **kwargs)
        if projects is None:
            del self.fields["project"]
        else:
            self.fields["project"].queryset = projects

    @property
    def sight(self) -> dict:
        """What was asked for, of what there is."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_narrow(self) -> bool:
        return bool(self.sight)

    @property
    def chosen(self) -> list[str]:
        """In words."""
        words = {name: dict(field.choices) for name, field in self.fields.items() if name != "project"}
        return [str(words[name].get(value)) if name in words else str(value) for name, value in self.sight.items()]


class ExplanationForm(forms.Form):
    words = forms.CharField(
        label=_("What is it?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Both sides will read it, unless the alert is internal."),
    )


class ClosingForm(forms.Form):
    words = forms.CharField(label=_("Why can it be closed?"), max_length=2000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args, alert: Alert, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].required = not alert.explanation
        if alert.explanation:
            self.fields["words"].label = _("Why can it be closed? (if there is more to say)")


class OwnerForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Who looks after it"))

    def __init__(self, *args, alert: Alert, people: list[User], **kwargs):
        super().__init__(*args, initial={"to": alert.owner_id}, **kwargs)
        self.fields["to"].queryset = User.objects.filter(pk__in=[person.pk for person in people]).order_by("name", "id")


class ThresholdForm(forms.ModelForm):
    class Meta:
        model = AlertThreshold
        fields = ["is_above", "value"]
        field_classes = {"value": FigureField}
