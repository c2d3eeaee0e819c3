"""Markets and agreements that no owner would choose: a seeded draw over everything there is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from strategy import versions
from strategy.model import Bar, Compounding, QuarterBudget, QuarterRounding, Rules
from strategy.price import CENT

D = Decimal
VERSIONS = ("1.0", "2.1", "2.2", "3.0", "4.0")
_HIGHEST = 9_000_000
_FOUR = ("open", "high", "low", "close")
_OTHERWISE = {
    "turn_half_up": True,
    "two_floors": True,
    "average_less_cent": True,
    "exhausted_at_last_unit": True,
    "grow_at_cycle_end": True,
    "target_by_ratio": True,
    "prorata_credit": True,
    "exit_on_old_average": True,
    "exhausted_without_share": False,
    "moc_without_share": False,
    "sell_one_in_reverse": False,
    "target_on_moc_day": False,
    "fee_in_sizing": True,
    "turn_decimals": 1,
}


def market(chance: Random) -> tuple[Bar, ...]:
    """Draw sessions: calm and wild, rising and falling, from cents to thousands of dollars."""
    before = chance.choice([1, 5, 20, 50, 300, 3000]) * 100
    swing = chance.choice([0.01, 0.03, 0.08, 0.2])
    drift = chance.choice([-0.02, -0.004, 0, 0.004])
    day, bars = date(2019, 1, 1), []
    for _ in range(chance.choice([30, 100, 250])):
        day += timedelta(days=chance.choice([1, 1, 1, 2, 4]))
        opened = _cents(before * (1 + chance.gauss(0, swing / 2)))
        close = _cents(opened * (1 + chance.gauss(drift, swing)))
        if chance.random() < 0.1:
            close = before
        if close < 40 and chance.random() < 0.5:
            close *= 3
        reach = round(abs(chance.gauss(0, swing / 2)) * close)
        bars.append(_bar(day, opened, max(opened, close) + reach, close))
        before = close
    return tuple(bars)


def rules(chance: Random, version: str) -> Rules:
    """Draw an agreement of a version, every option now and then at another answer."""
    target = chance.choice([D(5), D(10), D(12), D(15), D(20), _number(chance, "0.1", 30)])
    chosen: dict[str, Any] = {
        name: value for name, value in _OTHERWISE.items() if chance.random() < 0.3
    }
    chosen["near_target_percent"] = min(target, _number(chance, "0.1", 20))
    for name, draw in _DRAWS.items():
        if chance.random() < 0.4:
            chosen[name] = draw(chance)
    splits = chance.choice([20, 30, 40])
    if version == "2.2":
        splits = chance.randint(10, 100)
    return versions.rules(version, "TQQQ", splits, target_percent=target, unofficial=True, **chosen)


def principal(chance: Random) -> Decimal:
    """Draw a principal (USD): from what buys nothing to what buys a company."""
    cents = chance.choice([50, 10_000, 100_000, 1_234_567, 2_000_000, chance.randint(1, 10**8)])
    return D(cents) / 100


def short_principal(chance: Random, bars: tuple[Bar, ...], rules: Rules) -> Decimal:
    """Draw a principal (USD) whose unit buys a share or two at first, and may lack one later."""
    price = bars[0].close * rules.splits * chance.choice([1, 2, 3])
    return max((price * chance.randint(80, 130) / 100).quantize(CENT), CENT)


def pennies(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Lower prices to a fortieth, a cent at least."""
    return tuple(
        replace(
            bar, **{name: max((getattr(bar, name) / 40).quantize(CENT), CENT) for name in _FOUR}
        )
        for bar in bars
    )


def _number(chance: Random, least: str, most: float, decimals: int = 2) -> Decimal:
    return D(str(round(chance.uniform(float(least), most), decimals)))


_DRAWS: dict[str, Callable[[Random], Any]] = {
    "reverse_exit_percent": lambda c: c.choice([D(10), D(15), _number(c, "0.1", 99)]),
    "first_buy_percent": lambda c: c.choice([D(0), D(10), D(15), _number(c, "0", 100)]),
    "ladder": lambda c: c.choice([0, 1, 3, 8, 15]),
    "ladder_floor_percent": lambda c: _number(c, "0.1", 60),
    "band_percent": lambda c: c.choice([D(0), D(10), _number(c, "0", 30)]),
    "cap_percent": lambda c: c.choice([D(0), D(10), _number(c, "0", 40)]),
    "quarter_rounding": lambda c: c.choice(list(QuarterRounding)),
    "quarter_budget": lambda c: c.choice(list(QuarterBudget)),
    "reverse_factor": lambda c: c.choice([D("0.925"), _number(c, "0.5", 1, 4)]),
    "sell_out_percent": lambda c: c.choice([D(0), D(3), _number(c, "0", 99)]),
    "compounding": lambda c: c.choice(list(Compounding)),
    "fee_percent": lambda c: c.choice([D("0.25"), D("0.07"), D(10)]),
    "sell_fee_percent": lambda c: c.choice([D(0), D("0.25")]),
    "sec_fee_percent": lambda _: D("0.00278"),
}


def _cents(price: float) -> int:
    return min(max(1, round(price)), _HIGHEST)


def _bar(day: date, opened: int, high: int, close: int) -> Bar:
    low = min(opened, close)
    return Bar(
        day=day, open=D(opened) / 100, high=D(high) / 100, low=D(low) / 100, close=D(close) / 100
    )
