"""The agenda writes itself: from what waits, is late, broken or new, until the meeting begins."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from kpis.models import Agreement
from meetings import actions, preparing, tasks
from meetings.board import agenda_of
from meetings.models import AgendaItem, BroughtUp, Meeting
from projects.models import BriefVersion, Goal
from smmportal.audit import AuditEntry
from smmportal.demo.clock import moved_to
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import (
    make_agreement,
    make_alert,
    make_amendment,
    make_brief_version,
    make_debrief,
    make_goal,
    make_material,
    make_meeting,
    make_running_goal,
    make_source,
    make_task,
)
from tests.kpis.reviewing import NOON

HOUR = timedelta(hours=1)
TOMORROW = NOON + timedelta(days=1)
AGO = NOON - timedelta(days=3)


@pytest.fixture(autouse=True)
def on_monday():
    with moved_to(NOON):
        yield


@pytest.fixture
def meeting(cast) -> Meeting:
    return meeting_at(cast, TOMORROW)


def meeting_at(cast, start: datetime, **fields) -> Meeting:
    return make_meeting(cast, starts_at=start, ends_at=start + HOUR, **fields)


def lines(meeting: Meeting) -> list[tuple]:
    return list(meeting.agenda.order_by("position").values_list("kind", "row"))


def shown(api, person, meeting: Meeting) -> list[dict]:
    return api(person).get(f"/api/v1/meetings/{meeting.pk}/agenda/").json()


def late_task(cast, **fields):
    return make_task(cast, due_on=NOON.date() - timedelta(days=3), **fields)


def test_an_overdue_task_says_whose_it_is_since_when_and_where_to_look(cast, meeting, api):
    task = late_task(cast)
    make_task(cast, due_on=NOON.date() + timedelta(days=3))
    tasks.refresh_agendas()
    [line] = shown(api, cast.viewer, meeting)
    assert {
        name: line[name] for name in ("kind", "title", "why", "url", "proposal", "takes", "fits", "settled_at")
    } == {
        "kind": "overdue",
        "title": "Send the logo",
        "why": ["Overdue on the client’s side since 20\N{NO-BREAK SPACE}November.", "Katya does it."],
        "url": task.get_absolute_url(),
        "proposal": "Agree on a new date, hand it to somebody else, or drop it.",
        "takes": 3,
        "fits": True,
        "settled_at": None,
    }


def test_every_kind_comes_with_its_reason(cast, meeting, api):
    rows = one_of_each(cast)
    tasks.refresh_agendas()
    said = {line["kind"]: line["why"] for line in shown(api, cast.manager, meeting)}
    assert said == {
        "agreement": ["Neither side has signed it yet.", "It has waited for 3 days."],
        "debrief": [
            "The client has not said yet whether the brief was understood rightly.",
            "It has waited for 3 days.",
        ],
        "overdue": ["Overdue on the client’s side since 20\N{NO-BREAK SPACE}November.", "Katya does it."],
        "goal": ["The agency proposed this goal; the client has not agreed to it yet.", "It has waited for 3 days."],
        "conclusion": ["The day of this goal was 13\N{NO-BREAK SPACE}November, and nobody has said how it ended."],
        "review": ["It is done, and waits for the agency to look at it.", "It has waited for 3 days."],
        "material": ["The agency asked the client for it, and it has not come yet.", "It has waited for 3 days."],
        "source": ["It gives no more numbers: the access has run out."],
        "alert": ["No numbers come, since 20\N{NO-BREAK SPACE}November.", "The client does not see this line."],
    }
    assert dict(lines(meeting)) == rows


def one_of_each(cast) -> dict[str, int]:
    """A row of each kind; for each kind the row."""
    with moved_to(AGO):
        make_agreement(cast)
        debrief = make_debrief(cast, shared_at=timezone.now(), shared_by=cast.manager)
        proposed = {"proposed_side": Side.AGENCY, "proposed_by": cast.manager, "proposed_at": timezone.now()}
        goal = make_goal(cast, status=Goal.Status.PROPOSED, **proposed)
        ended = make_running_goal(cast, due_on=date(2026, 11, 13))
        review = make_task(cast, title="Choose photographs", review_at=timezone.now())
        material = make_material(cast)
        alert = make_alert(cast, kind="silent", subject="source:1", side=Side.AGENCY, first_at=AGO)
    source = make_source(cast, error_kind="reauthorise")
    return {
        "agreement": Agreement.objects.get().pk,
        "debrief": debrief.pk,
        "overdue": late_task(cast).pk,
        "goal": goal.pk,
        "conclusion": ended.pk,
        "review": review.pk,
        "material": material.pk,
        "source": source.pk,
        "alert": alert.pk,
    }


def test_the_words_are_the_readers_own(cast, meeting):
    late_task(cast)
    tasks.refresh_agendas()
    with translation.override("ru"):
        [line] = agenda_of(meeting, cast.viewer)
    assert line.why == ["Просрочено на стороне клиента с 20\N{NO-BREAK SPACE}ноября.", "Делает: Katya."]


def test_a_changed_brief_comes_since_the_last_meeting_only(cast, meeting):
    with moved_to(AGO - timedelta(days=30)):
        first = make_brief_version(cast)
    held = meeting_at(cast, AGO - timedelta(days=7))
    tasks.refresh_agendas()
    assert lines(meeting) == []
    with moved_to(held.ends_at + HOUR):
        second = BriefVersion.objects.create(
            brief=first.brief, number=2, content=first.content, content_hash="2", submitted_by=cast.decider
        )
    tasks.refresh_agendas()
    assert lines(meeting) == [("brief", second.pk)]
    later = meeting_at(cast, TOMORROW + timedelta(days=7))
    with moved_to(meeting.ends_at + HOUR):
        tasks.refresh_agendas()
    assert lines(later) == []


def test_a_proposed_amendment_comes(cast, meeting):
    proposal = make_amendment(cast)
    tasks.refresh_agendas()
    assert ("amendment", proposal.pk) in lines(meeting)


# --- Once a meeting, and settled ------------------------------------------------------------------------------------


def test_what_people_take_off_does_not_come_back_to_the_same_meeting(cast, meeting, manager):
    task = late_task(cast)
    tasks.refresh_agendas()
    actions.remove_agenda_item(meeting.agenda.get(), by=manager)
    tasks.refresh_agendas()
    assert lines(meeting) == []
    assert list(BroughtUp.objects.values_list("meeting", "kind", "row")) == [(meeting.pk, "overdue", task.pk)]
    later = meeting_at(cast, TOMORROW + timedelta(days=7))
    with moved_to(meeting.ends_at + HOUR):
        tasks.refresh_agendas()
    assert lines(later) == [("overdue", task.pk)]


def test_what_is_settled_before_the_meeting_is_marked_so_and_takes_no_time(cast, meeting, api):
    task = late_task(cast)
    tasks.refresh_agendas()
    type(task).objects.filter(pk=task.pk).update(done_at=NOON, done_by=cast.contact)
    tasks.refresh_agendas()
    [line] = shown(api, cast.viewer, meeting)
    assert (line["settled_at"], line["takes"]) == ("2026-11-23T12:00:00+03:00", 0)
    type(task).objects.filter(pk=task.pk).update(done_at=None, done_by=None)
    tasks.refresh_agendas()
    assert shown(api, cast.viewer, meeting)[0]["settled_at"] is None


def test_nothing_changes_once_the_meeting_begins(cast, meeting):
    late_task(cast)
    with moved_to(meeting.starts_at):
        assert preparing.refresh_agenda(meeting) == []
    assert lines(meeting) == []


def test_the_bell_of_one_project_refreshes_its_agenda(cast, meeting):
    task = late_task(cast)
    tasks.refresh_agenda(project=cast.project.pk)
    assert lines(meeting) == [("overdue", task.pk)]


def test_what_comes_stands_by_its_weight_and_below_what_people_put_above(cast, meeting, manager):
    item = actions.add_agenda_item(meeting, title="Hello", by=manager)
    make_material(cast)
    tasks.refresh_agendas()
    late_task(cast)
    tasks.refresh_agendas()
    assert [kind for kind, _row in lines(meeting)] == ["", "overdue", "material"]
    assert item.position == 1


def test_any_number_of_rows_costs_the_same(cast, meeting, api):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            api(cast.viewer).get(f"/api/v1/meetings/{meeting.pk}/agenda/")
        return len(caught)

    late_task(cast)
    tasks.refresh_agendas()
    queries()
    for_one = queries()
    for _number in range(10):
        late_task(cast)
    tasks.refresh_agendas()
    assert (meeting.agenda.count(), queries()) == (11, for_one)


# --- What is one side's own -----------------------------------------------------------------------------------------

SECRET = "Silent group of Roast"


@pytest.fixture
def internal(cast, meeting):
    """The agency's own alert on the agenda, and the line that shows it."""
    source = make_source(cast, title=SECRET)
    make_alert(cast, kind="silent", subject=f"source:{source.pk}", source=source, side=Side.AGENCY)
    tasks.refresh_agendas()
    return meeting.agenda.get()


