"""From an answer to an object and back: places, claims, and what became of an answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.kpis import draft_kpi
from kpis.models import Kpi
from meetings.rhythm import set_rhythm
from projects import actions
from projects.models import Brief, Competitor, Contact, ForbiddenTopic
from projects.origins import KINDS, Place, place_at, place_named, place_of
from projects.queries import material_from, pieces_shown
from smmportal.refusals import Refused
from tests.builders import make_competitor, make_meeting, make_source
from tests.meetings.moments import AHEAD, HOUR
from tests.projects.conftest import answered_in_full

GIVEN = {
    "A2": ["https://vk.com/roast", "https://roast.example"],
    "A5": {"rows": [{"name": "Katya", "contact": "+7 900"}, {"name": "Vera", "contact": ""}], "note": ""},
    "D2": {"rows": [{"what": "Followers on VK", "value": "12000", "by": "2027-03-01"}], "note": ""},
    "D5": {"choices": ["reach", "followers"], "note": ""},
    "F1": {
        "rows": [
            {"link": "https://brew.example", "better": "Videos", "worse": "Slow"},
            {"link": "Tea house", "better": "", "worse": "Dull"},
        ],
        "note": "",
    },
    "G3": "No politics. No jokes about sleep.",
    "H1": {"rows": [{"how_many": "20", "how_often": "weekly"}, {}, {}, {}], "note": ""},
    "J2": {"choice": "weekly", "note": "Dmitry"},
}


@pytest.fixture
def brief(cast, contact) -> Brief:
    return answered_in_full(cast, GIVEN)


@pytest.fixture
def version(brief, contact):
    return actions.submit_brief(brief, by=contact)


def answer_anew(brief, key: str, value, *, by):
    revision = brief.answers.get(key=key).revision
    actions.save_answer(brief, key, value=value, revision=revision, by=by)
    return actions.submit_brief(brief, by=by)


def shown(version, user) -> dict:
    """By question the pieces as (name, what it became, buttons)."""
    return {
        key: [
            (each.name, [(made.kind, made.name) for made in each.made], [str(offer.button) for offer in each.offers])
            for each in pieces
        ]
        for key, pieces in pieces_shown(version, user).items()
        if pieces
    }


# --- Places -----------------------------------------------------------------------------------------------------------


def test_a_place_is_spelled_and_read_again(version, project):
    place = place_at(project, key="F1", row=1)
    assert (str(place), place_named(project, "1.F1.1"), place_named(project, "A4")) == (
        "1.F1.1",
        place,
        Place(version, "A4"),
    )


@pytest.mark.parametrize("name", ["", "Z9", "9.F1.0", "F1.9", "F1", "1.F1.x", "1.F1.0.0", "\x00", "1", "²", "99999.F1"])
def test_nonsense_names_no_place(version, project, name):
    assert place_named(project, name) is None


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"key": "Z9"}, "no-such-answer"),
        ({"key": "F1"}, "no-such-line"),
        ({"key": "F1", "row": 7}, "no-such-line"),
        ({"key": "F1", "row": 0, "version": 7}, "no-such-answer"),
    ],
)
def test_what_is_not_in_the_brief_is_refused_in_words(version, project, asked, code):
    with pytest.raises(Refused) as refused:
        place_at(project, **asked)
    assert refused.value.code == code


def test_before_the_brief_is_submitted_there_is_no_place(brief, project):
    assert place_named(project, "A4") is None


def test_another_projects_brief_names_no_place_here(version, cast, manager):
    other = actions.create_project(cast.agency, client=cast.client, name="Tea", by=manager)
    assert place_named(other, "1.F1.0") is None


# --- One click --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "name", "fields"),
    [
        (Competitor, "F1.0", {"name": "https://brew.example", "better": "Videos", "worse": "Slow"}),
        (Competitor, "F1.1", {"name": "Tea house", "better": "", "worse": "Dull"}),
        (Competitor, "F2.0", {"name": "Coffee", "better": "Coffee", "worse": ""}),
        (Contact, "A4", {"name": "Dmitry", "contact": "+7 900", "duty": "decider", "side": "client"}),
        (Contact, "A5.0", {"name": "Katya", "contact": "+7 900", "duty": "daily", "side": "client"}),
        (Contact, "A5.1", {"name": "Vera", "contact": "", "duty": "substitute", "side": "client"}),
        (Contact, "J4.0", {"name": "Coffee", "contact": "", "duty": "substitute", "side": "client"}),
        (ForbiddenTopic, "G3.1", {"text": "No jokes about sleep."}),
    ],
)
def test_an_answer_becomes_what_it_says(version, project, manager, model, name, fields):
    place = place_named(project, name)
    row = actions.know_from_answer(model, place, by=manager)
    row.refresh_from_db()
    assert {key: getattr(row, key) for key in fields} == fields
    assert (place_of(row), row.answer_url) == (place, f"/projects/{project.pk}/brief/versions/1/#{place.key}")


def test_one_line_becomes_one_object(version, project, manager, contact):
    first = actions.know_from_answer(Competitor, place_named(project, "F1.0"), by=manager)
    with pytest.raises(Refused) as refused:
        actions.know_from_answer(Competitor, place_named(project, "F1.0"), by=contact)
    assert (refused.value.code, refused.value.extra["url"]) == ("already-made", first.get_absolute_url())
    assert Competitor.objects.count() == 1


def test_a_line_that_moved_in_the_next_version_is_the_same_line(brief, version, project, manager, contact):
    actions.know_from_answer(Competitor, place_named(project, "F1.0"), by=manager)
    first, second = GIVEN["F1"]["rows"]
    answer_anew(brief, "F1", {"rows": [second, first], "note": ""}, by=contact)
    with pytest.raises(Refused) as refused:
        actions.know_from_answer(Competitor, place_named(project, "F1.1"), by=manager)
    assert refused.value.code == "already-made"
    assert actions.know_from_answer(Competitor, place_named(project, "F1.0"), by=manager).name == "Tea house"


@pytest.mark.parametrize(("model", "name"), [(Competitor, "A4"), (Contact, "G3.0"), (ForbiddenTopic, "K1")])
def test_an_answer_of_another_kind_is_not_taken(version, project, manager, model, name):
    with pytest.raises(Refused) as refused:
        actions.know_from_answer(model, place_named(project, name), by=manager)
    assert refused.value.code == "other-answer"


def test_what_the_client_does_not_know_becomes_their_task(version, project, manager):
    task = actions.ask_client(place_named(project, "K1"), by=manager)
    assert (task.side, task.title, task.from_key, task.from_row) == (
        "client",
        "Find out: What monthly budget do you plan?",
        "K1",
        None,
    )


def test_an_answered_question_is_nothing_to_find_out(version, project, manager):
    with pytest.raises(Refused) as refused:
        actions.ask_client(place_named(project, "A4"), by=manager)
    assert refused.value.code == "answered"


def test_a_material_begins_with_the_line_of_the_brief(version, project):
    assert material_from(place_named(project, "H1.0")) == {"what": "Photos: 20, weekly", "side": "client"}
    assert material_from(place_named(project, "G2")) == {
        "what": "Attach the brand book, logo, fonts and templates",
        "side": "client",
    }
    assert material_from(None) == {}


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_each_line_offers_what_it_can_become(version, manager):
    offered = {key: [offers for _name, _made, offers in pieces] for key, pieces in shown(version, manager).items()}
    assert offered == {
        "A2": [["Connect it"], ["Connect it"]],
        "A4": [["Add to contacts"]],
        "A5": [["Add to contacts"], ["Add to contacts"]],
        "C5": [["Ask for the material"]],
        "D1": [["Make it a goal"]],
        "D2": [["Make it a goal", "Make it a KPI"]],
        "D3": [["Make it a KPI"]],
        "D5": [["Make it a KPI"], ["Make it a KPI"]],
        "D6": [["Make it a KPI"]],
        "E4": [["Connect it"]],
        "F1": [["Add to competitors"], ["Add to competitors"]],
        "F2": [["Add to competitors"]],
        "G2": [["Ask for the material"]],
        "G3": [["Add to forbidden topics"], ["Add to forbidden topics"]],
        "H1": [["Ask for the material"]],
        "J2": [["Agree on this rhythm"]],
        "J4": [["Add to contacts"]],
        "K1": [["Give the client a task", "Discuss at the next meeting"]],
    }


def test_the_clients_people_are_not_offered_what_the_agency_writes(version, contact):
    seen = shown(version, contact)
    assert (seen["D2"], "D5" in seen) == ([("Followers on VK", [], ["Make it a goal"])], False)


def test_who_looks_on_is_offered_nothing(version, viewer):
    assert shown(version, viewer) == {}


def test_a_closed_project_offers_nothing(version, project, manager):
    actions.close_project(project, by=manager)
    version.brief.project.refresh_from_db()
    assert shown(version, manager) == {}


def test_an_older_version_shows_what_became_and_offers_nothing(brief, version, project, manager, contact):
    actions.know_from_answer(Competitor, place_named(project, "F1.0"), by=manager)
    answer_anew(brief, "A1", "Tea too.", by=contact)
    assert shown(version, manager) == {"F1": [("https://brew.example", [("competitor", "https://brew.example")], [])]}


def make_one_of_everything(cast, version) -> None:
    """An object of every kind, each from an answer of the brief."""
    project, manager = cast.project, cast.manager
    at = lambda name: place_named(project, name)  # noqa: E731
    meeting = make_meeting(cast, title="Next call", starts_at=AHEAD, ends_at=AHEAD + HOUR)
    actions.draft_goal(project, by=manager, statement="Twelve thousand", origin=at("D2"))
    actions.know_from_answer(Competitor, at("F1.0"), by=manager)
    actions.know_from_answer(Contact, at("A4"), by=manager)
    actions.know_from_answer(ForbiddenTopic, at("G3.0"), by=manager)
    actions.ask_for_material(project, what="Photographs", side="client", by=manager, origin=at("H1.0"))
    actions.ask_client(at("K1"), by=manager)
    make_source(cast, title="Roast on VK", **at("A2.0").fields)
    set_rhythm(project, cadence="weekly", by=manager, origin=at("J2"))
    meeting.agenda.create(position=1, title="The budget", added_by=manager, **at("K1").fields)
    draft_kpi(
        project,
        by=manager,
        source=make_source(cast),
        metric="followers",
        kind=Kpi.Kind.INCREASE_TO,
        guardrail_waived_because="We only begin.",
        starts_on="2026-11-01",
        due_on="2027-03-01",
        origin=at("D2"),
    )


def made(version, user) -> dict:
    return {key: [kind for piece in pieces for kind, _name in piece[1]] for key, pieces in shown(version, user).items()}


EVERYTHING = {
    "A2": ["source"],
    "A4": ["contact"],
    "D2": ["goal", "kpi"],
    "F1": ["competitor"],
    "G3": ["forbidden_topic"],
    "H1": ["material"],
    "J2": ["rhythm"],
    "K1": ["task", "topic"],
}


def test_the_answer_shows_what_became_of_it(cast, version, manager):
    make_one_of_everything(cast, version)
    assert {key: sorted(kinds) for key, kinds in made(version, manager).items() if kinds} == EVERYTHING
    assert sorted(kind for kinds in EVERYTHING.values() for kind in kinds) == sorted(KINDS)


def test_the_next_version_shows_it_too(cast, brief, version, manager, contact):
    make_one_of_everything(cast, version)
    later = answer_anew(brief, "A1", "Tea too.", by=contact)
    assert {key: sorted(kinds) for key, kinds in made(later, manager).items() if kinds} == EVERYTHING


def test_an_answer_that_says_something_else_says_so_and_may_begin_another(brief, version, project, manager, contact):
    set_rhythm(project, cadence="weekly", by=manager, origin=place_named(project, "J2"))
    later = answer_anew(brief, "J2", {"choice": "monthly", "note": ""}, by=contact)
    [piece] = pieces_shown(later, manager)["J2"]
    assert [(each.kind, each.version, each.is_outdated) for each in piece.made] == [("rhythm", 1, True)]
    assert [str(offer.button) for offer in piece.offers] == ["Agree on this rhythm"]


def test_what_is_written_by_hand_became_of_no_answer(cast, version, manager):
    make_competitor(cast)
    assert [made for _name, made, _offers in shown(version, manager)["F1"]] == [[], []]


def test_a_version_costs_the_same_whatever_became_of_it(cast, version, manager):
    with CaptureQueriesContext(connection) as none:
        pieces_shown(version, manager)
    make_one_of_everything(cast, version)
    for _index in range(30):
        make_competitor(cast, **place_named(cast.project, "F1.0").fields)
    with CaptureQueriesContext(connection) as many:
        pieces_shown(version, manager)
    assert len(many) == len(none)
