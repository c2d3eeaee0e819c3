"""A run that holds nothing goes on, rests or ends, as the owner said; no rest is a miss."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import (
    AfterwardsAnswer,
    ChangeCycle,
    PreviewChange,
    PreviewStart,
    SetAfterwards,
    StartCycle,
)
from bot.events import (
    BrokerTroubled,
    CycleChanged,
    CycleEnded,
    OrderSent,
    RoundCorrected,
    RoundMissed,
    RoundProposed,
    RoundSettled,
    RoundSkipped,
)
from bot.trading.model import Afterwards, Approval, RoundState
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from strategy import versions
from strategy.changes import CycleChange, RulesChange
from strategy.model import Leg, Side
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, CALENDAR, DAY, NEXT, Floor, holding, on_floor, table_of

TABLE = table_of(DAY)
D = Decimal
REST, END, GO_ON = Afterwards.REST, Afterwards.END, Afterwards.GO_ON


async def agree(floor: Floor, afterwards: Afterwards, cycle_id: int = 1) -> AfterwardsAnswer:
    return await floor.bus.ask(SetAfterwards(cycle_id=cycle_id, afterwards=afterwards, by=ALICE))


async def why_not(floor: Floor, afterwards: Afterwards, cycle_id: int = 1) -> Why:
    with pytest.raises(Refusal) as refused:
        await agree(floor, afterwards, cycle_id)
    return refused.value.why


async def change(floor: Floor, wanted: CycleChange) -> date:
    shown = await floor.bus.ask(PreviewChange(cycle_id=1, change=wanted))
    return await floor.bus.ask(
        ChangeCycle(cycle_id=1, change=wanted, digest=shown.digest, by=ALICE)
    )


async def sold_out(floor: Floor) -> None:
    """Live until the orders of DAY are out, and have its price pass every sale."""
    floor.counter.closes[DAY] = D(90)
    await floor.live(TABLE.send_from)
    (target,) = [each for each in await floor.orders() if each.slot.leg is Leg.TARGET]
    assert target.order_number is not None
    floor.counter.fill(target.order_number, target.slot.quantity, str(target.slot.price))


async def test_a_run_at_rest_gets_no_round_and_misses_none(floor: Floor) -> None:
    await floor.begin(holding(quantity=0))
    answer = await agree(floor, REST)
    assert (answer.at_rest, answer.skipped, answer.out, answer.ended) == (True, False, False, False)
    floor.counter.bars_known = False  # nobody asks for the closes of a run at rest
    await floor.live(table_of(NEXT).settle_at)
    assert await floor.all(RoundProposed) == []
    assert await floor.all(RoundMissed) == []
    assert await floor.all(BrokerTroubled) == []


async def test_a_rest_skips_the_first_buy_that_waits_to_go(floor: Floor) -> None:
    await floor.begin(holding(quantity=0))
    await floor.look(TABLE.propose_at)
    answer = await agree(floor, REST)
    assert (answer.skipped, answer.out) == (True, False)
    await floor.live(TABLE.settle_at)
    assert await floor.all(OrderSent) == []
    assert (await floor.round()).state is RoundState.SKIPPED
    assert [event.by for event in await floor.all(RoundSkipped)] == [ALICE]


async def test_a_rest_asked_for_after_the_first_buy_went_out_says_so(floor: Floor) -> None:
    await floor.begin(holding(quantity=0))
    floor.counter.closes[DAY] = D(49)
    await floor.live(TABLE.send_from)
    answer = await agree(floor, REST)
    assert (answer.at_rest, answer.skipped, answer.out) == (True, False, True)
    await floor.live(table_of(NEXT).propose_at)
    assert (await floor.cycle()).quantity > 0
    assert len(await floor.all(RoundProposed)) == 2, "it holds shares: its run goes on"


async def test_a_rest_asked_for_in_mid_run_begins_when_the_last_share_is_sold(
    floor: Floor,
) -> None:
    await floor.begin()
    assert (await agree(floor, REST)).at_rest is False
    await sold_out(floor)
    await floor.live(table_of(NEXT).settle_at)
    (settled,) = await floor.all(RoundSettled)
    assert settled.finished is not None
    assert len(await floor.all(RoundProposed)) == 1
    assert await floor.all(RoundMissed) == []
    await check_ledger(floor.journal, floor.views)


async def test_without_a_word_the_next_cycle_begins_by_itself(floor: Floor) -> None:
    await floor.begin()
    await sold_out(floor)
    await floor.live(table_of(NEXT).propose_at)
    assert [event.session for event in await floor.all(RoundProposed)] == [DAY, NEXT]


async def test_a_run_goes_on_from_the_next_session_and_the_rest_was_no_miss(floor: Floor) -> None:
    await floor.begin(holding(quantity=0))
    await agree(floor, REST)
    await floor.live(table_of(NEXT).settle_at)
    answer = await agree(floor, GO_ON)
    following = CALENDAR.following(NEXT).day
    assert answer.first_session == following
    await floor.live(table_of(following).propose_at)
    assert [event.session for event in await floor.all(RoundProposed)] == [following]
    assert await floor.all(RoundMissed) == []


async def test_a_run_that_ends_is_gone_after_its_last_session_was_looked_back_at(
    floor: Floor,
) -> None:
    await floor.begin()
    await agree(floor, END)
    await sold_out(floor)
    await floor.live(TABLE.settle_at + timedelta(minutes=1))
    assert await floor.all(CycleEnded) == [], "the broker may still show a fill of it"
    await floor.live(table_of(NEXT).settle_at)
    (ended,) = await floor.all(CycleEnded)
    assert (ended.cycle_id, ended.cycle.quantity) == (1, 0)
    assert await floor.views.cycles() == ()
    assert await floor.all(RoundMissed) == []
    assert len(await floor.views.settlements()) == 1
    assert await why_not(floor, GO_ON) is Why.CYCLE_OVER


async def test_a_late_fill_takes_up_again_a_run_that_had_ended(floor: Floor) -> None:
    await floor.begin()
    await agree(floor, END)
    await sold_out(floor)
    await floor.live(table_of(NEXT).settle_at)
    (ended,) = await floor.all(CycleEnded)
    assert ended.cycle.quantity == 0
    bought = next(order for order in await floor.orders() if order.slot.side is Side.BUY)
    assert bought.order_number is not None
    price = str(bought.slot.price)
    floor.counter.fill(bought.order_number, bought.slot.quantity, price, done=True)
    await floor.trading.settler.book(DAY)
    await floor.look()
    (corrected,) = await floor.all(RoundCorrected)
    (view,) = await floor.views.cycles()
    assert view.cycle == corrected.after
    assert (view.cycle.quantity, view.ended) == (bought.slot.quantity, False)
    await check_ledger(floor.journal, floor.views)
    after = CALENDAR.following(NEXT).day
    await floor.live(table_of(after).send_from + timedelta(minutes=1))
    proposed = (await floor.all(RoundProposed))[-1]
    assert (proposed.session, proposed.plan.cycle) == (after, corrected.after)
    assert {slot.side for slot in floor.counter.placed if after.isoformat() in slot.key} >= {
        Side.SELL
    }


async def test_a_run_that_never_traded_ends_at_once_and_frees_its_symbol(floor: Floor) -> None:
    await floor.begin(holding(quantity=0))
    assert (await agree(floor, END)).ended is True
    rules = versions.rules("4.0", "TQQQ", 40)
    command = StartCycle(rules=rules, principal=D(5000), approval=Approval.AUTO, by=ALICE)
    assert await floor.bus.ask(command) == 2
    await floor.look(TABLE.propose_at)
    assert [event.cycle_id for event in await floor.all(RoundProposed)] == [2]


async def test_what_was_said_already_or_of_no_run_is_refused(floor: Floor) -> None:
    await floor.begin()
    assert await why_not(floor, GO_ON) is Why.AGREED_ALREADY
    assert await why_not(floor, REST, cycle_id=7) is Why.CYCLE_UNKNOWN
    tap = await floor.taps.offer(4242, "rest", expires_at=None)
    wanted = SetAfterwards(cycle_id=1, afterwards=REST, by=ALICE, tap=tap)
    await floor.bus.ask(wanted)
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(wanted)
    assert refused.value.why is Why.TAP_USED


async def test_a_rest_survives_a_restart(tmp_path: Path, counter: Counter) -> None:
    path = tmp_path / "state"
    async with on_floor(path, counter) as floor:
        await floor.begin(holding(quantity=0))
        await agree(floor, REST)
    async with on_floor(path, counter) as floor:
        await floor.live(TABLE.settle_at)
        assert await floor.all(RoundProposed) == []


async def test_other_rules_begin_with_the_next_cycle_and_are_rebuilt(floor: Floor) -> None:
    """Splits that were agreed on in mid-run are those of the round after the last sale."""
    await floor.begin()
    assert await change(floor, RulesChange(splits=40)) == DAY
    await sold_out(floor)
    plan = (await floor.round()).plan
    assert plan is not None
    assert plan.cycle.rules.splits == 20
    await floor.live(table_of(NEXT).propose_at)
    following = (await floor.round(NEXT)).plan
    assert following is not None
    assert (following.cycle.rules.splits, following.cycle.next_rules) == (40, None)
    assert following.unit == following.cycle.principal / 40
    await check_ledger(floor.journal, floor.views)


async def test_rules_agreed_on_while_the_last_sale_is_out_reach_the_cycle_after_it(
    floor: Floor,
) -> None:
    await floor.begin()
    await sold_out(floor)
    assert await change(floor, RulesChange(splits=40)) == NEXT
    await floor.live(table_of(NEXT).propose_at)
    (changed,) = await floor.all(CycleChanged)
    assert (changed.after.rules.splits, changed.after.quantity) == (40, 0)
    following = (await floor.round(NEXT)).plan
    assert following is not None
    assert following.cycle.rules.splits == 40
    await check_ledger(floor.journal, floor.views)


async def test_a_beginning_is_shown_as_it_would_be_planned_and_writes_nothing(
    floor: Floor,
) -> None:
    rules = versions.rules("4.0", "TQQQ", 40)
    floor.counter.holdings["TQQQ"] = 3
    shown = await floor.bus.ask(PreviewStart(rules=rules, principal=D(8000)))
    assert (shown.session, shown.held, shown.plan.unit) == (DAY, 3, D(200))
    assert await floor.entries() == []
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(PreviewStart(rules=rules, principal=D(0)))
    assert refused.value.why is Why.PRINCIPAL_TOO_SMALL
