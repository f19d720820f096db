"""Coroutines in a thread of their own; the database work they ask for in the thread that started them.

Hundreds of exchanges share one event loop, and no query ever waits inside it: a coroutine hands a function over with
`await bridge.call(…)`, and the starting thread, which owns the database connection and any open transaction, runs it.

    def work(bridge):
        async def main():
            return await bridge.call(Project.objects.count)
        return main()

    run_across(work)
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from uvloop import new_event_loop

Result = TypeVar("Result")


class Bridge:
    """The way from the loop's thread to the one that started it."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    async def call(self, function: Callable[..., Result], *args: Any) -> Result:
        """Run a blocking function in the starting thread; its result or its exception comes back here."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()

        def settle(result: Any, error: BaseException | None) -> None:
            if future.cancelled():
                return
            if error:
                future.set_exception(error)
            else:
                future.set_result(result)

        def carry_out() -> None:
            result, error = None, None
            try:
                result = function(*args)
            except Exception as problem:
                error = problem
            # Whoever asked may have been cancelled, and the loop have ended, while we were at it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, result, error)

        self._calls.put(carry_out)
        return await future

    def close(self) -> None:
        self._calls.put(None)

    def serve(self) -> None:
        """Run what is handed over until the bridge is closed."""
        while carry_out := self._calls.get():
            carry_out()


def run_across(work: Callable[[Bridge], Coroutine[Any, Any, Result]]) -> Result:
    """Run the coroutine in a thread of its own and serve its calls here until it ends; its result or its exception."""
    bridge = Bridge()
    outcome: dict[str, Any] = {}
    started = threading.Event()

    async def main() -> None:
        outcome["loop"], outcome["task"] = asyncio.get_running_loop(), asyncio.current_task()
        started.set()
        outcome["result"] = await work(bridge)

    def alone() -> None:
        try:
            with asyncio.Runner(loop_factory=new_event_loop) as runner:
                runner.run(main())
        except BaseException as error:
            outcome["error"] = error
        finally:
            started.set()
            bridge.close()

    thread = threading.Thread(target=alone, name="loop", daemon=True)
    thread.start()
    try:
        bridge.serve()
    except BaseException:
        started.wait()
        outcome["loop"].call_soon_threadsafe(outcome["task"].cancel)
        raise
    finally:
        thread.join()
    if "error" in outcome:
        raise outcome["error"]
    return outcome["result"]
