"""Whoever changes a signed number behind the portal's back is found by `manage.py verify`."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.actions.successors import accept_successor, propose_successors
from kpis.models import Kpi, SuccessorProposal
from kpis.queries.agreements import verify_agreements, verify_terms
from tests.builders import make_kpi, make_snapshot
from tests.kpis.test_successors import community, drafted, retire, sign_all


@pytest.fixture
def bridged(cast) -> Kpi:
    """Terms in force that were carried over a bridge and are guarded by another number."""
    source = community(cast)
    source.series.get(metric="likes").points.update(snapshot=make_snapshot(cast, source=source))
    drafted(cast, source, guardrail_source=source, guardrail_metric="likes")
    sign_all(cast)
    retire(source)
    propose_successors(source)
    newer = accept_successor(SuccessorProposal.objects.get(), by=cast.manager)
    sign_all(cast)
    return Kpi.objects.get(pk=newer.pk)


def test_what_was_signed_is_what_is_kept(bridged):
    assert (verify_terms(), verify_agreements()) == ([], [])


@pytest.mark.parametrize(
    "change",
    [
        {"target": 3601},
        {"baseline": 901},
        {"kind": "change_by", "change": 300},
        {"tolerance": 50},
        {"due_on": "2027-12-31"},
        {"metric": "likes"},
        {"weight": 2},
        {"guardrail_baseline": 1},
        {"guardrail_metric": "followers"},
        {"guardrail_source": None, "guardrail_metric": ""},
        {"guardrail_snapshot": None},
        {"guardrail_waived_because": "Nobody asked."},
        {"bridge": None},
        {"baseline_provenance": "measured"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_term_is_found(bridged, change):
    Kpi.objects.filter(pk=bridged.pk).update(**change)
    assert verify_terms() == [f"kpi {bridged.pk}: its terms are not those of agreement {bridged.signed_in_id}"]


def test_a_bridge_that_was_bent_is_found(bridged):
    Kpi.objects.filter(pk=bridged.pk).update(bridge={**bridged.bridge, "factor": "0.8"})
    assert verify_terms() == [f"kpi {bridged.pk}: its terms are not those of agreement {bridged.signed_in_id}"]


def test_a_kpi_that_claims_to_be_signed_is_found(cast, bridged):
    intruder = make_kpi(cast, signed_in=bridged.signed_in)
    assert verify_terms() == [f"kpi {intruder.pk}: its terms are not those of agreement {bridged.signed_in_id}"]


def test_an_answer_that_was_forged_whole_does_not_fit_the_terms_any_more(bridged):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_snapshot SET content_hash = %s", ["f" * 64])
    assert verify_terms() == [
        f"kpi {kpi.pk}: its terms are not those of agreement {kpi.signed_in_id}" for kpi in (bridged.replaces, bridged)
    ]


def test_the_command_names_it_and_stops(bridged, capsys):
    Kpi.objects.filter(pk=bridged.pk).update(target=3601)
    with pytest.raises(CommandError) as stopped:
        call_command("verify")
    said = f"kpi {bridged.pk}: its terms are not those of agreement {bridged.signed_in_id}"
    assert (stopped.value.returncode, said in capsys.readouterr().out) == (1, True)


def test_many_cost_no_more_queries_than_one(cast, bridged):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            verify_terms()
        return len(caught)

    one = queries()
    for _number in range(9):
        make_kpi(cast)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    assert queries() == one
