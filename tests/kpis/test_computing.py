"""Computed series follow their operands: every day, as sure as the least sure of them, and never a zero for a gap."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from kpis.actions.imports import send_points
from kpis.actions.kpis import draft_kpi
from kpis.actions.sources import ask_for_pull
from kpis.computing import begin_from_catalogue, cells_of, counted_from, follow
from kpis.models import Computed, MetricSeries, Point, Revision, Source
from kpis.points import Cell, Told, put_many
from kpis.queries.metrics import countable, metrics_of
from kpis.recording import record_given_points
from smmportal.refusals import Refused
from tests.builders import make_formula, make_kpi, make_source
from tests.conftest import TODAY
from tests.kpis.test_pulling import NOON, due_source, make_due, pull

DAY = date(2026, 11, 20)
NEXT = DAY + timedelta(days=1)


def tell(source, *cells, settled_before=None) -> None:
    """What recording does with what a platform said."""
    told = [Told(source, cells, None, settled_before)]
    follow(told, put_many(told))


def cell(metric, value, *, day=DAY, final=True, provenance="measured", reason="") -> Cell:
    return Cell(metric, day, None if value is None else Decimal(value), final, reason, provenance)


def points(source, metric="formula") -> list[tuple]:
    rows = Point.objects.filter(series__source=source, series__metric=metric).order_by("day")
    return [(row.day, row.value, row.final, row.provenance, row.reason) for row in rows]


@pytest.fixture
def source(cast):
    return make_source(cast)


@pytest.fixture
def formula(cast, source):
    cast.made[type(source)] = source
    return make_formula(cast, "(likes + comments) / reach * 100", unit="percent")


def test_a_number_comes_when_its_last_operand_does(source, formula):
    tell(source, cell("likes", 30), cell("reach", 1000))
    assert points(formula.source) == [(DAY, None, False, "measured", "missing:comments")]
    tell(source, cell("comments", 20))
    assert points(formula.source) == [(DAY, Decimal(5), True, "measured", "")]


def test_a_formula_begins_with_the_history_of_its_operands(cast, source):
    tell(source, cell("views", 7), cell("views", 9, day=NEXT))
    cast.made[type(source)] = source
    formula = make_formula(cast, "views * 2")
    assert [(day, value) for day, value, *_rest in points(formula.source)] == [(DAY, 14), (NEXT, 18)]


def test_nothing_to_divide_by_is_a_gap_that_says_so(source, formula):
    tell(source, cell("likes", 0), cell("comments", 0), cell("reach", 0))
    assert points(formula.source) == [(DAY, None, True, "measured", "nothing_to_divide")]


@pytest.mark.parametrize(
    ("provenances", "weakest"),
    [
        (("measured", "measured", "measured"), "measured"),
        (("measured", "imported", "measured"), "imported"),
        (("manual", "imported", "measured"), "manual"),
    ],
)
def test_it_is_as_sure_as_the_least_sure_operand(source, formula, provenances, weakest):
    for (metric, value), provenance in zip([("likes", 1), ("comments", 1), ("reach", 4)], provenances, strict=True):
        tell(source, cell(metric, value, provenance=provenance))
    assert points(formula.source) == [(DAY, Decimal(50), True, weakest, "")]


def test_it_is_final_when_all_operands_are(source, formula):
    tell(source, cell("likes", 1, final=False), cell("comments", 1), cell("reach", 4))
    assert points(formula.source) == [(DAY, Decimal(50), False, "measured", "")]
    tell(source, cell("likes", 3))
    assert points(formula.source) == [(DAY, Decimal(100), True, "measured", "")]


def test_a_day_that_was_closed_without_a_new_number_becomes_final(source, formula):
    tell(source, cell("likes", 1, final=False), cell("comments", 1), cell("reach", 4))
    Point.objects.filter(series__source=source).update(final=True)
    follow([Told(source, [cell("likes", 1, day=NEXT)])], {}, closed=True)
    assert points(formula.source)[0] == (DAY, Decimal(50), True, "measured", "")


def test_what_a_platform_recounts_is_a_revision_of_the_formula_too(source, formula):
    tell(source, cell("likes", 1), cell("comments", 1), cell("reach", 4))
    tell(source, cell("likes", 3), settled_before=NEXT)
    [revision] = Revision.objects.filter(series__source=formula.source)
    assert (revision.day, revision.before, revision.after) == (DAY, 50, 100)


def test_the_latest_value_stands_beside_the_series(source, formula):
    tell(source, cell("likes", 1), cell("comments", 1), cell("reach", 4))
    series = MetricSeries.objects.get(source=formula.source)
    assert (series.latest_value, series.latest_on, series.final_through) == (50, DAY, DAY)


def test_operands_of_two_sources_meet(cast):
    vk, ok = cast.get(Source), make_source(cast, platform="ok")
    formula = make_formula(cast, "likes@vk + likes@ok")
    tell(vk, cell("likes", 5))
    tell(ok, cell("likes", 7))
    assert points(formula.source) == [(DAY, Decimal(12), True, "measured", "")]


def test_what_a_program_sends_is_followed_in_the_same_transaction(cast, source, formula):
    for metric, value in (("likes", 1), ("comments", 0), ("reach", 3)):
        record_given_points(source, metric, {DAY: Decimal(value)}, taken_at=timezone.now(), by=cast.manager)
    assert points(formula.source) == [(DAY, Decimal("33.333333"), True, "imported", "")]


def test_a_batch_on_which_nothing_hangs_costs_one_query_more(cast, django_assert_num_queries):
    told = [Told(make_source(cast), [cell("likes", 1)]) for _number in range(30)]
    changed = put_many(told)
    with django_assert_num_queries(1):
        follow(told, changed)


@pytest.mark.parametrize("count", [1, 30])
def test_thirty_formulas_are_counted_with_as_many_queries_as_one(cast, source, count, django_assert_num_queries):
    cast.made[type(source)] = source
    for number in range(count):
        make_formula(cast, f"views * {number + 2}")
    with django_assert_num_queries(4):
        assert len(cells_of(counted_from({source.pk}), {DAY})) == count


def send(cast, source, **values: int) -> None:
    """Numbers that a snapshot keeps, so that they can be read again."""
    for metric, value in values.items():
        record_given_points(source, metric, {DAY: Decimal(value)}, taken_at=timezone.now(), by=cast.manager)


def test_rebuilding_finds_no_difference(cast, source, formula, capsys):
    send(cast, source, likes=1, comments=1, reach=0)
    call_command("rebuild_points")
    assert capsys.readouterr().out == "Every point is what the answers say.\n"


def test_rebuilding_finds_and_mends_what_was_tampered_with(cast, source, formula, capsys):
    send(cast, source, likes=1, comments=1, reach=4)
    Point.objects.filter(series__source=formula.source).update(value=99)
    with pytest.raises(CommandError):
        call_command("rebuild_points")
    line = f"source {formula.source_id} formula 2026-11-20: 99.000000 (imported), should be 50.000000 (imported)\n"
    assert capsys.readouterr().out == line
    call_command("rebuild_points", write=True)
    assert points(formula.source) == [(DAY, Decimal(50), True, "imported", "")]


# --- What the catalogue counts ---------------------------------------------------------------------------------------


def test_the_fullest_way_is_taken_and_what_is_told_is_not_counted():
    full = {"likes", "comments", "shares", "saves", "reach"}
    assert countable(full) == {"engagement_rate": "(likes + comments + shares + saves) / reach * 100"}
    assert countable(full - {"saves"}) == {"engagement_rate": "(likes + comments + shares) / reach * 100"}
    assert countable({*full, "engagement_rate"}) == {}
    assert countable({"revenue", "spend"}) == {"romi": "(revenue - spend) / spend * 100"}


def test_a_source_offers_what_can_be_counted(source):
    assert {"engagement_rate", "net_follows", "followers"} <= set(metrics_of(source))
    assert "romi" not in metrics_of(source)


def test_a_kpi_begins_a_counted_metric_with_its_history(cast, source):
    tell(source, cell("likes", 6), cell("comments", 3), cell("shares", 1), cell("reach", 200))
    kpi = draft_kpi(
        cast.project,
        by=cast.manager,
        source=source,
        metric="engagement_rate",
        kind="increase_to",
        guardrail_waived_because="We only begin.",
        target=Decimal(7),
        starts_on=DAY,
        due_on=date(2027, 3, 1),
    )
    assert (kpi.baseline, kpi.baseline_on, kpi.baseline_provenance) == (Decimal(5), DAY, "measured")
    tell(source, cell("likes", 8, day=NEXT), cell("comments", 0, day=NEXT), cell("shares", 0, day=NEXT))
    tell(source, cell("reach", 100, day=NEXT))
    assert points(source, "engagement_rate") == [
        (DAY, Decimal(5), True, "measured", ""),
        (NEXT, Decimal(8), True, "measured", ""),
    ]


def test_a_metric_that_the_platform_gives_is_not_counted(cast, source):
    draft_kpi(
        cast.project,
        by=cast.manager,
        source=source,
        metric="likes",
        kind="increase_to",
        guardrail_waived_because="We only begin.",
        target=Decimal(7),
        starts_on=DAY,
        due_on=date(2027, 3, 1),
    )
    assert Computed.objects.count() == 0


def test_what_is_counted_is_taken_from_no_file_and_no_program(cast, source):
    for metric, value in (("likes", 6), ("comments", 3), ("shares", 1), ("reach", 200)):
        record_given_points(source, metric, {DAY: Decimal(value)}, taken_at=timezone.now(), by=cast.manager)
    begin_from_catalogue(source, "engagement_rate")
    told = {DAY: Decimal(99), NEXT: Decimal(99)}
    record_given_points(source, "engagement_rate", told, taken_at=timezone.now(), by=cast.manager)
    assert points(source, "engagement_rate") == [(DAY, Decimal(5), True, "imported", "")]
    call_command("rebuild_points")


def test_nobody_sends_numbers_to_a_formula(cast, source, formula):
    kpi = make_kpi(cast, source=formula.source, metric="formula")
    with pytest.raises(Refused) as refused:
        send_points(kpi, values={DAY: Decimal(1)}, by=cast.manager)
    assert refused.value.code == "counted"


def test_nobody_is_asked_for_the_numbers_of_a_formula(cast, source, formula):
    with pytest.raises(Refused) as refused:
        ask_for_pull(formula.source, by=cast.manager)
    assert refused.value.code == "not-pulled"
    assert list(Source.objects.due()) == []


def test_what_a_platform_really_answers_is_followed_and_rebuilt(cast, sandbox, capsys):
    source = due_source(cast)
    cast.made[Source] = source
    pull(source)
    formula = make_formula(cast, "(likes + comments + shares) / views * 100")
    begin_from_catalogue(source, "engagement_rate")
    make_due(source, NOON)
    pull(source, NOON + timedelta(hours=50))
    values = {row.metric: dict(row.points.values_list("day", "value")) for row in source.series.all()}
    day = TODAY - timedelta(days=5)
    parts = sum(values[metric][day] for metric in ("likes", "comments", "shares")) * 100
    assert values["engagement_rate"][day] == round(parts / values["reach"][day], 6)
    counted = dict(Point.objects.filter(series__source=formula.source).values_list("day", "value"))
    assert counted[day] == round(parts / values["views"][day], 6)
    assert set(counted) >= {TODAY + timedelta(days=1), TODAY, day, date(2026, 10, 1)}
    call_command("rebuild_points")
    assert capsys.readouterr().out.endswith("Every point is what the answers say.\n")
