"""What is read across all the apps for many projects at once: what waits for whom, and how far each project is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import kpis.queries
import meetings.queries
import projects.queries
from projects.models import Project
from smmportal.people.models import Membership, Role, Side, User
from smmportal.waiting import Waiting

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Standing:
    """What a person is in one project."""

    side: Side
    role: Role


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
