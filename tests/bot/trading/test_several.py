"""Several cycles at once: apart in money, one heap of shares on a symbol, one order of sending."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.commands import ApproveRound, StartCycle
from bot.events import (
    BrokerReturned,
    BrokerTroubled,
    LedgerMismatched,
    OrderWithheld,
    RoundMissed,
    RoundProposed,
    RoundSettled,
    SharesSetAside,
)
from bot.trading.model import Approval, OrderState, Slot
from bot.trading.ports import BrokerSilent
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from strategy import versions
from strategy.model import Bar, Cycle, Leg, OrderType, Side
from tests.bot.trading.counter import Counter, Say
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, table_of

TABLE = table_of(DAY)
D = Decimal
RULES = versions.rules("4.0", "TQQQ", 20, ladder=2)


async def start(floor: Floor, symbol: str = "TQQQ", **over: object) -> int:
    command = StartCycle(
        rules=replace(RULES, symbol=symbol),
        principal=D(10000),
        approval=Approval.AUTO,
        by=ALICE,
        **over,  # type: ignore[arg-type]  # fields by name
    )
    return await floor.bus.ask(command)


def cheaper(average: str = "40") -> Cycle:
    """A cycle whose star lies under the other's buys."""
    return replace(holding(), average=D(average))


async def withheld(floor: Floor) -> dict[str, str]:
    """Reasons by slot, without their figures."""
    events = await floor.all(OrderWithheld)
    return {event.slot: event.reasons[0].partition(" ")[0] for event in events}


async def test_a_second_cycle_on_a_symbol_takes_an_explicit_choice(floor: Floor) -> None:
    await start(floor)
    with pytest.raises(Refusal) as caught:
        await start(floor)
    assert caught.value.why is Why.SYMBOL_RUNS
    assert await start(floor, "SOXL") == 2
    assert await start(floor, beside=True) == 3


async def test_two_cycles_on_a_symbol_are_kept_apart_in_the_ledger(floor: Floor) -> None:
    """Both buy; the broker shows one heap, and its sum is what the ledger is held against."""
    await floor.begin()
    await floor.begin(replace(holding(quantity=20), average=D(49)), cycle_id=2)
    floor.counter.closes[DAY] = D(49)
    await floor.live(TABLE.settle_at)
    settled = {event.cycle_id: event for event in await floor.all(RoundSettled)}
    assert set(settled) == {1, 2}
    for cycle_id, event in settled.items():
        assert event.bought > 0
        assert await floor.cycle(cycle_id) == event.after
    total = sum(event.after.quantity for event in settled.values())
    assert total == floor.counter.holdings["TQQQ"]
    assert settled[1].after.average != settled[2].after.average
    assert await floor.all(LedgerMismatched) == []
    await floor.live(table_of(NEXT).settle_again_at)
    assert len(await floor.all(RoundSettled)) == 4
    await check_ledger(floor.journal, floor.views)


async def test_fills_of_a_round_that_is_out_count_while_a_sibling_is_planned(
    floor: Floor,
) -> None:
    """Cycle 1 sold at its target in the pre-market; cycle 2 is planned afterwards."""
    await floor.begin()
    await floor.live(TABLE.send_from)
    target = next(o for o in await floor.orders() if o.slot.leg is Leg.TARGET)
    floor.counter.fill(target.order_number or "", 30, "57.50")
    await floor.begin(holding(quantity=20), cycle_id=2)
    await floor.live(TABLE.send_from + timedelta(minutes=10))
    assert [event.cycle_id for event in await floor.all(RoundProposed)] == [1, 2]
    assert await floor.all(LedgerMismatched) == []


