"""Several orders at the broker may be ours: the owner says which, or later evidence, or neither."""

from collections import deque
from datetime import timedelta

import pytest

from bot.commands import ResolveAmbiguous
from bot.events import (
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderLeftUnknown,
    OrderRecognised,
    RoundCorrected,
    RoundSettled,
)
from bot.storage.views import OrderView
from bot.trading.model import OrderState, RoundState
from bot.trading.refusal import Refusal, Why
from tests.bot.trading.counter import Say
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, table_of

pytestmark = pytest.mark.fault(40)
TABLE = table_of(DAY)
S = OrderState
QUIET = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


async def ambiguous(floor: Floor, say: Say = Say.UNKNOWN_ACCEPTED) -> OrderView:
    """Have the first order get no answer while somebody's twin comes in beside it."""
    await floor.begin()
    floor.counter.script = deque([say])
    await floor.live(TABLE.send_from)
    for _ in range(1 if say is Say.UNKNOWN_ACCEPTED else 2):
        floor.counter.post(floor.counter.placed[0], session=DAY)
    await floor.live(TABLE.send_from + MINUTE)
    return await first(floor)


async def first(floor: Floor) -> OrderView:
    order = await floor.views.order(floor.counter.placed[0].key)
    assert order is not None
    return order


def ours(floor: Floor) -> str:
    """The number of the order that is truly ours."""
    return next(each.row.order_number for each in floor.counter.posted if each.slot)


async def say(floor: Floor, number: str | None, *, tap: str | None = None) -> None:
    slot = floor.counter.placed[0].key
    await floor.bus.ask(ResolveAmbiguous(slot=slot, order_number=number, by=ALICE, tap=tap))


async def test_the_candidates_are_told_with_their_numbers_and_times(floor: Floor) -> None:
    order = await ambiguous(floor)
    (told,) = await floor.all(OrderAmbiguous)
    assert order.state is S.AMBIGUOUS
    assert order.candidates == told.candidates == ("101", "102")
    assert told.ordered_at == tuple(each.row.ordered_at for each in floor.counter.posted)
    assert len(floor.counter.placed) == 1, "the symbol waits"


async def test_the_one_that_the_owner_names_is_ours_and_the_rest_goes_out(floor: Floor) -> None:
    await ambiguous(floor)
    await say(floor, ours(floor))
    assert (await first(floor)).order_number == ours(floor)
    await floor.live(floor.clock.at + MINUTE)
    assert set(await floor.states()) == {S.OPEN}
    with pytest.raises(Refusal) as refused:
        await say(floor, "102")
    assert refused.value.why is Why.ORDER_DECIDED


async def test_when_none_is_ours_the_order_is_looked_for_on_and_ends_as_absent(
    floor: Floor,
) -> None:
    await ambiguous(floor, Say.UNKNOWN_LOST)
    await say(floor, None)
    assert (await first(floor)).state is S.UNKNOWN
    await floor.live(floor.clock.at + QUIET + MINUTE)
    assert [event.may_resend for event in await floor.all(OrderAbsent)] == [True]
    assert len(await floor.all(OrderAmbiguous)) == 1, "what was called nobody's is not asked again"
    assert len(floor.counter.placed) > 1, "the symbol goes on"


async def test_a_number_that_is_no_candidate_is_refused(floor: Floor) -> None:
    await ambiguous(floor)
    with pytest.raises(Refusal) as refused:
        await say(floor, "999")
    assert refused.value.why is Why.ORDER_DECIDED
    assert await floor.all(OrderRecognised) == []


async def test_a_button_is_used_up_with_its_effect_and_never_twice(floor: Floor) -> None:
    await ambiguous(floor)
    assert ALICE.user_id is not None
    tap = await floor.taps.offer(ALICE.user_id, "this_one", expires_at=None)
    await say(floor, ours(floor), tap=tap)
    with pytest.raises(Refusal) as refused:
        await say(floor, ours(floor), tap=tap)
    assert refused.value.why is Why.TAP_USED
    assert len(await floor.all(OrderRecognised)) == 1


async def test_a_third_one_is_told_and_one_that_a_listing_leaves_out_stays_a_candidate(
    floor: Floor,
) -> None:
    await ambiguous(floor)
    floor.counter.post(floor.counter.placed[0], session=DAY)
    await floor.live(floor.clock.at + MINUTE)
    assert [event.candidates for event in await floor.all(OrderAmbiguous)] == [
        ("101", "102"),
        ("101", "102", "103"),
    ]
    hidden = floor.counter.posted[1:]
    del floor.counter.posted[1:]
    await floor.live(floor.clock.at + 5 * MINUTE)
    assert (await first(floor)).state is S.AMBIGUOUS, "a list that lags proves nothing"
    floor.counter.posted += hidden


