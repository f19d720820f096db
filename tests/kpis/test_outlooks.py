"""A KPI's chance and band, from its stored days to the sentence."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from kpis.actions.forecasts import foresee_all
from kpis.course import judge
from kpis.forecast import TrackRecord
from kpis.models import Forecast, Kpi, MetricSeries
from kpis.queries.outlooks import Prospect
from kpis.queries.standings import Standing, prospect_of, standings, today_of
from kpis.wording import say_prospect
from tests.builders import make_kpi, make_points, make_series


@pytest.fixture
def today(cast) -> date:
    return today_of(cast.project)


@pytest.fixture
def last(today) -> date:
    return today - timedelta(days=1)


def growing(days: int) -> list[str]:
    """Some ten a day, from 10,000."""
    chance, value, values = random.Random(7), 10_000, []
    for _day in range(days):
        values.append(str(value))
        value += round(chance.gauss(10, 4))
    return values


def grown(cast, last: date, days: int = 60, **fields) -> Kpi:
    series = make_series(cast)
    make_points(series, growing(days), last=last)
    MetricSeries.objects.update(latest_on=last, final_through=last)
    return make_kpi(cast, **{"starts_on": last - timedelta(days=59), "due_on": last + timedelta(days=28), **fields})


def prospect(kpi: Kpi) -> Prospect:
    return prospect_of(standing_of(kpi))


def standing_of(kpi: Kpi) -> Standing:
    [standing] = standings([Kpi.objects.select_related("project", "source").get(pk=kpi.pk)])
    return standing


def said_of(kpi: Kpi) -> dict[str, str]:
    return say_prospect(prospect(kpi), standing_of(kpi))


def test_a_chance_is_that_of_the_target_on_the_due_day(cast, last):
    kpi = grown(cast, last, target="10870")
    found = prospect(kpi)
    assert (found.outlook.on, found.outlook.low80 < 10_870 < found.outlook.high80) == (kpi.due_on, True)
    assert found.chance == found.outlook.chance(10_870)
    assert 0.2 < found.chance < 0.8


@pytest.mark.parametrize(
    ("kind", "target", "likely"),
    [
        ("increase_to", "10700", True),
        ("increase_to", "11500", False),
        ("decrease_to", "9000", False),
        ("stay_above", "10000", True),
        ("stay_below", "10000", False),
    ],
)
def test_every_kind_has_its_own_side(cast, last, kind, target, likely):
    assert (prospect(grown(cast, last, kind=kind, target=target)).chance > 0.5) is likely


def test_provisional_days_are_left_out(cast, last):
    kpi = grown(cast, last, target="10870")
    before = prospect(kpi).outlook.median
    series = MetricSeries.objects.get()
    make_points(series, ["99999"], last=last + timedelta(days=1))
    series.points.filter(day=last + timedelta(days=1)).update(final=False)
    MetricSeries.objects.update(changed_at=timezone.now())
    assert prospect(kpi).outlook.median == before


def queries_of(work) -> int:
    with CaptureQueriesContext(connection) as done:
        work()
    return len(done)


def test_the_same_series_is_read_once_and_again_when_it_changed(cast, last):
    kpi = grown(cast, last)
    first, second = queries_of(lambda: standings([kpi])), queries_of(lambda: standings([kpi]))
    MetricSeries.objects.update(changed_at=timezone.now() + timedelta(seconds=1))
    assert (first, second, queries_of(lambda: standings([kpi]))) == (3, 2, 3)


def test_what_was_worked_out_ahead_is_told(cast, last):
    kpi = grown(cast, last, target="10870")
    assert (foresee_all(), foresee_all()) == (1, 0)
    Forecast.objects.update(chance=0.42)
    assert standing_of(kpi).chance == 0.42
    Kpi.objects.update(target="10600")
    assert standing_of(kpi).chance == 0.99
    assert (foresee_all(), Forecast.objects.get().chance) == (1, 0.99)


def test_a_green_light_needs_a_chance(cast, last):
    """The pace is within a tenth of the planned one, and the numbers have never kept it."""
    kpi = grown(cast, last, baseline="10000", baseline_on=last - timedelta(days=59), target="10900")
    standing = standing_of(kpi)
    assert (standing.chance < 0.2, standing.status) == (True, "at_risk")
    assert judge(replace(standing.situation, chance=None)) == "on_track"


def test_the_record_is_told_at_the_distance_of_the_deadline(cast, last):
    found = prospect(grown(cast, last, days=90, due_on=last + timedelta(days=100)))
    assert (found.ahead, found.record.made) == (28, 4)
    assert isinstance(found.record, TrackRecord)


def test_what_the_page_says(cast, last):
    kpi = grown(cast, last, target="10600")
    said = said_of(kpi)
    assert (said["chance"], said["why"], said["pace"]) == ("more than 95%", "", "+14 a month")
    assert said["band"].startswith("On ")
    assert " four outcomes of five lie between 10,8" in said["band"]
    assert said["record"].startswith("Made on earlier days for 28 days ahead, such a band held ")


def test_what_the_page_says_in_russian(cast, last):
    kpi = grown(cast, last, target="10600")
    with translation.override("ru"):
        said = said_of(kpi)
    assert said["chance"] == "больше 95\N{NO-BREAK SPACE}%"
    assert "в четырёх случаях из пяти" in said["band"]


@pytest.mark.parametrize(
    ("days", "fields", "why"),
    [
        (60, {"target": None}, "A forecast needs a target."),
        (60, {"metric": "views"}, "A forecast needs numbers, and the source has given none yet."),
        (13, {}, "A forecast needs 14 final days with a number; there are 13 so far."),
        (1, {}, "A forecast needs 14 final days with a number; there is 1 so far."),
    ],
)
def test_why_there_is_none(cast, last, days, fields, why):
    said = said_of(grown(cast, last, days=days, **fields))
    assert (said["chance"], said["why"]) == ("", why)


def test_many_gaps_are_counted(cast, last):
    series = make_series(cast)
    make_points(series, [value if place % 3 else None for place, value in enumerate(growing(60))], last=last)
    MetricSeries.objects.update(latest_on=last)
    kpi = make_kpi(cast, due_on=last + timedelta(days=28))
    assert said_of(kpi)["why"] == ("Too many days have no number: 19 of 59. A forecast bears three of ten.")


def test_after_the_due_day_nothing_is_foreseen(cast, last):
    kpi = grown(cast, last, due_on=last)
    assert said_of(kpi)["why"] == "The due day has come: there is nothing left to foresee."


def test_the_page_and_the_api_say_the_same(cast, browse, api, last):
    kpi = grown(cast, last, target="10870")
    found = prospect(kpi)
    page = browse(cast.manager).get(f"/kpis/{kpi.pk}/?range=term")
    assert said_of(kpi)["band"].replace("\N{NO-BREAK SPACE}", " ") in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert 'class="chart-band"' in page.text
    said = api(cast.viewer).get(f"/api/v1/kpis/{kpi.pk}/forecast/").json()
    assert said == {
        "on": str(kpi.due_on),
        "p_hit": round(found.chance, 3),
        "median": str(round(found.outlook.median)),
        "low80": str(round(found.outlook.low80)),
        "high80": str(round(found.outlook.high80)),
        "needed_per_day": said["needed_per_day"],
        "record": {"made": found.record.made, "held": found.record.held},
    }


def test_the_board_shows_the_chance(cast, browse, last):
    kpi = grown(cast, last, target="10600")
    assert "<dt>Chance</dt>" in browse(cast.viewer).get(f"/projects/{kpi.project_id}/board/").text
