"""The manager works through the portfolio by key; the decider and the daily contact read their homes on the phone."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from projects.models import Project
from smmportal.people.models import Side
from tests.builders import (
    make_agreement,
    make_dip,
    make_kpi,
    make_material,
    make_points,
    make_reading,
    make_series,
    make_source,
    make_task,
)
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def projects(cast):
    """Two projects, the one off its course and the other unknown."""
    today = cast.project.today
    make_reading(cast, day=today, score=38, level="sinking")
    kpi = make_kpi(cast, source=spending(cast, today), metric="spend", kind="stay_below", target=1000, name="Ad budget")
    said = {"explanation": "The cabinet ran out of money", "explained_by": cast.manager}
    make_dip(cast, kpi=kpi, explained_at=timezone.now(), **said)
    fields = {"agency": cast.agency, "client": cast.other_client, "created_by": cast.manager}
    return cast.project, Project.objects.create(name="Bread", **fields)


def spending(cast, today):
    source = make_source(cast, title="Ads")
    make_points(make_series(cast, source=source, metric="spend"), [1200], last=today)
    return source


def test_the_manager_works_by_key(cast, projects, visit):
    manager = visit(cast.manager)
    page = manager.go("/portfolio/")
    rows = page.locator(".portfolio-row")
    assert rows.locator(".row-link").all_inner_texts() == ["Coffee at home", "Bread"]
    page.keyboard.press("j")
    expect(rows.nth(0).locator(".row-link")).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1).locator(".row-link")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("o")
    expect(page.locator(".portfolio-more").nth(0)).to_contain_text("Ad budget")
    expect(rows.nth(0).locator("[data-unfold]")).to_have_attribute("aria-expanded", "true")
    manager.look()
    page.keyboard.press("o")
    expect(page.locator(".portfolio-more").nth(0)).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#sight_q")).to_be_focused()
    page.keyboard.type("jo")  # the keys are letters in a field
    with page.expect_navigation():
        page.keyboard.press("Enter")
    manager.sees("No project is like that.")
    manager.go("/portfolio/?sort=project")
    assert page.locator(".portfolio-row .row-link").all_inner_texts() == ["Bread", "Coffee at home"]
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Bread")


def test_the_keys_can_be_switched_off(cast, projects, visit):
    manager = visit(cast.manager)
    page = manager.go("/portfolio/")
    page.get_by_label("These keys work").uncheck()
    page.reload()
    expect(page.get_by_label("These keys work")).not_to_be_checked()
    page.keyboard.press("j")
    expect(page.locator(".portfolio-row .row-link").first).not_to_be_focused()


def test_without_a_script_a_row_unfolds_by_its_link(cast, projects, visit):
    manager = visit(cast.manager, java_script_enabled=False)
    page = manager.page
    page.goto(manager.base + "/portfolio/")
    page.locator(".portfolio-row", has_text="Coffee at home").get_by_role("link", name="KPIs:").click()
    expect(page.locator(".portfolio-more").first).to_contain_text("Ad budget")


def test_the_manager_on_a_phone_in_russian(cast, projects, visit):
    manager = visit(cast.manager, PHONE, language="ru", dark=True)
    manager.go("/portfolio/")
    manager.sees("сбился с курса", "Coffee at home")
    manager.go("/")
    manager.sees("Где вы нужны в первую очередь", "ватерлиния: тонет")


def test_the_decider_reads_and_signs_first(cast, projects, visit):
    make_agreement(cast)
    make_task(cast, title="Answer the call", assignee=cast.decider)
    decider = visit(cast.decider, PHONE)
    page = decider.go("/")
    headings = page.locator("main h2").all_inner_texts()
    assert headings == ["How the projects are going", "Money", "Also for you", "Next meeting"]
    first = page.locator("main section").first
    expect(first).to_contain_text("Read KPI agreement No. 1 and sign it")
    decider.sees("off course: 1 of 1; the next move is yours.", "Spend: 1,200 this month, Ads", "No meeting is booked.")
    decider.follow(re.compile("Read and sign"))
    expect(page.locator("h1")).to_contain_text("1")


def test_the_contact_approves_sends_and_answers(cast, projects, visit):
    task = make_task(cast, title="Look at the posts", side=Side.AGENCY, assignee=cast.specialist)
    type(task).objects.filter(pk=task.pk).update(review_at=task.created_at)
    make_material(cast, what="Logo", side=Side.CLIENT)
    contact = visit(cast.contact, PHONE)
    page = contact.go("/")
    headings = page.locator("main h2").all_inner_texts()
    assert headings[:4] == ["Look and agree", "Send", "Answer", "Why the numbers dropped"]
    contact.sees(
        "Look at what is done: Look at the posts", "A material is awaited: Logo", "The cabinet ran out of money"
    )


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_specialist_sees_sources_without_numbers(cast, projects, visit, size):
    make_source(cast, title="Lost page", error_kind="reauthorise", error_words="")
    specialist = visit(cast.specialist, size, language="ru")
    specialist.go("/")
    specialist.sees("Источники без данных", "Lost page")
