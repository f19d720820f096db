"""Being away, standing in, handing over."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from projects import actions
from projects.models import Absence, Task
from projects.queries import mine, tasks_of, waiting
from smmportal.audit import AuditEntry
from smmportal.demo.clock import moved_to
from smmportal.notifications.models import Notification
from smmportal.people.models import Role
from smmportal.refusals import Refused
from tests.builders import join, make_absence, make_task, make_user
from tests.projects.test_actions_projects import create

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 7)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """The absence is still to come."""
    with moved_to(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        yield


def of(user) -> list[str]:
    return sorted(mine(tasks_of(user).open(), user).values_list("title", flat=True))


def told() -> list[tuple]:
    return list(Notification.objects.order_by("id").values_list("event", "to__name"))


def test_a_person_is_away_and_a_colleague_stands_in(contact, decider):
    absence = actions.go_away(contact, substitute=decider, starts_on=FIRST, ends_on=LAST)
    assert (absence.person, absence.substitute) == (contact, decider)
    assert told() == [("absence.begun", "Dmitry")]
    assert AuditEntry.objects.values_list("verb", "by", "facts__substitute").get() == (
        "absence.begun",
        contact.pk,
        "Dmitry",
    )


@pytest.mark.parametrize("who", ["contact", "manager", "stranger", "neighbour"])
def test_only_a_colleague_stands_in(cast, contact, who):
    with pytest.raises(Refused, match="a colleague of your own organisation"):
        actions.go_away(contact, substitute=getattr(cast, who), starts_on=FIRST, ends_on=LAST)


def test_nobody_is_back_before_they_leave(contact, decider):
    with pytest.raises(Refused, match="back before you leave"):
        actions.go_away(contact, substitute=decider, starts_on=LAST, ends_on=FIRST)


def test_nobody_is_away_twice_at_once(contact, decider):
    actions.go_away(contact, substitute=decider, starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 14))
    with pytest.raises(Refused, match="You are away already from"):
        actions.go_away(contact, substitute=decider, starts_on=date(2026, 8, 14), ends_on=date(2026, 8, 20))
    actions.go_away(contact, substitute=decider, starts_on=date(2026, 8, 15), ends_on=date(2026, 8, 20))
    assert [row.starts_on for row in Absence.objects.order_by("starts_on")] == [date(2026, 8, 3), date(2026, 8, 15)]


def test_what_is_due_meanwhile_is_shown_to_who_stands_in(cast, contact, decider):
    make_absence(cast)
    for title, due_on in (("before", "2026-11-30"), ("first", FIRST), ("last", LAST), ("after", "2026-12-08")):
        make_task(cast, title=title, due_on=due_on)
    make_task(cast, title="undated", due_on=None)
    assert of(decider) == ["first", "last"]
    assert of(contact) == ["after", "before", "first", "last", "undated"]


def test_home_says_the_same(cast, contact, decider, manager):
    make_absence(cast)
    make_task(cast, due_on=FIRST)
    [line] = [line for line in waiting([cast.project]) if line.due_on]
    assert [line.is_for(user.pk, Role.CONTACT) for user in (contact, decider, manager)] == [True, True, False]


def test_an_absence_that_is_over_shows_nothing(cast, decider):
    make_absence(cast, starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 7))
    make_task(cast, due_on=date(2020, 1, 3))
    assert of(decider) == []


def test_a_viewer_stands_in_for_nothing(cast, viewer):
    make_absence(cast, substitute=viewer)
    make_task(cast, due_on=FIRST)
    assert of(viewer) == []


def test_both_are_told_of_a_new_task(cast, manager, contact):
    make_absence(cast)
    actions.add_task(cast.project, title="x", side="client", assignee=contact, due_on=FIRST, by=manager)
    assert told() == [("task.assigned", "Katya"), ("task.assigned", "Dmitry")]


def test_only_the_person_calls_it_off(cast, contact, decider):
    absence = make_absence(cast)
    with pytest.raises(PermissionDenied, match="Only the person themselves"):
        actions.call_off_absence(absence, by=decider)
    actions.call_off_absence(absence, by=contact)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [("contact", True), ("decider", True), ("viewer", True), ("manager", False), ("stranger", False)],
)
def test_an_absence_is_known_to_colleagues(cast, who, sees):
    make_absence(cast)
    assert Absence.objects.visible_to(getattr(cast, who)).exists() is sees


# --- Handing over ---------------------------------------------------------------------------------------------------


def test_all_of_it_in_one_letter(cast, contact, decider):
    tasks = [make_task(cast, title=title) for title in ("Logo", "Photos")]
    result = actions.hand_over(tasks, to=decider, by=contact)
    assert (result.moved, result.left) == (tasks, [])
    assert set(Task.objects.values_list("assignee__name", flat=True)) == {"Dmitry"}
    letter = Notification.objects.get()
    assert (letter.event, letter.to, letter.facts, letter.url) == (
        "task.handed_over",
        decider,
        {"count": 2, "tasks": ["Logo", "Photos"], "left": 0},
        "/tasks/",
    )
    rows = AuditEntry.objects.filter(verb="task.handed_over").order_by("id")
    assert list(rows.values_list("about_id", "facts__was", "facts__became")) == [
        (task.pk, "Katya", "Dmitry") for task in tasks
    ]


def test_what_they_can_not_take_stays_and_is_named(cast, manager, colleague_on_one_project):
    """Two projects: the colleague is on the team of one of them only."""
    colleague, theirs = colleague_on_one_project
    can = make_task(cast, title="can", side="agency", assignee=manager, project=theirs)
    foreign = make_task(cast, title="not on the team", side="agency", assignee=manager)
    clients = make_task(cast, title="the client’s", project=theirs)
    done = actions.finish_task(make_task(cast, title="done", side="agency", assignee=manager), by=manager)
    closed = make_task(cast, title="closed", side="agency", assignee=manager, project=closed_project(cast))
    result = actions.hand_over([can, foreign, clients, done, closed], to=colleague, by=manager)
    assert result.moved == [can]
    assert [(task.title, why) for task, why in result.left] == [
        ("not on the team", "Colleague does not work on this project"),
        ("the client’s", "Colleague does not work on this project"),
        ("done", "it is done already"),
        ("closed", "the project is closed"),
    ]
    assert [task.assignee for task in Task.objects.exclude(pk=can.pk).order_by("id")] == [
        manager,
        cast.contact,
        manager,
        manager,
    ]


@pytest.fixture
def colleague_on_one_project(cast):
    project = create(cast)
    project.team.add(cast.colleague)
    return cast.colleague, project


def closed_project(cast):
    project = create(cast)
    actions.close_project(project, by=cast.manager)
    return project


def test_whoever_only_looks_on_hands_nothing_over(cast, viewer, decider):
    result = actions.hand_over([make_task(cast)], to=decider, by=viewer)
    assert [why for _task, why in result.left] == ["viewers only look on in this project"]
    assert told() == []


def test_what_is_theirs_already_is_no_news(cast, contact, manager):
    assert actions.hand_over([make_task(cast)], to=contact, by=manager).moved == []
    assert told() == []


def test_a_long_list_is_cut_in_the_letter(cast, contact, decider):
    actions.hand_over([make_task(cast) for _index in range(25)], to=decider, by=contact)
    facts = Notification.objects.get().facts
    assert (facts["count"], len(facts["tasks"]), facts["left"]) == (25, 20, 5)


def test_a_client_of_another_is_given_nothing(cast, manager):
    outsider = join(make_user("Nina", "nina@bakery.example"), cast.other_client, Role.CONTACT)
    result = actions.hand_over([make_task(cast)], to=outsider, by=manager)
    assert [why for _task, why in result.left] == ["Nina does not work on this project"]
