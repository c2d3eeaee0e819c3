"""Any plan of any version: what the laws of the method are held against (hypothesis)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from strategy import cycle, quarter, versions
from strategy.model import (
    Compounding,
    Counting,
    Cycle,
    Market,
    Order,
    Phase,
    Plan,
    QuarterBudget,
    QuarterRounding,
    Rules,
    Side,
)
from strategy.turn import from_cost

D = Decimal
CENT = D("0.01")
METHODS = tuple(versions.METHODS)
PHASES = {
    "1.0": (Phase.NORMAL,),
    "2.1": (Phase.NORMAL,),
    "2.2": (Phase.NORMAL, Phase.QUARTER),
    "3.0": (Phase.NORMAL, Phase.QUARTER),
    "4.0": (Phase.NORMAL, Phase.REVERSE),
}
PRICES = st.decimals(min_value=1, max_value=500, places=2)
AVERAGES = st.decimals(min_value=1, max_value=500, places=12)
FRACTIONS = st.decimals(min_value=0, max_value=1, places=9)
MOVES = st.decimals(min_value=D("0.4"), max_value=D("1.6"), places=3)

# Every option that changes a plan, with answers of its range; None leaves the version's own.
_CHOICES: dict[str, tuple[Any, ...]] = {
    "first_buy_percent": (D(0), D(10), D(15), D(40)),
    "near_target_percent": (D(3), D("4.5")),
    "reverse_exit_percent": (D(5), D(25)),
    "ladder": (0, 1, 5, 15),
    "ladder_floor_percent": (D(10), D(30)),
    "band_percent": (D(0), D(10), D(1000)),
    "cap_percent": (D(0), D(15)),
    "turn_decimals": (1,),
    "turn_half_up": (True,),
    "two_floors": (True,),
    "quarter_rounding": (QuarterRounding.HALF_UP, QuarterRounding.AT_LEAST_ONE),
    "average_less_cent": (True,),
    "exhausted_at_last_unit": (True,),
    "exhausted_without_share": (False,),
    "moc_without_share": (False,),
    "sell_one_in_reverse": (False,),
    "exit_on_old_average": (True,),
    "reverse_factor": (D("0.925"),),
    "target_on_moc_day": (False,),
    "quarter_budget": (QuarterBudget.SHARED, QuarterBudget.SAME),
    "grow_at_cycle_end": (True,),
    "target_by_ratio": (True,),
    "prorata_credit": (True,),
    "sell_out_percent": (D(0), D(10)),
    "compounding": tuple(Compounding),
    "fee_percent": (D("0.25"),),
    "sell_fee_percent": (D("0.3"),),
    "sec_fee_percent": (D("0.00278"),),
    "fee_in_sizing": (True,),
}


@st.composite
def agreements(draw: st.DrawFn, methods: Sequence[str] = METHODS) -> Rules:
    """Rules of any version, symbol and splits, with up to three options answered otherwise."""
    method = draw(st.sampled_from(methods))
    splits = draw(st.sampled_from([20, 30, 40, *([10, 35, 97] if method == "2.2" else [])]))
    symbol = draw(st.sampled_from(["TQQQ", "SOXL", "UPRO"]))
    own = splits == 30 or symbol == "UPRO"
    target = draw(st.sampled_from([D(5), D(15), D("17.5")])) if own else None
    names = draw(st.lists(st.sampled_from(sorted(_CHOICES)), max_size=3, unique=True))
    chosen = {name: draw(st.sampled_from(_CHOICES[name])) for name in names}
    return versions.rules(method, symbol, splits, target_percent=target, unofficial=own, **chosen)


@st.composite
def bases(draw: st.DrawFn, methods: Sequence[str] = METHODS) -> Cycle:
    principal = D(draw(st.integers(min_value=1000, max_value=200_000)))
    return cycle.start(draw(agreements(methods)), principal)


@st.composite
def held(draw: st.DrawFn, methods: Sequence[str] = METHODS) -> Cycle:
    """A cycle with shares, in any phase and step of it, T anywhere between 0 and the splits."""
    base = draw(bases(methods))
    rules, average = base.rules, draw(AVERAGES)
    fraction = draw(st.one_of(FRACTIONS, st.sampled_from([D("0.5"), D("0.975"), D("0.99"), D(1)])))
    turn = (fraction * rules.splits).quantize(D("1E-12"))
    unit = base.unit or base.principal / rules.splits
    quantity = max(int(turn * unit / average), 1)
    if rules.counting is Counting.COST:
        turn = from_cost(rules, base.unit, quantity, average)
    else:
        quantity = draw(st.one_of(st.just(quantity), st.integers(min_value=1, max_value=20_000)))
    left = max(base.principal - quantity * average, D(0))
    money = st.decimals(min_value=0, max_value=200_000, places=2)
    cash = draw(st.one_of(st.just(left), money))
    reserve = draw(st.sampled_from([D(0), (cash / 3).quantize(CENT)]))
    state = replace(
        base,
        quantity=quantity,
        average=average,
        average_before=draw(st.sampled_from([average, average * D("1.1")])),
        turn=turn,
        max_turn=turn,
        cash=cash,
        reserve=reserve,
    )
    return _in_phase(draw, state)


def _in_phase(draw: st.DrawFn, state: Cycle) -> Cycle:
    phase = draw(st.sampled_from(PHASES[state.rules.method]))
    if phase is Phase.REVERSE:
        return replace(state, phase=phase, reverse_day=draw(st.integers(1, 9)))
    if phase is Phase.QUARTER:
        step = draw(st.integers(0, quarter.rounds(state.rules) + 2))
        unit = draw(st.sampled_from([D(0), state.unit / 3, state.unit]))
        return replace(state, phase=phase, quarter_round=step, quarter_unit=unit)
    return state


@st.composite
def evenings(draw: st.DrawFn) -> tuple[Cycle, Market]:
    """A state and five closes around its average, some far from it."""
    state = draw(st.one_of(bases(), held(), held(), held()))
    centre = state.average if state.quantity else draw(PRICES)
    closes = [max((centre * draw(MOVES)).quantize(CENT), CENT) for _ in range(5)]
    return state, Market(closes=tuple(closes))


@st.composite
def planned(draw: st.DrawFn) -> Plan:
    return versions.plan(*draw(evenings()))


def buys(plan: Plan) -> list[Order]:
    return [order for order in plan.orders if order.side is Side.BUY]


def sales(plan: Plan) -> list[Order]:
    return [order for order in plan.orders if order.side is Side.SELL]


def limit(order: Order) -> Decimal:
    assert order.price is not None
    return order.price


def worst_cost(plan: Plan) -> Decimal:
    """Give the most that the plan's buys can cost: a close at each of their limits (USD)."""
    limits = [limit(order) for order in buys(plan)]
    return max((cost_at(plan, close) for close in limits), default=D(0))


def cost_at(plan: Plan, close: Decimal) -> Decimal:
    return sum(order.quantity for order in buys(plan) if limit(order) >= close) * close
