from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kpis.queries.reviews import Facts
from kpis.ritual_words import say_change
from projects.rules import works_for
from smmportal.formatting import side_name
from smmportal.inputs import DayInput
from smmportal.people.models import Side

LONGEST = 2000
WORDS = forms.Textarea({"rows": 3})


class ReviewForm(forms.Form):
    """What happened, why, and what is done about it, by whom and until when."""

    happened = forms.CharField(
        label=_("What happened"),
        max_length=LONGEST,
        widget=WORDS,
        help_text=_("The numbers are filled in; put them into your own words."),
    )
    why = forms.CharField(label=_("Why"), max_length=LONGEST, required=False, widget=WORDS)
    measure = forms.CharField(
        label=_("What we do"),
        max_length=LONGEST,
        required=False,
        widget=WORDS,
        help_text=_("It becomes a task in the plan. Leave it empty when nothing has to change."),
    )
    assignee = forms.ChoiceField(label=_("Who does it"), required=False)
    due_on = forms.DateField(label=_("By when"), required=False, widget=DayInput)

    def __init__(self, *args, facts: Facts, **kwargs):
        super().__init__(*args, initial={"happened": say_change(facts)}, **kwargs)
        project = facts.kpi.project
        able = {side: [one for one in project.people_of(side) if works_for(one, project, side)] for side in Side}
        self.people = {str(person.pk): person for people in able.values() for person in people}
        self.fields["assignee"].choices = [
            ("", "—"),
            *(
                (capfirst(side_name(side)), [(str(one.pk), str(one)) for one in people])
                for side, people in able.items()
            ),
        ]
        if facts.wants_reasons:
            self.fields["why"].is_needed = True
            self.fields["why"].help_text = _("Both sides read this: the KPI is off its course, or it fell.")

    @property
    def words(self) -> dict:
        """The cleaned fields as `hold_review` takes them."""
        said = self.cleaned_data
        return {**said, "assignee": self.people.get(said["assignee"])}


class BulkForm(forms.Form):
    """One sentence for many KPIs."""

    happened = forms.CharField(label=_("How it went, in a sentence"), max_length=LONGEST, initial=_("As planned."))


class ExplanationForm(forms.Form):
    explanation = forms.CharField(
        label=_("What it was"),
        max_length=LONGEST,
        widget=WORDS,
        help_text=_("The client reads it beside the number."),
    )
