"""One manager's portfolio as page and API show it."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from projects.models import Project
from smmportal.people.models import ROLES_OF, Membership, Side, User
from smmportal.portfolio.risk import LEVELS
from smmportal.portfolio.rows import Row, rows_of
from smmportal.portfolio.sight import SightForm
from smmportal.refusals import demand


@dataclass
class Desk:
    """`total` is how many projects there are before anything is chosen."""

    sight: SightForm
    rows: list[Row]
    total: int

    @property
    def levels(self) -> list[tuple[str, int]]:
        """How many of the rows have each level, the worst first."""
        found = Counter(row.risk.level for row in self.rows)
        return [(level, found[level]) for level in LEVELS if found[level]]


def works_in_agency(user: User) -> bool:
    return Membership.objects.filter(user=user, role__in=ROLES_OF[Side.AGENCY]).exists()


def projects_of(user: User):
    """The open projects that the person sees from the agency's side."""
    own = Membership.objects.filter(user=user, role__in=ROLES_OF[Side.AGENCY]).values("organisation")
    seen = Project.objects.visible_to(user).open().filter(agency__in=own)
    return seen.select_related("agency", "client").order_by("name", "id")


def demand_desk(user: User) -> None:
    demand(works_in_agency(user), _("The portfolio is the agency’s desk. Your own projects are on the home page."))


def sight_of(user: User, asked) -> SightForm:
    return SightForm(asked, projects_of(user))


def desk_of(user: User, sight: SightForm) -> Desk:
    """Who asks for one client or one person pays for their projects only."""
    seen = projects_of(user)
    rows = sight.choose_rows(rows_of(sight.choose_projects(seen)))
    return Desk(sight, rows, seen.count())
