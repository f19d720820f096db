from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kpis.actions import byhand as actions
from kpis.actions.imports import demand_to_import
from kpis.actions.sources import demand_to_tend
from kpis.byhand import known_places
from kpis.forms.byhand import ColumnForm, NumbersForm, PlaceForm, PlanForm
from kpis.models import Source
from kpis.queries.byhand import changes_of, known_cells
from kpis.queries.metrics import metrics_of
from kpis.views.sources import find_project, find_source, of
from projects.origins import place_named
from smmportal.formatting import month_name
from smmportal.refusals import carried_out

SHOWN_DAYS = 14
#: As many as a form may have fields, with some to spare.
MOST_CELLS = 900


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_place(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    demand_to_import(request.user, project)
    form = PlaceForm(request.POST or None, project=project, initial={"person": request.user})
    if form.is_valid():
        fields = {"by": request.user, "origin": place_named(project, request.GET.get("from", ""))}
        if source := carried_out(form, actions.add_place, project=project, **fields, **form.cleaned_data):
            messages.success(request, _("“%(source)s” is there. Type its first numbers.") % {"source": source})
            return redirect(source.numbers_url)
    return render(request, "kpis/place.html", {**of(project), "form": form, "places": known_places()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_plan(request: HttpRequest, pk: int) -> HttpResponse:
    source = find_source(request, pk)
    demand_to_tend(request.user, source)
    began = {"metrics": source.typed_metrics, "every": source.typed_every, "person": source.typed_by}
    form = PlanForm(request.POST or None, project=source.project, initial=began)
    if form.is_valid() and carried_out(form, actions.change_plan, source=source, by=request.user, **form.cleaned_data):
        messages.success(request, _("What is typed, and by whom, is changed."))
        return redirect(source)
    return render(request, "kpis/place.html", {**of(source.project), "form": form, "source": source})


# --- The grid -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """The days and metrics of one grid, as the address says them."""

    first: date
    last: date
    metrics: Sequence[str]
    is_usual: bool = False

    @property
    def days(self) -> list[date]:
        """The newest on top."""
        return [self.last - timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def span_of(asked, source: Source, today: date) -> Span:
    """`?month=2026-11`, or `?from=&to=&metric=`; for what is nonsense, and without a word, the last two weeks."""
    metrics = metrics_of(source)
    own = [code for code in metrics if code == asked.get("metric")] or metrics
    first, last = month_named(asked.get("month", "")) or days_named(asked)
    if first is None or last is None or first > today or not 0 <= (last - first).days * len(own) <= MOST_CELLS:
        return Span(today - timedelta(days=SHOWN_DAYS - 1), today, own, is_usual=True)
    return Span(first, min(last, today), own)


def month_named(text: str) -> tuple[date, date] | None:
    try:
        first = date.fromisoformat(f"{text}-01")
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def days_named(asked) -> tuple[date | None, date | None]:
    return as_date(asked.get("from", "")), as_date(asked.get("to", ""))


def as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter_numbers(request: HttpRequest, pk: int) -> HttpResponse:
    source = find_source(request, pk)
    demand_to_tend(request.user, source)
    span = span_of(request.GET, source, today_of(source))
    form = NumbersForm(request.POST if request.method == "POST" else None, **grid_of(source, span))
    if form.is_bound and form.is_valid():
        recorded = carried_out(form, actions.type_numbers, source=source, numbers=form.numbers, by=request.user)
        if recorded:
            messages.success(request, say_saved(recorded.changed))
            return redirect(request.get_full_path())
    return show_grid(request, source, span, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paste_column(request: HttpRequest, pk: int) -> HttpResponse:
    """A pasted column is put into the grid for a person to look at; nothing is saved yet."""
    source = find_source(request, pk)
    demand_to_tend(request.user, source)
    today, metrics = today_of(source), metrics_of(source)
    begun = {"first": today - timedelta(days=SHOWN_DAYS)}
    form = ColumnForm(request.POST or None, metrics=metrics, today=today, initial=begun)
    if form.is_valid():
        cells, metric = form.cleaned_data["read"].cells, form.cleaned_data["metric"]
        span = Span(min(cells), max(cells), [metric])
        pasted = {(metric, day): text for day, text in cells.items() if text}
        grid = grid_of(source, span)
        messages.info(request, _("Look at the numbers and save them: nothing is saved yet."))
        return show_grid(request, source, span, NumbersForm(pasted=only_open(pasted, grid), **grid))
    return render(request, "kpis/column.html", {**of(source.project), "source": source, "form": form})


def only_open(pasted: dict, grid: dict) -> dict:
    return {key: text for key, text in pasted.items() if grid["known"].get(key, (None, ""))[1] != actions.MEASURED}


def grid_of(source: Source, span: Span) -> dict:
    return {"days": span.days, "metrics": span.metrics, "known": known_cells(source, span.first, span.last)}


def show_grid(request: HttpRequest, source: Source, span: Span, form: NumbersForm) -> HttpResponse:
    rows = form.rows
    context = {
        "source": source,
        "form": form,
        "rows": rows,
        "start": start_of(rows, today_of(source)),
        "measured": any(cell.field is None for row in rows for cell in row.cells),
        "metrics": [rows[0].cells[place] for place in range(len(span.metrics))],
        "months": [(month, f"{month_name(month.month)} {month.year}") for month in months_before(today_of(source))],
        "span": span,
        "address": address_of(request, source, span),
        "changes": changes_of(source),
    }
    return render(request, "kpis/numbers.html", {**of(source.project), **context})


def start_of(rows: Sequence, today: date) -> date:
    """The day that a phone shows first: the newest that is over and wants a number."""
    wanting = [row.day for row in rows if row.is_open and row.day < today]
    return wanting[0] if wanting else rows[0].day


def months_before(today: date) -> list[date]:
    """This month and the five before it."""
    months = [today.replace(day=1)]
    while len(months) < 6:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def address_of(request: HttpRequest, source: Source, span: Span) -> str:
    """Where the grid is saved: the page itself, or, out of a column, the days it named."""
    if request.path == source.numbers_url:
        return request.get_full_path()
    asked = {"from": span.first, "to": span.last, "metric": span.metrics[0]}
    return f"{source.numbers_url}?{urlencode(asked)}"


def say_saved(changed: int) -> str:
    if not changed:
        return _("Nothing has changed.")
    return ngettext("%(count)s number is saved.", "%(count)s numbers are saved.", changed) % {"count": changed}


def today_of(source: Source) -> date:
    return timezone.localdate(timezone=source.zone)
