"""A chance falls: the portal sees it, the manager hears of it and explains it, the client reads why."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kpis.actions.watching import watch
from kpis.models import Alert, Forecast, Kpi, MetricSeries
from kpis.queries.standings import today_of
from smmportal.notifications.models import Notification
from tests.builders import make_agreement, make_forecast_day, make_kpi, make_points, make_series
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kpi(cast) -> Kpi:
    """On its pace; its chance went from 71 to 14 % in three days."""
    today = today_of(cast.project)
    series = make_series(cast)
    make_points(series, [10_000 + 20 * day for day in range(30)], last=today - timedelta(days=1))
    MetricSeries.objects.update(final_through=today - timedelta(days=1))
    first, last = today - timedelta(days=30), today + timedelta(days=70)
    kpi = make_kpi(cast, name="Followers", target=12_000, baseline_on=first, starts_on=first, due_on=last)
    kpi.signed_in = make_agreement(cast, kpis=[kpi], in_force_at=timezone.now())
    kpi.save()
    for ago, chance in ((3, 0.71), (1, 0.4), (0, 0.14)):
        make_forecast_day(cast, kpi=kpi, day=today - timedelta(days=ago), chance=chance)
    Forecast.objects.create(kpi=kpi, rests_on="-", chance=0.14)
    return kpi


def test_a_chance_falls_is_explained_and_the_client_reads_why(cast, kpi, visit):
    watch()
    alert = Alert.objects.get(kind="chance")
    manager = visit(cast.manager, DESK)
    manager.go("/notifications/")
    sentence = re.compile("the chance of reaching the target in time was about 70%, and 3 days later it is about 15%")
    manager.sees(sentence)
    manager.go("/alerts/")
    manager.follow(sentence)
    manager.sees("What it rests on", "about 70%", "about 15%", "Maxim")
    manager.page.fill("#id_explanation_words", "The ads stopped for a week; they run again from Monday.")
    manager.press("Explain")
    manager.sees("Said. Whoever sees this alert reads it here.")
    alert.refresh_from_db()
    assert (alert.state, alert.owner, alert.seen_by, alert.explained_by) == (
        "explained",
        cast.manager,
        cast.manager,
        cast.manager,
    )
    decider = visit(cast.decider, PHONE, language="ru", dark=True)
    decider.go(f"/projects/{cast.project.pk}/alerts/")
    decider.sees("The ads stopped for a week")
    decider.follow(re.compile("вероятность успеть была около 70"))
    decider.sees("The ads stopped for a week; they run again from Monday.", "На чём это основано")
    decider.go(f"/kpis/{kpi.pk}/")
    decider.sees("Как менялся шанс")
    assert Notification.objects.filter(event="alert.explained", to=cast.decider).count() == 1
    manager.go(alert.get_absolute_url())
    manager.press("Close the alert")
    manager.sees("Closed. It stays closed for a while, unless it gets worse.")
    watch()
    assert Alert.objects.standing().filter(kind="chance").count() == 0


def test_hours_are_chosen_on_a_phone(cast, visit):
    contact = visit(cast.contact, PHONE, language="ru")
    contact.go("/notifications/settings/")
    contact.fill(digest_at="10:30", quiet_from="22:00", quiet_to="07:00")
    contact.press("Сохранить часы")
    contact.sees("Сохранено.")
    assert str(type(cast.contact).objects.get(pk=cast.contact.pk).timetable.digest_at) == "10:30:00"
