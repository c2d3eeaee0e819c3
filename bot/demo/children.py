"""Child processes of one command: started, heard until ready, ended by the id they were given."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.errors import MuhanError

READY_WITHIN = 60.0
ENDED_WITHIN = 15.0


class ChildFailed(MuhanError):
    """A child process ended before it was ready; the sentence holds its last words."""


class Child:
    """One running child; `told` is its ready line."""

    def __init__(self, process: asyncio.subprocess.Process, told: dict[str, Any]) -> None:
        self._process = process
        self.told = told

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ended(self) -> int:
        """Wait for the end; answer the exit status (negative: the signal)."""
        return await self._process.wait()

    async def end(self) -> None:
        """Ask the child to stop, and make it when it does not."""
        if not self.alive:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(ENDED_WITHIN):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


async def start(
    name: str, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None
) -> Child:
    """Start `python -m ...arguments` and wait for its JSON line. Raises ChildFailed.

    A child that is not ready in time, or not wanted any more, is not left behind.
    """
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    told = None
    try:
        told = await _first_line(process)
    except (TimeoutError, ValueError):
        words = _last_words(log)
        raise ChildFailed(
            f"{name} 프로세스를 시작하지 못했습니다: {words}",
            f"The process {name} did not start: {words}",
        ) from None
    finally:
        if told is None:
            if process.returncode is None:
                process.kill()
            await process.wait()
    return Child(process, told)


async def _first_line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    line = b""
    async with asyncio.timeout(READY_WITHIN):
        if process.stdout is not None:
            line = await process.stdout.readline()
    told: dict[str, Any] = json.loads(line)
    return told


def _last_words(log: Path) -> str:
    """Read the last line that a child wrote; its log may be gone a moment later."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "-"
