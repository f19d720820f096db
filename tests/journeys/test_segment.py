"""The leads of one campaign: a counter's goal becomes a source, and a KPI that names it in both languages."""

import re

import pytest
from django.utils import timezone

from kpis.actions import sources
from kpis.models import MetricSeries, Source
from kpis.pulling import pull_source
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

METRIKA = {"platform": "metrika", "credentials": {"token": "sandbox-oauth"}, "external_id": "77000007"}


def test_the_leads_of_one_campaign_are_a_kpi(cast, visit, todays_sandbox):
    cast.project.activated_at = timezone.now()
    cast.project.save()
    site = sources.connect_source(cast.project, by=cast.manager, **METRIKA)
    pull_source(site)

    sonya = visit(cast.specialist, PHONE, language="ru")
    sonya.go(site.get_absolute_url())
    sonya.follow("Добавить срез")
    sonya.follow("Цель")
    sonya.page.get_by_label("Цель").select_option(label="Заявка")
    sonya.press("Добавить срез")
    sonya.sees("Обжарка №7 — магазин — цель: Заявка")
    sonya.follow("Добавить срез")
    sonya.follow("UTM-кампания")
    sonya.fill(value="лето")
    sonya.press("Добавить срез")
    segment = Source.objects.get(filter__contains="utm_campaign")
    sonya.sees("цель: Заявка, UTM-кампания: лето", "весь аккаунт")
    pull_source(segment)
    series = MetricSeries.objects.get(source=segment, metric="leads")
    assert series.latest_value is not None

    maxim = visit(cast.manager, DESK, language="en")
    maxim.go(segment.get_absolute_url())
    maxim.go(f"/projects/{cast.project.pk}/kpis/new/")
    maxim.page.select_option("#id_measure", f"{segment.pk}:leads")
    maxim.page.select_option("#id_kind", "stay_above")
    maxim.fill(target="1", due_on="2027-12-31")
    maxim.press("Save the draft")
    maxim.sees(re.compile("Leads, Yandex Metrika .goal: Заявка, UTM campaign: лето."))
    maxim.go(f"/projects/{cast.project.pk}/agreements/")
    maxim.press(re.compile("^Prepare"))
    maxim.sees("Обжарка №7 — магазин — goal: Заявка, UTM campaign: лето")
