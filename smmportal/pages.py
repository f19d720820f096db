"""The front door: home and project overview, the only code that reads from all the apps."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from projects.models import Project


@login_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"projects": Project.objects.visible_to(request.user).open()})


@login_required
def project(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    return render(request, "project.html", {"project": found})
