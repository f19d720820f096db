from django import forms
from django.utils.translation import gettext_lazy as _


class KeepingForm(forms.Form):
    """Why signed terms stay although the brief has changed."""

    reason = forms.CharField(
        label=_("Why do the signed terms stay?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Both sides will read it."),
    )
