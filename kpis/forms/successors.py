from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.forms.kpis import say_measure
from kpis.models import Kpi, SuccessorProposal
from kpis.queries.successors import choosable


def successors_for(kpi: Kpi) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may take over, under the sources' names: («12:views», «Views — 320 on 21 Nov»)."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in choosable(kpi):
        option = (f"{row.source_id}:{row.metric}", say_measure(row.source.metric(row.metric), row))
        groups.setdefault(row.source.title, []).append(option)
    return list(groups.items())


class SuccessorForm(forms.Form):
    """Another number that arrives, instead of the one that is proposed."""

    measure = forms.ChoiceField(
        label=_("Number"), help_text=_("Numbers of this project that do arrive and are counted in the same unit.")
    )

    def __init__(self, *args, proposal: SuccessorProposal, **kwargs):
        chosen = f"{proposal.source_id}:{proposal.metric}" if proposal.source_id else ""
        kwargs.setdefault("initial", {"measure": chosen})
        super().__init__(*args, **kwargs)
        self.rows = {f"{row.source_id}:{row.metric}": row for row in choosable(proposal.kpi)}
        self.fields["measure"].choices = successors_for(proposal.kpi)

    @property
    def chosen(self) -> dict:
        """The cleaned field as `choose_successor` takes it."""
        row = self.rows[self.cleaned_data["measure"]]
        return {"source": row.source, "metric": row.metric}


class DismissalForm(forms.Form):
    """Why a retired number has no successor."""

    reason = forms.CharField(
        label=_("Why does no other number take its place?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Both sides will read it."),
    )
