"""The coach beside the goal's form, with a script and without."""

from django.urls import reverse

from projects.models import Goal
from tests.builders import make_goal

TEXT = "Подписчики +20 %"


def check(client, project, **typed):
    return client.post(reverse("projects:goal_check", args=[project.pk]), typed)


def test_the_panel_alone_answers_htmx(browse, contact, project):
    page = check(browse(contact, headers={"HX-Request": "true"}), project, statement=TEXT)
    assert page.status_code == 200
    assert [template.name for template in page.templates] == ["projects/_coach.html"]
    assert page.context["panel"].pieces == [("Подписчики", "S"), (" ", ""), ("+20 %", "M")]


def test_without_a_script_the_form_comes_back_with_everything_typed(browse, contact, project):
    page = check(browse(contact), project, statement=TEXT, specific="Наши", due_on="", revision="1")
    assert page.context["form"].initial["specific"] == "Наши"
    assert "coach-mark" in page.content.decode()
    assert not Goal.objects.exists()


def test_a_proposed_day_is_added_to_the_statement(browse, contact, project):
    page = check(browse(contact), project, statement=TEXT + ".", suggestion="за три месяца")
    assert page.context["form"].initial["statement"] == "Подписчики +20 % за три месяца"
    assert [letter.suggestions for letter in page.context["panel"].letters if letter.name == "time_bound"] == [[]]


def test_a_goal_being_edited_stays_the_one_edited(browse, contact, cast, project):
    goal = make_goal(cast)
    address = reverse("projects:goal_check", args=[project.pk]) + f"?goal={goal.pk}"
    page = browse(contact).post(address, {"statement": TEXT})
    assert f'action="{reverse("projects:edit_goal", args=[goal.pk])}"' in page.content.decode()


def test_another_agencys_goal_is_not_there(browse, stranger, cast, project):
    goal = make_goal(cast)
    address = reverse("projects:goal_check", args=[project.pk]) + f"?goal={goal.pk}"
    assert browse(stranger).post(address, {"statement": TEXT}).status_code == 404


def test_typed_markup_is_shown_as_text(browse, contact, project):
    page = check(browse(contact), project, statement="<script>+20 % подписчиков</script>")
    assert "<script>+20" not in page.content.decode()


def test_nothing_typed_gets_an_invitation(browse, contact, project):
    page = check(browse(contact, headers={"HX-Request": "true"}), project, statement=" ")
    assert page.context["panel"] is None
