"""The frame of every page: what it counts, for whom, and what that costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis.models import Alert
from smmportal.context import Frame, frame_of
from smmportal.notifications.actions import announce
from smmportal.notifications.queries import unread_count
from smmportal.people.models import User
from tests.builders import make_alert


@pytest.fixture
def alerts(cast) -> None:
    """Two of the agency's that nobody owns, one of them its own housekeeping; one of the manager's; one of the
    client's; and one that is closed."""
    make_alert(cast, subject="kpi:1")
    make_alert(cast, subject="source:2", kind="silent", weight="cliff")
    make_alert(cast, subject="kpi:3", owner=cast.manager, state="explained")
    make_alert(cast, subject="agreement:4", side="client")
    make_alert(cast, subject="kpi:5", state="closed", closed_at=timezone.now())


def test_each_counts_their_own_open_alerts_and_the_agency_has_a_portfolio(cast, alerts):
    people = ("owner", "manager", "specialist", "decider", "contact", "viewer", "stranger", "neighbour")
    assert {name: frame_of(getattr(cast, name)) for name in people} == {
        "owner": Frame(0, 2, True),
        "manager": Frame(0, 3, True),
        "specialist": Frame(0, 2, True),
        "decider": Frame(0, 1, False),
        "contact": Frame(0, 1, False),
        "viewer": Frame(0, 0, False),
        "stranger": Frame(0, 0, True),
        "neighbour": Frame(0, 0, False),
    }


def test_the_badge_says_how_many_the_page_of_alerts_opens_with(cast, alerts, browse):
    for person in (cast.manager, cast.owner, cast.contact):
        assert len(browse(person).get("/alerts/").context["page"]) == frame_of(person).alerts


def test_a_project_that_is_over_asks_for_nobody(cast, alerts):
    cast.project.closed_at = timezone.now()
    cast.project.save()
    assert frame_of(cast.manager).alerts == 0


def test_news_are_counted_as_everywhere(cast):
    announce("project.created", to=[cast.manager], about=cast.project, by=cast.owner, facts={"project": "Autumn"})
    assert frame_of(cast.manager).unread == unread_count(cast.manager) == 1


def test_nobody_and_no_such_person_have_nothing(db):
    assert frame_of(User(pk=10**12)) == Frame()


def test_the_whole_frame_costs_one_query(cast, alerts, django_assert_num_queries):
    frame_of(cast.manager)
    with django_assert_num_queries(1):
        assert frame_of(cast.manager) == Frame(0, 3, True)


@pytest.mark.parametrize("person", ["manager", "contact"])
def test_the_main_menu_shows_it(cast, alerts, browse, person):
    reader = getattr(cast, person)
    page = browse(reader).get("/settings/").content.decode()
    menu = page.partition('class="masthead-nav"')[2].partition("</nav>")[0]
    count = frame_of(reader).alerts
    assert f'<span class="count">{count}<span class="visually-hidden">' in menu
    assert ('href="/portfolio/"' in menu) is (person == "manager")


def test_a_page_costs_the_same_with_no_alert_and_with_thirty(cast, browse):
    client = browse(cast.manager)

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/settings/").status_code == 200
        return len(queries)

    ask()
    without = ask()
    for number in range(30):
        make_alert(cast, subject=f"kpi:{number}")
    assert (Alert.objects.count(), ask()) == (30, without)
