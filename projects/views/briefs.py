from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, answers, exporting, queries, rules
from projects.autosave import saved, wants_json
from projects.comparing import differences
from projects.hinting import hints_by_key, sentence_of
from projects.models import Brief, BriefVersion
from projects.questionnaire import find_question, unanswered
from projects.sections import number as read_number
from projects.sections import save_field, save_section, stored_of
from projects.views.pages import find_project, show
from smmportal.refusals import demand


def find_brief(request: HttpRequest, pk: int) -> Brief:
    briefs = Brief.objects.visible_to(request.user)
    return get_object_or_404(
        briefs.select_related("project__agency", "project__client", "project__activated_by"), project=pk
    )


def find_section(brief: Brief, key: str) -> dict:
    for section in brief.form["sections"]:
        if section["key"] == key:
            return section
    raise Http404


def section_of(brief: Brief, question_key: str) -> dict:
    for section in brief.form["sections"]:
        if any(question["key"] == question_key for question in section["questions"]):
            return section
    raise Http404


@login_required
@require_GET
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole brief: how far it is, its sections with their answers, its versions."""
    brief = find_brief(request, pk)
    stored = stored_of(brief)
    sections = [{"section": part, "asked": stored.items_of(part)} for part in brief.form["sections"]]
    for part in sections:
        part["done"] = sum(item.is_answered for item in part["asked"])
    everything = [item for part in sections for item in part["asked"]]
    hints = queries.hints_for(brief.project, brief.form, stored.said)
    beside = hints_by_key(hints)
    for item in everything:
        item.hints = beside.get(item.key, [])
    versions = list(brief.versions.defer("content").select_related("submitted_by"))
    left = unanswered(brief.form, stored.answered, stored.known)
    changed = [item for item in everything if versions and is_newer(item, versions[0])]
    can_submit = rules.submits_brief(request.user, brief.project) and brief.project.is_open
    return show(
        request,
        "brief.html",
        brief.project,
        "brief",
        brief=brief,
        sections=sections,
        hints=[sentence_of(hint) for hint in hints],
        progress=queries.progress_of(brief.form, stored.answered, stored.known),
        left=left,
        next_section=next((part["section"] for part in sections if part["done"] < len(part["asked"])), None),
        versions=versions,
        changed=changed,
        further=queries.further_of(brief.form),
        can_fill=rules.fills_brief(request.user, brief.project) and brief.project.is_open,
        can_submit=can_submit,
        may_submit=can_submit and not left and bool(changed or not versions),
        can_write_debrief=rules.writes_debrief(request.user, brief.project),
        delegations=queries.delegations_of(brief),
        root=brief.get_absolute_url(),
    )


def is_newer(item, version: BriefVersion) -> bool:
    return bool(item.answer and item.answer.answered_at > version.submitted_at)


@login_required
@require_http_methods(["GET", "POST"])
def brief_section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One section a screen. A form that saves itself posts one field; the button posts all of them."""
    brief = find_brief(request, pk)
    section = find_section(brief, key)
    if request.method == "GET":
        return show_section(request, brief, section, stored_of(brief).items_of(section))
    if wants_json(request):
        return answer_field(request, brief, section)
    items = save_section(brief, section, request.POST, request.FILES, by=request.user)
    if any(item.error for item in items):
        return show_section(request, brief, section, items, status=422)
    return redirect(newly_asked(brief, section, request.POST) or next_page(brief, section))


def newly_asked(brief: Brief, section: dict, sent: QueryDict) -> str:
    """The place of the first question that these answers opened: it was not on the screen that was sent."""
    items = stored_of(brief).items_of(section)
    was_sent = any(f"revision-{item.key}" in sent for item in items)
    opened = [item.key for item in items if was_sent and not item.is_answered and f"revision-{item.key}" not in sent]
    conditional = [key for key in opened if "condition" in find_question(brief.form, key)]
    if not conditional:
        return ""
    return f"{reverse('projects:brief_section', args=[brief.project_id, section['key']])}#{conditional[0]}"


def answer_field(request: HttpRequest, brief: Brief, section: dict) -> HttpResponse:
    question = find_question({"sections": [section]}, request.POST.get("field", ""))
    if question is None:
        raise Http404
    return saved(
        save_field,
        brief,
        question,
        request.POST,
        by=request.user,
        current=lambda value: answers.write(question, value),
    )


def next_page(brief: Brief, section: dict) -> str:
    keys = [part["key"] for part in brief.form["sections"]]
    following = keys[keys.index(section["key"]) + 1 :]
    if following:
        return reverse("projects:brief_section", args=[brief.project_id, following[0]])
    return reverse("projects:brief", args=[brief.project_id])


