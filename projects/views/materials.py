"""What one side asks the other to give."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import actions, queries, rules
from projects.forms import MaterialForm
from projects.models import MaterialRequest
from projects.origins import place_named
from projects.views.pages import find_project, show
from smmportal.people.models import Side
from smmportal.refusals import carried_out, demand


def find_material(request: HttpRequest, pk: int) -> MaterialRequest:
    rows = MaterialRequest.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("project__agency", "project__client", "person", "created_by"), pk=pk)


@login_required
@require_GET
def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """What is awaited from whom, one's own side first, and what has come."""
    project = find_project(request, pk)
    rows = queries.with_origin(project.material_requests.select_related("person", "delivered_by"))
    awaited = list(rows.awaited())
    own = project.side_of(request.user) or Side.CLIENT
    lists = [(side, [each for each in awaited if each.side == side]) for side in (own, own.other)]
    delivered = rows.exclude(delivered_at=None).order_by("-delivered_at")[:50]
    today = timezone.localdate()
    return show(request, "materials.html", project, "brief", lists=lists, delivered=delivered, today=today)


@login_required
@require_http_methods(["GET", "POST"])
def new_material(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a material; `?from=3.H1.0` begins it with that line of the brief."""
    project = find_project(request, pk)
    demand(rules.acts_in(request.user, project), _("Viewers look on. Ask a colleague to ask for it."))
    began = place_named(project, request.GET.get("from", ""))
    form = MaterialForm(request.POST or None, project=project, initial=queries.material_from(began))
    fields = {"project": project, "origin": began, "by": request.user}
    if form.is_valid() and carried_out(form, actions.ask_for_material, **fields, **form.cleaned_data):
        messages.success(request, _("Asked for: the side that gives it has been told."))
        return redirect("projects:materials", pk)
    status = 422 if form.errors else 200
    return show(request, "material_form.html", project, "brief", form=form, began=began, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def edit_material(request: HttpRequest, pk: int) -> HttpResponse:
    material = find_material(request, pk)
    demand(rules.acts_in(request.user, material.project), _("Viewers look on. Ask a colleague to change it."))
    form = MaterialForm(request.POST or None, instance=material, project=material.project)
    fields = {"material": material, "by": request.user}
    if form.is_valid() and carried_out(form, actions.edit_material, **fields, **form.cleaned_data):
        messages.success(request, _("Changed."))
        return redirect(material)
    status = 422 if form.errors else 200
    return show(request, "material_form.html", material.project, "brief", form=form, material=material, status=status)


@login_required
@require_POST
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.deliver_material(find_material(request, pk), by=request.user))


@login_required
@require_POST
def undelivery(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.await_material(find_material(request, pk), by=request.user))


@login_required
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    material = find_material(request, pk)
    actions.remove_material(material, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("projects:materials", material.project_id)
