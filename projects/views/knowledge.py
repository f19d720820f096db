"""«What we know»: competitors, contacts and forbidden topics on one page, each with its small form."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, queries, rules
from projects.forms import CompetitorForm, ContactForm, ForbiddenTopicForm, KnownForm
from projects.models import BriefVersion, Competitor, Contact, ForbiddenTopic, FromAnswer, Project
from projects.models.knowledge import Known
from projects.origins import Place, place_named
from projects.views.pages import find_project, show
from smmportal.people.rules import can_run
from smmportal.refusals import Refused, carried_out, demand


@dataclass(frozen=True)
class Noun:
    """One list of the page, its form and its words."""

    model: type[Known]
    form: type[KnownForm]
    heading: object
    add: object
    edit: object


NOUNS = {
    "competitors": Noun(
        Competitor,
        CompetitorForm,
        gettext_lazy("Competitors"),
        gettext_lazy("Add a competitor"),
        gettext_lazy("Edit the competitor"),
    ),
    "contacts": Noun(
        Contact,
        ContactForm,
        gettext_lazy("Contacts"),
        gettext_lazy("Add a contact"),
        gettext_lazy("Edit the contact"),
    ),
    "forbidden-topics": Noun(
        ForbiddenTopic,
        ForbiddenTopicForm,
        gettext_lazy("Forbidden topics"),
        gettext_lazy("Add a forbidden topic"),
        gettext_lazy("Edit the forbidden topic"),
    ),
}


def noun_of(kind: str) -> Noun:
    if kind not in NOUNS:
        raise Http404
    return NOUNS[kind]


@login_required
@require_GET
def knowledge(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    lists = [
        {"kind": kind, "noun": noun, "rows": queries.with_origin(noun.model.objects.filter(project=project))}
        for kind, noun in NOUNS.items()
    ]
    members = project.client.memberships.values_list("user__email", flat=True)
    return show(
        request,
        "knowledge.html",
        project,
        "brief",
        lists=lists,
        version=BriefVersion.objects.filter(brief__project=project).select_related("brief").defer("content").first(),
        may_invite=can_run(request.user, project.client),
        members={address.lower() for address in members},
    )


@login_required
@require_http_methods(["GET", "POST"])
def new_known(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    project, noun = find_project(request, pk), noun_of(kind)
    demand(rules.acts_in(request.user, project), _("Viewers look on. Ask a colleague to write it down."))
    form = noun.form(request.POST or None)
    fields = {"model": noun.model, "project": project, "by": request.user}
    if form.is_valid() and carried_out(form, actions.add_known, **fields, **form.cleaned_data):
        messages.success(request, _("Written down. Both sides see it."))
        return redirect("projects:knowledge", pk)
    return show_form(request, project, kind, form)


def show_form(
    request: HttpRequest, project: Project, kind: str, form: KnownForm, row: Known | None = None
) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "noun": NOUNS[kind], "kind": kind, "row": row}
    return show(request, "known_form.html", project, "brief", status=status, **context)


@login_required
@require_POST
def known_from_brief(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One click beside the answer: `?from=3.F1.0`."""
    project, noun = find_project(request, pk), noun_of(kind)
    place = place_asked(request, project)
    row = actions.know_from_answer(noun.model, place, by=request.user)
    messages.success(request, _("Written down among what we know: “%(name)s”.") % {"name": str(row)[:200]})
    return redirect(back_to(place))


def place_asked(request: HttpRequest, project: Project) -> Place:
    place = place_named(project, request.GET.get("from", ""))
    if place is None:
        raise Refused(_("There is no such answer in the brief that was submitted."), code="no-such-answer")
    return place


def back_to(place: Place) -> str:
    """The answer that the person stood at."""
    return FromAnswer.url_of(place.version, place.key)


def find_known(request: HttpRequest, kind: str, pk: int) -> Known:
    rows = noun_of(kind).model.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("project__agency", "project__client"), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit_known(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    row, noun = find_known(request, kind, pk), noun_of(kind)
    demand(rules.acts_in(request.user, row.project), _("Viewers look on. Ask a colleague to change it."))
    form = noun.form(request.POST or None, instance=row)
    if form.is_valid() and carried_out(form, actions.edit_known, row=row, by=request.user, **form.cleaned_data):
        messages.success(request, _("Changed."))
        return redirect(row)
    return show_form(request, row.project, kind, form, row)


@login_required
@require_POST
def removal(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    row = find_known(request, kind, pk)
    actions.remove_known(row, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("projects:knowledge", row.project_id)
