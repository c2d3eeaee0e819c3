from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.control.office import Office, office_at
from tests.bot.control.person import Person


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_at(tmp_path) as opened:
        yield opened


@pytest.fixture
async def owner(office: Office) -> Person:
    return Person(office, await office.session())
