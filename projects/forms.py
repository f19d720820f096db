from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from projects import queries
from projects.models import (
    Brief,
    BriefTemplate,
    BusinessGoal,
    Competitor,
    Conclusion,
    Contact,
    Delegation,
    ForbiddenTopic,
    Goal,
    MaterialRequest,
    Project,
)
from projects.questionnaire import SHIPPED
from smmportal.formatting import pick_language
from smmportal.inputs import DayInput, RowsField
from smmportal.people.models import Membership, Organisation, Role, Side, User, check_plain_name

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
        fields = ["name", "team", "starts_on", "ends_on", "timezone", "minutes_days"]
        labels = {"name": _("What is the project called?")}
        labels |= {"starts_on": _("Starts on"), "ends_on": _("Ends on")}
        labels |= {"minutes_days": _("Working days to answer the minutes of a meeting")}
        help_texts = {
            "name": _("Both sides will see it: “Coffee at home” says more than “SMM 2027”."),
            "timezone": _("Days and deadlines of the project are counted in it."),
            "minutes_days": _("From Monday to Friday. Whoever says nothing by then has no objections."),
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

    class Meta(ProjectForm.Meta):
        fields = [name for name in ProjectForm.Meta.fields if name != "minutes_days"]

    agency = forms.ModelChoiceField(label=_("Which agency is it for?"), queryset=None, empty_label=None)
    client = forms.ModelChoiceField(label=_("Which client is it for?"), queryset=None, required=False)
    client_name = forms.CharField(
        label=_("Or a new client’s name"),
        max_length=160,
        required=False,
        help_text=_("It will be added to your clients; invite its people next."),
    )
    template = forms.ChoiceField(
        label=_("Which brief does the client get?"),
        widget=forms.RadioSelect,
        initial="quick",
        help_text=_("The project gets a copy: editing the template later changes nothing in it."),
    )
    field_order = ["name", "agency", "client", "client_name", "template", "team", "starts_on", "ends_on", "timezone"]

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, agencies=agencies, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["client"].queryset = Organisation.objects.filter(agency__in=agencies)
        self.fields["client"].empty_label = _("A new client")
        self.fields["template"].choices = queries.templates_offered(agencies)
        # A form sent without the field at all gets the quick brief.
        self.fields["template"].required = not self.is_bound or "template" in self.data
        if len(agencies) == 1:
            self.fields["agency"].required = False
            self.fields["agency"].initial = agencies[0]
            self.fields["agency"].widget = forms.HiddenInput()
            self.only_agency = agencies[0]

    def clean_template(self) -> BriefTemplate | str:
        return template_named(self.cleaned_data["template"] or "quick")

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned["agency"] = cleaned.get("agency") or getattr(self, "only_agency", None)
        client, name = cleaned.get("client"), cleaned.get("client_name")
        if bool(client) == bool(name) and "client" in cleaned and "client_name" in cleaned:
            self.add_error("client", _("Choose a client or write a new one’s name, one of the two."))
        cleaned["client"] = client or name
        cleaned.pop("client_name", None)
        return cleaned


def template_named(value: str) -> BriefTemplate | str:
    """One of the portal's forms by its name, one of an agency's by its number."""
    return value if value in SHIPPED else BriefTemplate.objects.get(pk=value)


class TemplateCopyForm(forms.Form):
    """A template of the agency's own begins as a copy of another."""

    agency = forms.ModelChoiceField(label=_("Which agency is it for?"), queryset=None, empty_label=None)
    source = forms.ChoiceField(label=_("Copy of what?"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("What is the template called?"),
        max_length=120,
        validators=[check_plain_name],
        help_text=_("For example “Coffee shops” or “Clinics, short”. Clients do not see it."),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.agencies = agencies_run_by(user).filter(kind=Side.AGENCY)
        self.fields["agency"].queryset = self.agencies
        self.fields["source"].choices = queries.templates_offered(self.agencies)
        if len(self.agencies) == 1:
            self.fields["agency"].required = False
            self.fields["agency"].widget = forms.HiddenInput()

    def clean_agency(self) -> Organisation:
        return self.cleaned_data["agency"] or self.agencies[0]

    def clean_source(self) -> BriefTemplate | str:
        return template_named(self.cleaned_data["source"])


class TemplateNameForm(forms.Form):
    name = forms.CharField(label=_("What is the template called?"), max_length=120, validators=[check_plain_name])
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DelegationForm(forms.ModelForm):
    """Whom to ask, and for which section. Without an e-mail the link is shown, to be sent by hand."""

    section = forms.ChoiceField(label=_("Which section?"))

    class Meta:
        model = Delegation
        fields = ["section", "name", "email", "language"]
        labels = {
            "name": _("Your colleague’s name"),
            "email": _("Their e-mail"),
            "language": _("Language of the page"),
        }
        help_texts = {
            "name": _("It will stand beside their answers."),
            "email": _("The link goes there. Leave it empty to send the link yourself."),
        }
        widgets = {"name": forms.TextInput({"autocomplete": "off"})}

    def __init__(self, *args, brief: Brief, **kwargs):
        super().__init__(*args, **kwargs)
        sections = brief.form["sections"]
        self.fields["section"].choices = [(part["key"], pick_language(part["title"])) for part in sections]

    def _post_clean(self) -> None:
        """The verb writes the row; the name is judged here, where its field is."""
        name = self.cleaned_data.get("name")
        if name:
            try:
                check_plain_name(name)
            except forms.ValidationError as error:
                self.add_error("name", error)


class GoalForm(forms.ModelForm):
    """A goal and its five SMART answers. A draft may be incomplete; what is proposed may not."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=1)
    #: The answer of the brief that it began from (`projects.origins.Place`).
    origin = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    class Meta:
        model = Goal
        fields = ["statement", "business_goal", *Goal.CRITERIA, "due_on", "client_owner", "agency_owner"]
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

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        offer_places(self, project)

    def _post_clean(self) -> None:
        """The verb writes the goal; the form only reads what was typed."""

    @property
    def words(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class GoalPlaceForm(forms.ModelForm):
    """What still changes once both sides have agreed to the words: whose goal it is, and what it is for."""

    class Meta:
        model = Goal
        fields = ["business_goal", "client_owner", "agency_owner"]

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        offer_places(self, project)

    def _post_clean(self) -> None:
        """The verb writes the goal."""

    @property
    def words(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


def offer_places(form: forms.ModelForm, project: Project) -> None:
    form.fields["business_goal"].queryset = project.business_goals.all()
    form.fields["business_goal"].empty_label = _("None yet")
    sides = project.sides_by_person
    people = doers(project)
    for side in Side:
        field = form.fields[f"{side}_owner"]
        field.queryset = people.filter(pk__in=[pk for pk, theirs in sides.items() if theirs is side])
        field.empty_label = _("Nobody yet")


class BusinessGoalForm(forms.ModelForm):
    class Meta:
        model = BusinessGoal
        fields = ["text"]
        help_texts = {"text": _("One line: “More orders on the site without discounts”.")}

    def _post_clean(self) -> None:
        """The verb writes it."""


class ConclusionForm(forms.ModelForm):
    """How a goal ended and what both sides learned; a goal that was not begun can only be dropped."""

    class Meta:
        model = Conclusion
        fields = ["outcome", "reason", "worked", "failed", "lesson"]
        help_texts = {
            "reason": _("Needed when the goal is missed or dropped."),
            "lesson": _("One thing that the next goal should know."),
        }
        widgets = {"outcome": forms.RadioSelect}
        widgets |= {name: forms.Textarea({"rows": 2}) for name in ("reason", "worked", "failed", "lesson")}

    def __init__(self, *args, goal: Goal, **kwargs):
        super().__init__(*args, **kwargs)
        begun = goal.status != Goal.Status.AGREED
        outcomes = Conclusion.Outcome.choices if begun else [(Goal.Status.DROPPED.value, Goal.Status.DROPPED.label)]
        self.fields["outcome"].choices = outcomes
        if not begun:
            self.initial["outcome"] = Goal.Status.DROPPED.value

    def _post_clean(self) -> None:
        """The verb writes it."""


class ReopeningForm(forms.Form):
    reason = forms.CharField(label=_("Why does the goal go on?"), max_length=10_000, widget=forms.Textarea({"rows": 2}))


class ConfidenceForm(forms.Form):
    """Ten buttons and a line of why."""

    value = forms.IntegerField(min_value=1, max_value=10)
    note = forms.CharField(label=_("Why"), max_length=500, required=False)


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
