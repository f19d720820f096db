from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.models import Kpi, Source
from kpis.queries.agreements import Step
from kpis.queries.board import card_of
from kpis.queries.standings import today_of
from projects.models import Project
from tests.builders import make_kpi, make_points, make_series, make_source


@pytest.fixture
def today(cast) -> date:
    return today_of(cast.project)


def address(cast) -> str:
    return f"/projects/{cast.project.pk}/board/"


def text(answer) -> str:
    return answer.content.decode()


def make_watched(cast, today, *, days=100, **fields) -> Kpi:
    """A KPI with a line that ends yesterday; its last day is provisional."""
    source = make_source(cast)
    series = make_series(cast, source=source)
    make_points(series, [10000 + day * 10 for day in range(days)], last=today - timedelta(days=1))
    series.points.filter(day=today - timedelta(days=1)).update(final=False)
    type(series).objects.filter(pk=series.pk).update(final_through=today - timedelta(days=2))
    terms = {"starts_on": today - timedelta(days=60), "due_on": today + timedelta(days=60)}
    terms |= {"baseline": Decimal(10390), "target": Decimal(11600)}
    return make_kpi(cast, **{**terms, "source": source, **fields})


def test_an_empty_board_says_what_to_do_first(cast, browse):
    agency, client = browse(cast.specialist).get(address(cast)), browse(cast.decider).get(address(cast))
    assert ("First, a source of numbers" in text(agency), "Connect a source" in text(agency)) == (True, True)
    assert ("No numbers to watch yet" in text(client), "Connect a source" in text(client)) == (True, False)


def test_with_a_source_the_next_thing_is_a_kpi(cast, browse):
    cast.get(Source)
    assert "Now choose what to watch" in text(browse(cast.manager).get(address(cast)))


def test_a_card_says_the_number_its_course_and_how_fresh_it_is(cast, browse, today):
    kpi = make_watched(cast, today)
    card = card_of(kpi, first=today - timedelta(days=89), last=today)
    assert (card.standing.current, card.status, card.week) == (Decimal(10990), "on_track", Decimal(70))
    assert card.provenance == "measured by Roast No. 7 on VK"
    assert card.freshness.startswith("on ") and ", final through " in card.freshness
    assert [day.value for day in card.line[-3:]] == [Decimal(10980), Decimal(10990), None]
    assert card.line[-1].reason == "not_yet"


def test_the_week_is_counted_back_from_the_number_that_is_shown(cast, today):
    """Today's visits are still being counted: they are on the line, and neither the figure nor its change is theirs."""
    kpi = make_watched(cast, today, metric="visits")
    series = make_series(cast, source=kpi.source, metric="visits")
    make_points(series, [100, 1, 1, 1, 1, 1, 1, 130, 900], last=today)
    series.latest_value, series.latest_on = Decimal(130), today - timedelta(days=1)
    series.save()
    card = card_of(kpi, first=today - timedelta(days=89), last=today)
    assert (card.standing.current, card.week) == (Decimal(130), Decimal(30))


def test_what_needs_a_hand_comes_first(cast, browse, today):
    well = make_watched(cast, today, target=Decimal(11000))
    badly = make_watched(cast, today, target=Decimal(40000))
    unknown = make_kpi(cast, source=make_source(cast))
    cards = browse(cast.manager).get(address(cast)).context["board"].cards
    assert [card.kpi for card in cards] == [badly, unknown, well]


def test_unknown_is_never_green(cast, browse, today):
    kpi = make_watched(cast, today, target=Decimal(11000))
    Source.objects.filter(pk=kpi.source_id).update(error_kind="reauthorise")
    answer = browse(cast.manager).get(address(cast))
    assert answer.context["board"].state == {
        "status": "source_lost",
        "word": "source lost: 1 of 1",
        "counts": {"source_lost": 1},
    }
    assert 'class="status tone-on-course"' not in text(answer)


