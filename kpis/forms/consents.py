from django import forms
from django.utils.translation import gettext_lazy as _


class CameBackForm(forms.Form):
    """What a platform brings back of a person who said yes."""

    code = forms.CharField(
        max_length=4000, error_messages={"required": _("The platform came back without an answer. Begin again.")}
    )
    device_id = forms.CharField(max_length=500, required=False)


class RevocationForm(forms.Form):
    anyway = forms.BooleanField(
        label=_("Forget the access here even if the platform does not answer"),
        help_text=_("Then remove the portal from the applications in the account's settings there."),
        required=False,
    )
