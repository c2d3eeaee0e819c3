"""What the owner trades beside the bot: told once, adopted or set aside by his word only."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import AdoptForeign, ForeignPreview, PreviewForeign, SetForeignAside
from bot.events import (
    ChangeAgreed,
    ChangeDropped,
    CycleChanged,
    ForeignFillDecided,
    ForeignFillSeen,
    ForeignOrderSeen,
    LedgerMismatched,
    OrderClosed,
    OrderSent,
    RoundMissed,
    RoundProposed,
    SharesSetAside,
)
from bot.storage.account_views import ForeignOrder
from bot.trading.model import Approval, Fate, OrderState
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from bot.trading.shares import count
from strategy.changes import SeedChange
from strategy.model import OrderType, Side
from tests.bot.trading.by_hand import place, trade
from tests.bot.trading.counter import Counter, List, Say
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, on_floor, table_of
from tests.bot.trading.test_changes import make

TABLE = table_of(DAY)
D = Decimal


async def shown(
    floor: Floor, number: str, *, day: date = DAY, cycle_id: int = 1, turn: str | None = None
) -> ForeignPreview:
    agreed = None if turn is None else D(turn)
    return await floor.bus.ask(
        PreviewForeign(session=day, number=number, cycle_id=cycle_id, turn=agreed)
    )


async def adopt(
    floor: Floor,
    number: str,
    *,
    day: date = DAY,
    cycle_id: int = 1,
    turn: str | None = None,
    **over: str,
) -> date:
    preview = await shown(floor, number, day=day, cycle_id=cycle_id, turn=turn)
    return await floor.bus.ask(
        AdoptForeign(
            session=day,
            number=number,
            cycle_id=cycle_id,
            turn=None if turn is None else D(turn),
            digest=over.get("digest", preview.shown.digest),
            by=ALICE,
            tap=over.get("tap"),
        )
    )


async def put_aside(floor: Floor, number: str, *, day: date = DAY) -> int:
    return await floor.bus.ask(SetForeignAside(session=day, number=number, by=ALICE))


async def undecided(floor: Floor) -> tuple[ForeignOrder, ...]:
    return await floor.views.account.undecided("TQQQ")


@pytest.mark.fault(39)
async def test_a_buy_by_hand_is_told_and_changes_no_ledger_and_no_round(floor: Floor) -> None:
    await floor.begin()
    number = trade(floor, Side.BUY, 5, "49.50")
    await floor.live(TABLE.send_from)
    (seen,) = await floor.all(ForeignFillSeen)
    assert (seen.session, seen.number, seen.symbol) == (DAY, number, "TQQQ")
    assert (seen.side, seen.quantity, seen.price) == (Side.BUY, 5, D("49.50"))
    assert not seen.by_api
    assert await floor.cycle() == holding()
    assert len(await floor.all(RoundProposed)) == 1
    assert floor.counter.placed, "all the ledger's shares are there: the method goes on"
    await floor.live(TABLE.settle_again_at)
    await floor.live(table_of(NEXT).send_from)
    assert await floor.all(LedgerMismatched) == []
    assert len(await floor.all(ForeignFillSeen)) == 1, "told once"
    counted = await count(floor.trading.desk, "TQQQ")
    assert counted.held == counted.ledger + 5


@pytest.mark.fault(39)
async def test_a_hand_trade_that_grows_is_told_at_each_growth(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    number = place(floor, Side.BUY, 10, "49")
    floor.counter.fill(number, 4, "49")
    await floor.look(TABLE.propose_at)
    floor.counter.fill(number, 10, "48")
    await floor.live(table_of(NEXT).propose_at)
    assert [(seen.quantity, seen.price) for seen in await floor.all(ForeignFillSeen)] == [
        (4, D(49)),
        (10, D(48)),
    ]
    (order,) = await undecided(floor)
    assert (order.filled, order.undecided, order.open_price) == (10, 10, D(48))


@pytest.mark.fault(39)
async def test_an_adopted_buy_is_in_the_next_plan_and_is_rebuilt_from_the_journal(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.ALERT)
    number = trade(floor, Side.BUY, 10, "50")
    await floor.look(TABLE.propose_at - timedelta(minutes=1))
    await floor.look(TABLE.propose_at)
    await floor.live(table_of(NEXT).propose_at - timedelta(minutes=1))
    preview = await shown(floor, number)
    assert (preview.shown.effect.before.turn, preview.shown.effect.after.turn) == (D(4), D(5))
    assert preview.counted
    assert await adopt(floor, number) == NEXT
    after = await floor.cycle()
    assert (after.quantity, after.turn, after.cash) == (50, D(5), D(7500))
    (decided,) = await floor.all(ForeignFillDecided)
    assert (decided.fate, decided.quantity, decided.cycle_id) == (Fate.CYCLE, 10, 1)
    assert await undecided(floor) == ()
    await check_ledger(floor.journal, floor.views)
    await floor.live(table_of(NEXT).propose_at)
    plan = (await floor.round(NEXT)).plan
    assert plan is not None
    assert plan.cycle.quantity == 50
    assert await floor.all(LedgerMismatched) == []


async def test_the_owner_may_edit_t_before_he_adopts(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    number = trade(floor, Side.BUY, 10, "50")
    await floor.look(TABLE.propose_at)
    await floor.look(TABLE.deadline)
    await adopt(floor, number, turn="4.5")
    assert (await floor.cycle()).turn == D("4.5")
    await check_ledger(floor.journal, floor.views)


async def test_an_adoption_waits_while_a_round_is_out_and_is_counted_meanwhile(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from)
    number = trade(floor, Side.BUY, 5, "50")
    await floor.live(TABLE.verify_at)
    assert len(await floor.all(ForeignFillSeen)) == 1, "seen with the look after the open"
    assert await adopt(floor, number) == NEXT
    (agreed,) = await floor.all(ChangeAgreed)
    assert await floor.all(CycleChanged) == []
    assert (await count(floor.trading.desk, "TQQQ")).by_hand == 5
    await floor.live(table_of(NEXT).propose_at)
    (changed,) = await floor.all(CycleChanged)
    assert changed.change_id == agreed.change_id
    assert changed.after.quantity == changed.before.quantity + 5
    assert await floor.all(LedgerMismatched) == []
    assert (await count(floor.trading.desk, "TQQQ")).by_hand == 0


async def test_an_adoption_that_can_no_longer_be_opens_the_question_again(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from)
    number = trade(floor, Side.BUY, 100, "50")
    await floor.live(TABLE.verify_at)
    await adopt(floor, number)
    await make(floor, SeedChange(amount=D(-7000)))
    # The changes are booked in turn: here the withdrawal is put before the adoption by hand.
    async with floor.database.transaction() as tx:
        await tx.execute("UPDATE pending_change SET change_id = -change_id")
        await tx.execute("UPDATE foreign_decision SET change_id = -change_id")
        await tx.execute(
            "UPDATE pending_change SET body = json_set(body, '$.change_id', change_id)"
        )
    await floor.live(TABLE.settle_again_at)
    (dropped,) = await floor.all(ChangeDropped)
    assert "시드를 먼저" in dropped.korean
    (order,) = await undecided(floor)
    assert (order.number, order.undecided) == (number, 100)


@pytest.mark.fault(39)
async def test_bought_shares_that_are_set_aside_are_no_business_of_the_ledger(
    floor: Floor,
) -> None:
    await floor.begin()
    number = trade(floor, Side.BUY, 5, "50")
    await floor.look(TABLE.propose_at)
    assert await put_aside(floor, number) == 5
    assert await undecided(floor) == ()
    (aside,) = await floor.all(SharesSetAside)
    assert aside.quantity == 5
    await floor.live(table_of(NEXT).send_from)
    assert await floor.all(LedgerMismatched) == []
    assert await floor.cycle() != holding()
    assert (await count(floor.trading.desk, "TQQQ")).agrees


async def test_what_was_decided_is_decided(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    number = trade(floor, Side.BUY, 5, "50")
    await floor.look(TABLE.propose_at)
    await put_aside(floor, number)
    for again in (put_aside(floor, number), adopt(floor, number), put_aside(floor, "999")):
        with pytest.raises(Refusal) as refused:
            await again
        assert refused.value.why is Why.TRADE_DECIDED
    floor.counter.fill(number, 8, "51.2", done=True)
    await floor.live(table_of(NEXT).propose_at)
    (order,) = await undecided(floor)
    assert (order.undecided, order.open_price) == (3, (8 * D("51.2") - 5 * 50) / 3)


async def test_a_tap_adopts_once(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    first, second = (trade(floor, Side.BUY, 5, "50") for _ in range(2))
    await floor.look(TABLE.propose_at)
    await floor.look(TABLE.deadline)
    tap = await floor.taps.offer(4242, "adopt", expires_at=None)
    await adopt(floor, first, tap=tap)
    with pytest.raises(Refusal) as refused:
        await adopt(floor, second, tap=tap)
    assert refused.value.why is Why.TAP_USED
    with pytest.raises(Refusal) as refused:
        await adopt(floor, second, digest="another")
    assert refused.value.why is Why.CHANGE_DIFFERS
    assert (await floor.cycle()).quantity == 45


@pytest.mark.fault(42)
async def test_a_sale_by_hand_keeps_the_symbol_from_new_rounds_until_it_is_answered(
    floor: Floor,
) -> None:
    await floor.begin()
    number = trade(floor, Side.SELL, 10, "55")
    await floor.live(TABLE.send_from + timedelta(minutes=5))
    assert len(await floor.all(ForeignFillSeen)) == 1
    assert await floor.all(RoundProposed) == []
    assert await floor.all(LedgerMismatched) == [], "the difference has its name already"
    assert await adopt(floor, number) == DAY
    after = await floor.cycle()
    assert (after.quantity, after.turn, after.cash) == (30, D(3), D(8550))
    await floor.live(TABLE.send_from + timedelta(minutes=7))
    (proposed,) = await floor.all(RoundProposed)
    assert proposed.plan.cycle.quantity == 30
    assert floor.counter.placed
    await floor.live(TABLE.settle_again_at)
    assert await floor.all(LedgerMismatched) == []


@pytest.mark.fault(42)
async def test_a_sale_of_everything_ends_the_cycle_only_when_the_owner_says_so(
    floor: Floor,
) -> None:
    await floor.begin()
    number = trade(floor, Side.SELL, 40, "55")
    await floor.live(table_of(NEXT).propose_at)
    assert await floor.all(RoundProposed) == []
    (missed,) = await floor.all(RoundMissed)
    assert missed.reason == "hand_sale"
    assert await floor.cycle() == holding(), "no cycle ends in silence"
    await adopt(floor, number)
    after = await floor.cycle()
    assert (after.number, after.quantity, after.turn, after.principal) == (2, 0, D(0), D(10200))
    await check_ledger(floor.journal, floor.views)
    await floor.live(table_of(NEXT).send_from)
    (proposed,) = await floor.all(RoundProposed)
    assert {order.side for order in proposed.plan.orders} == {Side.BUY}


async def test_a_sale_of_shares_that_were_set_aside_is_taken_from_those(floor: Floor) -> None:
    await floor.begin()
    floor.counter.holdings["TQQQ"] += 12
    async with floor.trading.desk.recording() as recording:
        await recording.record(SharesSetAside(symbol="TQQQ", quantity=12, by=ALICE))
    number = trade(floor, Side.SELL, 12, "55")
    await floor.look(TABLE.propose_at)
    assert await floor.all(RoundProposed) == []
    assert await put_aside(floor, number) == 0
    await floor.live(TABLE.send_from)
    assert len(await floor.all(RoundProposed)) == 1
    more = trade(floor, Side.SELL, 1, "55")
    await floor.live(TABLE.verify_at)
    with pytest.raises(Refusal) as refused:
        await put_aside(floor, more)
    assert refused.value.why is Why.NOT_SET_ASIDE


@pytest.mark.fault(42)
async def test_a_sale_beyond_a_cycles_shares_is_decided_heap_by_heap(floor: Floor) -> None:
    await floor.begin()
    await floor.begin(holding(quantity=7), cycle_id=2)
    floor.counter.holdings["TQQQ"] += 5
    async with floor.trading.desk.recording() as recording:
        await recording.record(SharesSetAside(symbol="TQQQ", quantity=5, by=ALICE))
    number = trade(floor, Side.SELL, 52, "55")
    await floor.look(TABLE.propose_at)
    for cycle_id, quantity, left in ((1, 40, 12), (2, 7, 5)):
        assert (await shown(floor, number, cycle_id=cycle_id)).trade.quantity == quantity
        await adopt(floor, number, cycle_id=cycle_id)
        (order,) = await undecided(floor)
        assert order.undecided == left
        assert await floor.all(RoundProposed) == [], "the rest is asked about still"
    assert await put_aside(floor, number) == 0
    assert await undecided(floor) == ()
    assert (await count(floor.trading.desk, "TQQQ")).agrees
    await check_ledger(floor.journal, floor.views)
    await floor.live(TABLE.send_from)
    assert len(await floor.all(RoundProposed)) == 2
    assert await floor.all(LedgerMismatched) == []


async def test_the_owner_says_which_of_two_cycles_it_is(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.begin(holding(quantity=7), approval=Approval.ALERT, cycle_id=2)
    number = trade(floor, Side.BUY, 3, "50")
    await floor.look(TABLE.propose_at)
    await floor.look(TABLE.deadline)
    await adopt(floor, number, cycle_id=2)
    assert ((await floor.cycle()).quantity, (await floor.cycle(2)).quantity) == (40, 10)
    with pytest.raises(Refusal) as refused:
        await shown(floor, trade(floor, Side.BUY, 3, "50", symbol="SOXL"))
    assert refused.value.why is Why.TRADE_DECIDED, "no cycle of SOXL: not looked at"


@pytest.mark.fault(40)
@pytest.mark.parametrize("by_api", [False, True])
async def test_a_twin_from_before_the_round_is_never_taken_for_ours(
    floor: Floor, by_api: bool
) -> None:
    await floor.begin(holding(ladder=0))
    await floor.live(TABLE.propose_at)
    plan = (await floor.round()).plan
    assert plan is not None
    twins = [order for order in plan.orders if order.type is OrderType.LIMIT]
    (twin,) = twins
    number = place(floor, twin.side, twin.quantity, str(twin.price), by_api=by_api)
    floor.counter.script.extend([Say.UNKNOWN_ACCEPTED])
    await floor.live(TABLE.verify_at)
    assert number not in {order.order_number for order in await floor.orders()}
    (seen,) = await floor.all(ForeignOrderSeen)
    assert (seen.number, seen.by_api, seen.quantity) == (number, by_api, twin.quantity)


@pytest.mark.fault(40)
async def test_what_may_still_be_ours_is_not_told_as_a_hand_order(floor: Floor) -> None:
    await floor.begin(holding(ladder=0))
    floor.counter.script.extend([Say.UNKNOWN_ACCEPTED])
    floor.counter.listings.extend([List.COMPLETE] * 3)
    await floor.look(TABLE.propose_at)
    await floor.look(TABLE.send_from)
    assert OrderState.UNKNOWN in await floor.states()
    listed = await floor.counter.orders(DAY)
    assert len(listed.orders) == 1
    await floor.trading.settler.book(DAY)
    assert await floor.all(ForeignOrderSeen) == []
    await floor.live(TABLE.verify_at)
    assert await floor.all(ForeignOrderSeen) == []
    assert await floor.all(ForeignFillSeen) == []


async def test_an_order_by_hand_that_only_stands_is_told_once(floor: Floor) -> None:
    await floor.begin()
    number = place(floor, Side.SELL, 5, "70")
    await floor.live(TABLE.settle_again_at)
    (seen,) = await floor.all(ForeignOrderSeen)
    assert (seen.number, seen.side, seen.quantity, seen.price) == (number, Side.SELL, 5, D(70))
    assert await floor.all(ForeignFillSeen) == []
    assert await undecided(floor) == ()


async def test_what_was_traded_before_the_cycle_began_is_no_news(floor: Floor) -> None:
    trade(floor, Side.BUY, 40, "50")
    floor.counter.holdings["TQQQ"] = 0
    floor.clock.at += timedelta(minutes=1)
    await floor.begin()
    await floor.live(TABLE.send_from)
    assert await floor.all(ForeignFillSeen) == []


async def test_hand_trades_of_the_sessions_that_the_bot_slept_through_are_found(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    async with on_floor(path, counter) as floor:
        await floor.begin(approval=Approval.ALERT)
        await floor.live(TABLE.propose_at)
    later = [NEXT, date(2026, 10, 9), date(2026, 10, 12)]
    counter.clock.at = table_of(later[-1]).propose_at
    async with on_floor(path, counter) as floor:
        floor.clock.at = table_of(NEXT).propose_at
        number = trade(floor, Side.BUY, 2, "50", day=NEXT)
        floor.clock.at = table_of(later[-1]).propose_at
        await floor.look()
        (seen,) = await floor.all(ForeignFillSeen)
        assert (seen.session, seen.number) == (NEXT, number)
        assert await floor.all(LedgerMismatched) == []


@pytest.mark.fault(41)
async def test_a_cancel_by_hand_is_told_and_nothing_is_placed_again(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from)
    orders = await floor.orders()
    struck = orders[0]
    assert struck.order_number is not None
    floor.counter.end(struck.order_number)
    placed = len(floor.counter.placed)
    await floor.live(TABLE.settle_again_at)
    (closed,) = [e for e in await floor.all(OrderClosed) if e.slot == struck.slot.key]
    assert (closed.state, closed.reason) == (OrderState.CANCELLED, "by_hand")
    assert len(floor.counter.placed) == placed
    assert len(await floor.all(OrderSent)) == placed
    assert not await floor.all(LedgerMismatched)


@pytest.mark.fault(41)
async def test_a_cancel_by_hand_of_what_was_left_keeps_what_was_filled(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from)
    target = next(o for o in await floor.orders() if o.slot.type is OrderType.LIMIT)
    assert target.order_number is not None
    floor.counter.fill(target.order_number, 1, str(target.slot.price))
    floor.counter.end(target.order_number)
    await floor.live(TABLE.verify_at)
    (closed,) = [e for e in await floor.all(OrderClosed) if e.slot == target.slot.key]
    assert (closed.state, closed.reason) == (OrderState.CLOSED_PARTIAL, "by_hand")
    order = await floor.views.order(target.slot.key)
    assert order is not None
    assert order.filled == 1


async def test_an_order_that_ends_with_its_session_was_cancelled_by_nobody(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.settle_again_at)
    reasons = {closed.reason for closed in await floor.all(OrderClosed)}
    assert "by_hand" not in reasons
    assert OrderState.EXPIRED in await floor.states()


async def test_a_cancel_is_known_by_its_own_row_after_the_close_too(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    rung = (await floor.orders())[-1]
    assert rung.order_number is not None
    floor.counter.end(rung.order_number)
    each = floor.counter.find(rung.order_number)
    cancel = replace(
        each.row, order_number="900", original_number=rung.order_number, is_cancel=True
    )
    floor.counter.posted.append(replace(each, row=cancel, slot=None))
    await floor.look(TABLE.settle_at)
    (closed,) = [e for e in await floor.all(OrderClosed) if e.slot == rung.slot.key]
    assert (closed.state, closed.reason) == (OrderState.CANCELLED, "by_hand")


async def test_a_cancel_by_hand_that_was_turned_away_cancelled_nothing(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    rung = (await floor.orders())[-1]
    assert rung.order_number is not None
    each = floor.counter.find(rung.order_number)
    cancel = replace(
        each.row,
        order_number="900",
        original_number=rung.order_number,
        is_cancel=True,
        refusal="취소불가",
    )
    floor.counter.posted.append(replace(each, row=cancel, slot=None))
    floor.counter.end(rung.order_number, "장종료")
    await floor.look(TABLE.settle_at)
    (closed,) = [e for e in await floor.all(OrderClosed) if e.slot == rung.slot.key]
    assert (closed.state, closed.reason) == (OrderState.EXPIRED, "장종료")


async def test_an_end_without_a_reason_after_the_close_is_no_cancel(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    rung = (await floor.orders())[-1]
    assert rung.order_number is not None
    floor.clock.at = TABLE.settle_at
    floor.counter.tick()
    floor.counter.end(rung.order_number)
    await floor.look()
    (closed,) = [e for e in await floor.all(OrderClosed) if e.slot == rung.slot.key]
    assert (closed.state, closed.reason) == (OrderState.EXPIRED, "")


async def test_t_is_not_edited_while_fills_may_still_move_it(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from)
    number = trade(floor, Side.BUY, 5, "50")
    await floor.live(TABLE.verify_at)
    with pytest.raises(Refusal) as refused:
        await adopt(floor, number, turn="4.4")
    assert refused.value.why is Why.ROUND_OUT
    assert await floor.all(ChangeAgreed) == []
    assert len(await undecided(floor)) == 1
