"""The manager says what happened in a week and what a drop was; the client reads it on the phone."""

import re
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from kpis import tasks
from kpis.models import Kpi
from kpis.queries.standings import today_of
from meetings.tasks import refresh_agendas
from projects.models import Task
from tests.builders import make_kpi, make_meeting, make_points, make_series, make_source
from tests.journeys.conftest import DESK, PHONE
from tests.kpis.conftest import begun
from tests.kpis.reviewing import growing, in_force

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_fallen(cast) -> Kpi:
    """Seven weeks that ended yesterday; three days before that a purge took six hundred followers."""
    today = today_of(begun(cast).project)
    source = make_source(cast)
    make_points(make_series(cast, source=source), growing(falls={3: 600}), last=today - timedelta(days=1))
    starts_on = today - timedelta(days=49)
    terms = {"starts_on": starts_on, "due_on": today + timedelta(days=70), "baseline_on": starts_on}
    return in_force(cast, make_kpi(cast, source=source, target=Decimal(11500), **terms))


def test_a_week_is_reviewed_a_drop_explained_and_the_client_reads_both(cast, visit):
    kpi = make_fallen(cast)
    tasks.find_dips_due()
    tomorrow = datetime.combine(today_of(cast.project) + timedelta(days=1), time(9), UTC)
    meeting = make_meeting(cast, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=1))
    refresh_agendas()

    maxim = visit(cast.manager, DESK, language="en")
    maxim.go("/")
    maxim.sees(re.compile("fell out of what was expected on"), re.compile("is not reviewed for"))
    maxim.page.get_by_role("link", name=re.compile("^Explain it")).click()
    maxim.sees("Noticed after", "Not explained for")
    maxim.page.locator("details", has_text="Say what it was").locator("summary").click()
    maxim.page.get_by_label("What it was").fill("VK removed bots.")
    maxim.press("Explain")
    maxim.sees("The client reads your explanation beside the number.", "VK removed bots.", "Explained after")
    maxim.follow("Hold the review")
    maxim.sees("Drops in this period", "VK removed bots.", "The numbers")
    maxim.forgives = ("422",)
    maxim.press("Hold the review")
    maxim.sees("Please look at this again", "This KPI is not on course: say why.")
    maxim.fill(why="A purge of bots.", measure="Check new followers every week")
    maxim.page.get_by_label("Who does it").select_option(label="Sonya")
    maxim.fill(due_on=(today_of(cast.project) + timedelta(days=7)).isoformat())
    maxim.press("Hold the review")
    maxim.sees("The review is held. The other side has been told.", "Check new followers every week")
    task = Task.objects.get()
    assert (task.assignee, task.origin) == (cast.specialist, "review")

    dmitry = visit(cast.decider, PHONE, language="ru", dark=True)
    dmitry.go("/notifications/")
    dmitry.sees(re.compile("что произошло с KPI"), re.compile("разбор KPI"))
    dmitry.go(kpi.get_absolute_url())
    dmitry.sees("VK removed bots.", "A purge of bots.", "Check new followers every week", "Задача: Sonya")
    assert dmitry.page.get_by_role("link", name="Добавить свой взгляд").count() == 1
    dmitry.go(f"/projects/{cast.project.pk}/reviews/")
    dmitry.sees("Проведённые разборы", "A purge of bots.")
    dmitry.go(f"/projects/{cast.project.pk}/dips/")
    dmitry.sees("Все объяснены.")
    dmitry.go(meeting.get_absolute_url())
    dmitry.sees(re.compile(r"из\s11\s500"))

    sonya = visit(cast.specialist, DESK, language="en")
    sonya.go(task.get_absolute_url())
    sonya.follow("A review")
    sonya.sees("A purge of bots.")
