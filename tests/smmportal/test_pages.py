"""The front door: who is told what, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Brief, Project
from projects.questionnaire import new_form
from smmportal.people.models import Role, Side
from smmportal.waiting import Waiting
from tests.builders import make_goal, make_meeting, make_task


@pytest.fixture(autouse=True)
def brief(cast) -> Brief:
    return Brief.objects.create(project=cast.project, form=new_form())


def sentences(lines) -> list[str]:
    return [line.sentence for line in lines]


def at_home(browse, person) -> dict[str, list[str]]:
    context = browse(person).get("/").context
    return {"mine": sentences(context["mine"]), "theirs": sentences(context["theirs"])}


BRIEF = "Fill in the brief: it is what the whole project rests on."
MEETING = "No next meeting is booked."


@pytest.mark.parametrize(
    ("who", "mine", "theirs"),
    [
        ("manager", ["Draft the posts", MEETING], [BRIEF, "Send the logo"]),
        ("owner", ["Draft the posts", MEETING], [BRIEF, "Send the logo"]),
        ("specialist", ["Draft the posts", MEETING], [BRIEF, "Send the logo"]),
        ("contact", [BRIEF, "Send the logo"], ["Draft the posts", MEETING]),
        ("decider", [BRIEF], ["Draft the posts", MEETING]),
        ("viewer", [], ["Draft the posts", MEETING]),
        ("colleague", [], []),
        ("neighbour", [], []),
        ("stranger", [], []),
    ],
)
def test_each_is_told_what_only_they_can_do(cast, browse, who, mine, theirs):
    make_task(cast, title="Send the logo", side=Side.CLIENT, assignee=cast.contact)
    make_task(cast, title="Draft the posts", side=Side.AGENCY, assignee=None)
    said = at_home(browse, getattr(cast, who))
    assert (sorted(said["mine"]), sorted(said["theirs"])) == (sorted(mine), sorted(theirs))


def test_the_oldest_comes_first(cast, browse):
    for days in (1, 9, 4):
        task = make_task(cast, title=f"asked {days} days ago", side=Side.AGENCY, assignee=None)
        type(task).objects.filter(pk=task.pk).update(created_at=timezone.now() - timedelta(days=days))
    said = [sentence for sentence in at_home(browse, cast.manager)["mine"] if sentence.startswith("asked")]
    assert said == ["asked 9 days ago", "asked 4 days ago", "asked 1 days ago"]


def test_a_closed_project_says_nothing(cast, browse):
    make_task(cast, title="Draft the posts", side=Side.AGENCY, assignee=None)
    Project.objects.update(closed_at=timezone.now())
    context = browse(cast.manager).get("/").context
    assert (context["mine"], context["theirs"], context["courses"]) == ([], [], [])


def test_the_next_meeting_is_the_nearest_of_all_and_waits_for_nobody(cast, browse):
    soon = timezone.now() + timedelta(hours=5)
    make_meeting(cast, title="Later", starts_at=soon + timedelta(days=2), ends_at=soon + timedelta(days=2, hours=1))
    make_meeting(cast, title="Soon", starts_at=soon, ends_at=soon + timedelta(hours=1))
    context = browse(cast.decider).get("/").context
    assert context["next_meeting"].title == "Soon"
    assert sentences([*context["mine"], *context["theirs"]]) == [BRIEF]


@pytest.mark.parametrize(
    ("who", "may"),
    [("owner", True), ("manager", True), ("stranger", True), ("specialist", False), ("decider", False)],
)
def test_who_may_start_a_project_is_offered_it(cast, browse, who, may):
    page = browse(getattr(cast, who)).get("/")
    assert ('href="/projects/new/"' in page.content.decode()) is may


def test_who_is_in_no_project_is_told_so(cast, browse):
    page = browse(cast.colleague).get("/").content.decode()
    assert "You are in no project yet." in page


@pytest.mark.parametrize(
    ("who", "headings"),
    [("manager", ["Waiting for us", "Waiting for the client"]), ("viewer", ["Waiting for the agency"])],
)
def test_the_overview_speaks_from_the_readers_side(cast, browse, who, headings):
    page = browse(getattr(cast, who)).get(f"/projects/{cast.project.pk}/").content.decode()
    assert [heading for heading in headings if heading in page] == headings


def test_the_readers_own_side_comes_first(cast, browse):
    first = {
        who: browse(getattr(cast, who)).get(f"/projects/{cast.project.pk}/").context["waits_for"][0]["side"]
        for who in ("manager", "specialist", "decider", "contact")
    }
    agency, client = (
        dict.fromkeys(("manager", "specialist"), Side.AGENCY),
        dict.fromkeys(("decider", "contact"), Side.CLIENT),
    )
    assert first == agency | client


def test_the_overview_shows_both_sides_the_same_lines(cast, browse):
    make_task(cast, title="Send the logo", side=Side.CLIENT)
    make_task(cast, title="Draft the posts", side=Side.AGENCY, assignee=None)
    seen = {
        who: {
            side["side"]: sorted(sentences(side["lines"]))
            for side in browse(getattr(cast, who)).get(f"/projects/{cast.project.pk}/").context["waits_for"]
        }
        for who in cast.INSIDE
    }
    truth = {Side.AGENCY: sorted(["Draft the posts", MEETING]), Side.CLIENT: sorted([BRIEF, "Send the logo"])}
    assert seen == dict.fromkeys(cast.INSIDE, truth)


@pytest.mark.parametrize(
    ("who", "may"), [("owner", True), ("manager", True), ("specialist", False), ("decider", False), ("viewer", False)]
)
def test_only_who_runs_the_project_is_led_to_its_basics(cast, browse, who, may):
    page = browse(getattr(cast, who)).get(f"/projects/{cast.project.pk}/").content.decode()
    assert (f'href="/projects/{cast.project.pk}/edit/"' in page) is may


@pytest.mark.parametrize("who", ["stranger", "neighbour", "colleague"])
def test_outsiders_find_no_overview(cast, browse, who):
    assert browse(getattr(cast, who)).get(f"/projects/{cast.project.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/projects/{}/", "/projects/{}/debrief/", "/projects/{}/board/", "/meetings/{}/"])
def test_an_id_that_no_database_holds_is_unknown(cast, browse, address):
    assert browse(cast.manager).get(address.format("9" * 30)).status_code == 404


def more_projects(cast, count: int) -> None:
    for number in range(count):
        project = Project.objects.create(
            name=f"Project {number}", agency=cast.agency, client=cast.client, created_by=cast.manager
        )
        make_goal(cast, project=project)
        make_task(cast, project=project, side=Side.CLIENT)
        soon = timezone.now() + timedelta(days=1 + number)
        make_meeting(cast, project=project, starts_at=soon, ends_at=soon + timedelta(hours=1))


@pytest.mark.parametrize("who", ["manager", "contact"])
def test_thirty_projects_cost_home_as_much_as_one(cast, browse, who):
    client = browse(getattr(cast, who))
    more_projects(cast, 1)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    more_projects(cast, 29)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/")
    assert (len(many), len(page.context["courses"])) == (len(few), 31)


def test_thirty_tasks_and_meetings_cost_the_overview_as_much_as_one(cast, browse):
    client, address = browse(cast.manager), f"/projects/{cast.project.pk}/"

    def rows(count: int) -> None:
        for number in range(count):
            make_task(cast, side=Side.CLIENT)
            make_goal(cast)
            soon = timezone.now() + timedelta(days=1 + number)
            make_meeting(cast, starts_at=soon, ends_at=soon + timedelta(hours=1))

    rows(1)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    rows(29)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("person", "roles", "asked", "role", "is_for"),
    [
        (None, (), 1, Role.VIEWER, True),
        (None, (Role.DECIDER,), 1, Role.CONTACT, False),
        (None, (Role.DECIDER,), 1, Role.DECIDER, True),
        (7, (Role.DECIDER,), 7, Role.VIEWER, True),
        (7, (), 1, Role.DECIDER, False),
    ],
)
def test_a_line_is_for_its_person_or_for_whoever_has_the_role(person, roles, asked, role, is_for):
    line = Waiting(1, "Coffee", Side.CLIENT, "Sign", "Sign", "/", person_id=person, roles=roles)
    assert line.is_for(asked, role) is is_for
