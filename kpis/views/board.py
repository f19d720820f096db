from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kpis.queries.board import board_of
from projects.models import Project


@login_required
@require_safe
def show_board(request: HttpRequest, pk: int) -> HttpResponse:
    """The dashboard: a chart for every KPI, those that need a hand first."""
    seen = Project.objects.visible_to(request.user).select_related("agency", "client")
    project = get_object_or_404(seen, pk=pk)
    board = board_of(project, request.user)
    return render(request, "kpis/board.html", {"project": project, "section": "board", "board": board})
