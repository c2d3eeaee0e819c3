"""What the same money would have done on the same days: held, spread, or under another version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from strategy import backtest, comparison, corporate_actions, performance, versions
from strategy.comparison import Comparison
from strategy.corporate_actions import Tape, tape
from strategy.cycle import start
from strategy.errors import StrategyError
from strategy.model import Bar, Rules

VERSIONS = (("2.2", 40), ("3.0", 20), ("4.0", 40), ("4.0", 20))


class RivalKind(StrEnum):
    HOLD = "hold"
    DCA = "dca"
    VERSION = "version"


@dataclass(frozen=True, kw_only=True, slots=True)
class RivalsAsked:
    """The rules of a cycle, the money it began with (USD), and the bars of its sessions.

    `history` are the bars before them, one at least; all as traded, oldest first.
    """

    rules: Rules
    principal: Decimal
    history: tuple[Bar, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rival:
    """Another use of the money: percent gained, deepest fall, and worth after each session."""

    kind: RivalKind
    method: str
    splits: int
    return_percent: Decimal
    max_drawdown_percent: Decimal
    values: tuple[tuple[date, Decimal], ...]


def rivals(asked: RivalsAsked) -> Iterator[Rival]:
    """Play the rivals over the bars, each from the close before the first; fees as agreed.

    Holding and spreading come first. Raises StrategyError for bars that cannot be played.
    """
    laid = tape(asked.history, asked.bars, ())
    fee = asked.rules.fee_percent
    yield _plain(RivalKind.HOLD, laid, comparison.hold(laid, asked.principal, fee))
    spread = comparison.spread(laid, asked.principal, fee, len(asked.bars))
    yield _plain(RivalKind.DCA, laid, spread)
    for method, splits in VERSIONS:
        if (method, splits) != (asked.rules.method, asked.rules.splits):
            played = _played(asked, method, splits)
            if played is not None:
                yield played


def splits_seem(asked: RivalsAsked) -> bool:
    """Tell whether a split seems to lie between two bars: then none of them can be compared."""
    return bool(corporate_actions.jumps(tape(asked.history, asked.bars, ())))


def _plain(kind: RivalKind, laid: Tape, other: Comparison) -> Rival:
    return Rival(
        kind=kind,
        method="",
        splits=0,
        return_percent=other.return_percent,
        max_drawdown_percent=other.max_drawdown_percent,
        values=_dated([bar.day for bar in laid.bars], other.equities),
    )


def _played(asked: RivalsAsked, method: str, splits: int) -> Rival | None:
    """Play a version with its own defaults; None where it does not take the symbol."""
    own = asked.rules
    try:
        rules = versions.rules(
            method,
            own.symbol,
            splits,
            target_percent=own.target_percent,
            unofficial=True,
            fee_percent=own.fee_percent,
            sell_fee_percent=own.sell_fee_percent,
            sec_fee_percent=own.sec_fee_percent,
        )
        result = backtest.run(start(rules, asked.principal), asked.bars, history=asked.history)
    except StrategyError:
        return None
    return Rival(
        kind=RivalKind.VERSION,
        method=method,
        splits=splits,
        return_percent=performance.return_percent(asked.principal, result.final_equity),
        max_drawdown_percent=result.max_drawdown_percent,
        values=_dated(
            [session.day for session in result.sessions],
            [session.equity for session in result.sessions],
        ),
    )


def _dated(days: Sequence[date], values: Sequence[Decimal]) -> tuple[tuple[date, Decimal], ...]:
    return tuple(zip(days, values, strict=True))
