from django import forms
from django.utils.translation import gettext_lazy

from smmportal.people.models import User
from smmportal.people.proof import takes_authenticator

LONGEST_PASSWORD = 4096


class SigningForm(forms.Form):
    """The text that was read, and the proof that it is the person: what they have is what they are asked for."""

    hash = forms.CharField(required=False, widget=forms.HiddenInput)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        required=False,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        help_text=gettext_lazy("The one you log in with: a signature is yours alone, even on an open computer."),
    )
    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_letter = not person.has_usable_password()
        if self.by_letter:
            del self.fields["password"]
            self.fields["code"].help_text = gettext_lazy("Six digits from our letter; they work for ten minutes.")
        elif takes_authenticator(person):
            self.fields["code"].help_text = gettext_lazy("Of your authenticator, instead of the password.")
        else:
            del self.fields["code"]
        for name in self.fields.keys() - {"hash"}:
            # The verb asks for one of them, in its own words; neither is a thing to leave out.
            self.fields[name].is_needed = True

    @property
    def proof(self) -> dict:
        """The cleaned fields as `prove_and_sign` takes them."""
        given = dict(self.cleaned_data)
        return {"seen_hash": given.pop("hash"), **given}
