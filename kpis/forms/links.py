from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.connectors import offered
from kpis.models import ConnectionLink
from smmportal.people.models import Side, check_plain_name


class ConnectionLinkForm(forms.ModelForm):
    """Whom to ask for which accounts. The agency says whose accounts these are; the client asks for its own."""

    name = forms.CharField(
        label=_("Who holds the accounts?"),
        help_text=_("A name for your list: “Pyotr, marketing”."),
        max_length=120,
        validators=[check_plain_name],
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    platforms = forms.MultipleChoiceField(
        label=_("Which platforms?"),
        help_text=_("Choose none to offer all of them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    side = forms.ChoiceField(
        label=_("Whose accounts are these?"),
        help_text=_("The access is kept for this side: only its people can use it again."),
        widget=forms.RadioSelect,
    )

    field_order = ["name", "platforms", "side", "language"]

    class Meta:
        model = ConnectionLink
        fields = ["language"]
        labels = {"language": _("Language of the page")}

    def __init__(self, *args, is_either_side: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["platforms"].choices = [(connector.code, connector.name) for connector in offered()]
        self.fields["side"].choices = [(Side.CLIENT, _("The client’s")), (Side.AGENCY, _("The agency’s"))]
        self.fields["side"].initial = Side.CLIENT
        if not is_either_side:
            del self.fields["side"]
