import pytest
from django.core.exceptions import PermissionDenied

from projects import actions
from projects.models import Answer, BriefVersion
from projects.questionnaire import FULL, QUICK
from smmportal.audit import AuditEntry
from smmportal.facts import FactChanged, content_hash
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.projects.conftest import promote


def stored(brief) -> list[tuple]:
    return list(brief.answers.values_list("key", "value", "unknown", "revision", "by__name"))


def test_an_answer_says_who_gave_it(brief, contact):
    actions.save_answer(brief, "A1", value="  We roast coffee. ", revision=0, by=contact)
    assert stored(brief) == [("A1", "We roast coffee.", False, 1, "Katya")]


def test_the_revision_rises_with_each_change(brief, contact, decider):
    actions.save_answer(brief, "A1", value="One", revision=0, by=contact)
    actions.save_answer(brief, "A1", value="Two", revision=1, by=decider)
    assert stored(brief) == [("A1", "Two", False, 2, "Dmitry")]


def test_the_same_answer_again_changes_nothing(brief, contact, decider):
    actions.save_answer(brief, "A1", value="One", revision=0, by=contact)
    actions.save_answer(brief, "A1", value="One", revision=0, by=decider)
    assert stored(brief) == [("A1", "One", False, 1, "Katya")]


def test_of_two_who_write_at_once_the_second_gets_both_texts(brief, contact, decider):
    actions.save_answer(brief, "A1", value="Katya's", revision=0, by=contact)
    with pytest.raises(Refused) as refusal:
        actions.save_answer(brief, "A1", value="Dmitry's", revision=0, by=decider)
    assert (refusal.value.code, refusal.value.extra) == (
        "changed-meanwhile",
        {"key": "A1", "current": "Katya's", "unknown": False, "revision": 1},
    )
    assert stored(brief) == [("A1", "Katya's", False, 1, "Katya")]


def test_dont_know_is_an_answer(brief, contact):
    actions.save_answer(brief, "D3", value=None, unknown=True, revision=0, by=contact)
    assert stored(brief) == [("D3", None, True, 1, "Katya")]


def test_dont_know_keeps_the_words_that_were_there(brief, contact):
    actions.save_answer(brief, "A1", value="Perhaps coffee", revision=0, by=contact)
    actions.save_answer(brief, "A1", value="Perhaps coffee", unknown=True, revision=1, by=contact)
    assert stored(brief) == [("A1", "Perhaps coffee", True, 2, "Katya")]


def test_nothing_to_keep_leaves_no_row(brief, contact):
    assert actions.save_answer(brief, "A1", value="  ", revision=0, by=contact) is None
    assert stored(brief) == []


def test_an_answer_can_be_taken_back(brief, contact):
    actions.save_answer(brief, "A1", value="One", revision=0, by=contact)
    actions.save_answer(brief, "A1", value="", revision=1, by=contact)
    assert stored(brief) == [("A1", None, False, 2, "Katya")]


def test_nonsense_is_refused_in_words(brief, contact):
    with pytest.raises(Refused, match="“soon” is not a date"):
        actions.save_answer(brief, "D2", value={"rows": [{"by": "soon"}]}, revision=0, by=contact)


def test_a_question_that_is_not_asked_takes_no_answer(brief, contact):
    with pytest.raises(Refused, match="no such question"):
        actions.save_answer(brief, "Z1", value="x", revision=0, by=contact)


@pytest.mark.parametrize("who", ["specialist", "viewer", "stranger", "neighbour", "colleague"])
def test_others_do_not_answer(cast, brief, who):
    with pytest.raises(PermissionDenied, match="Only the client and the agency's manager"):
        actions.save_answer(brief, "A1", value="x", revision=0, by=getattr(cast, who))
    assert Answer.objects.count() == 0


def test_an_answer_on_the_clients_behalf_is_recorded(brief, manager, contact):
    actions.save_answer(brief, "A1", value="x", revision=0, by=manager)
    actions.save_answer(brief, "B1", value="x", revision=0, by=contact)
    assert [(entry.by, entry.facts) for entry in AuditEntry.objects.filter(verb="brief.answered_on_behalf")] == [
        (manager, {"key": "A1"})
    ]


@pytest.mark.parametrize("text", ["я" * 10_000, "🫖☕👩‍👩‍👧", "مرحبا بالعالم", "<script>alert(1)</script>"])
def test_any_text_is_stored_as_text(brief, contact, text):
    assert actions.save_answer(brief, "A1", value=text, revision=0, by=contact).value == text


def test_what_is_left_is_named(brief, contact):
    actions.save_answer(brief, "A1", value="x", revision=0, by=contact)
    with pytest.raises(Refused, match="Who makes the final decision") as refusal:
        actions.submit_brief(brief, by=contact)
    assert refusal.value.extra["keys"] == ["A4", "B1", "C1", "D1", "D2", "D3", "E4", "F1", "G3", "I1", "J1", "J2", "K1"]


def test_an_answer_taken_back_is_left_again(filled, contact):
    actions.save_answer(filled, "A1", value=None, revision=1, by=contact)
    with pytest.raises(Refused) as refusal:
        actions.submit_brief(filled, by=contact)
    assert refusal.value.extra == {"keys": ["A1"]}


def test_dont_know_everywhere_is_enough(brief, contact):
    for section in brief.form["sections"]:
        for question in section["questions"]:
            actions.save_answer(brief, question["key"], value=None, unknown=True, revision=0, by=contact)
    assert actions.submit_brief(brief, by=contact).number == 1


