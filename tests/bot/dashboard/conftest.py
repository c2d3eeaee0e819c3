"""The rooms of the dashboard's tests: a running bot with its control socket, and the door to it."""

from collections.abc import AsyncIterator

import pytest

from bot.dashboard.reading import Reading
from tests.bot.control.conftest import office  # noqa: F401 - a fixture
from tests.bot.control.office import OWNER, Office
from tests.bot.dashboard.web import Web, web


@pytest.fixture
async def door(office: Office) -> AsyncIterator[Web]:  # noqa: F811 - the fixture above
    reading = Reading(office.home)
    yield web(office.client, reading, office.wall, owner_id=OWNER)
    await office.ask(reading.close)
