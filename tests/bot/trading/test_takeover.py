"""A position taken over: held against the broker, and silent while other orders rest."""

from collections import deque
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.commands import ImportCycle, ImportPreview, Position, PreviewImport
from bot.events import (
    BrokerTroubled,
    LedgerMismatched,
    OrderWithheld,
    RestingOrdersGone,
    RestingOrdersSeen,
    RoundMissed,
    RoundProposed,
    RoundSettled,
    SharesSetAside,
)
from bot.trading.model import Approval, OrderState, RestingOrder, Slot
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from strategy import versions
from strategy.model import Leg, OrderType, Phase, Side
from tests.bot.trading.counter import List
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, table_of

TABLE = table_of(DAY)
D = Decimal
RULES = versions.rules("4.0", "TQQQ", 20, ladder=2)


def position(**over: Any) -> Position:
    usual: dict[str, Any] = {
        "rules": RULES,
        "quantity": 40,
        "average": D("50.004"),
        "cash": D(8000),
        "turn": D("4.25"),
    }
    return Position(**(usual | over))


async def look_at(floor: Floor, **over: Any) -> ImportPreview:
    return await floor.bus.ask(PreviewImport(position=position(**over)))


async def take(floor: Floor, approval: Approval = Approval.AUTO, **over: Any) -> int:
    preview = await look_at(floor, **over)
    return await floor.bus.ask(
        ImportCycle(position=position(**over), approval=approval, digest=preview.digest, by=ALICE)
    )


