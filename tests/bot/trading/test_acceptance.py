"""Splits that are announced, and differences that nothing explains: asked, and booked by a tap."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.commands import (
    AcceptancePreview,
    AcceptBroker,
    AdoptForeign,
    DismissSplit,
    PreviewAcceptance,
    PreviewForeign,
    PreviewSplit,
    Resume,
    SplitShares,
)
from bot.events import LedgerMismatched, RoundMissed, RoundProposed, SplitAnnounced
from bot.trading.account.announced import first_of
from bot.trading.model import Approval
from bot.trading.ports import Announced
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from bot.trading.shares import count
from strategy.changes import HandTrade, ShareSplit
from strategy.model import Side
from strategy.price import round_half_up
from tests.bot.trading.by_hand import trade
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, table_of
from tests.bot.trading.test_splits import at_the_broker

TABLE = table_of(DAY)
D = Decimal
TWO = ShareSplit(new=2, old=1)


def right(day: date, split: ShareSplit | None = TWO, cash: str | None = None) -> Announced:
    return Announced(symbol="TQQQ", day=day, split=split, cash=None if cash is None else D(cash))


async def book(floor: Floor, split: ShareSplit, first: date | None = None) -> date:
    shown = await floor.bus.ask(PreviewSplit(symbol="TQQQ", split=split, first_session=first))
    return await floor.bus.ask(
        SplitShares(symbol="TQQQ", split=split, digest=shown.digest, by=ALICE, first_session=first)
    )


async def shown(floor: Floor, cycle_id: int = 1) -> AcceptancePreview:
    return await floor.bus.ask(PreviewAcceptance(cycle_id=cycle_id))


async def accept(floor: Floor, preview: AcceptancePreview, cycle_id: int = 1) -> date:
    return await floor.bus.ask(
        AcceptBroker(cycle_id=cycle_id, trade=preview.trade, digest=preview.shown.digest, by=ALICE)
    )


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    "split", [TWO, ShareSplit(new=15, old=1), ShareSplit(new=1, old=5)], ids=str
)
async def test_an_announced_split_is_asked_about_before_its_session_is_planned(
    floor: Floor, split: ShareSplit
) -> None:
    await floor.begin()
    floor.counter.rights.append(right(DAY, split))
    at_the_broker(floor, split, DAY)
    await floor.live(TABLE.send_from)
    (announced,) = await floor.all(SplitAnnounced)
    assert (announced.split, announced.first_session) == (split, DAY)
    assert await floor.all(RoundProposed) == []
    assert await floor.all(LedgerMismatched) == [], "the difference has its name already"
    assert await book(floor, split, DAY) == DAY
    await floor.look()
    (proposed,) = await floor.all(RoundProposed)
    assert proposed.plan.cycle.quantity == 40 * split.new // split.old
    assert proposed.market.closes == (round_half_up(D(50) * split.old / split.new),) * 5
    await check_ledger(floor.journal, floor.views)
    await floor.live(table_of(NEXT).send_from)
    assert len(await floor.all(SplitAnnounced)) == 1
    assert len(await floor.all(RoundProposed)) == 2


@pytest.mark.fault(43)
async def test_a_split_that_shows_after_the_close_is_named_before_the_ledger_is_bent(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.live(TABLE.deadline + timedelta(minutes=1))
    at_the_broker(floor, TWO, DAY)
    floor.clock.at = TABLE.settle_again_at
    preview = await shown(floor)
    assert (preview.trade.side, preview.trade.quantity) == (Side.BUY, 40)
    assert preview.likely_split == "2:1"
    floor.counter.holdings["TQQQ"] = 41
    assert (await shown(floor)).likely_split == ""


@pytest.mark.fault(43)
async def test_an_announcement_that_is_none_is_dismissed_by_a_tap(floor: Floor) -> None:
    await floor.begin()
    floor.counter.rights.append(right(DAY))
    await floor.live(TABLE.deadline + timedelta(minutes=1))
    (missed,) = await floor.all(RoundMissed)
    assert missed.reason == "split"
    await floor.bus.ask(DismissSplit(symbol="TQQQ", by=ALICE))
    await floor.live(table_of(NEXT).send_from)
    assert len(await floor.all(RoundProposed)) == 1
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(DismissSplit(symbol="TQQQ", by=ALICE))
    assert refused.value.why is Why.NO_SPLIT


@pytest.mark.fault(39, 43)
async def test_a_hand_trade_from_before_a_split_is_adopted_in_the_new_shares(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.ALERT)
    number = trade(floor, Side.BUY, 5, "50")
    await floor.look(TABLE.propose_at)
    await floor.look(TABLE.deadline)
    at_the_broker(floor, TWO, NEXT)
    await book(floor, TWO, NEXT)
    assert (await count(floor.trading.desk, "TQQQ")).by_hand == 10
    await floor.live(table_of(NEXT).propose_at)
    assert await floor.all(LedgerMismatched) == []
    await floor.look(table_of(NEXT).deadline)
    question = PreviewForeign(session=DAY, number=number, cycle_id=1)
    preview = await floor.bus.ask(question)
    assert (preview.trade.quantity, preview.trade.price) == (10, D(25))
    await floor.bus.ask(
        AdoptForeign(session=DAY, number=number, cycle_id=1, digest=preview.shown.digest, by=ALICE)
    )
    assert (await floor.cycle()).quantity == 90
    assert await floor.views.account.undecided("TQQQ") == ()
    assert (await count(floor.trading.desk, "TQQQ")).by_hand == 0


async def test_a_split_that_was_told_ahead_is_not_asked_about(floor: Floor) -> None:
    await floor.begin()
    await book(floor, TWO)
    floor.counter.rights.append(right(DAY))
    at_the_broker(floor, TWO, DAY)
    await floor.live(TABLE.send_from)
    assert await floor.all(SplitAnnounced) == []
    assert len(await floor.all(RoundProposed)) == 1


async def test_a_split_from_before_the_cycle_or_still_to_come_is_no_news(floor: Floor) -> None:
    await floor.begin()
    floor.counter.rights.append(right(date(2026, 10, 2)))
    floor.counter.rights.append(right(NEXT))
    await floor.live(TABLE.send_from)
    assert await floor.all(SplitAnnounced) == []
    assert len(await floor.all(RoundProposed)) == 1


def test_the_last_weekday_in_seoul_is_a_splits_first_session() -> None:
    days = [date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 10)]
    found = first_of([right(day) for day in days])
    assert found is not None
    assert found.first_session == date(2026, 10, 8), "the 10th is a Saturday"
    assert first_of([right(days[0], None, "0.5")]) is None


async def test_a_difference_is_accepted_with_its_effect_shown_and_then_trading_resumes(
    floor: Floor,
) -> None:
    await floor.begin()
    floor.counter.holdings["TQQQ"] = 36
    await floor.live(TABLE.send_from)
    (told,) = await floor.all(LedgerMismatched)
    assert (told.ledger_quantity, told.broker_quantity, told.by_hand) == (40, 36, 0)
    preview = await shown(floor)
    assert preview.trade == HandTrade(side=Side.SELL, quantity=4, price=D(50), day=DAY)
    assert (preview.ledger, preview.broker) == (40, 36)
    assert preview.shown.effect.after.turn == D("3.6")
    assert await accept(floor, preview) == DAY
    assert (await floor.cycle()).quantity == 36
    assert floor.counter.placed == [], "still held: the owner resumes"
    await floor.bus.ask(Resume(by=ALICE))
    await floor.look()
    assert floor.counter.placed
    await check_ledger(floor.journal, floor.views)


async def test_surplus_shares_are_accepted_as_bought(floor: Floor) -> None:
    await floor.begin()
    floor.counter.holdings["TQQQ"] = 42
    await floor.live(TABLE.send_from)
    preview = await shown(floor)
    assert (preview.trade.side, preview.trade.quantity) == (Side.BUY, 2)
    await accept(floor, preview)
    assert (await floor.cycle()).quantity == 42


async def test_a_difference_that_is_another_by_now_is_shown_again(floor: Floor) -> None:
    await floor.begin()
    with pytest.raises(Refusal) as refused:
        await shown(floor)
    assert refused.value.why is Why.NOTHING_DIFFERS
    floor.counter.holdings["TQQQ"] = 36
    preview = await shown(floor)
    floor.counter.holdings["TQQQ"] = 35
    with pytest.raises(Refusal) as refused:
        await accept(floor, preview)
    assert refused.value.why is Why.CHANGE_DIFFERS
    floor.counter.holdings["TQQQ"] = 40
    with pytest.raises(Refusal) as refused:
        await accept(floor, preview)
    assert refused.value.why is Why.NOTHING_DIFFERS
    assert await floor.cycle() == holding()


async def test_while_orders_stand_a_fill_that_is_not_booked_yet_is_no_difference(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    floor.counter.fill(floor.counter.posted[0].row.order_number, 5, "57.50")
    with pytest.raises(Refusal) as refused:
        await shown(floor)
    assert refused.value.why is Why.ROUND_OUT
    stale = HandTrade(side=Side.SELL, quantity=5, price=D(50), day=DAY)
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(AcceptBroker(cycle_id=1, trade=stale, digest="", by=ALICE))
    assert refused.value.why is Why.ROUND_OUT
    await floor.live(TABLE.settle_again_at + timedelta(minutes=5))
    assert (await count(floor.trading.desk, "TQQQ")).agrees


async def test_told_hand_trades_are_no_part_of_the_difference(floor: Floor) -> None:
    await floor.begin()
    trade(floor, Side.BUY, 5, "50")
    floor.counter.holdings["TQQQ"] -= 3
    await floor.live(TABLE.send_from)
    (told,) = await floor.all(LedgerMismatched)
    assert (told.ledger_quantity, told.broker_quantity, told.by_hand) == (40, 42, 5)
    assert (await shown(floor)).trade.quantity == 3
