"""An evening at a venue that takes limit orders only: LOC and MOC are imitated near the close."""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import ApproveRound, BookFills, Pause, SkipRound, Stop
from bot.events import (
    CancelAsked,
    CloseConfirmed,
    OrderAbsent,
    OrderAccepted,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    RoundLapsed,
    RoundSettled,
    RoundSubmitted,
)
from bot.trading.model import Approval, OrderState, RoundState
from bot.trading.ports import Touch
from bot.trading.refusal import Refusal, Why
from strategy.model import Cycle, Leg, OrderType, Phase, Side
from tests.bot.trading.counter import Counter, List, Say
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

TABLE = table_of(DAY)
CLOSE = TABLE.session.close
S = OrderState
D = Decimal
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def counter() -> Counter:
    """A 모의투자 counter at 48.00, where the star and the average are crossed and rungs are not."""
    made = world()
    made.mock = True
    made.call_takes = SECOND
    made.prices["TQQQ"] = D(48)
    made.closes[DAY] = D("48.10")
    return made


@pytest.fixture
async def floor(tmp_path: Path, counter: Counter) -> AsyncIterator[Floor]:
    async with on_floor(tmp_path / "muhan.sqlite3", counter) as room:
        yield room


async def sent(floor: Floor) -> dict[str, OrderSent]:
    return {event.slot: event for event in await floor.all(OrderSent)}


async def by_leg(floor: Floor, day: date = DAY) -> dict[Leg, OrderState]:
    return {order.slot.leg: order.state for order in await floor.orders(day)}


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


