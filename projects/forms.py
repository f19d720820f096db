from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Competitor, Contact, ForbiddenTopic, Goal, MaterialRequest, Project, Task
from smmportal.inputs import DayInput, RowsField
from smmportal.people.models import Membership, Organisation, Role, Side, User

REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ZONES = sorted(zone for zone in available_timezones() if zone.split("/")[0] in REGIONS or zone == "UTC")


def agencies_run_by(user: User):
    rows = Membership.objects.filter(user=user, role__in=[Role.OWNER, Role.MANAGER])
    return Organisation.objects.filter(pk__in=rows.values("organisation"))


class ProjectForm(forms.ModelForm):
    """The basics of a project."""

    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in ZONES], initial="Europe/Moscow"
    )

    team = RowsField(
        label=_("Who of the agency works on it?"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see the project and are told what happens in it."),
    )

    class Meta:
        model = Project
        fields = ["name", "team", "starts_on", "ends_on", "timezone"]
        labels = {"name": _("What is the project called?")}
        labels |= {"starts_on": _("Starts on"), "ends_on": _("Ends on")}
        help_texts = {
            "name": _("Both sides will see it: “Coffee at home” says more than “SMM 2027”."),
            "timezone": _("Days and deadlines of the project are counted in it."),
        }
        widgets = {"starts_on": DayInput, "ends_on": DayInput}

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, memberships__organisation__in=agencies)
        self.fields["team"].queryset = people.distinct().order_by("name", "id")

    def _post_clean(self) -> None:
        """The verb writes the project and is the one to judge it."""


class NewProjectForm(ProjectForm):
    """A new project: its client is one of the agency's, or is named here for the first time."""

    agency = forms.ModelChoiceField(label=_("Which agency is it for?"), queryset=None, empty_label=None)
    client = forms.ModelChoiceField(label=_("Which client is it for?"), queryset=None, required=False)
    client_name = forms.CharField(
        label=_("Or a new client’s name"),
        max_length=160,
        required=False,
        help_text=_("It will be added to your clients; invite its people next."),
    )
    field_order = ["name", "agency", "client", "client_name", "team", "starts_on", "ends_on", "timezone"]

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, agencies=agencies, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["client"].queryset = Organisation.objects.filter(agency__in=agencies)
        self.fields["client"].empty_label = _("A new client")
        if len(agencies) == 1:
            self.fields["agency"].required = False
            self.fields["agency"].initial = agencies[0]
            self.fields["agency"].widget = forms.HiddenInput()
            self.only_agency = agencies[0]

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned["agency"] = cleaned.get("agency") or getattr(self, "only_agency", None)
        client, name = cleaned.get("client"), cleaned.get("client_name")
        if bool(client) == bool(name) and "client" in cleaned and "client_name" in cleaned:
            self.add_error("client", _("Choose a client or write a new one’s name, one of the two."))
        cleaned["client"] = client or name
        cleaned.pop("client_name", None)
        return cleaned


class GoalForm(forms.ModelForm):
    """A goal and its five SMART answers. A draft may be incomplete; what is proposed may not."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=1)
    #: The answer of the brief that it began from (`projects.origins.Place`).
    origin = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    class Meta:
        model = Goal
        fields = ["statement", *Goal.CRITERIA, "due_on"]
        help_texts = {
            "statement": _("One sentence, as the client would say it: “12,000 people read us by 1 March”."),
            "specific": _("What changes, where, and for whom?"),
            "measurable": _("A number, and the place where both sides can see it."),
            "achievable": _("What makes it possible: the trend so far, the budget, the people."),
            "relevant": _("Which problem of the business does it solve?"),
            "time_bound": _("When do we look whether we are on course?"),
        }
        widgets = {"due_on": DayInput, "statement": forms.Textarea({"rows": 2})}
        widgets |= {name: forms.Textarea({"rows": 2}) for name in Goal.CRITERIA}

    def _post_clean(self) -> None:
        """The verb writes the goal; the form only reads what was typed."""

    @property
    def words(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class TaskForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ["title", "side", "assignee", "due_on", "goal"]
        labels = {"assignee": _("Who does it"), "goal": _("Which goal it serves")}
        widgets = {"due_on": DayInput, "title": forms.TextInput}

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = Side.choices
        self.fields["assignee"].queryset = doers(project)
        self.fields["assignee"].empty_label = _("Whoever of that side comes first")
        self.fields["goal"].queryset = project.goals.all()
        self.fields["goal"].empty_label = _("No goal in particular")

    def _post_clean(self) -> None:
        """The verb writes the task and is the one to judge it."""


def doers(project: Project):
    """Whom a task may be given to: the people of both sides, but viewers."""
    members = Membership.objects.filter(organisation__in=[project.agency_id, project.client_id])
    return (
        User.objects.filter(is_active=True, pk__in=members.exclude(role=Role.VIEWER).values("user"))
        .filter(pk__in=[person.pk for person in project.people])
        .order_by("name", "id")
    )


class RemarkForm(forms.Form):
    """What the client says is understood wrongly."""

    text = forms.CharField(
        label=_("What is understood wrongly?"), max_length=10_000, widget=forms.Textarea({"rows": 3})
    )


class KnownForm(forms.ModelForm):
    def _post_clean(self) -> None:
        """The verb writes the line; the form only reads what was typed."""


class CompetitorForm(KnownForm):
    class Meta:
        model = Competitor
        fields = Competitor.EDITABLE
        widgets = {
            "name": forms.TextInput,
            "better": forms.Textarea({"rows": 2}),
            "worse": forms.Textarea({"rows": 2}),
        }


class ContactForm(KnownForm):
    class Meta:
        model = Contact
        fields = ["name", "contact", "duty", "side"]
        widgets = {"name": forms.TextInput, "contact": forms.TextInput}


class ForbiddenTopicForm(KnownForm):
    class Meta:
        model = ForbiddenTopic
        fields = ForbiddenTopic.EDITABLE
        widgets = {"text": forms.Textarea({"rows": 2})}


class MaterialForm(forms.ModelForm):
    class Meta:
        model = MaterialRequest
        fields = MaterialRequest.EDITABLE
        labels = {"person": _("Who of them")}
        widgets = {"due_on": DayInput, "what": forms.Textarea({"rows": 2})}

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = Side.choices
        self.fields["person"].queryset = doers(project)
        self.fields["person"].empty_label = _("Whoever of that side comes first")

    def _post_clean(self) -> None:
        """The verb writes the request and is the one to judge it."""


class ActivationForm(forms.Form):
    """Why the project begins before the client has confirmed."""

    reason = forms.CharField(
        label=_("Why not wait for the confirmation?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Both sides are told and read it on the project’s page."),
    )