async def refused(floor: Floor, **over: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await take(floor, **over)
    return caught.value


def by_hand(floor: Floor, price: str = "60.00", quantity: int = 10) -> str:
    """The owner's own order in the app, good for today."""
    slot = Slot(
        key="by hand",
        round_id=f"{DAY}.9",
        index=0,
        attempt=1,
        symbol="TQQQ",
        side=Side.SELL,
        type=OrderType.LIMIT,
        price=D(price),
        quantity=quantity,
        leg=Leg.TARGET,
    )
    return floor.counter.post(slot, session=DAY, by_api=False)


RESERVED = RestingOrder(
    number="7",
    symbol="TQQQ",
    side=Side.BUY,
    quantity=3,
    price=D("45.00"),
    reservation=True,
)


async def test_a_position_is_shown_as_the_broker_has_it(floor: Floor) -> None:
    floor.counter.holdings["TQQQ"] = 40
    floor.counter.averages["TQQQ"] = D("50.0049")
    floor.counter.reserved.append(RESERVED)
    number = by_hand(floor)
    shown = await look_at(floor, turn=None)
    assert (shown.turn_from_cost, shown.turn_needed) == (D("4.01"), True)
    assert (shown.broker_quantity, shown.off_by) == (40, D("0.0009"))
    assert [order.number for order in shown.resting] == [number, "7"]
    assert (shown.resting_known, shown.first_session, shown.refusals) == (True, DAY, ())
    assert await floor.entries() == []


async def test_the_owners_own_turn_is_asked_for_where_it_is_counted(floor: Floor) -> None:
    floor.counter.holdings["TQQQ"] = 40
    refusal = await refused(floor, turn=None)
    assert (refusal.why, refusal.figures["turn"]) == (Why.TURN_NEEDED, "4.01")
    rules = versions.rules("2.2", "TQQQ", 40)
    shown = await look_at(floor, rules=rules, turn=None, principal=D(10000))
    assert (shown.turn_needed, shown.cycle.turn) == (False, D("8.01"))


@pytest.mark.parametrize("held", [39, 41, 0])
async def test_another_quantity_at_the_broker_is_refused(floor: Floor, held: int) -> None:
    floor.counter.holdings["TQQQ"] = held
    refusal = await refused(floor)
    assert refusal.why is Why.IMPORT_QUANTITY
    assert (refusal.figures["given"], refusal.figures["broker"]) == ("40", str(held))
    assert await floor.entries() == []


async def test_shares_that_are_not_ours_are_subtracted_for_ever(floor: Floor) -> None:
    floor.counter.holdings["TQQQ"] = 52
    assert await take(floor, not_ours=12) == 1
    assert [event.quantity for event in await floor.all(SharesSetAside)] == [12]
    await floor.live(table_of(NEXT).settle_at)
    assert len(await floor.all(RoundSettled)) == 2
    assert await floor.all(LedgerMismatched) == []
    assert await floor.views.set_aside("TQQQ") == 12


async def test_an_average_half_a_cent_off_is_refused_while_the_position_is_alone(
    floor: Floor,
) -> None:
    floor.counter.holdings["TQQQ"] = 40
    floor.counter.averages["TQQQ"] = D("50.0090")
    assert (await look_at(floor)).refusals == ()
    floor.counter.averages["TQQQ"] = D("50.0091")
    refusal = await refused(floor)
    assert (refusal.why, refusal.figures["broker"]) == (Why.IMPORT_AVERAGE, "50.0091")
    floor.counter.holdings["TQQQ"] = 52
    assert await take(floor, not_ours=12) == 1, "the broker's average is of the whole heap"


async def test_all_that_stands_in_the_way_is_said_at_once(floor: Floor) -> None:
    await floor.begin()
    floor.counter.averages["TQQQ"] = D(77)
    shown = await look_at(floor)
    assert [each.why for each in shown.refusals] == [Why.SYMBOL_RUNS, Why.IMPORT_QUANTITY]
    assert shown.off_by is None


async def test_a_position_beside_a_running_cycle_is_counted_with_it(floor: Floor) -> None:
    await floor.begin(holding(quantity=25))
    floor.counter.holdings["TQQQ"] = 65
    assert (await refused(floor)).why is Why.SYMBOL_RUNS
    assert await take(floor, beside=True) == 2
    await floor.live(TABLE.settle_at)
    assert await floor.all(LedgerMismatched) == []
    assert len(await floor.all(RoundSettled)) == 2


async def test_what_changed_since_it_was_shown_is_shown_again(floor: Floor) -> None:
    floor.counter.holdings["TQQQ"] = 40
    shown = await look_at(floor)
    by_hand(floor)
    with pytest.raises(Refusal) as caught:
        await floor.bus.ask(
            ImportCycle(position=position(), approval=Approval.AUTO, digest=shown.digest, by=ALICE)
        )
    assert caught.value.why is Why.IMPORT_DIFFERS


async def test_a_silent_broker_and_an_impossible_ledger_are_refusals(floor: Floor) -> None:
    floor.counter.holdings["TQQQ"] = 40
    floor.counter.restings = deque([List.SILENT])
    assert (await refused(floor)).why is Why.BROKER_SILENT
    assert (await refused(floor, cash=D(0))).why is Why.CHANGE_REFUSED
    assert (await refused(floor, turn=D(21))).why is Why.CHANGE_REFUSED


@pytest.mark.parametrize(
    ("late", "first"),
    [(timedelta(minutes=-1), DAY), (timedelta(0), NEXT), (timedelta(hours=5), NEXT)],
)
async def test_the_first_round_is_that_of_the_next_evening_to_begin(
    floor: Floor, late: timedelta, first: object
) -> None:
    floor.counter.holdings["TQQQ"] = 40
    floor.clock.at = TABLE.propose_at + late
    await take(floor)
    await floor.live(table_of(NEXT).propose_at)
    assert [event.session for event in await floor.all(RoundProposed)][:1] == [first]
    assert await floor.all(RoundMissed) == []


async def test_nothing_is_sent_while_orders_rest_that_are_not_ours(floor: Floor) -> None:
    """A hand order and a reservation rest; told once per list; sent when both are gone."""
    floor.counter.holdings["TQQQ"] = 40
    floor.counter.reserved.append(RESERVED)
    number = by_hand(floor)
    await take(floor)
    await floor.live(TABLE.send_from + timedelta(minutes=20))
    assert floor.counter.placed == []
    (told,) = await floor.all(RestingOrdersSeen)
    assert ([order.number for order in told.orders], told.known) == ([number, "7"], True)
    floor.counter.reserved.clear()
    await floor.live(TABLE.send_from + timedelta(minutes=40))
    assert [len(event.orders) for event in await floor.all(RestingOrdersSeen)] == [2, 1]
    assert floor.counter.placed == []
    floor.counter.end(number)
    before = floor.clock.at
    await floor.live(before + timedelta(minutes=4))
    assert len(await floor.all(RestingOrdersGone)) == 1
    assert floor.counter.placed
    assert set(await floor.states()) == {OrderState.OPEN}
    await floor.live(table_of(NEXT).send_from)
    looked = len(floor.counter.rested)
    by_hand(floor)
    await floor.look()
    assert len(floor.counter.rested) == looked, "once free, it stays free"
    await check_ledger(floor.journal, floor.views)


async def test_the_list_is_asked_for_every_few_minutes_and_not_at_every_look(
    floor: Floor,
) -> None:
    floor.counter.holdings["TQQQ"] = 40
    by_hand(floor)
    await take(floor)
    await floor.look(TABLE.propose_at)
    for minute in range(10):
        await floor.look(TABLE.send_from + timedelta(minutes=minute))
    assert len(floor.counter.rested) == 2 + 4, "two to show and to take over, four in ten minutes"


async def test_orders_that_rest_until_the_deadline_leave_the_round_unsent_and_told(
    floor: Floor,
) -> None:
    floor.counter.holdings["TQQQ"] = 40
    by_hand(floor, "70.00")
    await take(floor)
    await floor.live(TABLE.settle_at)
    assert floor.counter.placed == []
    assert {event.reasons for event in await floor.all(OrderWithheld)} == {("resting",)}
    assert len(await floor.all(RoundSettled)) == 1
    await floor.live(table_of(NEXT).send_from)
    assert floor.counter.placed, "the hand order died with its day"


@pytest.mark.parametrize("how", [List.INCOMPLETE, List.SILENT])
async def test_a_list_that_is_not_whole_says_nothing(floor: Floor, how: List) -> None:
    floor.counter.holdings["TQQQ"] = 40
    await take(floor)
    floor.counter.restings = deque([how] * 3)
    await floor.live(TABLE.send_from + timedelta(minutes=5))
    assert floor.counter.placed == []
    if how is List.INCOMPLETE:
        (told,) = await floor.all(RestingOrdersSeen)
        assert (told.orders, told.known) == ((), False)
    else:
        assert len(await floor.all(BrokerTroubled)) == 1
    await floor.live(TABLE.send_from + timedelta(minutes=12))
    assert floor.counter.placed


async def test_where_no_reservations_are_listed_the_owners_word_is_needed(floor: Floor) -> None:
    floor.counter.holdings["TQQQ"] = 40
    floor.counter.lists_reservations = False
    await take(floor)
    await floor.live(TABLE.send_from + timedelta(minutes=30))
    assert floor.counter.placed == []
    (told,) = await floor.all(RestingOrdersSeen)
    assert not told.known
    floor.counter.holdings["SOXL"] = 40
    rules = replace(RULES, symbol="SOXL")
    assert (await look_at(floor, rules=rules)).resting_known is False
    await take(floor, rules=rules, no_reservations=True)
    await floor.live(table_of(NEXT).send_from)
    assert {slot.symbol for slot in floor.counter.placed} == {"SOXL"}


async def test_our_own_orders_of_another_cycle_are_not_foreign(floor: Floor) -> None:
    await floor.begin(holding(quantity=25))
    await floor.live(TABLE.send_from)
    floor.counter.holdings["TQQQ"] = 65
    shown = await look_at(floor, beside=True)
    assert (shown.resting, shown.resting_known) == ((), True)


async def test_a_run_taken_over_in_its_reverse_phase_goes_on_there(floor: Floor) -> None:
    floor.counter.holdings["TQQQ"] = 40
    floor.counter.averages["TQQQ"] = D(80)
    await take(floor, average=D(80), turn=D("18.5"), phase=Phase.REVERSE, step=3)
    await floor.live(TABLE.propose_at)
    (proposed,) = await floor.all(RoundProposed)
    assert (proposed.plan.cycle.phase, proposed.plan.cycle.reverse_day) == (Phase.REVERSE, 3)
