from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects import actions, queries, rules
from projects.autosave import saved, wants_json
from projects.forms import ActivationForm, RemarkForm
from projects.hinting import hints_by_key
from projects.models import BriefVersion, Debrief, Project
from projects.sections import number
from projects.views.briefs import with_pieces
from projects.views.knowledge import back_to, place_asked
from projects.views.pages import find_project, show
from smmportal.people.models import Side
from smmportal.refusals import Refused, carried_out, demand


@login_required
@require_http_methods(["GET", "POST"])
def debrief(request: HttpRequest, pk: int) -> HttpResponse:
    """How the agency understood the latest version of the brief: written by one side, read by the other."""
    project = find_project(request, pk)
    version = latest_version(request, project)
    if request.method == "POST":
        return write(request, project, version)
    return show_debrief(request, project, version)


def latest_version(request: HttpRequest, project: Project) -> BriefVersion | None:
    versions = BriefVersion.objects.visible_to(request.user).filter(brief__project=project)
    return versions.select_related("submitted_by", "brief__project__agency", "brief__project__client").first()


def find_debrief(request: HttpRequest, pk: int) -> Debrief:
    rows = Debrief.objects.visible_to(request.user).select_related("version__brief__project__agency")
    return get_object_or_404(rows.filter(version__brief__project=pk).order_by("-version__number")[:1])


def write(request: HttpRequest, project: Project, version: BriefVersion | None) -> HttpResponse:
    if version is None:
        raise Http404
    if wants_json(request):
        return saved(write_field, request, version)
    typed = {part["key"]: request.POST.get(part["key"]) for part in queries.version_parts(version)}
    typed = {key: text for key, text in typed.items() if text is not None}
    seen = {key: number(request.POST[f"revision-{key}"]) for key in typed if f"revision-{key}" in request.POST}
    try:
        actions.write_understanding(version, texts=typed, revisions=seen, by=request.user)
    except Refused as refusal:
        return show_debrief(request, project, version, typed=typed, refusal=refusal)
    messages.success(request, _("Saved. The client will see it when you share it."))
    return redirect("projects:debrief", project.pk)


def write_field(request: HttpRequest, version: BriefVersion):
    key = request.POST.get("field", "")
    seen = {key: number(request.POST.get("revision", ""))}
    texts = {key: request.POST.get(key, "")}
    debrief = actions.write_understanding(version, texts=texts, revisions=seen, by=request.user)
    return debrief.sections.get(key=key)


def show_debrief(
    request: HttpRequest,
    project: Project,
    version: BriefVersion | None,
    *,
    typed: dict | None = None,
    refusal: Refused | None = None,
    **context: object,
) -> HttpResponse:
    rows = Debrief.objects.visible_to(request.user).select_related("confirmed_by", "shared_by")
    debrief = rows.filter(version=version).prefetch_related("sections", "remarks__by").first()
    parts = understood_parts(version, debrief, typed or {}, refusal) if version else []
    if version:
        with_pieces(parts, version, request)
        with_hints(parts, version)
    return show(
        request,
        "debrief.html",
        project,
        "brief",
        status=409 if refusal else context.pop("status", 200),
        version=version,
        debrief=debrief,
        parts=parts,
        unknown=[answer for part in parts for answer in part["answers"] if answer["unknown"]],
        refusal=refusal,
        confirmed_before=None if debrief and debrief.confirmed_at else confirmed_before(version),
        activation_form=context.pop("activation_form", ActivationForm()),
        can_activate=rules.runs(request.user, project) and project.is_open and not project.activated_at,
        is_mine=project.side_of(request.user) is Side.AGENCY,
        can_write=rules.writes_debrief(request.user, project) and project.is_open,
        can_share=rules.shares_debrief(request.user, project) and project.is_open,
        can_remark=rules.remarks_on_debrief(request.user, project) and project.is_open,
        root=reverse("projects:brief", args=[project.pk]),
        can_confirm=rules.confirms_debrief(request.user, project) and project.is_open,
        **context,
    )


def with_hints(parts: list[dict], version: BriefVersion) -> None:
    """Beside each answer what contradicts it."""
    beside = hints_by_key(queries.hints_of_version(version))
    for part in parts:
        for answer in part["answers"]:
            answer["hints"] = beside.get(answer["question"]["key"], [])


def confirmed_before(version: BriefVersion | None) -> Debrief | None:
    """The latest confirmation of an earlier version: it stands for that version and not for this one."""
    if version is None:
        return None
    earlier = Debrief.objects.filter(version__brief=version.brief_id, version__number__lt=version.number)
    confirmed = earlier.exclude(confirmed_at=None).select_related("version", "confirmed_by")
    return confirmed.defer("version__content").order_by("-version__number").first()


def understood_parts(
    version: BriefVersion, debrief: Debrief | None, typed: dict, refusal: Refused | None
) -> list[dict]:
    """Each section with the client's words, the agency's draft and shared text, and the remarks on it."""
    sections = {section.key: section for section in debrief.sections.all()} if debrief else {}
    before = {} if debrief else actions.previous_texts(version)
    parts = queries.version_parts(version)
    for part in parts:
        section = sections.get(part["key"])
        part["draft"] = typed.get(part["key"], section.understanding if section else before.get(part["key"], ""))
        part["shared"] = section.shared_text if section else ""
        part["revision"] = section.revision if section else 1
        part["remarks"] = [r for r in debrief.remarks.all() if r.key == part["key"]] if debrief else []
        if refusal and refusal.extra.get("key") == part["key"]:
            part["theirs"] = refusal.extra.get("current")
    return parts


@login_required
@require_POST
def sharing(request: HttpRequest, pk: int) -> HttpResponse:
    actions.share_debrief(find_debrief(request, pk), by=request.user)
    messages.success(request, _("The client has been told and can read it now."))
    return redirect("projects:debrief", pk)


@login_required
@require_POST
def remark(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    debrief = find_debrief(request, pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        actions.remark_on_debrief(debrief, key, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("The agency has been told what to correct."))
        return redirect("projects:debrief", pk)
    project = find_project(request, pk)
    version = latest_version(request, project)
    return show_debrief(request, project, version, remark_form=form, remark_key=key, status=422)


@login_required
@require_POST
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    seen = number(request.POST.get("seen", ""))
    actions.confirm_debrief(find_debrief(request, pk), by=request.user, seen=seen)
    messages.success(request, _("Confirmed: the agency understood you. Next come the goals."))
    return redirect("projects:debrief", pk)


@login_required
@require_POST
def activation(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin without the client's confirmation."""
    project, form = find_project(request, pk), ActivationForm(request.POST)
    demand(
        rules.runs(request.user, project),
        _("Only the agency's owner or manager begins without the client's confirmation."),
    )
    if form.is_valid() and carried_out(
        form, actions.activate_project, project=project, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The project has begun. The client has been told why and may still confirm."))
        return redirect("projects:debrief", pk)
    version = latest_version(request, project)
    return show_debrief(request, project, version, activation_form=form, status=422)


@login_required
@require_POST
def task_from_brief(request: HttpRequest, pk: int) -> HttpResponse:
    """What the client does not know becomes a task of theirs: `?from=3.K1`."""
    place = place_asked(request, find_project(request, pk))
    actions.ask_client(place, by=request.user)
    messages.success(request, _("The client has a task: find it out."))
    return redirect(back_to(place))
