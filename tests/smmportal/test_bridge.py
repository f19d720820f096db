"""The loop runs aside, the database work where it was started."""

import asyncio
import threading
import time

import pytest

from smmportal.bridge import run_across


def test_what_is_handed_over_runs_in_the_starting_thread():
    async def main(bridge):
        return threading.get_ident(), await bridge.call(threading.get_ident)

    aside, here = run_across(main)
    assert here == threading.get_ident()
    assert aside != here


def test_an_open_transaction_is_seen(cast):
    """The rows of this test are in no other connection."""

    async def main(bridge):
        return await bridge.call(type(cast.project).objects.count)

    assert run_across(main) == 1


def test_an_exception_on_this_side_is_raised_on_the_other():
    async def main(bridge):
        with pytest.raises(ZeroDivisionError):
            await bridge.call(lambda: 1 / 0)
        return "went on"

    assert run_across(main) == "went on"


def test_an_exception_of_the_coroutine_is_raised_here():
    async def main(bridge):
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        run_across(main)


def test_calls_of_many_coroutines_come_in_order():
    heard: list[int] = []

    async def main(bridge):
        await asyncio.gather(*(bridge.call(heard.append, number) for number in range(50)))

    run_across(main)
    assert heard == list(range(50))


def test_what_nobody_waits_for_any_more_is_finished_all_the_same():
    """The pulls' ledger is being written when the last pull ends."""
    aside, finished = [], []

    def outlast_the_loop():
        aside[0].join(10)
        finished.append(aside[0].is_alive())

    async def main(bridge):
        aside.append(threading.current_thread())
        call = asyncio.ensure_future(bridge.call(outlast_the_loop))
        await asyncio.sleep(0)
        call.cancel()

    run_across(main)
    assert finished == [False]


def test_when_this_side_is_interrupted_the_loop_ends():
    ended = threading.Event()

    def interrupt():
        raise KeyboardInterrupt

    async def main(bridge):
        try:
            await bridge.call(interrupt)
        finally:
            ended.set()

    with pytest.raises(KeyboardInterrupt):
        run_across(main)
    assert ended.is_set()


def test_a_call_that_nobody_waits_for_any_more_harms_nothing():
    """The loop ends while this side is still at a call whose caller was cancelled."""
    loops: list[asyncio.AbstractEventLoop] = []

    def outlive():
        while not loops[0].is_closed():
            time.sleep(0.01)

    async def main(bridge):
        loops.append(asyncio.get_running_loop())
        asked = asyncio.create_task(bridge.call(outlive))
        await asyncio.sleep(0)
        asked.cancel()
        return "done"

    assert run_across(main) == "done"
