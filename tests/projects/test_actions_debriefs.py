import pytest
from django.core.exceptions import PermissionDenied

from projects import actions
from projects.models import Debrief, Project
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.projects.conftest import understandings


def written(debrief) -> dict[str, str]:
    return dict(debrief.sections.values_list("key", "understanding"))


def told(event: str) -> list[str]:
    return sorted(Notification.objects.filter(event=event).values_list("to__name", flat=True))


@pytest.fixture
def draft(version, specialist) -> Debrief:
    return actions.write_understanding(version, texts={"A": "You roast coffee."}, by=specialist)


def next_version(brief, contact):
    revision = brief.answers.get(key="A1").revision
    actions.save_answer(brief, "A1", value=f"Tea too, {revision}.", revision=revision, by=contact)
    return actions.submit_brief(brief, by=contact)


def test_a_section_is_written_and_the_rest_stays_empty(draft):
    assert {key: text for key, text in written(draft).items() if text} == {"A": "You roast coffee."}
    assert list(written(draft)) == ["A", "B", "C", "D", "E", "F", "G", "I", "J", "K"]


def test_the_client_does_not_see_a_draft(draft, decider, specialist):
    assert not Debrief.objects.visible_to(decider).exists()
    assert Debrief.objects.visible_to(specialist).exists()


def test_writing_again_raises_the_revision(draft, version, manager):
    actions.write_understanding(version, texts={"A": "And tea."}, revisions={"A": 2}, by=manager)
    assert written(draft)["A"] == "And tea."


def test_a_colleagues_words_are_not_written_over(draft, version, manager):
    with pytest.raises(Refused) as refusal:
        actions.write_understanding(version, texts={"A": "And tea."}, revisions={"A": 1}, by=manager)
    assert refusal.value.extra == {"key": "A", "current": "You roast coffee.", "revision": 2}


@pytest.mark.parametrize("who", ["decider", "contact", "viewer", "stranger"])
def test_only_the_agency_writes(cast, version, who):
    with pytest.raises(PermissionDenied):
        actions.write_understanding(version, texts={"A": "x"}, by=getattr(cast, who))


def test_a_section_that_is_not_there_is_refused(version, manager):
    with pytest.raises(Refused, match="no such section"):
        actions.write_understanding(version, texts={"Z": "x"}, by=manager)
    assert not Debrief.objects.exists()


def test_what_is_missing_is_named_before_sharing(version, manager):
    texts = {**understandings(version), "C": "", "K": "  "}
    debrief = actions.write_understanding(version, texts=texts, by=manager)
    with pytest.raises(Refused, match="“Audience”, “Budget”"):
        actions.share_debrief(debrief, by=manager)


def test_sharing_tells_the_client(shared, decider):
    assert (shared.shared_count, shared.side_to_move) == (1, Side.CLIENT)
    assert Debrief.objects.visible_to(decider).get() == shared
    assert told("debrief.shared") == ["Dmitry", "Katya"]


def test_sharing_twice_has_one_effect(shared, manager):
    assert actions.share_debrief(shared, by=manager).shared_count == 1
    assert told("debrief.shared") == ["Dmitry", "Katya"]


@pytest.mark.parametrize("who", ["specialist", "decider", "viewer"])
def test_who_does_not_share(cast, draft, who):
    with pytest.raises(PermissionDenied):
        actions.share_debrief(draft, by=getattr(cast, who))


def test_what_is_written_after_sharing_is_not_shown_until_shared_again(shared, manager):
    actions.write_understanding(shared.version, texts={"A": "And tea."}, by=manager)
    assert shared.sections.get(key="A").shared_text == "You roast coffee."
    assert actions.share_debrief(shared, by=manager).shared_count == 2
    assert shared.sections.get(key="A").shared_text == "And tea."


def test_a_remark_gives_the_agency_the_move(shared, contact):
    actions.remark_on_debrief(shared, "B", text="Not only that.", by=contact)
    assert Debrief.objects.get().side_to_move is Side.AGENCY
    assert told("debrief.remarked") == ["Maxim", "Sonya"]


def test_the_same_remark_twice_is_one(shared, contact):
    first = actions.remark_on_debrief(shared, "B", text="Not only that.", by=contact)
    assert actions.remark_on_debrief(shared, "B", text="Not only that.", by=contact) == first


