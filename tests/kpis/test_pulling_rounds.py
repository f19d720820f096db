"""What many pulls bring is written together: as much as is worth a statement, and nobody waits for who never comes."""

import asyncio
from collections import Counter

import pytest

from kpis.access import Access
from kpis.asking import at_desk
from kpis.breaker import Gate
from kpis.models import Source
from kpis.pulling import Claimed, Pull, Pulled, Round
from kpis.timing import utc_now
from tests.kpis.test_pulling import NOON


class Straggler(Pull):
    """Comes to be written one after another; every third has nothing to write."""

    async def carry_out(self, round_: Round) -> Pulled:
        for _turn in range(self.source.pk):
            await asyncio.sleep(0)
        return Pulled(await round_.write(self.source.pk) if self.source.pk % 3 else 0)


@pytest.fixture
def lots(monkeypatch) -> list[list[int]]:
    """The lots that were written. Whoever waits for more than there will ever be waits for a minute."""
    monkeypatch.setattr("kpis.pulling.rounds.GATHERS", 60)
    return []


def pulled(number: int, lots: list[list[int]]) -> Counter[str]:
    def store(writes: list[int]) -> list[int]:
        lots.append(writes)
        return [0] * len(writes)

    class Stragglers(Round):
        pull = Straggler

    Stragglers.store = staticmethod(store)
    rest = [[Claimed(Source(pk=pk), NOON, Access(), Gate()) for pk in range(1, number + 1)]]

    async def work(desk) -> Counter[str]:
        return await Stragglers(desk, lambda _number: rest.pop() if rest else [], utc_now, lambda: 0.5).run()

    return at_desk(work)


@pytest.mark.parametrize("number", [1, 2, 7])
def test_who_is_alone_or_the_last_is_not_waited_for(lots, number):
    assert pulled(number, lots) == {"ok": number}
    assert lots == [[pk for pk in range(1, number + 1) if pk % 3]]


def test_enough_is_written_at_once(lots, monkeypatch):
    monkeypatch.setattr("kpis.pulling.rounds.ENOUGH", 3)
    assert pulled(30, lots) == {"ok": 30}
    assert [pk for lot in lots for pk in lot] == [pk for pk in range(1, 31) if pk % 3]
    assert 3 <= len(lots[0]) < 20


def test_who_does_not_come_soon_keeps_nobody_waiting(lots, monkeypatch):
    monkeypatch.setattr("kpis.pulling.rounds.GATHERS", 0)
    assert pulled(4, lots) == {"ok": 4}
    assert sorted(pk for lot in lots for pk in lot) == [1, 2, 4]