async def test_a_difference_of_the_heap_holds_every_cycle_of_the_symbol_and_no_other(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.begin(cycle_id=2)
    await floor.begin(holding(symbol="SOXL"), cycle_id=3)
    floor.counter.holdings["TQQQ"] += 5
    await floor.live(TABLE.send_from)
    (told,) = await floor.all(LedgerMismatched)
    assert (told.ledger_quantity, told.broker_quantity) == (80, 85)
    held = {view.cycle_id: view.held is not None for view in await floor.views.cycles()}
    assert held == {1: True, 2: True, 3: False}
    assert {slot.symbol for slot in floor.counter.placed} == {"SOXL"}


async def approve(floor: Floor, cycle_id: int) -> None:
    round_ = await floor.round(cycle_id=cycle_id)
    await floor.owner.approve(
        ApproveRound(round_id=round_.round_id, digest=round_.digest, by=ALICE)
    )


async def test_no_buy_meets_a_sell_of_another_cycle(floor: Floor) -> None:
    """Cycle 2 sells from 43.60 on: cycle 1's buys at 54.49 and 50.00 would trade with it."""
    await floor.begin()
    await floor.begin(cheaper(), cycle_id=2)
    await floor.live(TABLE.send_from)
    reasons = await withheld(floor)
    lowest = min(
        slot.price for slot in floor.counter.placed if slot.side is Side.SELL and slot.price
    )
    assert lowest == D("43.60")
    orders = {order.slot.key: order.slot for order in await floor.orders()}
    crossing = {
        key
        for key, slot in orders.items()
        if slot.side is Side.BUY and slot.price is not None and slot.price >= lowest
    }
    assert crossing
    assert reasons == dict.fromkeys(crossing, "crossing")
    assert {orders[key].round_id for key in crossing} == {f"{DAY}.1"}


async def test_no_sell_meets_a_buy_of_another_cycle_that_stands_already(floor: Floor) -> None:
    await floor.begin()
    await floor.begin(cheaper(), approval=Approval.CONFIRM, cycle_id=2)
    await floor.live(TABLE.send_from)
    assert {slot.round_id for slot in floor.counter.placed} == {f"{DAY}.1"}
    await approve(floor, 2)
    await floor.look()
    orders = {order.slot.key: order.slot for order in await floor.orders()}
    stopped = {orders[key].leg for key in await withheld(floor)}
    assert stopped == {Leg.TARGET, Leg.QUARTER}


async def test_a_sale_at_the_close_meets_every_buy_of_another_cycle(floor: Floor) -> None:
    """A MOC has no limit: whatever the close, both would fill."""
    spent = replace(holding(), turn=D("19.5"), max_turn=D("19.5"))
    await floor.begin(spent)
    await floor.begin(cycle_id=2)
    await floor.live(TABLE.send_from)
    moc = [slot for slot in floor.counter.placed if slot.type is OrderType.MOC]
    assert [slot.leg for slot in moc] == [Leg.REVERSE_MOC]
    assert set((await withheld(floor)).values()) == {"crossing"}
    assert not [slot for slot in floor.counter.placed if slot.side is Side.BUY]


async def test_orders_of_another_symbol_are_no_ones_counterpart(floor: Floor) -> None:
    await floor.begin()
    await floor.begin(replace(holding(symbol="SOXL"), average=D(40)), cycle_id=2)
    await floor.live(TABLE.send_from)
    assert await withheld(floor) == {}


async def test_sells_of_all_cycles_go_first_then_main_legs_then_rungs_by_their_distance(
    floor: Floor,
) -> None:
    await floor.begin(holding(ladder=4))
    await floor.begin(replace(holding(symbol="SOXL", ladder=4), average=D(46)), cycle_id=2)
    await floor.live(TABLE.send_from)
    placed = floor.counter.placed
    assert len({slot.symbol for slot in placed}) == 2
    ranks = [_rank(slot) for slot in placed]
    assert ranks == sorted(ranks)
    rungs = [slot for slot in placed if slot.leg is Leg.LADDER]
    assert len({slot.symbol for slot in rungs}) == 2
    prices = [slot.price or D(0) for slot in rungs]  # both symbols stand at 50
    assert prices == sorted(prices, reverse=True)


def _rank(slot: Slot) -> int:
    if slot.side is Side.SELL:
        return 0 if slot.type is OrderType.LIMIT else 1
    return 3 if slot.leg is Leg.LADDER else 2


async def test_a_symbol_without_a_price_or_close_keeps_no_other_from_its_turn(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await floor.begin(holding(symbol="SOXL"))
    await floor.begin(cycle_id=2)
    asked = Counter.bars

    async def bars(counter: Counter, symbol: str, *, before: date, count: int) -> Sequence[Bar]:
        if symbol == "SOXL":
            raise BrokerSilent("no close of SOXL")
        return await asked(counter, symbol, before=before, count=count)

    monkeypatch.setattr(Counter, "bars", bars)
    await floor.look(TABLE.propose_at)
    assert [event.cycle_id for event in await floor.all(RoundProposed)] == [2]
    monkeypatch.setattr(Counter, "bars", asked)
    await floor.look(TABLE.propose_at + timedelta(minutes=1))
    floor.counter.prices["SOXL"] = None
    await floor.live(TABLE.send_from + timedelta(minutes=3))
    assert {slot.symbol for slot in floor.counter.placed} == {"TQQQ"}
    assert len(await floor.all(BrokerTroubled)) == 2, "told once for each trouble"


async def test_trouble_with_one_symbol_is_not_over_because_another_one_answers(
    floor: Floor,
) -> None:
    """TQQQ's lost order is looked up every half minute and answered; SOXL has no price."""
    await floor.begin()
    await floor.begin(holding(symbol="SOXL"), cycle_id=2)
    await floor.look(TABLE.propose_at)
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    floor.counter.prices["SOXL"] = None
    await floor.live(TABLE.send_from + timedelta(minutes=5))
    assert len(await floor.all(BrokerTroubled)) == 1
    assert await floor.all(BrokerReturned) == []
    floor.counter.prices["SOXL"] = D(50)
    await floor.live(TABLE.send_from + timedelta(minutes=7))
    assert len(await floor.all(BrokerReturned)) == 1


async def test_an_unresolved_order_blocks_both_cycles_of_its_symbol_and_no_other(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.begin(cycle_id=2)
    await floor.begin(holding(symbol="SOXL"), cycle_id=3)
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.live(TABLE.send_from)
    assert floor.counter.placed[0].symbol == "TQQQ"
    assert {slot.symbol for slot in floor.counter.placed[1:]} == {"SOXL"}
    waiting = {
        order.round_id for order in await floor.orders() if order.state is OrderState.PLANNED
    }
    assert waiting == {f"{DAY}.1", f"{DAY}.2"}


async def test_a_cycle_that_begins_later_has_no_round_before_and_misses_none(
    floor: Floor,
) -> None:
    later = date(2026, 10, 12)
    await start(floor, first_session=date(2026, 10, 10))
    await floor.live(table_of(later).propose_at)
    assert [event.session for event in await floor.all(RoundProposed)] == [later]
    assert await floor.all(RoundMissed) == []


async def test_staggered_cycles_on_one_symbol_run_beside_one_another(floor: Floor) -> None:
    await start(floor)
    await start(floor, beside=True, first_session=NEXT)
    await floor.live(table_of(NEXT).settle_again_at)
    proposed = [(event.cycle_id, event.session) for event in await floor.all(RoundProposed)]
    assert proposed == [(1, DAY), (1, NEXT), (2, NEXT)]
    assert (await floor.cycle(1)).quantity > (await floor.cycle(2)).quantity > 0
    assert await floor.all(LedgerMismatched) == []


async def test_shares_of_the_owners_own_beside_a_new_cycle_hold_nothing(floor: Floor) -> None:
    floor.counter.holdings["TQQQ"] = 12
    await start(floor, not_ours=12)
    await start(floor, beside=True, not_ours=12)
    assert [event.quantity for event in await floor.all(SharesSetAside)] == [12], "said once"
    await floor.live(table_of(NEXT).settle_again_at)
    assert await floor.all(LedgerMismatched) == []
    assert len(await floor.all(RoundSettled)) == 4
    with pytest.raises(Refusal) as caught:
        await start(floor, "SOXL", not_ours=-1)
    assert caught.value.why is Why.NOT_OURS


async def test_a_first_session_that_has_passed_is_refused(floor: Floor) -> None:
    with pytest.raises(Refusal) as caught:
        await start(floor, first_session=DAY - timedelta(days=1))
    assert caught.value.why is Why.DATE_PASSED


async def test_money_of_one_cycle_is_never_anothers(floor: Floor) -> None:
    """Each round may spend its own unit; the caps do not add up."""
    await start(floor)
    await start(floor, "SOXL")
    await floor.live(TABLE.settle_at)
    for cycle_id in (1, 2):
        cycle = await floor.cycle(cycle_id)
        assert cycle.cash + cycle.quantity * cycle.average == D(10000)
        assert cycle.quantity * cycle.average <= D(500)
    assert set(await floor.states()) <= {OrderState.FILLED, OrderState.EXPIRED}
