from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpis import blocks
from kpis.models import Report, ReportLink, ReportTemplate, ReportTimetable
from kpis.models.reports import Jurisdiction, Tongue
from kpis.report_words import kind_names, say_age
from projects.models import Project
from smmportal.inputs import DayInput
from smmportal.people.models import Organisation, Role, Side, User, check_plain_name

LONGEST_COMMENTARY = 10_000


class TemplateField(forms.ModelChoiceField):
    """One of the project's agency's own templates; empty: the portal's."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=ReportTemplate.objects.none(),
            required=False,
            label=_("Template"),
            empty_label=_("The portal’s own template"),
            **kwargs,
        )

    def of(self, project: Project) -> None:
        self.queryset = ReportTemplate.objects.in_use().filter(agency=project.agency_id)


class NewReportForm(forms.Form):
    first = forms.DateField(label=_("From"), widget=DayInput)
    last = forms.DateField(label=_("To"), widget=DayInput)
    template = TemplateField()
    language = forms.ChoiceField(label=_("Language of your words"), choices=Tongue.choices)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].of(project)
        if not self.fields["template"].queryset.exists():
            del self.fields["template"]


class TimetableForm(forms.Form):
    cadence = forms.ChoiceField(label=_("How often"), choices=ReportTimetable.Cadence.choices)
    template = TemplateField()
    language = forms.ChoiceField(label=_("Language of your words"), choices=Tongue.choices)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].of(project)
        if not self.fields["template"].queryset.exists():
            del self.fields["template"]


class ReportForm(forms.Form):
    """The words of each block of a draft, and what the report covers."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    first = forms.DateField(label=_("From"), widget=DayInput)
    last = forms.DateField(label=_("To"), widget=DayInput)
    language = forms.ChoiceField(label=_("Language of your words"), choices=Tongue.choices)
    jurisdiction = forms.ChoiceField(
        label=_("Whose law the footnotes follow"), choices=Jurisdiction.choices, required=False
    )

    def __init__(self, *args, report: Report, **kwargs):
        fields = ("revision", "first", "last", "language", "jurisdiction")
        initial = {name: getattr(report, name) for name in fields}
        super().__init__(*args, initial=initial, **kwargs)
        self.blocks = {f"words-{block['key']}": block["key"] for block in report.layout}
        for name, key in self.blocks.items():
            self.fields[name] = forms.CharField(
                label=_("Your words"),
                required=False,
                max_length=LONGEST_COMMENTARY,
                initial=report.commentaries.get(key, ""),
                widget=forms.Textarea({"rows": 2}),
            )

    def words_of(self, key: str) -> forms.BoundField:
        return self[f"words-{key}"]

    @property
    def said(self) -> dict:
        said = {name: value for name, value in self.cleaned_data.items() if name not in self.blocks}
        return {**said, "commentaries": {key: self.cleaned_data[name] for name, key in self.blocks.items()}}


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("What is to be mended"),
        help_text=_("Only your agency’s people read it."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )


class ReportLinkForm(forms.Form):
    name = forms.CharField(
        label=_("Who is it for?"),
        help_text=_("A name for your list: “Pyotr, finance”."),
        max_length=120,
        validators=[check_plain_name],
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("How long does it work?"),
        coerce=int,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days"))],
        initial=ReportLink.USUALLY_LASTS,
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Leave it empty for a link without one. Tell it by another way than the link."),
        required=False,
        min_length=6,
        max_length=128,
        strip=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=_("Language of the page"), choices=Tongue.choices)


class OpeningForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )


# --- Templates ------------------------------------------------------------------------------------------------------


def agencies_run_by(user: User):
    roles = [Role.OWNER, Role.MANAGER]
    return Organisation.objects.filter(kind=Side.AGENCY, memberships__user=user, memberships__role__in=roles)


class NewTemplateForm(forms.Form):
    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Organisation.objects.none(), empty_label=None)
    name = forms.CharField(label=pgettext_lazy("template", "Name"), max_length=120, validators=[check_plain_name])

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.agencies = agencies_run_by(user)
        self.fields["agency"].queryset = self.agencies
        if len(self.agencies) == 1:
            self.fields["agency"].required = False
            self.fields["agency"].widget = forms.HiddenInput()

    def clean_agency(self) -> Organisation:
        return self.cleaned_data["agency"] or self.agencies[0]


class BlockForm(forms.Form):
    """One block of a template: where it stands, what it is called, what must not stay empty."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kind = forms.ChoiceField(widget=forms.HiddenInput, choices=[(kind, kind) for kind in blocks.KINDS])
    place = forms.IntegerField(
        label=_("Place"), min_value=1, max_value=99, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    title = forms.CharField(label=_("Heading of your own"), required=False, max_length=blocks.LONGEST_TITLE)
    must_comment = forms.BooleanField(label=_("Words of ours are a must"), required=False)
    removed = forms.BooleanField(label=_("Leave it out"), required=False)

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.name = kind_names().get(kind, kind)
        if kind == "posts":
            counts = [(number, str(number)) for number in range(1, blocks.MOST_POSTS + 1)]
            self.fields["count"] = forms.TypedChoiceField(label=_("How many"), coerce=int, choices=counts)
            ages = [(age, say_age(age)) for age in blocks.AGES]
            self.fields["age"] = forms.ChoiceField(label=_("Compared"), choices=ages)

    @property
    def block(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("place", "removed")}


class TemplateForm(forms.Form):
    """A template as its page sends it: its name, its blocks one below the other, and perhaps one more."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name = forms.CharField(label=pgettext_lazy("template", "Name"), max_length=120, validators=[check_plain_name])
    jurisdiction = forms.ChoiceField(
        label=_("Whose law the footnotes follow"), choices=Jurisdiction.choices, required=False
    )
    more = forms.ChoiceField(label=_("One more block"), required=False)

    def __init__(self, *args, template: ReportTemplate, **kwargs):
        initial = {name: getattr(template, name) for name in ("revision", "name", "jurisdiction")}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["more"].choices = [("", _("none")), *kind_names().items()]
        self.rows = [
            BlockForm(
                self.data if self.is_bound else None,
                prefix=f"block-{number}",
                kind=block["kind"],
                initial={**block, "place": number},
            )
            for number, block in enumerate(template.layout, start=1)
        ]

    def is_valid(self) -> bool:
        return super().is_valid() & all(row.is_valid() for row in self.rows)

    @property
    def said(self) -> dict:
        kept = sorted(
            (row for row in self.rows if not row.cleaned_data["removed"]), key=lambda row: row.cleaned_data["place"]
        )
        layout = [row.block for row in kept]
        if self.cleaned_data["more"]:
            kind = self.cleaned_data["more"]
            layout.append(blocks.block(kind, key=blocks.new_key(kind, [one["key"] for one in layout])))
        said = {name: self.cleaned_data[name] for name in ("revision", "name", "jurisdiction")}
        return {**said, "layout": layout}
