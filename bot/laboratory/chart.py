"""A picture of a run: equity, the close between average and star, and T."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from strategy.backtest import Result

_NOTHING = float("nan")


def draw(result: Result, path: Path) -> None:
    """Draw a run into a PNG file; raises OSError where it cannot be written.

    Figures become binary floats here, for pixels only.
    """
    sessions = result.sessions
    rules = result.began.rules
    days: list[Any] = [session.day for session in sessions]
    figure = Figure(figsize=(12, 9), layout="constrained")
    equity, price, turn = figure.subplots(3, 1, sharex=True, height_ratios=(3, 3, 2))
    equity.plot(days, [float(session.equity) for session in sessions], color="tab:blue")
    equity.set_ylabel("equity (USD)")
    equity.set_title(f"{rules.symbol} V{rules.method}, {rules.splits} splits")
    price.plot(days, [float(s.close) for s in sessions], color="0.6", label="close")
    price.plot(
        days, [_or_gap(s.average or None) for s in sessions], color="tab:orange", label="average"
    )
    price.plot(
        days, [_or_gap(s.plan.star_price) for s in sessions], color="tab:green", label="star price"
    )
    price.set_ylabel("price (USD)")
    price.legend(loc="upper left")
    turn.plot(days, [float(session.turn) for session in sessions], color="tab:red")
    turn.set_ylabel("T")
    turn.set_ylim(0, rules.splits)
    figure.savefig(path, format="png")


def _or_gap(value: Decimal | None) -> float:
    return _NOTHING if value is None else float(value)
