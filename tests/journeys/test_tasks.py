"""Tasks at work: the board by hand, by key and by finger; several at once on a phone."""

import pytest
from playwright.sync_api import expect

from projects import actions
from projects.models import State, Task
from tests.builders import make_absence, make_dependency, make_effort, make_goal, make_recurrence, make_step, make_task
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def board(cast) -> str:
    return f"/projects/{cast.project.pk}/tasks/board/"


def card(page, title: str):
    return page.locator(".task-card", has_text=title)


def column(page, state: str):
    return page.locator(f'[data-state="{state}"]')


def titles(page, state: str) -> list[str]:
    return column(page, state).locator(".task-title a").all_inner_texts()


def test_a_card_goes_by_key_and_says_where(cast, visit):
    make_task(cast, title="Logo", priority="urgent")
    make_task(cast, title="Photos")
    manager = visit(cast.manager)
    page = manager.go(board(cast))
    title = card(page, "Photos").get_by_role("link", name="Photos")
    title.focus()
    with page.expect_response("**/state/"):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#board-said")).to_have_text("Moved: Photos → In progress")
    expect(title).to_be_focused()
    with page.expect_response("**/state/"):
        page.keyboard.press("Shift+ArrowRight")
    expect(column(page, "review").locator("[data-count]")).to_have_text("1")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#board-said")).to_have_text("Moved: Photos → In progress")
    assert (titles(page, "planned"), titles(page, "doing"), titles(page, "review")) == (["Logo"], ["Photos"], [])
    assert Task.objects.get(title="Photos").state is State.DOING
    manager.look()


def test_a_card_is_dragged_and_finds_its_place(cast, visit):
    make_task(cast, title="Logo", priority="urgent")
    actions.move_task(make_task(cast, title="Photos"), state="doing", by=cast.contact)
    contact = visit(cast.contact)
    page = contact.go(board(cast))
    with page.expect_response("**/state/"):
        card(page, "Logo").drag_to(column(page, "doing"))
    expect(page.locator("#board-said")).to_have_text("Moved: Logo → In progress")
    assert (titles(page, "planned"), titles(page, "doing")) == ([], ["Logo", "Photos"])
    page.reload()
    assert titles(page, "doing") == ["Logo", "Photos"]
    contact.glance()


def test_a_refused_card_goes_back_and_says_why(cast, visit):
    make_task(cast, title="Logo")
    manager = visit(cast.manager)
    manager.forgives = ("422",)
    page = manager.go(board(cast))
    actions.close_project(cast.project, by=cast.manager)
    with page.expect_response("**/state/"):
        card(page, "Logo").drag_to(column(page, "done"))
    expect(page.locator("#messages")).to_contain_text("This project is closed.")
    assert (titles(page, "planned"), titles(page, "done")) == (["Logo"], [])
    expect(card(page, "Logo").locator("select")).to_have_value("planned")


def test_with_a_finger_the_column_is_chosen_on_the_card(cast, visit):
    make_task(cast, title="Логотип")
    contact = visit(cast.contact, PHONE, language="ru", dark=True)
    page = contact.go(board(cast))
    with page.expect_response("**/state/"):
        card(page, "Логотип").locator("select").select_option(label="На проверке")
    expect(page.locator("#board-said")).to_have_text("Перемещено: Логотип → На проверке")
    assert Task.objects.get().state is State.REVIEW
    contact.look()


def test_without_a_script_the_card_has_a_button(cast, visit):
    make_task(cast, title="Logo")
    contact = visit(cast.contact, PHONE, java_script_enabled=False)
    page = contact.page
    page.goto(contact.base + board(cast))
    card(page, "Logo").locator("select").select_option("doing")
    card(page, "Logo").get_by_role("button", name="Move").click()
    assert titles(page, "doing") == ["Logo"]


def test_several_tasks_on_a_phone(cast, visit):
    for title in ("Логотип", "Фотографии", "Тексты"):
        make_task(cast, title=title)
    contact = visit(cast.contact, PHONE, language="ru")
    page = contact.go("/tasks/")
    bar = page.locator("form.many")
    expect(bar).to_be_hidden()
    for title in ("Логотип", "Тексты"):
        page.get_by_label(f"Выбрать: {title}").check()
    expect(bar).to_be_visible()
    bar.get_by_text("Изменить…").click()
    page.locator("#many_priority").select_option("urgent")
    page.locator("#many_state").select_option("doing")
    contact.look()
    contact.press("Изменить выбранные")
    contact.sees("Изменены 2 задачи.")
    assert sorted(Task.objects.values_list("title", "priority")) == [
        ("Логотип", "urgent"),
        ("Тексты", "urgent"),
        ("Фотографии", "normal"),
    ]
    page.get_by_label("Выбрать: Фотографии").check()
    contact.press("Завершить")
    contact.sees("Готово: «Фотографии»")
    contact.press("Вернуть", within=".notice-success")
    assert Task.objects.open().count() == 3


@pytest.mark.parametrize(("language", "size"), [("ru", PHONE), ("en", {"width": 1280, "height": 900})])
def test_every_page_about_tasks_is_fit_to_be_seen(cast, visit, language, size):
    """Each with one of everything on it: axe finds nothing, nothing sticks out sideways."""
    task = make_task(cast, goal=make_goal(cast), description="In vectors. " * 20, estimate=4, priority="urgent")
    make_step(cast, task=task)
    actions.tick_step(
        make_step(cast, task=task, text="Nowherethatabrowsercouldbreakthisverylongword" * 2), by=cast.contact
    )
    make_effort(cast, task=task, note="Searched")
    make_dependency(cast, task=task)
    recurrence = make_recurrence(cast)
    make_absence(cast, person=cast.contact, substitute=cast.decider)
    actions.finish_task(make_task(cast, title="Done already"), by=cast.contact)
    contact = visit(cast.contact, size, language=language, dark=language == "en")
    project = f"/projects/{cast.project.pk}"
    for path in (
        f"{project}/tasks/?priority=urgent",
        board(cast),
        f"{project}/tasks/repeating/",
        f"{project}/tasks/repeating/new/?from={task.pk}",
        f"{project}/effort/",
        f"/recurrences/{recurrence.pk}/",
        f"/tasks/{task.pk}/",
        f"/tasks/{task.pk}/edit/",
        "/tasks/?whose=all",
        "/tasks/handover/",
        "/tasks/away/",
    ):
        contact.go(path)
