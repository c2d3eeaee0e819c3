"""The laws that the journal keeps: every one is broken once here, and found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.events import (
    Event,
    FillBooked,
    LawBroken,
    OrderAccepted,
    OrderNotSent,
    OrderResent,
    OrderSent,
    OrderUnknown,
    RoundApproved,
    RoundProposed,
)
from bot.trading.model import SCHEDULE, Slot
from bot.watching.tally import KEPT, Tally
from strategy.model import Leg, OrderType, Side
from tests.bot.telegram.samples import CYCLE, PLAN, ROUND, SESSION, SETTLED, proposed

AT = datetime(2026, 10, 7, 10, 0, tzinfo=UTC)


def slot(index: int, *, side: Side = Side.BUY, quantity: int = 4) -> Slot:
    return Slot(
        key=f"{ROUND}.{index}.1",
        round_id=ROUND,
        index=index,
        attempt=1,
        symbol="TQQQ",
        side=side,
        type=OrderType.LOC,
        price=Decimal(50),
        quantity=quantity,
        leg=Leg.STAR,
    )


A, B, SALE = slot(0), slot(1), slot(2, side=Side.SELL)


def sent(which: Slot, tries: int = 1) -> OrderSent:
    return OrderSent(slot=which.key, tries=tries, baseline=())


def accepted(which: Slot, number: str) -> OrderAccepted:
    return OrderAccepted(slot=which.key, order_number=number)


def filled(which: Slot, quantity: int, price: str = "50") -> FillBooked:
    return FillBooked(slot=which.key, quantity=quantity, price=Decimal(price))


def not_sent(which: Slot) -> OrderNotSent:
    return OrderNotSent(slot=which.key, reason="no route", retry_at=AT)


def begun() -> Tally:
    tally = Tally()
    approved = RoundApproved(round_id=ROUND, slots=(A, B, SALE), by=SCHEDULE)
    assert broken(tally, proposed(), approved) == []
    return tally


def broken(tally: Tally, *events: Event) -> list[str]:
    return [each.law for event in events for each in tally.feed(event)]


def test_a_day_as_it_should_be_breaks_no_law() -> None:
    tally = begun()
    assert broken(tally, sent(A), not_sent(A), sent(A, 2), accepted(A, "1"), sent(B)) == []
    assert broken(tally, OrderUnknown(slot=B.key, reason="x"), sent(SALE), accepted(B, "2")) == []
    assert broken(tally, accepted(SALE, "3"), filled(A, 2), filled(A, 4), filled(SALE, 1)) == []
    assert tally.filled(SESSION) == {A.key: 4, B.key: 0, SALE.key: 1}


def test_two_orders_on_their_way_at_once_break_the_law() -> None:
    assert broken(begun(), sent(A), sent(B)) == ["one_sent"]


@pytest.mark.parametrize(
    "between", [[], [accepted(A, "1")], [OrderUnknown(slot=A.key, reason="no answer")]]
)
def test_an_order_that_goes_again_without_having_been_turned_away_breaks_the_law(
    between: list[Event],
) -> None:
    assert "sent_twice" in broken(begun(), sent(A), *between, sent(A, 2))


def test_an_order_sent_again_by_the_owner_is_another_one() -> None:
    again = slot(3)
    unknown = OrderUnknown(slot=A.key, reason="no answer")
    resent = OrderResent(slot=again, previous=A.key, by=SCHEDULE)
    assert broken(begun(), sent(A), unknown, resent, sent(again), accepted(again, "2")) == []


def test_a_number_of_two_orders_breaks_the_law() -> None:
    events = (sent(A), accepted(A, "7"), sent(B), accepted(B, "7"))
    assert broken(begun(), *events) == ["one_number"]


def test_fills_only_grow_and_never_beyond_the_order() -> None:
    tally = begun()
    assert broken(tally, sent(A), accepted(A, "1"), filled(A, 3), filled(A, 2)) == ["fill_shrank"]
    assert broken(tally, filled(A, 5)) == ["fill_beyond"]


def day_over(tally: Tally, **changes: object) -> list[str]:
    after = replace(CYCLE, **changes)  # type: ignore[arg-type]  # fields by name
    return broken(tally, replace(SETTLED, before=CYCLE, after=after, fees=Decimal(0)))


def test_the_ledgers_shares_are_those_of_the_fills() -> None:
    tally = begun()
    assert broken(tally, sent(A), accepted(A, "1"), filled(A, 3)) == []
    assert day_over(tally, quantity=CYCLE.quantity + 3, cash=CYCLE.cash - 150) == []
    assert day_over(tally, quantity=CYCLE.quantity + 2) == ["shares"]


def test_two_attempts_at_one_order_that_both_filled_are_one_in_the_ledger() -> None:
    """The rest is at the broker alone: a difference that stops the symbol, no error of ours."""
    tally = begun()
    again = replace(A, key=f"{ROUND}.0.2", attempt=2)
    resent = OrderResent(slot=again, previous=A.key, by=SCHEDULE)
    assert broken(tally, sent(A), OrderUnknown(slot=A.key, reason="x"), resent) == []
    assert broken(tally, sent(again), accepted(again, "2"), accepted(A, "1")) == []
    assert broken(tally, filled(A, 4, "10"), filled(again, 3, "10")) == []
    assert day_over(tally, quantity=CYCLE.quantity + 7) == ["shares"]
    assert day_over(tally, quantity=CYCLE.quantity + 4, cash=CYCLE.cash - 200) == []


def test_a_purchase_takes_no_cash_below_nothing() -> None:
    tally = begun()
    assert day_over(tally, cash=Decimal("-0.02")) == ["cash"]
    assert day_over(tally, cash=Decimal(0)) == []


def test_what_was_bought_costs_no_more_than_the_cap() -> None:
    tally = begun()
    cap = min(PLAN.unit, CYCLE.cash)
    price = str(cap / 4 + 1)
    assert broken(tally, sent(A), accepted(A, "1"), filled(A, 4, price)) == []
    assert day_over(tally, quantity=CYCLE.quantity + 4) == ["overspent"]


def test_a_law_that_was_told_is_not_told_again_for_the_same_order() -> None:
    tally = begun()
    assert broken(tally, LawBroken(law="one_sent", subject=B.key, detail="")) == []
    assert broken(tally, sent(A), sent(B)) == []
    assert broken(tally, sent(SALE)) == ["one_sent"]


def later(days: int) -> RoundProposed:
    """Propose a round of another session, so many days after the sample's."""
    session = SESSION + timedelta(days=days)
    return replace(proposed(), round_id=f"{session.isoformat()}.1", session=session)


