"""What the trading tests share: a counter, and a room on a file of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import Floor, on_floor, world


@pytest.fixture
def counter() -> Counter:
    return world()


@pytest.fixture
async def floor(tmp_path: Path, counter: Counter) -> AsyncIterator[Floor]:
    async with on_floor(tmp_path / "muhan.sqlite3", counter) as room:
        yield room
