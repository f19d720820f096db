from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.formula_words import say_wrong
from kpis.formulas import LONGEST, WrongFormula
from kpis.models import Formula
from kpis.queries.formulas import Resolved, resolve
from projects.models import Project


class FormulaForm(forms.Form):
    """What is said of a formula; `resolved` is what the expression means, when it can be counted."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What both sides will call this number."))
    expression = forms.CharField(
        label=_("Formula"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocapitalize": "none", "class": "mono"}),
        help_text=_(
            "Names from the list below, numbers, brackets and + - * /. Over several days the sums are made first and "
            "the division last."
        ),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=Formula.Unit, initial=Formula.Unit.PERCENT)
    decimals = forms.IntegerField(
        label=_("Decimals"),
        min_value=0,
        max_value=Formula.MOST_DECIMALS,
        initial=2,
        widget=forms.NumberInput({"class": "input-tiny"}),
    )
    direction = forms.ChoiceField(label=_("Where good lies"), choices=Formula.Direction)

    def __init__(self, *args, project: Project, formula: Formula | None = None, **kwargs):
        self.project = project
        self.resolved: Resolved | None = None
        if formula is not None:
            begun = {name: getattr(formula, name) for name in self.base_fields}
            kwargs.setdefault("initial", begun)
        super().__init__(*args, **kwargs)

    def clean_expression(self) -> str:
        try:
            self.resolved = resolve(self.project, self.cleaned_data["expression"])
        except WrongFormula as wrong:
            raise forms.ValidationError(say_wrong(wrong), code=wrong.code) from None
        return self.resolved.expression
