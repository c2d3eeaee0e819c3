"""What stops an order, and which order at the broker may be ours: rules on plain values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sessions import Calendar
from bot.storage.views import OrderView
from bot.timetable import timetable
from bot.trading.limits import worst_spend
from bot.trading.model import OrderState, RoundState, Slot
from bot.trading.orders import candidates
from bot.trading.ports import BrokerOrder
from bot.trading.risk import Standing, refusals
from bot.trading.rounds import slots, spending_cap
from strategy import versions
from strategy.cycle import start
from strategy.model import Leg, Market, OrderType, Side
from tests.money.floor import SESSION


def slot(price: str, quantity: int = 1, side: Side = Side.BUY, key: str = "r.0.1") -> Slot:
    return Slot(
        key=key,
        round_id="r",
        index=0,
        attempt=1,
        symbol="TQQQ",
        side=side,
        type=OrderType.LOC,
        price=Decimal(price),
        quantity=quantity,
        leg=Leg.STAR,
    )


def standing(order: Slot, **changes: object) -> Standing:
    session = Calendar().session(SESSION)
    assert session is not None
    table = timetable(session)
    usual = Standing(
        trading="running",
        held=False,
        round_state=RoundState.APPROVED,
        now=table.send_from,
        timetable=table,
        last_price=Decimal(100),
        cap=Decimal(1000),
        round_buys=(order,) if order.side is Side.BUY else (),
        live=(),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # fields by name


def test_an_order_within_every_bound_may_go() -> None:
    order = slot("101.00", 9)
    assert refusals(order, standing(order)) == []


def test_each_bound_refuses_and_all_reasons_are_said_at_once() -> None:
    order = slot("140.00", 20)
    table = standing(order).timetable
    reasons = refusals(
        order,
        standing(
            order,
            trading="stopped",
            now=table.deadline,
            live=(slot("139.00", side=Side.SELL),),
        ),
    )
    assert [reason.split()[0] for reason in reasons] == [
        "stopped",
        "outside_window",
        "band",
        "cap",
        "crossing",
    ]


def test_a_buy_over_the_brokers_collar_and_a_sell_at_half_price_are_refused() -> None:
    assert refusals(slot("130.00"), standing(slot("130.00"))) == []
    assert refusals(slot("130.01"), standing(slot("130.01"))) != []
    low = slot("49.99", side=Side.SELL)
    assert [reason.split()[0] for reason in refusals(low, standing(low))] == ["band"]


def test_an_order_without_a_known_price_of_the_market_is_refused() -> None:
    order = slot("100.00")
    assert refusals(order, standing(order, last_price=None)) == ["no_price"]


def test_a_held_cycle_and_a_closed_round_send_nothing() -> None:
    order = slot("100.00")
    assert refusals(order, standing(order, held=True)) == ["held"]
    skipped = standing(order, round_state=RoundState.SKIPPED)
    assert refusals(order, skipped) == ["round skipped"]


cents = st.integers(min_value=100, max_value=20_000).map(lambda n: Decimal(n) / 100)


@given(st.lists(st.tuples(cents, st.integers(min_value=1, max_value=40)), max_size=8))
def test_the_worst_close_for_loc_buys_is_one_of_their_limits(
    orders: list[tuple[Decimal, int]],
) -> None:
    buys = [slot(str(price), quantity) for price, quantity in orders]
    closes = [Decimal(n) / 4 for n in range(4, 820, 3)] + [price for price, _ in orders]
    spent = [
        close * sum(quantity for price, quantity in orders if price >= close) for close in closes
    ]
    assert worst_spend(buys) == max(spent, default=Decimal(0))


NOW = datetime(2026, 10, 7, 9, 30, tzinfo=UTC)


def ours(**changes: object) -> OrderView:
    view = OrderView(
        slot=slot("100.00", 5),
        round_id="r",
        session=SESSION,
        state=OrderState.UNKNOWN,
        tries=1,
        order_number=None,
        sent_at=NOW,
        answered_at=None,
        unknown_at=NOW,
        retry_at=None,
        cancel_asked=None,
        baseline=("7",),
        detail="",
        filled=0,
        fill_price=None,
        may_resend=False,
    )
    return replace(view, **changes)  # type: ignore[arg-type]  # fields by name


def row(**changes: object) -> BrokerOrder:
    usual = BrokerOrder(
        order_number="8",
        original_number="",
        symbol="TQQQ",
        side=Side.BUY,
        is_cancel=False,
        quantity=5,
        price=Decimal("100.00"),
        filled=0,
        filled_price=Decimal(0),
        open_quantity=5,
        done=False,
        refusal="",
        ordered_at=NOW + timedelta(seconds=2),
        by_api=True,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # fields by name


def test_an_order_is_recognised_by_everything_that_only_it_can_be() -> None:
    assert [found.order_number for found in candidates(ours(), [row()], set())] == ["8"]
    others = [
        row(order_number="7"),
        row(symbol="SOXL"),
        row(side=Side.SELL),
        row(quantity=6),
        row(price=Decimal("100.01")),
        row(is_cancel=True),
        row(by_api=False),
        row(ordered_at=NOW - timedelta(seconds=61)),
        row(ordered_at=NOW + timedelta(minutes=11)),
    ]
    assert candidates(ours(), others, set()) == ()


def test_an_order_that_another_of_ours_owns_is_no_candidate() -> None:
    assert candidates(ours(), [row()], {"8"}) == ()


@pytest.mark.parametrize(
    ("cash", "reserve", "cap"), [("8000", "0", "500"), ("120", "0", "120"), ("300", "200", "300")]
)
def test_a_fixed_units_round_may_spend_the_unit_as_far_as_all_cash_goes(
    cash: str, reserve: str, cap: str
) -> None:
    """What is set aside is spent too where the unit is fixed (settled.md)."""
    rules = versions.rules("2.2", "TQQQ", 40)
    cycle = replace(start(rules, Decimal(20000)), cash=Decimal(cash), reserve=Decimal(reserve))
    plan = versions.plan(cycle, Market(closes=(Decimal(10),)))
    assert spending_cap(plan) == Decimal(cap)
    assert worst_spend(slots(plan, "2026-10-07.1")) <= Decimal(cap)


def test_a_daily_unit_leaves_what_is_set_aside_alone() -> None:
    rules = versions.rules("4.0", "TQQQ", 40)
    cycle = replace(start(rules, Decimal(20000)), reserve=Decimal(4000))
    plan = versions.plan(cycle, Market(closes=(Decimal(10),)))
    assert spending_cap(plan) == Decimal(400)