async def test_what_has_not_filled_at_close_minus_one_is_cancelled_and_seen_to_be_gone(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    counter.part = lambda _slot, quantity: quantity // 2
    await floor.live(TABLE.emulate_until - SECOND)
    assert counter.cancelled == []
    live = [order for order in await floor.orders() if order.emulated]
    assert {order.state for order in live} <= {S.OPEN, S.PARTIAL}
    await floor.look(TABLE.emulate_until)
    ended = {order.slot.key: order for order in await floor.orders()}
    for order in live:
        assert order.order_number in counter.cancelled
        half = order.slot.quantity // 2
        after = ended[order.slot.key]
        assert after.state is (S.CLOSED_PARTIAL if half else S.CANCELLED)
        assert after.filled == half
    assert ended[live[0].slot.key].cancel_asked is not None
    target = next(order for order in await floor.orders() if order.slot.leg is Leg.TARGET)
    assert target.state is S.OPEN, "a limit order of its own lives to the close"
    await floor.live(TABLE.settle_at)
    assert (await floor.all(RoundSettled))[0].bought == sum(o.filled for o in ended.values())


async def test_a_cancel_that_is_refused_is_asked_again_before_the_close_and_never_after(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    counter.part = lambda _slot, _quantity: 0
    await floor.live(TABLE.emulate_until - SECOND)
    counter.cancels_refused = True
    await floor.live(CLOSE)
    asked = len(counter.cancelled)
    live = [order for order in await floor.orders() if order.emulated]
    assert asked > len(live)
    await floor.live(TABLE.settle_again_at)
    assert len(counter.cancelled) == asked
    times = [e.at for e in await floor.entries() if isinstance(e.event, CancelAsked)]
    assert max(times) < CLOSE


async def test_a_fill_that_a_cancel_crosses_wins(floor: Floor, counter: Counter) -> None:
    await floor.begin()
    counter.part = lambda _slot, _quantity: 0
    await floor.live(TABLE.emulate_until - SECOND)
    number = next(o.order_number for o in await floor.orders() if o.slot.leg is Leg.STAR)
    assert number is not None
    counter.fill(number, counter.find(number).row.quantity, "48.20")
    await floor.live(TABLE.settle_at)
    star = next(order for order in await floor.orders() if order.slot.leg is Leg.STAR)
    assert (star.state, star.fill_price) == (S.FILLED, D("48.20"))
    assert number not in counter.cancelled


async def test_twenty_legs_go_out_and_are_cancelled_in_time_at_one_call_a_second(
    floor: Floor, counter: Counter
) -> None:
    counter.prices["TQQQ"] = D(10)
    counter.part = lambda _slot, _quantity: 0
    await floor.begin(holding(ladder=10))
    await floor.begin(holding(ladder=10), cycle_id=2)
    await floor.live(CLOSE)
    sends = [e.at for e in await floor.entries() if isinstance(e.event, OrderSent)]
    emulated = [event for event in await floor.all(OrderSent) if event.emulated]
    assert len(emulated) >= 20
    assert max(sends) < TABLE.emulate_until
    cancels = [e.at for e in await floor.entries() if isinstance(e.event, CancelAsked)]
    assert TABLE.emulate_until <= min(cancels)
    assert max(cancels) < CLOSE
    assert S.OPEN not in {order.state for order in await floor.orders() if order.emulated}
    rungs = [slot for slot in counter.placed if slot.leg is Leg.LADDER]
    assert len(rungs) == 20


async def test_legs_for_which_no_call_is_left_are_withheld_the_farthest_first(
    floor: Floor, counter: Counter
) -> None:
    counter.prices["TQQQ"] = D(10)
    counter.part = lambda _slot, _quantity: 0
    await floor.begin(holding(ladder=15))
    await floor.live(TABLE.emulate_from - MINUTE)
    # The machine slept: twelve seconds are left, two calls an order after the one for the price.
    await floor.look(TABLE.emulate_until - 13 * SECOND)
    sends = [e.at for e in await floor.entries() if isinstance(e.event, OrderSent)]
    assert max(sends) < TABLE.emulate_until
    emulated = [event.slot for event in await floor.all(OrderSent) if event.emulated]
    withheld = await floor.all(OrderWithheld)
    assert len(emulated) == 6
    assert {event.reasons for event in withheld} == {("not_crossed 10",), ("no_time 6",)}
    withheld = [event for event in withheld if event.reasons == ("no_time 6",)]
    orders = {order.slot.key: order.slot for order in await floor.orders()}
    assert [orders[key].leg for key in emulated[:2]] == [Leg.STAR, Leg.AVERAGE]
    lowest = min(orders[key].price or D(0) for key in emulated[2:])
    assert lowest > max(orders[event.slot].price or D(0) for event in withheld)


async def test_what_was_not_sent_by_close_minus_one_is_withheld_with_its_reason(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    await floor.live(TABLE.emulate_from - SECOND)
    counter.prices["TQQQ"] = None
    await floor.live(TABLE.emulate_until)
    assert [slot.leg for slot in counter.placed] == [Leg.TARGET]
    assert {event.reasons for event in await floor.all(OrderWithheld)} == {("emulation_over",)}
    assert (await floor.round()).state is RoundState.WORKING
    assert len(await floor.all(RoundSubmitted)) == 1


async def test_a_time_out_is_unknown_and_adopted_by_the_price_that_was_really_sent(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    await floor.live(TABLE.emulate_from - SECOND)
    counter.script = deque([Say.UNKNOWN_ACCEPTED])
    counter.part = lambda _slot, _quantity: 0
    await floor.look(TABLE.emulate_from)
    (unknown,) = await floor.all(OrderUnknown)
    await floor.live(TABLE.emulate_from + MINUTE)
    adopted = [event.slot for event in await floor.all(OrderAccepted) if event.adopted]
    assert adopted == [unknown.slot]
    assert [slot.key for slot in counter.placed].count(unknown.slot) == 1
    others = [order for order in await floor.orders() if order.slot.leg is Leg.AVERAGE]
    assert others[0].emulated, "the symbol's other legs follow inside the window"
    await floor.live(TABLE.emulate_until)
    order = await floor.views.order(unknown.slot)
    assert order is not None
    assert order.state is S.CANCELLED


async def test_an_order_at_the_locs_own_price_is_not_taken_for_the_unknown_imitation(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    await floor.live(TABLE.emulate_from - SECOND)
    counter.script = deque([Say.UNKNOWN_LOST])
    await floor.look(TABLE.emulate_from)
    (unknown,) = await floor.all(OrderUnknown)
    order = await floor.views.order(unknown.slot)
    assert order is not None
    assert order.slot.price != order.as_sent.price
    counter.post(order.slot, session=DAY)
    await floor.live(TABLE.settle_again_at)
    assert [event for event in await floor.all(OrderAccepted) if event.adopted] == []
    (absent,) = await floor.all(OrderAbsent)
    assert not absent.may_resend, "the session is over: nothing is offered again"


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
    await floor.owner.skip(skip)
    await floor.live(TABLE.settle_at)
    assert floor.counter.placed == []
    await floor.live(table_of(NEXT).emulate_from)
    later = await floor.round(NEXT)
    with pytest.raises(Refusal) as refused:
        await floor.owner.skip(SkipRound(round_id=later.round_id, digest=later.digest, by=ALICE))
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


async def test_a_restart_after_the_close_asks_for_no_cancel_and_settles(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    counter.part = lambda _slot, _quantity: 0
    async with on_floor(path, counter) as floor:
        await floor.begin()
        await floor.live(TABLE.emulate_until - MINUTE)
    counter.clock.at = CLOSE + MINUTE
    async with on_floor(path, counter) as floor:
        await floor.live(TABLE.settle_again_at)
        assert counter.cancelled == []
        assert len(await floor.all(RoundSettled)) == 1


async def test_a_restart_between_close_minus_one_and_the_close_cancels_and_sends_nothing(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    counter.part = lambda _slot, _quantity: 0
    async with on_floor(path, counter) as floor:
        await floor.begin()
        await floor.live(TABLE.emulate_from + 5 * SECOND)
    posts = len(counter.placed)
    counter.clock.at = TABLE.emulate_until + 5 * SECOND
    async with on_floor(path, counter) as floor:
        await floor.live(CLOSE)
        assert len(counter.placed) == posts
        assert len(counter.cancelled) == posts - 1
        await floor.live(TABLE.settle_at)
        assert len(await floor.all(RoundSettled)) == 1


async def test_the_bot_sleeps_until_the_open_and_from_then_until_the_last_minutes(
    floor: Floor,
) -> None:
    await floor.begin()
    assert (await floor.look(TABLE.send_from)).at == TABLE.session.open
    assert (await floor.look(TABLE.session.open)).at == TABLE.verify_at
    assert (await floor.look(TABLE.verify_at)).at == TABLE.emulate_from
    floor.counter.part = lambda _slot, _quantity: 0
    assert (await floor.look(TABLE.emulate_from)).at == TABLE.emulate_until


async def test_a_price_that_is_silent_at_close_minus_five_is_asked_again_within_seconds(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    await floor.live(TABLE.emulate_from - SECOND)
    counter.prices["TQQQ"] = None
    wake = await floor.look(TABLE.emulate_from)
    counter.prices["TQQQ"] = D(48)
    assert wake.at <= TABLE.emulate_from + 15 * SECOND
    await floor.look(wake.at)
    assert len(counter.placed) > 1


async def test_a_counter_that_grows_slow_gets_no_order_after_close_minus_one_nor_a_cancel_after_it(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin(holding(ladder=10))
    await floor.live(TABLE.emulate_from - SECOND)
    counter.prices["TQQQ"] = D(10)
    counter.part = lambda _slot, _quantity: 0
    counter.call_takes = 25 * SECOND
    await floor.live(CLOSE)
    sends = [e.at for e in await floor.entries() if isinstance(e.event, OrderSent)]
    cancels = [e.at for e in await floor.entries() if isinstance(e.event, CancelAsked)]
    assert max(sends) < TABLE.emulate_until
    assert ("emulation_over",) in {event.reasons for event in await floor.all(OrderWithheld)}
    assert 0 < len(cancels) < len(sends)
    assert max(cancels) < CLOSE
    counter.call_takes = SECOND
    await floor.live(TABLE.settle_at)
    assert len(await floor.all(RoundSettled)) == 1


async def test_a_list_that_is_silent_in_the_last_minute_is_asked_again_before_the_close(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin()
    counter.part = lambda _slot, _quantity: 0
    await floor.live(TABLE.emulate_until - SECOND)
    counter.listings.append(List.SILENT)
    await floor.live(CLOSE)
    assert counter.cancelled
    assert S.OPEN not in {o.state for o in await floor.orders() if o.emulated}


async def test_a_venue_that_takes_loc_sends_as_before(tmp_path: Path) -> None:
    counter = world()
    async with on_floor(tmp_path / "real", counter) as floor:
        await floor.begin()
        await floor.live(TABLE.send_from)
        assert OrderType.LOC in {slot.type for slot in counter.placed}
        assert [event.emulated for event in await floor.all(OrderSent) if event.emulated] == []
        assert not (await floor.round()).emulated


def reverse() -> Cycle:
    """A cycle on its first reverse day: it sells at the close whatever that is."""
    return replace(
        holding(), phase=Phase.REVERSE, reverse_day=1, turn=D(19), max_turn=D(19), cash=D(200)
    )