def test_sharing_again_answers_the_remarks(shared, contact, manager):
    remark = actions.remark_on_debrief(shared, "B", text="Not only that.", by=contact)
    again = actions.share_debrief(shared, by=manager)
    remark.refresh_from_db()
    assert (again.shared_count, again.side_to_move, remark.answered_at) == (2, Side.CLIENT, again.shared_at)


@pytest.mark.parametrize("who", ["manager", "viewer", "stranger"])
def test_only_the_client_remarks(cast, shared, who):
    with pytest.raises(PermissionDenied):
        actions.remark_on_debrief(shared, "B", text="x", by=getattr(cast, who))


def test_there_is_nothing_to_remark_on_before_it_is_shared(draft, contact):
    with pytest.raises(Refused, match="still writing"):
        actions.remark_on_debrief(draft, "A", text="x", by=contact)


def test_confirming_makes_the_project_active(shared, decider, project):
    confirmed = actions.confirm_debrief(shared, by=decider, seen=1)
    project.refresh_from_db()
    assert (confirmed.confirmed_by, project.activated_at) == (decider, confirmed.confirmed_at)
    assert told("debrief.confirmed") == ["Katya", "Maxim", "Sonya"]


def test_confirming_twice_has_one_effect(shared, decider):
    first = actions.confirm_debrief(shared, by=decider)
    assert actions.confirm_debrief(shared, by=decider, seen=0).confirmed_at == first.confirmed_at
    assert len(told("debrief.confirmed")) == 3


@pytest.mark.parametrize("who", ["manager", "contact", "viewer", "stranger"])
def test_only_the_decision_maker_confirms(cast, shared, who):
    with pytest.raises(PermissionDenied, match="decision-maker"):
        actions.confirm_debrief(shared, by=getattr(cast, who))


def test_what_changed_while_reading_is_not_confirmed(shared, manager, decider):
    actions.write_understanding(shared.version, texts={"A": "And tea."}, by=manager)
    actions.share_debrief(shared, by=manager)
    with pytest.raises(Refused, match="while you were reading"):
        actions.confirm_debrief(shared, by=decider, seen=1)


def test_open_remarks_hold_the_confirmation(shared, contact, decider):
    actions.remark_on_debrief(shared, "B", text="Not only that.", by=contact)
    with pytest.raises(Refused, match="has not answered your remarks"):
        actions.confirm_debrief(shared, by=decider)


def test_a_confirmed_debrief_stays_as_it_is(shared, decider, manager, contact):
    actions.confirm_debrief(shared, by=decider)
    for verb in (
        lambda: actions.write_understanding(shared.version, texts={"A": "x"}, by=manager),
        lambda: actions.share_debrief(shared, by=manager),
        lambda: actions.remark_on_debrief(shared, "A", text="x", by=contact),
    ):
        with pytest.raises(Refused, match="confirmed this already"):
            verb()


def test_a_new_version_asks_for_a_new_debrief_begun_from_the_last(shared, filled, contact, manager):
    version = next_version(filled, contact)
    debrief = actions.write_understanding(version, texts={"A": "And tea."}, by=manager)
    assert written(debrief) == {**understandings(version), "A": "And tea."}
    assert debrief.shared_at is None


def test_the_old_debrief_is_out_of_date(shared, filled, contact, manager, decider):
    next_version(filled, contact)
    for verb in (
        lambda: actions.write_understanding(shared.version, texts={"A": "x"}, by=manager),
        lambda: actions.share_debrief(shared, by=manager),
        lambda: actions.remark_on_debrief(shared, "A", text="x", by=contact),
        lambda: actions.confirm_debrief(shared, by=decider),
    ):
        with pytest.raises(Refused, match="newer version"):
            verb()


def test_the_second_confirmation_keeps_the_first_day(shared, filled, contact, manager, decider):
    actions.confirm_debrief(shared, by=decider)
    first = Project.objects.get(pk=filled.project_id).activated_at
    version = next_version(filled, contact)
    debrief = actions.write_understanding(version, texts={"A": "And tea."}, by=manager)
    actions.confirm_debrief(actions.share_debrief(debrief, by=manager), by=decider)
    assert Project.objects.get(pk=filled.project_id).activated_at == first