def test_a_version_holds_the_whole_text(filled, contact, manager):
    actions.save_answer(filled, "A1", value="Tea too.", revision=1, by=manager)
    version = actions.submit_brief(filled, by=contact)
    answer = {**version.content["answers"]["A1"], "answered_at": "…"}
    assert answer == {"value": "Tea too.", "unknown": False, "by": "Maxim", "side": "agency", "answered_at": "…"}
    assert version.content["form"] == filled.form
    assert version.content_hash == content_hash(version.content)


def test_a_version_never_changes(version):
    version.number = 2
    with pytest.raises(FactChanged):
        version.save()


def test_a_second_click_gives_the_same_version(filled, contact, decider):
    first = actions.submit_brief(filled, by=contact)
    assert actions.submit_brief(filled, by=decider) == first
    assert BriefVersion.objects.count() == 1
    assert Notification.objects.filter(event="brief.submitted").count() == 3


def test_later_edits_make_the_next_version(filled, version, contact):
    actions.save_answer(filled, "A1", value="Tea too.", revision=1, by=contact)
    assert actions.submit_brief(filled, by=contact).number == 2
    assert BriefVersion.objects.get(number=1).content["answers"]["A1"]["value"] == "We roast coffee."


@pytest.mark.parametrize("who", ["owner", "manager", "specialist", "viewer", "stranger"])
def test_only_the_client_submits(cast, filled, who):
    with pytest.raises(PermissionDenied, match="Only the client submits"):
        actions.submit_brief(filled, by=getattr(cast, who))


# --- Questions that may stay empty, and questions that are asked only after an answer ------------------------------


def counts(brief) -> tuple[int, int, int]:
    brief.refresh_from_db()
    return brief.question_count, brief.answered_count, brief.open_count


def test_an_optional_question_keeps_nobody_from_submitting(detailed, contact):
    assert counts(detailed) == (58, 14, 0)
    assert len(actions.submit_brief(detailed, by=contact).content["answers"]) == 14


def test_a_section_without_answers_is_not_to_be_understood(detailed, contact, manager):
    version = actions.submit_brief(detailed, by=contact)
    debrief = actions.write_understanding(version, texts={}, by=manager)
    assert list(debrief.sections.values_list("key", flat=True)) == list("ABCDEFGIJK")


def test_a_required_question_that_opens_is_counted(detailed, contact):
    detailed.form["sections"][8]["questions"][2]["required"] = True
    detailed.save()
    assert counts(detailed) == (58, 14, 0)
    promote(detailed, "russia", by=contact)
    assert counts(detailed) == (59, 15, 1)
    with pytest.raises(Refused) as refusal:
        actions.submit_brief(detailed, by=contact)
    assert refusal.value.extra == {"keys": ["I3"]}


def test_an_answer_that_is_no_longer_asked_for_is_kept_and_not_submitted(detailed, contact):
    promote(detailed, "russia", by=contact)
    actions.save_answer(detailed, "I3", value={"choice": "agency", "note": ""}, revision=0, by=contact)
    assert counts(detailed) == (59, 16, 0)
    promote(detailed, "no", by=contact, revision=1)
    assert counts(detailed) == (58, 15, 0)
    version = actions.submit_brief(detailed, by=contact)
    assert "I3" not in version.content["answers"]
    assert detailed.answers.get(key="I3").value == {"choice": "agency", "note": ""}
    promote(detailed, "both", by=contact, revision=2)
    assert actions.submit_brief(detailed, by=contact).content["answers"]["I3"]["value"]["choice"] == "agency"


def test_dont_know_opens_no_question(detailed, contact):
    value = {"choice": "russia", "note": ""}
    actions.save_answer(detailed, "I2", value=value, unknown=True, revision=0, by=contact)
    assert counts(detailed) == (58, 15, 0)


# --- In more detail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "manager", "decider", "contact"])
def test_a_brief_grows_and_keeps_every_answer(cast, filled, who):
    before = stored(filled)
    actions.extend_brief(filled, by=getattr(cast, who))
    assert counts(filled) == (58, 14, 0)
    assert (filled.form, stored(filled)) == (FULL, before)


def test_a_brief_grows_once_and_is_recorded(brief, contact, decider):
    actions.extend_brief(brief, by=contact)
    actions.extend_brief(brief, by=decider)
    entries = AuditEntry.objects.filter(verb="brief.extended")
    assert [(entry.by, entry.facts) for entry in entries] == [(contact, {"added": 45})]


def test_a_running_brief_keeps_the_words_it_was_asked_in(brief, contact):
    brief.form["sections"][0]["questions"][0]["label"]["en"] = "Asked otherwise"
    brief.save()
    form = actions.extend_brief(brief, by=contact).form
    assert form["sections"][0]["questions"][0] == brief.form["sections"][0]["questions"][0]


def test_a_version_keeps_its_own_form(version, filled, contact):
    actions.extend_brief(filled, by=contact)
    assert BriefVersion.objects.get().content["form"] == QUICK
    assert actions.submit_brief(filled, by=contact).number == 2


@pytest.mark.parametrize("who", ["specialist", "viewer", "stranger"])
def test_others_do_not_ask_for_more(cast, brief, who):
    with pytest.raises(PermissionDenied, match="Only the client and the agency's manager"):
        actions.extend_brief(brief, by=getattr(cast, who))


def test_a_closed_project_asks_nothing_more(brief, contact, manager):
    actions.close_project(brief.project, by=manager)
    with pytest.raises(Refused, match="closed"):
        actions.extend_brief(brief, by=contact)
