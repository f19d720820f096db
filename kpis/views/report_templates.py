"""An agency's report templates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpis import blocks, rules
from kpis.actions import report_templates as actions
from kpis.forms.reports import NewTemplateForm, TemplateForm
from kpis.models import ReportTemplate
from kpis.report_words import heading, kind_names, kind_notes
from smmportal.people.models import Organisation, Side
from smmportal.refusals import carried_out, demand


def agencies_of(request: HttpRequest):
    """The agencies whose own people the reader is one of; there are no templates for anybody else."""
    mine = Organisation.objects.filter(kind=Side.AGENCY, memberships__user=request.user)
    if not mine.exists():
        raise Http404
    return mine


def find(request: HttpRequest, pk: int) -> ReportTemplate:
    seen = ReportTemplate.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("agency", "edited_by"), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_templates(request: HttpRequest) -> HttpResponse:
    """The portal's template and the agency's own; POST makes one more."""
    agencies_of(request)
    form = NewTemplateForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST":
        demand(form.agencies.exists(), _("Only an owner or a manager of the agency changes its report templates."))
    made = form.is_valid() and carried_out(form, actions.make_template, by=request.user, **form.cleaned_data)
    if made:
        return redirect(made)
    context = {
        "form": form,
        "can_edit": form.agencies.exists(),
        "shipped": [(heading(block), kind_notes()[block["kind"]], block["must_comment"]) for block in blocks.SHIPPED],
        "templates": ReportTemplate.objects.visible_to(request.user).select_related("agency", "edited_by"),
    }
    return render(request, "kpis/report_templates.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Its blocks in order; POST saves them all."""
    found = find(request, pk)
    form = TemplateForm(request.POST if request.method == "POST" else None, template=found)
    if request.method == "POST":
        actions.demand_editing(found.agency, by=request.user)
    if form.is_valid() and carried_out(form, actions.edit_template, template=found, by=request.user, **form.said):
        messages.success(request, _("Saved. Reports that are begun keep the blocks they have."))
        return redirect(found)
    may_run = rules.can_edit_report_templates(request.user, found.agency)
    context = {
        "template": found,
        "form": form,
        "names": kind_names(),
        "blocks": [(heading(block), kind_notes()[block["kind"]], block) for block in found.layout],
        "can_edit": may_run and not found.archived_at,
        "can_restore": may_run and bool(found.archived_at),
    }
    return render(request, "kpis/report_template.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def report_template_archiving(request: HttpRequest, pk: int) -> HttpResponse:
    actions.archive_template(find(request, pk), by=request.user)
    messages.success(request, _("The template is in the archive: no new report gets it."))
    return redirect("kpis:report_templates")


@login_required
@require_POST
def report_template_restoration(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.restore_template(find(request, pk), by=request.user)
    messages.success(request, _("The template is on offer again."))
    return redirect(found)
