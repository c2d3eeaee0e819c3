"""The judge of what leaves, when, and what is booked of it can find fault."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.events import OrderSent, OrderUnknown, RoundSettled, TradingPaused
from strategy.model import OrderType, Side
from tests.simulation.judge import judge
from tests.simulation.test_judge_orders import FIRST, approved, found
from tests.simulation.testimony import CALENDAR, DAY, OWNER, SLOTS, TABLE, Testimony, evening

BUY = next(slot for slot in SLOTS if slot.side is Side.BUY)
SALE = next(slot for slot in SLOTS if slot.side is Side.SELL)


def test_a_true_evening_has_nothing_to_find() -> None:
    assert not found(evening())


def test_an_order_at_another_price_or_of_another_kind_is_found() -> None:
    for other in (
        replace(BUY, price=(BUY.price or Decimal(0)) + Decimal("0.01")),
        replace(BUY, type=OrderType.LIMIT),
    ):
        told = approved()
        told.write(OrderSent(slot=BUY.key, tries=1, baseline=()))
        told.post(other, sent=(BUY.key,))
        assert "asked for another order" in found(told)["I1"]


def test_an_order_outside_its_hours_is_found() -> None:
    told = approved()
    told.at(TABLE.deadline + timedelta(minutes=1))
    told.send(FIRST)
    assert "an order left at" in found(told)["I10"]


def test_a_buy_past_a_pause_is_found_and_a_sale_only_where_all_is_paused() -> None:
    for everything, slot, bad in ((False, BUY, True), (False, SALE, False), (True, SALE, True)):
        told = approved()
        told.write(TradingPaused(everything=everything, by=OWNER))
        told.send(slot)
        assert ("while trading is paused" in found(told).get("I5", "")) is bad


def test_an_order_past_an_open_question_of_its_symbol_is_found() -> None:
    told = approved()
    told.write(OrderSent(slot=BUY.key, tries=1, baseline=()))
    told.post(BUY)
    told.write(OrderUnknown(slot=BUY.key, reason="no answer in time"))
    told.send(SALE)
    assert "nobody knew" in found(told)["I1"]


def test_buys_beyond_the_owners_total_are_found() -> None:
    told = approved()
    told.send(BUY)
    worst = Decimal(40 * 50) + (BUY.price or Decimal(0)) * BUY.quantity
    for limit, bad in ((worst, False), (worst - 1, True)):
        violations = judge(replace(told.evidence(), total_limit=limit))
        assert any("the owner's total" in each.sentence for each in violations) is bad


def test_a_settlement_that_begins_from_another_ledger_is_found() -> None:
    told = evening()
    number, settled = next(
        (number, entry)
        for number, entry in enumerate(told.entries)
        if isinstance(entry.event, RoundSettled)
    )
    assert isinstance(settled.event, RoundSettled)
    before, after = settled.event.before, settled.event.after
    moved = replace(
        settled.event,
        before=replace(before, cash=before.cash + 1),
        after=replace(after, cash=after.cash + 1),
    )
    told.entries[number] = replace(settled, event=moved)
    assert "the ledger had" in found(told)["I3"]


def test_fills_that_are_never_settled_are_found() -> None:
    told = approved()
    told.send(BUY)
    told.at(TABLE.session.close)
    told.fill(BUY, BUY.quantity, BUY.price or Decimal(1))
    told.end(BUY, "filled")
    told.at(CALENDAR.following(DAY).close)
    assert "never settled" in _sentences(told)


def _sentences(told: Testimony) -> str:
    return "; ".join(violation.sentence for violation in judge(told.evidence()))
