"""What of the portfolio is shown and in which order: all of it lives in the address."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from smmportal.inputs import RowField
from smmportal.people.models import Organisation, Side, User
from smmportal.portfolio.rows import Row
from smmportal.portfolio.wording import FLAGS, LEVELS

Way = Literal["ascending", "descending"]
FAR_AWAY = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Column:
    """A column to sort by: `key` puts first what needs a hand first, and `way` is how its numbers then go."""

    key: Callable[[Row], tuple]
    way: Way = "descending"
    is_figure: bool = False


def known_first(value: int | None) -> tuple:
    return value is None, value or 0


COLUMNS: dict[str, Column] = {
    "risk": Column(lambda row: row.order),
    "project": Column(lambda row: (row.project.name.casefold(),), "ascending"),
    "client": Column(lambda row: (row.project.client.name.casefold(), row.project.name.casefold()), "ascending"),
    "waterline": Column(lambda row: known_first(row.water.score), "ascending", is_figure=True),
    "change": Column(lambda row: known_first(row.water.change), "ascending", is_figure=True),
    "kpis": Column(lambda row: (-row.facts.off_track, -row.facts.at_risk, -row.facts.unknown)),
    "drops": Column(lambda row: (-row.drops.count, -row.drop_days), is_figure=True),
    "reviews": Column(lambda row: (-len(row.overdue), -len(row.owed)), is_figure=True),
    "approvals": Column(lambda row: (-len(row.stalled), -row.stalled_days), is_figure=True),
    "sources": Column(lambda row: (-row.broken_sources,), is_figure=True),
    "meeting": Column(lambda row: (-row.due.days_late, row.due.next_at or FAR_AWAY)),
    "alerts": Column(lambda row: (-row.alerts.cliffs, -row.alerts.count), is_figure=True),
    "move": Column(lambda row: (-row.moves.get(Side.AGENCY, 0), -row.moves.get(Side.CLIENT, 0))),
}
ORDERS = [*COLUMNS, *(f"-{name}" for name in COLUMNS)]
WITH: dict[str, Callable[[Row], object]] = {
    "drops": lambda row: row.drops.count,
    "reviews": lambda row: row.overdue,
    "approvals": lambda row: row.stalled,
    "sources": lambda row: row.broken_sources,
    "meetings": lambda row: row.due.days_late,
    "alerts": lambda row: row.alerts.count,
}


class SightForm(forms.Form):
    """The filters. What an address says amiss is passed over by the page and refused by the API."""

    q = forms.CharField(
        label=_("Project or client"), max_length=100, required=False, widget=forms.TextInput({"type": "search"})
    )
    risk = forms.ChoiceField(label=_("How it stands"), required=False)
    client = RowField(label=_("Client"), queryset=None, required=False)
    person = RowField(label=_("Who works on it"), queryset=None, required=False)
    move = forms.ChoiceField(label=_("Whose move it is"), required=False)
    only = forms.MultipleChoiceField(
        label=_("Only with"), required=False, choices=list(FLAGS.items()), widget=forms.CheckboxSelectMultiple
    )
    sort = forms.ChoiceField(
        required=False, choices=[(name, name) for name in ORDERS], widget=forms.HiddenInput, initial="risk"
    )

    def __init__(self, asked, projects):
        super().__init__(asked, auto_id="sight_%s", label_suffix="")
        team = Project.team.through.objects.filter(project__in=projects).values("user")
        self.fields["client"].queryset = Organisation.objects.filter(pk__in=projects.order_by().values("client"))
        self.fields["client"].empty_label = _("All")
        self.fields["person"].queryset = User.objects.filter(pk__in=team).order_by("name", "id")
        self.fields["person"].empty_label = _("Anybody")
        self.fields["risk"].choices = [("", _("All")), *LEVELS.items()]
        self.fields["move"].choices = [("", _("Anybody’s")), (Side.AGENCY, _("Ours")), (Side.CLIENT, _("The client’s"))]

    @property
    def wanted(self) -> dict:
        """What is asked for and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def order(self) -> str:
        return self.wanted.get("sort", "risk")

    @property
    def is_narrow(self) -> bool:
        return bool(self.wanted.keys() - {"sort"})

    def choose_projects(self, projects):
        """By what is known of a project before anything else is read."""
        wanted = self.wanted
        for name, column in (("client", "client"), ("person", "team")):
            if name in wanted:
                projects = projects.filter(**{column: wanted[name]})
        return [project for project in projects if is_called(project, wanted.get("q", ""))]

    def choose_rows(self, rows: Iterable[Row]) -> list[Row]:
        wanted = self.wanted
        chosen = [row for row in rows if fits(row, wanted)]
        name = self.order.removeprefix("-")
        return sorted(chosen, key=COLUMNS[name].key, reverse=self.order.startswith("-"))


def is_called(project: Project, words: str) -> bool:
    """Every word stands in the project's name or in its client's, in whatever case."""
    name = f"{project.name} {project.client.name}".casefold()
    return all(word in name for word in words.casefold().split())


def fits(row: Row, wanted: dict) -> bool:
    if wanted.get("risk") not in (None, row.risk.level):
        return False
    if wanted.get("move") and not row.moves.get(wanted["move"]):
        return False
    return all(WITH[flag](row) for flag in wanted.get("only", ()))


def heads(sort: str, words: Sequence[tuple[str, str]]) -> list[dict]:
    """The heads of the table's columns: each with the order that a press asks for, and how it is sorted now."""
    return [head_of(name, word, sort) for name, word in words]


def head_of(name: str, word: str, sort: str) -> dict:
    column = COLUMNS[name]
    way = column.way
    other = "ascending" if way == "descending" else "descending"
    now = {name: way, f"-{name}": other}.get(sort, "")
    return {
        "name": name,
        "word": word,
        "sort": f"-{name}" if sort == name else name,
        "now": now,
        "is_figure": column.is_figure,
    }
