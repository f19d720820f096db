"""The demo: everything that is promised is there, a second time changes nothing, and it is nobody else's."""

from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command

from kpis.models import Agreement, Kpi, Point, Review, Source
from kpis.queries.standings import for_standing, standings
from meetings.models import ActionItem, AgendaItem, Decision, Meeting
from projects.models import Brief, Goal, Project
from smmportal.demo import loading
from smmportal.people.models import User


@pytest.fixture
def demo(db, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "PASSWORD_FILE", tmp_path / "password")
    assert loading.load() is True
    return loading


def counts() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def tell_of(project: Project) -> dict:
    brief = Brief.objects.get(project=project)
    meetings = Meeting.objects.filter(project=project)
    return {
        "briefs": brief.versions.count(),
        "goals": sorted(project.goals.values_list("status", flat=True)),
        "kpis signed": project.kpis.exclude(signed_in=None).count(),
        "reviews": Review.objects.filter(kpi__project=project).count(),
        "kpis to sign": project.kpis.filter(signed_in=None).count(),
        "agreements": [agreement.signatures.count() for agreement in project.agreements.order_by("number")],
        "sources that answer": project.sources.filter(error_kind="").count(),
        "meetings": meetings.count(),
        "minutes": meetings.exclude(minutes__published_at=None).count(),
        "decisions": Decision.objects.filter(meeting__project=project).count(),
        "action items": [item.task.side for item in ActionItem.objects.filter(meeting__project=project)],
        "goals to talk about": AgendaItem.objects.filter(meeting__project=project, goal__isnull=False).count(),
        "is active": project.activated_at is not None,
        "tasks": Counter(task.state.value for task in project.tasks.all()),
        "tasks that come again": project.recurrences.count(),
        "hours spent": sum(task.spent for task in project.tasks.with_spent()),
    }


def test_everything_that_is_promised_is_there_and_fits(demo, browse):
    """One test, for loading is slow: it lives sixty days and asks the stand-in each morning."""
    russian, english = Project.objects.order_by("id")
    usual = {
        "briefs": 1,
        "kpis to sign": 1,
        "agreements": [2, 1],
        "meetings": 2,
        "minutes": 1,
        "decisions": 1,
        "action items": ["client"],
        "is active": True,
    }
    work = {"tasks": {"planned": 5, "doing": 1, "review": 1, "done": 3}, "tasks that come again": 2, "hours spent": 9.5}
    assert tell_of(russian) == usual | work | {
        "goals": ["achieved", "active", "proposed"],
        "kpis signed": 3,
        "reviews": 22,
        "sources that answer": 3,
        "goals to talk about": 1,
    }
    work = {"tasks": {"planned": 3, "doing": 1, "done": 2}, "tasks that come again": 1, "hours spent": 2.5}
    assert tell_of(english) == usual | work | {
        "goals": ["active", "missed", "proposed"],
        "kpis signed": 2,
        "reviews": 15,
        "sources that answer": 2,
        "goals to talk about": 0,
    }

    followers = Kpi.objects.filter(metric="followers", source__platform="vk").order_by("id")
    for project, kpi in zip((russian, english), followers, strict=True):
        brief = {answer.key: answer.value for answer in project.brief.answers.filter(key__in=["D2", "D3"])}
        assert abs(int(brief["D2"]["rows"][0]["value"]) / float(kpi.target) - 1) < 0.01
        assert abs(int(brief["D3"]["rows"][0]["value"]) / float(kpi.baseline) - 1) < 0.01

    of_followers = Kpi.objects.filter(metric="followers").order_by("id")
    assert [standing.status for standing in standings(for_standing(of_followers))] == [
        "at_risk",
        "at_risk",
        "off_track",
    ]

    before = counts()
    call_command("demo", quiet=True)
    assert (demo.load(), counts()) == (False, before)

    assert Counter(Agreement.objects.values_list("project", flat=True)) == {russian.pk: 2, english.pk: 2}
    assert sorted(User.objects.values_list("email", flat=True)) == sorted(email for email, *_rest in demo.CAST)
    assert all(user.check_password(demo.demo_password()) for user in User.objects.all()[:1])

    stranger = User.objects.get(email="stranger@other.example")
    seen = [model.objects.visible_to(stranger).count() for model in (Project, Goal, Source, Kpi, Point, Meeting)]
    assert seen == [0] * 6
    page = browse(stranger).get("/")
    assert (page.context["mine"], page.context["theirs"], page.context["courses"]) == ([], [], [])
    assert browse(stranger).get(f"/projects/{russian.pk}/").status_code == 404


@pytest.mark.parametrize(("number", "said"), [(12_601, 12_600), (2_561, 2_560), (15_122.4, 15_100), (987, 987), (7, 7)])
def test_people_round_to_three_figures(number, said):
    assert loading.roughly(number) == said
