"""Parts of an account: what is asked of the platform, and that the parts make up the whole."""

from collections import defaultdict
from decimal import Decimal

import pytest

from kpis.connectors import CONNECTORS, connector_for
from kpis.connectors.contract import Account, Permanent, Window
from kpis.connectors.filters import (
    BEGINS,
    CONTAINS,
    IS,
    Condition,
    Filter,
    NoSuchPart,
    check_conditions,
    read_filter,
    say_filter,
    write_filter,
)
from kpis.connectors.metrika import expression
from kpis.sandbox.filtering import deal, read_expression
from kpis.sandbox.ga4 import KINDS as GA4_KINDS
from kpis.sandbox.metrika import FIELDS
from kpis.sandbox.metrika import KINDS as METRIKA_KINDS
from kpis.sandbox.youtube import COUNTRIES
from smmportal.http import Answer, run
from tests.kpis.connectors.samples import FIRST, NOON, SAMPLES, TOKEN

METRIKA, GA4, YOUTUBE = (connector_for(code) for code in ("metrika", "ga4", "youtube"))
CAMPAIGN = "ym:s:lastsignUTMCampaign"
HOSTILE = [
    "лето",
    "it's",
    '"quoted"',
    "back\\slash",
    "ends with \\",
    "\\'",
    "' OR ym:s:startURL=@'x",
    "a AND b OR NOT c",
    "☕ осень & 50% + 1",
    "ym:s:users=='1'",
    "==",
]
WITH_FILTERS = sorted(code for code, connector in CONNECTORS.items() if connector.filters)


def part(*conditions: tuple[str, str, str]) -> tuple[Condition, ...]:
    return tuple(Condition(*one) for one in conditions)


def told(platform: str, *conditions: tuple[str, str, str], metrics=None) -> dict:
    connector, conditions = connector_for(platform), part(*conditions)
    reading = SAMPLES[platform].read(conditions=conditions, metrics=metrics or connector.abilities(conditions).codes)
    return {(point.metric, point.day): point.value for point in reading.points}


def summed(platform: str, name: str, values, metric: str) -> dict:
    """The metric by days, summed over the parts."""
    days: dict = defaultdict(Decimal)
    for value in values:
        for (_metric, day), number in told(platform, (name, IS, value), metrics=[metric]).items():
            days[day] += number
    return days


def whole(platform: str, metric: str) -> dict:
    days = {day: number for (_metric, day), number in told(platform, metrics=[metric]).items()}
    assert days
    return days


# --- How a part is written down ---


def test_the_same_part_has_one_spelling_whatever_the_order():
    one, other = part(("utm_source", IS, "vk"), ("traffic", IS, "social")), part(("traffic", IS, "social"))
    assert write_filter(one) == '[["traffic","is","social"],["utm_source","is","vk"]]'
    assert write_filter((*other, one[0])) == write_filter(one)
    assert (write_filter(()), read_filter("")) == ("", ())


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_written_is_read_back(value):
    conditions = part(("utm_campaign", CONTAINS, value))
    assert read_filter(write_filter(conditions)) == conditions


@pytest.mark.parametrize(
    "conditions",
    [
        (),
        part(("color", IS, "red")),
        part(("traffic", CONTAINS, "social")),
        part(("traffic", IS, "television")),
        part(("utm_campaign", BEGINS, "x")),
        part(("utm_campaign", IS, "")),
        part(("utm_campaign", IS, " x")),
        part(("utm_campaign", IS, "two\nlines")),
        part(("utm_campaign", IS, "x" * 121)),
        part(("utm_campaign", IS, "x"), ("utm_campaign", IS, "y")),
        part(*((name, IS, "☕" * 119) for name in ("utm_source", "utm_medium", "utm_campaign", "landing", "goal"))),
    ],
)
def test_what_can_not_be_asked_is_refused_in_words(conditions):
    with pytest.raises(NoSuchPart) as refusal:
        check_conditions(METRIKA.filters, conditions)
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize("value", ["ru", "RU;video==dMH0bHeiRNg", "R", "РУ"])
def test_where_nothing_can_be_quoted_only_codes_are_taken(value):
    with pytest.raises(NoSuchPart):
        check_conditions(YOUTUBE.filters, part(("country", IS, value)))
    check_conditions(YOUTUBE.filters, part(("country", IS, "RU")))


def test_a_part_is_said_in_words():
    conditions = part(("traffic", IS, "social"), ("utm_campaign", CONTAINS, "лето"), ("goal", IS, "5001"))
    assert say_filter(METRIKA.filters, conditions, {"goal": "Заявка"}) == (
        "only from social networks, UTM campaign contains ‘лето’, goal: Заявка"
    )


@pytest.mark.parametrize("platform", WITH_FILTERS)
def test_what_a_platform_declares_can_be_asked(platform):
    for one in CONNECTORS[platform].filters:
        assert one.label and one.operators
        assert not (one.choices and one.is_listed)


# --- The platforms' languages ---


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("operator", [IS, CONTAINS])
def test_no_value_breaks_out_of_metrikas_quotes(value, operator):
    """Read by a reader that shares nothing with the writer, the expression fits this value and no other."""
    filter = Filter("utm_campaign", CAMPAIGN, "UTM campaign")
    fits = read_expression(expression(filter, Condition("utm_campaign", operator, value)), FIELDS)
    seen = [fits({CAMPAIGN: told, "ym:s:startURL": "x"}) for told in (value, f"{value}x", "other")]
    assert seen == [True, operator == CONTAINS, False]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("platform", ["metrika", "ga4"])
