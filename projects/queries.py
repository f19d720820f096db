from collections.abc import Sequence

from projects.models import Project
from smmportal.waiting import Waiting


def waiting(projects: Sequence[Project]) -> list[Waiting]:
    return []


def spine_states(projects: Sequence[Project]) -> dict[int, dict[str, dict]]:
    return {}
