"""A place whose numbers are typed, the grid of days and numbers, and a pasted column."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.actions.byhand import MEASURED, Typed
from kpis.byhand import MOST_LINES, Column, read_column
from kpis.imports import MAY_BE_NEGATIVE
from kpis.metrics import CATALOGUE, METRICS
from kpis.models import Source
from kpis.terms import plain
from projects.models import Project
from smmportal.formatting import format_day, is_russian
from smmportal.inputs import DayInput, FigureField, FigureInput
from smmportal.people.models import User

USUAL_METRICS = ("followers", "views", "reach", "likes", "comments", "shares", "clicks", "leads", "sales", "revenue")


class PlanForm(forms.Form):
    """Which numbers are typed, how often, and by whom."""

    metrics = forms.MultipleChoiceField(
        label=gettext_lazy("Which numbers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only those that somebody will really look up. They can be changed later."),
    )
    every = forms.ChoiceField(label=gettext_lazy("How often"), choices=Source.Cadence, initial=Source.Cadence.WEEKLY)
    person = forms.ModelChoiceField(
        label=gettext_lazy("Who types them"),
        queryset=None,
        empty_label=None,
        help_text=gettext_lazy("The portal reminds this person when the numbers are late."),
    )

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        rest = [code for code in CATALOGUE if code not in USUAL_METRICS]
        self.fields["metrics"].choices = [(code, METRICS[code].name) for code in (*USUAL_METRICS, *rest)]
        self.fields["person"].queryset = User.objects.filter(pk__in=[person.pk for person in project.people])

    @property
    def usual(self) -> list[forms.boundfield.BoundWidget]:
        return list(self["metrics"])[: len(USUAL_METRICS)]

    @property
    def others(self) -> list[forms.boundfield.BoundWidget]:
        return list(self["metrics"])[len(USUAL_METRICS) :]

    @property
    def is_unusual(self) -> bool:
        """Whether something of the longer list is chosen, so that it must not be folded away."""
        return bool(set(self["metrics"].value() or ()) - set(USUAL_METRICS))


class PlaceForm(PlanForm):
    name = forms.CharField(
        label=gettext_lazy("Where the numbers are from"),
        max_length=200,
        widget=forms.TextInput({"list": "places", "autocomplete": "off"}),
        help_text=gettext_lazy("Any place that people can look at: a channel, a marketplace, the till of a shop."),
    )
    field_order = ["name", "metrics", "every", "person"]


# --- The grid -------------------------------------------------------------------------------------------------------


def key_of(metric: str, day: date) -> str:
    return f"{metric}_{day:%Y%m%d}"


def as_typed(value: Decimal | None) -> str:
    """A number as it stands in a field, ready to be changed."""
    text = plain(value) or ""
    return text.replace(".", ",") if is_russian() else text


@dataclass(frozen=True)
class GridCell:
    """One number of the grid: a field, or what the platform measured, which nobody types over."""

    metric: str
    name: str
    field: forms.BoundField | None
    value: Decimal | None
    provenance: str

    @property
    def is_imported(self) -> bool:
        return self.provenance == "imported"


@dataclass(frozen=True)
class GridRow:
    """One day; `earlier` and `later` are the days beside it, where the grid has them."""

    day: date
    cells: tuple[GridCell, ...]
    earlier: date | None
    later: date | None

    @property
    def is_wrong(self) -> bool:
        return any(cell.field and cell.field.errors for cell in self.cells)

    @property
    def is_open(self) -> bool:
        return any(cell.value is None for cell in self.cells)


class NumbersForm(forms.Form):
    """Days and metrics. What the person has not touched follows what is there now, so that saving after somebody else
    never puts an older number back."""

    def __init__(self, data=None, *, days: Sequence[date], metrics: Sequence[str], known: Mapping, pasted=None):
        self.days, self.metrics, self.known = days, metrics, known
        self.seen = read_seen(data.get("seen", "")) if data is not None else {}
        super().__init__(initial={key_of(*key): as_typed(value) for key, (value, _code) in known.items()})
        self.fields.update({key_of(*key): self.field_of(*key) for key in self.open_keys()})
        if data is not None or pasted is not None:
            self.is_bound = True
            self.data = self.merged(data or {}) | {key_of(*key): text for key, text in (pasted or {}).items()}

    def open_keys(self) -> Iterator[tuple[str, date]]:
        """What may be typed: all that the platform has not measured."""
        for day in self.days:
            for metric in self.metrics:
                if self.known.get((metric, day), (None, ""))[1] != MEASURED:
                    yield metric, day

    def field_of(self, metric: str, day: date) -> FigureField:
        least = None if metric in MAY_BE_NEGATIVE else 0
        label = _("%(metric)s, %(day)s") % {"metric": METRICS[metric].name, "day": format_day(day, "near")}
        widget = FigureInput({"class": "hand-input"})
        return FigureField(label=label, required=False, max_digits=24, decimal_places=6, min_value=least, widget=widget)

    def merged(self, data: Mapping) -> dict[str, str]:
        """What was sent, but for what the person left as they saw it: there, what is there now."""
        return {
            key_of(*key): self.initial.get(key_of(*key), "") if self.is_untouched(key, data) else data[key_of(*key)]
            for key in self.open_keys()
        }

    def is_untouched(self, key: tuple[str, date], data: Mapping) -> bool:
        text = data.get(key_of(*key))
        if text is None:
            return True
        try:
            return FigureField(required=False).to_python(text) == self.seen.get(key_of(*key))
        except forms.ValidationError:
            return False

    @property
    def numbers(self) -> list[Typed]:
        """What was typed, each with what the person saw there before."""
        said = self.cleaned_data
        keys = [(metric, day) for metric, day in self.open_keys() if key_of(metric, day) in said]
        return [Typed(metric, day, said[key_of(metric, day)], self.seen_at(metric, day)) for metric, day in keys]

    def seen_at(self, metric: str, day: date) -> Decimal | None:
        return self.seen.get(key_of(metric, day))

    @property
    def seen_now(self) -> str:
        """What the page shows, for the next time."""
        return json.dumps({key_of(*key): plain(value) for key, (value, _code) in self.known.items()})

    @property
    def rows(self) -> list[GridRow]:
        beside = zip(self.days, [*self.days[1:], None], [None, *self.days], strict=False)
        return [
            GridRow(day, tuple(self.cell(metric, day) for metric in self.metrics), earlier, later)
            for day, earlier, later in beside
        ]

    def cell(self, metric: str, day: date) -> GridCell:
        value, provenance = self.known.get((metric, day), (None, ""))
        field = self[key_of(metric, day)] if key_of(metric, day) in self.fields else None
        return GridCell(metric, str(METRICS[metric].name), field, value, provenance)


def read_seen(text: str) -> dict[str, Decimal]:
    """What the page showed when it was opened; of what is no such thing, nothing."""
    try:
        told = json.loads(text or "{}")
        return {str(key): Decimal(str(value)) for key, value in told.items()}
    except (ValueError, InvalidOperation, AttributeError):
        return {}


# --- A column -------------------------------------------------------------------------------------------------------

PROBLEMS = {
    "day": gettext_lazy("Line %(line)s: this is not a date. Write it as 23.11.2026."),
    "future": gettext_lazy("Line %(line)s: this day has not come yet."),
    "twice": gettext_lazy("Line %(line)s: this day stands here twice, with different numbers."),
    "long": gettext_lazy("More than 366 lines. Paste a year at a time, or import a file."),
}
NAMED_PROBLEMS = 5


class ColumnForm(forms.Form):
    """Numbers out of a spreadsheet: one metric, a line for each day."""

    metric = forms.ChoiceField(label=gettext_lazy("Which number"))
    first = forms.DateField(
        label=gettext_lazy("The first line is of"),
        widget=DayInput,
        help_text=gettext_lazy("Only where the lines have no dates of their own."),
    )
    column = forms.CharField(
        label=gettext_lazy("Paste a column of a spreadsheet"),
        max_length=40_000,
        strip=False,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Numbers one under another, or dates and numbers side by side. An empty line is a day that nobody knows. "
            "You will see everything in the table before it is saved."
        ),
    )

    def __init__(self, *args, metrics: Sequence[str], today: date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [(code, METRICS[code].name) for code in metrics]

    def clean(self) -> dict:
        said = super().clean()
        if "first" in said and "column" in said:
            said["read"] = self.checked(read_column(said["column"], first=said["first"], today=self.today))
        return said

    def checked(self, column: Column) -> Column:
        for line, code in column.problems[:NAMED_PROBLEMS]:
            self.add_error("column", str(PROBLEMS[code]) % {"line": line})
        if column.cells and max(column.cells) - min(column.cells) > timedelta(days=MOST_LINES):
            self.add_error("column", PROBLEMS["long"])
        if not column.problems and not any(column.cells.values()):
            self.add_error("column", _("There is not one number here."))
        return column
