"""The laws of method.md section 12, for every state that can be held."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from strategy import backtest, matching, versions
from strategy.cycle import settle
from strategy.legs import star_price
from strategy.model import Bar, Cycle, Half, Leg, Market, OrderType, Phase, Plan, Side
from tests.strategy.states import TUESDAY, D, fresh

SYMBOLS = st.sampled_from(["TQQQ", "SOXL"])
SPLITS = st.sampled_from([20, 30, 40])
PRICES = st.decimals(min_value=1, max_value=500, places=2)
AVERAGES = st.decimals(min_value=1, max_value=500, places=12)
MONEY = st.decimals(min_value=0, max_value=200_000, places=2)
SHARES = st.integers(min_value=1, max_value=20_000)
FRACTIONS = st.decimals(min_value=0, max_value=1, places=9)


@st.composite
def bases(draw: st.DrawFn) -> Cycle:
    return fresh(
        draw(SYMBOLS),
        draw(SPLITS),
        str(draw(st.integers(min_value=1000, max_value=200_000))),
        ladder=draw(st.integers(min_value=0, max_value=15)),
    )


def _with(cycle: Cycle, **over: object) -> Cycle:
    kept = {name: getattr(cycle, name) for name in Cycle.__dataclass_fields__}
    return Cycle(**{**kept, **over})


@st.composite
def held(draw: st.DrawFn) -> Cycle:
    """A cycle with shares, in any phase, T anywhere."""
    cycle = draw(bases())
    splits = cycle.rules.splits
    reverse = draw(st.booleans())
    return _with(
        cycle,
        quantity=draw(SHARES),
        average=draw(AVERAGES),
        turn=(draw(FRACTIONS) * splits).quantize(D("1E-12")),
        cash=draw(MONEY),
        phase=Phase.REVERSE if reverse else Phase.NORMAL,
        reverse_day=draw(st.integers(min_value=1, max_value=9)) if reverse else 0,
    )


@st.composite
def planned(draw: st.DrawFn) -> Plan:
    cycle = draw(st.one_of(bases(), held()))
    centre = cycle.average if cycle.quantity else draw(PRICES)
    wide = st.decimals(min_value=D("0.4"), max_value=D("1.6"), places=3)
    closes = [max((centre * draw(wide)).quantize(D("0.01")), D("0.01")) for _ in range(5)]
    return versions.plan(cycle, Market(closes=tuple(closes)))


def _buys(plan: Plan) -> list[tuple[Decimal, int]]:
    return [
        (o.price, o.quantity) for o in plan.orders if o.side is Side.BUY and o.price is not None
    ]


def _sells(plan: Plan) -> list[tuple[Decimal | None, int]]:
    return [(o.price, o.quantity) for o in plan.orders if o.side is Side.SELL]


@given(planned(), st.decimals(min_value=D("0.01"), max_value=600, places=2))
@settings(max_examples=200, deadline=None)
def test_at_any_close_the_filled_buys_cost_no_more_than_the_unit(
    plan: Plan, close: Decimal
) -> None:
    closes = [close, *(price for price, _ in _buys(plan))]
    for each in closes:
        spent = sum(quantity for price, quantity in _buys(plan) if price >= each) * each
        assert spent <= plan.unit + D("1E-9")


@given(planned())
@settings(max_examples=200, deadline=None)
def test_no_buy_stands_at_or_above_an_own_sale_at_the_close(plan: Plan) -> None:
    sales = [o.price for o in plan.orders if o.side is Side.SELL and o.type is OrderType.LOC]
    for price, _ in _buys(plan):
        for sale in sales:
            assert sale is not None
            assert price < sale


@given(planned())
@settings(max_examples=200, deadline=None)
def test_sales_offer_all_shares_in_the_normal_phase_and_never_more_than_are_held(
    plan: Plan,
) -> None:
    offered = sum(quantity for _, quantity in _sells(plan))
    assert offered <= plan.cycle.quantity
    if plan.cycle.phase is Phase.NORMAL:
        assert offered == plan.cycle.quantity
    elif plan.cycle.quantity:
        assert offered >= 1


@given(planned())
@settings(max_examples=200, deadline=None)
def test_every_order_has_a_price_in_cents_and_at_least_one_share(plan: Plan) -> None:
    for order in plan.orders:
        assert order.quantity >= 1
        assert order.reason
        if order.type is not OrderType.MOC:
            assert order.price is not None
            assert order.price == order.price.quantize(D("0.01"))
            assert order.price > 0


@given(planned())
@settings(max_examples=200, deadline=None)
def test_rungs_are_distinct_and_below_every_main_leg(plan: Plan) -> None:
    rungs = [o.price for o in plan.orders if o.leg is Leg.LADDER and o.price is not None]
    main = [
        o.price
        for o in plan.orders
        if o.side is Side.BUY and o.leg is not Leg.LADDER and o.price is not None
    ]
    assert len(set(rungs)) == len(rungs)
    assert len(rungs) <= plan.cycle.rules.ladder
    assert not rungs or max(rungs) < min(main)


@given(held(), FRACTIONS, FRACTIONS)
@settings(deadline=None)
def test_the_star_falls_as_t_rises_and_is_the_average_at_half_of_the_splits(
    cycle: Cycle, one: Decimal, other: Decimal
) -> None:
    splits, rules = cycle.rules.splits, cycle.rules
    low, high = sorted((one * splits, other * splits))
    assert star_price(rules, cycle.average, low) >= star_price(rules, cycle.average, high)
    middle = star_price(rules, cycle.average, D(splits) / 2)
    assert abs(middle - cycle.average) <= D("0.005")


@given(planned(), st.data())
@settings(max_examples=200, deadline=None)
def test_after_any_day_t_lies_between_nothing_and_the_splits(
    plan: Plan, data: st.DataObject
) -> None:
    price = data.draw(PRICES)
    low = data.draw(st.decimals(min_value=D("0.5"), max_value=1, places=2)) * price
    bar = Bar(day=TUESDAY, open=price, high=price * 2, low=low, close=price)
    after = settle(plan, matching.fills(plan, bar), TUESDAY).cycle
    assert 0 <= after.turn <= after.rules.splits
    assert (after.quantity == 0) == (after.average == 0)
    assert after.quantity or after.turn == 0


@given(planned())
@settings(max_examples=200, deadline=None)
def test_normal_has_at_least_a_unit_left_and_reverse_no_half(plan: Plan) -> None:
    cycle = plan.cycle
    if cycle.phase is Phase.NORMAL:
        assert cycle.turn <= cycle.rules.splits - 1
        assert plan.half is (Half.FIRST if 2 * cycle.turn < cycle.rules.splits else Half.SECOND)
    else:
        assert plan.half is None
        assert cycle.reverse_day >= 1


@given(planned(), st.lists(PRICES, min_size=5, max_size=5))
@settings(deadline=None)
def test_a_plan_is_made_again_the_same_from_its_own_state(
    plan: Plan, closes: list[Decimal]
) -> None:
    market = Market(closes=tuple(closes))
    assert versions.plan(plan.cycle, market) == versions.plan(plan.cycle, market)


@given(
    bases(),
    st.lists(
        st.decimals(min_value=D("0.8"), max_value=D("1.25"), places=3), min_size=8, max_size=60
    ),
    st.sampled_from(["0", "0.25"]),
)
@settings(max_examples=40, deadline=None)
def test_the_books_of_any_run_balance(base: Cycle, moves: list[Decimal], rate: str) -> None:
    rules = versions.rules(
        "4.0", base.rules.symbol, base.rules.splits, fee_percent=D(rate), ladder=base.rules.ladder
    )
    close, day, bars = D(50), date(2026, 1, 1), list[Bar]()
    for move in moves:
        opened = close
        close = max((close * move).quantize(D("0.01")), D("0.50"))
        high, low = max(opened, close), min(opened, close)
        bars.append(Bar(day=day, open=opened, high=high, low=low, close=close))
        day += timedelta(days=1)
    result = backtest.run(_with(base, rules=rules), bars)
    for session in result.sessions:
        assert session.quantity >= 0
        assert session.cash >= -session.fees
    last = result.sessions[-1]
    held_at_cost = last.cash + last.quantity * last.average
    assert abs(held_at_cost - base.principal - result.realized) < D("1E-6")
