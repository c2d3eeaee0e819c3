"""Where a session is settled at its official close: what is shown before, and what is booked."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import Pause
from bot.events import RoundForeseen, RoundSettled
from bot.timetable import REHEARSAL_HOURS, timetable
from bot.trading.model import OrderState
from kis.simulator.live.coverage import Gap, gap_words
from kis.simulator.live.exchange import NO_CLOSE
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, CALENDAR, DAY, HALF_DAY, Floor, on_floor

SESSION = CALENDAR.session(DAY)
assert SESSION is not None
TABLE = timetable(SESSION, REHEARSAL_HOURS)
D = Decimal
S = OrderState
START, MINUTE = SESSION.open, timedelta(minutes=1)


async def test_a_day_without_a_fill_at_the_close_shows_the_official_close_as_final(
    tmp_path: Path, counter: Counter
) -> None:
    counter.closes[DAY] = D("51.37")  # below every sale
    async with on_floor(tmp_path / "state", counter, hours=REHEARSAL_HOURS) as floor:
        await floor.begin()
        await floor.owner.pause(Pause(everything=False, by=ALICE))
        await floor.live(TABLE.session.close)
        counter.prices["TQQQ"] = D("53.00")  # the trade after hours goes on
        await floor.live(TABLE.settle_at)
        (foreseen,) = await floor.all(RoundForeseen)
        assert foreseen.close == D("53.00")
        (settled,) = await floor.all(RoundSettled)
        assert (settled.close, settled.provisional) == (D("51.37"), False)


async def test_the_last_price_stands_for_a_close_that_kis_does_not_show(
    tmp_path: Path, counter: Counter
) -> None:
    counter.closes[DAY] = D("51.37")
    async with on_floor(tmp_path / "state", counter, hours=REHEARSAL_HOURS) as floor:
        await floor.begin()
        await floor.owner.pause(Pause(everything=False, by=ALICE))
        await floor.live(TABLE.settle_at - timedelta(seconds=1))
        counter.prices["TQQQ"] = D("53.00")
        counter.bars_known = False
        await floor.live(TABLE.settle_at)
        (settled,) = await floor.all(RoundSettled)
        assert (settled.close, settled.provisional) == (D("53.00"), True)


def test_a_half_day_is_foreseen_at_its_own_close_and_settled_after_the_next_noon() -> None:
    session = CALENDAR.session(HALF_DAY)
    assert session is not None
    table = timetable(session, REHEARSAL_HOURS)
    assert table.foresee_at == table.session.close + timedelta(minutes=10)
    assert f"{table.foresee_at:%d %H:%M}" == "28 03:10"
    assert f"{table.settle_at:%d %H:%M}" == "28 12:10"
    assert f"{table.emulate_from:%H:%M} {table.emulate_until:%H:%M}" == "02:55 02:59"


@pytest.mark.parametrize(
    ("why", "state"),
    [
        (gap_words([Gap(symbol="TQQQ", start=START, end=START + MINUTE, reason="")]), S.EXPIRED),
        (NO_CLOSE, S.EXPIRED),
        ("액면분할, split 2:1", S.EXPIRED),
        ("DFD 장종료로 취소", S.EXPIRED),
        ("거래소 거부", S.REJECTED_LATE),
    ],
)
async def test_what_a_rehearsal_did_not_see_is_unfilled_and_no_refusal(
    why: str, state: OrderState, floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    first = (await floor.orders())[0]
    counter.end(first.order_number or "", why)
    await floor.trading.settler.book(DAY)
    after = await floor.views.order(first.slot.key)
    assert after is not None
    assert (after.state, after.detail) == (state, why)
