"""An evening at a venue that takes limit orders only: LOC and MOC are imitated near the close."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import ApproveRound, BookFills, Pause, SkipRound, Stop
from bot.events import (
    CloseConfirmed,
    OrderSent,
    OrderWithheld,
    RoundLapsed,
    RoundSettled,
)
from bot.trading.model import Approval, OrderState, RoundState
from bot.trading.ports import Touch
from bot.trading.refusal import Refusal, Why
from strategy.model import Leg, OrderType, Side
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import (
    ALICE,
    DAY,
    HALF_DAY,
    NEXT,
    Floor,
    holding,
    on_floor,
    table_of,
    world,
)
from tests.bot.trading.practice import practice, reverse

TABLE = table_of(DAY)
CLOSE = TABLE.session.close
S = OrderState
D = Decimal
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def counter() -> Counter:
    return practice()


async def test_only_limit_orders_go_out_at_the_open_and_the_others_wait_for_the_close(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.live(TABLE.session.open - SECOND)
    assert floor.counter.placed == []
    await floor.live(TABLE.session.open)
    assert [slot.leg for slot in floor.counter.placed] == [Leg.TARGET]
    await floor.live(TABLE.emulate_from - SECOND)
    assert [slot.leg for slot in floor.counter.placed] == [Leg.TARGET]
    waiting = [order for order in await floor.orders() if order.slot.leg is not Leg.TARGET]
    assert {order.state for order in waiting} == {S.PLANNED}
    assert (await floor.round()).state is RoundState.SUBMITTING
    assert (await floor.round()).verified, "the target was looked for after the open"


async def test_at_close_minus_five_what_the_market_crosses_goes_out_as_a_limit_order(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.live(TABLE.emulate_from)
    orders = {order.slot.leg: order for order in await floor.orders()}
    star, average = orders[Leg.STAR], orders[Leg.AVERAGE]
    assert star.slot.type is OrderType.LOC, "the slot stays what was approved"
    for order in (star, average):
        assert order.emulated is not None
        assert order.emulated.price == min(order.slot.price or D(0), D("48.24"))
        assert (order.emulated.ask, order.emulated.traded) == (D(48), True)
        assert order.state is S.FILLED or order.state is S.OPEN
    placed = [(slot.type, slot.price) for slot in floor.counter.placed[1:]]
    assert (OrderType.LIMIT, D("48.24")) in placed
    assert orders[Leg.QUARTER].state is S.WITHHELD
    reasons = {event.slot: event.reasons for event in await floor.all(OrderWithheld)}
    assert reasons[orders[Leg.QUARTER].slot.key] == ("not_crossed 48",)
    assert (await floor.round()).state is RoundState.WORKING


async def test_a_sale_that_the_market_crosses_goes_before_the_buys(
    floor: Floor, counter: Counter
) -> None:
    counter.prices["TQQQ"] = D(57)
    await floor.begin()
    await floor.live(TABLE.emulate_from)
    quarter = counter.placed[1]
    assert (quarter.leg, quarter.side, quarter.type) == (Leg.QUARTER, Side.SELL, OrderType.LIMIT)
    limit = next(o.slot.price for o in await floor.orders() if o.slot.leg is Leg.QUARTER)
    assert limit is not None
    assert quarter.price == max(limit, D("56.72"))  # 56.715, up
    assert {slot.side for slot in counter.placed} == {Side.SELL}


async def test_a_moc_sale_goes_one_percent_below_the_bid_and_t_comes_from_its_fill(
    floor: Floor, counter: Counter
) -> None:
    counter.books["TQQQ"] = Touch(bid=D("47.90"), ask=D("48.00"), traded=False)
    await floor.begin(reverse())
    await floor.live(TABLE.settle_at)
    (moc,) = [order for order in await floor.orders() if order.slot.type is OrderType.MOC]
    assert moc.emulated is not None
    assert moc.emulated.price == D("47.43")  # 47.421, up
    assert not moc.emulated.traded
    assert (moc.filled, moc.fill_price) == (moc.slot.quantity, D(48))
    (settled,) = await floor.all(RoundSettled)
    assert settled.sold == moc.slot.quantity
    assert settled.realized == (D(48) - D(50)) * moc.slot.quantity


async def test_the_close_is_not_read_off_an_imitation(floor: Floor) -> None:
    """It traded at 48.00 five minutes before the close, which was 48.10."""
    await floor.begin()
    floor.counter.prices["TQQQ"] = D(48)
    await floor.live(TABLE.settle_at)
    (settled,) = await floor.all(RoundSettled)
    assert settled.bought > 0
    assert settled.provisional


async def test_a_stop_inside_the_window_lets_nothing_further_out_and_cancels_what_stands(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    await floor.live(TABLE.emulate_from - SECOND)
    counter.part = lambda _slot, _quantity: 0
    original = counter.place

    async def place(slot: object) -> object:
        answer = await original(slot)  # type: ignore[arg-type] # passed through
        if len(counter.placed) == 2:
            await floor.owner.stop(Stop(cancel=False, by=ALICE))
        return answer

    counter.place = place  # type: ignore[method-assign, assignment] # the owner stops meanwhile
    await floor.look(TABLE.emulate_from)
    assert len(counter.placed) == 2
    stopped = {e.slot for e in await floor.all(OrderWithheld) if e.reasons == ("stopped",)}
    assert stopped
    answer = await floor.owner.stop(Stop(cancel=True, by=ALICE))
    assert (answer.asked, answer.confirmed) == (2, 2)


async def test_a_pause_withholds_the_imitated_buys_alone(floor: Floor, counter: Counter) -> None:
    await floor.begin(reverse())
    await floor.owner.pause(Pause(everything=False, by=ALICE))
    await floor.live(TABLE.emulate_from)
    assert {slot.side for slot in counter.placed} == {Side.SELL}
    await floor.live(TABLE.settle_at)
    assert (await floor.all(RoundSettled))[0].bought == 0


async def test_one_tap_lets_both_waves_out_and_none_lets_nothing(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    round_ = await floor.round()
    await floor.owner.approve(
        ApproveRound(round_id=round_.round_id, digest=round_.digest, by=ALICE)
    )
    await floor.live(TABLE.emulate_from)
    assert len(floor.counter.placed) > 1
    following = table_of(NEXT)
    placed = len(floor.counter.placed)
    await floor.live(following.settle_at)
    assert len(floor.counter.placed) == placed
    assert [event.reason for event in await floor.all(RoundLapsed)] == ["no_tap"]


async def test_a_session_may_be_skipped_until_its_first_order_has_gone(floor: Floor) -> None:
    first = holding(quantity=0)
    await floor.begin(first)
    await floor.live(TABLE.deadline)
    round_ = await floor.round()
    assert round_.state is RoundState.APPROVED, "a first buy is a LOC: it waits for the close"
    skip = SkipRound(round_id=round_.round_id, digest=round_.digest, by=ALICE)
    await floor.bus.ask(skip)
    await floor.live(TABLE.settle_at)
    assert floor.counter.placed == []
    await floor.live(table_of(NEXT).emulate_from)
    later = await floor.round(NEXT)
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(SkipRound(round_id=later.round_id, digest=later.digest, by=ALICE))
    assert refused.value.why is Why.ROUND_TOO_LATE


async def test_a_target_that_fills_in_the_night_is_booked_before_the_last_wave(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    number = next(o.order_number for o in await floor.orders() if o.slot.leg is Leg.TARGET)
    assert number is not None
    counter.fill(number, 3, "55")
    await floor.trading.book_fills(BookFills())
    target = next(order for order in await floor.orders() if order.slot.leg is Leg.TARGET)
    assert (target.state, target.filled) == (S.PARTIAL, 3)


async def test_a_half_day_moves_the_window_with_its_close(tmp_path: Path) -> None:
    table = table_of(HALF_DAY)
    counter = world(table.propose_at - 5 * MINUTE)
    counter.mock = True
    counter.prices["TQQQ"] = D(48)
    async with on_floor(tmp_path / "half", counter) as floor:
        await floor.begin()
        await floor.live(table.session.close - 5 * MINUTE - SECOND)
        assert [slot.leg for slot in counter.placed] == [Leg.TARGET]
        await floor.live(table.session.close - 5 * MINUTE)
        assert Leg.STAR in {slot.leg for slot in counter.placed}
        await floor.live(table.settle_again_at)
        assert len(await floor.all(RoundSettled)) == 1


async def test_the_spending_cap_is_held_by_the_prices_that_go_out(
    floor: Floor, counter: Counter
) -> None:
    """At their LOC prices these legs would come to far more than a unit: all go out at 10.05."""
    await floor.begin(holding(ladder=15))
    counter.prices["TQQQ"] = D(10)
    await floor.live(TABLE.emulate_from + MINUTE)
    spent = sum(
        (order.as_sent.price or D(0)) * order.as_sent.quantity
        for order in await floor.orders()
        if order.emulated and order.slot.side is Side.BUY
    )
    plan = (await floor.round()).plan
    assert plan is not None
    assert spent <= min(plan.unit, plan.cycle.cash)
    assert [e for e in await floor.all(OrderWithheld) if e.reasons[0].startswith("cap")] == []


async def test_the_official_close_is_journalled_once_it_is_final(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.closes_final_at - SECOND)
    assert await floor.all(CloseConfirmed) == []
    await floor.live(table_of(NEXT).send_from)
    (confirmed,) = await floor.all(CloseConfirmed)
    assert (confirmed.session, confirmed.close) == (DAY, D("48.10"))
    assert (await floor.round()).official_close == D("48.10")
    assert (await floor.round()).emulated


async def test_the_bot_sleeps_until_the_open_and_from_then_until_the_last_minutes(
    floor: Floor,
) -> None:
    await floor.begin()
    assert (await floor.look(TABLE.send_from)).at == TABLE.session.open
    assert (await floor.look(TABLE.session.open)).at == TABLE.verify_at
    assert (await floor.look(TABLE.verify_at)).at == TABLE.emulate_from
    floor.counter.part = lambda _slot, _quantity: 0
    assert (await floor.look(TABLE.emulate_from)).at == TABLE.emulate_until


async def test_a_venue_that_takes_loc_sends_as_before(tmp_path: Path) -> None:
    counter = world()
    async with on_floor(tmp_path / "real", counter) as floor:
        await floor.begin()
        await floor.live(TABLE.send_from)
        assert OrderType.LOC in {slot.type for slot in counter.placed}
        assert [event.emulated for event in await floor.all(OrderSent) if event.emulated] == []
        assert not (await floor.round()).emulated
