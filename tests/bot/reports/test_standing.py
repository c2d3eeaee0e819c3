from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.reports.standing import cycle_so_far, exhaustion, latest_day, totals
from strategy.cycle import FinishedCycle
from tests.bot.telegram.samples import AFTER, CYCLE, SETTLED

FINISHED = FinishedCycle(
    number=2,
    started=date(2026, 9, 21),
    ended=date(2026, 10, 8),
    sessions=13,
    principal=Decimal(10000),
    realized=Decimal("412.55"),
    fees=Decimal("6.20"),
    max_turn=Decimal("11.5"),
    exhausted=True,
)
NEXT = replace(
    SETTLED,
    round_id="2026-10-08.1",
    session=date(2026, 10, 8),
    before=AFTER,
    after=replace(CYCLE, number=3, quantity=0, turn=Decimal(0), average=Decimal(0), sessions=0),
    bought=0,
    sold=39,
    realized=Decimal("412.69"),
    fees=Decimal("6.06"),
    finished=FINISHED,
)
OTHER = replace(SETTLED, round_id="2026-10-08.2", cycle_id=2, session=NEXT.session, bought=3)


def test_exhaustion_is_t_over_the_splits_in_percent() -> None:
    assert exhaustion(CYCLE) == Decimal("18.75")


def test_the_last_day_adds_up_all_its_cycles_and_no_other_day() -> None:
    day = latest_day([OTHER, NEXT, SETTLED])
    assert day is not None
    assert day.session == date(2026, 10, 8)
    assert [settled.cycle_id for settled in day.rounds] == [1, 2]
    assert (day.bought, day.sold) == (3, 39)
    assert (day.realized, day.fees) == (Decimal("412.55"), Decimal("6.20"))


def test_there_is_no_report_before_the_first_settlement() -> None:
    assert latest_day([]) is None
    assert cycle_so_far([], 1) is None
    assert totals([]).sessions == 0


def test_a_cycle_is_described_by_its_own_last_settlement() -> None:
    cycle = cycle_so_far([SETTLED, OTHER], 1)
    assert cycle is not None
    assert cycle.quantity == 39
    assert cycle.exhaustion == Decimal("21.25")
    assert cycle.value_percent is not None
    assert round(cycle.value_percent, 2) == Decimal("-2.00")


def test_a_cycle_that_holds_nothing_has_no_value() -> None:
    cycle = cycle_so_far([NEXT, SETTLED], 1)
    assert cycle is not None
    assert cycle.value_percent is None


def test_totals_count_sessions_once_and_finished_cycles_by_their_profit() -> None:
    lost = replace(FINISHED, number=1, realized=Decimal("-1.00"), exhausted=False, sessions=61)
    earlier = replace(SETTLED, session=date(2026, 9, 1), finished=lost)
    added = totals([NEXT, OTHER, SETTLED, earlier])
    assert added.sessions == 3
    assert [cycle.number for cycle in added.finished] == [1, 2]
    assert (added.won, added.longest, added.exhausted) == (1, 61, 1)
    assert added.fees == Decimal("6.48")
