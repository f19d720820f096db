"""One person's work across their projects: the list, several tasks at once, hand-over, absences."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, queries
from projects.forms import doers
from projects.models import Absence, Project, State, Task
from projects.task_forms import AbsenceForm, HandOverForm, ManyForm, SightForm, colleagues_of
from projects.views.tasks import FINISHED, SHOWN, just_finished
from smmportal.inputs import whole_number
from smmportal.people.models import User
from smmportal.refusals import carried_out, page_before

OPEN_STATES = [choice for choice in State.choices if choice[0] != State.DONE]


@login_required
@require_GET
def my_tasks(request: HttpRequest) -> HttpResponse:
    """What is mine, or with `?whose=all` everything that is open in my projects."""
    projects = list(Project.objects.visible_to(request.user).open())
    shows_all = request.GET.get("whose") == "all"
    people = list(queries.people_in(projects)) if shows_all else []
    sight = SightForm(request.GET, projects=projects, people=people, states=OPEN_STATES)
    rows = queries.tasks_of(request.user).open().filter(project__closed_at=None)
    rows = sight.choose(rows if shows_all else queries.mine(rows, request.user))
    found = queries.acting_in(request.user, queries.in_order(rows, sight.order)[:SHOWN])
    context = {
        "sight": sight,
        "groups": queries.by_date(found, sight.order),
        "whose": "all" if shows_all else "mine",
        "keeps_all": ("whose", "all"),
        "whose_tabs": [("mine", _("Mine")), ("all", _("Everybody’s"))],
        "is_cut": len(found) == SHOWN,
        "many": ManyForm(),
        "just_finished": just_finished(request),
        "has_projects": bool(projects),
        "acts_somewhere": queries.organisations_acted_for(request.user).exists(),
        "may_choose": any(task.may_act for task in found),
        "absences": Absence.objects.filter(person=request.user).not_over(timezone.localdate()),
    }
    return render(request, "projects/my_tasks.html", context)


@login_required
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Finish, reopen or change all of the chosen tasks."""
    tasks = chosen_tasks(request)
    verb = request.POST.get("verb")
    if verb == "finish":
        request.session[FINISHED] = [task.pk for task in actions.finish_tasks(tasks, by=request.user)]
    elif verb == "reopen":
        actions.reopen_tasks(tasks, by=request.user)
        messages.success(request, _("Undone: the tasks are open again."))
    else:
        change_many(request, tasks)
    return redirect(page_before(request))


def change_many(request: HttpRequest, tasks: list[Task]) -> None:
    form = form_for(request, tasks)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return
    changed = actions.change_tasks(tasks, by=request.user, **form.change)
    sentence = ngettext("%(count)s task is changed.", "%(count)s tasks are changed.", len(changed))
    messages.success(request, sentence % {"count": len(changed)})


def form_for(request: HttpRequest, tasks: list[Task]) -> ManyForm:
    """People and goals are chosen among those of the tasks' one project."""
    projects = {task.project_id: task.project for task in tasks}
    if len(projects) != 1:
        return ManyForm(request.POST)
    [project] = projects.values()
    return ManyForm(request.POST, people=list(doers(project)), goals=list(project.goals.all()))


def chosen_tasks(request: HttpRequest) -> list[Task]:
    """The ticked tasks that this person sees; any other id is passed over."""
    ids = {whole_number(said) for said in request.POST.getlist("task")} - {None}
    return list(queries.tasks_of(request.user).filter(pk__in=ids).order_by("pk"))


# --- Being away -----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """Say that one is away, or hand everything over for good; a POST begins an absence."""
    form = AbsenceForm(request.POST or None, person=request.user)
    if form.is_valid() and carried_out(form, actions.go_away, person=request.user, **form.cleaned_data):
        messages.success(request, _("Noted. Your colleague is told, and sees what is due meanwhile."))
        return redirect("projects:my_tasks")
    status = 422 if form.errors else 200
    absences = Absence.objects.filter(person=request.user).not_over(timezone.localdate()).select_related("substitute")
    return render(request, "projects/away.html", {"form": form, "absences": absences}, status=status)


@login_required
@require_POST
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.visible_to(request.user).select_related("person"), pk=pk)
    actions.call_off_absence(absence, by=request.user)
    messages.success(request, _("Called off: you are here, and your tasks are yours."))
    return redirect("projects:my_tasks")


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Give one's own open tasks, or with `?person=` a colleague's, to somebody else."""
    person = person_in_address(request)
    open_tasks = queries.tasks_of(request.user).open().filter(project__closed_at=None)
    rows = open_tasks.filter(assignee=person)
    form = HandOverForm(request.POST or None, person=person, by=request.user, tasks=rows)
    if form.is_valid():
        to, tasks = form.cleaned_data["to"], form.cleaned_data["tasks"]
        tell_of(request, actions.hand_over(tasks, to=to, by=request.user), to)
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "person": person,
        "tasks": queries.in_order(rows),
        "chosen": chosen_ids(form),
        "others": colleagues_of(request.user).filter(pk__in=open_tasks.values("assignee")).exclude(pk=person.pk),
    }
    return render(request, "projects/hand_over.html", context, status=422 if form.errors else 200)


def person_in_address(request: HttpRequest) -> User:
    said = whole_number(request.GET.get("person", ""))
    if said is None:
        return request.user
    return get_object_or_404(queries.people_in(Project.objects.visible_to(request.user)), pk=said)


def chosen_ids(form: HandOverForm) -> set[str] | None:
    """What was ticked when the form came back; nothing was asked yet when it is None."""
    return set(form.data.getlist("tasks")) if form.is_bound else None


def tell_of(request: HttpRequest, result: actions.HandedOver, to: User) -> None:
    count = len(result.moved)
    if count:
        sentence = ngettext("%(person)s has %(count)s more task.", "%(person)s has %(count)s more tasks.", count)
        messages.success(request, sentence % {"person": to, "count": count})
    for task, why in result.left:
        messages.warning(request, _("Not handed over: “%(task)s” — %(why)s.") % {"task": task, "why": why})
