"""However much is told and in whatever order: points, revisions and latest values are what the rule says."""

import random
import time
from datetime import date, timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kpis import bulk
from kpis.models import Point, Revision
from kpis.points import put_many
from kpis.recording import kept_points
from kpis.told import Cell, Told, replaces
from tests.builders import make_snapshot, make_source

METRICS = ("followers", "likes", "reach")


@pytest.fixture
def sources(cast):
    return [make_source(cast), make_source(cast)]


def some_cells(luck: random.Random, last: date) -> list[Cell]:
    """For each metric some days in a row or a few here and there, from every origin."""
    return [
        some_cell(luck, metric, last - timedelta(days=back))
        for metric in luck.sample(METRICS, luck.randint(1, 3))
        for back in luck.sample(range(150), luck.choice([1, 5, 40, 120]))
    ]


def some_cell(luck: random.Random, metric: str, day: date) -> Cell:
    if luck.random() < 0.1:
        final = luck.random() < 0.5
        return Cell(metric, day, None, final, "not_given" if final else "not_ready")
    if luck.random() < 0.1:
        return Cell(metric, day, None, reason="taken_back", provenance="manual")
    origin = luck.choice(["measured", "measured", "imported", "manual"])
    return Cell(metric, day, Decimal(luck.randint(0, 3)), luck.random() < 0.7, "", origin)


class Expected:
    """What one source should have, told by the rule in Python."""

    def __init__(self) -> None:
        self.points: dict[tuple[str, date], Cell] = {}
        self.snapshots: dict[tuple[str, date], int | None] = {}
        self.revisions: list[tuple] = []

    def tell(self, told: Told) -> int:
        return sum(self.take(cell, told) for cell in told.cells)

    def take(self, new: Cell, told: Told) -> bool:
        key = new.metric, new.day
        old = self.points.get(key)
        if old is not None and not replaces(new, old):
            return False
        if told.is_settled(new) and old and old.provenance == "measured" and old.value not in {None, new.value}:
            self.revisions.append((*key, old.value, new.value, told.snapshot_id))
        self.points[key], self.snapshots[key] = new, told.snapshot_id
        return True

    def latest(self, metric: str) -> tuple:
        known = sorted(
            (cell.day, cell.value, cell.final)
            for cell in self.points.values()
            if cell.metric == metric and cell.value is not None
        )
        final = [day for day, _value, is_final in known if is_final]
        return (known[-1][1], known[-1][0], final[-1] if final else None) if known else (None, None, None)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("ends", [timezone.localdate() - timedelta(days=1), date(2020, 5, 1)], ids=["now", "long ago"])
def test_what_is_written_is_what_the_rule_says(cast, sources, seed, ends):
    luck = random.Random(seed)
    expected = {source: Expected() for source in sources}
    for turn in range(8):
        told = [
            Told(
                source,
                some_cells(luck, ends),
                make_snapshot(cast, source=source, previous_hash=str(turn)).pk,
                luck.choice([None, ends - timedelta(days=20)]),
            )
            for source in luck.sample(sources, luck.randint(1, 2))
        ]
        assert put_many(told) == {one.source.pk: expected[one.source].tell(one) for one in told}
    for source in sources:
        check(source, expected[source])


def check(source, expected: Expected) -> None:
    rows = Point.objects.filter(series__source=source)
    assert kept_points(source) == expected.points
    assert {
        (metric, day): snapshot for metric, day, snapshot in rows.values_list("series__metric", "day", "snapshot")
    } == expected.snapshots
    revisions = Revision.objects.filter(series__source=source)
    fields = ("series__metric", "day", "before", "after", "snapshot")
    assert sorted(revisions.values_list(*fields)) == sorted(expected.revisions)
    assert {
        series.metric: (series.latest_value, series.latest_on, series.final_through) for series in source.series.all()
    } == {metric: expected.latest(metric) for metric in {metric for metric, _day in expected.points}}


# --- Two at once ----------------------------------------------------------------------------------------------------


def write_at_once(source) -> list[str]:
    """Two writers bring the same new history; the second begins while the first has not committed. What went wrong."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(60)]
    put_many([Told(source, [Cell("followers", days[0], Decimal(0))])])
    first, second = ([Cell("followers", day, Decimal(value)) for day in days[1:]] for value in (1, 2))
    problems: list[str] = []
    with transaction.atomic():
        put_many([Told(source, first)])
        other = Thread(target=write_apart, args=(source, second, problems))
        other.start()
        wait_for_one_who_waits()
    other.join(30)
    return problems


def write_apart(source, cells: list[Cell], problems: list[str]) -> None:
    try:
        put_many([Told(source, cells)])
    except IntegrityError as error:
        problems.append(type(error).__name__)
    finally:
        connection.close()


def wait_for_one_who_waits() -> None:
    with connection.cursor() as cursor:
        for _try in range(1500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("the second writer never waited")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_bring_the_same_history_take_turns(cast):
    source = make_source(cast)
    assert write_at_once(source) == []
    assert set(Point.objects.exclude(day=date(2026, 1, 1)).values_list("value", flat=True)) == {Decimal(2)}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_sources_lock_the_second_would_fail(cast, monkeypatch):
    monkeypatch.setattr(bulk, "hold_sources", lambda lots: None)
    assert write_at_once(make_source(cast)) == ["IntegrityError"]
