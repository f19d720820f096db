from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpis import rules
from kpis.actions.annotations import annotate, change_annotation, demand_change, remove_annotation
from kpis.actions.kpis import check_open
from kpis.forms.annotations import AnnotationForm
from kpis.models import Annotation, Kpi
from kpis.queries.standings import today_of
from projects.models import Project
from smmportal.refusals import carried_out, demand


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A note beside a KPI's line."""
    kpi = get_object_or_404(Kpi.objects.visible_to(request.user).select_related(*OF_PROJECT, "source"), pk=pk)
    demand(
        rules.can_annotate(request.user, kpi.project),
        _("Viewers look on; notes are written by those who act in the project."),
    )
    check_open(kpi.project)
    form = AnnotationForm(request.POST or None, initial={"day": today_of(kpi.project)})
    if form.is_valid():
        beside = None if form.cleaned_data["everywhere"] else kpi
        if carried_out(form, annotate, project=kpi.project, by=request.user, kpi=beside, **form.said):
            messages.success(request, _("The note stands beside the line."))
            return redirect(f"{kpi.get_absolute_url()}#notes")
    return show(request, kpi.project, form, kpi)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    note = find(request, pk)
    demand_change(request.user, note)
    form = AnnotationForm(request.POST or None, instance=note)
    del form.fields["everywhere"]
    if form.is_valid() and carried_out(form, change_annotation, note=note, by=request.user, **form.said):
        messages.success(request, _("The note is changed."))
        return redirect(back_to(request, note))
    return show(request, note.project, form, note.kpi, note)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    note = find(request, pk)
    remove_annotation(note, by=request.user)
    messages.success(request, _("The note “%(text)s” is gone.") % {"text": note.text})
    return redirect(back_to(request, note))


OF_PROJECT = ("project__agency", "project__client")


def find(request: HttpRequest, pk: int) -> Annotation:
    seen = Annotation.objects.visible_to(request.user).select_related(*OF_PROJECT, "kpi__source")
    return get_object_or_404(seen, pk=pk)


def back_to(request: HttpRequest, note: Annotation) -> str:
    """The KPI whose page the person came from; the note's own, or the dashboard, when the address names none."""
    asked = request.GET.get("kpi", "")
    if asked.isdecimal() and len(asked) < 19:
        kpi = Kpi.objects.filter(project=note.project_id, pk=asked).first()
    else:
        kpi = note.kpi
    return f"{kpi.get_absolute_url()}#notes" if kpi else reverse("kpis:board", args=[note.project_id])


def show(
    request: HttpRequest, project: Project, form: AnnotationForm, kpi: Kpi | None, note: Annotation | None = None
) -> HttpResponse:
    context = {"project": project, "section": "board", "form": form, "kpi": kpi, "note": note}
    return render(request, "kpis/annotation.html", context)
