"""Ctrl-C, SIGTERM and a closed terminal end a demo alike: its children first, then itself."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

T = TypeVar("T")


async def until_stopped(work: Coroutine[Any, Any, T]) -> T | None:
    """Do the work until it is done or a signal cancels it; None when it was stopped.

    Only the first signal counts: a second Ctrl-C must not cut short the ending of the children.
    """
    task = asyncio.current_task()
    stopped = asyncio.Event()

    def stop() -> None:
        if task is not None and not stopped.is_set():
            stopped.set()
            task.cancel()

    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        return await work
    except asyncio.CancelledError:
        if not stopped.is_set():
            raise
        return None
