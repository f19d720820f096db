"""A metric that a platform no longer knows is asked for once a day, whoever asks, and its days keep their reason."""

from datetime import timedelta

import pytest

from kpis import pulling
from kpis.connectors import connector_for
from kpis.models import Point, Source
from kpis.pulling import left_alone
from kpis.recording import differences
from tests.kpis.test_pulling import NOON, login_for, make_due

AN_HOUR_AGO, YESTERDAY = NOON - timedelta(hours=1), NOON - timedelta(hours=13)


@pytest.mark.parametrize(
    ("codes", "last", "known"),
    [
        (["a", "b"], AN_HOUR_AGO, ("a",)),
        (["a"], AN_HOUR_AGO, ()),
        (["a", "b"], YESTERDAY, ()),
        (["a", "b"], None, ()),
    ],
    ids=["asked today", "all of them", "asked yesterday", "never asked"],
)
def test_what_was_asked_today_is_left_alone(codes, last, known):
    source = Source(timezone="UTC", last_success_at=last)
    assert left_alone({"a", "z"}, codes, source, NOON) == known


def test_the_day_is_that_of_the_account():
    source = Source(timezone="Asia/Vladivostok", last_success_at=NOON)  # seven in the evening there
    moments = (NOON + timedelta(hours=4), NOON + timedelta(hours=6))
    assert [left_alone({"a"}, ["a", "b"], source, at) for at in moments] == [("a",), ()]


@pytest.fixture
def source(cast, sandbox) -> Source:
    return cast.project.sources.create(
        platform="facebook",
        external_id="107000007",
        title="Roast",
        timezone="UTC",
        login=login_for(cast, "facebook", "sandbox-page"),
        connected_by=cast.specialist,
        next_pull_at=NOON,
        is_history_complete=True,
    )


def pull(source: Source, at) -> None:
    make_due(source, at)
    assert pulling.pull_source(source, clock=lambda: at).error is None
    source.refresh_from_db()


def asked_for(sandbox) -> set[str]:
    """The metrics that the platform was asked for since last time, by its own names."""
    names = {name for one in sandbox.requests for name in one["params"].get("metric", "").split(",") if name}
    sandbox.requests.clear()
    return names


def test_a_dead_name_is_asked_for_once_a_day(source, sandbox):
    sandbox.misbehave("meta", "retired", times=100)
    pull(source, NOON)
    dead = source.series.get(retired_on__isnull=False).metric
    name = connector_for("facebook").capabilities[dead].native_name
    asked = [name in asked_for(sandbox)]
    for hours in (3, 14, 16, 28, 40):
        pull(source, NOON + timedelta(hours=hours))
        asked.append(name in asked_for(sandbox))
    assert asked == [True, False, False, True, False, True]
    sandbox.reset()
    pull(source, NOON + timedelta(hours=64))
    pull(source, NOON + timedelta(hours=67))
    assert name in asked_for(sandbox)
    assert Point.objects.filter(series__metric=dead, value__isnull=False).exists()


def test_days_that_were_not_asked_for_say_why_and_are_rebuilt(source, sandbox):
    sandbox.misbehave("meta", "retired", times=100)
    pull(source, NOON)
    dead = source.series.get(retired_on__isnull=False).metric
    today = Point.objects.filter(series__metric=dead, day=NOON.date())
    today.delete()  # as if only the second pull had reached this day
    pull(source, NOON + timedelta(hours=3))
    assert today.get().reason == "retired"
    assert list(differences(source)) == []
