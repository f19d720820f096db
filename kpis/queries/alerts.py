"""Alerts as the pages and the API list them, and how a chance went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, IntegerField, QuerySet, When

from kpis.alerts import KINDS
from kpis.charts import draw_sparkline
from kpis.models import Alert, ForecastDay, Kpi
from kpis.wording import nearest_five
from projects.models import Project
from projects.rules import works_for
from smmportal.people.models import ROLES_OF, Membership, Side, User

#: How many days of the chance a page shows.
SHOWN_DAYS = 60


def with_words(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """With what their words and their people are read from."""
    about = alerts.select_related("project__agency", "project__client", "kpi__source__formula", "source__formula")
    return about.select_related("owner", "seen_by", "explained_by", "closed_by")


def in_order(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Cliffs first, then what fired last."""
    first = Case(When(weight=Alert.Weight.CLIFF, then=0), default=1, output_field=IntegerField())
    return alerts.order_by(first, "-last_at", "-id")


def chosen(alerts: QuerySet[Alert], *, state: str = "", kind: str = "", side: str = "", project=None) -> QuerySet:
    """What the filters in an address leave; without a state, what still stands."""
    if state in Alert.State.values:
        alerts = alerts.filter(state=state)
    elif state != "all":
        alerts = alerts.standing()
    if kind in KINDS:
        alerts = alerts.filter(kind=kind)
    if side in Side.values:
        alerts = alerts.filter(side=side)
    return alerts.filter(project=project) if project else alerts


def standing_counts(projects: Sequence[Project], reader: User) -> dict[int, int]:
    """How many alerts stand in each of these projects, as this person sees them; one query."""
    rows = Alert.objects.visible_to(reader).standing().filter(project__in=list(projects)).order_by()
    return dict(rows.values("project").annotate(count=Count("pk", distinct=True)).values_list("project", "count"))


def works_in_agency(user: User) -> bool:
    return Membership.objects.filter(user=user, role__in=ROLES_OF[Side.AGENCY]).exists()


def heirs_of(alert: Alert) -> list[User]:
    """To whom it can be handed over."""
    side = Side(alert.side)
    return [person for person in alert.project.people_of(side) if works_for(person, alert.project, side)]


# --- How the chance went --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChanceDay:
    """A day whose last forecast said something else than the one before."""

    day: date
    chance: float | None
    before: float | None = None

    @property
    def change(self) -> float | None:
        return None if self.chance is None or self.before is None else self.chance - self.before

    @property
    def points(self) -> int | None:
        """The change between the two as they are told, in hundredths."""
        if self.chance is None or self.before is None:
            return None
        return nearest_five(self.chance) - nearest_five(self.before)


def forecast_days(kpi: Kpi) -> list[ForecastDay]:
    """The latest ones, oldest first."""
    return list(ForecastDay.objects.filter(kpi=kpi).order_by("-day")[:SHOWN_DAYS])[::-1]


@dataclass(frozen=True)
class Chances:
    """How the chance went: the kept days, newest first, and the same as a small line."""

    days: list[ChanceDay]
    line: str

    @property
    def lowest(self) -> float | None:
        return min((one.chance for one in self.days if one.chance is not None), default=None)

    @property
    def highest(self) -> float | None:
        return max((one.chance for one in self.days if one.chance is not None), default=None)


def chances_of(kpi: Kpi) -> Chances:
    days: list[ChanceDay] = []
    for row in forecast_days(kpi):
        days.append(ChanceDay(row.day, row.chance, days[-1].chance if days else None))
    return Chances(days[::-1], draw_sparkline(every_day(days), width=240, height=40) if len(days) > 1 else "")


def every_day(days: Sequence[ChanceDay]) -> list[float | None]:
    """The chance of each day from the first to the last: until another was told, it was the one before."""
    told, values = {one.day: one.chance for one in days}, []
    for offset in range((days[-1].day - days[0].day).days + 1):
        day = days[0].day + timedelta(days=offset)
        values.append(told[day] if day in told else values[-1])
    return values
