"""The front door: home and project overview, the only code that reads from all the apps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

import kpis.queries
import meetings.queries
import projects.queries
import projects.rules
from projects.models import Project
from smmportal.people.models import Membership, Role, Side, User
from smmportal.waiting import Waiting

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Standing:
    """What a person is in one project."""

    side: Side
    role: Role


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    open_projects = list(visible_projects(request.user).filter(closed_at=None))
    standings = standings_of(request.user, open_projects)
    waiting = everything_waiting(open_projects)
    return render(
        request,
        "home.html",
        {
            "mine": oldest_first(line for line in waiting if is_mine(line, request.user, standings)),
            "theirs": oldest_first(line for line in waiting if is_theirs(line, standings)),
            "next_meeting": next(iter(meetings.queries.next_meetings(open_projects)), None),
            "courses": [{"project": found, "states": states} for found, states in spine_states(open_projects).items()],
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
        },
    )


def visible_projects(user: User):
    return Project.objects.visible_to(user).select_related("agency", "client", "activated_by")


def standings_of(user: User, projects: Iterable[Project]) -> dict[int, Standing]:
    roles = dict(Membership.objects.filter(user=user).values_list("organisation_id", "role"))
    return {
        found.pk: Standing(side, Role(roles[organisation_id]))
        for found in projects
        for side, organisation_id in ((Side.AGENCY, found.agency_id), (Side.CLIENT, found.client_id))
        if organisation_id in roles
    }


def everything_waiting(found: Sequence[Project]) -> list[Waiting]:
    return [
        *projects.queries.waiting(found),
        *kpis.queries.waiting(found),
        *meetings.queries.waiting(found),
    ]


def spine_states(found: Sequence[Project]) -> dict[Project, dict[str, dict]]:
    """For each project the state of every step of its spine: `{"brief": {"status", "word"}, …}`."""
    parts = (
        projects.queries.spine_states(found),
        kpis.queries.spine_states(found),
        meetings.queries.spine_states(found),
    )
    return {each: {step: state for part in parts for step, state in part.get(each.pk, {}).items()} for each in found}


def is_mine(line: Waiting, user: User, standings: dict[int, Standing]) -> bool:
    standing = standings[line.project_id]
    return line.side == standing.side and line.is_for(user.pk, standing.role)


def is_theirs(line: Waiting, standings: dict[int, Standing]) -> bool:
    return line.side != standings[line.project_id].side


def oldest_first(lines: Iterable[Waiting]) -> list[Waiting]:
    return sorted(lines, key=lambda line: line.since or LONG_AGO)


def may_start_project(user: User) -> bool:
    return Membership.objects.filter(user=user, role__in=[Role.OWNER, Role.MANAGER]).exists()
