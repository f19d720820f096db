"""Files with the answers of a brief. The buttons stand in the section's form, so what else is typed there is saved."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects import actions
from projects.models import AnswerFile
from projects.sections import save_section
from projects.views.briefs import find_brief, section_of, show_section
from smmportal import uploads


@login_required
@require_safe
def answer_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file of the brief, of an answer as it is now or of a submitted version."""
    files = AnswerFile.objects.visible_to(request.user)
    return uploads.give(get_object_or_404(files, brief__project=pk, pk=file), show="show" in request.GET)


@login_required
@require_POST
def answer_files(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Attach the chosen files and stay at the question."""
    brief = find_brief(request, pk)
    section = section_of(brief, key)
    actions.demand_filling(brief, by=request.user)
    items = save_section(brief, section, request.POST, request.FILES, by=request.user)
    if any(item.error for item in items):
        return show_section(request, brief, section, items, status=422)
    return redirect(f"{reverse('projects:brief_section', args=[pk, section['key']])}#{key}")


@login_required
@require_POST
def answer_file_removal(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    brief = find_brief(request, pk)
    given = get_object_or_404(AnswerFile.objects.visible_to(request.user), brief=brief, pk=file)
    given.brief = brief
    section = section_of(brief, given.key)
    items = save_section(brief, section, request.POST, request.FILES, by=request.user)
    actions.remove_file(given, by=request.user)
    if any(item.error for item in items):
        return show_section(request, brief, section, items, status=422)
    return redirect(f"{reverse('projects:brief_section', args=[pk, section['key']])}#{given.key}")
