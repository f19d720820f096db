"""What every page of a project has in common."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from projects import rules
from projects.models import Project


def find_project(request: HttpRequest, pk: int) -> Project:
    seen = Project.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("agency", "client", "activated_by"), pk=pk)


def show(
    request: HttpRequest, template: str, project: Project, section: str, *, status: int = 200, **context: object
) -> HttpResponse:
    """A page inside a project. How far its steps are, only the overview says: the head must not jump."""
    context |= {
        "project": project,
        "section": section,
        "side": project.side_of(request.user),
        "can_act": rules.acts_in(request.user, project) and project.is_open,
        "can_decide": rules.decides_in(request.user, project) and project.is_open,
    }
    return render(request, f"projects/{template}", context, status=status)
