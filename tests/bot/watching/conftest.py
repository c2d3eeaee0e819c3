"""A trading room that is watched over, on a file and a clock of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import on_floor, world
from tests.bot.watching.watched import Watched, watch


@pytest.fixture
def counter() -> Counter:
    return world()


@pytest.fixture
async def room(tmp_path: Path, counter: Counter) -> AsyncIterator[Watched]:
    async with on_floor(tmp_path / "muhan.sqlite3", counter) as floor:
        yield await watch(floor)
