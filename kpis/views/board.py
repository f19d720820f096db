from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kpis.actions.board_views import arrange_board, hide, move, reset_board, show
from kpis.models import BoardView
from kpis.queries.board import board_for, rows_of
from projects.models import Project
from smmportal.inputs import whole_number


@login_required
@require_safe
def show_board(request: HttpRequest, pk: int) -> HttpResponse:
    """The dashboard: a card for every KPI, those that need a hand first, or in the reader's own order; or a table."""
    board = board_for(request.user, pk, with_hidden="hidden" in request.GET)
    if board is None:
        raise Http404
    as_table = request.GET.get("as") == "table"
    context = {
        "project": board.project,
        "section": "board",
        "board": board,
        "with_hidden": "hidden" in request.GET,
        "as_table": as_table,
        "rows": rows_of(board) if as_table else (),
    }
    return render(request, "kpis/board.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader's own view: every button is a small step and leads back here."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)
    if request.method == "POST":
        return arrange_as_asked(request, project)
    board = board_for(request.user, pk)
    context = {"project": project, "section": "board", "board": board, "ranges": BoardView.Range.choices}
    return render(request, "kpis/board_view.html", context)


def arrange_as_asked(request: HttpRequest, project: Project) -> HttpResponse:
    """One button is pressed at a time; its name says what, its value which KPI."""
    said, by = request.POST, request.user
    order = [standing.kpi.pk for standing in board_for(by, project.pk).found]
    for name in ("up", "down", "hide", "show"):
        kpi = whole_number(said.get(name, ""))
        if kpi is None:
            continue
        if name in ("up", "down"):
            move(project, by=by, order=order, kpi=kpi, down=name == "down")
        else:
            (hide if name == "hide" else show)(project, by=by, kpi=kpi)
    if said.get("range") in BoardView.Range.values and "keep" in said:
        arrange_board(project, by=by, range=said["range"])
    if "reset" in said:
        reset_board(project, by=by)
    return redirect(reverse("kpis:board_view", args=[project.pk]))
