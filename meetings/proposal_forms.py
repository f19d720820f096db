"""What people type about proposals. Times are read and shown in the reader's own zone."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.forms import OptionalField, PeopleField, length_field, this_century
from meetings.models import Proposal
from meetings.proposals import MOST_TIMES, Wanted
from projects.models import Project
from smmportal.inputs import MomentInput

STARTS = [f"start_{number}" for number in range(1, MOST_TIMES + 1)]


class TimesForm(forms.Form):
    """Up to five starts, any of them left empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number, name in enumerate(STARTS, start=1):
            label = _("Time %(number)s") % {"number": number}
            self.fields[name] = forms.DateTimeField(label=label, widget=MomentInput, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        for name in STARTS:
            try:
                this_century(cleaned.get(name))
            except forms.ValidationError as error:
                self.add_error(name, error)
        return cleaned

    @property
    def start_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in STARTS]

    @property
    def starts_typed(self) -> bool:
        return any(self.data.get(name) for name in STARTS)

    def starts(self) -> list[datetime]:
        return [self.cleaned_data[name] for name in STARTS if self.cleaned_data.get(name)]


class ProposalForm(TimesForm):
    title = forms.CharField(label=_("What it is about"), max_length=200)
    minutes = length_field()
    place = forms.CharField(
        label=_("Link or place"), max_length=500, required=False, help_text=_("A call’s link or an address.")
    )
    message = forms.CharField(
        label=_("A few words to go with it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, project: Project, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"] = PeopleField(project)
        self.fields["people"].label = _("Who must be there")
        self.fields["optional"] = OptionalField(project)

    def proposal(self) -> dict[str, object]:
        """What `propose` takes."""
        said = self.cleaned_data
        wanted = Wanted(said["title"], said["minutes"], said["place"], said["message"])
        return {"wanted": wanted, "starts": self.starts(), "people": said["people"], "optional": said["optional"]}


class AnswerForm(TimesForm):
    """The times that suit, or the one that was picked by its own button; and other times instead."""

    suits = forms.TypedMultipleChoiceField(
        label=_("Times that suit you"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    pick = forms.TypedChoiceField(coerce=int, required=False, empty_value=None, widget=forms.HiddenInput)

    def __init__(self, proposal: Proposal, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(time.pk, str(time)) for time in proposal.times.all()]
        self.fields["suits"].choices = choices
        self.fields["pick"].choices = choices

    def answer(self) -> dict[str, object]:
        """What the verb `answer` takes."""
        pick = self.cleaned_data["pick"]
        if pick:
            return {"suits": [pick], "starts": ()}
        return {"suits": self.cleaned_data["suits"], "starts": self.starts()}