async def test_the_last_candidate_is_ours_when_the_others_are_known_to_be_others(
    floor: Floor,
) -> None:
    """Cycle 2's own order comes in beside cycle 1's; it gets its number, and one is left."""
    await ambiguous(floor)
    await floor.begin(cycle_id=2)
    async with floor.trading.desk.recording() as recording:
        await recording.transaction.execute(
            "INSERT INTO broker_order (slot, round_id, session, position, state, order_number,"
            " description) SELECT 'another', round_id, session, 99, 'open', '102',"
            " json_set(description, '$.key', 'another')"
            " FROM broker_order WHERE order_number IS NULL LIMIT 1"
        )
    await floor.live(floor.clock.at + MINUTE)
    assert (await first(floor)).order_number == ours(floor)


async def test_a_question_that_nobody_answers_does_not_hold_the_round_for_ever(
    floor: Floor,
) -> None:
    await ambiguous(floor)
    await floor.live(TABLE.settle_again_at - MINUTE)
    assert (await floor.round()).state is not RoundState.SETTLED
    await floor.live(TABLE.settle_again_at + MINUTE)
    assert [event.why for event in await floor.all(OrderLeftUnknown)] == ["ambiguous"]
    assert (await floor.round()).state is RoundState.SETTLED
    order = await first(floor)
    assert (order.state, order.candidates) == (S.UNKNOWN_TOLD, ("101", "102"))


async def test_an_answer_after_the_settlement_corrects_the_ledger(floor: Floor) -> None:
    """The target sale filled; which of the two it was is said only after the day was booked."""
    await ambiguous(floor)
    floor.counter.closes[DAY] = floor.counter.closes[NEXT] = floor.counter.default_close
    first_order = await first(floor)
    twin = next(each for each in floor.counter.posted if not each.slot).row.order_number
    floor.counter.end(twin)
    quantity = first_order.slot.quantity
    floor.counter.fill(ours(floor), quantity, str(first_order.slot.price))
    await floor.live(TABLE.settle_again_at + 5 * MINUTE)
    (settled,) = await floor.all(RoundSettled)
    assert settled.sold == 0
    await say(floor, ours(floor))
    await floor.live(floor.clock.at + MINUTE)
    (corrected,) = await floor.all(RoundCorrected)
    assert corrected.sold == quantity
    assert (await floor.cycle()).quantity == floor.counter.holdings["TQQQ"]
    view = await floor.views.cycle(1)
    assert view is not None
    assert view.held is None, "the correction is all that the ledger lacked"


async def test_none_of_them_after_the_settlement_leaves_the_order_absent(floor: Floor) -> None:
    await ambiguous(floor)
    await floor.live(TABLE.settle_again_at + MINUTE)
    await say(floor, None)
    assert (await first(floor)).state is S.ABSENT
    assert await floor.all(RoundCorrected) == []


async def test_twins_that_come_in_after_an_order_was_given_up_are_asked_about_once(
    floor: Floor,
) -> None:
    await floor.begin()
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.live(TABLE.send_from + QUIET)
    assert (await first(floor)).state is S.ABSENT
    lands = TABLE.send_from + QUIET - timedelta(seconds=5)
    for _ in range(2):
        floor.counter.post(floor.counter.placed[0], session=DAY, lands=lands)
    await floor.live(TABLE.verify_at)
    assert (await first(floor)).state is S.AMBIGUOUS
    assert await floor.all(OrderAccepted) != []
    await floor.live(table_of(NEXT).propose_at)
    assert len(await floor.all(OrderAmbiguous)) == 1


async def test_one_row_that_two_cycles_may_claim_is_asked_about(floor: Floor) -> None:
    """Cycle 1's order was given up; cycle 2's equal one has no answer: one row, two claims."""
    await floor.begin()
    await floor.begin(cycle_id=2)
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.live(TABLE.send_from + QUIET - timedelta(seconds=30))
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.live(TABLE.send_from + QUIET)
    one, two = floor.counter.placed[:2]
    assert (one.price, one.quantity, one.side) == (two.price, two.quantity, two.side)
    assert one.round_id != two.round_id
    lands = TABLE.send_from + QUIET - timedelta(seconds=1)
    floor.counter.post(one, session=DAY, lands=lands, key=one.key)
    await floor.live(floor.clock.at + MINUTE)
    adopted = [event.slot for event in await floor.all(OrderAccepted) if event.adopted]
    assert adopted == []
    assert [event.slot for event in await floor.all(OrderAmbiguous)] == [two.key]
    await floor.bus.ask(ResolveAmbiguous(slot=two.key, order_number=None, by=ALICE))
    assert holding().quantity == 40
