"""One run for every pair of splits and target, by either engine, and what a cell comes to."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from bot.laboratory.engines import KERNEL, REFERENCE, SESSIONS, Chosen, play
from bot.laboratory.errand import ErrandFailed, Way
from bot.laboratory.grid_errand import Cell, GridErrand
from bot.laboratory.window import Window
from strategy import performance, versions
from strategy.cycle import start
from strategy.errors import StrategyError
from strategy.model import Rules
from strategy.sweep import Job, Outcome

MOST: Mapping[str, int] = {REFERENCE: 400_000, KERNEL: 40_000_000}
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


def check_size(pairs: int, sessions: int, playing: Chosen) -> None:
    """Refuse what would take a small machine too long. Raises ErrandFailed."""
    if pairs * sessions <= MOST[playing.engine]:
        return
    korean, english = (
        (f" {playing.why.korean}.", f" {playing.why.english}.") if playing.why else ("", "")
    )
    raise ErrandFailed(
        f"표가 너무 큽니다 ({pairs}칸 x {sessions}거래일): 더 늦은 시작일이나 더 성긴 간격을 골라 "
        f"주세요.{korean}",
        f"The grid is too large ({pairs} cells of {sessions} sessions): choose a later start or "
        f"wider steps.{english}",
    )


def parcels(agreed: Sequence[Rules], sessions: int, engine: str) -> Iterator[Sequence[Rules]]:
    """Divide a grid into what is played, and remembered, at once."""
    size = max(SESSIONS[engine] // sessions, 1)
    for place in range(0, len(agreed), size):
        yield agreed[place : place + size]


def played(engine: str, agreed: Sequence[Rules], principal: Decimal, window: Window) -> list[Cell]:
    """Play a cell for every agreement. Raises StrategyError for what cannot be played."""
    bars, first = [*window.history, *window.traded], len(window.history)
    for rules in agreed:
        start(rules, principal)
    jobs = [Job(rules, principal, first, len(bars)) for rules in agreed]
    days = (bars[-1].day - bars[first - 1].day).days
    return [
        _cell(job, outcome, days)
        for job, outcome in zip(jobs, play(engine, bars, jobs), strict=True)
    ]


def _cell(job: Job, outcome: Outcome, days: int) -> Cell:
    final = outcome.final_equity
    return Cell(
        splits=job.rules.splits,
        target_percent=job.rules.target_percent,
        way=Way(
            return_percent=performance.return_percent(job.principal, final),
            cagr_percent=performance.cagr_percent(job.principal, final, days),
            max_drawdown_percent=outcome.max_drawdown_percent,
        ),
        finished=outcome.cycles,
        exhausted_sessions=outcome.exhausted_sessions,
    )