def with_one_filled() -> Tally:
    """A tally that knows the sample's round with one order filled."""
    tally = Tally()
    for event in (
        proposed(),
        RoundApproved(round_id=ROUND, slots=(A,), by=SCHEDULE),
        sent(A),
        accepted(A, "1"),
        filled(A, 4),
    ):
        assert tally.feed(event) == []
    return tally


def test_a_round_is_remembered_for_ninety_days_of_sessions_and_no_longer() -> None:
    tally = with_one_filled()
    tally.feed(later(KEPT.days))
    assert tally.filled(SESSION) == {A.key: 4}
    tally.feed(later(KEPT.days + 1))
    assert tally.filled(SESSION) == {}
    assert (
        set(tally._sessions) == set(tally._caps) == {later(KEPT.days).round_id, later(91).round_id}
    )
    assert tally._numbers == {}


def test_a_settlement_is_judged_as_long_as_its_orders_are_remembered() -> None:
    wrong = replace(SETTLED, after=replace(SETTLED.after, quantity=SETTLED.after.quantity + 7))
    tally = with_one_filled()
    tally.feed(later(KEPT.days))
    assert "shares" in {broken.law for broken in tally.feed(wrong)}
    tally.feed(later(KEPT.days + 1))
    assert tally.feed(wrong) == []


def test_years_of_sessions_leave_no_more_behind_than_the_last_quarter() -> None:
    tally = Tally()
    for days in range(3000):
        tally.feed(later(days))
    assert len(tally._sessions) == KEPT.days + 1
