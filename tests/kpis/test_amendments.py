"""The brief changes under a signed KPI: proposed once, told to both sides, settled by new terms or by a reason."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.actions.amendments import keep_as_signed, open_amendments
from kpis.actions.kpis import draft_kpi, edit_kpi
from kpis.models import AmendmentProposal, ComparedVersion, Kpi
from kpis.queries import waiting
from kpis.queries.amendments import due_versions
from kpis.tasks import open_amendments_of, open_due_amendments
from kpis.terms import text_of
from projects import actions
from projects.models import Brief, BriefVersion
from projects.origins import place_named
from smmportal.audit import AuditEntry
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import make_series, make_source
from tests.projects.conftest import answered_in_full

RESULT = {"what": "Followers on VK", "value": "12000", "by": "2027-03-01"}


def rows(*given: dict) -> dict:
    return {"rows": list(given), "note": ""}


GIVEN = {
    "D2": rows(RESULT),
    "D3": rows({"value": "10000", "source": "VK"}),
    "D5": {"choices": ["reach", "followers"], "note": ""},
}


@pytest.fixture
def brief(cast) -> Brief:
    return answered_in_full(cast, GIVEN)


@pytest.fixture
def version(brief, contact) -> BriefVersion:
    return actions.submit_brief(brief, by=contact)


def drafted(cast, origin: str | None, **fields) -> Kpi:
    source = make_source(cast)
    make_series(cast, source=source)
    place = place_named(cast.project, origin) if origin else None
    terms = {"target": Decimal(12000), "baseline": Decimal(10000), "metric": "followers", "kind": "increase_to"}
    days = {"starts_on": date(2026, 11, 1), "due_on": date(2027, 3, 1), "guardrail_waived_because": "We only begin."}
    return draft_kpi(cast.project, by=cast.manager, source=source, origin=place, **{**terms, **days, **fields})


def sign_all(cast) -> None:
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")


@pytest.fixture
def kpi(cast, version) -> Kpi:
    """A KPI in force that began with the wanted result of the first version."""
    kpi = drafted(cast, "D2")
    sign_all(cast)
    kpi.refresh_from_db()
    return kpi


def answer(brief, key: str, value, *, by) -> BriefVersion:
    revision = brief.answers.get(key=key).revision
    actions.save_answer(brief, key, value=value, revision=revision, by=by)
    return actions.submit_brief(brief, by=by)


def wanted(value: str) -> dict:
    return rows({**RESULT, "value": value})


def run_worker(version: BriefVersion) -> None:
    """The real task, as the bell rings it."""
    open_amendments_of(version=version.pk)


def proposals() -> list[tuple]:
    found = AmendmentProposal.objects.select_related("version")
    return [(each.key, each.version.number, each.outcome) for each in found]


# --- What opens one -------------------------------------------------------------------------------------------------


def test_a_changed_answer_opens_a_proposal_and_both_sides_are_told(cast, kpi, brief, contact):
    run_worker(answer(brief, "D2", wanted("15000"), by=contact))
    told = {row.to.name for row in Notification.objects.filter(event="amendment.proposed")}
    assert (proposals(), told) == ([("D2", 2, "")], {"Maxim", "Sonya", "Dmitry", "Katya"})
    [line] = [line for line in waiting([cast.project]) if "rests on" in line.sentence]
    proposal = AmendmentProposal.objects.get()
    assert (line.side, line.button, line.url) == ("agency", "Prepare new terms", proposal.get_absolute_url())


def test_the_number_it_starts_from_counts_too(kpi, brief, contact):
    run_worker(answer(brief, "D3", rows({"value": "9000", "source": "VK"}), by=contact))
    assert proposals() == [("D3", 2, "")]


def test_any_other_answer_opens_nothing(kpi, brief, contact):
    run_worker(answer(brief, "A1", "Tea too.", by=contact))
    assert proposals() == []


def test_a_kpi_rests_on_the_answer_of_its_goal(cast, version, brief, contact):
    goal = actions.draft_goal(cast.project, by=cast.manager, statement="12,000", origin=place_named(cast.project, "D2"))
    drafted(cast, None, goal=goal)
    sign_all(cast)
    run_worker(answer(brief, "D2", wanted("15000"), by=contact))
    assert proposals() == [("D2", 2, "")]


def test_of_several_lines_only_its_own_counts(cast, version, brief, contact):
    drafted(cast, "D5.1")
    sign_all(cast)
    run_worker(answer(brief, "D5", {"choices": ["followers", "leads"], "note": ""}, by=contact))
    assert proposals() == []
    run_worker(answer(brief, "D5", {"choices": ["leads"], "note": ""}, by=contact))
    assert proposals() == [("D5", 3, "")]


def test_a_draft_is_changed_directly(cast, version, brief, contact):
    drafted(cast, "D2")
    run_worker(answer(brief, "D2", wanted("15000"), by=contact))
    assert proposals() == []


def test_a_kpi_that_was_written_by_hand_rests_on_nothing(cast, version, brief, contact):
    drafted(cast, None)
    sign_all(cast)
    run_worker(answer(brief, "D2", wanted("15000"), by=contact))
    assert proposals() == []


def test_however_often_versions_come_there_is_one_open_proposal(kpi, brief, contact):
    for value in ("15000", "16000", "17000"):
        run_worker(answer(brief, "D2", wanted(value), by=contact))
    assert proposals() == [("D2", 4, "")]
    assert Notification.objects.filter(event="amendment.proposed", to=contact).count() == 1


def test_the_task_may_run_twice_and_an_older_version_says_nothing(kpi, brief, version, contact):
    newer = answer(brief, "D2", wanted("15000"), by=contact)
    for each in (newer, newer, version):
        run_worker(each)
    assert proposals() == [("D2", 2, "")]


def test_a_version_that_is_gone_is_nothing_to_compare(db):
    open_amendments_of(version=10**6)
    assert proposals() == []


def test_an_answer_that_says_again_what_was_signed_settles_it(kpi, brief, contact):
    run_worker(answer(brief, "D2", wanted("15000"), by=contact))
    run_worker(answer(brief, "D2", wanted("12000"), by=contact))
    assert proposals() == [("D2", 2, "kept")]


def test_terms_signed_after_the_brief_had_changed_are_held_against_it(cast, version, brief, contact):
    drafted(cast, "D2")
    run_worker(answer(brief, "D2", wanted("15000"), by=contact))
    sign_all(cast)
    assert proposals() == [("D2", 2, "")]


# --- No bell is needed ----------------------------------------------------------------------------------------------


def test_a_lost_bell_loses_nothing(kpi, brief, contact):
    newer = answer(brief, "D2", wanted("15000"), by=contact)
    assert newer in due_versions()
    open_due_amendments()
    assert (proposals(), due_versions()) == ([("D2", 2, "")], [])
    assert ComparedVersion.objects.filter(version=newer).exists()


def test_where_nothing_is_signed_nothing_is_due(cast, version):
    drafted(cast, "D2")
    assert due_versions() == []


def test_the_bell_is_rung_after_the_commit(
    kpi, brief, contact, django_capture_on_commit_callbacks, settings, monkeypatch
):
    rung = []
    monkeypatch.setattr("smmportal.jobs.ring", lambda task, kwargs: rung.append((task, kwargs)))
    with django_capture_on_commit_callbacks(execute=True):
        newer = answer(brief, "D2", wanted("15000"), by=contact)
    assert ("kpis.open_amendments", {"version": newer.pk}) in rung


# --- Settling it ----------------------------------------------------------------------------------------------------


@pytest.fixture
def proposal(kpi, brief, contact) -> AmendmentProposal:
    open_amendments(answer(brief, "D2", wanted("15000"), by=contact))
    return AmendmentProposal.objects.get()


@pytest.mark.parametrize("name", ["owner", "manager", "decider"])
def test_who_signs_may_keep_the_terms_with_a_reason(cast, proposal, name):
    keep_as_signed(proposal, reason="We wait for spring.", by=getattr(cast, name))
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.reason, proposal.settled_by) == (
        "kept",
        "We wait for spring.",
        getattr(cast, name),
    )
    assert Notification.objects.filter(event="amendment.kept", facts__reason="We wait for spring.").exists()
    assert [line for line in waiting([cast.project]) if "rests on" in line.sentence] == []


@pytest.mark.parametrize("name", ["specialist", "contact", "viewer", "stranger", "neighbour"])
def test_nobody_else_keeps_them(cast, proposal, name):
    with pytest.raises(PermissionDenied):
        keep_as_signed(proposal, reason="We wait.", by=getattr(cast, name))


def test_terms_are_kept_with_a_reason_or_not_at_all(cast, proposal):
    with pytest.raises(Refused) as refused:
        keep_as_signed(proposal, reason=" ", by=cast.decider)
    proposal.refresh_from_db()
    assert (refused.value.code, proposal.is_open) == ("no-reason", True)


def test_keeping_twice_is_keeping_once(cast, proposal):
    keep_as_signed(proposal, reason="We wait.", by=cast.decider)
    again = keep_as_signed(proposal, reason="Something else", by=cast.manager)
    assert (again.reason, AuditEntry.objects.filter(verb="amendment.settled").count()) == ("We wait.", 1)


def test_what_was_kept_is_not_asked_again_until_it_changes_again(cast, proposal, brief, contact):
    keep_as_signed(proposal, reason="We wait.", by=cast.decider)
    run_worker(answer(brief, "A1", "Tea too.", by=contact))
    assert proposals() == [("D2", 2, "kept")]
    run_worker(answer(brief, "D2", wanted("20000"), by=contact))
    assert proposals() == [("D2", 2, "kept"), ("D2", 4, "")]


def test_signing_new_terms_settles_it(cast, kpi, proposal):
    newer = draft_kpi(
        cast.project,
        by=cast.manager,
        source=kpi.source,
        metric=kpi.metric,
        kind=kpi.kind,
        guardrail_waived_because="We only begin.",
        starts_on=kpi.starts_on,
        due_on=kpi.due_on,
        target=Decimal(15000),
        baseline=Decimal(10000),
        replaces=kpi,
    )
    assert (newer.from_key, newer.brief_version.number) == ("D2", 2)
    sign_all(cast)
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.settled_by, proposals()) == ("amended", cast.decider, [("D2", 2, "amended")])


def test_writing_new_terms_alone_settles_nothing(cast, kpi, proposal):
    fields = {name: getattr(kpi, name) for name in ("source", "metric", "kind", "starts_on", "due_on", "target")}
    fields |= {"guardrail_waived_because": "We only begin."}
    draft_kpi(cast.project, by=cast.manager, replaces=kpi, baseline=Decimal(10000), **fields)
    proposal.refresh_from_db()
    assert proposal.is_open


# --- What terms rest on ---------------------------------------------------------------------------------------------


def test_a_kpi_remembers_the_version_its_terms_were_written_on(cast, version, brief, contact):
    kpi = drafted(cast, "D2")
    answer(brief, "A1", "Tea too.", by=contact)
    assert kpi.brief_version == version
    edited = edit_kpi(kpi, by=cast.manager, target=Decimal(12500))
    assert edited.brief_version.number == 2


def test_an_agreement_names_the_version_of_the_brief_it_rests_on(cast, version):
    drafted(cast, "D2")
    agreement = prepare_agreement(cast.project, by=cast.manager)
    assert (agreement.brief_version, agreement.content["brief_version"]) == (version, 1)
    assert text_of(agreement.content).closing[0] == "The terms rest on the client’s brief, version 1."


def test_a_new_version_alone_is_no_reason_for_a_new_agreement(cast, kpi, brief, contact):
    answer(brief, "A1", "Tea too.", by=contact)
    with pytest.raises(Refused) as refused:
        prepare_agreement(cast.project, by=cast.manager)
    assert refused.value.code == "nothing-changed"


def test_an_agreement_needs_a_project_that_has_begun(cast, version):
    drafted(cast, "D2")
    cast.project.activated_at = None
    cast.project.save()
    with pytest.raises(Refused) as refused:
        prepare_agreement(cast.project, by=cast.manager)
    assert refused.value.code == "project-inactive"


# --- Pages and the API ----------------------------------------------------------------------------------------------


def text(answer) -> str:
    return answer.content.decode()


def test_the_page_shows_what_changed_and_what_to_do(cast, proposal, browse):
    page = text(browse(cast.manager).get(proposal.get_absolute_url()))
    assert all(words in page for words in ("12,000", "15,000", "Prepare new terms", "Leave it as signed"))
    assert f"/kpis/{proposal.kpi_id}/new-terms/?from=2.D2" in page
    looking_on = text(browse(cast.viewer).get(proposal.get_absolute_url()))
    assert ("Prepare new terms" in looking_on, "Leave it as signed" in looking_on) == (False, False)


def test_new_terms_begin_with_the_new_answer(cast, kpi, proposal, browse):
    form = browse(cast.manager).get(f"/kpis/{kpi.pk}/new-terms/?from=2.D2").context["form"]
    assert (form["target"].value(), form["due_on"].value(), form["measure"].value()) == (
        "15000",
        date(2027, 3, 1),
        f"{kpi.source_id}:followers",
    )


def test_the_kpis_page_says_that_the_brief_has_changed(cast, kpi, proposal, browse):
    assert proposal.get_absolute_url() in text(browse(cast.decider).get(kpi.get_absolute_url()))


def test_keeping_on_the_page(cast, proposal, browse):
    address = f"/amendments/{proposal.pk}/settlement/"
    assert browse(cast.decider).post(address, {"reason": ""}).status_code == 422
    browse(cast.decider).post(address, {"reason": "We wait for spring."})
    page = text(browse(cast.manager).get(proposal.get_absolute_url()))
    assert "We wait for spring." in page and "Leave it as signed" not in page


def test_a_program_reads_and_settles(cast, proposal, api):
    client = api(cast.decider)
    [found] = client.get(f"/api/v1/amendments/?project={cast.project.pk}&open=true").json()["results"]
    assert found == {
        "id": proposal.pk,
        "project": cast.project.pk,
        "kpi": proposal.kpi_id,
        "key": "D2",
        "version": 2,
        "opened_at": found["opened_at"],
        "settled_at": None,
        "settled_by": None,
        "outcome": "",
        "reason": "",
    }
    kept = client.post(f"/api/v1/amendments/{proposal.pk}/settlement/", {"reason": "We wait."}, format="json")
    assert (kept.status_code, kept.json()["outcome"], kept.json()["settled_by"]) == (201, "kept", "Dmitry")
    assert client.get(f"/api/v1/amendments/?project={cast.project.pk}&open=true").json()["results"] == []


def test_any_number_of_proposals_waits_at_the_same_cost(cast, proposal):
    with CaptureQueriesContext(connection) as one:
        waiting([cast.project])
    for key in "ABCDEFGH":
        AmendmentProposal.objects.create(kpi=proposal.kpi, version=proposal.version, key=key)
    with CaptureQueriesContext(connection) as many:
        assert len([line for line in waiting([cast.project]) if "rests on" in line.sentence]) == 9
    assert len(many) == len(one)
