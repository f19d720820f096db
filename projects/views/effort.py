"""What each goal costs against how far it is."""

import csv
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects import queries
from projects.queries import GoalEffort
from projects.views.pages import find_project, show
from smmportal.spreadsheets import harmless


@login_required
@require_GET
def effort(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    lines = queries.effort_by_goal(project)
    return show(request, "effort.html", project, "tasks", lines=lines, view="effort")


@login_required
@require_GET
def effort_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The same table for a spreadsheet: UTF-8 with a mark, so that Excel reads it."""
    project = find_project(request, pk)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="effort-{project.pk}.csv"'
    table = csv.writer(answer)
    names = [_("Goal"), _("Status"), _("Progress, %"), _("Unknown, %")]
    table.writerow([*names, _("Tasks done"), _("Tasks in all"), _("Hours estimated"), _("Hours spent")])
    table.writerows(row_of(line) for line in queries.effort_by_goal(project))
    return answer


def row_of(line: GoalEffort) -> list[str | int]:
    name = line.goal.statement if line.goal else _("No goal in particular")
    status = line.goal.get_status_display() if line.goal else ""
    known = line.progress
    way = [plain(known.percent_done), plain(known.percent_unknown)] if known.kpis else ["", ""]
    return [harmless(name), status, *way, line.done, line.total, plain(line.estimate), plain(line.spent)]


def plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.2f}"
