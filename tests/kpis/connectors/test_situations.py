"""Missing is not zero, for every connector: each situation over real HTTP, and the whole reading it must come to."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kpis.connectors import CONNECTORS
from kpis.connectors.contract import ConnectorError, MetricRetired, Window
from kpis.sandbox.numbers import Recount
from tests.conftest import TODAY
from tests.kpis.connectors.samples import SAMPLES, TOKEN
from tests.kpis.connectors.situations import CASES, SITUATIONS, expected

pytestmark = pytest.mark.usefixtures("sandbox")

REVISED_SINCE = TODAY - timedelta(days=2)


def connectors(situation):
    """Every connector for which the situation exists."""
    assert situation in SITUATIONS
    return pytest.mark.parametrize("code", [code for code, case in CASES.items() if situation not in case.cannot])


def told(reading):
    return reading.points, reading.gaps


def answers(reading):
    return [exchange.body for exchange in reading.exchanges]


def read(code, sandbox, how="", **changes):
    """Read while the stand-in misbehaves; that it does makes a difference to what it answers."""
    sample = SAMPLES[code]
    plain = answers(sample.read(**changes)) if how else []
    if how:
        sandbox.misbehave(sample.platform, how, times=999)
    reading = sample.read(**changes)
    assert answers(reading) != plain
    assert reading.error is None
    return reading


# --- The table itself ---


def test_every_connector_has_its_truth():
    assert set(CASES) == set(CONNECTORS) == set(SAMPLES)
    for code, case in CASES.items():
        assert set(case.counts(7)) == set(CONNECTORS[code].capabilities.codes)


def test_what_cannot_happen_is_a_situation_with_a_reason():
    for case in CASES.values():
        assert set(case.cannot) <= set(SITUATIONS)
        assert all(case.cannot.values())


def lists_in(value):
    if isinstance(value, dict):
        return [found for one in value.values() for found in lists_in(one)]
    return [value] if isinstance(value, list) else []


def strings_only(value):
    """Whether no number stands in the value as a number."""
    if isinstance(value, dict | list):
        return all(strings_only(one) for one in (value.values() if isinstance(value, dict) else value))
    return not isinstance(value, int | float) or isinstance(value, bool)


def happens(situation, code):
    """Whether a platform that answers so can come into the situation."""
    abilities = CONNECTORS[code].capabilities.metrics
    bodies = [exchange.json() for exchange in SAMPLES[code].read().exchanges]
    return {
        "one retired metric of several": len({one.native_name.partition(".")[0] for one in abilities}) > 1,
        "a partial page": len(abilities) > 1,
        "duplicate rows": any(lists_in(body) for body in bodies),
        "a revision of the last days": not all(one.only_now for one in abilities),
        "numbers as strings": not all("rows" in body and strings_only(body["rows"]) for body in bodies),
    }.get(situation, True)


@pytest.mark.parametrize("code", sorted(CASES))
def test_what_is_said_not_to_happen_does_not_and_what_is_not_said_so_does(code):
    assert {one for one in SITUATIONS if not happens(one, code)} == set(CASES[code].cannot)


# --- What is told ---


@connectors("a normal day")
def test_a_normal_day(code, sandbox):
    assert told(read(code, sandbox)) == expected(code).reading()


@connectors("an empty set")
def test_an_empty_set(code, sandbox):
    reading = read(code, sandbox, "empty")
    assert told(reading) == expected(code).reading(gap=lambda metric, day: True)


@connectors("absent")
def test_a_number_that_is_absent_is_a_gap(code, sandbox):
    reading = read(code, sandbox, "hidden")
    assert told(reading) == expected(code).reading(gap=lambda metric, day: CASES[code].hidden(metric, day) or True)


@connectors("zero")
def test_a_zero_is_a_number(code, sandbox):
    reading = read(code, sandbox, "zero")
    assert told(reading) == expected(code).reading(value=lambda value: 0)


@connectors("a partial page")
def test_a_partial_page(code, sandbox):
    reading = read(code, sandbox, "partial")
    assert told(reading) == expected(code).reading(gap=CASES[code].left_out)


@connectors("one retired metric of several")
def test_one_retired_metric_takes_no_other_with_it(code, sandbox):
    reading = read(code, sandbox, "retired")
    gone = CASES[code].gone
    assert told(reading) == expected(code).reading(gap=lambda metric, day: "retired" if metric == gone else False)


@pytest.mark.parametrize(
    "code", [code for code, case in CASES.items() if "one retired metric of several" in case.cannot]
)
def test_where_all_hangs_on_one_name_its_retirement_is_told(code, sandbox):
    sandbox.misbehave(SAMPLES[code].platform, "retired", times=999)
    with pytest.raises(MetricRetired):
        SAMPLES[code].read()


@connectors("duplicate rows")
def test_of_two_rows_for_a_day_the_later_counts(code, sandbox):
    assert told(read(code, sandbox, "duplicate")) == expected(code).reading()


@connectors("numbers as strings")
def test_numbers_as_strings_are_the_same_numbers(code, sandbox):
    assert told(read(code, sandbox, "strings")) == expected(code).reading()


@connectors("a revision of the last days")
def test_days_counted_anew_are_told_anew_and_none_was_called_final(code, sandbox):
    before = read(code, sandbox)
    after = read(code, sandbox, "revised")
    assert told(after) == expected(code, seed=Recount(7, REVISED_SINCE)).reading()
    changed = set(before.points) - set(after.points)
    assert {point.day for point in changed} <= set(Window(REVISED_SINCE, TODAY))
    assert (bool(changed), {point.final for point in changed}) == (True, {False})


# --- The day's border ---


def at(code, day, hour, minute=0):
    """A moment by the account's own clock."""
    zone = SAMPLES[code].account.zone
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)


