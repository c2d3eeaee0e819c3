"""Drawing outside the bot: a short-lived child process takes matplotlib and its memory with it."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from bot.charts.model import DrawingFailed, Picture
from bot.charts.wire import packed

PATIENCE = 60.0
CACHE_NAME = "matplotlib"
_OURS = ("KIS_", "MUHAN_", "TELEGRAM_")
_LAST_WORDS = 300

log = structlog.get_logger(__name__)


def environment(home: Path) -> dict[str, str]:
    """Give a child its environment: no key of ours, one thread, and a cache that lasts.

    Without a folder to write to, matplotlib looks for all fonts anew in every child.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    own = {"MPLCONFIGDIR": str(home / CACHE_NAME), "OPENBLAS_NUM_THREADS": "1"}
    return {**kept, **own}


def drawing(home: Path) -> Callable[[Picture], Awaitable[bytes]]:
    """Make what draws pictures in a child each, one at a time; `home` keeps the cache of fonts."""
    return _Drawing(home).draw


class _Drawing:
    def __init__(self, home: Path) -> None:
        self._home = home
        self._one_at_a_time = asyncio.Lock()

    async def draw(self, picture: Picture) -> bytes:
        """Draw a picture as PNG. Raises DrawingFailed."""
        async with self._one_at_a_time:
            return await self._drawn(picture)

    async def _drawn(self, picture: Picture) -> bytes:
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.charts",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=environment(self._home),
            )
        except OSError as error:
            raise _failed(picture, error.strerror or str(error)) from None
        try:
            async with asyncio.timeout(PATIENCE):
                png, said = await process.communicate(packed(picture))
        except TimeoutError:
            raise _failed(picture, f"no picture within {PATIENCE:.0f} seconds") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            words = said.decode(errors="replace").strip().splitlines()
            raise _failed(picture, words[-1] if words else f"status {process.returncode}")
        return png


def _failed(picture: Picture, why: str) -> DrawingFailed:
    log.warning("no picture", kind=type(picture).__name__, why=why[:_LAST_WORDS])
    return DrawingFailed(
        "그림을 그리지 못했습니다. 이유는 로그에 남겼습니다. 숫자는 글로 보여 드립니다.",
        "The picture could not be drawn; the log says why. The figures are shown as text.",
    )
