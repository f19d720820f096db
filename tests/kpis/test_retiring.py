"""A platform gives one number no more: seen by the very next pull, said of nothing else, over when it comes again."""

from datetime import timedelta

import pytest

from kpis.models import MetricSeries, Source
from kpis.queries.standings import for_standing, standings, today_of
from kpis.retiring import retire_all
from kpis.wording import headline
from tests.builders import make_kpi, make_points, make_series
from tests.conftest import TODAY
from tests.kpis.test_pulling import NOON, due_source, make_due, pull


@pytest.fixture
def source(cast, sandbox) -> Source:
    """A community whose numbers have come once."""
    source = due_source(cast)
    pull(source)
    return source


def pull_again(source, *, hours: int):
    at = NOON + timedelta(hours=hours)
    make_due(source, at)
    return pull(source, at)


def retired(source) -> dict:
    return dict(source.series.filter(retired_on__isnull=False).values_list("metric", "retired_on"))


def test_a_pull_that_finds_it_gone_says_since_when(source, sandbox):
    assert retired(source) == {}
    sandbox.misbehave("vk", "retired", times=99)
    pull_again(source, hours=3)
    assert retired(source) == {"reach": TODAY}
    pull_again(source, hours=30)
    assert retired(source) == {"reach": TODAY}


def test_the_days_that_were_known_stay(source, sandbox):
    reach = source.series.get(metric="reach")
    before = (reach.latest_value, reach.latest_on, list(reach.points.values_list("day", "value")))
    sandbox.misbehave("vk", "retired", times=99)
    pull_again(source, hours=3)
    reach.refresh_from_db()
    assert (reach.latest_value, reach.latest_on, list(reach.points.values_list("day", "value"))) == before


def test_it_is_over_when_a_number_comes_again(source, sandbox):
    sandbox.misbehave("vk", "retired", times=99)
    pull_again(source, hours=3)
    sandbox.reset()
    pull_again(source, hours=30)
    assert retired(source) == {}


def test_a_gap_of_another_reason_is_no_retirement(source, sandbox):
    sandbox.misbehave("vk", "hidden", times=99)
    pull_again(source, hours=3)
    assert retired(source) == {}


def test_the_bell_is_rung_once_for_each_turn(source, sandbox, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr("smmportal.jobs.ring", lambda task, kwargs: rung.append((task, kwargs)))
    sandbox.misbehave("vk", "retired", times=99)
    with django_capture_on_commit_callbacks(execute=True):
        pull_again(source, hours=3)
        pull_again(source, hours=6)
        sandbox.reset()
        pull_again(source, hours=33)
    assert rung == [("kpis.propose_successors", {"source_id": source.pk})] * 2


def test_a_refusal_of_everything_retires_everything(source):
    retire_all(source, TODAY)
    assert set(retired(source)) == set(source.series.values_list("metric", flat=True))


# --- What a KPI says then -------------------------------------------------------------------------------------------


def standing_of(kpi):
    [standing] = standings(for_standing(type(kpi).objects.filter(pk=kpi.pk)))
    return standing


@pytest.fixture
def kpi(cast):
    """Half of the way is gone and nothing is gained."""
    today = today_of(cast.project)
    make_points(make_series(cast), [10000, 10000], last=today - timedelta(days=1))
    return make_kpi(cast, starts_on=today - timedelta(days=50), due_on=today + timedelta(days=50))


def test_its_kpi_is_lost_and_never_off_course(cast, kpi):
    assert standing_of(kpi).status == "off_track"
    MetricSeries.objects.update(retired_on=TODAY)
    assert standing_of(kpi).status == "source_lost"
    assert headline(standing_of(kpi)).startswith("The platform no longer gives this number; the last one is 10,000, on")


def test_a_kpi_that_was_over_by_then_keeps_its_outcome(cast, kpi):
    MetricSeries.objects.update(retired_on=TODAY)
    kpi.due_on = today_of(cast.project) - timedelta(days=1)
    kpi.save()
    assert standing_of(kpi).status == "off_track"


def test_another_number_of_the_same_source_goes_on(cast, kpi):
    make_points(make_series(cast, metric="views"), [300, 300], last=today_of(cast.project) - timedelta(days=1))
    other = make_kpi(cast, metric="views", kind="stay_above", target=200)
    MetricSeries.objects.filter(metric="followers").update(retired_on=TODAY)
    assert [standing_of(each).status for each in (kpi, other)] == ["source_lost", "on_track"]
