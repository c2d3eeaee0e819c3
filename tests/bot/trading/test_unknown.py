"""Orders without an answer: adopted, asked about, or said to be absent; never sent again alone."""

from collections import deque
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import BookFills, ResendOrder
from bot.events import (
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderLeftUnknown,
    OrderUnknown,
    OrderWithheld,
)
from bot.trading.model import OrderState, RoundState
from bot.trading.refusal import Refusal, Why
from tests.bot.trading.counter import Counter, List, Say
from tests.bot.trading.floor import ALICE, DAY, Floor, holding, on_floor, table_of

TABLE = table_of(DAY)
S = OrderState
QUIET = timedelta(minutes=10)


async def lost(floor: Floor, say: Say = Say.UNKNOWN_LOST) -> str:
    """Have the first order of the evening get no answer; answer its slot."""
    await floor.begin()
    floor.counter.script = deque([say])
    await floor.live(TABLE.send_from)
    return floor.counter.placed[0].key


async def absent(floor: Floor) -> str:
    slot = await lost(floor)
    await floor.live(TABLE.send_from + QUIET)
    order = await floor.views.order(slot)
    assert order is not None
    assert order.state is S.ABSENT
    return slot


@pytest.mark.fault(1)
async def test_an_unknown_order_is_not_posted_again_and_the_symbol_waits(floor: Floor) -> None:
    await lost(floor)
    await floor.live(TABLE.send_from + timedelta(minutes=9))
    assert len(floor.counter.placed) == 1
    states = await floor.states()
    assert states[0] is S.UNKNOWN
    assert set(states[1:]) == {S.PLANNED}


async def test_an_unknown_order_of_one_symbol_lets_the_other_symbol_go(floor: Floor) -> None:
    await floor.begin()
    await floor.begin(holding(symbol="SOXL"), cycle_id=2)
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.live(TABLE.send_from)
    assert [slot.symbol for slot in floor.counter.placed].count("TQQQ") == 1
    assert [slot.symbol for slot in floor.counter.placed].count("SOXL") >= 5


@pytest.mark.fault(2, 5)
async def test_an_accepted_order_without_an_answer_is_adopted_and_the_rest_follows(
    floor: Floor,
) -> None:
    slot = await lost(floor, Say.UNKNOWN_ACCEPTED)
    await floor.live(TABLE.send_from + timedelta(minutes=1))
    adopted = [event.slot for event in await floor.all(OrderAccepted) if event.adopted]
    assert adopted == [slot]
    assert set(await floor.states()) == {S.OPEN}
    assert [each.key for each in floor.counter.placed].count(slot) == 1


@pytest.mark.fault(3)
async def test_an_order_that_lands_later_than_its_time_out_is_adopted(floor: Floor) -> None:
    floor.counter.late = timedelta(minutes=8)
    slot = await lost(floor, Say.UNKNOWN_LATE)
    await floor.live(TABLE.send_from + timedelta(minutes=9))
    order = await floor.views.order(slot)
    assert order is not None
    assert order.state is S.OPEN
    assert await floor.all(OrderAbsent) == []


@pytest.mark.parametrize("how", [List.INCOMPLETE, List.SILENT])
@pytest.mark.fault(1, 6, 22, 23)
async def test_the_quiet_period_and_its_two_listings_count_anew_after_a_failed_listing(
    floor: Floor, how: List
) -> None:
    await lost(floor)
    await floor.live(TABLE.send_from + timedelta(minutes=9))
    floor.counter.listings.append(how)
    await floor.look()
    failed = floor.clock.at
    # One complete listing after the quiet period is one listing, whatever was listed before.
    await floor.look(failed + QUIET)
    assert await floor.all(OrderAbsent) == []
    await floor.look(failed + QUIET + timedelta(seconds=30))
    assert len(await floor.all(OrderAbsent)) == 1


