"""A backtest and all that is worth knowing of it, computed once for every way of showing it."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.laboratory.bars import missing_sessions
from strategy import comparison, corporate_actions, exhaustion, ledgers, odds, start_dates, years
from strategy.backtest import Session
from strategy.comparison import Comparison
from strategy.corporate_actions import CLOSES_KEPT, CorporateAction, DividendOn, SplitOn
from strategy.cycle import FinishedCycle
from strategy.exhaustion import Longest, Spell
from strategy.ledgers import Ledgers
from strategy.model import Bar, Cycle, Phase, Rules
from strategy.odds import Odds
from strategy.start_dates import Start
from strategy.years import Year

Track = Callable[[str, int], Callable[[], None]]
"""Announce a long work and its number of steps; what comes back is called after each step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """How futures are drawn: so many runs of `horizon` sessions, in blocks, from a seed."""

    runs: int
    horizon: int
    block: int
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Starting:
    """A start every so many sessions, each followed for `horizon` sessions."""

    every: int
    horizon: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a backtest is asked.

    `history` are the bars before trading, `principal` is USD for all `cycles` together,
    `dca_sessions` the sessions that the plain spreading takes, all of the run when None.
    """

    rules: Rules
    principal: Decimal
    bars: Sequence[Bar]
    history: Sequence[Bar] = ()
    actions: Sequence[CorporateAction] = ()
    cycles: int = 1
    stagger: int = 0
    dca_sessions: int | None = None
    drawing: Drawing | None = None
    starting: Starting | None = None
    scale: Decimal = Decimal(1)
    data_sha256: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Study:
    """A run and what can be said of it.

    `missing` are NYSE sessions that the file lacks, `jumps` sessions that may hide a split.
    """

    question: Question
    ledgers: Ledgers
    hold: Comparison
    dca: Comparison
    years: tuple[Year, ...]
    phases: dict[Phase, int]
    longest: Longest
    spells: tuple[Spell, ...]
    missing: tuple[date, ...]
    jumps: tuple[date, ...]
    odds: Odds | None = None
    starts: tuple[Start, ...] = ()

    @property
    def rules(self) -> Rules:
        return self.question.rules

    @property
    def sessions(self) -> int:
        return len(self.ledgers.days)

    @property
    def exhausted_sessions(self) -> int:
        return sum(spell.sessions for spell in self.spells)

    @property
    def finished(self) -> tuple[tuple[int, FinishedCycle], ...]:
        """The cycles that ended, each with the number of its ledger."""
        return tuple(
            (number, cycle)
            for number, result in enumerate(self.ledgers.results, 1)
            for cycle in result.finished
        )

    @property
    def wins(self) -> int:
        return years.wins([cycle for _, cycle in self.finished])

    def has_split(self) -> bool:
        return any(isinstance(each, SplitOn) for each in self.question.actions)

    def has_dividend(self) -> bool:
        return any(isinstance(each, DividendOn) for each in self.question.actions)


def study(question: Question, track: Track) -> Study:
    """Run the backtest and all that was asked beside it.

    Raises StrategyError with one sentence for what cannot be run.
    """
    begun = ledgers.begin(question.rules, question.principal, question.cycles)
    before = question.history or question.bars[:1]
    traded = question.bars if question.history else question.bars[1:]
    if before:
        corporate_actions.check_splits(corporate_actions.tape(before, traded, question.actions))
    played = _played(question, begun, track)
    tape, fee = played.tape, question.rules.fee_percent
    hold = comparison.hold(tape, played.principal, fee)
    parts = len(tape.bars) if question.dca_sessions is None else question.dca_sessions
    spells = exhaustion.spells(played)
    dca = comparison.spread(tape, played.principal, fee, parts)
    return Study(
        question=question,
        ledgers=played,
        hold=hold,
        dca=dca,
        years=years.by_year(played, hold.equities),
        phases=exhaustion.phases(played),
        longest=exhaustion.longest_cycle(played),
        spells=spells,
        jumps=corporate_actions.jumps(tape),
        missing=tuple(missing_sessions([*question.history[-CLOSES_KEPT:], *question.bars])),
        odds=_odds(question.drawing, played, begun[0], track),
        starts=_starts(question, track),
    )


def _played(question: Question, begun: Sequence[Cycle], track: Track) -> Ledgers:
    sessions = len(question.bars) - (0 if question.history else 1)
    total = ledgers.sessions_traded(question.cycles, sessions, question.stagger)
    step = track("backtest", total)

    def on_session(_: Session) -> None:
        step()

    return ledgers.run(
        begun,
        question.bars,
        stagger=question.stagger,
        history=question.history,
        actions=question.actions,
        on_session=on_session,
    )


def _odds(drawing: Drawing | None, played: Ledgers, begun: Cycle, track: Track) -> Odds | None:
    """Draw futures after the run's last close, and begin the first ledger's cycle in each."""
    if drawing is None:
        return None
    shapes = odds.shapes(played.tape)
    odds.check(len(shapes), drawing.horizon, drawing.block)
    last = played.tape.bars[-1]
    step = track("bootstrap", drawing.runs)
    exhausted = 0
    for drawn in _futures(drawing, len(shapes)):
        bars = odds.future((shapes[pick] for pick in drawn), last.close, last.day)
        exhausted += odds.runs_out(begun, (last.close,), bars)
        step()
    return Odds(
        horizon=drawing.horizon, block=drawing.block, runs=drawing.runs, exhausted=exhausted
    )


def _futures(drawing: Drawing, days: int) -> Iterator[list[int]]:
    """Draw each future whole: a cycle that runs out early shifts none that come after it."""
    below = random.Random(drawing.seed).randrange
    for _ in range(drawing.runs):
        yield list(odds.picks(days, drawing.horizon, drawing.block, below))


def _starts(question: Question, track: Track) -> tuple[Start, ...]:
    starting = question.starting
    if starting is None:
        return ()
    bars = [*question.history, *question.bars]
    first = len(question.history) or 1
    places = start_dates.starts(len(bars) - first, starting.every, starting.horizon)
    step = track("start dates", len(places))

    def trade(window: Sequence[Bar], history: Sequence[Bar]) -> Ledgers:
        begun = ledgers.begin(question.rules, question.principal, question.cycles)
        return ledgers.run(
            begun,
            window,
            stagger=question.stagger,
            history=history,
            actions=question.actions,
        )

    found: list[Start] = []
    for place in places:
        before = bars[max(first + place - CLOSES_KEPT, 0) : first + place]
        window = bars[first + place : first + place + starting.horizon]
        found.append(start_dates.from_day(trade, window, before))
        step()
    return tuple(found)
