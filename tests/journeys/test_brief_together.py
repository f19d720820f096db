"""A brief in several hands: its template is edited while it runs, and a colleague answers by a link."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from projects import actions
from projects.models import Answer, Brief, BriefTemplate, Delegation
from projects.questionnaire import FULL, new_form
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OLD = "What is the company or brand, and what does it do, in two or three sentences?"
NEW = "What do you roast, and for whom?"


def test_a_template_is_edited_while_a_brief_runs(cast, visit):
    manager, contact = visit(cast.manager, DESK), visit(cast.contact, PHONE)
    manager.go("/brief-templates/")
    manager.fill(name="Coffee shops")
    manager.press("Make the copy")
    template = BriefTemplate.objects.get()
    project = actions.create_project(cast.agency, client=cast.client, name="Tea", by=cast.manager, template=template)
    section = f"/projects/{project.pk}/brief/sections/A/"
    contact.go(section).fill("#A1-input", "We roast coffee.")
    manager.go(template.get_absolute_url())
    manager.follow(OLD)
    manager.page.get_by_label("In English").first.fill(NEW)
    manager.press("Save the question")
    manager.sees(NEW, "The question is saved in the template.")
    contact.page.locator("#A1-input").blur()
    expect(contact.page.locator("[data-save-state=A1]")).to_have_text("Saved")
    contact.go(section)
    contact.sees(OLD)
    manager.go("/projects/new/")
    manager.fill(name="Herbs", client_name="Dairy")
    manager.page.get_by_label("Coffee shops").check()
    manager.press("Create the project")
    assert Brief.objects.get(project__name="Herbs").form == BriefTemplate.objects.get().form
    assert Brief.objects.get(project=project).form == template.form


@pytest.fixture
def link(cast) -> str:
    brief = Brief.objects.create(project=cast.project, form=new_form(FULL))
    _made, address = actions.delegate_section(brief, "G", name="Пётр", by=cast.contact, language="ru")
    return address.removeprefix("http://portal.example")


def test_a_colleague_answers_by_a_link_once(cast, visit, link, tmp_path):
    paper = tmp_path / "Логотип.svg"
    paper.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    colleague = visit(size=PHONE, language="en")
    colleague.go(link)
    colleague.sees("вас просят ответить на этот раздел")
    colleague.press("Начать")
    page = colleague.page
    page.fill("#G1-input", "Спокойно и по делу.")
    page.locator("#G1-input").blur()
    expect(page.locator("[data-save-state=G1]")).to_have_text("Сохранено")
    page.set_input_files("#G2-file", paper)
    colleague.press(re.compile("^Приложить"))
    colleague.sees("Логотип.svg")
    page.locator("#G3").get_by_role("button", name="Не знаю").click()
    expect(page.locator("#G3 .badge")).to_have_text("Не знаю")
    colleague.press("English", role="link", within="header")
    colleague.sees("asks you to answer this section")
    colleague.press("Done, hand it in")
    colleague.sees("Thank you, the section is handed in")
    assert {answer.key: (answer.author, answer.unknown) for answer in Answer.objects.all()} == {
        "G1": ("Пётр", False),
        "G2": ("Пётр", False),
        "G3": ("Пётр", True),
    }
    colleague.forgives = ("410",)
    assert page.goto(colleague.base + link).status == 410
    colleague.look()
    colleague.sees("Этот раздел уже сдан")
    contact = visit(cast.contact, DESK)
    contact.go(f"/projects/{cast.project.pk}/brief/sections/G/")
    contact.sees("Пётр, by a link from Katya", "Логотип.svg")


def test_a_link_that_ran_out_says_what_to_do(visit, link):
    colleague = visit(size=PHONE)
    colleague.forgives = ("410",)
    Delegation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert colleague.page.goto(colleague.base + link).status == 410
    colleague.look()
    colleague.sees("Срок этой ссылки истёк", "попросите новую ссылку")
