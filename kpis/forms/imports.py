"""Bringing a file, and saying what its columns are."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from kpis import imports
from kpis.cells import COMMA, DMY, MDY, POINT, YMD
from kpis.metrics import CATALOGUE
from kpis.tables import LARGEST_FILE, NotATable, Table

ROLES = (
    (imports.SKIP, _("leave out")),
    (imports.DAY, _("the day")),
    (imports.ACCOUNT, _("whose numbers (account)")),
    (imports.TITLE, _("the account's name")),
)
DAY_FORMATS = (
    ("", _("Please choose")),
    (YMD, _("year, month, day: 2026-11-23")),
    (DMY, _("day, month, year: 23.11.2026")),
    (MDY, _("month, day, year: 11/23/2026")),
)
DECIMALS = (
    ("", _("Please choose")),
    (POINT, _("a point: 1,234.5")),
    (COMMA, _("a comma: 1 234,5")),
)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Table"),
        help_text=_("A CSV or XLSX file: one line for each day, with a line of column names on top. Up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,text/csv"}),
        allow_empty_file=True,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(NotATable("too_large").sentence)
        return file


class MappingForm(forms.Form):
    """One list for each column of the table, and the two questions that a file may leave open."""

    def __init__(self, *args, table: Table, title: str, **kwargs):
        self.table = table
        guessed = imports.guess(table)
        super().__init__(*args, initial=self._initial(guessed, title), **kwargs)
        roles = [*ROLES, (_("Numbers"), [(code, metric.name) for code, metric in CATALOGUE.items()])]
        for index, name in enumerate(table.columns):
            self.fields[f"column_{index}"] = forms.ChoiceField(label=name, choices=roles)
        self.fields["day_format"] = forms.ChoiceField(label=_("How dates are written"), choices=DAY_FORMATS)
        self.fields["decimal"] = forms.ChoiceField(label=_("The fraction is separated by"), choices=DECIMALS)
        self.fields["title"] = forms.CharField(
            label=_("Name of the source"),
            help_text=_(
                "Days are added to the source of this name when the project has one. "
                "A file with many accounts makes a source for each."
            ),
            max_length=200,
            required=False,
        )

    def _initial(self, guessed: imports.Mapping, title: str) -> dict[str, str]:
        roles = {guessed.day: imports.DAY, guessed.account: imports.ACCOUNT, guessed.title: imports.TITLE}
        roles |= guessed.metrics
        columns = {f"column_{index}": roles.get(name, imports.SKIP) for index, name in enumerate(self.table.columns)}
        return {**columns, "day_format": guessed.day_format, "decimal": guessed.decimal, "title": title}

    def clean(self) -> dict:
        said = super().clean()
        roles = [role for role in self._roles(said).values() if role != imports.SKIP]
        if imports.DAY not in roles:
            self.add_error(None, _("Say which column is the day."))
        if not set(roles) & set(CATALOGUE):
            self.add_error(None, _("Choose a metric for at least one column."))
        if len(set(roles)) != len(roles):
            self.add_error(None, _("Two columns can't be the same thing. Leave one of them out."))
        return said

    def _roles(self, said: dict) -> dict[str, str]:
        return {name: said.get(f"column_{index}", imports.SKIP) for index, name in enumerate(self.table.columns)}

    @property
    def columns(self) -> list[tuple[str, forms.BoundField]]:
        return [(name, self[f"column_{index}"]) for index, name in enumerate(self.table.columns)]

    def mapping(self, today: date) -> imports.Mapping:
        """What a person said, or, before they said anything, what the file itself suggests."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        roles = self._roles(said)
        named = {role: name for name, role in roles.items()}
        return imports.Mapping(
            day=named.get(imports.DAY, ""),
            account=named.get(imports.ACCOUNT, ""),
            title=named.get(imports.TITLE, ""),
            metrics={name: role for name, role in roles.items() if role in CATALOGUE},
            day_format=said["day_format"],
            decimal=said["decimal"],
            today=today,
        )
