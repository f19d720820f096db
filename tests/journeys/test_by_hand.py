"""A specialist types a channel's numbers from a phone, corrects one, and the KPI shows it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kpis.models import Kpi, Point, Source
from smmportal.formatting import format_day
from tests.builders import make_kpi
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def field_of(day, metric: str = "views") -> str:
    return f"#id_{metric}_{day:%Y%m%d}"


def shown(visitor) -> list[str]:
    """The names of the fields that can be seen just now."""
    fields = visitor.page.locator(".hand-input:visible")
    return [fields.nth(place).get_attribute("name") for place in range(fields.count())]


def values() -> dict:
    rows = Point.objects.filter(value__isnull=False).order_by("day")
    return {day: (value, provenance) for day, value, provenance in rows.values_list("day", "value", "provenance")}


def test_a_channels_numbers_are_typed_on_a_phone(cast, visit):
    cast.project.activated_at = timezone.now()
    cast.project.save()
    sonya = visit(cast.specialist, PHONE, language="ru")
    sonya.go(f"/projects/{cast.project.pk}/sources/new/")
    sonya.follow("Вручную")
    sonya.fill(name="яндекс дзен")
    sonya.page.get_by_label("Просмотры", exact=True).check()
    sonya.page.get_by_label("Как часто").select_option("daily")
    sonya.press("Перейти к значениям")
    sonya.sees("Источник «Дзен» добавлен")

    source = Source.objects.get()
    today = timezone.localdate(timezone=source.zone)
    days = [today - timedelta(days=number) for number in (1, 2, 3)]
    for day, text in zip(days, ("1 340", "0", "1280,5"), strict=True):
        assert shown(sonya) == [f"views_{day:%Y%m%d}"]
        sonya.page.fill(field_of(day), text)
        sonya.page.locator(".hand-ways a:visible").first.click()
        expect(sonya.page.locator(field_of(day))).to_be_hidden()
    sonya.press("Сохранить")
    sonya.sees("Сохранено 3 значения")
    assert values() == {
        days[2]: (Decimal("1280.5"), "manual"),
        days[1]: (Decimal(0), "manual"),
        days[0]: (Decimal(1340), "manual"),
    }

    for _day in days:
        sonya.page.locator(".hand-ways a:visible").last.click()
    expect(sonya.page.locator(field_of(days[0]))).to_have_value("1340")
    sonya.page.fill(field_of(days[0]), "тысяча")
    sonya.press("Сохранить")
    expect(sonya.page.locator(field_of(days[0]))).to_have_value("тысяча")
    assert values()[days[0]] == (Decimal(1340), "manual")
    sonya.page.fill(field_of(days[0]), "1 430")
    sonya.press("Сохранить")
    sonya.sees("Сохранено 1 значение", re.compile(r"1\s340 → 1\s430"))

    kpi = make_kpi(
        cast, source=source, metric="views", kind=Kpi.Kind.STAY_ABOVE, target=Decimal(1000), baseline=None, name=""
    )
    sonya.go(kpi.get_absolute_url())
    sonya.sees(re.compile(r"1\s430"), re.compile("введено вручную", re.IGNORECASE))
    client = visit(cast.decider, DESK, language="en")
    client.go(source.get_absolute_url())
    client.sees("1,340 → 1,430", "Sonya", f"The last number is of {format_day(days[0], 'near')}")


def test_a_column_is_pasted_on_a_desk(cast, visit):
    cast.project.activated_at = timezone.now()
    cast.project.save()
    maxim = visit(cast.manager, DESK, language="en")
    maxim.go(f"/projects/{cast.project.pk}/sources/by-hand/")
    maxim.fill(name="Till in Lesnaya street")
    maxim.page.get_by_label("Sales", exact=True).check()
    maxim.page.get_by_label("Revenue", exact=True).check()
    maxim.press("Go on to the numbers")
    maxim.follow("Paste a column")
    maxim.page.select_option("#id_metric", "revenue")
    maxim.fill(column="Date\tRevenue\n02.11.2026\t12 400,50\n03.11.2026\t\n04.11.2026\tten")
    maxim.press("Look at it")
    maxim.sees("nothing is saved yet")
    maxim.press("Save")
    expect(maxim.page.locator("#id_revenue_20261104")).to_have_value("ten")
    maxim.fill(revenue_20261104="10")
    maxim.press("Save")
    maxim.sees("2 numbers are saved")
    assert [value for value, _code in values().values()] == [Decimal("12400.5"), Decimal(10)]