@pytest.mark.fault(4)
async def test_a_restart_counts_the_quiet_period_and_the_listings_anew(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    async with on_floor(path, counter) as floor:
        await lost(floor)
        await floor.live(TABLE.send_from + timedelta(minutes=9))
    async with on_floor(path, counter) as floor:
        begun = floor.clock.at
        await floor.live(begun + QUIET - timedelta(seconds=1))
        assert await floor.all(OrderAbsent) == []
        await floor.live(begun + QUIET)
        assert len(await floor.all(OrderAbsent)) == 1
        assert len(counter.placed) > 1, "the symbol's other legs go on"


async def test_an_order_sent_again_is_a_new_slot_and_goes_out_once(floor: Floor) -> None:
    slot = await absent(floor)
    await floor.bus.ask(ResendOrder(slot=slot, by=ALICE))
    await floor.live(floor.clock.at + timedelta(minutes=5))
    again = slot.removesuffix(".1") + ".2"
    keys = [each.key for each in floor.counter.placed]
    assert (keys.count(slot), keys.count(again)) == (1, 1)
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(ResendOrder(slot=slot, by=ALICE))
    assert refused.value.why is Why.ORDER_NOT_ABSENT


async def test_an_order_is_not_sent_again_when_the_lost_one_shows_up_just_before(
    floor: Floor,
) -> None:
    """The tap and the late arrival cross: the listing before sending shows the first one alive."""
    slot = await absent(floor)
    first = floor.counter.placed[0]
    number = floor.counter.post(first, session=DAY)
    await floor.bus.ask(ResendOrder(slot=slot, by=ALICE))
    await floor.live(floor.clock.at + timedelta(minutes=5))
    standing = [
        each for each in floor.counter.posted if each.row.price == first.price and not each.row.done
    ]
    assert len(standing) == 1
    order = await floor.views.order(slot)
    assert order is not None
    assert (order.state, order.order_number) == (S.OPEN, number)
    withheld = await floor.all(OrderWithheld)
    assert [(event.slot, event.reasons) for event in withheld] == [
        (slot.removesuffix(".1") + ".2", ("already_stands",))
    ]


async def test_an_order_is_not_sent_again_when_a_fill_notice_found_the_lost_one_first(
    floor: Floor,
) -> None:
    slot = await absent(floor)
    await floor.live(TABLE.send_from + QUIET + timedelta(minutes=1))
    lands = TABLE.send_from + timedelta(minutes=9)
    floor.counter.post(floor.counter.placed[0], session=DAY, lands=lands)
    await floor.bus.ask(ResendOrder(slot=slot, by=ALICE))
    await floor.trading.book_fills(BookFills())
    posts = len(floor.counter.placed)
    await floor.live(floor.clock.at + timedelta(minutes=5))
    assert len(floor.counter.placed) == posts


async def test_near_the_cut_off_no_resend_is_offered_and_a_tap_is_refused(floor: Floor) -> None:
    await floor.begin()
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.live(TABLE.deadline - timedelta(minutes=35))
    await floor.live(TABLE.deadline - timedelta(minutes=31))
    # Found absent in time: offered; but the tap comes too late.
    floor.clock.at = TABLE.deadline - timedelta(minutes=30)
    slot = floor.counter.placed[0].key
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(ResendOrder(slot=slot, by=ALICE))
    assert refused.value.why is Why.ROUND_TOO_LATE


async def test_near_the_cut_off_an_order_that_is_not_seen_is_left_unknown(floor: Floor) -> None:
    await floor.begin()
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.look(TABLE.deadline - timedelta(minutes=50))
    await floor.look(TABLE.deadline - timedelta(minutes=39))
    await floor.look(TABLE.deadline - timedelta(minutes=29))
    assert await floor.all(OrderAbsent) == []
    assert [event.why for event in await floor.all(OrderLeftUnknown)] == ["not_seen"]
    assert (await floor.states())[0] is S.UNKNOWN_TOLD


async def test_an_order_that_no_listing_decides_in_time_is_left_unknown_and_told(
    floor: Floor,
) -> None:
    await floor.begin()
    floor.counter.script = deque([Say.UNKNOWN_ACCEPTED])
    await floor.look(TABLE.deadline - timedelta(minutes=5))
    floor.counter.always_list = List.SILENT
    await floor.live(TABLE.deadline + QUIET - timedelta(seconds=1))
    assert (await floor.states())[0] is S.UNKNOWN
    await floor.live(TABLE.deadline + QUIET)
    assert [event.why for event in await floor.all(OrderLeftUnknown)] == ["no_verdict"]
    floor.counter.always_list = List.COMPLETE
    await floor.live(TABLE.settle_at)
    late = [event.given_up for event in await floor.all(OrderAccepted) if event.adopted]
    assert late == [S.UNKNOWN_TOLD]
    assert (await floor.round()).state is RoundState.SETTLED


@pytest.mark.fault(11)
async def test_an_order_that_the_gateway_turned_away_and_that_stands_is_not_sent_again(
    floor: Floor,
) -> None:
    """EGW00201 should mean that the order system never saw it; the listing is believed more."""
    await floor.begin()
    floor.counter.script = deque([Say.GATEWAY])
    await floor.live(TABLE.send_from)
    first = floor.counter.placed[0]
    number = floor.counter.post(first, session=DAY, key=first.key)
    await floor.live(TABLE.send_from + timedelta(minutes=5))
    assert [slot.key for slot in floor.counter.placed].count(first.key) == 1
    order = await floor.views.order(first.key)
    assert order is not None
    assert (order.state, order.order_number) == (S.OPEN, number)


async def test_a_third_attempt_is_a_slot_of_its_own(floor: Floor) -> None:
    """The owner asked twice: what became of the first is known by its number, not by its turn."""
    slot = await absent(floor)
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.bus.ask(ResendOrder(slot=slot, by=ALICE))
    await floor.live(floor.clock.at + 2 * QUIET)
    second = slot.removesuffix(".1") + ".2"
    await floor.bus.ask(ResendOrder(slot=second, by=ALICE))
    await floor.live(floor.clock.at + timedelta(minutes=1))
    attempts = [each.attempt for each in floor.counter.placed if each.index == 0]
    keys = {each.key for each in floor.counter.placed if each.key.startswith(slot[:-1])}
    assert keys == {slot, second, slot.removesuffix(".1") + ".3"}, attempts


async def test_an_order_given_up_as_absent_is_taken_up_when_a_later_listing_shows_it(
    floor: Floor,
) -> None:
    slot = await absent(floor)
    number = floor.counter.post(floor.counter.placed[0], session=DAY)
    await floor.live(TABLE.verify_at)
    order = await floor.views.order(slot)
    assert order is not None
    assert (order.state, order.order_number) == (S.OPEN, number)


@pytest.mark.fault(40)
async def test_two_candidates_are_ambiguous_and_hold_the_symbol(floor: Floor) -> None:
    await lost(floor, Say.UNKNOWN_ACCEPTED)
    floor.counter.post(floor.counter.placed[0], session=DAY)
    await floor.live(TABLE.send_from + timedelta(hours=1))
    assert len(await floor.all(OrderAmbiguous)) == 1
    assert len(floor.counter.placed) == 1
    assert len(await floor.all(OrderUnknown)) == 1


@pytest.mark.fault(40)
async def test_a_hand_order_is_never_adopted(floor: Floor) -> None:
    await lost(floor)
    floor.counter.post(floor.counter.placed[0], session=DAY, by_api=False)
    await floor.live(TABLE.send_from + QUIET)
    assert [event.adopted for event in await floor.all(OrderAccepted) if event.adopted] == []
    assert len(await floor.all(OrderAbsent)) == 1
