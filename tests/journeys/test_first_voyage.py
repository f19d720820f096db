"""The whole spine once: one project from its brief to the minutes of a meeting, everybody at their own device."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kpis.models import Agreement, MetricSeries, Source
from meetings.models import Meeting
from projects.models import BriefVersion, Goal, Project
from smmportal.formatting import format_number
from tests.builders import PASSWORD
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMPANY = "Roast No. 7 roasts specialty coffee in small batches and sells it to people who brew at home."
#: What is written into each section's fields; the fields' ids are the questions' own keys.
TYPED = {
    "B": {"B1-input": "The subscription: it brings customers back every month."},
    "C": {
        "C1-1-who": "A young mother who brews at home",
        "C1-1-job": "Good coffee without leaving the house",
        "C1-1-limits": "Afraid of choosing the wrong grind",
    },
    "D": {"D2-1-what": "Followers of the VK page", "D2-1-value": "12 000", "D2-1-by": "2027-03-01"},
    "E": {"E4-1-what": "VK community", "E4-1-who": "Katya"},
    "F": {"F1-1-link": "vk.com/foreign_coffee", "F1-1-better": "Photographs", "F1-1-worse": "Answers slowly"},
    "G": {"G3-input": "No jokes about caffeine and health."},
    "I": {"I1-1-platform": "VK"},
    "J": {"J1-note": "10:00 to 19:00, urgent things by phone"},
    "K": {"K1-1-from": "60 000", "K1-1-to": "90 000", "K1-3-from": "30 000", "K1-note": "Roubles"},
}
#: What is ticked or chosen there.
CHOSEN = {"D": ["More leads and enquiries"], "J": ["Telegram", "Video call", "Once a week"]}
UNDERSTOOD = "You sell freshly roasted coffee to people who brew at home."
CORRECTED = "Your buyers are young parents who fear choosing the wrong grind."


def test_one_project_from_its_brief_to_its_minutes(cast, visit, worker):
    manager, specialist = visit(cast.manager, DESK), visit(cast.specialist, DESK)
    contact, decider = visit(cast.contact, PHONE), visit(cast.decider, PHONE)
    project = open_project(manager)
    fill_brief(project, contact, visit(cast.contact, DESK))
    reach_an_understanding(project, manager, decider)
    agree_on_a_goal(project, manager, decider)
    connect_a_source(project, specialist, worker)
    agree_on_a_kpi(project, manager, decider)
    watch_the_board(project, decider)
    meet(project, contact, manager)
    see_what_waits(contact, manager)


def open_project(manager) -> Project:
    manager.go("/")
    manager.follow("New project")
    manager.fill(name="Coffee for every morning")
    page = manager.page
    page.get_by_label("Which client is it for?").select_option("Roast No. 7")
    for name in ("Maxim", "Sonya"):
        page.get_by_label(name).check()
    manager.press("Create the project")
    manager.sees("Coffee for every morning")
    return Project.objects.get(name="Coffee for every morning")


def fill_brief(project: Project, contact, other_device) -> None:
    contact.go("/")
    contact.sees("Coffee for every morning")
    contact.go(f"/projects/{project.pk}/brief/")
    contact.follow("Begin")
    type_and_see_it_saved(contact)
    continue_on(other_device, project)
    contact.page.fill("#A4-name", "Dmitry")
    contact.press("Save and continue")
    for section in TYPED:
        fill_section(contact, section)
    expect(contact.page.locator(".brief-percent")).to_have_text(re.compile("^100"))
    contact.press("Submit the brief")
    contact.sees("The brief is submitted as version 1. Now the agency writes how it understood you.")
    kept = BriefVersion.objects.get(brief__project=project).content["answers"]
    assert (len(kept), kept["A1"]["value"], kept["D3"]["unknown"]) == (14, COMPANY, True)


def type_and_see_it_saved(contact) -> None:
    page = contact.page
    page.fill("#A1-input", COMPANY)
    page.locator("#A1-input").blur()
    expect(page.locator("[data-save-state=A1]")).to_have_text("Saved")


def continue_on(device, project: Project) -> None:
    page = device.go(f"/projects/{project.pk}/brief/sections/A/")
    expect(page.locator("#A1-input")).to_have_value(COMPANY)


def fill_section(contact, section: str) -> None:
    page = contact.page
    for field, text in TYPED[section].items():
        page.fill(f"#{field}", text)
    for label in CHOSEN.get(section, []):
        page.get_by_label(label, exact=True).check()
    if section == "I":
        page.get_by_label("Its place").first.select_option("Comes first")
    if section == "D":
        contact.press(re.compile("^Don’t know"), within="#D3")
        expect(page.locator("#D3")).to_contain_text("It counts as an answer. We will find out together.")
    contact.press(re.compile("^Save and (continue|look over)$"))


def reach_an_understanding(project: Project, manager, decider) -> None:
    address = f"/projects/{project.pk}/debrief/"
    page = manager.go(address)
    manager.sees("1 answer the client doesn’t know")
    for draft in page.locator("textarea[id^=draft-]").all():
        draft.fill(UNDERSTOOD)
    manager.press("Save the draft")
    manager.press("Share with the client")
    decider.go(address)
    decider.sees(UNDERSTOOD)
    part = decider.page.locator("#part-C")
    part.get_by_text("Something is not right here").click()
    part.get_by_label("What is understood wrongly?").fill("Not everybody who brews: young parents first.")
    decider.press("Send the remark", within="#part-C")
    manager.go(address)
    manager.sees("Not everybody who brews: young parents first.")
    manager.page.fill("#draft-C", CORRECTED)
    manager.press("Save the draft")
    manager.press("Share again")
    decider.go(address)
    decider.sees(CORRECTED)
    decider.press("Confirm: you understood us")
    decider.sees("Confirmed by Dmitry")


def agree_on_a_goal(project: Project, manager, decider) -> None:
    manager.go(f"/projects/{project.pk}/goals/new/")
    manager.fill(
        statement="Twice as many people see us in VK by 1 March",
        specific="The daily reach of the VK page grows, because people who brew at home find us there.",
        measurable="Reach as VK counts it, seen on the dashboard.",
        achievable="Reach has grown every month without advertising.",
        relevant="Those who see us become subscribers of the monthly coffee.",
        time_bound="We look on the first of every month.",
        due_on="2027-03-01",
    )
    manager.press("Save the goal")
    manager.press("Propose it to the client")
    goal = Goal.objects.get(project=project)
    decider.go("/")
    decider.go(f"/goals/{goal.pk}/")
    decider.press("Agree to this goal")
    decider.sees("Agreed by Dmitry", "The words don’t change any more.")


def connect_a_source(project: Project, specialist, worker) -> None:
    specialist.go(f"/projects/{project.pk}/sources/")
    specialist.follow("Connect a source")
    specialist.follow("VK")
    specialist.fill(token="sandbox-token-of-vera")
    specialist.press("Check and go on")
    specialist.press("Connect Обжарка №7")
    pulled = Source.objects.filter(project=project, last_success_at__isnull=False, claimed_at=None)
    worker.wait_for(pulled.exists)
    source = Source.objects.get(project=project)
    specialist.go(source.get_absolute_url())
    specialist.sees("Обжарка №7", "connected", "Reach", format_number(reach(project).latest_value))


def reach(project: Project) -> MetricSeries:
    return Source.objects.get(project=project).series.get(metric="reach")


def agree_on_a_kpi(project: Project, manager, decider) -> None:
    manager.go(f"/projects/{project.pk}/kpis/new/")
    page = manager.page
    measure = page.locator("#id_measure option", has_text=re.compile("^Reach — ")).get_attribute("value")
    page.select_option("#id_measure", measure)
    page.select_option("#id_goal", label="Twice as many people see us in VK by 1 March")
    manager.fill(target=str(2 * reach(project).latest_value), due_on="2027-03-01")
    page.get_by_label("Without a guardrail: why").fill("We only begin to be seen.")
    manager.press("Save the draft")
    manager.go(f"/projects/{project.pk}/board/")
    manager.press("Prepare the agreement")
    manager.fill(password=PASSWORD)
    manager.press("Sign for Fairway")
    manager.sees("Maxim has signed for Fairway")
    agreement = Agreement.objects.get(project=project)
    decider.go(agreement.get_absolute_url())
    decider.sees(
        f"SHA-256 {agreement.content_hash}", "It is the second signature: the agreement comes into force at once."
    )
    decider.fill(password=PASSWORD)
    decider.press("Sign for Roast No. 7")
    decider.sees("Both sides have signed")


def watch_the_board(project: Project, decider) -> None:
    series, kpi = reach(project), project.kpis.get()
    known = series.points.filter(final=True, value__isnull=False).latest("day")
    assert (kpi.baseline, kpi.baseline_on, kpi.baseline_provenance) == (known.value, known.day, "measured")
    decider.go(f"/projects/{project.pk}/board/")
    card = decider.page.locator(".board-card")
    expect(card.locator(".board-now b")).to_have_text(format_number(series.latest_value))
    expect(card).to_contain_text(format_number(kpi.target))
    decider.go(kpi.get_absolute_url())
    decider.sees(*map(format_number, (series.latest_value, kpi.baseline, kpi.target)))


def meet(project: Project, contact, manager) -> None:
    contact.go(f"/projects/{project.pk}/meetings/")
    contact.follow("Choose a time")
    contact.follow("Next week")
    contact.follow(re.compile("^10:00"))
    contact.fill(title="First review", agenda="What the numbers say\nWhat we photograph next")
    contact.press(re.compile("^Book"))
    contact.sees("First review", "What we photograph next")
    meeting = Meeting.objects.get(project=project)
    the_hour_comes(meeting)
    page = manager.go(meeting.get_absolute_url())
    page.fill("#notes textarea", "The page grows. Photographs of brewing at home work best.")
    write_outcome(page)
    manager.look()
    manager.press("Read over and publish")
    manager.press("Publish to both sides")
    contact.go(meeting.get_absolute_url())
    contact.sees(
        "Photographs of brewing at home work best.", "Post three times a week.", "Send photographs of the roastery"
    )


def the_hour_comes(meeting: Meeting) -> None:
    now = timezone.now()
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=now - timedelta(minutes=70), ends_at=now - timedelta(minutes=10)
    )


def write_outcome(page) -> None:
    """The decision and the promise go in by htmx: the page stays, its column changes."""
    outcome = page.locator("#outcome")
    outcome.get_by_label("What was decided").fill("Post three times a week.")
    outcome.get_by_role("button", name="Write the decision down").click()
    expect(outcome.locator("li", has_text="Post three times a week.")).to_be_visible()
    outcome.get_by_label("What is to be done").fill("Send photographs of the roastery")
    outcome.get_by_label("Who does it").select_option(label="Katya")
    outcome.get_by_role("button", name="Assign").click()
    expect(outcome.locator("li", has_text="Send photographs of the roastery")).to_be_visible()


def see_what_waits(contact, manager) -> None:
    contact.go("/")
    mine = contact.page.locator("main")
    expect(mine).to_contain_text("Send photographs of the roastery")
    manager.go("/")
    theirs = manager.page.get_by_role("region", name="Waiting for the other side")
    expect(theirs).to_contain_text("Send photographs of the roastery")
