"""Daily bars for whoever asks: paged, kept for the day, and only of sessions that ended."""

import pytest

from bot.commands.asking import AskBars, AskOutlook
from bot.trading.asking.bars import PastBars
from bot.trading.asking.outlooks import Outlooks
from bot.trading.ports import BrokerSilent
from bot.trading.refusal import Refusal, Why
from strategy.model import Bar
from tests.bot.trading.floor import CALENDAR, DAY, Floor, table_of


async def test_bars_are_those_before_the_coming_session_oldest_first(floor: Floor) -> None:
    past = PastBars(floor.trading.desk)
    bars = await past.bars(AskBars(symbol="TQQQ", count=230))
    assert len(bars) == 230
    days = [bar.day for bar in bars]
    assert days == sorted(set(days))
    assert days[-1] == CALENDAR.previous(DAY).day


async def test_the_broker_is_asked_once_for_a_session_and_anew_for_the_next(floor: Floor) -> None:
    past = PastBars(floor.trading.desk)
    first = await past.bars(AskBars(symbol="TQQQ", count=120))
    floor.counter.bars_known = False
    assert await past.bars(AskBars(symbol="TQQQ", count=30)) == first[-30:]
    floor.clock.at = table_of(DAY).session.close
    assert await past.bars(AskBars(symbol="TQQQ", count=30)) == ()


async def test_a_silent_broker_is_told_with_its_reason(floor: Floor) -> None:
    async def silence(symbol: str, **_: object) -> tuple[Bar, ...]:
        raise BrokerSilent(f"no bars of {symbol}")

    past = PastBars(floor.trading.desk)
    floor.counter.bars = silence  # type: ignore[method-assign]  # the scripted counter
    with pytest.raises(Refusal) as caught:
        await past.bars(AskBars(symbol="TQQQ", count=5))
    assert caught.value.why is Why.BROKER_SILENT


async def test_the_odds_of_a_cycle_are_worked_out_once_for_a_state_of_it(floor: Floor) -> None:
    await floor.begin()
    desk = floor.trading.desk
    odds = Outlooks(desk, PastBars(desk))
    first = await odds.outlook(AskOutlook(cycle_id=1))
    assert first.odds is not None
    assert await odds.outlook(AskOutlook(cycle_id=1)) is first
    with pytest.raises(Refusal) as caught:
        await odds.outlook(AskOutlook(cycle_id=9))
    assert caught.value.why is Why.CYCLE_UNKNOWN
