from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import coaching, rules
from projects.forms import GoalForm
from projects.models import BusinessGoal, Goal, Project
from projects.views.pages import find_project, show
from smmportal.inputs import whole_number
from smmportal.refusals import demand


@login_required
@require_POST
def goal_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The coach's panel for what is typed so far; without a script, the whole form with the panel in it."""
    project = find_project(request, pk)
    demand(rules.acts_in(request.user, project), _("Viewers look on. Ask a colleague to write the goal."))
    typed = request.POST.copy()
    typed["statement"] = with_suggestion(typed.get("statement", ""), typed.get("suggestion", ""))
    if typed.get("serves"):
        typed["business_goal"] = typed["serves"]
    above = business_goal_typed(project, typed.get("business_goal", ""))
    panel = coaching.panel_for(typed["statement"].replace("\r\n", "\n"), project, above)
    if request.htmx:
        return render(request, "projects/_coach.html", {"panel": panel, "project": project})
    form = GoalForm(project=project, initial=typed.dict())
    return show(request, "goal_form.html", project, "goals", form=form, goal=goal_being_edited(request), panel=panel)


def with_suggestion(statement: str, suggestion: str) -> str:
    return f"{statement.rstrip().rstrip('.')} {suggestion}" if suggestion else statement


def business_goal_typed(project: Project, typed: str) -> BusinessGoal | None:
    """The business goal that is chosen in the form; what makes no sense is none."""
    return project.business_goals.filter(pk=whole_number(typed)).first()


def goal_being_edited(request: HttpRequest) -> Goal | None:
    pk = whole_number(request.GET.get("goal", ""))
    return None if pk is None else get_object_or_404(Goal.objects.visible_to(request.user), pk=pk)
