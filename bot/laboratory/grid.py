"""One run for every pair of splits and target, and what a cell comes to."""

from collections.abc import Iterator
from decimal import Decimal

from bot.laboratory.errand import ErrandFailed, Way
from bot.laboratory.grid_errand import Cell, GridErrand
from bot.laboratory.window import Window
from strategy import backtest, performance, versions
from strategy.cycle import start
from strategy.errors import StrategyError
from strategy.model import Rules

MOST = 400_000
"""Sessions of all cells together: some minutes on a small machine, with a way out."""


def agreements(errand: GridErrand) -> Iterator[Rules]:
    """Write the agreement of every pair; what the method does not allow is left out."""
    own = errand.rules
    for splits in errand.splits:
        for target in errand.targets:
            try:
                yield versions.rules(
                    own.method,
                    own.symbol,
                    splits,
                    target_percent=target,
                    unofficial=True,
                    ladder=own.ladder,
                    fee_percent=own.fee_percent,
                )
            except StrategyError:
                continue


def check_size(pairs: int, sessions: int) -> None:
    """Refuse what would take a small machine too long. Raises ErrandFailed."""
    if pairs * sessions > MOST:
        raise ErrandFailed(
            f"표가 너무 큽니다 ({pairs}칸 x {sessions}거래일): 더 늦은 시작일이나 더 성긴 간격을 "
            "골라 주세요.",
            f"The grid is too large ({pairs} cells of {sessions} sessions): choose a later start "
            "or wider steps.",
        )


def played(rules: Rules, principal: Decimal, window: Window) -> Cell:
    """Run one cell. The one place that plays: a faster engine of the same answers goes here."""
    result = backtest.run(start(rules, principal), window.traded, history=window.history)
    return Cell(
        splits=rules.splits,
        target_percent=rules.target_percent,
        way=Way(
            return_percent=performance.return_percent(principal, result.final_equity),
            cagr_percent=result.cagr_percent,
            max_drawdown_percent=result.max_drawdown_percent,
        ),
        finished=len(result.finished),
        exhausted_sessions=result.exhausted_sessions,
    )