@connectors("the day's border")
@pytest.mark.parametrize(
    ("day", "hour", "minute"), [(TODAY - timedelta(days=1), 23, 55), (TODAY, 0, 5), (date(2026, 11, 1), 23, 55)]
)
def test_a_day_is_the_accounts_day_from_its_first_minute_to_its_last(code, sandbox, day, hour, minute):
    """The last of these days has 25 hours in California."""
    moment = at(code, day, hour, minute)
    sandbox.today, sandbox.now = None, lambda: moment
    first = day - timedelta(days=4)
    reading = SAMPLES[code].read(first=first, last=TODAY, taken_at=moment)
    there = moment.astimezone(ZoneInfo(CASES[code].zone or SAMPLES[code].account.timezone)).date()
    assert told(reading) == expected(code, today=day, there=there).reading(Window(first, day))


# --- What goes wrong ---

BROKEN = {
    "429 with Retry-After": ("429", "rate_limited"),
    "429 without Retry-After": ("429-bare", "rate_limited"),
    "an expired token": ("expired", "reauthorise"),
    "an error inside HTTP 200": ("error200", "transient"),
    "a cut connection": ("cut", "transient"),
}


def broken(code, sandbox, how, after):
    """What comes of a visit that goes wrong after so many requests: what had arrived, and the error."""
    sandbox.misbehave(SAMPLES[code].platform, how, times=999, after=after)
    try:
        reading = SAMPLES[code].read()
    except ConnectorError as error:
        return (), (), error
    return reading.points, reading.gaps, reading.error


def places(code, sandbox):
    """After how many requests to break a visit off, and how many answers are kept by then."""
    sandbox.requests.clear()
    exchanges = SAMPLES[code].read().exchanges
    asked = len(sandbox.requests)
    return exchanges, [(after, max(0, after - asked + len(exchanges))) for after in sorted({0, asked // 2, asked - 1})]


@pytest.mark.parametrize("situation", BROKEN)
@pytest.mark.parametrize("code", sorted(CASES))
def test_a_visit_that_goes_wrong_brings_what_had_arrived_and_says_why(code, sandbox, situation):
    how, kind = BROKEN[situation]
    sample = SAMPLES[code]
    exchanges, breaks = places(code, sandbox)
    for after, answered in breaks:
        sandbox.reset()
        points, gaps, error = broken(code, sandbox, how, after)
        kept = sample.parse(exchanges[:answered])
        assert (points, gaps) == (kept if kept[0] else ((), ()))
        assert set(points) <= set(expected(code).reading()[0])
        assert (error.kind, TOKEN in repr((error, error.detail, error.exchanges))) == (kind, False)


@pytest.mark.parametrize("code", sorted(CASES))
@pytest.mark.parametrize("how", ["429", "429-bare"])
def test_how_long_to_stay_away(code, sandbox, how):
    _points, _gaps, error = broken(code, sandbox, how, 0)
    assert error.retry_after == (7 if how == "429" else CASES[code].bare_wait)
