"""The pages of a goal from its first day to its last."""

from datetime import date

import pytest
from django.urls import reverse

from projects import actions
from projects.models import BusinessGoal, Confidence, Goal
from tests.builders import make_business_goal, make_conclusion, make_goal, make_running_goal

AHEAD, LONG_AGO = date(2099, 1, 1), date(2020, 1, 1)


def page(client, name: str, pk: int) -> str:
    answer = client.get(reverse(f"projects:{name}", args=[pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, name: str, pk: int, **typed):
    return client.post(reverse(f"projects:{name}", args=[pk]), typed)


def agreed_goal(cast, **fields) -> Goal:
    return make_running_goal(cast, status=Goal.Status.AGREED, begun_at=None, begun_by=None, **fields)


@pytest.mark.parametrize(
    ("who", "offered"), [("manager", True), ("decider", True), ("contact", False), ("viewer", False)]
)
def test_who_may_begin_is_offered_to(cast, browse, who, offered):
    goal = agreed_goal(cast)
    assert (
        reverse("projects:goal_start", args=[goal.pk]) in page(browse(getattr(cast, who)), "goal", goal.pk)
    ) is offered


def test_before_the_brief_is_confirmed_the_page_says_what_it_waits_for(cast, browse, manager):
    text = page(browse(manager), "goal", make_goal(cast, status="agreed", agreed_by=cast.decider).pk)
    assert "once the client has confirmed" in text
    assert "start/" not in text


def test_a_press_begins_it(cast, browse, decider):
    goal = agreed_goal(cast)
    assert post(browse(decider), "goal_start", goal.pk).url == goal.get_absolute_url()
    goal.refresh_from_db()
    assert goal.status == "active"


def test_past_its_day_the_next_step_is_to_say_how_it_ended(cast, browse, decider):
    text = page(browse(decider), "goal", make_running_goal(cast, due_on=LONG_AGO).pk)
    assert "Its day has passed" in text


def test_a_retrospective_is_written_and_read(cast, browse, manager, viewer):
    goal = make_running_goal(cast)
    typed = {"outcome": "missed", "reason": "We began late.", "lesson": "Begin in August <b>"}
    assert post(browse(manager), "goal_conclusion", goal.pk, **typed).status_code == 302
    text = page(browse(viewer), "goal", goal.pk)
    assert all(words in text for words in ("We began late.", "Begin in August &lt;b&gt;", "Missed"))


def test_a_missing_reason_loses_nothing_typed(cast, browse, manager):
    goal = make_running_goal(cast)
    answer = post(browse(manager), "goal_conclusion", goal.pk, outcome="missed", worked="Videos")
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422,
        ["Please say in a line why: both sides will read it later."],
    )
    assert answer.context["form"]["worked"].value() == "Videos"


def test_a_goal_is_taken_up_again_and_its_ending_stays_on_the_page(cast, browse, decider):
    goal = make_conclusion(cast).goal
    assert post(browse(decider), "goal_reopening", goal.pk, reason="A new budget").status_code == 302
    text = page(browse(decider), "goal", goal.pk)
    assert "A new budget" in text
    assert "We began late." in text


def test_of_an_agreed_goal_only_its_place_is_edited(cast, browse, manager):
    goal = make_running_goal(cast, due_on=AHEAD)
    above = make_business_goal(cast)
    assert "statement" not in page(browse(manager), "edit_goal", goal.pk)
    typed = {"business_goal": above.pk, "agency_owner": cast.specialist.pk, "statement": "Ten"}
    assert post(browse(manager), "edit_goal", goal.pk, **typed).status_code == 302
    goal.refresh_from_db()
    assert (goal.business_goal, goal.agency_owner, goal.statement, goal.status) == (
        above,
        cast.specialist,
        "Twelve thousand followers by 1 March",
        "active",
    )


def test_one_press_says_how_sure_a_side_is(cast, browse, contact):
    goal = make_running_goal(cast)
    answer = post(browse(contact), "goal_confidence", goal.pk, value="7", note="Videos work")
    assert answer.url == f"{goal.get_absolute_url()}#confidence"
    assert list(Confidence.objects.values_list("side", "value", "note")) == [("client", 7, "Videos work")]
    assert "Videos work" in page(browse(cast.manager), "goal", goal.pk)


@pytest.mark.parametrize("value", ["", "11", "x", "9" * 30])
def test_what_is_no_press_comes_back_with_the_page(cast, browse, contact, value):
    answer = post(browse(contact), "goal_confidence", make_running_goal(cast).pk, value=value, note="Videos")
    assert (answer.status_code, answer.context["confidence_form"]["note"].value()) == (422, "Videos")
    assert not Confidence.objects.exists()


def test_a_gap_says_when_it_will_be_talked_about(cast, browse):
    goal = make_running_goal(cast)
    for person, value in ((cast.manager, 9), (cast.decider, 4)):
        actions.say_confidence(goal, value=value, by=person)
    assert "as soon as a meeting is booked" in page(browse(cast.viewer), "goal", goal.pk)
    goal.gaps.update(raised_at=goal.created_at)
    assert "It is on the agenda of the next meeting" in page(browse(cast.viewer), "goal", goal.pk)
    assert "the sides differ" in page(browse(cast.viewer), "goals", cast.project.pk)


def test_viewers_read_and_press_nothing(cast, browse, viewer):
    goal = make_running_goal(cast)
    text = page(browse(viewer), "goal", goal.pk)
    assert not any(f"/goals/{goal.pk}/{door}/" in text for door in ("conclusion", "confidence", "edit", "start"))


def test_the_briefs_task_becomes_a_business_goal_in_one_press(browse, version, project, contact):
    offered = "More leads and enquiries"
    text = page(browse(contact), "goals", project.pk)
    assert f'value="{offered}"' in text
    assert post(browse(contact), "business_goals", project.pk, text=offered).status_code == 302
    assert BusinessGoal.objects.get().from_key == "D1"
    assert f'value="{offered}"' not in page(browse(contact), "goals", project.pk)


def test_a_goal_begins_under_a_business_goal(cast, browse, manager):
    above = make_business_goal(cast)
    address = reverse("projects:new_goal", args=[cast.project.pk])
    assert browse(manager).get(f"{address}?above={above.pk}").context["form"]["business_goal"].value() == above.pk
    assert browse(manager).get(f"{address}?above=x").status_code == 200


def test_business_goals_are_reworded_reordered_and_removed(cast, browse, manager):
    first, second = make_business_goal(cast), make_business_goal(cast, text="Fame", position=2)
    client = browse(manager)
    post(client, "business_goal", first.pk, text="Orders")
    post(client, "business_goal_position", second.pk, position="1")
    rows = page(client, "business_goals", cast.project.pk)
    assert rows.index("Fame") < rows.index("Orders")
    post(client, "business_goal_removal", first.pk)
    assert list(BusinessGoal.objects.values_list("text", flat=True)) == ["Fame"]


def test_no_words_come_back_as_an_error(cast, browse, manager):
    assert post(browse(manager), "business_goals", cast.project.pk, text=" ").status_code == 422
    assert post(browse(manager), "business_goal", make_business_goal(cast).pk, text="").status_code == 422
