"""The laws of method.md section 12, for every version, phase, option and state that can be held."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage import codec
from strategy import backtest, legs, matching, quarter, versions
from strategy.cycle import settle
from strategy.model import (
    Bar,
    Counting,
    Cycle,
    Half,
    Leg,
    Market,
    OrderType,
    Phase,
    Plan,
    Sizing,
)
from strategy.turn import from_cost
from tests.strategy.plans import (
    FRACTIONS,
    PRICES,
    bases,
    buys,
    cost_at,
    evenings,
    held,
    limit,
    planned,
    sales,
    worst_cost,
)
from tests.strategy.states import TUESDAY, D

DUST = D("1E-9")


@given(planned(), st.decimals(min_value=D("0.01"), max_value=600, places=2))
@settings(max_examples=300, deadline=None)
def test_at_any_close_the_filled_buys_cost_no_more_than_the_unit_and_the_cash(
    plan: Plan, close: Decimal
) -> None:
    cycle = plan.cycle
    daily = cycle.rules.sizing is Sizing.DAILY
    most = min(plan.unit, cycle.cash - cycle.reserve if daily else cycle.cash)
    assert cost_at(plan, close) <= max(most, D(0)) + DUST
    assert worst_cost(plan) <= max(most, D(0)) + DUST


@given(planned())
@settings(max_examples=200, deadline=None)
def test_a_reverse_day_spends_a_quarter_of_the_free_cash(plan: Plan) -> None:
    cycle = plan.cycle
    if cycle.phase is Phase.REVERSE:
        assert plan.unit == max(cycle.cash - cycle.reserve, D(0)) / 4


@given(planned())
@settings(max_examples=300, deadline=None)
def test_no_buy_stands_at_or_above_an_own_sale_at_the_close_or_at_a_limit(plan: Plan) -> None:
    dearest = max((limit(order) for order in buys(plan)), default=D(0))
    for order in sales(plan):
        if order.type is OrderType.MOC:
            assert not buys(plan)
        else:
            assert dearest < limit(order)


@given(planned())
@settings(max_examples=300, deadline=None)
def test_sales_offer_all_shares_in_the_normal_phase_and_never_more_than_are_held(
    plan: Plan,
) -> None:
    cycle = plan.cycle
    offered = sum(order.quantity for order in sales(plan))
    assert offered <= cycle.quantity
    kept = cycle.phase is Phase.QUARTER and cycle.rules.target_on_moc_day
    if cycle.phase is Phase.NORMAL or kept:
        assert offered == cycle.quantity
    elif cycle.quantity and cycle.rules.sell_one_in_reverse:
        assert offered >= 1


@given(planned())
@settings(max_examples=200, deadline=None)
def test_every_order_has_a_price_in_cents_and_at_least_one_share(plan: Plan) -> None:
    for order in plan.orders:
        assert order.quantity >= 1
        assert (order.price is None) == (order.type is OrderType.MOC)
        if order.price is not None:
            assert order.price == order.price.quantize(D("0.01"))
            assert order.price > 0


@given(planned())
@settings(max_examples=200, deadline=None)
def test_no_two_orders_of_one_side_and_type_share_a_price(plan: Plan) -> None:
    keys = [(order.side, order.type, order.price) for order in plan.orders]
    assert len(set(keys)) == len(keys)


@given(planned())
@settings(max_examples=200, deadline=None)
def test_rungs_are_distinct_and_below_every_main_leg(plan: Plan) -> None:
    rungs = [limit(order) for order in plan.orders if order.leg is Leg.LADDER]
    main = [limit(order) for order in buys(plan) if order.leg is not Leg.LADDER]
    assert len(set(rungs)) == len(rungs)
    assert len(rungs) <= plan.cycle.rules.ladder
    assert not rungs or max(rungs) < min(main)
    assert sorted(rungs, reverse=True) == rungs


@given(held(), FRACTIONS, FRACTIONS)
@settings(deadline=None)
def test_the_star_falls_as_t_rises_and_is_the_average_at_half_of_the_splits(
    cycle: Cycle, one: Decimal, other: Decimal
) -> None:
    splits, rules = cycle.rules.splits, cycle.rules
    low, high = sorted((one * splits, other * splits))
    dear, cheap = (legs.star(rules, cycle.average, turn).price for turn in (low, high))
    assert dear >= cheap
    middle = legs.star(rules, cycle.average, D(splits) / 2).price
    assert abs(middle - cycle.average) <= D("0.005")


@given(planned(), st.data())
@settings(max_examples=300, deadline=None)
def test_after_any_day_the_books_are_those_of_its_fills(plan: Plan, data: st.DataObject) -> None:
    price = data.draw(PRICES)
    low = data.draw(st.decimals(min_value=D("0.5"), max_value=1, places=2)) * price
    bar = Bar(day=TUESDAY, open=price, high=price * 2, low=low, close=price)
    done = settle(plan, matching.fills(plan, bar), TUESDAY)
    before, after = plan.cycle, done.cycle
    assert after.quantity == before.quantity + done.bought - done.sold
    if after.rules.counting is Counting.EVENTS:
        assert 0 <= after.turn <= after.rules.splits
    else:
        assert after.turn == from_cost(after.rules, after.unit, after.quantity, after.average)
    assert (after.quantity == 0) == (after.average == 0)
    assert after.quantity or after.turn == 0
    cost_before = before.cash + before.quantity * before.average
    cost_after = after.cash + after.quantity * after.average
    assert abs(cost_after - cost_before - done.realized) < D("1E-6")


@given(planned())
@settings(max_examples=200, deadline=None)
def test_normal_has_at_least_a_unit_left_and_the_other_phases_no_half(plan: Plan) -> None:
    cycle = plan.cycle
    if cycle.phase is Phase.NORMAL:
        waits = cycle.rules.method in ("1.0", "2.1")
        assert waits or cycle.turn <= cycle.rules.splits - 1
        first = 2 * cycle.turn < cycle.rules.splits
        assert plan.half in (None, Half.FIRST if first else Half.SECOND)
    else:
        assert plan.half is None
        assert cycle.exhausted
        assert cycle.phase is Phase.QUARTER or cycle.reverse_day >= 1
        assert 0 <= cycle.quarter_round <= quarter.rounds(cycle.rules) + 1


@given(evenings())
@settings(max_examples=300, deadline=None)
def test_an_evening_planned_again_from_its_own_state_is_the_same_plan(
    evening: tuple[Cycle, Market],
) -> None:
    state, market = evening
    plan = versions.plan(state, market)
    assert versions.plan(state, market) == plan
    assert versions.plan(plan.cycle, market) == plan


@given(planned())
@settings(max_examples=200, deadline=None)
def test_a_plan_comes_back_from_the_journal_as_it_was(plan: Plan) -> None:
    again = codec.loads(Plan, codec.dumps(plan))
    assert again == plan
    for before, after in zip(plan.orders, again.orders, strict=True):
        assert after.why.sentence("en") == before.why.sentence("en")
    assert [type(f) for o in again.orders for f in o.why.figures] == [
        type(f) for o in plan.orders for f in o.why.figures
    ]


@given(
    bases(),
    st.lists(
        st.decimals(min_value=D("0.8"), max_value=D("1.25"), places=3), min_size=8, max_size=60
    ),
)
@settings(max_examples=60, deadline=None)
def test_the_books_of_any_run_balance(base: Cycle, moves: list[Decimal]) -> None:
    close, day, bars = D(50), date(2026, 1, 1), list[Bar]()
    for move in moves:
        opened = close
        close = max((close * move).quantize(D("0.01")), D("0.50"))
        high, low = max(opened, close), min(opened, close)
        bars.append(Bar(day=day, open=opened, high=high, low=low, close=close))
        day += timedelta(days=1)
    result = backtest.run(base, bars)
    for session in result.sessions:
        assert session.quantity >= 0
        assert session.cash >= -session.fees
    last = result.sessions[-1]
    held_at_cost = last.cash + last.quantity * last.average
    assert abs(held_at_cost - base.principal - result.realized) < D("1E-6")
