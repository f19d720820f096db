"""Points lie by months on PostgreSQL; wherever a day lies, what is read is the same."""

import json
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from kpis import partitions
from kpis.models import Point
from kpis.partitions import make_room, months, name_of, shift, tables
from kpis.queries.lines import rows_of
from kpis.tasks import make_room as make_room_now
from kpis.tasks import refresh_statistics
from tests.builders import make_points, make_series

TODAY = date(2026, 11, 23)
FAR = date(2061, 3, 5)


@pytest.fixture
def series(cast):
    return make_series(cast)


def write(series, *days: date) -> None:
    for number, day in enumerate(days):
        Point.objects.create(series=series, day=day, value=number, provenance=Point.Provenance.MEASURED)


def place_of(day: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM kpis_point WHERE day = %s", [day])
        return cursor.fetchone()[0]


def values() -> list[tuple[date, Decimal]]:
    return list(Point.objects.order_by("day").values_list("day", "value"))


def test_months_follow_one_another():
    assert list(months(date(2026, 11, 1), 3)) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert [shift(TODAY, by) for by in (-11, -10, 0, 2)] == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 11, 1),
        date(2027, 1, 1),
    ]
    assert name_of(date(2026, 1, 1)) == "kpis_point_2026_01"


def test_points_are_known_by_their_series_and_day(series):
    write(series, TODAY)
    point = Point.objects.get()
    assert (point.pk, Point.objects.get(pk=(series.pk, TODAY))) == ((series.pk, TODAY), point)


def test_points_can_be_taken_out_and_brought_back(series, tmp_path):
    write(series, date(1999, 12, 31), TODAY, FAR)
    before, dump = list(Point.objects.order_by("day").values()), tmp_path / "points.json"
    call_command("dumpdata", "kpis.Point", output=dump, verbosity=0)
    Point.objects.all().delete()
    call_command("loaddata", dump, verbosity=0)
    assert list(Point.objects.order_by("day").values()) == before


def test_any_day_can_be_written_and_is_read_in_order(series):
    days = [date(1999, 12, 31), TODAY, FAR]
    write(series, *days)
    assert values() == [(day, Decimal(number)) for number, day in enumerate(days)]
    make_room_now()
    assert values() == [(day, Decimal(number)) for number, day in enumerate(days)]


@pytest.mark.postgres
def test_a_day_lies_in_its_month_or_in_the_past(series):
    today = timezone.localdate()
    write(series, date(1999, 12, 31), today, FAR)
    assert [place_of(day) for day in (date(1999, 12, 31), today, FAR)] == [
        "kpis_point_past",
        name_of(today),
        "kpis_point_ahead",
    ]


@pytest.mark.postgres
def test_there_is_room_for_this_month_and_the_next(db):
    this = shift(timezone.localdate(), 0)
    assert tables() == {"kpis_point_past", "kpis_point_ahead", name_of(this), name_of(shift(this, 1))}
    assert make_room(this) == []
    assert make_room(shift(this, 1)) == [name_of(shift(this, 2))]
    assert make_room(shift(this, 5)) == [name_of(first) for first in months(shift(this, 3), 4)]
    assert make_room(this) == []


@pytest.mark.postgres
def test_days_that_came_before_their_month_move_into_it(series):
    this = timezone.localdate()
    soon, later = shift(this, 3), shift(this, 4)
    write(series, soon, later, FAR)
    before = list(Point.objects.order_by("day").values())
    make_room(shift(this, 2))
    assert [place_of(day) for day in (soon, later, FAR)] == [name_of(soon), "kpis_point_ahead", "kpis_point_ahead"]
    assert list(Point.objects.order_by("day").values()) == before


@pytest.mark.postgres
def test_the_latest_day_is_found_in_the_newest_month_that_has_one(series):
    this = shift(timezone.localdate(), 0)
    make_points(series, [*range(90)], last=timezone.localdate())
    make_room(shift(this, 5))
    plan = explained(Point.objects.filter(series=series).order_by("-day")[:1])
    visited = {node["Relation Name"] for node in plan if "Relation Name" in node and node["Actual Loops"]}
    assert visited == {"kpis_point_ahead", *map(name_of, months(this, 7))}


@pytest.mark.postgres
def test_the_months_are_vacuumed_as_they_fill(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND reloptions IS NULL", [[*tables()]])
        assert cursor.fetchall() == []


@pytest.mark.postgres
def test_a_table_with_rows_is_laid_out_by_months_and_back(series):
    make_points(series, [1, None, 3], last=timezone.localdate())
    write(series, date(1999, 12, 31))
    before = list(Point.objects.order_by("day").values())
    migration = import_module("kpis.migrations.0002_points_by_month")
    with connection.schema_editor(atomic=False) as editor:
        migration.lay_out_plainly(None, editor)
        plain = list(Point.objects.order_by("day").values())
        migration.lay_out_by_month(None, editor)
    assert (plain, list(Point.objects.order_by("day").values())) == (before, before)
    assert place_of(date(1999, 12, 31)) == "kpis_point_past"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_boards_lines_are_read_from_the_index_alone(cast):
    today = timezone.localdate()
    some = [make_series(cast, metric=f"metric_{number}") for number in range(20)]
    for series in some:
        make_points(series, [*range(200), None], last=today)
    refresh_statistics()
    partitions.run("VACUUM kpis_point", "SET enable_seqscan = off")  # so few rows fit on a page or two
    lines = rows_of([series.pk for series in some], shift(today, -2), today)
    plan = explained(lines)
    partitions.run("RESET enable_seqscan")
    assert {node["Node Type"] for node in plan if "Relation Name" in node} == {"Index Only Scan"}
    assert sum(node.get("Heap Fetches", 0) for node in plan) == 0
    read = {node["Relation Name"] for node in plan if "Relation Name" in node}
    assert read == {"kpis_point_past", name_of(today)}


def explained(rows) -> list[dict]:
    """Every step of how PostgreSQL read these rows."""
    [top] = json.loads(rows.explain(format="json", analyze=True))
    found, left = [], [top["Plan"]]
    while left:
        node = left.pop()
        found.append(node)
        left += node.get("Plans", [])
    return found
