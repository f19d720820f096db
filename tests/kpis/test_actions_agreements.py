from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection

from kpis.actions.agreements import prepare_agreement, sign_agreement, withdraw_agreement
from kpis.actions.kpis import draft_kpi, edit_kpi
from kpis.models import Agreement, Kpi, Signature, Source
from kpis.queries.agreements import verify_agreements
from smmportal.audit import AuditEntry
from smmportal.facts import content_hash
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_cast, make_kpi
from tests.kpis.conftest import begun


def refusal(verb, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        verb(*args, **kwargs)
    return caught.value.code, str(caught.value.sentence)


@pytest.fixture
def kpi(cast) -> Kpi:
    return cast.get(Kpi)


@pytest.fixture
def agreement(cast, kpi) -> Agreement:
    return prepare_agreement(cast.project, by=cast.manager)


def sign(agreement: Agreement, person, seen_hash: str | None = None) -> Signature:
    return sign_agreement(agreement, by=person, seen_hash=seen_hash or agreement.content_hash, proof="password")


def told(event: str) -> set[str]:
    return {notification.to.name for notification in Notification.objects.filter(event=event)}


# --- Preparing ------------------------------------------------------------------------------------------------------


def test_the_text_holds_the_terms_of_every_kpi_with_a_target(cast, kpi):
    make_kpi(cast, metric="views", target=None)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    agreement.refresh_from_db()
    assert (agreement.number, agreement.previous_hash, agreement.content_hash) == (
        1,
        "",
        content_hash(agreement.content),
    )
    assert [(term["id"], term["baseline"]["value"], term["target"]) for term in agreement.content["kpis"]] == [
        (kpi.pk, "10000", "12000")
    ]


def test_everyone_else_on_both_sides_is_told(cast, agreement):
    assert told("agreement.ready") == {"Sonya", "Dmitry", "Katya"}


def test_preparing_again_without_a_change_is_the_same_text(cast, agreement):
    again = prepare_agreement(cast.project, by=cast.owner)
    assert (again, Agreement.objects.count()) == (agreement, 1)


def test_preparing_after_a_change_puts_the_unsigned_text_aside(cast, kpi, agreement):
    sign(agreement, cast.decider)
    edit_kpi(kpi, by=cast.manager, target=Decimal(12500))
    newer = prepare_agreement(cast.project, by=cast.owner)
    agreement.refresh_from_db()
    assert (newer.number, newer.previous_hash, agreement.withdrawn_by) == (2, "", cast.owner)
    assert [row.is_waiting for row in Agreement.objects.order_by("number")] == [False, True]


def test_nothing_with_a_target_is_nothing_to_sign(cast):
    assert refusal(prepare_agreement, cast.project, by=cast.manager) == (
        "nothing-to-sign",
        "There is no KPI with a target yet. Give a KPI its target first; then there is something to sign.",
    )


def test_a_way_without_a_beginning_is_not_signed(cast):
    make_kpi(cast, baseline=None, name="Readers")
    assert refusal(prepare_agreement, cast.project, by=cast.manager) == (
        "no-baseline",
        "“Readers” has no baseline, so nobody could judge how far it got. Take it from the source, or type it if "
        "the source has none.",
    )


def test_a_level_to_hold_needs_no_baseline(cast):
    make_kpi(cast, baseline=None, baseline_on=None, kind="stay_above")
    assert prepare_agreement(cast.project, by=cast.manager).content["kpis"][0]["baseline"] is None


@pytest.mark.parametrize("name", ["specialist", "decider", "contact", "viewer", "stranger"])
def test_only_the_agencys_heads_prepare(cast, kpi, name):
    with pytest.raises(PermissionDenied) as refused:
        prepare_agreement(cast.project, by=getattr(cast, name))
    assert str(refused.value) == "An agreement is prepared by the agency’s owner or manager."


# --- Signing --------------------------------------------------------------------------------------------------------


def test_the_first_signature_waits_for_the_other_side(cast, kpi, agreement):
    signature = sign(agreement, cast.decider)
    agreement.refresh_from_db()
    kpi.refresh_from_db()
    assert (signature.side, signature.by, signature.content_hash) == ("client", cast.decider, agreement.content_hash)
    assert (agreement.in_force_at, kpi.signed_in) == (None, None)
    assert told("agreement.signed") == {"Maxim", "Sonya", "Katya"}


def test_the_second_signature_brings_the_terms_into_force(cast, kpi, agreement):
    sign(agreement, cast.manager)
    sign(agreement, cast.decider)
    agreement.refresh_from_db()
    kpi.refresh_from_db()
    assert (agreement.in_force_at is not None, kpi.signed_in, verify_agreements()) == (True, agreement, [])
    assert told("agreement.in_force") == {"Maxim", "Sonya", "Katya"}


def test_signing_twice_is_signing_once(cast, agreement):
    first = sign(agreement, cast.decider)
    assert (sign(agreement, cast.decider), Signature.objects.count(), told("agreement.signed")) == (
        first,
        1,
        {"Maxim", "Sonya", "Katya"},
    )
    assert AuditEntry.objects.filter(verb="agreement.signed").count() == 1


def test_a_colleague_finds_the_sides_signature_already_there(cast, agreement):
    first = sign(agreement, cast.manager)
    assert sign(agreement, cast.owner) == first


def test_signing_again_after_it_came_into_force_changes_nothing(cast, agreement):
    sign(agreement, cast.manager)
    last = sign(agreement, cast.decider)
    agreement.refresh_from_db()
    assert (sign(agreement, cast.decider), Signature.objects.count()) == (last, 2)


def test_a_text_that_was_not_seen_is_not_signed(cast, agreement):
    assert refusal(sign, agreement, cast.decider, "0" * 64) == (
        "other-text",
        "This is not the text you saw. Please read the agreement again and sign it then.",
    )
    assert not Signature.objects.exists()


def test_a_text_that_the_kpis_have_left_behind_is_not_signed(cast, kpi, agreement):
    sign(agreement, cast.manager)
    edit_kpi(kpi, by=cast.manager, target=Decimal(11000))
    assert refusal(sign, agreement, cast.decider) == (
        "out-of-date",
        "The KPIs have changed since this text was prepared. The agency prepares a new one, then it is signed.",
    )


def test_a_mended_name_does_not_stop_a_signature(cast, kpi, agreement):
    edit_kpi(kpi, by=cast.manager, name="Readers")
    assert sign(agreement, cast.decider).side == "client"


def test_a_withdrawn_text_is_not_signed(cast, agreement):
    withdraw_agreement(agreement, by=cast.manager)
    assert refusal(sign, agreement, cast.decider) == (
        "withdrawn",
        "Agreement No. 1 was withdrawn, so it can’t be signed any more.",
    )


@pytest.mark.parametrize("name", ["specialist", "contact", "viewer", "stranger", "neighbour"])
def test_only_those_who_decide_sign_and_withdraw(cast, agreement, name):
    person = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        sign(agreement, person)
    with pytest.raises(PermissionDenied):
        withdraw_agreement(agreement, by=person)
    assert (Signature.objects.count(), Agreement.objects.get().is_waiting) == (0, True)


# --- Withdrawing ----------------------------------------------------------------------------------------------------


def test_either_side_withdraws_before_the_second_signature_once(cast, agreement):
    sign(agreement, cast.manager)
    withdraw_agreement(agreement, by=cast.decider)
    withdrawn = withdraw_agreement(agreement, by=cast.manager)
    assert (withdrawn.withdrawn_by, AuditEntry.objects.filter(verb="agreement.withdrawn").count()) == (cast.decider, 1)
    assert told("agreement.withdrawn") == {"Maxim", "Sonya", "Katya"}


def test_an_agreement_in_force_is_not_withdrawn(cast, agreement):
    sign(agreement, cast.manager)
    sign(agreement, cast.decider)
    assert refusal(withdraw_agreement, agreement, by=cast.decider) == (
        "in-force",
        "Agreement No. 1 is in force: both sides have signed. To change the terms, prepare a new agreement; it takes "
        "this one’s place when both sides sign it.",
    )


# --- The chain ------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_force(cast, agreement) -> Agreement:
    sign(agreement, cast.manager)
    sign(agreement, cast.decider)
    agreement.refresh_from_db()
    return agreement


def new_terms(cast, kpi) -> Kpi:
    kpi.refresh_from_db()
    return draft_kpi(
        cast.project,
        by=cast.manager,
        replaces=kpi,
        source=cast.get(Source),
        metric="followers",
        kind="increase_to",
        guardrail_waived_because="We only begin.",
        target=Decimal(15000),
        starts_on=date(2026, 11, 1),
        due_on=date(2027, 6, 1),
        baseline=Decimal(10000),
    )


def test_without_new_terms_there_is_nothing_new_to_sign(cast, in_force):
    assert refusal(prepare_agreement, cast.project, by=cast.manager) == (
        "nothing-changed",
        "Nothing has changed since agreement No. 1, which is in force.",
    )


def test_new_terms_take_the_old_ones_place_when_both_sign(cast, kpi, in_force):
    newer = new_terms(cast, kpi)
    second = prepare_agreement(cast.project, by=cast.manager)
    assert (second.number, second.previous_hash) == (2, in_force.content_hash)
    assert [term["id"] for term in second.content["kpis"]] == [newer.pk]
    sign(second, cast.owner)
    assert list(Kpi.objects.standing()) == [kpi, newer]
    sign(second, cast.decider)
    kpi.refresh_from_db()
    assert (list(Kpi.objects.standing()), kpi.signed_in, verify_agreements()) == ([newer], in_force, [])


def test_a_kept_kpi_moves_into_the_newer_agreement(cast, kpi, in_force):
    make_kpi(cast, metric="views", kind="stay_above", target=Decimal(100))
    second = prepare_agreement(cast.project, by=cast.manager)
    sign(second, cast.manager)
    sign(second, cast.decider)
    kpi.refresh_from_db()
    assert kpi.signed_in == second


def tamper(**fields):
    Agreement.objects.update(**fields)


def test_the_command_says_that_every_hash_matches_and_names_what_does_not(in_force, capsys):
    call_command("verify")
    assert capsys.readouterr().out == "Every hash matches.\n"
    tamper(content={**in_force.content, "kpis": []})
    with pytest.raises(CommandError) as stopped:
        call_command("verify")
    assert stopped.value.returncode == 1
    assert capsys.readouterr().out == f"agreement {in_force.pk}: the content does not match its hash\n"


def test_a_changed_content_is_found(in_force):
    tamper(content={**in_force.content, "kpis": []})
    assert verify_agreements() == [f"agreement {in_force.pk}: the content does not match its hash"]


def test_a_changed_hash_is_found_by_the_content_and_by_both_signatures(in_force):
    tamper(content_hash="f" * 64)
    assert verify_agreements() == [
        f"agreement {in_force.pk}: the content does not match its hash",
        f"agreement {in_force.pk}: the signature of the agency is under another text",
        f"agreement {in_force.pk}: the signature of the client is under another text",
    ]


def test_a_broken_chain_is_found(in_force):
    tamper(previous_hash="a" * 64)
    assert verify_agreements() == [
        f"agreement {in_force.pk}: the number or the chain differs from the signed content",
        f"agreement {in_force.pk}: it does not follow the agreement that was in force before it",
    ]


def test_force_without_signatures_is_found(agreement):
    tamper(in_force_at="2026-11-20T00:00:00Z")
    assert verify_agreements() == [f"agreement {agreement.pk}: it is in force without both signatures"]


# --- At the same moment ---------------------------------------------------------------------------------------------


def at_once(*verbs) -> list:
    """Run the verbs in threads of their own that start together; what each gave back or raised."""
    gate, results = Barrier(len(verbs)), [None] * len(verbs)

    def run(index, verb):
        gate.wait()
        try:
            results[index] = verb()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_signature():
    cast = begun(make_cast())
    cast.get(Kpi)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    results = at_once(*[lambda: sign(Agreement.objects.get(), cast.decider)] * 4)
    assert ({result.pk for result in results}, Signature.objects.count()) == ({Signature.objects.get().pk}, 1)
    assert Notification.objects.filter(event="agreement.signed").count() == 3
    assert verify_agreements() == [] and not Agreement.objects.get(pk=agreement.pk).in_force_at


@pytest.mark.django_db(transaction=True)
def test_both_sides_signing_at_once_bring_it_into_force_once():
    cast = begun(make_cast())
    kpi = cast.get(Kpi)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    at_once(*[lambda person=person: sign(Agreement.objects.get(), person) for person in (cast.decider, cast.manager)])
    agreement.refresh_from_db()
    kpi.refresh_from_db()
    assert ({signature.side for signature in agreement.signatures.all()}, kpi.signed_in) == (
        set(Side.values),
        agreement,
    )
    assert (agreement.in_force_at is not None, AuditEntry.objects.filter(verb="agreement.in_force").count()) == (
        True,
        1,
    )


@pytest.mark.django_db(transaction=True)
def test_two_people_preparing_at_once_prepare_one_text():
    cast = begun(make_cast())
    cast.get(Kpi)
    results = at_once(
        *[lambda person=person: prepare_agreement(cast.project, by=person) for person in (cast.owner, cast.manager)]
    )
    assert ({result.pk for result in results}, Agreement.objects.count()) == ({Agreement.objects.get().pk}, 1)
