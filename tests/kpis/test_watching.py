"""The watcher: what it finds fires, what has passed is settled, what nobody can judge stays, and it is cheap."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.actions import alerts as actions
from kpis.actions.agreements import prepare_agreement
from kpis.actions.forecasts import foresee_all
from kpis.actions.quiet_hours import set_quiet_hours
from kpis.actions.thresholds import set_threshold
from kpis.actions.watching import watch, watch_reach
from kpis.models import Alert, Forecast, ForecastDay, Kpi, MetricSeries, PlatformLogin, Source
from projects.models import Project
from smmportal.demo.clock import moved_to
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import make_agreement, make_forecast_day, make_kpi, make_points, make_series, make_source
from tests.smmportal.notifications.racing import at_once

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def look(now: datetime = NOW) -> dict[str, str]:
    """One round of the watcher; what stands then, with its weight."""
    with moved_to(now):
        watch(now)
    return standing()


def standing() -> dict[str, str]:
    return dict(Alert.objects.standing().values_list("kind", "weight"))


def numbers(cast, latest: int, *, on: date = TODAY - timedelta(days=1), **fields) -> MetricSeries:
    series = make_series(cast, **fields)
    make_points(series, [latest], last=on)
    MetricSeries.objects.filter(pk=series.pk).update(latest_on=on, latest_value=latest)
    return series


def signed(cast, **fields) -> Kpi:
    kpi = make_kpi(cast, **fields)
    kpi.signed_in = make_agreement(cast, kpis=[kpi], in_force_at=NOW)
    kpi.save()
    return kpi


def foresaw(kpi: Kpi, chance: float | None) -> None:
    Forecast.objects.update_or_create(kpi=kpi, defaults={"rests_on": "-", "chance": chance})


@pytest.fixture
def kpi(cast) -> Kpi:
    """Signed, on its course, and foreseen to make it."""
    numbers(cast, 10_400)
    kpi = signed(cast, name="Fans")
    foresaw(kpi, 0.8)
    return kpi


# --- KPIs -----------------------------------------------------------------------------------------------------------


def test_where_all_is_well_nothing_fires(kpi):
    assert look() == {}


@pytest.mark.parametrize(("latest", "found"), [(10_400, {}), (10_050, {"pace": "drift"}), (9_000, {"pace": "cliff"})])
def test_pace(kpi, latest, found):
    MetricSeries.objects.update(latest_value=latest)
    assert look() == found


def test_a_draft_has_no_pace_to_keep(cast):
    numbers(cast, 9_000)
    foresaw(make_kpi(cast), 0.1)
    assert look() == {}


def test_a_kpi_that_is_over_is_left_alone(kpi):
    foresaw(kpi, 0.1)
    assert look(datetime(2027, 3, 2, 9, tzinfo=UTC)).keys() & {"pace", "chance", "silent"} == set()


def test_a_chance_that_falls_and_comes_back(cast, kpi):
    rounds = []
    for chance in (0.52, 0.48, 0.53, 0.19, 0.22, 0.4, 0.54, 0.56):
        foresaw(kpi, chance)
        rounds.append(look().get("chance"))
    assert rounds == [None, "drift", "drift", "cliff", "cliff", "drift", "drift", None]
    assert [note.event for note in Notification.objects.order_by("pk")] == ["alert.drift", "alert.cliff"]


def test_a_chance_rests_on_the_days_from_which_it_fell(cast, kpi):
    for ago, chance in ((9, 0.9), (3, 0.71), (0, 0.44)):
        make_forecast_day(cast, kpi=kpi, day=TODAY - timedelta(days=ago), chance=chance)
    foresaw(kpi, 0.44)
    look()
    assert Alert.objects.get().evidence == {
        "chance": 0.44,
        "on": "2026-11-23",
        "before": 0.71,
        "before_on": "2026-11-20",
        "level": 0.5,
    }


def test_what_nobody_can_judge_stays_as_it_is(kpi):
    foresaw(kpi, 0.3)
    MetricSeries.objects.update(latest_value=10_050)
    found = look()
    foresaw(kpi, None)
    Source.objects.update(error_kind="reauthorise")
    assert (found, look()) == (
        {"pace": "drift", "chance": "drift"},
        {"pace": "drift", "chance": "drift", "access_lost": "cliff"},
    )


def test_a_level_is_told_to_whoever_set_it(cast, kpi):
    with moved_to(NOW):
        set_threshold(kpi, is_above=False, value=Decimal(10_500), by=cast.specialist)
        set_threshold(kpi, is_above=True, value=Decimal(10_500), by=cast.specialist)
    assert (look(), Alert.objects.get().owner) == ({"threshold": "cliff"}, cast.specialist)
    MetricSeries.objects.update(latest_value=10_600)
    look()
    assert [alert.evidence["is_above"] for alert in Alert.objects.standing()] == [True]


# --- Sources --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "found"), [(2, {}), (3, {"silent": "drift"}), (10, {"silent": "cliff"})])
def test_a_source_that_goes_silent(kpi, days, found):
    """The last number of the 20th may be late until the 22nd at nine: VK counts no day late."""
    MetricSeries.objects.update(latest_on=TODAY - timedelta(days=days))
    assert look() == found


def quietly(cast, hours: int | None) -> None:
    set_quiet_hours(Source.objects.get(), hours=hours, by=cast.specialist)


def test_a_source_is_silent_by_its_own_hours(cast, kpi):
    """The number of the 20th is 57 hours old, that of the 21st is 33."""
    MetricSeries.objects.update(latest_on=TODAY - timedelta(days=2))
    assert look() == {}
    quietly(cast, 24)
    assert (look(), Alert.objects.get().evidence) == (
        {"silent": "drift"},
        {"last_on": "2026-11-21", "lag_days": 0, "quiet_hours": 24},
    )
    quietly(cast, None)
    assert look() == {}
    quietly(cast, 96)
    MetricSeries.objects.update(latest_on=TODAY - timedelta(days=3))
    assert look() == {}


def test_hours_are_set_on_the_page_and_told_on_it(cast, kpi, browse):
    source, client = Source.objects.get(), browse(cast.manager)
    address = f"/sources/{source.pk}/quiet-hours/"
    page = client.get(source.get_absolute_url()).content.decode()
    assert ("48 hours, as usual" in page, f'href="{address}"' in page) == (True, True)
    assert client.post(address, {"hours": "0"}).status_code == 422
    assert client.post(address, {"hours": "24"}).url == source.get_absolute_url()
    page = client.get(source.get_absolute_url()).content.decode()
    assert ("24 hours" in page, "as usual" in page) == (True, False)
    theirs = browse(cast.decider).get(source.get_absolute_url()).content.decode()
    assert "Silence is told of" not in theirs
    assert client.post(address, {"hours": ""}).url == source.get_absolute_url()
    source.refresh_from_db()
    assert source.quiet_hours is None


def test_hours_are_set_through_the_api(cast, kpi, api):
    address = f"/api/v1/sources/{Source.objects.get().pk}/quiet-hours/"
    client = api(cast.manager)
    assert client.get(address).json() == {"hours": None, "usual": 48}
    assert client.put(address, {"hours": 12}, format="json").json() == {"hours": 12, "usual": 48}
    assert client.put(address, {"hours": 721}, format="json").status_code == 400
    assert client.get(address).json() == {"hours": 12, "usual": 48}


def test_numbers_that_nobody_is_asked_for_are_never_silent(cast, kpi):
    Source.objects.update(platform=Source.MANUAL)
    with pytest.raises(Refused, match="Nobody is asked for these numbers"):
        quietly(cast, 24)


def test_a_paused_source_is_silent_on_purpose(kpi):
    MetricSeries.objects.update(latest_on=TODAY - timedelta(days=10))
    Source.objects.update(paused_at=NOW)
    assert look() == {}


def test_access_that_is_lost_or_ends_is_listed_with_its_side(cast, kpi):
    PlatformLogin.objects.update(expires_at=NOW + timedelta(days=5))
    assert look() == {"access_ending": "drift"}
    PlatformLogin.objects.update(organisation=cast.client)
    Source.objects.update(error_kind="reauthorise")
    assert (look(), Alert.objects.standing().get().side) == ({"access_lost": "cliff"}, "client")
    Source.objects.update(error_kind="")
    PlatformLogin.objects.update(expires_at=None)
    assert (look(), Notification.objects.count()) == ({}, 0)


def test_followers_up_with_reach_flat(cast, kpi):
    source = make_source(cast)
    for metric, values in (("followers", [1000 + 5 * day for day in range(28)]), ("reach", [500] * 28)):
        make_points(make_series(cast, source=source, metric=metric), values, last=TODAY)
    with moved_to(NOW):
        assert (watch_reach(NOW), watch_reach(NOW)) == (1, 0)
    assert Alert.objects.get().evidence["reach"] == ["500", "500"]


# --- Answers --------------------------------------------------------------------------------------------------------


def test_a_signature_that_is_long_in_coming(cast):
    numbers(cast, 10_400)
    make_kpi(cast)
    with moved_to(NOW):
        agreement = prepare_agreement(cast.project, by=cast.manager)
    look(NOW + timedelta(days=4))
    assert Alert.objects.filter(kind="stalled", url=agreement.get_absolute_url()).count() == 0
    look(NOW + timedelta(days=6))
    alerts = Alert.objects.filter(url=agreement.get_absolute_url())
    assert sorted(alerts.values_list("side", "weight")) == [("agency", "drift"), ("client", "drift")]
    evidence = alerts.get(side="client").evidence
    assert evidence == {
        "what": {
            "ru": "Прочтите соглашение о KPI № 1 и подпишите",
            "en": "Read KPI agreement No. 1 and sign it",
        },
        "since_on": "2026-11-23",
    }


# --- Once, and cheaply ----------------------------------------------------------------------------------------------


def test_a_second_look_changes_nothing(kpi):
    foresaw(kpi, 0.3)
    look()
    before = list(Alert.objects.values())
    look(NOW + timedelta(minutes=5))
    assert (list(Alert.objects.values()), Notification.objects.count()) == (before, 1)


def test_what_was_closed_by_hand_rests_until_it_gets_worse(cast, kpi):
    foresaw(kpi, 0.3)
    look()
    with moved_to(NOW):
        actions.close(Alert.objects.get(), words="A sale ended.", by=cast.manager)
    assert look(NOW + timedelta(days=2)) == {"silent": "drift"}
    foresaw(kpi, 0.1)
    assert look(NOW + timedelta(days=2))["chance"] == "cliff"


def test_a_closed_project_asks_nothing(kpi):
    foresaw(kpi, 0.3)
    look()
    Project.objects.update(closed_at=NOW)
    assert look() == {}


@pytest.mark.django_db(transaction=True)
def test_two_watchers_fire_once(kpi):
    foresaw(kpi, 0.1)
    with moved_to(NOW):
        at_once(*[lambda: watch(NOW) * 0] * 3)
    assert (standing(), Alert.objects.count()) == ({"chance": "cliff"}, 1)
    assert Notification.objects.filter(event="alert.cliff").count() == 1


def test_ten_kpis_cost_what_one_does(cast, kpi, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    foresaw(kpi, 0.3)
    look()
    with moved_to(NOW), CaptureQueriesContext(connection) as one:
        watch(NOW)
    for number in range(9):
        foresaw(signed(cast, name=f"KPI {number}"), 0.3)
    look()
    assert Alert.objects.standing().filter(kind="chance").count() == 10
    with moved_to(NOW), django_assert_num_queries(len(one)):
        watch(NOW)


# --- The days of a forecast -----------------------------------------------------------------------------------------


def test_the_days_last_forecast_is_kept_when_it_says_something_else(cast, api, browse):
    series = make_series(cast)
    make_points(series, [10_000 + 10 * day + day % 3 for day in range(60)], last=TODAY - timedelta(days=1))
    kpi = make_kpi(cast, target=11_500)
    with moved_to(NOW):
        assert (foresee_all(), foresee_all(), ForecastDay.objects.count()) == (1, 0, 1)
        Kpi.objects.update(target=11_400)
        foresee_all()
    first = ForecastDay.objects.get()
    assert (first.day, first.chance) == (TODAY, Forecast.objects.get().chance)
    with moved_to(NOW + timedelta(days=1)):
        MetricSeries.objects.update(changed_at=NOW + timedelta(days=1))
        assert (foresee_all(), ForecastDay.objects.count()) == (1, 1)
        Kpi.objects.update(target=13_000)
        foresee_all()
    [_first, second] = ForecastDay.objects.all()
    said = api(cast.viewer).get(f"/api/v1/kpis/{kpi.pk}/forecast/history/").json()
    assert [(row["day"], row["p_hit"]) for row in said] == [
        ("2026-11-23", first.chance),
        ("2026-11-24", second.chance),
    ]
    text = browse(cast.viewer).get(f"/kpis/{kpi.pk}/").content.decode()
    assert ["How the chance went" in text, 'class="sparkline"' in text] == [True, True]


def test_two_hundred_forecasts_are_kept_with_one_query(cast, django_assert_max_num_queries):
    numbers(cast, 10_400)
    for number in range(5):
        make_kpi(cast, name=f"KPI {number}")
    with moved_to(NOW), django_assert_max_num_queries(12):
        assert foresee_all() == 5
    assert ForecastDay.objects.count() == 5
