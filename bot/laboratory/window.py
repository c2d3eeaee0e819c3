"""Which of the stored bars a run trades, and which only come before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.laboratory import bars as files
from bot.laboratory.errand import ErrandFailed
from bot.laboratory.price_store import PriceStore
from strategy.errors import StrategyError
from strategy.model import Bar

_FEWEST = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The bars of a run and those before it (as traded, USD, oldest first).

    `left_out` are days at its beginning whose prices are too low to trade; `sha256` names the data.
    """

    history: list[Bar]
    traded: list[Bar]
    left_out: int
    sha256: str


def stored_window(home: Path, symbol: str, start: date | None) -> Window:
    """Read a symbol's stored bars from a day on. Raises MuhanError where no run is to be had."""
    store = PriceStore(home)
    content, _ = store.content(symbol)
    try:
        bars = files.parse_bars(content, str(store.path(symbol)), allow_penny=True)
    except files.FileRefused as error:
        raise unrunnable(error) from error
    history, traded, left_out = window(bars, start)
    if len(traded) < _FEWEST:
        raise _too_few(symbol, bars[-1].day)
    sha256 = files.digest(content)
    return Window(history=history, traded=traded, left_out=left_out, sha256=sha256)


def unrunnable(error: StrategyError | files.FileRefused) -> ErrandFailed:
    """Say that a run is not to be had, and why."""
    return ErrandFailed(
        f"이 조건으로는 돌릴 수 없습니다: {error}.", f"That cannot be run: {error}."
    )


def window(bars: Sequence[Bar], start: date | None) -> tuple[list[Bar], list[Bar], int]:
    """Cut into what was before and what is traded; trading begins after the last price under $1.

    There a cent is too coarse (settled.md, Prices and figures). The days it costs are counted.
    """
    cheap = [place for place, bar in enumerate(bars) if bar.low < files.PENNY_LIMIT]
    wanted = sum(bar.day < start for bar in bars) if start else 0
    # The bar before the first session is only its previous close, and must be dear enough too.
    first = max(wanted, cheap[-1] + 2 if cheap else 0, 1)
    return list(bars[:first]), list(bars[first:]), max(first - max(wanted, 1), 0)


def _too_few(symbol: str, last: date) -> ErrandFailed:
    return ErrandFailed(
        f"{symbol} 시세가 그 기간에 너무 적습니다 (저장된 마지막 날 {last}). 더 긴 기간을 고르거나 "
        "시세를 다시 받아 주세요.",
        f"There are too few prices of {symbol} in those days (the last stored is {last}). Choose "
        "a longer time, or fetch prices again.",
    )
