"""Processes of our own for the tests: forked off a server that has imported the program already.

A new interpreter with the program's packages takes seconds; a fork of a warm one milliseconds. Each
child is a process like any other: it has a pid, it can be killed, and what it held is gone then.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from typing import Any

ROOM = "tests.faults.processes"
WARM = ("pytest", f"{ROOM}.broker", f"{ROOM}.trader", f"{ROOM}.program", "bot.app", "bot.cli_run")
PATIENCE = 120.0

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(list(WARM))


def started(work: Callable[..., None], *values: Any) -> ForkServerProcess:
    """Start `work(*values)` in a process of its own."""
    process = _context.Process(target=work, args=values, daemon=True)
    process.start()
    return process


def ended(process: ForkServerProcess) -> int:
    """Wait for a process's end; answer its exit status (negative: the signal)."""
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError("a child did not end")
    status = process.exitcode
    process.close()
    return status


def pipe() -> Any:
    """Give two ends of a pipe: what a child sends into one comes out of the other."""
    return _context.Pipe(duplex=False)
