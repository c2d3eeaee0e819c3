"""A machine that lives random years with a cycle of any version, and holds it to the laws."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from strategy import bookkeeping, matching, quarter, versions
from strategy.changes import (
    Change,
    ChangeRefused,
    Dividend,
    SeedChange,
    ShareSplit,
    TurnCorrection,
)
from strategy.cycle import Settlement, settle
from strategy.model import (
    Bar,
    Counting,
    Fill,
    Market,
    OrderType,
    Phase,
    Plan,
    Side,
    Sizing,
)
from strategy.turn import from_cost
from tests.strategy.plans import bases, buys, held, limit, sales, worst_cost
from tests.strategy.states import D

CENT = D("0.01")
DUST = D("1E-6")
LAST_DECIMAL = D("1E-12")
LOWEST, HIGHEST = D("0.50"), D(20_000)
CALM = st.decimals(min_value=D("0.93"), max_value=D("1.08"), places=3)
WILD = st.decimals(min_value=D("0.55"), max_value=D("1.7"), places=2)
MOVES = st.one_of(CALM, CALM, WILD)
SOFT = st.decimals(min_value=D("0.94"), max_value=D("0.99"), places=3)


class Life(RuleBasedStateMachine):
    """One run of the method, cycle after cycle, session after session."""

    method: ClassVar[str]

    @initialize(data=st.data(), close=st.decimals(min_value=5, max_value=200, places=2))
    def begin(self, data: st.DataObject, close: Decimal) -> None:
        own = (self.method,)
        base = data.draw(st.one_of(bases(own), held(own)))
        self.cycle = base
        self.put_in = base.cash + base.quantity * base.average
        self.realized = D(0)
        self.dust = D("1E-9")
        self.closes = [close] * 5
        self.day = date(2026, 1, 5)
        self.unit_before = base.unit
        self.last: tuple[Plan, Settlement] | None = None

    @rule(gap=MOVES, move=MOVES, swing=st.decimals(min_value=0, max_value=D("0.2"), places=2))
    def a_session(self, gap: Decimal, move: Decimal, swing: Decimal) -> None:
        bar = self._bar(gap, move, swing)
        plan = self._plan()
        self._book(plan, matching.fills(plan, bar), bar.close)

    @rule(moves=st.lists(SOFT, min_size=5, max_size=30))
    def a_long_fall(self, moves: list[Decimal]) -> None:
        for move in moves:
            self.a_session(D(1), move, D(0))

    @rule(gap=MOVES, move=MOVES, data=st.data())
    def a_session_of_partial_fills(self, gap: Decimal, move: Decimal, data: st.DataObject) -> None:
        bar = self._bar(gap, move, D("0.05"))
        plan = self._plan()
        filled = []
        for fill in matching.fills(plan, bar):
            shares = data.draw(st.integers(0, fill.order.quantity), label=str(fill.order.leg))
            filled.append(replace(fill, quantity=shares))
        self._book(plan, filled, bar.close)

    @rule(move=MOVES)
    def a_session_that_nobody_approved(self, move: Decimal) -> None:
        bar = self._bar(D(1), move, D(0))
        self._book(self._plan(), (), bar.close)

    @rule(move=MOVES)
    def a_session_without_a_known_close(self, move: Decimal) -> None:
        bar = self._bar(D(1), move, D(0))
        plan = versions.plan(self.cycle, Market())
        assert plan.orders == ()
        assert plan.cycle == self.cycle
        self._book(plan, (), bar.close)

    @rule(moves=st.lists(MOVES, min_size=1, max_size=4))
    def days_without_the_bot(self, moves: list[Decimal]) -> None:
        for move in moves:
            self._close(self._bar(D(1), move, D(0)).close)

    @rule(share=st.decimals(min_value=D("-0.3"), max_value=D("0.5"), places=2))
    def the_seed_is_changed(self, share: Decimal) -> None:
        amount = (self.cycle.principal * share).quantize(CENT)
        if self._change(SeedChange(amount=amount)):
            self.put_in += amount

    @rule(amount=st.decimals(min_value=CENT, max_value=50, places=2))
    def a_dividend_arrives(self, amount: Decimal) -> None:
        assert self._change(Dividend(amount=amount))

    @precondition(lambda self: self.cycle.rules.counting is Counting.EVENTS)
    @rule(fraction=st.decimals(min_value=D("0.01"), max_value=1, places=4))
    def t_is_corrected(self, fraction: Decimal) -> None:
        turn = fraction * self.cycle.rules.splits
        assert self._change(TurnCorrection(turn=turn)) is (self.cycle.quantity > 0)

    @rule(ratio=st.sampled_from([(2, 1), (15, 1), (1, 2)]))
    def the_shares_are_split(self, ratio: tuple[int, int]) -> None:
        new, old = ratio
        price = self.closes[-1] * old / new
        rest = self.cycle.quantity * new % old
        split = ShareSplit(new=new, old=old, cash_in_lieu=D(1) if rest else None)
        average = self.cycle.average * old / new
        kept = not self.cycle.quantity or CENT <= average <= HIGHEST
        if LOWEST <= price <= HIGHEST and kept and self._change(split):
            self.closes = list(bookkeeping.adjusted_closes(self.closes, split))

    def _plan(self) -> Plan:
        market = Market(closes=tuple(self.closes))
        plan = versions.plan(self.cycle, market)
        assert versions.plan(plan.cycle, market) == plan
        _assert_lawful(plan)
        return plan

    def _bar(self, gap: Decimal, move: Decimal, swing: Decimal) -> Bar:
        opened = _price(self.closes[-1] * gap)
        close = _price(self.closes[-1] * move)
        high, low = max(opened, close), min(opened, close)
        return Bar(
            day=self.day,
            open=opened,
            high=_price(high * (1 + swing)),
            low=_price(low * (1 - swing)),
            close=close,
        )

    def _close(self, close: Decimal) -> None:
        self.closes = [*self.closes[1:], close]
        self.day += timedelta(days=1)

    def _book(self, plan: Plan, fills: tuple[Fill, ...] | list[Fill], close: Decimal) -> None:
        done = settle(plan, fills, self.day)
        self.unit_before = plan.cycle.unit
        self.cycle, self.last = done.cycle, (plan, done)
        self.realized += done.realized
        # The average's twelve decimals lose half of the last for each share, at each order booked.
        most = max(plan.cycle.quantity, done.cycle.quantity)
        self.dust += len(fills) * most * LAST_DECIMAL
        self._close(close)
        _assert_booked(plan, fills, done)

    def _change(self, change: Change) -> bool:
        """Book a change; tell whether the cycle could take it."""
        try:
            changed = bookkeeping.apply(self.cycle, change)
        except ChangeRefused:
            return False
        self.realized += changed.realized - self.cycle.realized
        self.dust += changed.quantity * LAST_DECIMAL
        self.cycle = changed
        self.unit_before = changed.unit
        return True

    @invariant()
    def t_is_in_its_range(self) -> None:
        cycle = self.cycle
        rules = cycle.rules
        assert cycle.turn >= 0
        if rules.counting is Counting.EVENTS:
            assert cycle.turn <= rules.splits
        else:
            assert cycle.turn == from_cost(rules, cycle.unit, cycle.quantity, cycle.average)
        assert cycle.max_turn >= cycle.turn

    @invariant()
    def shares_and_average_go_together(self) -> None:
        assert self.cycle.quantity >= 0
        assert (self.cycle.quantity == 0) == (self.cycle.average == 0)
        assert self.cycle.quantity or self.cycle.turn == 0

    @invariant()
    def the_phase_is_one_of_the_versions_and_its_steps_are_too(self) -> None:
        cycle = self.cycle
        assert 0 <= cycle.quarter_round <= quarter.rounds(cycle.rules) + 2
        if cycle.phase is not Phase.QUARTER:
            assert (cycle.quarter_round, cycle.quarter_unit) == (0, D(0))
        assert (cycle.phase is Phase.REVERSE) == (cycle.reverse_day > 0)
        if cycle.phase is Phase.REVERSE:
            assert cycle.rules.method == "4.0"
        if cycle.phase is Phase.QUARTER:
            assert cycle.rules.method in ("2.2", "3.0")

    @invariant()
    def a_growing_unit_never_falls(self) -> None:
        if self.cycle.rules.sizing is Sizing.GROWING:
            assert self.cycle.unit >= self.unit_before > 0

    @invariant()
    def the_books_balance(self) -> None:
        cycle = self.cycle
        worth = cycle.cash + cycle.quantity * cycle.average
        assert abs(worth - self.put_in - self.realized) <= self.dust

    @invariant()
    def what_is_set_aside_is_there(self) -> None:
        assert self.cycle.reserve >= 0
        if self.cycle.quantity == 0 and not self.cycle.sessions:
            assert self.cycle.reserve <= max(self.cycle.cash, D(0))


def _price(value: Decimal) -> Decimal:
    return min(max(value.quantize(CENT), LOWEST), HIGHEST)


def _assert_lawful(plan: Plan) -> None:
    cycle = plan.cycle
    free = cycle.cash - cycle.reserve if cycle.rules.sizing is Sizing.DAILY else cycle.cash
    assert worst_cost(plan) <= max(min(plan.unit, free), D(0)) + DUST
    assert sum(order.quantity for order in sales(plan)) <= cycle.quantity
    dearest = max((limit(order) for order in buys(plan)), default=D(0))
    closing = [limit(order) for order in sales(plan) if order.type is OrderType.LOC]
    assert all(dearest < price for price in closing)
    assert all(order.quantity > 0 for order in plan.orders)


def _assert_booked(plan: Plan, fills: tuple[Fill, ...] | list[Fill], done: Settlement) -> None:
    before, after = plan.cycle, done.cycle
    bought = sum(fill.quantity for fill in fills if fill.order.side is Side.BUY)
    sold = sum(fill.quantity for fill in fills if fill.order.side is Side.SELL)
    assert after.quantity == before.quantity + bought - sold
    assert (done.bought, done.sold) == (bought, sold)
    if done.finished is None:
        assert after.number == before.number
        assert after.sessions == before.sessions + 1
    else:
        assert (after.quantity, after.number) == (0, before.number + 1)
        assert sold == before.quantity
        assert bought == 0
    if not fills:
        assert (after.turn, after.quantity, after.cash) == (
            before.turn,
            before.quantity,
            before.cash,
        )
    assert after.rules == before.rules


class LifeOf10(Life):
    method = "1.0"


class LifeOf21(Life):
    method = "2.1"


class LifeOf22(Life):
    method = "2.2"


class LifeOf30(Life):
    method = "3.0"


class LifeOf40(Life):
    method = "4.0"


@pytest.mark.parametrize("life", [LifeOf10, LifeOf21, LifeOf22, LifeOf30, LifeOf40])
def test_any_life_of_a_cycle_keeps_the_laws(life: type[Life]) -> None:
    run_state_machine_as_test(
        life, settings=settings(max_examples=50, stateful_step_count=40, deadline=None)
    )