def test_the_board_offers_the_next_step_to_whom_it_belongs(cast, browse, today):
    make_watched(cast, today)
    before = browse(cast.manager).get(address(cast)).context["board"].step
    assert (before.sentence, before.action, before.is_verb) == (
        "1 KPI is not in an agreement yet.",
        "Prepare the agreement",
        True,
    )
    assert browse(cast.decider).get(address(cast)).context["board"].step.action == ""
    agreement = prepare_agreement(cast.project, by=cast.manager)
    steps = {
        name: browse(getattr(cast, name)).get(address(cast)).context["board"].step.sentence
        for name in ("manager", "decider", "contact")
    }
    assert steps == {
        "manager": "Agreement No. 1 waits for your signature.",
        "decider": "Agreement No. 1 waits for your signature.",
        "contact": "Agreement No. 1 waits for the signatures of both sides.",
    }
    sign_agreement(agreement, by=cast.manager, seen_hash=agreement.content_hash, proof="password")
    step = browse(cast.manager).get(address(cast)).context["board"].step
    assert (step.sentence, step.action) == ("Agreement No. 1 waits for the client’s signature.", "Read")
    sign_agreement(agreement, by=cast.decider, seen_hash=agreement.content_hash, proof="password")
    board = browse(cast.decider).get(address(cast)).context["board"]
    assert (board.step, board.in_force) == (None, agreement)


@pytest.mark.parametrize("page", ["kpis:board", "kpis:agreements"])
@pytest.mark.parametrize("person", ["manager", "decider"])
def test_before_the_project_has_begun_no_agreement_is_offered_and_the_page_says_why(cast, browse, today, page, person):
    make_watched(cast, today)
    Project.objects.filter(pk=cast.project.pk).update(activated_at=None)
    answer = browse(getattr(cast, person)).get(reverse(page, args=[cast.project.pk]))
    step = answer.context["step"] if page == "kpis:agreements" else answer.context["board"].step
    assert step == Step(
        "1 KPI is not in an agreement yet. The project has not begun: first the client submits the brief.",
        reverse("projects:brief", args=[cast.project.pk]),
        "Open the brief",
    )
    assert "Prepare the agreement" not in text(answer)


def test_a_card_is_drawn_again_when_anything_it_shows_has_changed(cast, browse, today):
    kpi = make_watched(cast, today)
    client = browse(cast.decider)

    def seen() -> str:
        [card] = client.get(address(cast)).context["board"].cards
        return card.html

    pictures = [seen()]
    assert seen() is pictures[0]
    series = kpi.source.series.get()
    series.points.filter(day=today - timedelta(days=3)).update(value=None, reason="hidden")
    series.save()
    pictures.append(seen())
    Kpi.objects.update(target=Decimal(13000))
    pictures.append(seen())
    Source.objects.update(error_kind="reauthorise")
    pictures.append(seen())
    cast.decider.language = "ru"
    cast.decider.save()
    pictures.append(seen())
    assert len(set(pictures)) == 5


def queries(client, url) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_board_costs_the_same_with_one_and_with_thirty_kpis(cast, browse, today):
    make_watched(cast, today)
    client = browse(cast.manager)
    first = queries(client, address(cast))
    one = queries(client, address(cast))
    for _number in range(29):
        make_watched(cast, today)
    assert queries(client, address(cast)) == first, "everything new is read together"
    assert (queries(client, address(cast)), one) == (5, 5), "session, person, stamp, own view, unread notifications"


def test_a_board_of_twenty_is_light(cast, browse, today):
    for _number in range(20):
        make_watched(cast, today)
    cast.decider.language = "ru"
    cast.decider.save()
    assert len(browse(cast.decider).get(address(cast)).content) < 60_000


def test_in_russian_the_board_speaks_russian(cast, browse, today):
    make_watched(cast, today)
    cast.decider.language = "ru"
    cast.decider.save()
    page = text(browse(cast.decider).get(address(cast)))
    assert ("10\u00a0990" in page, "на курсе" in page or "по курсу" in page, "окончательные по" in page) == (True,) * 3


# --- A KPI's own page -----------------------------------------------------------------------------------------------


def span(answer) -> tuple:
    line = answer.context["card"].line
    return (line[-1].day - line[0].day).days + 1, line[-1].day, answer.context["span"].range


