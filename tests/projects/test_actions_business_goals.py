"""What stands above the goals."""

import pytest
from django.core.exceptions import PermissionDenied

from projects import actions, queries
from projects.models import BusinessGoal
from smmportal.refusals import Refused
from tests.builders import make_business_goal, make_goal


def texts(project) -> list[tuple[int, str]]:
    return list(project.business_goals.values_list("position", "text"))


@pytest.mark.parametrize("who", ["owner", "manager", "specialist", "decider", "contact"])
def test_both_sides_write_what_the_business_wants(cast, who):
    above = actions.name_business_goal(cast.project, text="  More \n orders ", by=getattr(cast, who))
    assert (above.text, above.position, above.from_key) == ("More orders", 1, "")


@pytest.mark.parametrize("who", ["viewer", "stranger", "neighbour"])
def test_who_looks_on_does_not(cast, who):
    with pytest.raises(PermissionDenied):
        actions.name_business_goal(cast.project, text="More", by=getattr(cast, who))


def test_the_first_is_offered_from_the_brief_and_links_back(version, project, manager):
    offered = queries.task_of_brief(project)
    assert (offered.version, offered.key, offered.text) == (version, "D1", "More leads and enquiries")
    above = actions.name_business_goal(project, text=offered.text, by=manager)
    assert (above.from_version, above.from_key) == (version, "D1")


def test_without_a_submitted_brief_nothing_is_offered(filled, project):
    assert queries.task_of_brief(project) is None


def test_something_else_is_offered_in_the_clients_own_words(filled, project, contact):
    own = {"choice": "other", "note": "Open a second shop"}
    actions.save_answer(filled, "D1", value=own, revision=1, by=contact)
    actions.submit_brief(filled, by=contact)
    assert queries.task_of_brief(project).text == "Open a second shop"


def test_the_same_words_are_written_once(project, manager):
    first = actions.name_business_goal(project, text="More orders", by=manager)
    assert actions.name_business_goal(project, text="More  orders", by=manager) == first


def test_no_words_are_no_goal(project, manager):
    with pytest.raises(Refused, match="Write in a line"):
        actions.name_business_goal(project, text="  ", by=manager)


def test_there_is_an_end_to_them(project, manager):
    for number in range(20):
        actions.name_business_goal(project, text=f"Goal {number}", by=manager)
    with pytest.raises(Refused, match="at most 20"):
        actions.name_business_goal(project, text="One more", by=manager)


def test_they_stand_in_order_and_close_up(project, manager):
    for text in ("Orders", "Fame", "People"):
        last = actions.name_business_goal(project, text=text, by=manager)
    actions.change_business_goal(last, position=1, text="Staff", by=manager)
    assert texts(project) == [(1, "Staff"), (2, "Orders"), (3, "Fame")]


def test_one_with_goals_under_it_stays(cast, project, manager):
    above = make_business_goal(cast)
    goal = make_goal(cast, business_goal=above)
    with pytest.raises(Refused, match="Move them under another one"):
        actions.remove_business_goal(above, by=manager)
    actions.edit_goal(goal, by=manager, business_goal=None)
    actions.remove_business_goal(above, by=manager)
    assert not BusinessGoal.objects.exists()


def test_a_closed_project_keeps_its_own(cast, project, manager):
    above = make_business_goal(cast)
    actions.close_project(project, by=manager)
    above.project.refresh_from_db()
    for verb in (
        lambda: actions.name_business_goal(above.project, text="x", by=manager),
        lambda: actions.reword_business_goal(above, text="x", by=manager),
        lambda: actions.place_business_goal(above, position=1, by=manager),
        lambda: actions.remove_business_goal(above, by=manager),
    ):
        with pytest.raises(Refused, match="closed"):
            verb()
