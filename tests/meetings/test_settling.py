"""Published minutes: confirmed, disputed, answered, corrected, final."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from meetings import actions, settling
from meetings.freezing import answers_of, hash_of_final
from meetings.models import Confirmation, Correction, Decision, Minutes, MinutesLink, Objection
from smmportal.facts import FactChanged, content_hash
from smmportal.notifications.actions import deliver_due
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_meeting
from tests.meetings.moments import BEHIND, HOUR
from tests.meetings.test_actions_booking import told, verbs


@pytest.fixture
def minutes(cast) -> Minutes:
    """Published by the agency: a text, a decision, an action item."""
    held = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    actions.write_minutes(held, text="We talked about\nthe summer.", revision=0, by=cast.manager)
    actions.record_decision(held, text="Post daily.", by=cast.manager)
    actions.assign_action(held, title="Send photos", side=Side.CLIENT, assignee=cast.contact, by=cast.manager)
    return actions.publish_minutes(held, by=cast.manager)


def confirm(minutes, by):
    return settling.confirm_minutes(minutes, by=by, seen_hash=minutes.content_hash)


def object_to(minutes, by, **point):
    point = point or {"decision": minutes.meeting.decisions.get()}
    return settling.object_to_minutes(minutes, text="Twice a day.", by=by, **point)


def let_term_end(minutes):
    Minutes.objects.filter(pk=minutes.pk).update(answer_by=timezone.now() - timedelta(minutes=1))


def now_of(minutes) -> Minutes:
    return Minutes.objects.get(pk=minutes.pk)


def said(minutes) -> list[tuple]:
    return list(minutes.confirmations.values_list("side", "by__name", "via"))


def test_publishing_keeps_the_words_with_their_hash_and_confirms_for_the_side_that_publishes(cast, minutes):
    [action] = minutes.content["actions"]
    assert (action["title"], action["side"], action["person"]) == ("Send photos", "client", "Katya")
    assert minutes.content_hash == content_hash(now_of(minutes).content)
    assert said(minutes) == [("agency", "Maxim", "publication")]


def test_the_kept_words_stay_when_the_task_is_renamed(cast, minutes):
    minutes.meeting.action_items.update()
    minutes.meeting.action_items.get().task.__class__.objects.update(title="Another")
    assert now_of(minutes).content["actions"][0]["title"] == "Send photos"


def test_both_confirmed_is_final_at_once_with_a_hash_of_what_was_said(cast, minutes):
    confirm(minutes, cast.decider)
    final = now_of(minutes)
    assert final.final_at is not None
    assert final.final_hash == hash_of_final(final, answers_of(final))
    assert said(minutes) == [("agency", "Maxim", "publication"), ("client", "Dmitry", "portal")]
    assert [name for name, _facts in told("minutes.final")] == ["Dmitry", "Katya", "Maxim", "Sonya"]
    assert told("minutes.final")[0][1]["is_silent"] is False


def test_confirming_twice_is_once(cast, minutes):
    assert confirm(minutes, cast.decider) == confirm(minutes, cast.contact)


def test_who_read_other_words_confirms_nothing(cast, minutes):
    with pytest.raises(Refused) as refused:
        settling.confirm_minutes(minutes, by=cast.decider, seen_hash="0" * 64)
    assert (refused.value.code, minutes.confirmations.count()) == ("other-text", 1)


def test_silence_is_accepted_when_the_term_ends_and_is_never_a_confirmation(cast, minutes):
    assert (settling.conclude_due(), now_of(minutes).final_at) == (0, None)
    let_term_end(minutes)
    assert (settling.conclude_due(), settling.conclude_due()) == (1, 0)
    assert now_of(minutes).final_at is not None
    assert said(minutes) == [("agency", "Maxim", "publication")]
    assert told("minutes.final")[0][1]["is_silent"] is True


def test_an_open_objection_keeps_minutes_from_being_final(cast, minutes):
    objection = object_to(minutes, cast.decider)
    let_term_end(minutes)
    assert settling.conclude_due() == 0
    settling.answer_objection(objection, agrees=False, text="We said daily.", by=cast.manager)
    assert now_of(minutes).final_at is not None


def test_agreeing_with_an_objection_adds_a_correction(cast, minutes):
    objection = object_to(minutes, cast.contact)
    settling.answer_objection(objection, agrees=True, text="Twice a day.", by=cast.specialist)
    assert list(Correction.objects.values_list("text", "by__name", "side", "objection")) == [
        ("Twice a day.", "Sonya", "agency", objection.pk)
    ]
    assert now_of(minutes).final_at is None


def test_disagreeing_stays_beside_the_point(cast, minutes):
    objection = object_to(minutes, cast.decider)
    settling.answer_objection(objection, agrees=False, text="We said daily.", by=cast.manager)
    confirm(minutes, cast.decider)
    assert Decision.objects.with_state().get().state == "disputed"
    assert now_of(minutes).final_at is not None
    assert not Correction.objects.exists()


def test_both_sides_hear_of_an_objection_and_of_its_answer(cast, minutes):
    objection = object_to(minutes, cast.decider)
    settling.answer_objection(objection, agrees=True, text="Twice.", by=cast.manager)
    [*_, (_name, facts)] = told("minutes.disputed")
    assert {name for name, _facts in told("minutes.disputed")} == {"Katya", "Maxim", "Sonya"}
    assert (facts["point"], facts["objection"]) == ("Post daily.", "Twice a day.")
    assert {name for name, _facts in told("minutes.answered")} == {"Dmitry", "Katya", "Sonya"}


def test_the_side_that_objects_does_not_answer_itself(cast, minutes):
    objection = object_to(minutes, cast.decider)
    with pytest.raises(PermissionDenied):
        settling.answer_objection(objection, agrees=True, text="Twice.", by=cast.contact)


def test_a_passage_is_found_whatever_its_line_breaks(cast, minutes):
    assert object_to(minutes, cast.decider, passage="about the summer").passage == "about the summer"


@pytest.mark.parametrize(
    ("point", "code"),
    [({"passage": "the winter"}, "no-passage"), ({"passage": " "}, "no-point")],
)
def test_an_objection_names_a_point_of_these_minutes(cast, minutes, point, code):
    with pytest.raises(Refused) as refused:
        object_to(minutes, cast.decider, **point)
    assert (refused.value.code, Objection.objects.count()) == (code, 0)


def test_a_point_of_other_minutes_is_refused(cast, minutes):
    other = make_meeting(cast).decisions.create(text="Other", by=cast.manager)
    with pytest.raises(Refused, match="not in these minutes"):
        object_to(minutes, cast.decider, decision=other)


def test_the_database_too_wants_one_point(cast, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        minutes.objections.create(side=Side.CLIENT, by=cast.decider, text="x")


def test_the_same_objection_sent_twice_is_one(cast, minutes):
    assert object_to(minutes, cast.decider) == object_to(minutes, cast.decider)


def test_after_the_term_there_is_only_a_correction(cast, minutes):
    let_term_end(minutes)
    settling.conclude_due()
    late = now_of(minutes)
    with pytest.raises(Refused, match="Add a correction"):
        object_to(late, cast.decider)
    with pytest.raises(Refused, match="Add a correction"):
        confirm(late, cast.decider)
    before = late.final_hash
    settling.correct_minutes(late, text="The summer of 2024.", by=cast.decider)
    assert (now_of(minutes).final_hash, Correction.objects.get().text) == (before, "The summer of 2024.")


def test_nothing_that_was_said_ever_changes(cast, minutes):
    objection = object_to(minutes, cast.decider)
    settling.answer_objection(objection, agrees=True, text="Twice.", by=cast.manager)
    for row in (Confirmation.objects.get(), objection, objection.answer, Correction.objects.get()):
        with pytest.raises(FactChanged):
            row.save()
        with pytest.raises(FactChanged):
            row.delete()
    with pytest.raises(FactChanged):
        now_of(minutes).save()


@pytest.mark.parametrize("person", ["viewer", "stranger", "neighbour"])
def test_who_looks_on_answers_nothing(cast, minutes, person):
    by, before = getattr(cast, person), verbs()
    for verb in (
        lambda: confirm(minutes, by),
        lambda: object_to(minutes, by),
        lambda: settling.correct_minutes(minutes, text="x", by=by),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    assert verbs() == before


def test_drafts_are_not_answered(cast):
    draft = Minutes.objects.create(meeting=make_meeting(cast), text="x", written_by=cast.manager)
    with pytest.raises(Refused, match="not published"):
        settling.correct_minutes(draft, text="x", by=cast.manager)


# --- Decisions ------------------------------------------------------------------------------------------------------


def state_of(decision) -> str:
    return Decision.objects.with_state().get(pk=decision.pk).state


def test_a_decision_is_proposed_until_the_minutes_are_final(cast, minutes):
    decision = minutes.meeting.decisions.get()
    assert state_of(decision) == "proposed"
    confirm(minutes, cast.decider)
    assert state_of(decision) == "agreed"


def test_a_disputed_decision_that_was_corrected_is_agreed(cast, minutes):
    decision, objection = minutes.meeting.decisions.get(), object_to(minutes, cast.decider)
    assert state_of(decision) == "disputed"
    settling.answer_objection(objection, agrees=True, text="Twice.", by=cast.manager)
    confirm(minutes, cast.decider)
    assert state_of(decision) == "agreed"


def test_a_decision_is_replaced_once_the_newer_one_is_published(cast, minutes):
    old = minutes.meeting.decisions.get()
    later = make_meeting(cast, starts_at=BEHIND + 168 * HOUR, ends_at=BEHIND + 169 * HOUR)
    actions.record_decision(later, text="Post weekly.", by=cast.decider, replaces=old)
    assert state_of(old) == "proposed"
    actions.publish_minutes(later, by=cast.manager)
    assert state_of(old) == "replaced"


def test_only_a_published_decision_of_an_earlier_meeting_is_replaced(cast, minutes):
    draft = make_meeting(cast, starts_at=BEHIND - 168 * HOUR, ends_at=BEHIND - 167 * HOUR)
    with pytest.raises(Refused, match="earlier meeting"):
        actions.record_decision(draft, text="x", by=cast.decider, replaces=minutes.meeting.decisions.get())


# --- The letter -----------------------------------------------------------------------------------------------------


def letters(cast) -> dict[str, str]:
    deliver_due()
    return {letter.to[0]: letter.body for letter in mail.outbox if "published" in letter.subject.lower()}


def test_each_of_the_other_side_who_may_answer_has_a_link_of_their_own(cast, minutes):
    assert list(MinutesLink.objects.order_by("person__name").values_list("person__name", flat=True)) == [
        "Dmitry",
        "Katya",
    ]


def test_the_letter_holds_the_minutes_and_the_link_only_for_whom_it_is(cast, minutes):
    found = letters(cast)
    assert "We talked about\nthe summer." in found["decider@client.example"]
    assert "— Post daily." in found["decider@client.example"]
    assert "— Send photos (client, Katya)" in found["decider@client.example"]
    assert "/minutes/" in found["decider@client.example"]
    link = next(line for line in found["decider@client.example"].splitlines() if "/minutes/" in line)
    assert link not in found["contact@client.example"]
    assert f"/meetings/{minutes.meeting_id}/" in found["specialist@agency.example"]
