"""Several people type into one source in the same second, in threads of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from kpis.actions import byhand as actions
from kpis.actions.byhand import Typed
from kpis.models import Point, Source
from kpis.recording import differences, verify_snapshots
from smmportal.refusals import Refused
from tests.builders import make_cast
from tests.kpis.conftest import begun

RACERS = 4
FIRST = date(2026, 11, 1)


@pytest.fixture
def cast(transactional_db):
    return begun(make_cast())


@pytest.fixture
def dzen(cast) -> Source:
    return actions.add_place(
        cast.project, name="Дзен", metrics=["views"], every="weekly", person=cast.specialist, by=cast.manager
    )


def race(cast, dzen: Source, day_of) -> list[str]:
    """Each types a number of their own on a day of their own choosing; «saved», or why not."""
    barrier = threading.Barrier(RACERS)

    def run(number: int) -> str:
        barrier.wait()
        try:
            typed = Typed("views", day_of(number), Decimal(number + 1), seen=None)
            actions.type_numbers(dzen, numbers=[typed], by=cast.manager)
        except Refused as refusal:
            return refusal.code
        else:
            return "saved"
        finally:
            connection.close()

    with ThreadPoolExecutor(RACERS) as pool:
        return sorted(pool.map(run, range(RACERS)))


def test_on_one_cell_the_first_wins_and_the_others_are_told(cast, dzen):
    assert race(cast, dzen, lambda number: FIRST) == [*["changed-meanwhile"] * (RACERS - 1), "saved"]
    assert Point.objects.count() == 1


def test_on_cells_of_their_own_nobody_loses_a_number(cast, dzen):
    assert race(cast, dzen, lambda number: FIRST + timedelta(days=number)) == ["saved"] * RACERS
    assert sorted(Point.objects.values_list("value", flat=True)) == [Decimal(number) for number in range(1, RACERS + 1)]
    assert (verify_snapshots(), list(differences(dzen)), dzen.snapshots.count()) == ([], [], RACERS)