def show_section(request: HttpRequest, brief: Brief, section: dict, items: list, *, status: int = 200) -> HttpResponse:
    demand(rules.fills_brief(request.user, brief.project), _("You can read the brief; the client fills it in."))
    stored = stored_of(brief)
    items = [item for item in items if item.key in stored.asked or item.error]
    keys = [part["key"] for part in brief.form["sections"]]
    place = keys.index(section["key"])
    return show(
        request,
        "brief_section.html",
        brief.project,
        "brief",
        status=status,
        brief=brief,
        current=section,
        items=items,
        number=place + 1,
        of=len(keys),
        before=keys[place - 1] if place else None,
        is_last=place + 1 == len(keys),
        progress=queries.progress_of(brief.form, stored.answered, stored.known),
        root=reverse("projects:brief", args=[brief.project_id]),
        currencies=answers.CURRENCIES,
        people=queries.people_to_name(brief.project, request.user),
    )


@login_required
@require_POST
def brief_answer(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """«Don't know», or knowing after all; whatever else stood on the screen is saved with it."""
    brief = find_brief(request, pk)
    section = section_of(brief, key)
    unknown = {key: request.POST.get("unknown") == "yes"}
    sent = request.POST.copy()
    sent.setdefault(f"revision-{key}", "")
    items = save_section(brief, section, sent, request.FILES, by=request.user, unknown=unknown)
    if any(item.error for item in items):
        return show_section(request, brief, section, items, status=422)
    return redirect(f"{reverse('projects:brief_section', args=[pk, section['key']])}#{key}")


@login_required
@require_POST
def brief_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer in more detail: the further questions appear beside those that are there."""
    actions.extend_brief(find_brief(request, pk), by=request.user)
    messages.success(request, _("Further questions are added. All of them may stay empty."))
    return redirect("projects:brief", pk)


@login_required
@require_POST
def brief_submission(request: HttpRequest, pk: int) -> HttpResponse:
    version = actions.submit_brief(find_brief(request, pk), by=request.user)
    sentence = _("The brief is submitted as version %(number)s. Now the agency writes how it understood you.")
    messages.success(request, sentence % {"number": version.number})
    return redirect(version)


@login_required
@require_GET
def brief_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = find_version(request, pk, number)
    return show(
        request,
        "brief_version.html",
        version.brief.project,
        "brief",
        version=version,
        parts=with_pieces(queries.version_parts(version), version, request),
        root=reverse("projects:brief", args=[pk]),
    )


def with_pieces(parts: list[dict], version: BriefVersion, request: HttpRequest) -> list[dict]:
    """Beside each answer what became of it, and what the reader may make of it."""
    pieces = queries.pieces_shown(version, request.user)
    for part in parts:
        for answer in part["answers"]:
            answer["pieces"] = pieces[answer["question"]["key"]]
    return parts


@login_required
@require_GET
def brief_blank(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole form with lines to write on, for who answers with a pen."""
    brief = find_brief(request, pk)
    sections = [{"section": part} for part in brief.form["sections"]]
    return show(request, "brief_blank.html", brief.project, "brief", sections=sections)


@login_required
@require_GET
def brief_json(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = find_version(request, pk, number)
    return exporting.as_file(exporting.as_json(version), exporting.JSON_TYPE, version, "json")


@login_required
@require_GET
def brief_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The version on paper; where no PDF can be made, its page, which prints as well."""
    version = find_version(request, pk, number)
    made = exporting.as_pdf(version)
    if made is None:
        messages.info(request, _("No PDF can be made on this server. This page prints well: use your browser’s menu."))
        return redirect(version)
    return exporting.as_file(made, exporting.PDF_TYPE, version, "pdf")


@login_required
@require_GET
def brief_docx(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = find_version(request, pk, number)
    return exporting.as_file(exporting.as_docx(version), exporting.DOCX_TYPE, version, "docx")


def find_version(request: HttpRequest, pk: int, number: int) -> BriefVersion:
    versions = BriefVersion.objects.visible_to(request.user).select_related(
        "submitted_by", "brief__project__agency", "brief__project__client"
    )
    return get_object_or_404(versions, brief__project=pk, number=number)


@login_required
@require_GET
def brief_difference(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What changed in this version since another: the one before it, or `?from=`."""
    before, after = versions_to_compare(request, pk, number)
    numbers = after.brief.versions.order_by("number").values_list("number", flat=True)
    return show(
        request,
        "brief_difference.html",
        find_project(request, pk),
        "brief",
        before=before,
        after=after,
        others=[other for other in numbers if other != number],
        differences=differences(before, after),
    )


def versions_to_compare(request: HttpRequest, pk: int, number: int) -> tuple[BriefVersion, BriefVersion]:
    versions = BriefVersion.objects.visible_to(request.user).filter(brief__project=pk)
    earlier = read_number(request.GET.get("from", "")) or number - 1
    return get_object_or_404(versions, number=earlier), get_object_or_404(versions, number=number)
