"""The life of an order as a table: where it may go, and that no state is deaf to a fill."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.events import FillBooked
from bot.storage.views import OrderView
from bot.trading.fills import merged, news
from bot.trading.model import OrderState, Slot
from bot.trading.orders import TRANSITIONS, closing_state, may_follow
from bot.trading.ports import BrokerOrder
from strategy.model import Leg, OrderType, Side
from tests.bot.trading.floor import DAY, Floor, check_edges, table_of
from tests.simulation.lives import state_after

S = OrderState


def row(
    *, filled: int = 0, done: bool = True, refusal: str = "", quantity: int = 10
) -> BrokerOrder:
    return BrokerOrder(
        order_number="1",
        original_number="",
        symbol="TQQQ",
        side=Side.BUY,
        is_cancel=False,
        quantity=quantity,
        price=Decimal(50),
        filled=filled,
        filled_price=Decimal(50) if filled else Decimal(0),
        open_quantity=0 if done else quantity - filled,
        done=done,
        refusal=refusal,
        ordered_at=None,
        by_api=True,
    )


def reachable(start: OrderState) -> set[OrderState]:
    found: set[OrderState] = set()
    waiting = [start]
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += TRANSITIONS[state]
    return found


def walks(steps: list[int]) -> Iterator[tuple[OrderState, OrderState]]:
    state = S.PLANNED
    for step in steps:
        following = sorted(TRANSITIONS[state])
        if not following:
            return
        after = following[step % len(following)]
        yield state, after
        state = after


def test_every_state_stands_in_the_table_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(OrderState) == reachable(S.PLANNED)


@pytest.mark.parametrize("state", sorted(set(OrderState) - {S.FILLED}))
def test_no_state_is_deaf_to_a_fill(state: OrderState) -> None:
    assert S.PARTIAL in reachable(state) or state is S.PARTIAL


@given(st.lists(st.integers(0, 20), max_size=30))
def test_only_planned_leads_to_sent_and_what_was_posted_is_never_planned_unless_it_never_arrived(
    steps: list[int],
) -> None:
    seen = [S.PLANNED]
    for before, after in walks(steps):
        assert may_follow(before, after)
        if after is S.SENT:
            assert before in {S.PLANNED, S.SENT}
            assert not {S.OPEN, S.UNKNOWN, S.ABSENT, S.AMBIGUOUS, S.REFUSED} & set(seen)
        seen.append(after)


@pytest.mark.parametrize("state", [S.UNKNOWN, S.ABSENT, S.AMBIGUOUS, S.REFUSED, S.OPEN])
def test_nothing_that_may_stand_at_the_broker_leads_back_to_sent(state: OrderState) -> None:
    assert not reachable(state) & {S.SENT, S.PLANNED}


@pytest.mark.parametrize(
    ("listed", "cancel_asked", "ended"),
    [
        (row(done=False), False, None),
        (row(done=False, filled=3), True, None),
        (row(filled=10), True, S.FILLED),
        (row(filled=3), True, S.CLOSED_PARTIAL),
        (row(refusal="장종료"), False, S.EXPIRED),
        (row(refusal="DFD 장종료로 취소"), True, S.EXPIRED),
        (row(), False, S.EXPIRED),
        (row(), True, S.CANCELLED),
        (row(refusal="증거금 부족"), False, S.REJECTED_LATE),
        (row(refusal="증거금 부족"), True, S.REJECTED_LATE),
    ],
)
@pytest.mark.fault(32, 33, 34)
def test_an_order_ends_by_its_row(
    listed: BrokerOrder, cancel_asked: bool, ended: OrderState | None
) -> None:
    assert closing_state(listed, cancel_asked=cancel_asked) is ended


@given(st.lists(st.tuples(st.integers(0, 10), st.booleans()), max_size=12))
@example([(1, False), (0, True)])
@pytest.mark.fault(31)
def test_whatever_is_listed_in_whatever_order_totals_only_grow_along_allowed_edges(
    listed: list[tuple[int, bool]],
) -> None:
    order = OrderView(
        slot=Slot(
            key="s",
            round_id="r",
            index=0,
            attempt=1,
            symbol="TQQQ",
            side=Side.BUY,
            type=OrderType.LOC,
            price=Decimal(50),
            quantity=10,
            leg=Leg.STAR,
        ),
        round_id="r",
        session=DAY,
        state=S.OPEN,
        tries=1,
        order_number="1",
        sent_at=None,
        answered_at=None,
        unknown_at=None,
        retry_at=None,
        cancel_asked=None,
        baseline=(),
        detail="",
        filled=0,
        fill_price=None,
        may_resend=False,
    )
    for filled, done in listed:
        told = row(filled=filled, done=done or filled == 10)
        for event in news(order, told):
            after = state_after(event, order.state)
            assert after is not None
            assert may_follow(order.state, after)
            if isinstance(event, FillBooked):
                assert event.quantity > order.filled
                order = replace(order, filled=event.quantity)
            order = replace(order, state=after)


async def test_the_walk_of_a_whole_day_is_checked(floor: Floor) -> None:
    await floor.begin()
    await floor.live(table_of(DAY).settle_at)
    entries = await floor.entries()
    check_edges(entries)
    with pytest.raises(AssertionError, match="->"):
        check_edges([*entries, *[e for e in entries if type(e.event).__name__ == "OrderSent"]])


async def test_two_attempts_at_one_order_are_one_fill_at_their_mean(floor: Floor) -> None:
    await floor.begin()
    await floor.look(table_of(DAY).propose_at)
    plan = (await floor.round()).plan
    assert plan is not None
    fills = merged(plan, [(0, 1, Decimal(50)), (0, 3, Decimal(54)), (1, 2, Decimal(40))])
    assert [(fill.order, fill.quantity, fill.price) for fill in fills] == [
        (plan.orders[0], 4, Decimal(53)),
        (plan.orders[1], 2, Decimal(40)),
    ]
