"""A site's own daily counts come in as a file, become a KPI, and stand on the board with their gaps."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kpis.models import Kpi, MetricSeries, Source
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Views of one page of Wikipedia, by day: not in order, and with a day that nobody counted.
VIEWS = {
    "2016-01-07": 2418, "2016-01-04": 2899, "2016-01-05": 2709, "2016-01-06": 2576, "2016-01-09": 2130,
    "2016-01-10": 2407, "2016-01-11": 3420, "2016-01-12": 4251, "2016-01-13": 3005, "2016-01-14": 2765,
}  # fmt: skip


def table() -> bytes:
    return "\n".join(["day,views", *(f"{day},{views}" for day, views in VIEWS.items())]).encode()


def test_a_file_of_days_becomes_a_kpi_on_the_board(cast, visit):
    cast.project.activated_at = timezone.now()
    cast.project.save()
    maxim = visit(cast.manager, DESK, language="ru")
    maxim.go(f"/projects/{cast.project.pk}/sources/import/")
    maxim.page.set_input_files("#id_file", {"name": "views.csv", "mimeType": "text/csv", "buffer": table()})
    maxim.press("Посмотреть")
    maxim.sees("Будет взято 10 значений", "с 4 января 2016 по 14 января 2016")
    maxim.fill(title="Статья в энциклопедии")
    maxim.press("Загрузить")
    source = Source.objects.get()
    maxim.sees("Статья в энциклопедии", re.compile(r"2\s765"))
    series = MetricSeries.objects.get()
    assert (series.metric, series.latest_value, str(series.latest_on)) == ("views", Decimal(2765), "2016-01-14")

    maxim.go(f"/projects/{cast.project.pk}/kpis/new/")
    maxim.page.select_option("#id_measure", f"{source.pk}:views")
    maxim.page.select_option("#id_kind", "stay_above")
    maxim.fill(target="2000", starts_on="2016-01-04", due_on="2027-03-01", name="Читатели")
    maxim.press("Сохранить черновик")
    kpi = Kpi.objects.get()
    assert (kpi.baseline, kpi.baseline_provenance) == (Decimal("2523.166667"), "imported")

    decider = visit(cast.decider, PHONE, language="ru")
    decider.go(f"/projects/{cast.project.pk}/board/")
    decider.sees("Читатели")
    decider.go(f"{kpi.get_absolute_url()}?from=2016-01-04&to=2016-01-14")
    expect(decider.page.locator("body")).to_contain_text(re.compile(r"2\s418"))
