"""What is written down at a meeting, and how it becomes a fact."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from meetings import actions
from meetings.models import Decision, Minutes
from projects.models import Task
from smmportal.facts import FactChanged
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_meeting
from tests.meetings.moments import AHEAD, BEHIND, HOUR
from tests.meetings.test_actions_booking import told, verbs


@pytest.fixture
def held(cast):
    """A meeting that has taken place."""
    return make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)


@pytest.fixture
def published(cast, held):
    actions.write_minutes(held, text="We met.", revision=0, by=cast.manager)
    actions.record_decision(held, text="Post daily.", by=cast.manager)
    actions.publish_minutes(held, by=cast.manager)
    return held


def lines(meeting) -> list[tuple[int, str]]:
    return list(meeting.agenda.values_list("position", "title"))


def add(meeting, *titles, by):
    return [actions.add_agenda_item(meeting, title=title, by=by) for title in titles]


def test_agenda_lines_stand_in_the_order_they_were_added(cast, held):
    add(held, "KPIs", "Posts", by=cast.manager)
    add(held, "Money", by=cast.contact)
    assert lines(held) == [(1, "KPIs"), (2, "Posts"), (3, "Money")]


def test_the_same_line_is_not_added_twice(cast, held):
    first, second = add(held, "KPIs", "KPIs", by=cast.manager)
    assert (first, lines(held)) == (second, [(1, "KPIs")])


@pytest.mark.parametrize(
    ("position", "order"),
    [(1, ["c", "a", "b"]), (2, ["a", "c", "b"]), (3, ["a", "b", "c"]), (99, ["a", "b", "c"]), (-4, ["c", "a", "b"])],
)
def test_a_line_is_put_where_it_is_wanted_and_the_others_close_up(cast, held, position, order):
    third = add(held, "a", "b", "c", by=cast.manager)[2]
    actions.place_agenda_item(third, position=position, by=cast.decider)
    assert lines(held) == list(enumerate(order, start=1))


def test_a_removed_line_stays_in_the_trail(cast, held):
    first, _second = add(held, "a", "b", by=cast.manager)
    actions.remove_agenda_item(first, by=cast.decider)
    assert lines(held) == [(2, "b")]
    assert verbs() == [("agenda.removed", "Dmitry")]


def test_a_line_after_a_removed_one_goes_to_the_end(cast, held):
    first, _second = add(held, "a", "b", by=cast.manager)
    actions.remove_agenda_item(first, by=cast.manager)
    add(held, "c", by=cast.manager)
    assert lines(held) == [(2, "b"), (3, "c")]


def test_each_save_of_the_notes_raises_the_revision(cast, held):
    saved = [
        actions.write_minutes(held, text=text, revision=revision, by=cast.manager).revision
        for revision, text in enumerate(["a", "ab", "abc"])
    ]
    assert saved == [1, 2, 3]


def test_the_same_text_again_changes_nothing(cast, held):
    actions.write_minutes(held, text="a", revision=0, by=cast.manager)
    assert actions.write_minutes(held, text="a", revision=0, by=cast.decider).revision == 1


def test_of_two_who_write_at_once_the_second_is_told_and_sees_both(cast, held):
    actions.write_minutes(held, text="a", revision=0, by=cast.manager)
    actions.write_minutes(held, text="theirs", revision=1, by=cast.manager)
    with pytest.raises(Refused) as refused:
        actions.write_minutes(held, text="mine", revision=1, by=cast.contact)
    assert refused.value.sentence == "Maxim changed these notes while you were writing."
    assert (refused.value.code, refused.value.extra) == ("changed-meanwhile", {"current": "theirs", "revision": 2})
    assert Minutes.objects.get().text == "theirs"


def test_two_first_notes_at_once_are_a_conflict_too(cast, held):
    actions.write_minutes(held, text="first", revision=0, by=cast.manager)
    with pytest.raises(Refused, match="changed these notes"):
        actions.write_minutes(held, text="also first", revision=0, by=cast.contact)


def test_a_decision_is_written_once(cast, held):
    first = actions.record_decision(held, text=" Post daily. ", by=cast.decider)
    assert actions.record_decision(held, text="Post daily.", by=cast.manager) == first
    assert (first.text, first.by, Decision.objects.count()) == ("Post daily.", cast.decider, 1)
    assert verbs() == [("decision.recorded", "Dmitry")]


def test_a_decision_may_be_taken_back_before_publication(cast, held):
    actions.remove_decision(actions.record_decision(held, text="x", by=cast.decider), by=cast.manager)
    assert not Decision.objects.exists()
    assert verbs() == [("decision.recorded", "Dmitry"), ("decision.removed", "Maxim")]


def test_an_action_item_is_a_task_of_its_side(cast, held):
    item = actions.assign_action(
        held, title="Send photos", side=Side.CLIENT, assignee=cast.contact, due_on=date(2026, 12, 4), by=cast.manager
    )
    task = Task.objects.get()
    assert item.task == task
    assert (task.project, task.title, task.side, task.assignee, task.due_on, task.created_by) == (
        cast.project,
        "Send photos",
        "client",
        cast.contact,
        date(2026, 12, 4),
        cast.manager,
    )
    assert (task.origin, task.origin_url) == ("meeting", held.get_absolute_url())


def test_who_is_named_is_told_with_the_task_and_only_once(cast, held):
    actions.assign_action(
        held, title="Send photos", side=Side.CLIENT, assignee=cast.contact, due_on=date(2026, 12, 4), by=cast.manager
    )
    assert [(name, facts["task"], facts["due_on"]) for name, facts in told("task.assigned")] == [
        ("Katya", "Send photos", "2026-12-04")
    ]
    assert told("action.assigned") == []


def test_an_action_without_a_person_is_told_to_its_side(cast, held):
    actions.assign_action(held, title="Send photos", side=Side.CLIENT, by=cast.manager)
    facts = {"title": "Send photos", "meeting": "Weekly call", "project": "Coffee at home", "due_on": ""}
    assert told("action.assigned") == [("Dmitry", facts), ("Katya", facts)]


def test_the_same_action_is_assigned_once(cast, held):
    fields = {"title": "Send photos", "side": Side.CLIENT, "assignee": None, "due_on": None, "by": cast.manager}
    assert actions.assign_action(held, **fields) == actions.assign_action(held, **fields)
    assert Task.objects.count() == 1


@pytest.mark.parametrize("person", ["manager", "viewer", "neighbour", "stranger"])
def test_an_action_goes_to_somebody_of_its_side(cast, held, person):
    with pytest.raises(Refused):
        actions.assign_action(held, title="x", side=Side.CLIENT, assignee=getattr(cast, person), by=cast.manager)
    assert not Task.objects.exists()


def test_published_minutes_are_told_to_everybody_of_both_sides(cast, published):
    facts = {
        "title": "Weekly call",
        "project": "Coffee at home",
        "starts_at": "2024-01-09T07:00:00+00:00",
        "ends_at": "2024-01-09T08:00:00+00:00",
        "place": "",
        "decisions": ["Post daily."],
        "said": "We met.",
        "actions": [],
        "people": [{"name": "Dmitry", "side": "client"}, {"name": "Maxim", "side": "agency"}],
        "answer_on": Minutes.objects.get().answer_on.isoformat(),
        "side": "agency",
    }
    assert told("minutes.published") == [(name, facts) for name in ("Dmitry", "Katya", "Sonya")]
    minutes = Minutes.objects.get()
    assert minutes.published_at is not None
    assert minutes.published_by == cast.manager


def test_publishing_twice_has_one_effect(cast, published):
    first = Minutes.objects.get().published_at
    assert actions.publish_minutes(published, by=cast.decider).published_at == first
    assert verbs() == [("decision.recorded", "Maxim"), ("minutes.published", "Maxim")]


VERBS = {
    "notes": lambda meeting, cast: actions.write_minutes(meeting, text="new", revision=1, by=cast.manager),
    "decision": lambda meeting, cast: actions.record_decision(meeting, text="new", by=cast.manager),
    "withdrawal": lambda meeting, cast: actions.remove_decision(meeting.decisions.get(), by=cast.manager),
    "action": lambda meeting, cast: actions.assign_action(meeting, title="x", side=Side.AGENCY, by=cast.manager),
    "agenda": lambda meeting, cast: actions.add_agenda_item(meeting, title="x", by=cast.manager),
    "cancelling": lambda meeting, cast: actions.cancel_meeting(meeting, reason="x", by=cast.manager),
    "title": lambda meeting, cast: actions.describe_meeting(meeting, title="x", place="", by=cast.manager),
}


@pytest.mark.parametrize("verb", VERBS)
def test_published_minutes_never_change(cast, published, verb):
    with pytest.raises(Refused) as refused:
        VERBS[verb](published, cast)
    assert refused.value.sentence == "The minutes of this meeting are published and no longer change."
    assert (Minutes.objects.get().text, list(Decision.objects.values_list("text", flat=True))) == (
        "We met.",
        ["Post daily."],
    )


def test_the_rows_themselves_refuse_to_change_once_published(published):
    with pytest.raises(FactChanged):
        Minutes.objects.get().save()
    with pytest.raises(FactChanged):
        Decision.objects.get().save()
    with pytest.raises(FactChanged):
        Decision.objects.get().delete()


@pytest.mark.parametrize("verb", [name for name in VERBS if name not in ("withdrawal", "cancelling")])
def test_nothing_is_written_at_a_meeting_that_was_called_off(cast, held, verb):
    actions.cancel_meeting(held, reason="Ill", by=cast.decider)
    with pytest.raises(Refused) as refused:
        VERBS[verb](held, cast)
    assert refused.value.code == "cancelled"


def test_an_empty_meeting_is_not_published(cast, held):
    with pytest.raises(Refused, match="nothing to publish yet"):
        actions.publish_minutes(held, by=cast.manager)
    assert not Minutes.objects.exists()


def test_decisions_alone_may_be_published(cast, held):
    actions.record_decision(held, text="Post daily.", by=cast.manager)
    assert actions.publish_minutes(held, by=cast.manager).text == ""


def test_a_meeting_that_has_not_begun_is_not_published(cast):
    meeting = make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    actions.write_minutes(meeting, text="To ask", revision=0, by=cast.manager)
    with pytest.raises(Refused, match="not begun yet"):
        actions.publish_minutes(meeting, by=cast.manager)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", ["viewer", "stranger"])
def test_who_looks_on_writes_nothing(cast, held, verb, role):
    actions.record_decision(held, text="Post daily.", by=cast.manager)
    before = verbs()
    cast.manager = getattr(cast, role)
    with pytest.raises(PermissionDenied):
        VERBS[verb](held, cast)
    assert verbs() == before


@pytest.mark.parametrize("verb", [name for name in VERBS if name != "withdrawal"])
def test_nothing_changes_in_a_closed_project(cast, held, verb):
    cast.project.closed_at = BEHIND
    cast.project.save()
    held.refresh_from_db()
    with pytest.raises(Refused, match="closed"):
        VERBS[verb](held, cast)