@pytest.mark.parametrize(
    ("query", "days", "name"),
    [("", 90, "90"), ("?range=30", 30, "30"), ("?range=365", 365, "365"), ("?range=x", 90, "90")],
)
def test_ranges_are_in_the_address(cast, browse, today, query, days, name):
    kpi = make_watched(cast, today)
    assert span(browse(cast.viewer).get(kpi.get_absolute_url() + query)) == (days, today, name)


def test_the_whole_term_looks_ahead_to_the_deadline(cast, browse, today):
    kpi = make_watched(cast, today)
    answer = browse(cast.viewer).get(kpi.get_absolute_url() + "?range=term")
    assert (span(answer), answer.context["card"].last) == ((61, today, "term"), kpi.due_on)


def test_any_two_days_can_be_asked_for(cast, browse, today):
    kpi = make_watched(cast, today)
    answer = browse(cast.viewer).get(f"{kpi.get_absolute_url()}?from=2026-01-01&to=2026-01-10")
    assert span(answer) == (10, date(2026, 1, 10), "")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?from=2026-02-01&to=2026-01-01", "The last day comes before the first."),
        ("?from=1900-01-01&to=2026-01-01", "At most ten years can be shown at once."),
        ("?from=yesterday&to=2026-01-01", "Enter a valid date."),
        ("?from=2026-01-01", "This field is required."),
    ],
)
def test_days_that_make_no_span_are_named_and_ninety_are_shown(cast, browse, today, query, sentence):
    kpi = make_watched(cast, today)
    answer = browse(cast.viewer).get(kpi.get_absolute_url() + query)
    assert (span(answer), sentence in text(answer)) == ((90, today, "90"), True)


def test_the_table_tells_each_days_provenance_and_each_gaps_reason(cast, browse, today):
    kpi = make_watched(cast, today, days=5)
    rows = browse(cast.viewer).get(kpi.get_absolute_url()).context["card"].rows
    assert [(row["value"], row["provenance"], row["final"], row["reason"]) for row in (*rows[:3], rows[-1])] == [
        (None, "", False, "The number for this day has not come yet."),
        (Decimal(10040), "measured by Roast No. 7 on VK", False, ""),
        (Decimal(10030), "measured by Roast No. 7 on VK", True, ""),
        (None, "", False, "Before the first number of the source."),
    ]


def test_a_kpi_page_offers_changes_only_to_the_agency_and_only_unsigned(cast, browse, today):
    kpi = make_watched(cast, today)
    pages = {
        name: "Throw the draft away" in text(browse(getattr(cast, name)).get(kpi.get_absolute_url()))
        for name in ("manager", "specialist", "decider")
    }
    assert pages == {"manager": True, "specialist": True, "decider": False}
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    page = text(browse(cast.manager).get(kpi.get_absolute_url()))
    assert ("Throw the draft away" in page, "Write new terms" in page) == (False, True)


# --- Looking ahead --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("range", "days"), [("30", 14), ("90", 28), ("365", None)])
def test_the_picture_reaches_some_way_into_the_days_to_come(cast, browse, today, range, days):
    kpi = make_watched(cast, today)
    card = browse(cast.viewer).get(f"{kpi.get_absolute_url()}?range={range}").context["card"]
    ahead_to = days and today + timedelta(days=days)
    assert (card.last, card.ahead[-1].on if card.ahead else None) == (ahead_to, ahead_to)


def test_where_nothing_is_foreseen_the_picture_ends_today(cast, browse, today):
    kpi = make_watched(cast, today, days=5)
    assert browse(cast.viewer).get(kpi.get_absolute_url()).context["card"].last is None


def test_the_headline_says_what_is_expected_and_how_likely(cast, browse, today):
    kpi = make_watched(cast, today, target=Decimal(40000))
    headline = browse(cast.viewer).get(kpi.get_absolute_url()).context["headline"]
    assert headline.startswith("By ") and headline.endswith("of 40,000; chance of making it: less than 5%")


def test_the_days_in_a_table_are_one_link_and_one_key_away(cast, browse, today):
    page = text(browse(cast.viewer).get(make_watched(cast, today).get_absolute_url()))
    assert ('data-table="days"' in page, 'href="#days"' in page, 'id="days" tabindex="-1"' in page) == (
        True,
        True,
        True,
    )
