"""A counter on loopback, a client that talks to it, and retries that do not wait."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import stamina

from kis.client import Kis
from tests.kis.counter import Counter, kis_at, open_counter


@pytest.fixture(autouse=True)
def _patience_without_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=10, cap=True):
        yield


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    async with open_counter() as opened:
        yield opened


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    return tmp_path / "kis-token.json"


@pytest.fixture
async def kis(counter: Counter, token_file: Path) -> AsyncIterator[Kis]:
    async with kis_at(counter, token_file) as client:
        yield client


@pytest.fixture
async def mock_kis(counter: Counter, token_file: Path) -> AsyncIterator[Kis]:
    async with kis_at(counter, token_file, mock=True) as client:
        yield client
