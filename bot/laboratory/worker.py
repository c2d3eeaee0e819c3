"""`python -m bot.laboratory.worker HOME FOLDER`: one backtest in a process of its own.

It reads an `Errand` as JSON from stdin, writes a line of JSON to stdout for each step and one for
the end, and leaves picture, page and table in FOLDER. The code that trades is the code that runs
here: `study`, as in `muhan backtest`.
"""

import json
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter

from bot.after_orders import step_back
from bot.backtest_answers import write_days
from bot.charts.model import BacktestPicture
from bot.charts.wire import packed
from bot.errors import MuhanError
from bot.laboratory import sheets
from bot.laboratory.errand import Errand, Outcome, Started, Way
from bot.laboratory.question import Question, Starting
from bot.laboratory.study import Study, study
from bot.laboratory.window import stored_window, unrunnable
from bot.laboratory.words import Language, word
from strategy import start_dates
from strategy.comparison import Comparison
from strategy.errors import StrategyError
from strategy.ledgers import Ledgers

PICTURE, PAGE, DAYS, RUN = "backtest.png", "backtest.html", "days.csv", "run"

STARTING = Starting(every=21, horizon=252)
"""A start a month, followed for a year: what luck with the start date was worth."""

_TELL = 0.5
"""Seconds between two lines about how far it is."""


def main() -> None:
    """Run the errand of stdin; exit with status 3 and a sentence where it cannot be run."""
    step_back()
    home, folder = map(Path, sys.argv[1:])
    errand = TypeAdapter(Errand).validate_json(sys.stdin.buffer.read())
    try:
        answer, left_out = _studied(errand, home)
        tell({"step": "draw", "done": 0, "total": 0})
        _leave(answer, errand, folder)
    except MuhanError as error:
        tell({"refused": [error.korean, error.english]})
        sys.exit(3)
    outcome = TypeAdapter(Outcome).dump_python(_outcome(answer, left_out), mode="json")
    tell({"outcome": outcome})


def tell(line: dict[str, object]) -> None:
    """Write a line; whoever asked may be gone, and then there is nobody to work for."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _studied(errand: Errand, home: Path) -> tuple[Study, int]:
    """Run it over the stored prices. Raises MuhanError."""
    stored = stored_window(home, errand.rules.symbol, errand.start)
    question = Question(
        rules=errand.rules,
        principal=errand.principal,
        bars=stored.traded,
        history=stored.history,
        stagger=max(errand.rules.splits, 1),
        data_sha256=stored.sha256,
        starting=STARTING if len(stored.traded) >= STARTING.horizon else None,
    )
    try:
        return study(question, _track), stored.left_out
    except StrategyError as error:
        raise unrunnable(error) from error


def _track(name: str, steps: int) -> Callable[[], None]:
    done, told = 0, time.monotonic()

    def step() -> None:
        nonlocal done, told
        done += 1
        now = time.monotonic()
        if now - told >= _TELL:
            told = now
            tell({"step": name, "done": done, "total": steps})

    tell({"step": name, "done": 0, "total": steps})
    return step


def _leave(answer: Study, errand: Errand, folder: Path) -> None:
    """Leave picture, page and table; in English where the system has no Korean font."""
    language = Language(errand.language)
    described = _picture(answer, language, amounts=errand.amounts)
    (folder / RUN).write_bytes(packed(described))
    write_days(answer, folder / DAYS)
    if errand.drawn:
        _draw(answer, errand, folder)


def _draw(answer: Study, errand: Errand, folder: Path) -> None:
    # Here, because matplotlib takes a second that a run without pictures is not to take.
    from bot.charts.drawing import draw  # noqa: PLC0415 - above
    from bot.laboratory import chart  # noqa: PLC0415
    from bot.laboratory.fonts import language_of_pictures  # noqa: PLC0415
    from bot.laboratory.page import page  # noqa: PLC0415

    language = Language(errand.language)
    drawn = language_of_pictures(language)
    picture = _picture(answer, drawn, amounts=errand.amounts)
    (folder / PICTURE).write_bytes(draw(picture))
    text = page(answer, language, chart.pictures(answer, drawn))
    (folder / PAGE).write_text(text, encoding="utf-8")


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
        started=_started(answer),
        engine=answer.playing.engine,
    )


def _started(answer: Study) -> Started | None:
    starting = answer.question.starting
    if starting is None:
        return None
    summed = start_dates.summed(answer.starts)
    return Started(
        every=starting.every,
        horizon=starting.horizon,
        count=summed.count,
        worst_percent=summed.worst_percent,
        median_percent=summed.median_percent,
        best_percent=summed.best_percent,
        gained=summed.gained,
        ran_out=summed.ran_out,
    )


def _way(run: Ledgers | Comparison) -> Way:
    return Way(
        return_percent=run.return_percent,
        cagr_percent=Decimal(run.cagr_percent),
        max_drawdown_percent=Decimal(run.max_drawdown_percent),
    )


if __name__ == "__main__":
    main()
