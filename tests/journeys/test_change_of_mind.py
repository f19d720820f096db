"""The client changes an answer after confirming: the change is confirmed by itself, and signed terms notice it."""

import re
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.actions.kpis import draft_kpi
from kpis.models import AmendmentProposal
from kpis.tasks import open_due_amendments
from projects import actions
from projects.models import BriefVersion, Competitor
from projects.origins import place_named
from tests.builders import make_source
from tests.journeys.conftest import DESK, PHONE
from tests.projects.conftest import answered_in_full, understandings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GIVEN = {
    "D2": {"rows": [{"what": "Followers on VK", "value": "12000", "by": "2027-03-01"}], "note": ""},
    "F1": {"rows": [{"link": "https://brew.example", "better": "Videos", "worse": "Slow"}], "note": ""},
}


@pytest.fixture
def confirmed(cast):
    """A brief that both sides understand alike, and a KPI signed on it."""
    version = actions.submit_brief(answered_in_full(cast, GIVEN), by=cast.contact)
    debrief = actions.write_understanding(version, texts=understandings(version), by=cast.manager)
    actions.confirm_debrief(actions.share_debrief(debrief, by=cast.manager), by=cast.decider)
    cast.project.refresh_from_db()
    draft_kpi(
        cast.project,
        by=cast.manager,
        source=make_source(cast),
        metric="followers",
        kind="increase_to",
        guardrail_waived_because="We only begin.",
        target=Decimal(12000),
        baseline=Decimal(10000),
        starts_on=date(2026, 11, 1),
        due_on=date(2027, 3, 1),
        origin=place_named(cast.project, "D2"),
    )
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    return version


def test_a_changed_answer_is_confirmed_anew_and_the_signed_terms_notice(cast, confirmed, visit):
    manager, contact, decider = visit(cast.manager, DESK), visit(cast.contact, PHONE), visit(cast.decider, PHONE)
    make_a_competitor(manager, cast.project)
    change_the_answer(contact, cast.project)
    confirm_anew(manager, decider, cast.project)
    keep_the_terms(decider)


def make_a_competitor(manager, project) -> None:
    manager.go(f"/projects/{project.pk}/brief/versions/1/")
    manager.press(re.compile("^Add to competitors"), within="#F1")
    manager.sees("Written down among what we know", "Among the competitors: https://brew.example")
    assert Competitor.objects.get().better == "Videos"
    manager.follow("https://brew.example")
    manager.sees("What we know", "from the brief, version 1, question F1")


def change_the_answer(contact, project) -> None:
    contact.go(f"/projects/{project.pk}/brief/sections/D/")
    contact.page.fill("#D2-1-value", "15 000")
    contact.press("Save and continue")
    contact.go(f"/projects/{project.pk}/brief/")
    contact.press("Submit the brief")
    contact.sees("The brief is submitted as version 2.")
    assert BriefVersion.objects.count() == 2


def confirm_anew(manager, decider, project) -> None:
    own = "that stands for version 1. This is version 2: it needs a confirmation of its own."
    page = f"/projects/{project.pk}/debrief/"
    manager.go(page)
    manager.sees(own)
    manager.press("Save the draft")
    manager.press("Share with the client")
    decider.go(page)
    decider.sees(own)
    decider.press("Confirm: you understood us")
    decider.sees("Confirmed: the agency understood you.")
    expect(decider.page.locator("body")).not_to_contain_text(own)


def keep_the_terms(decider) -> None:
    open_due_amendments()
    proposal = AmendmentProposal.objects.get()
    decider.go(proposal.get_absolute_url())
    decider.sees("version 2 says something else", "15,000")
    decider.fill(reason="We look again in spring.")
    decider.press("Leave it as signed")
    decider.sees("The signed terms stay. Both sides have been told why.", "We look again in spring.")
