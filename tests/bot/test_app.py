"""Where the composition root has to choose by the venue."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.addresses import Venue
from bot.app import emulation
from bot.trading.broker import KisBroker
from kis.client import Kis
from kis.environment import MOCK
from kis.models import Credentials


@pytest.fixture
def broker(tmp_path: Path) -> KisBroker:
    async def never(seconds: float) -> None:
        raise AssertionError(f"nobody waits here ({seconds} s)")

    credentials = Credentials(app_key="k", app_secret="s", account="81000000-01", hts_id="H")
    token = tmp_path / "token"
    instant = datetime(2026, 10, 7, tzinfo=UTC)
    return KisBroker(Kis(MOCK, credentials, now=lambda: instant, sleep=never, token_file=token))


@pytest.mark.parametrize("venue", Venue)
def test_loc_and_moc_are_imitated_on_the_practice_account_alone(
    venue: Venue, broker: KisBroker
) -> None:
    found = emulation(venue, broker, MOCK.calls_per_second)
    assert (found is not None) == (venue is Venue.MOCK)
    if found is not None:
        assert found.calls_per_second == Decimal(1)
