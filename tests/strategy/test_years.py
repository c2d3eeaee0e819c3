from dataclasses import replace
from datetime import date
from decimal import Decimal

from strategy import comparison
from strategy.cycle import FinishedCycle
from strategy.ledgers import Ledgers, begin, run
from strategy.years import by_year, wins
from tests.strategy.states import D, fresh, series

CLOSES = ["40", "40", "39", "60", "58", "55", "50", "62", "58", "70", "69", "80"]
LAST_WEEK = date(2026, 12, 26)


def _played() -> Ledgers:
    rules = fresh(fee_percent=D("0.25")).rules
    return run(begin(rules, D(20000), 2), series(CLOSES, first=LAST_WEEK), stagger=1)


def _held(played: Ledgers) -> tuple[Decimal, ...]:
    return comparison.hold(played.tape, played.principal, D(0)).equities


def _cycle(realized: str) -> FinishedCycle:
    (first, *_) = _played().first.finished
    return replace(first, realized=D(realized))


def test_years_follow_each_other_without_a_gap() -> None:
    played = _played()
    first, second = by_year(played, _held(played))
    assert (first.year, second.year) == (2026, 2027)
    assert (first.sessions, second.sessions) == (5, 6)
    assert first.start_equity == 20000
    assert first.end_equity == second.start_equity == played.equities[4]
    assert second.end_equity == played.final_equity


def test_what_the_years_brought_adds_up_to_the_run() -> None:
    played = _played()
    years = by_year(played, _held(played))
    assert sum(year.realized for year in years) == played.realized
    assert sum(year.fees for year in years) == played.fees > 0
    ended = [cycle for result in played.results for cycle in result.finished]
    assert sum(year.cycles for year in years) == len(ended) > 2
    assert [year.cycles for year in years] == [2, len(ended) - 2]
    assert all(year.wins + year.losses == year.cycles for year in years)


def test_a_years_return_stands_beside_holding() -> None:
    played = _played()
    first, second = by_year(played, _held(played))
    assert first.hold_return_percent == D("37.5")
    assert second.hold_return_percent == D("45.4545")
    assert first.return_percent == (first.end_equity - 20000) / 200
    assert first.max_drawdown_percent >= 0


def test_a_cycle_is_won_with_a_profit_left_after_fees() -> None:
    assert wins([_cycle("0.01"), _cycle("0"), _cycle("-5")]) == 1
