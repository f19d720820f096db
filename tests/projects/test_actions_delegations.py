"""A section in a colleague's hands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation

from projects import actions
from projects.models import Answer, Brief, Delegation
from projects.wording import attribution
from smmportal.audit import AuditEntry
from smmportal.notifications.actions import deliver_due
from smmportal.notifications.models import Notification
from smmportal.people import links
from smmportal.refusals import Refused, TooOften
from tests.builders import make_cast, make_delegation


def ask(brief, *, by, **fields):
    said = {"section": "A", "name": "Pyotr", "language": "en", **fields}
    return actions.delegate_section(brief, said.pop("section"), by=by, **said)


def answer(brief, delegation, value: str = "We roast coffee.", revision: int = 0, key: str = "A1") -> Answer:
    return actions.save_answer(
        brief, key, value=value, revision=revision, by=delegation.created_by, delegation=delegation
    )


def test_a_link_is_made_and_only_its_hash_is_kept(brief, contact):
    delegation, address = ask(brief, by=contact)
    secret = address.rstrip("/").rsplit("/", 1)[1]
    assert address == f"http://portal.example/delegated/{secret}/"
    assert (delegation.token_hash, delegation.state, delegation.created_by) == (links.hash_of(secret), "sent", contact)
    assert delegation.expires_at - delegation.created_at == pytest.approx(timedelta(days=14), abs=timedelta(seconds=5))
    assert actions.find_delegation(secret) == delegation
    kept = [str(row) for model in (Delegation, AuditEntry, Notification) for row in model.objects.values()]
    assert [row for row in kept if secret in row] == []


def test_with_an_address_the_link_goes_there_in_the_chosen_language(brief, contact):
    _delegation, address = ask(brief, by=contact, email="Pyotr@Client.example", language="ru", section="B")
    deliver_due()
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (
        ["pyotr@client.example"],
        "Katya просит вас ответить на несколько вопросов о проекте «Coffee at home»",
    )
    assert address in letter.body
    assert "раздел «Продукт и экономика» брифа «Coffee at home»" in letter.body


def test_without_an_address_nobody_is_written_to(brief, contact):
    ask(brief, by=contact)
    assert not Notification.objects.exists()


def test_one_address_is_not_flooded(brief, contact):
    for _ in range(3):
        ask(brief, by=contact, email="pyotr@client.example")
    with pytest.raises(TooOften):
        ask(brief, by=contact, email="pyotr@client.example")
    assert ask(brief, by=contact)[0].email == ""


@pytest.mark.parametrize("role", ["specialist", "viewer", "stranger", "neighbour"])
def test_who_does_not_fill_the_brief_asks_nobody(brief, cast, role):
    with pytest.raises(PermissionDenied):
        ask(brief, by=getattr(cast, role))


def test_only_a_section_that_is_there_is_given_away(brief, contact):
    with pytest.raises(Refused) as refusal:
        ask(brief, by=contact, section="Z")
    assert refusal.value.code == "no-such-section"


def test_an_answer_by_the_link_bears_both_names(brief, contact):
    delegation, _address = ask(brief, by=contact)
    kept = answer(brief, delegation)
    assert (kept.by, kept.delegation, kept.author, kept.link_from) == (contact, delegation, "Pyotr", "Katya")
    said = attribution(kept.author, kept.link_from)
    with translation.override("ru"):
        assert (said, attribution(kept.author, kept.link_from)) == (
            "Pyotr, by a link from Katya",
            "Pyotr, по ссылке от Katya",
        )


def test_who_answers_next_puts_their_own_name(brief, contact, decider):
    delegation, _address = ask(brief, by=contact)
    answer(brief, delegation)
    kept = actions.save_answer(brief, "A1", value="And tea.", revision=1, by=decider)
    assert (kept.author, kept.link_from) == ("Dmitry", "")


def test_a_version_remembers_the_colleague(filled, contact):
    delegation, _address = ask(filled, by=contact)
    answer(filled, delegation, "We sell coffee.", revision=1)
    given = actions.submit_brief(filled, by=contact).content["answers"]
    assert {key: given[key].get("link_from") for key in ("A1", "A4")} == {"A1": "Katya", "A4": None}
    assert (given["A1"]["by"], given["A4"]["by"], given["A1"]["side"]) == ("Pyotr", "Katya", "client")


def test_a_meeting_of_two_at_one_answer_is_told_to_the_colleague_too(brief, contact):
    delegation, _address = ask(brief, by=contact)
    actions.save_answer(brief, "A1", value="Mine", revision=0, by=contact)
    with pytest.raises(Refused) as refusal:
        answer(brief, delegation, "Theirs")
    assert (refusal.value.code, refusal.value.extra["current"]) == ("changed-meanwhile", "Mine")


CLOSED = {
    "revoked": {"revoked_at": timezone.now()},
    "finished": {"finished_at": timezone.now()},
    "expired": {"expires_at": timezone.now() - timedelta(minutes=1)},
}


@pytest.mark.parametrize("state", CLOSED)
def test_a_link_that_is_closed_answers_nothing_at_once(cast, brief, state):
    delegation = make_delegation(cast)
    Delegation.objects.filter(pk=delegation.pk).update(**CLOSED[state])
    for verb in (lambda: answer(brief, delegation), lambda: actions.begin_delegation(delegation)):
        with pytest.raises(Refused) as refusal:
            verb()
        assert refusal.value.code == "closed"
    assert not Answer.objects.exists()
    assert Delegation.objects.get().state == state


def test_a_link_lives_no_longer_than_the_right_of_who_made_it(cast, brief):
    delegation = make_delegation(cast)
    cast.contact.memberships.all().delete()
    brief = Brief.objects.get(pk=brief.pk)
    with pytest.raises(PermissionDenied):
        answer(brief, delegation)


def test_opening_is_remembered_once(cast, brief):
    delegation = make_delegation(cast)
    actions.begin_delegation(delegation)
    first = Delegation.objects.get().first_opened_at
    actions.begin_delegation(delegation)
    assert (Delegation.objects.get().first_opened_at, Delegation.objects.get().state) == (first, "opened")
    assert AuditEntry.objects.filter(verb="brief.delegation_opened").count() == 1


def test_who_asked_is_told_when_it_is_handed_in(cast, brief):
    delegation = make_delegation(cast)
    actions.finish_delegation(delegation)
    told = Notification.objects.get()
    assert (told.to, told.event, told.sentence, told.url) == (
        cast.contact,
        "delegation.finished",
        "Pyotr handed in their part of the brief of “Coffee at home”",
        f"/projects/{cast.project.pk}/brief/",
    )


def test_anybody_who_fills_the_brief_revokes_and_answers_stay(cast, brief):
    delegation = make_delegation(cast)
    answer(brief, delegation)
    actions.revoke_delegation(delegation, by=cast.manager)
    actions.revoke_delegation(delegation, by=cast.manager)
    assert (Delegation.objects.get().state, Answer.objects.get().value) == ("revoked", "We roast coffee.")
    assert AuditEntry.objects.filter(verb="brief.delegation_revoked").count() == 1
    with pytest.raises(PermissionDenied):
        actions.revoke_delegation(delegation, by=cast.viewer)


def test_what_is_handed_in_is_not_revoked(cast, brief):
    delegation = make_delegation(cast)
    actions.finish_delegation(delegation)
    actions.revoke_delegation(delegation, by=cast.manager)
    assert Delegation.objects.get().state == "finished"


def test_an_unknown_link_finds_nothing(cast, brief):
    make_delegation(cast)
    assert actions.find_delegation("never-issued") is None


# --- At the same moment ---------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["revoke", "finish"])
def test_a_link_closes_before_a_save_or_after_it_but_not_in_between(verb):
    cast = make_cast()
    delegation = make_delegation(cast)
    close = {
        "revoke": lambda: actions.revoke_delegation(delegation, by=cast.contact),
        "finish": lambda: actions.finish_delegation(delegation),
    }[verb]

    def close_impatiently() -> str:
        try:
            with transaction.atomic():
                connection.cursor().execute("set local lock_timeout = '100ms'")
                close()
        except OperationalError:
            return "has to wait"
        finally:
            connection.close()
        return "closed"

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        actions.demand_filling(delegation.brief, by=cast.contact, delegation=delegation)
        during = other.submit(close_impatiently).result()
    with ThreadPoolExecutor(1) as other:
        assert (during, other.submit(close_impatiently).result()) == ("has to wait", "closed")