def test_a_hostile_value_finds_nothing_and_breaks_nothing(sandbox, platform, value):
    name = "utm_campaign" if platform == "metrika" else "campaign"
    assert value == "лето" or set(told(platform, (name, IS, value), metrics=["visits"]).values()) <= {Decimal(0)}


@pytest.mark.parametrize("campaign", ["осень «7» 'скидка' ☕", r"a\b AND 'c' OR d"])
def test_a_campaign_with_an_awkward_name_is_found(sandbox, campaign):
    assert sum(told("metrika", ("utm_campaign", IS, campaign), metrics=["visits"]).values()) > 0


def test_an_answer_about_the_whole_does_not_pass_for_the_part():
    steps = METRIKA.read(
        credentials={"token": TOKEN},
        account=Account("1", conditions=part(("traffic", IS, "social"))),
        window=Window(FIRST, FIRST),
        metrics=["visits"],
        taken_at=NOON,
    )
    next(steps)
    body = b'{"query":{"ids":[1]},"data":[{"metrics":[[420]]}],"time_intervals":[["2026-11-20","2026-11-20"]]}'
    with pytest.raises(Permanent) as refusal:
        steps.send(Answer(200, {}, body))
    assert "the whole site" in str(refusal.value.sentence)


def test_a_filter_that_is_no_longer_there_is_said_so(sandbox):
    with pytest.raises(Permanent):
        told("metrika", ("weather", IS, "rain"))


# --- The parts make up the whole ---


def test_a_remainder_is_dealt_out_to_the_last_one():
    assert (deal(10, [1, 1, 1]), deal(0, [1, 2]), deal(7, [0, 0]), deal(5, [0, 3, 2])) == (
        [4, 3, 3],
        [0, 0],
        [0, 0],
        [0, 3, 2],
    )


@pytest.mark.parametrize("metric", ["visits", "page_views"])
def test_metrikas_sources_of_traffic_sum_to_the_site(sandbox, metric):
    values = sorted({kind["ym:s:lastsignTrafficSource"] for kind, _weight in METRIKA_KINDS})
    assert summed("metrika", "traffic", values, metric) == whole("metrika", metric)


@pytest.mark.parametrize("metric", ["visits", "page_views"])
def test_googles_channels_sum_to_the_site(sandbox, metric):
    values = sorted({kind["sessionDefaultChannelGroup"] for kind, _weight in GA4_KINDS})
    assert summed("ga4", "channel", values, metric) == whole("ga4", metric)


@pytest.mark.parametrize("metric", ["video_views", "follows"])
def test_youtubes_countries_sum_to_the_channel(sandbox, metric):
    assert summed("youtube", "country", COUNTRIES, metric) == whole("youtube", metric)


def test_unique_people_of_the_parts_do_not_sum_to_the_site(sandbox):
    values = sorted({kind["ym:s:lastsignTrafficSource"] for kind, _weight in METRIKA_KINDS})
    parts, site = summed("metrika", "traffic", values, "visitors"), whole("metrika", "visitors")
    assert all(parts[day] > site[day] for day in site)


def test_two_conditions_hold_together(sandbox):
    social = told("metrika", ("traffic", IS, "social"), metrics=["visits"])
    both = told("metrika", ("traffic", IS, "social"), ("utm_source", IS, "vk"), metrics=["visits"])
    telegram = told("metrika", ("traffic", IS, "social"), ("utm_source", IS, "telegram"), metrics=["visits"])
    assert both.keys() == social.keys()
    assert {key: both[key] + telegram[key] for key in both} == social


def test_a_rate_of_a_part_is_weighed_by_the_parts_visits(sandbox):
    conditions = part(("traffic", IS, "social"))
    visits = told("metrika", ("traffic", IS, "social"), metrics=["visits"])
    points = SAMPLES["metrika"].read(conditions=conditions, metrics=["bounce_rate"]).points
    assert {("visits", point.day): point.weight for point in points} == visits


def test_a_goal_is_leads_and_conversion(sandbox):
    found = told("metrika", ("goal", IS, "5001"))
    assert {metric for metric, _day in found} == {"leads", "conversion_rate"}
    visits = told("metrika", metrics=["visits"])
    for (metric, day), leads in found.items():
        if metric == "leads":
            assert found["conversion_rate", day] == round(100 * leads / visits["visits", day], 8)


def test_an_event_is_counted_as_leads(sandbox):
    found = told("ga4", ("event", IS, "generate_lead"))
    assert {metric for metric, _day in found} == {"leads"}
    assert 0 < sum(found.values()) < sum(told("ga4", ("event", IS, "page_view")).values())


def test_of_a_part_of_a_channel_only_days_are_told(sandbox):
    codes = set(YOUTUBE.abilities(part(("country", IS, "RU"))).codes)
    assert {"followers", "total_views"} & codes == set()
    assert {metric for metric, _day in told("youtube", ("country", IS, "RU"))} == codes


# --- What the platforms list ---


@pytest.mark.parametrize(
    ("platform", "name", "first"),
    [
        ("metrika", "goal", ("5001", "Заявка")),
        ("metrika", "utm_campaign", ("лето", "лето")),
        ("ga4", "campaign", ("(organic)", "(organic)")),
        ("ga4", "event", ("page_view", "page_view")),
    ],
)
def test_a_platform_suggests_its_own_values(sandbox, platform, name, first):
    sample = SAMPLES[platform]
    filter = sample.connector.filter_of(Condition(name, IS, ""))
    choices = run(sample.connector.values(sample.credentials, sample.account, filter))
    assert (choices[0].value, choices[0].title) == first
