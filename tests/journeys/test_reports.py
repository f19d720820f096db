"""The manager writes a report, a colleague checks it, it is issued, and the client's finance opens it by a link."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpis.models import Report, ReportOpening
from tests.builders import make_kpi, make_points, make_series
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_report_from_the_first_word_to_the_phone(cast, visit):
    today = timezone.localdate()
    first, last = today - timedelta(days=20), today - timedelta(days=2)
    kpi = make_kpi(cast, starts_on=first - timedelta(days=10), due_on=today + timedelta(days=90))
    values = [10000 + 7 * day for day in range(60)]
    make_points(make_series(cast, source=kpi.source), values, last=today - timedelta(days=1))
    manager, colleague = visit(cast.manager, DESK), visit(cast.specialist, DESK)
    finance = visit(size=PHONE, language="en")
    manager.go(f"/projects/{cast.project.pk}/reports/")
    manager.page.fill("#id_first", first.isoformat())
    manager.page.fill("#id_last", last.isoformat())
    manager.press("Begin")
    manager.fill(**{"words-summary": "We grew."})
    manager.forgives = ("422",)
    manager.press("Save and send to the check")
    manager.sees("The block “Next steps” still needs your words", "We grew.")
    manager.fill(**{"words-next_steps": "We go on."})
    manager.press("Save and send to the check")
    manager.sees("sent it to the check")
    report = Report.objects.get()
    colleague.go(f"/reports/{report.pk}/")
    colleague.press("All is right")
    manager.go(f"/reports/{report.pk}/")
    manager.press("Issue the report")
    manager.sees("Both sides have been told")
    manager.follow("Send a link")
    manager.fill(name="Pyotr, finance", password="harbour-7")
    manager.page.select_option("#id_language", "ru")
    manager.press("Make the link")
    link = manager.page.input_value("#link").removeprefix("http://portal.example")
    finance.go(link)
    finance.sees("Открыть отчёт")
    finance.forgives = ("422",)
    finance.fill(password="guessed-it")
    finance.press("Открыть отчёт")
    finance.sees("Пароль не подошёл")
    finance.fill(password="harbour-7")
    finance.press("Открыть отчёт")
    finance.sees("We grew.", "We go on.", "Подписчики, ВКонтакте")
    assert ReportOpening.objects.count() == 1
    manager.go(f"/reports/{report.pk}/links/")
    manager.sees("Opened 1 time")
    client = visit(cast.decider, PHONE)
    client.go(f"/reports/{report.pk}/")
    client.sees("We grew.")
