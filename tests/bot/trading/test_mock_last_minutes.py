"""The last five minutes: what goes out in time, what is cancelled, what goes wrong."""

from collections import deque
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.events import (
    CancelAsked,
    OrderAccepted,
    OrderLeftUnknown,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    RoundSettled,
    RoundSubmitted,
)
from bot.trading.model import OrderState, RoundState
from strategy.model import Leg
from tests.bot.trading.counter import Counter, List, Say
from tests.bot.trading.floor import (
    DAY,
    Floor,
    holding,
    on_floor,
    table_of,
)
from tests.bot.trading.practice import practice

TABLE = table_of(DAY)
CLOSE = TABLE.session.close
S = OrderState
D = Decimal
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def counter() -> Counter:
    return practice()


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
    counter.part = lambda _slot, _quantity: 0
    await floor.begin(holding(ladder=15))
    await floor.live(TABLE.emulate_from - MINUTE)
    counter.prices["TQQQ"] = D(10)
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
    withheld = await floor.all(OrderWithheld)
    assert {event.reasons[0] for event in withheld} == {"emulation_over"}
    assert {event.reasons[1] for event in withheld} == {"broker no price"}
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
    (absent,) = await floor.all(OrderLeftUnknown)
    assert absent.why == "not_seen", "the session is over: nothing is offered again"


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
    assert "emulation_over" in {event.reasons[0] for event in await floor.all(OrderWithheld)}
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