def test_the_agency_reads_its_own_line(cast, meeting, internal, browse, api):
    assert [line["title"] for line in shown(api, cast.specialist, meeting)] == [str(internal)]
    assert SECRET in browse(cast.specialist).get(meeting.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["decider", "contact", "viewer"])
def test_the_clients_page_api_and_letters_never_hold_it(cast, meeting, internal, browse, api, name):
    person = getattr(cast, name)
    late_task(cast)
    tasks.refresh_agendas()
    page = browse(person).get(meeting.get_absolute_url()).content.decode()
    said = api(person).get(f"/api/v1/meetings/{meeting.pk}/agenda/").content.decode()
    assert ["Send the logo" in text for text in (page, said)] == [True, True]
    assert [SECRET in text or "No numbers come" in text for text in (page, said)] == [False, False]
    actions.cancel_meeting(meeting, reason="Ill", by=cast.manager)
    told = [str(each.facts) for each in Notification.objects.filter(to=person)]
    assert [SECRET in text for text in told] == [False] * len(told)
    assert AuditEntry.objects.filter(verb="agenda.brought_up", facts__kind="alert").count() == 0


def test_the_client_can_neither_move_nor_remove_it(cast, meeting, internal, api):
    address = f"/api/v1/agenda/{internal.pk}/"
    refused = [
        api(cast.decider).patch(address, {"position": 1}, format="json").status_code,
        api(cast.decider).delete(address).status_code,
    ]
    assert (refused, AgendaItem.objects.count()) == ([404, 404], 1)


