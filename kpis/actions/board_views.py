"""How one person arranges a project's dashboard for themselves."""

from collections.abc import Iterable

from django.db import transaction

from kpis.models import BoardView, Kpi
from projects.models import Project
from smmportal.people.models import User


@transaction.atomic
def arrange_board(
    project: Project,
    *,
    by: User,
    order: Iterable[int] | None = None,
    hidden: Iterable[int] | None = None,
    range: str | None = None,
) -> BoardView:
    """Keep what is said, leave the rest; KPIs that are none of the project's, or count no more, are forgotten."""
    BoardView.objects.get_or_create(user=by, project=project)
    view = BoardView.objects.select_for_update().get(user=by, project=project)
    known = set(Kpi.objects.filter(project=project).standing().values_list("pk", flat=True))
    view.order = kept(view.order if order is None else order, known)
    view.hidden = sorted(kept(view.hidden if hidden is None else hidden, known))
    view.range = view.range if range is None else range
    view.save()
    return view


def kept(ids: Iterable[int], known: set[int]) -> list[int]:
    return [pk for pk in dict.fromkeys(ids) if pk in known]


def move(project: Project, *, by: User, order: list[int], kpi: int, down: bool) -> BoardView:
    """Change places with the neighbour; `order` is that in which the person saw them."""
    here = order.index(kpi) if kpi in order else -1
    there = here + (1 if down else -1)
    if here >= 0 and 0 <= there < len(order):
        order = list(order)
        order[here], order[there] = order[there], order[here]
    return arrange_board(project, by=by, order=order)


def hide(project: Project, *, by: User, kpi: int) -> BoardView:
    return arrange_board(project, by=by, hidden=[*hidden_by(by, project), kpi])


def show(project: Project, *, by: User, kpi: int) -> BoardView:
    return arrange_board(project, by=by, hidden=[pk for pk in hidden_by(by, project) if pk != kpi])


def hidden_by(person: User, project: Project) -> list[int]:
    row = BoardView.objects.filter(user=person, project=project).first()
    return row.hidden if row else []


def reset_board(project: Project, *, by: User) -> None:
    """As everybody sees it at first."""
    BoardView.objects.filter(user=by, project=project).delete()
