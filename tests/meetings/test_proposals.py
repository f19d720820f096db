"""A few times are proposed, answered, and the first that suits everybody is booked."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from meetings import actions, proposals, queries
from meetings.models import Asked, HeldTime, Meeting, Proposal, ProposalLink
from meetings.proposals import Wanted
from smmportal.audit import AuditEntry
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import make_proposal
from tests.meetings.moments import AHEAD, HOUR

WANTED = Wanted("Plan for March", 60, "https://call.example/7", "Any of these?")
DAY = timedelta(days=1)


def propose(cast, *starts, by=None, people=None, optional=(), wanted=WANTED) -> Proposal:
    return proposals.propose(
        cast.project,
        wanted,
        starts=starts or (AHEAD, AHEAD + DAY),
        people=people or [cast.manager, cast.decider],
        optional=optional,
        by=by or cast.manager,
    )


def ids(proposal: Proposal, *starts) -> list[int]:
    return list(proposal.times.filter(starts_at__in=starts).values_list("pk", flat=True))


def told(event: str) -> list[str]:
    return sorted(str(row.to) for row in Notification.objects.filter(event=event).select_related("to"))


def refusal(verb, *args, **fields) -> str:
    with pytest.raises(Refused) as refused:
        verb(*args, **fields)
    return refused.value.code


# --- Proposing ------------------------------------------------------------------------------------------------------


def test_the_other_side_is_asked_and_who_proposes_has_answered_for_their_own(cast):
    people = [cast.manager, cast.specialist, cast.decider]
    proposal = propose(cast, people=people, optional=[cast.viewer])
    assert {str(each.person): (each.is_required, each.answered_at is None) for each in proposal.asked.all()} == {
        "Maxim": (True, False),
        "Sonya": (True, False),
        "Dmitry": (True, True),
        "Vera": (False, True),
    }
    assert told("proposal.made") == ["Dmitry"]
    assert list(AuditEntry.objects.values_list("verb", "by__name")) == [("proposal.made", "Maxim")]


@pytest.mark.parametrize("role", ["owner", "manager", "specialist", "decider", "contact"])
def test_either_side_proposes(cast, role):
    assert propose(cast, people=[cast.manager, cast.decider], by=getattr(cast, role)).is_open


@pytest.mark.parametrize("role", ["viewer", "stranger", "neighbour"])
def test_who_only_looks_on_or_is_outside_does_not(cast, role):
    with pytest.raises(PermissionDenied):
        propose(cast, by=getattr(cast, role))
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("starts", "code"),
    [
        ([AHEAD + number * DAY for number in range(6)], "too-many"),
        ([AHEAD, AHEAD + HOUR / 2], "overlap"),
        ([timezone.now() - DAY], "past"),
    ],
)
def test_a_proposal_is_one_to_five_times_ahead_of_us_apart_from_each_other(cast, starts, code):
    assert refusal(propose, cast, *starts) == code
    assert not HeldTime.objects.exists()


def test_everybody_required_can_answer_and_somebody_is_asked(cast):
    assert refusal(propose, cast, people=[cast.manager, cast.viewer]) == "looks-on"
    assert refusal(propose, cast, people=[cast.manager, cast.specialist]) == "nobody-to-ask"


def test_all_the_times_are_held_until_the_proposal_ends(cast):
    proposal = propose(cast)
    start, end = AHEAD + DAY, AHEAD + DAY + HOUR
    booking = {"title": "x", "starts_at": start, "ends_at": end, "people": [cast.decider], "by": cast.contact}
    assert refusal(actions.book_meeting, cast.project, **booking) == "taken"
    assert refusal(propose, cast, AHEAD, people=[cast.contact, cast.specialist, cast.manager]) == "taken"
    free = queries.free_times(cast.project, [cast.decider], first=AHEAD, last=AHEAD + 2 * HOUR, minutes=60)
    assert [slot.start for slot in free] == [AHEAD + HOUR]
    proposals.withdraw(proposal, by=cast.specialist)
    assert actions.book_meeting(cast.project, **booking).pk


# --- Answering ------------------------------------------------------------------------------------------------------


def test_the_first_time_that_suits_is_booked_at_once(cast):
    proposal = propose(cast, AHEAD, AHEAD + DAY, AHEAD + 2 * DAY, optional=[cast.viewer])
    answered = proposals.answer(proposal, by=cast.decider, suits=ids(proposal, AHEAD + 2 * DAY, AHEAD + DAY))
    meeting = Meeting.objects.get()
    assert (answered.state, answered.meeting, meeting.starts_at, meeting.title, meeting.place) == (
        "booked",
        meeting,
        AHEAD + DAY,
        "Plan for March",
        "https://call.example/7",
    )
    assert list(HeldTime.objects.values_list("person__name", "meeting", "time").order_by("person__name")) == [
        ("Dmitry", meeting.pk, None),
        ("Maxim", meeting.pk, None),
    ]
    assert told("meeting.booked") == ["Maxim", "Vera"]
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "proposal.made",
        "proposal.answered",
        "meeting.booked",
        "proposal.booked",
    ]


def test_nothing_is_booked_before_everybody_required_has_said_yes(cast):
    proposal = propose(cast, people=[cast.manager, cast.decider, cast.contact])
    assert proposals.answer(proposal, by=cast.decider, suits=ids(proposal, AHEAD)).meeting is None
    assert told("proposal.answered") == ["Maxim"]
    assert (
        proposals.answer(proposal, by=cast.contact, suits=ids(proposal, AHEAD, AHEAD + DAY)).meeting.starts_at == AHEAD
    )


def test_other_times_ask_the_side_that_proposed(cast):
    proposal = propose(cast)
    offered = AHEAD + 3 * DAY
    proposals.answer(proposal, by=cast.decider, starts=[offered])
    assert told("proposal.countered") == ["Maxim"]
    assert [line.person_id for line in queries.waiting([cast.project]) if line.kind == "answer"] == [cast.manager.pk]
    assert proposals.answer(proposal, by=cast.manager, suits=ids(proposal, offered)).meeting.starts_at == offered


def test_none_of_them_may_suit_and_who_proposed_learns_of_it(cast):
    proposal = propose(cast)
    assert proposals.answer(proposal, by=cast.decider).is_open
    assert Notification.objects.get(event="proposal.answered").facts["suits"] == 0


def test_an_answer_is_said_anew(cast):
    proposal = propose(cast, people=[cast.manager, cast.decider, cast.contact])
    proposals.answer(proposal, by=cast.decider, suits=ids(proposal, AHEAD))
    proposals.answer(proposal, by=cast.decider, suits=ids(proposal, AHEAD + DAY))
    assert proposals.answer(proposal, by=cast.contact, suits=ids(proposal, AHEAD)).is_open
    assert not Meeting.objects.exists()


def test_nobody_offers_more_than_five(cast):
    proposal = propose(cast)
    proposals.answer(proposal, by=cast.decider, starts=[AHEAD + number * DAY for number in range(2, 7)])
    assert refusal(proposals.answer, proposal, by=cast.decider, starts=[AHEAD + 8 * DAY]) == "too-many"


def test_a_taken_time_is_not_offered_either(cast):
    times = {"starts_at": AHEAD + 3 * DAY, "ends_at": AHEAD + 3 * DAY + HOUR}
    actions.book_meeting(cast.project, title="x", people=[cast.manager], by=cast.manager, **times)
    proposal = propose(cast)
    assert refusal(proposals.answer, proposal, by=cast.decider, starts=[AHEAD + 3 * DAY]) == "taken"
    assert proposal.times.count() == 2


def test_who_is_not_asked_does_not_answer(cast):
    proposal = propose(cast)
    for person in (cast.contact, cast.viewer, cast.stranger):
        with pytest.raises(PermissionDenied):
            proposals.answer(proposal, by=person, suits=ids(proposal, AHEAD))


def test_what_waits_for_whom_names_each_who_has_not_answered(cast):
    proposal = propose(cast, people=[cast.manager, cast.decider, cast.contact])
    proposals.answer(proposal, by=cast.decider)
    [line] = [line for line in queries.waiting([cast.project]) if line.kind == "answer"]
    assert (line.person_id, line.side, line.url, line.sentence) == (
        cast.contact.pk,
        "client",
        f"/proposals/{proposal.pk}/",
        "Say which of the proposed times suit you: “Plan for March”",
    )


# --- Ending ---------------------------------------------------------------------------------------------------------


def test_a_proposal_is_withdrawn_by_the_side_that_made_it(cast):
    proposal = propose(cast)
    with pytest.raises(PermissionDenied):
        proposals.withdraw(proposal, by=cast.decider)
    assert proposals.withdraw(proposal, by=cast.specialist).state == "withdrawn"
    assert proposals.withdraw(proposal, by=cast.manager).ended_by == cast.specialist
    assert (told("proposal.withdrawn"), HeldTime.objects.count()) == (["Dmitry", "Maxim"], 0)
    assert {link.state for link in ProposalLink.objects.all()} == {"revoked"}
    assert refusal(proposals.answer, proposal, by=cast.decider) == "withdrawn"


def test_a_proposal_runs_out_and_who_proposed_is_told_once(cast):
    proposal = propose(cast)
    assert proposal.expires_at - timezone.now() < Proposal.LASTS
    assert proposals.expire_due() == 0
    Proposal.objects.update(expires_at=timezone.now())
    assert (proposals.expire_due(), proposals.expire_due()) == (1, 0)
    assert (told("proposal.expired"), HeldTime.objects.count()) == (["Maxim"], 0)
    assert refusal(proposals.answer, proposal, by=cast.decider) == "expired"


def test_a_proposal_does_not_outlive_its_last_time(cast):
    soon = timezone.now() + HOUR
    assert propose(cast, soon).expires_at == soon


def test_what_has_run_out_holds_nothing_though_nobody_has_swept_it_yet(cast):
    propose(cast)
    Proposal.objects.update(expires_at=timezone.now())
    times = {"starts_at": AHEAD, "ends_at": AHEAD + HOUR}
    assert actions.book_meeting(cast.project, title="x", people=[cast.decider], by=cast.manager, **times).pk


# --- By link --------------------------------------------------------------------------------------------------------


@pytest.fixture
def address(cast) -> str:
    """Of the decider's letter, without the portal's own part."""
    propose(cast)
    return Notification.objects.get(event="proposal.made").secret_url.removeprefix("http://portal.example")


def test_a_link_answers_without_a_login(cast, browse, address):
    assert ProposalLink.objects.get().token_hash not in address
    page = browse().get(address)
    assert (page.status_code, page["Cache-Control"], page["Referrer-Policy"]) == (
        200,
        "no-store, private",
        "no-referrer",
    )
    [time, _later] = Proposal.objects.get().times.all()
    answer = browse().post(address, {"suits": [time.pk]})
    assert (answer.status_code, Meeting.objects.get().starts_at) == (302, AHEAD)
    assert AuditEntry.objects.get(verb="proposal.answered").by == cast.decider
    after = browse().get(address)
    assert (after.status_code, "The meeting is booked" in after.content.decode()) == (410, True)


def test_looking_by_a_link_changes_nothing(browse, address):
    before = list(Asked.objects.values()), list(ProposalLink.objects.values())
    browse().get(address)
    browse().head(address)
    assert (list(Asked.objects.values()), list(ProposalLink.objects.values())) == before


def test_a_link_dies_with_its_proposal(cast, browse, address):
    proposals.withdraw(Proposal.objects.get(), by=cast.manager)
    assert browse().post(address, {"suits": []}).status_code == 410


def test_a_link_of_who_has_left_opens_nothing(cast, browse, address):
    cast.decider.memberships.all().delete()
    assert browse().get(address).status_code == 410


def test_a_refusal_behind_a_link_keeps_what_was_typed(browse, address):
    answer = browse().post(address, {"start_1": "2020-01-01T10:00"})
    assert (answer.status_code, 'value="2020-01-01T10:00"' in answer.content.decode()) == (422, True)


# --- Pages and programs ---------------------------------------------------------------------------------------------


def test_a_page_proposes_what_is_free_and_the_other_side_picks(cast, browse):
    browser, path = browse(cast.manager), f"/projects/{cast.project.pk}/proposals/new/"
    form = browser.get(path).context["form"]
    starts = [form[f"start_{number}"].value() for number in (1, 2, 3)]
    assert sorted(starts) == starts
    fields = {"title": "Plan", "minutes": 60, "people": [cast.manager.pk, cast.decider.pk]}
    made = browser.post(path, {**fields, "start_1": "2040-01-03T10:00", "start_2": "2040-01-04T10:00"}, follow=True)
    assert "The times are proposed and held." in made.content.decode()
    proposal = Proposal.objects.get()
    assert [time.starts_at for time in proposal.times.all()] == [AHEAD, AHEAD + DAY]
    second = proposal.times.last()
    booked = browse(cast.decider).post(proposal.get_absolute_url(), {"pick": second.pk}, follow=True)
    assert booked.redirect_chain[0][0] == Meeting.objects.get(starts_at=second.starts_at).get_absolute_url()


def test_a_program_proposes_answers_and_withdraws(cast, api):
    root = f"/api/v1/projects/{cast.project.pk}/proposals/"
    body = {"title": "Plan", "starts": ["2040-01-03T07:00:00Z"], "people": [cast.manager.pk, cast.decider.pk]}
    made = api(cast.manager).post(root, body, format="json").json()
    [time] = made["times"]
    assert (made["state"], time["start"], time["suits"]) == ("open", "2040-01-03T10:00:00+03:00", [cast.manager.pk])
    taken = api(cast.contact).post(root, body, format="json")
    assert (taken.status_code, taken.json()["type"], len(taken.json()["slots"])) == (409, "urn:portal:taken", 5)
    one = f"/api/v1/proposals/{made['id']}/"
    other = {"starts": ["2040-01-04T07:00:00Z"]}
    countered = api(cast.decider).post(f"{one}answer/", other, format="json").json()
    offered = countered["times"][1]
    assert offered["suits"] == [cast.decider.pk]
    booked = api(cast.manager).post(f"{one}answer/", {"suits": [offered["id"]]}, format="json").json()
    assert (booked["state"], booked["meeting"]) == ("booked", Meeting.objects.get().pk)
    assert api(cast.viewer).get(root).json()["results"][0]["id"] == made["id"]
    again = api(cast.manager).post(root, body, format="json").json()
    assert api(cast.manager).post(f"/api/v1/proposals/{again['id']}/withdrawal/").json()["state"] == "withdrawn"


def test_a_list_of_proposals_costs_the_same_however_many(cast, django_assert_num_queries):
    def read() -> list:
        found = queries.with_answers(cast.project.proposals.all())
        return [[(time.by, list(time.suits.all())) for time in each.times.all()] for each in found]

    make_proposal(cast)
    with django_assert_num_queries(6):
        read()
    for number in range(1, 10):
        make_proposal(cast, starts_at=AHEAD + number * DAY)
    with django_assert_num_queries(6):
        assert len(read()) == 10
