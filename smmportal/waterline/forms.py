from django import forms

from smmportal.waterline.models import Weights


class WeightsForm(forms.ModelForm):
    """What each rule counts; that they make a hundred together is the verb's word."""

    class Meta:
        model = Weights
        fields = ["clarity", "kpis", "rhythm"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"inputmode": "numeric"}

    def _post_clean(self) -> None:
        """The verb writes the weights; the form only reads what was typed."""
