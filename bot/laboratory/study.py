"""A backtest and all that is worth knowing of it, computed once for every way of showing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.laboratory.bars import missing_sessions
from bot.laboratory.drawing import drawn
from bot.laboratory.engines import REFERENCE, Chosen, chosen
from bot.laboratory.question import Question, Track
from bot.laboratory.starting import sessions_started, started
from strategy import comparison, corporate_actions, exhaustion, ledgers, years
from strategy.backtest import Session
from strategy.comparison import Comparison
from strategy.corporate_actions import CLOSES_KEPT, DividendOn, SplitOn
from strategy.cycle import FinishedCycle
from strategy.exhaustion import Longest, Spell
from strategy.ledgers import Ledgers
from strategy.model import Cycle, Phase, Rules
from strategy.odds import Odds
from strategy.start_dates import Start
from strategy.years import Year


@dataclass(frozen=True, kw_only=True, slots=True)
class Study:
    """A run and what can be said of it.

    `missing` are NYSE sessions that the file lacks, `jumps` sessions that may hide a split;
    `playing` names who played the drawn futures and the start dates.
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
    playing: Chosen
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
    playing = _playing(question)
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
        odds=drawn(question.drawing, played.tape, begun[0], playing.engine, track),
        starts=started(question, playing.engine, track),
        playing=playing,
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


def _playing(question: Question) -> Chosen:
    """Choose who plays the many runs, where some are asked. Raises EngineRefused, StrategyError."""
    drawing = question.drawing
    sessions = drawing.runs * drawing.horizon if drawing else 0
    sessions += sessions_started(question)
    return chosen(question.engine, [question.rules], sessions) if sessions else Chosen(REFERENCE)
