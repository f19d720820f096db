"""What every platform in the registry keeps, asked over real HTTP of the sandbox; `test_situations.py` has the rest."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.connectors import CONNECTORS, connector_for
from kpis.connectors.contract import (
    GAP_REASONS,
    LONGEST_WAIT,
    Account,
    Capabilities,
    Complaint,
    Exchange,
    Gap,
    Meaning,
    Measured,
    MetricAbility,
    MetricRetired,
    NotReady,
    Permanent,
    Quota,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Sheet,
    Transient,
    Visit,
    Window,
    as_number,
    as_seconds,
    ask_apart,
    bearing,
    in_step,
    parts,
    renewed,
)
from kpis.metrics import METRICS
from smmportal.http import Request, Untrusted, run, run_all
from tests.conftest import TODAY
from tests.kpis.connectors.samples import NOON, SAMPLES, TOKEN

pytestmark = pytest.mark.usefixtures("sandbox")


@pytest.fixture(params=sorted(SAMPLES))
def sample(request):
    return SAMPLES[request.param]


def numbers(reading):
    return {(point.metric, point.day): point.value for point in reading.points}


# --- What it says of itself ---


def test_every_connector_is_tried():
    assert {sample.connector.code for sample in SAMPLES.values()} == set(CONNECTORS)


def test_every_metric_is_in_the_catalogue(sample):
    assert set(sample.connector.capabilities.codes) <= set(METRICS)


def test_each_metric_is_asked_where_the_catalogue_says(sample):
    """`{…}` in an endpoint stands for one part of the path."""
    paths = {exchange.path for exchange in sample.read().exchanges}
    asked = {
        ability.endpoint
        for ability in sample.connector.capabilities.metrics
        for path in paths
        if re.search(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(ability.endpoint)) + "$", path)
    }
    assert asked == {ability.endpoint for ability in sample.connector.capabilities.metrics}


def test_what_is_given_no_more_is_never_asked(sample):
    capabilities = sample.connector.capabilities
    assert {(one.code, one.native_name) for one in capabilities.former} & {
        (one.code, one.native_name) for one in capabilities.metrics
    } == set()


def test_the_registry_finds_it_by_its_code(sample):
    assert connector_for(sample.connector.code) is sample.connector


def test_there_is_something_to_paste(sample):
    fields = sample.connector.fields
    assert any(field.secret for field in fields)
    assert len({field.name for field in fields}) == len(fields)


def test_the_check_says_whose_the_credentials_are(sample):
    identity = run(sample.connector.check(sample.credentials))
    assert identity.login
    assert identity.token_kind in sample.connector.capabilities.token_kinds


def test_accounts_are_found_and_the_first_can_be_read(sample):
    accounts = run(sample.connector.discover(sample.credentials))
    assert accounts[0].external_id == sample.account.external_id
    assert (bool(accounts[0].title), accounts[0].refused_because) == (True, "")


# --- A normal day ---


def test_each_metric_and_day_has_exactly_one_point_or_gap(sample):
    reading = sample.read()
    told = sorted([(one.metric, one.day) for one in (*reading.points, *reading.gaps)])
    assert told == sorted(
        (code, day) for code in sample.connector.capabilities.codes for day in Window(date(2026, 11, 14), TODAY)
    )
    assert reading.points
    assert reading.error is None


def test_points_can_be_rebuilt_from_what_was_kept(sample):
    reading = sample.read()
    kept = [Exchange(one.request, one.status, bytes(one.body)) for one in reading.exchanges]
    rebuilt = sample.connector.parse(
        kept,
        account=sample.account,
        window=Window(date(2026, 11, 14), TODAY),
        metrics=sample.connector.capabilities.codes,
        taken_at=NOON,
    )
    assert rebuilt == (reading.points, reading.gaps)


def test_only_what_is_asked_for_is_told(sample):
    code = sample.connector.capabilities.codes[-1]
    reading = sample.read(metrics=[code, "romi"])
    assert {one.metric for one in (*reading.points, *reading.gaps)} == {code}


def test_the_last_days_are_not_final(sample):
    for point in sample.read().points:
        revised = sample.connector.capabilities[point.metric].revision_days
        assert point.final is ((TODAY - point.day).days > revised)


def test_the_future_is_not_asked(sample, sandbox):
    reading = sample.read(first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=9))
    assert (reading.points, reading.gaps, list(sandbox.requests)) == ((), (), [])


def test_days_before_the_account_was_opened_are_gaps_whatever_is_answered(sample):
    reading = sample.read(began_on=TODAY)
    assert {point.day for point in reading.points} <= {TODAY}
    assert {gap.reason for gap in reading.gaps if gap.day < TODAY} == {"before_history"}


def test_many_sources_are_read_side_by_side(sample):
    reads = [
        sample.connector.read(
            credentials=sample.credentials,
            account=sample.account,
            window=Window(TODAY, TODAY),
            metrics=sample.connector.capabilities.codes,
            taken_at=NOON,
        )
        for _ in range(20)
    ]
    first, *others = run_all(reads)
    assert [numbers(reading) for reading in others] == [numbers(first)] * 19


# --- What goes wrong ---


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("expired", Reauthorise),
        ("forbidden", ScopeMissing),
        ("429", RateLimited),
        ("429-bare", RateLimited),
        ("busy", Transient),
        ("error200", Transient),
        ("html", Transient),
        ("huge", Transient),
        ("cut", Transient),
        ("slow", Transient),
    ],
)
def test_each_failure_has_its_type_and_a_sentence(sample, sandbox, settings, how, error):
    if how == "slow":
        settings.OUTBOUND_SECONDS = 0.2
    sandbox.misbehave(sample.platform, how, times=99)
    with pytest.raises(error) as failure:
        sample.read()
    assert str(failure.value.sentence).endswith(".")
    assert TOKEN not in f"{failure.value!r}{failure.value.detail}{failure.value.exchanges}"


def test_a_failure_on_the_road_is_also_typed_when_checking_and_looking_for_accounts(sample, sandbox):
    sandbox.misbehave(sample.platform, "cut", times=99)
    for steps in (sample.connector.check(sample.credentials), sample.connector.discover(sample.credentials)):
        with pytest.raises(Transient):
            run(steps)


def test_a_certificate_that_is_not_trusted_is_no_passing_trouble(sample):
    steps = sample.connector.check(sample.credentials)
    next(steps)
    with pytest.raises(Permanent) as failure:
        steps.throw(Untrusted("unable to get local issuer certificate"))
    assert "root certificate" in str(failure.value.sentence)


@pytest.mark.parametrize("token", ["", " ", "two words\nX-Injected: 1", "токен"])
def test_what_cannot_be_a_token_is_not_sent(sample, sandbox, token):
    with pytest.raises(Reauthorise):
        sample.read(credentials={**sample.credentials, "token": token})
    assert list(sandbox.requests) == []


def test_an_unknown_token_is_refused(sample):
    with pytest.raises(Reauthorise):
        sample.read(credentials={**sample.credentials, "token": "stale-token-of-somebody"})


def test_nothing_that_is_kept_holds_the_token(sample):
    reading = sample.read()
    assert TOKEN not in repr(reading)
    assert not [one for one in reading.exchanges if TOKEN.encode() in one.body or TOKEN in one.request]


def test_a_page_that_was_cut_leaves_its_days_unsaid(sandbox):
    sandbox.misbehave("metrika", "cut", after=1)
    reading = SAMPLES["metrika"].read(first=TODAY - timedelta(days=199), metrics=["visits"])
    assert [reading.points[0].day, reading.points[-1].day] == [TODAY - timedelta(days=179), TODAY]
    assert (len(reading.points), reading.gaps, isinstance(reading.error, Transient)) == (180, (), True)


# --- The day's border ---


@pytest.mark.parametrize(("zone", "today"), [("Europe/Moscow", TODAY), ("America/New_York", date(2026, 11, 22))])
def test_days_are_days_of_the_accounts_zone(sample, zone, today):
    late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    reading = sample.read(timezone=zone, taken_at=late)
    assert max(one.day for one in (*reading.points, *reading.gaps)) == today
    now_only = {ability.code for ability in sample.connector.capabilities.metrics if ability.only_now}
    if "followers" in now_only:
        assert [point.day for point in reading.points if point.metric == "followers"] == [today]


# --- The pieces ---


def test_every_reason_and_error_has_a_sentence():
    assert all(str(sentence).endswith(".") for sentence in GAP_REASONS.values())
    assert str(Gap("reach", TODAY, "hidden").sentence) == "The account hides this number."
    assert all(str(kind("").sentence).endswith(".") for kind in (Reauthorise, ScopeMissing, Transient, NotReady))


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (0, "0"),
        (12, "12"),
        (Decimal("0.10"), "0.10"),
        ("0", "0"),
        (" 12.50 ", "12.50"),
        (True, None),
        (None, None),
        ("", None),
        ("1 234", None),
        ("1_000", None),
        ("1,5", None),
        ("NaN", None),
        ("Infinity", None),
        ("٣", None),
        (-1, None),
        ("-1", None),
        (Decimal("NaN"), None),
        (10**18 - 1, "999999999999999999"),
        (10**18, None),
        (Decimal("1E+18"), None),
        ("9" * 19, None),
        ([], None),
        ({}, None),
    ],
)
def test_a_number_is_read_exactly_or_not_at_all(told, number):
    assert as_number(told) == (None if number is None else Decimal(number))


def test_a_window_has_both_its_ends():
    window = Window(TODAY, TODAY + timedelta(days=2))
    assert list(window) == [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    assert [(part.first, part.last) for part in window.chunks(2)] == [
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
        (TODAY, TODAY),
    ]
    with pytest.raises(ValueError, match="ends before"):
        Window(TODAY, TODAY - timedelta(days=1))


def test_what_a_request_carried_as_json_is_kept_with_it():
    request = Request("POST", "https://api.example.com/v1:run", json={"metrics": [{"name": "имя"}]})
    kept = Exchange(request.described(), 200, b"{}")
    assert (kept.path, kept.sent) == ("/v1:run", {"metrics": [{"name": "имя"}]})
    assert Exchange("GET https://api.example.com/v1", 200, b"").sent == {}


def test_the_days_that_are_over_are_asked_and_one_at_least():
    visit = Visit({}, Account("1"), Window(TODAY - timedelta(days=3), TODAY), [], today=TODAY)
    yesterday = TODAY - timedelta(days=1)
    assert visit.finished(visit.window) == Window(TODAY - timedelta(days=3), yesterday)
    assert visit.finished(Window(TODAY, TODAY)) == Window(yesterday, yesterday)
    assert visit.finished(Window(yesterday, yesterday)) == Window(yesterday, yesterday)


@pytest.mark.parametrize(("remaining", "is_low"), [(100, False), (21, False), (20, True), (0, True)])
def test_an_allowance_is_low_when_four_fifths_are_spent(remaining, is_low):
    assert Quota(100, remaining).is_low is is_low


class Answered:
    """An answer that no server gave."""

    def __init__(self, body, headers=None):
        self.status, self.body, self.headers = 200, body, headers or {}

    def retry_after(self, now):
        return None


def test_what_is_not_kept_is_returned_as_it_came_and_what_is_kept_is_masked():
    request = Request("GET", "https://api.example.com/me", secrets=("s3cret",))
    told = []
    for exchanges in (None, []):
        steps = connector_for("vk").fetch(request, exchanges)
        next(steps)
        with pytest.raises(StopIteration) as finished:
            steps.send(Answered(b'{"response": "s3cret-next"}'))
        told.append(finished.value.value)
    assert told == [{"response": "s3cret-next"}, {"response": "•••-next"}]


def test_of_an_account_that_is_meant_by_a_word():
    account = Account("77", "Coffee School", "https://example.com/coffee7")
    words = ["", " ", "77", "school", "COFFEE7", "tea"]
    assert [account.matches(word) for word in words] == [True, True, True, True, True, False]


def test_fresh_access_keeps_what_the_server_does_not_send_again():
    fresh = renewed({"token": "old", "refresh_token": "r", "id": "7"}, {"access_token": "new", "expires_in": "60"})
    assert fresh.credentials == {"token": "new", "refresh_token": "r", "id": "7"}
    assert fresh.expires_at - datetime.now(UTC) > timedelta(seconds=55)


def test_a_wait_is_never_longer_than_a_day():
    assert RateLimited(retry_after=10**9).retry_after == LONGEST_WAIT
    assert RateLimited(retry_after=7).retry_at(NOON) == NOON + timedelta(seconds=7)


# --- The table of errors ---

REPORT = Exchange("GET https://api.example.com/v1/report?metrics=reach", 400, b"{}")


@pytest.mark.parametrize(
    ("meaning", "is_about"),
    [
        (Meaning(Permanent), True),
        (Meaning(Permanent, {190}), True),
        (Meaning(Permanent, {"OAuthException"}), True),
        (Meaning(Permanent, {1}), False),
        (Meaning(Permanent, {190}, words="has expired"), True),
        (Meaning(Permanent, {190}, words="was revoked"), False),
        (Meaning(Permanent, words="oauthexception"), True),
        (Meaning(Permanent, {190}, asked="/report"), True),
        (Meaning(Permanent, {190}, asked="/accounts"), False),
    ],
)
def test_a_row_of_the_table_is_about_codes_words_and_what_was_asked(meaning, is_about):
    assert meaning.is_about(Complaint((190, "OAuthException"), "The session Has Expired"), REPORT) is is_about


@pytest.mark.parametrize("code", [None, [], {}, 1.5])
def test_a_code_that_is_none_is_in_no_row(code):
    assert Meaning(Permanent, {1}).is_about(Complaint((code,)), REPORT) is False


def test_a_complaint_reads_as_one_line():
    assert Complaint((0, None, "", "quota"), "too\n many").detail == "0 quota too many"


def test_a_problem_knows_its_metric_and_its_wait():
    retired = Meaning(MetricRetired).problem(Complaint((100,), metric="plays"), 60)
    limited = Meaning(RateLimited).problem(Complaint((4,)), 60)
    assert (retired.metric, limited.retry_after) == ("plays", 60)


def test_the_nearest_word_about_waiting_counts():
    vk, flood = connector_for("vk"), Complaint((9,))
    waits = [vk.explain(complaint, REPORT, wait) for complaint, wait in ((Complaint((9,), wait=3), 5), (flood, 5))]
    assert [error.retry_after for error in (*waits, vk.explain(flood, REPORT, None))] == [3, 5, 3600]


@pytest.mark.parametrize(
    ("values", "pairs"),
    [([1, None], [("a", 1), ("b", None)]), ([1], []), ([1, 2, 3], []), (None, []), ({"a": 1, "b": 2}, [])],
)
def test_columns_have_their_names_when_there_are_as_many(values, pairs):
    assert in_step(["a", "b"], values) == pairs


def test_a_part_keeps_the_place_of_what_has_none():
    assert parts([{"name": "a"}, None, {}, {"name": "b"}], "name") == ["a", None, None, "b"]
    assert parts({"name": "a"}, "name") == []


@pytest.mark.parametrize(("told", "seconds"), [(7, 7), (0, 0), (True, None), ("7", None), (None, None), (1.5, None)])
def test_a_wait_in_the_answer_is_a_whole_number(told, seconds):
    assert as_seconds(told) == seconds


@pytest.mark.parametrize(("status", "body"), [(404, b"{}"), (403, b'{"odd": 1}')])
def test_a_refusal_that_explains_nothing_is_no_answer(status, body):
    connector = connector_for("vk")
    assert type(connector.judge(Exchange("POST https://api.vk.com/method/x", status, body))) is Transient


def test_a_token_is_shown_in_the_header_and_masked_everywhere_else():
    request = bearing("very-secret", "GET", "https://api.example.com/very-secret", scheme="OAuth", params={"id": 1})
    assert (request.headers, request.described()) == (
        {"Authorization": "OAuth very-secret"},
        "GET https://api.example.com/•••?id=1",
    )


@pytest.mark.parametrize(
    ("dead", "asked", "refused"),
    [
        ("", ["abcde"], ""),
        ("c", ["abcde", "ab", "cde", "c", "de"], "c"),
        ("ae", ["abcde", "ab", "a", "b", "cde", "c", "de", "d", "e"], "ae"),
    ],
)
def test_metrics_are_asked_apart_only_as_far_as_one_is_in_the_way(dead, asked, refused):
    asks = []

    def ask(names):
        asks.append("".join(names))
        if set(names) & set(dead):
            raise MetricRetired(metric="".join(names))
        return
        yield

    assert "".join(error.metric for error in run(ask_apart(ask, list("abcde")))) == refused
    assert asks == asked


class TestSheet:
    capabilities = Capabilities((MetricAbility("reach", "reach", lag_days=1, revision_days=1),), history_days=3)

    def sheet(self):
        sheet = Sheet(self.capabilities, Account("1", timezone="Europe/Moscow"), NOON)
        sheet.expect("reach", Window(TODAY - timedelta(days=4), TODAY + timedelta(days=1)))
        return sheet

    def test_silence_has_a_reason_by_day(self):
        points, gaps = self.sheet().result()
        assert points == ()
        assert [gap.reason for gap in gaps] == ["before_history", "not_given", "not_given", "not_ready", "not_ready"]

    def test_a_number_for_a_day_that_was_not_asked_is_not_put_down(self):
        sheet = self.sheet()
        sheet.tell("reach", TODAY + timedelta(days=1), 5)
        sheet.tell("reach", TODAY - timedelta(days=4), 5)
        assert sheet.result()[0] == ()

    def test_an_expected_day_may_have_a_better_reason(self):
        sheet = self.sheet()
        sheet.tell("reach", TODAY, 5)
        sheet.expect("reach", Window(TODAY - timedelta(days=4), TODAY), "retired")
        points, gaps = sheet.result()
        assert [point.day for point in points] == [TODAY]
        assert [gap.reason for gap in gaps] == ["before_history", "retired", "retired", "retired"]

    def test_a_later_page_without_the_day_leaves_the_number(self):
        sheet = self.sheet()
        sheet.tell("reach", TODAY, 5)
        sheet.expect("reach", [TODAY])
        sheet.miss("reach", TODAY, "hidden")
        assert sheet.result()[0] == (Measured("reach", TODAY, Decimal(5), final=False),)


def test_an_account_without_a_zone_counts_in_utc():
    assert str(replace(Account("1"), timezone="").zone) == "UTC"
