"""The brief templates of an agency: the list, one of them, its preview."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, queries, rules
from projects.forms import TemplateCopyForm, TemplateNameForm
from projects.models import BriefTemplate
from projects.questionnaire import SHIPPED
from projects.wording import type_names
from smmportal.people.models import Organisation, Side
from smmportal.refusals import carried_out, demand


def agencies_of(request: HttpRequest):
    """The agencies whose own people the reader is one of; there are no templates for anybody else."""
    mine = Organisation.objects.filter(kind=Side.AGENCY, memberships__user=request.user)
    if not mine.exists():
        raise Http404
    return mine


def find_template(request: HttpRequest, pk: int) -> BriefTemplate:
    return get_object_or_404(BriefTemplate.objects.visible_to(request.user).select_related("agency"), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def template_list(request: HttpRequest) -> HttpResponse:
    """The portal's two forms and the agency's own; POST makes one more of a copy."""
    agencies = agencies_of(request)
    form = TemplateCopyForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        initial={"source": request.GET.get("source", "quick")},
    )
    if request.method == "POST":
        demand(form.agencies.exists(), _("Only an owner or a manager of the agency changes its brief templates."))
    if form.is_valid():
        made = carried_out(form, actions.copy_template, by=request.user, **form.cleaned_data)
        if made:
            messages.success(request, _("The template is yours to edit. The projects that run are not touched."))
            return redirect(made)
    context = {
        "form": form,
        "can_edit": form.agencies.exists(),
        "shipped": queries.shipped_templates(),
        "templates": BriefTemplate.objects.visible_to(request.user).select_related("agency", "edited_by"),
        "agencies": agencies,
    }
    return render(request, "projects/templates.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Its sections and questions; POST gives it another name."""
    found = find_template(request, pk)
    form = TemplateNameForm(
        request.POST if request.method == "POST" else None, initial={"name": found.name, "revision": found.revision}
    )
    if request.method == "POST":
        actions.demand_editing(found.agency, by=request.user)
    if form.is_valid() and carried_out(
        form, actions.edit_template, template=found, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The template has a new name."))
        return redirect(found)
    return show_template(request, find_template(request, pk), form)


def show_template(request: HttpRequest, found: BriefTemplate, form: TemplateNameForm) -> HttpResponse:
    context = {
        "template": found,
        "form": form,
        "can_edit": rules.edits_templates(request.user, found.agency) and not found.archived_at,
        "can_restore": rules.edits_templates(request.user, found.agency) and bool(found.archived_at),
        "types": type_names(),
        "size": queries.size_of(found.form),
    }
    return render(request, "projects/template.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def archiving(request: HttpRequest, pk: int) -> HttpResponse:
    actions.archive_template(find_template(request, pk), by=request.user)
    messages.success(request, _("The template is in the archive: no new project gets it. The briefs that run stay."))
    return redirect("projects:templates")


@login_required
@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.restore_template(find_template(request, pk), by=request.user)
    messages.success(request, _("The template is on offer again."))
    return redirect(found)


@login_required
@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_template(request, pk)
    return show_preview(request, found.form, found.name, found)


@login_required
@require_GET
def shipped_preview(request: HttpRequest, tier: str) -> HttpResponse:
    agencies_of(request)
    if tier not in SHIPPED:
        raise Http404
    return show_preview(request, SHIPPED[tier], str(queries.shipped_name(tier)))


def show_preview(request: HttpRequest, form: dict, name: str, found: BriefTemplate | None = None) -> HttpResponse:
    """The whole form as a client will meet it, to read or to print."""
    sections = [{"section": part} for part in form["sections"] if part["questions"]]
    context = {"sections": sections, "name": name, "template": found}
    return render(request, "projects/template_preview.html", context)
