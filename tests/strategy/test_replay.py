"""Every past evening can be planned again from what was stored of it."""

from collections import deque
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.storage import codec
from strategy import backtest, versions
from strategy.cycle import start
from strategy.model import Leg, Market, Phase, Plan, Skip
from strategy.reasons import NO_REASON
from strategy.replay import differences
from tests.markets import wild_bars

SPLITS = {"1.0": 40, "2.1": 40, "2.2": 40, "3.0": 20, "4.0": 20}


def evenings(method: str, seed: int) -> list[tuple[Plan, Market]]:
    """The plans of a run over a wild market, each with the closes it was made from."""
    rules = versions.rules(method, "TQQQ", SPLITS[method])
    bars = wild_bars(seed, 120)
    closes = deque((bars[0].close,), maxlen=5)
    planned = []
    for session in backtest.run(start(rules, Decimal(20000)), bars).sessions:
        planned.append((session.plan, Market(closes=tuple(closes))))
        closes.append(session.close)
    return planned


@pytest.mark.parametrize("seed", [3, 7])
@pytest.mark.parametrize("method", sorted(SPLITS))
def test_every_stored_evening_gives_the_same_plan_again(method: str, seed: int) -> None:
    planned = evenings(method, seed)
    assert len(planned) == 119
    for plan, market in planned:
        stored = codec.loads(Plan, codec.dumps(plan))
        assert differences(stored, codec.loads(Market, codec.dumps(market))) == ()


def test_the_wild_markets_reach_the_phases_that_are_decided_anew() -> None:
    phases = {
        plan.cycle.phase
        for method in SPLITS
        for seed in (3, 7)
        for plan, _ in evenings(method, seed)
    }
    assert phases == set(Phase)


def test_a_plan_that_does_not_follow_is_told_line_by_line() -> None:
    plan, market = evenings("4.0", 3)[20]
    first = plan.orders[0]
    wrong = replace(
        plan,
        unit=plan.unit + 1,
        orders=(replace(first, quantity=first.quantity + 1), *plan.orders[1:-1]),
    )
    told = differences(wrong, market)
    assert [line.split(":")[0] for line in told] == ["unit", "orders", "order 1"]
    skipped = replace(plan, skips=(Skip(leg=Leg.STAR),))
    assert differences(skipped, market) == ("skips: stored 1, again 0",)
    assert differences(plan, Market(closes=(*market.closes[:-1], market.closes[-1] / 3))) != ()


def test_reasons_that_were_not_stored_are_not_compared() -> None:
    plan, market = evenings("4.0", 3)[20]
    old = replace(plan, orders=tuple(replace(order, why=NO_REASON) for order in plan.orders))
    assert differences(old, market) == ()


def test_a_state_that_cannot_be_planned_any_more_is_told() -> None:
    plan, market = evenings("4.0", 3)[20]
    broken = replace(plan, cycle=replace(plan.cycle, turn=Decimal(41)))
    (told,) = differences(broken, market)
    assert told.startswith("no plan comes of it now: T must lie between 0 and 20")
