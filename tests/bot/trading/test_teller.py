"""The window for questions over KIS, against the simulator by HTTP: real account and 모의투자."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.trading.broker import KisBroker
from bot.trading.broker_teller import KisTeller
from bot.trading.ports import BrokerSilent, NotListed
from kis.client import Kis
from kis.environment import at
from kis.models import Credentials
from strategy.model import Side
from tests.bot.trading.counter import WorldClock
from tests.kis.simulator import desk as simulator
from tests.kis.simulator.desk import Desk as Customer
from tests.kis.simulator.desk import new_york, quick

DAY = date(2026, 10, 7)
D = Decimal


@asynccontextmanager
async def window(
    path: Path, begins: str = "2026-10-07T05:00", *, mock: bool = False
) -> AsyncIterator[tuple[KisTeller, KisBroker, Customer, WorldClock]]:
    config = quick(at=new_york(begins), fee_percent=D("0.25"))
    async with simulator.running(config, with_token=False) as customer:
        clock = WorldClock(new_york(begins).astimezone(UTC))
        credentials = Credentials(
            app_key=config.app_key,
            app_secret=config.app_secret,
            account=config.account,
            hts_id=config.hts_id,
        )
        environment = at(customer.url, "ws://-", calls_per_second=10_000, mock=mock)
        async with Kis(
            environment,
            credentials,
            now=clock.now,
            sleep=clock.sleep,
            token_file=path / "token",
        ) as kis:
            broker = KisBroker(kis)
            yield KisTeller(kis, broker), broker, customer, clock


async def test_the_purse_of_a_real_account_has_every_figure(tmp_path: Path) -> None:
    async with window(tmp_path) as (teller, _, _, _):
        purse = await teller.purse("TQQQ")
    assert purse.orderable == purse.integrated == purse.cash
    assert not purse.uses_won
    assert purse.rate == D("1390.50")
    assert purse.assets is not None
    assert purse.withdrawable is not None


async def test_the_practice_account_tells_less_and_nothing_is_made_up(tmp_path: Path) -> None:
    async with window(tmp_path, mock=True) as (teller, _, _, clock):
        purse = await teller.purse("TQQQ")
        assert purse.withdrawable is None
        quoted = await teller.quoted("TQQQ")
        assert (quoted.open, quoted.rate) == (None, None)
        since = clock.now() - timedelta(days=1)
        assert await teller.minutes("TQQQ", minutes=5, since=since) is None
        assert await teller.charges(DAY, DAY) is None


async def test_a_price_comes_with_its_day_its_year_and_the_rate(tmp_path: Path) -> None:
    async with window(tmp_path, "2026-10-07T12:00") as (teller, _, _, _):
        quoted = await teller.quoted("TQQQ")
    assert quoted.symbol == "TQQQ"
    assert quoted.rate == D("1390.50")
    assert quoted.year_high is not None
    assert quoted.open is not None


async def test_a_session_fits_one_question_for_minutes(tmp_path: Path) -> None:
    async with window(tmp_path, "2026-10-07T15:55") as (teller, _, _, _):
        opened = new_york("2026-10-07T09:30")
        bars = await teller.minutes("TQQQ", minutes=5, since=opened)
    assert bars is not None
    assert bars[0].at == opened
    assert len(bars) <= 78
    assert bars[-1].at < new_york("2026-10-07T15:55")
    assert [bar.at for bar in bars] == sorted(bar.at for bar in bars)


async def test_a_symbol_that_kis_does_not_list_is_told_apart_from_silence(tmp_path: Path) -> None:
    async with window(tmp_path) as (teller, _, _, _):
        with pytest.raises(NotListed):
            await teller.quoted("XXXX")


async def test_fees_are_shown_from_the_morning_after_by_side(tmp_path: Path) -> None:
    async with window(tmp_path) as (teller, _, customer, clock):
        await customer.ask_token()
        receipt = await customer.order("buy", "34", 4, "55.00")
        assert receipt["rt_cd"] == "0", receipt
        await customer.go(new_york("2026-10-07T18:00").isoformat())
        clock.at = new_york("2026-10-07T18:00").astimezone(UTC)
        early = await teller.charges(DAY, DAY)
        assert early is not None
        assert early.rows == ()
        await customer.go(new_york("2026-10-08T04:00").isoformat())
        clock.at = new_york("2026-10-08T04:00").astimezone(UTC)
        found = await teller.charges(DAY, DAY)
    assert found is not None
    assert found.complete
    (row,) = found.rows
    assert (row.session, row.symbol, row.side, row.quantity) == (DAY, "TQQQ", Side.BUY, 4)
    assert row.amount == D(204)
    assert row.fee == D("0.51")


async def test_the_rate_that_comes_with_money_is_heard_once(tmp_path: Path) -> None:
    async with window(tmp_path) as (teller, broker, _, _):
        assert teller.rate_heard() is None
        await broker.money("TQQQ")
        assert teller.rate_heard() == D("1390.50")
        assert teller.rate_heard() is None


async def test_a_silent_broker_is_said_without_its_secrets(tmp_path: Path) -> None:
    async with window(tmp_path) as (teller, _, customer, _):
        await customer.control("POST", "faults", {"name": "maintenance", "count": 99})
        with pytest.raises(BrokerSilent) as silence:
            await teller.quoted("TQQQ")
        assert customer.config.app_secret not in str(silence.value)
