"""A section of the brief behind a colleague's link."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import actions, answers, rules
from projects.autosave import saved, wants_json
from projects.models import AnswerFile, Delegation
from projects.questionnaire import find_question
from projects.sections import save_field, save_section, stored_of
from smmportal import uploads
from smmportal.people.link_pages import LinkPages, frame_of, stay


def stands(delegation: Delegation) -> bool:
    project = delegation.project
    return bool(delegation.section_form and project.is_open and rules.fills_brief(delegation.created_by, project))


def closed(request: HttpRequest, delegation: Delegation | None, why: str, *, status: int) -> HttpResponse:
    if wants_json(request):
        sentence = _("This link does not work any more. Ask the person who sent it for a new one.")
        return JsonResponse({"sentence": sentence}, status=status)
    context = {"delegation": delegation, "why": why, **frame_of(request)}
    return render(request, "projects/delegated_closed.html", context, status=status)


by_link = LinkPages("projects:delegated", actions.find_delegation, stands, closed).by_link


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def delegated(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """Looking changes nothing. A form that saves itself posts one field; the button posts all of them."""
    if request.method != "POST":
        return show_section(request, delegation)
    if wants_json(request):
        return answer_field(request, delegation)
    items = save_sent(request, delegation)
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    return stay(request)


def show_section(
    request: HttpRequest, delegation: Delegation, items: list | None = None, *, status: int = 200
) -> HttpResponse:
    stored = stored_of(delegation.brief)
    if items is None:
        items = stored.items_of(delegation.section_form)
    context = {
        "delegation": delegation,
        "brief": delegation.brief,
        "project": delegation.brief.project,
        "current": delegation.section_form,
        "items": [item for item in items if item.key in stored.asked or item.error],
        "currencies": answers.CURRENCIES,
        **frame_of(request),
    }
    return render(request, "projects/delegated.html", context, status=status)


def answer_field(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    question = find_question({"sections": [delegation.section_form]}, request.POST.get("field", ""))
    if question is None:
        raise Http404
    actions.begin_delegation(delegation)
    return saved(
        save_field,
        delegation.brief,
        question,
        request.POST,
        by=delegation.created_by,
        delegation=delegation,
        current=lambda value: answers.write(question, value),
    )


def save_sent(request: HttpRequest, delegation: Delegation, *, unknown: dict[str, bool] | None = None) -> list:
    actions.begin_delegation(delegation)
    sent = request.POST.copy()
    for key in unknown or {}:
        sent.setdefault(f"revision-{key}", "")
    return save_section(
        delegation.brief,
        delegation.section_form,
        sent,
        request.FILES,
        by=delegation.created_by,
        delegation=delegation,
        unknown=unknown,
    )


@by_link
@require_POST
def beginning(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    actions.begin_delegation(delegation)
    return stay(request)


@by_link
@require_POST
def delegated_answer(request: HttpRequest, delegation: Delegation, key: str) -> HttpResponse:
    """«Don't know», or knowing after all; whatever else stood on the screen is saved with it."""
    demand_asked(delegation, key)
    items = save_sent(request, delegation, unknown={key: request.POST.get("unknown") == "yes"})
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    return stay(request, place=key)


@by_link
@require_POST
def delegated_files(request: HttpRequest, delegation: Delegation, key: str) -> HttpResponse:
    demand_asked(delegation, key)
    items = save_sent(request, delegation)
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    return stay(request, place=key)


@by_link
@require_safe
def delegated_file(request: HttpRequest, delegation: Delegation, file: int) -> FileResponse:
    return uploads.give(find_file(delegation, file), show="show" in request.GET)


@by_link
@require_POST
def delegated_file_removal(request: HttpRequest, delegation: Delegation, file: int) -> HttpResponse:
    given = find_file(delegation, file)
    items = save_sent(request, delegation)
    actions.remove_file(given, by=delegation.created_by, delegation=delegation)
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    return stay(request, place=given.key)


@by_link
@require_POST
def handing_in(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """Save what is on the screen and hand the section in: from now on the link only says so."""
    items = save_sent(request, delegation)
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    actions.finish_delegation(delegation)
    return closed(request, delegation, "thanks", status=200)


def demand_asked(delegation: Delegation, key: str) -> None:
    if find_question({"sections": [delegation.section_form]}, key) is None:
        raise Http404


def find_file(delegation: Delegation, number: int) -> AnswerFile:
    """A file that stands in an answer of this section now; those of submitted versions are for the project's people."""
    keys = [question["key"] for question in delegation.section_form["questions"]]
    given = get_object_or_404(AnswerFile, brief=delegation.brief, pk=number, key__in=keys)
    answer = delegation.brief.answers.filter(key=given.key).first()
    if given.pk not in [file["file"] for file in answers.files_of(answer.value if answer else None)]:
        raise Http404
    given.brief = delegation.brief
    return given
