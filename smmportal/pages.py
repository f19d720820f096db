"""The front door: home and project overview, the only code that reads from all the apps."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

import meetings.queries
import projects.rules
from smmportal.homes.letters import letter_of
from smmportal.overview import everything_waiting, oldest_first, spine_states, visible_projects
from smmportal.people.models import Membership, Role, Side, User
from smmportal.waterline.showing import shown_gauge


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    letter = letter_of(request.user)
    return render(
        request,
        f"home/{letter.reader}.html",
        {
            "letter": letter,
            "mine": letter.mine,
            "theirs": letter.theirs,
            "next_meeting": letter.next_meeting,
            "courses": letter.courses,
            "may_start_project": may_start_project(request.user),
        },
    )


@login_required
@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_projects(request.user), pk=pk)
    waiting = everything_waiting([found])
    return render(
        request,
        "project.html",
        {
            "project": found,
            "section": "overview",
            "spine_states": spine_states([found])[found],
            "waits_for": [
                {"side": side, "lines": oldest_first(line for line in waiting if line.side == side)}
                for side in sorted(Side, key=lambda side: side != found.side_of(request.user))
            ],
            "meetings": meetings.queries.next_meetings([found])[:3],
            "people": [{"side": side, "people": found.people_of(side)} for side in Side],
            "my_side": found.side_of(request.user),
            "may_change": projects.rules.runs(request.user, found),
            **shown_gauge(found, request.user),
        },
    )


def may_start_project(user: User) -> bool:
    return Membership.objects.filter(user=user, role__in=[Role.OWNER, Role.MANAGER]).exists()
