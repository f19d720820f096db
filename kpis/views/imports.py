from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kpis import imports
from kpis.actions import imports as actions
from kpis.forms.imports import FileForm, MappingForm
from kpis.models import PendingImport
from kpis.tables import Table
from kpis.views.sources import find_project, of
from smmportal.refusals import carried_out

PREVIEWED_ROWS = 6
NAMED_PROBLEMS = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_file(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    actions.demand_to_import(request.user, project)
    form = FileForm(request.POST or None, request.FILES or None) if request.method == "POST" else FileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        fields = {"file_name": file.name, "content": file.read(), "by": request.user}
        pending = carried_out(form, actions.bring_file, project=project, **fields)
        if pending:
            return redirect("kpis:import_preview", pending.pk)
    return render(request, "kpis/import.html", {**of(project), "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_import(request: HttpRequest, pk: int) -> HttpResponse:
    """How the file is understood; «look again» shows it with other columns, «import» takes it."""
    seen = PendingImport.objects.visible_to(request.user).select_related("project__agency", "project__client")
    pending = get_object_or_404(seen, pk=pk)
    actions.demand_to_import(request.user, pending.project)
    if pending.imported_at:
        return redirect("kpis:sources", pending.project_id)
    table = actions.table_of(bytes(pending.content), request.GET.get("sheet", ""))
    form = MappingForm(request.POST or None, table=table, title=pending.file_name.rpartition(".")[0])
    if "confirm" in request.POST and form.is_valid():
        fields = {"mapping": form.mapping(today_in(pending)), "title": form.cleaned_data["title"]}
        imported = carried_out(
            form, actions.confirm_import, pending=pending, sheet=table.sheet, by=request.user, **fields
        )
        if imported:
            return told(request, pending, imported)
    return render(request, "kpis/import_preview.html", {**of(pending.project), **preview(pending, table, form)})


def preview(pending: PendingImport, table: Table, form: MappingForm) -> dict:
    mapping = form.mapping(today_in(pending))
    parsed = None if mapping.questions or form.errors else imports.parse(table, mapping)
    problems = parsed.problems if parsed else ()
    return {
        "pending": pending,
        "table": table,
        "sheets": [(name, name) for name in table.sheets] if len(table.sheets) > 1 else [],
        "form": form,
        "rows": table.rows[:PREVIEWED_ROWS],
        "mapping": mapping,
        "parsed": parsed,
        "problems": problems[:NAMED_PROBLEMS],
        "more_problems": max(0, len(problems) - NAMED_PROBLEMS),
        "questions": [actions.QUESTIONS[name]() for name in mapping.questions] if not form.is_bound else [],
    }


def told(request: HttpRequest, pending: PendingImport, imported: actions.Imported) -> HttpResponse:
    sentence = ngettext("%(count)s number is imported.", "%(count)s numbers are imported.", imported.read)
    messages.success(request, sentence % {"count": imported.read})
    if len(imported.sources) == 1:
        return redirect(imported.sources[0])
    return redirect("kpis:sources", pending.project_id)


def today_in(pending: PendingImport):
    return timezone.now().astimezone(ZoneInfo(pending.project.timezone)).date()
