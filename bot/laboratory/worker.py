"""`python -m bot.laboratory.worker HOME FOLDER`: one backtest in a process of its own.

It reads an `Errand` as JSON from stdin, writes a line of JSON to stdout for each step and one for
the end, and leaves picture, page and table in FOLDER. The code that trades is the code that runs
here: `study`, as in `muhan backtest`.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter

from bot.backtest_answers import write_days
from bot.charts.drawing import draw
from bot.charts.model import BacktestPicture
from bot.errors import MuhanError
from bot.laboratory import bars as files
from bot.laboratory import chart, sheets
from bot.laboratory.errand import Errand, ErrandFailed, Outcome, Way
from bot.laboratory.fonts import language_of_pictures
from bot.laboratory.page import page
from bot.laboratory.price_store import PriceStore
from bot.laboratory.study import Question, Study, study
from bot.laboratory.words import Language, word
from strategy.comparison import Comparison
from strategy.errors import StrategyError
from strategy.ledgers import Ledgers
from strategy.model import Bar

PICTURE, PAGE, DAYS = "backtest.png", "backtest.html", "days.csv"
AFTER_ORDERS = 15
"""Niceness: a backtest waits behind what trades."""

_FEWEST = 5
_TELL = 0.5
"""Seconds between two lines about how far it is."""


def main() -> None:
    """Run the errand of stdin; exit with status 3 and a sentence where it cannot be run."""
    os.nice(AFTER_ORDERS)
    home, folder = map(Path, sys.argv[1:])
    errand = TypeAdapter(Errand).validate_json(sys.stdin.buffer.read())
    try:
        answer, left_out = _studied(errand, home)
        _tell({"step": "draw", "done": 0, "total": 0})
        _leave(answer, errand, folder)
    except MuhanError as error:
        _tell({"refused": [error.korean, error.english]})
        sys.exit(3)
    outcome = TypeAdapter(Outcome).dump_python(_outcome(answer, left_out), mode="json")
    _tell({"outcome": outcome})


def _tell(line: dict[str, object]) -> None:
    """Write a line; whoever asked may be gone, and then there is nobody to work for."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _studied(errand: Errand, home: Path) -> tuple[Study, int]:
    """Run it over the stored prices. Raises MuhanError."""
    store = PriceStore(home)
    content, _ = store.content(errand.rules.symbol)
    try:
        bars = files.parse_bars(content, str(store.path(errand.rules.symbol)), allow_penny=True)
        history, traded, left_out = _window(bars, errand.start)
        if len(traded) < _FEWEST:
            raise _too_few(errand.rules.symbol, bars[-1].day)
        question = Question(
            rules=errand.rules,
            principal=errand.principal,
            bars=traded,
            history=history,
            stagger=max(errand.rules.splits, 1),
            data_sha256=files.digest(content),
        )
        return study(question, _track), left_out
    except (StrategyError, files.FileRefused) as error:
        raise ErrandFailed(
            f"이 조건으로는 돌릴 수 없습니다: {error}.", f"That cannot be run: {error}."
        ) from error


def _window(bars: Sequence[Bar], start: date | None) -> tuple[list[Bar], list[Bar], int]:
    """Cut into what was before and what is traded; trading begins after the last price under $1.

    There a cent is too coarse (settled.md, Prices and figures). The days it costs are counted.
    """
    cheap = [place for place, bar in enumerate(bars) if bar.low < files.PENNY_LIMIT]
    wanted = sum(bar.day < start for bar in bars) if start else 0
    # The bar before the first session is only its previous close, and must be dear enough too.
    first = max(wanted, cheap[-1] + 2 if cheap else 0, 1)
    return list(bars[:first]), list(bars[first:]), max(first - max(wanted, 1), 0)


def _track(name: str, steps: int) -> Callable[[], None]:
    done, told = 0, time.monotonic()

    def step() -> None:
        nonlocal done, told
        done += 1
        now = time.monotonic()
        if now - told >= _TELL:
            told = now
            _tell({"step": name, "done": done, "total": steps})

    _tell({"step": name, "done": 0, "total": steps})
    return step


def _leave(answer: Study, errand: Errand, folder: Path) -> None:
    """Leave picture, page and table; in English where the system has no Korean font."""
    language = Language(errand.language)
    drawn = language_of_pictures(language)
    picture = _picture(answer, drawn, amounts=errand.amounts)
    (folder / PICTURE).write_bytes(draw(picture))
    text = page(answer, language, chart.pictures(answer, drawn))
    (folder / PAGE).write_text(text, encoding="utf-8")
    write_days(answer, folder / DAYS)


def _picture(answer: Study, language: Language, *, amounts: bool) -> BacktestPicture:
    ledgers = answer.ledgers
    sessions = ledgers.first.sessions
    return BacktestPicture(
        language=language.value,
        amounts=amounts,
        symbol=answer.rules.symbol,
        method=answer.rules.method,
        splits=answer.rules.splits,
        principal=ledgers.principal,
        days=ledgers.days,
        ours=ledgers.equities,
        hold=answer.hold.equities,
        dca=answer.dca.equities,
        turns=tuple(session.turn for session in sessions),
        phases=tuple(session.plan.cycle.phase for session in sessions),
        figures=_figures(answer, language, amounts=amounts),
    )


def _figures(answer: Study, language: Language, *, amounts: bool) -> tuple[tuple[str, str], ...]:
    """Choose the figures that everybody looks at first."""
    found = {row[0]: row[-1] for row in sheets.figures(answer, language).rows}
    names = ("final_equity", "return", "cagr", "mdd", "wins", "exhaustions")
    wanted = [word(language, name) for name in names if amounts or name != "final_equity"]
    return tuple((name, found[name].partition(" (")[0]) for name in wanted)


def _outcome(answer: Study, left_out: int) -> Outcome:
    ledgers = answer.ledgers
    return Outcome(
        first=ledgers.days[0],
        last=ledgers.days[-1],
        sessions=answer.sessions,
        final_equity=ledgers.final_equity,
        ours=_way(ledgers),
        hold=_way(answer.hold),
        dca=_way(answer.dca),
        finished=len(answer.finished),
        wins=answer.wins,
        longest=answer.longest.sessions,
        spells=len(answer.spells),
        exhausted_sessions=answer.exhausted_sessions,
        fees=ledgers.fees,
        left_out=left_out,
        missing=len(answer.missing),
        jumps=len(answer.jumps),
    )


def _way(run: Ledgers | Comparison) -> Way:
    return Way(
        return_percent=run.return_percent,
        cagr_percent=Decimal(run.cagr_percent),
        max_drawdown_percent=Decimal(run.max_drawdown_percent),
    )


def _too_few(symbol: str, last: date) -> ErrandFailed:
    return ErrandFailed(
        f"{symbol} 시세가 그 기간에 너무 적습니다 (저장된 마지막 날 {last}). 더 긴 기간을 고르거나 "
        "시세를 다시 받아 주세요.",
        f"There are too few prices of {symbol} in those days (the last stored is {last}). Choose "
        "a longer time, or fetch prices again.",
    )


if __name__ == "__main__":
    main()
