from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, queries, rules
from projects.forms import BusinessGoalForm, ConfidenceForm, GoalForm, GoalPlaceForm
from projects.hinting import sentence_of
from projects.models import Goal
from projects.origins import Place, place_named
from projects.views.pages import find_project, show
from smmportal.inputs import whole_number
from smmportal.refusals import carried_out, demand


def find_goal(request: HttpRequest, pk: int) -> Goal:
    rows = Goal.objects.visible_to(request.user).select_related(
        "project__agency",
        "project__client",
        "brief_version",
        "business_goal",
        "client_owner",
        "agency_owner",
        "created_by",
        "proposed_by",
        "agreed_by",
        "begun_by",
        "from_version__brief",
    )
    rows = rows.defer("brief_version__content", "from_version__content", "from_version__brief__form")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_GET
def goals(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    groups = queries.groups_of(project)
    offered = queries.task_of_brief(project)
    if offered and any(group.above and group.above.text == offered.text for group in groups):
        offered = None
    return show(
        request,
        "goals.html",
        project,
        "goals",
        groups=groups,
        has_goals=any(group.lines for group in groups),
        has_business_goals=any(group.above for group in groups),
        said_in_brief=bool(queries.goal_from(place_named(project, "D2"))),
        offered=offered,
        form=BusinessGoalForm(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def new_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a goal; `?from=D2` begins it with that answer of the brief."""
    project = find_project(request, pk)
    demand(rules.acts_in(request.user, project), _("Viewers look on. Ask a colleague to write the goal."))
    began = place_named(project, request.GET.get("from") or request.POST.get("origin", ""))
    form = GoalForm(request.POST or None, project=project, initial=first_words(request, began))
    if form.is_valid():
        goal = carried_out(form, actions.draft_goal, project=project, by=request.user, origin=began, **form.words)
        if goal:
            messages.success(request, _("The goal is a draft. Propose it when both of you would sign it."))
            return redirect(goal)
    return show(request, "goal_form.html", project, "goals", form=form, status=422 if form.errors else 200)


def first_words(request: HttpRequest, began: Place | None) -> dict:
    """What the address begins the goal with: an answer of the brief, a business goal."""
    above = whole_number(request.GET.get("above", ""))
    begun = queries.goal_from(began)
    return begun if above is None else {**begun, "business_goal": above}


@login_required
@require_GET
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    return goal_page(request, find_goal(request, pk))


def goal_page(request: HttpRequest, found: Goal, *, status: int = 200, **more: object) -> HttpResponse:
    [line] = queries.lines_of([found])
    context = {
        "goal": found,
        "line": line,
        "letters": letters_of(found),
        "hints": [sentence_of(hint) for hint in queries.hints_of_goal(found)],
        "missing": [Goal._meta.get_field(name).verbose_name for name in found.missing_criteria],
        "may_agree": rules.agrees_to_goal(request.user, found) and found.project.is_open,
        "tasks": found.tasks.select_related("assignee"),
        "voices": queries.voices_of(found),
        "gap": found.gaps.open().first(),
        "conclusions": list(found.conclusions.select_related("by", "reopened_by")),
        "confidence_form": ConfidenceForm(),
        "scale": range(1, 11),
    }
    return show(request, "goal.html", found.project, "goals", status=status, **{**context, **more})


def letters_of(found: Goal) -> list[tuple[str, str, str]]:
    """The five answers with the letter, the question and the words."""
    return [
        (letter, Goal._meta.get_field(name).verbose_name, getattr(found, name))
        for letter, name in zip("SMART", Goal.CRITERIA, strict=True)
    ]


@login_required
@require_http_methods(["GET", "POST"])
def edit_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole form while the words may change; afterwards only whose goal it is and what it is for."""
    found = find_goal(request, pk)
    demand(rules.acts_in(request.user, found.project), _("Viewers look on. Ask a colleague to change the goal."))
    shape = GoalPlaceForm if found.has_fixed_words else GoalForm
    form = shape(request.POST or None, instance=found, project=found.project, initial={"revision": found.revision})
    if form.is_valid():
        seen = form.cleaned_data.get("revision")
        edited = carried_out(form, actions.edit_goal, goal=found, revision=seen, by=request.user, **form.words)
        if edited:
            messages.success(request, said_of_edit(edited))
            return redirect(found)
    return show(
        request, "goal_form.html", found.project, "goals", form=form, goal=found, status=422 if form.errors else 200
    )


def said_of_edit(goal: Goal) -> str:
    if goal.status == Goal.Status.DRAFT:
        return _("The goal is changed and is a draft now.")
    return _("Saved.")


@login_required
@require_POST
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.propose_goal(find_goal(request, pk), by=request.user)
    messages.success(request, _("The goal is proposed: the other side has been told."))
    return redirect(found)


@login_required
@require_POST
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    revision = whole_number(request.POST.get("revision", "")) or 0
    found = actions.agree_to_goal(find_goal(request, pk), revision=revision, by=request.user)
    messages.success(request, _("Agreed: both sides now work towards this goal."))
    return redirect(found)


@login_required
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_goal(request, pk)
    actions.delete_goal(found, by=request.user)
    messages.success(request, _("The draft is gone."))
    return redirect("projects:goals", found.project_id)
