from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kpis import rules
from kpis.queries.progress import parts_of_goal, progress_of_parts
from projects.models import Goal


@login_required
@require_safe
def goal_kpis(request: HttpRequest, pk: int) -> HttpResponse:
    """The KPIs of a goal with their shares: a panel for the goal's page, a page of its own without a script."""
    rows = Goal.objects.visible_to(request.user).select_related("project__agency", "project__client")
    goal = get_object_or_404(rows, pk=pk)
    parts = parts_of_goal(goal)
    progress = progress_of_parts(parts)
    context = {
        "project": goal.project,
        "section": "goals",
        "goal": goal,
        "parts": parts,
        "progress": progress,
        "may_draft": rules.can_draft_kpis(request.user, goal.project) and goal.project.is_open,
    }
    return render(request, "kpis/_goal_kpis.html" if request.htmx else "kpis/goal_kpis.html", context)