def test_a_side_keeps_a_line_to_itself(cast, meeting, api):
    address = f"/api/v1/meetings/{meeting.pk}/agenda/"
    api(cast.decider).post(address, {"title": "Ask for a discount", "only_own_side": True}, format="json")
    api(cast.manager).post(address, {"title": "Ask for a discount"}, format="json")
    assert [line["only_for"] for line in shown(api, cast.contact, meeting)] == ["client", ""]
    assert [line["only_for"] for line in shown(api, cast.manager, meeting)] == [""]


def test_a_place_is_counted_among_the_lines_that_one_sees(cast, meeting, internal, manager, decider):
    for title in ("One", "Two"):
        actions.add_agenda_item(meeting, title=title, by=decider)
    two = meeting.agenda.get(title="Two")
    actions.place_agenda_item(two, position=1, by=decider)
    assert [item.title for item in meeting.agenda.for_side(Side.CLIENT)] == ["Two", "One"]
    actions.place_agenda_item(two, position=9, by=decider)
    assert [item.title for item in meeting.agenda.for_side(Side.CLIENT)] == ["One", "Two"]


# --- Minutes and who leads ------------------------------------------------------------------------------------------


def test_both_sides_give_minutes_and_name_who_leads(cast, meeting, api):
    late_task(cast)
    tasks.refresh_agendas()
    item = meeting.agenda.get()
    [line] = (
        api(cast.decider)
        .patch(f"/api/v1/agenda/{item.pk}/", {"minutes": 20, "owner": cast.contact.pk}, format="json")
        .json()
    )
    assert (line["minutes"], line["takes"], line["owner"]) == (20, 20, cast.contact.pk)
    [line] = api(cast.manager).patch(f"/api/v1/agenda/{item.pk}/", {"minutes": None}, format="json").json()
    assert (line["minutes"], line["takes"], line["owner"]) == (None, 3, cast.contact.pk)


def test_a_stranger_leads_nothing(cast, meeting, manager):
    item = actions.add_agenda_item(meeting, title="KPIs", by=manager)
    with pytest.raises(Refused) as refusal:
        actions.arrange_agenda_item(item, minutes=5, owner=cast.neighbour, by=manager)
    assert refusal.value.code == "not-in-project"


def test_what_is_over_the_length_of_the_meeting_is_said_to_come_if_there_is_time(cast, meeting, browse, api):
    client = browse(cast.decider)
    for title, minutes in (("Budget", 50), ("Photographs", 20)):
        client.post(f"/meetings/{meeting.pk}/agenda/", {"title": title, "minutes": minutes})
    assert [(line["title"], line["fits"]) for line in shown(api, cast.viewer, meeting)] == [
        ("Budget", True),
        ("Photographs", False),
    ]
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert page.index("50 minutes of 60 are planned.") < page.index("If there is time") < page.index("Photographs")


def test_the_page_arranges_a_line_without_a_script(cast, meeting, browse, manager):
    item = actions.add_agenda_item(meeting, title="KPIs", by=manager)
    browse(manager).post(f"/agenda/{item.pk}/arrangement/", {"minutes": "15", "owner": cast.decider.pk})
    item.refresh_from_db()
    assert (item.minutes, item.owner, item.touched_at) == (15, cast.decider, NOON)
