"""The sections and questions of a template: a page a question, a button a step, nothing that needs a script."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects import actions, blueprint
from projects.answers import TYPES
from projects.drafting import Draft, Editing, blank, read_question, whole, words
from projects.models import BriefTemplate
from projects.questionnaire import find_question
from projects.views.templates import find_template
from projects.wording import column_type_names, type_names


def find_editable(request: HttpRequest, pk: int) -> BriefTemplate:
    found = find_template(request, pk)
    actions.demand_editing(found.agency, by=request.user)
    return found


def revision_of(request: HttpRequest) -> int:
    return whole(request.POST.get("revision", ""))


def back_to(template: BriefTemplate, place: str = "") -> HttpResponse:
    return redirect(f"{template.get_absolute_url()}#{place}")


def edit(request: HttpRequest, pk: int, change) -> BriefTemplate:
    """One step that is pressed, not typed: a refusal is a message on the page it was pressed on."""
    found = find_editable(request, pk)
    return actions.edit_template(found, revision=revision_of(request), by=request.user, change=change)


# --- Sections -------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def new_section(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_editable(request, pk)
    title = words(request.POST, "title")
    if request.method == "POST":
        editing = Editing(found, request.user, revision_of(request))
        changed = editing.put(actions.edit_template, change=partial(blueprint.add_section, title=title))
        if changed:
            return back_to(changed, f"section-{changed.form['sections'][-1]['key']}")
        return show_section(request, pk, title, error=editing.error)
    return show_section(request, pk, title)


@login_required
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The words over a section, and the way to remove it."""
    found = find_editable(request, pk)
    current = blueprint.find_section(found.form, key)
    if current is None:
        raise Http404
    if request.method != "POST":
        return show_section(request, pk, current["title"], current=current)
    title = words(request.POST, "title")
    editing = Editing(found, request.user, revision_of(request))
    if editing.put(actions.edit_template, change=partial(blueprint.rename_section, key=key, title=title)):
        return back_to(found, f"section-{key}")
    return show_section(request, pk, title, current=current, error=editing.error)


def show_section(
    request: HttpRequest, pk: int, title: dict, *, current: dict | None = None, error: str = ""
) -> HttpResponse:
    context = {"template": find_template(request, pk), "title": title, "current": current, "error": error}
    return render(request, "projects/template_section.html", context, status=422 if error else 200)


@login_required
@require_POST
def section_place(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    change = partial(blueprint.move_section, key=key, step=step_of(request))
    return back_to(edit(request, pk, change), f"section-{key}")


@login_required
@require_POST
def section_removal(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    found = edit(request, pk, partial(blueprint.remove_section, key=key))
    messages.success(request, _("The section is removed from the template."))
    return back_to(found)


def step_of(request: HttpRequest) -> int:
    return -1 if request.POST.get("step") == "up" else 1


# --- Questions ------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def new_question(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A question at the end of a section; GET ?type= says of which type."""
    found = find_editable(request, pk)
    if blueprint.find_section(found.form, key) is None:
        raise Http404
    address = reverse("projects:template_new_question", args=[pk, key])
    if request.method != "POST":
        return show_question(request, found, blank(request.GET.get("type", "long_text")), address, section=key)
    draft = Draft(read_question(request.POST))
    change = partial(blueprint.add_question, section=key, question=draft.question)
    return keep_question(request, found, draft, change, address, section=key)


@login_required
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    found = find_editable(request, pk)
    stored = find_question(found.form, key)
    if stored is None:
        raise Http404
    address = reverse("projects:template_question", args=[pk, key])
    held = blueprint.key_of_section(found.form, key)
    if request.method != "POST":
        return show_question(request, found, Draft(stored), address, section=held, key=key)
    draft = Draft(read_question(request.POST, stored))
    change = partial(blueprint.replace_question, key=key, question=draft.question)
    return keep_question(request, found, draft, change, address, section=held, key=key)


def keep_question(
    request: HttpRequest, found: BriefTemplate, draft: Draft, change, address: str, *, section: str, key: str = ""
) -> HttpResponse:
    """Keep what was typed, or show it again: after another type was chosen, after a refusal."""
    if "retype" in request.POST:
        return show_question(request, found, draft, address, section=section, key=key)
    editing = Editing(found, request.user, revision_of(request))
    changed = editing.put(actions.edit_template, change=change)
    if changed:
        messages.success(request, _("The question is saved in the template."))
        return back_to(changed, f"question-{key}" if key else f"section-{section}")
    draft.error = editing.error
    found.refresh_from_db()
    if editing.code == "changed-meanwhile":
        draft.stored = find_question(found.form, key)
    return show_question(request, found, draft, address, section=section, key=key)


def show_question(
    request: HttpRequest, found: BriefTemplate, draft: Draft, address: str, *, section: str, key: str = ""
) -> HttpResponse:
    context = {
        "template": found,
        "draft": draft,
        "question": draft.question,
        "address": address,
        "section": blueprint.find_section(found.form, section),
        "key": key,
        "types": [(kind, name) for kind, name in type_names().items() if kind in TYPES],
        "column_types": column_type_names(),
        "earlier": blueprint.earlier_choices(found.form, key or None, section),
    }
    return render(request, "projects/template_question.html", context, status=422 if draft.error else 200)


@login_required
@require_POST
def question_place(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    change = partial(blueprint.move_question, key=key, step=step_of(request))
    return back_to(edit(request, pk, change), f"question-{key}")


@login_required
@require_POST
def question_removal(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    found = edit(request, pk, partial(blueprint.remove_question, key=key))
    messages.success(request, _("The question is removed from the template."))
    return back_to(found)
