from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from smmportal.people import rules
from smmportal.people.models import Invitation, Organisation, Role, User, check_plain_name

#: The zones that most of our readers live in, above the long list.
NEAR_ZONES = ("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Novosibirsk")


def time_zones() -> list[tuple[str, str]]:
    others = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    chosen = dict.fromkeys([*NEAR_ZONES, "UTC", *others])
    return [(zone, zone.replace("_", " ")) for zone in chosen]


def roles_to_give(user: User, organisation: Organisation) -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in rules.roles_to_give(user, organisation)]


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=User._meta.get_field("language").choices, initial="ru"
    )

    def __init__(self, *args, user: User, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_to_give(user, organisation)
        self.fields["language"].initial = user.language


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role)


class ClientForm(forms.Form):
    name = forms.CharField(label=_("Client's name"), max_length=160, validators=[check_plain_name])


class PersonalForm(forms.ModelForm):
    """What a person says of themselves."""

    timezone = forms.ChoiceField(label=_("Time zone"), help_text=_("Meetings and times are shown in this zone."))

    class Meta:
        model = User
        fields = ["name", "language", "timezone"]
        labels = {"name": _("Your name"), "language": _("Language")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = time_zones()
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class JoiningForm(PersonalForm):
    """A new person comes in: who they are, and the password that lets them in from now on."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters. A few unrelated words are easier to keep than a riddle."),
    )

    def __init__(self, *args, invitation: Invitation, **kwargs):
        kwargs.setdefault("initial", {"language": invitation.language, "timezone": settings.TIME_ZONE})
        super().__init__(*args, instance=User(email=invitation.email), **kwargs)
        if not self.is_bound:
            self.fields["timezone"].widget.attrs["data-guess-time-zone"] = ""

    def clean(self) -> dict:
        cleaned = super().clean()
        password = cleaned.get("password")
        if password:
            person = User(email=self.instance.email, name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("For example: the monthly report in our spreadsheet.")
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        """One token a purpose, so a form sent twice makes one."""
        name = self.cleaned_data["name"]
        if self.user.api_tokens.alive().filter(name=name).exists():
            raise ValidationError(_("You have a token for this already. If its key is lost, revoke it first."))
        return name
