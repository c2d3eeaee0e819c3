"""What a run would have come to by the day that it started on, played by an engine."""

from collections.abc import Iterator, Sequence

from bot.laboratory.engines import REFERENCE, follow
from bot.laboratory.question import Question, Starting, Track
from strategy import corporate_actions, ledgers, start_dates, sweep
from strategy.corporate_actions import CLOSES_KEPT
from strategy.ledgers import Course
from strategy.model import Bar
from strategy.start_dates import Start
from strategy.sweep import Job, Span

KEPT_AT_ONCE = 100_000
"""Sessions that the kernel keeps at a time: 8 MB."""


def started(question: Question, engine: str, track: Track) -> tuple[Start, ...]:
    """Play every start that was asked for; raises StrategyError where a horizon does not fit."""
    starting = question.starting
    if starting is None:
        return ()
    spans = _spans(question, starting)
    ledgers.check_stagger(question.cycles, starting.horizon, question.stagger)
    bars = [*question.history, *question.bars]
    together = max(KEPT_AT_ONCE // (starting.horizon * question.cycles), 1)
    step = track("start dates", len(spans))
    found: list[Start] = []
    for (_, first, stop), course in _played(
        question, bars, spans, engine, 1 if engine == REFERENCE else together
    ):
        before = bars[max(first - CLOSES_KEPT, 0) : first]
        tape = corporate_actions.tape(before, bars[first:stop], question.actions)
        found.append(start_dates.begun(tape, course))
        step()
    return tuple(found)


def sessions_started(question: Question) -> int:
    """Count the sessions that an engine may play; over splits and dividends the reference does."""
    starting = question.starting
    if starting is None or question.actions:
        return 0
    each = ledgers.sessions_traded(question.cycles, starting.horizon, question.stagger)
    return each * len(_spans(question, starting))


def _spans(question: Question, starting: Starting) -> Sequence[Span]:
    bars = len(question.history) + len(question.bars)
    return sweep.spans(bars, len(question.history) or 1, starting.every, [starting.horizon])


def _played(
    question: Question, bars: Sequence[Bar], spans: Sequence[Span], engine: str, together: int
) -> Iterator[tuple[Span, Course]]:
    for place in range(0, len(spans), together):
        batch = spans[place : place + together]
        courses = (
            _over_actions(question, bars, batch)
            if question.actions
            else _by_engine(question, bars, batch, engine)
        )
        yield from zip(batch, courses, strict=True)


def _by_engine(
    question: Question, bars: Sequence[Bar], spans: Sequence[Span], engine: str
) -> Iterator[Course]:
    """Play the ledgers of every start as jobs of their own, each waiting for its turn."""
    begun = ledgers.begin(question.rules, question.principal, question.cycles)
    jobs = [
        Job(question.rules, cycle.principal, first + number * question.stagger, stop)
        for _, first, stop in spans
        for number, cycle in enumerate(begun)
    ]
    courses = follow(engine, bars, jobs)
    for place in range(0, len(courses), len(begun)):
        yield ledgers.together(courses[place : place + len(begun)])


def _over_actions(
    question: Question, bars: Sequence[Bar], spans: Sequence[Span]
) -> Iterator[Course]:
    """Play by the reference, which alone follows splits and dividends."""
    begun = ledgers.begin(question.rules, question.principal, question.cycles)
    for _, first, stop in spans:
        played = ledgers.run(
            begun,
            bars[first:stop],
            stagger=question.stagger,
            history=bars[max(first - CLOSES_KEPT, 0) : first],
            actions=question.actions,
        )
        yield played.course
