"""What the frame of every page shows: one query for all of it, whose SQL is worked out once in a process."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kpis.models import Alert
from smmportal.notifications.models import Notification
from smmportal.people.models import ROLES_OF, Membership, Side
from smmportal.prepared import Prepared


class Frame(NamedTuple):
    """`alerts` are those that the page of alerts opens with; who works in an agency has a portfolio."""

    unread: int = 0
    alerts: int = 0
    has_portfolio: bool = False


def portal(request: HttpRequest) -> dict:
    """Nothing is asked while a page doesn't show it."""
    frame = SimpleLazyObject(lambda: frame_of(request.user)) if hasattr(request, "user") else Frame()
    return {
        "unread_count": SimpleLazyObject(lambda: frame.unread),
        "frame": frame,
        "is_demo": settings.DEMO,
    }


def frame_of(user) -> Frame:
    found = FRAME.first(user.pk) if user.is_authenticated else None
    return Frame(found[0], found[1], bool(found[2])) if found else Frame()


def ask_frame(person: int) -> QuerySet:
    user = get_user_model()(pk=person)
    unread = Notification.objects.visible_to(user).unread()
    alerts = Alert.objects.visible_to(user).of(user).standing().filter(project__closed_at=None)
    in_agency = Membership.objects.filter(user=OuterRef("pk"), role__in=ROLES_OF[Side.AGENCY])
    people = get_user_model().objects.filter(pk=person).order_by()
    return people.values_list(count_of(unread), count_of(alerts), Exists(in_agency))


def count_of(rows: QuerySet) -> Subquery:
    """Without the grouping by which Django counts in a subquery: none of no rows is zero."""
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(count=count).values("count"))


FRAME = Prepared(ask_frame, int)
