from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from bot.laboratory.question import Drawing, Question, Starting
from bot.laboratory.study import study
from strategy import backtest, cycle, ledgers, versions
from strategy.corporate_actions import DividendOn
from strategy.errors import StrategyError
from tests.bot.laboratory.studies import bars, fall_and_rise, full, quiet, studied

D = Decimal


def _question(**over: object) -> Question:
    fields: dict[str, object] = {
        "rules": versions.rules("4.0", "TQQQ", 20),
        "principal": D(20000),
        "bars": bars(fall_and_rise()),
    }
    return Question(**{**fields, **over})  # type: ignore[arg-type]  # a test's shorthand


def test_a_study_holds_the_plain_run_and_what_stands_beside_it() -> None:
    rules = versions.rules("4.0", "TQQQ", 20)
    plain = backtest.run(cycle.start(rules, D(20000)), bars(fall_and_rise()))
    found = study(_question(), quiet)
    assert found.ledgers.first == plain
    assert found.hold.return_percent == plain.hold_return_percent
    assert found.dca.parts == found.sessions == len(plain.sessions)
    assert sum(found.phases.values()) == found.sessions
    assert found.exhausted_sessions == plain.exhausted_sessions > 0
    assert [number for number, _ in found.finished] == [1] * len(plain.finished)
    assert len(found.years) == 2
    assert (found.odds, found.starts, found.missing) == (None, (), ())


def test_averaging_may_take_fewer_sessions() -> None:
    assert studied(dca_sessions=10).dca.parts == 10
    with pytest.raises(StrategyError, match="spread over"):
        studied(dca_sessions=1000)


def test_a_drawing_is_the_same_for_a_seed_and_another_for_another() -> None:
    first = full().odds
    assert first == full().odds
    assert first is not None
    assert 0 < first.exhausted < first.runs == 20
    drawings = [Drawing(runs=20, horizon=40, block=5, seed=seed) for seed in range(8)]
    hits = {found.odds.exhausted for each in drawings if (found := studied(drawing=each)).odds}
    assert len(hits) > 1


def test_more_runs_go_on_where_fewer_ended() -> None:
    def hits(runs: int) -> int:
        found = studied(drawing=Drawing(runs=runs, horizon=40, block=5, seed=3)).odds
        assert found is not None
        return found.exhausted

    counted = [hits(runs) for runs in range(1, 9)]
    assert all(later - earlier in {0, 1} for earlier, later in pairwise(counted))


def test_a_block_longer_than_the_run_is_refused() -> None:
    with pytest.raises(StrategyError, match="a block is 1 to 85 sessions"):
        studied(drawing=Drawing(runs=1, horizon=40, block=86, seed=1))


def test_every_start_is_the_run_that_would_have_begun_there() -> None:
    found = studied(starting=Starting(every=20, horizon=30), options={})
    every = bars(fall_and_rise())
    rules = versions.rules("4.0", "TQQQ", 20)
    assert [each.start for each in found.starts] == [every[1 + 20 * n].day for n in range(3)]
    for place, each in enumerate(found.starts):
        first = 1 + 20 * place
        alone = backtest.run(
            cycle.start(rules, D(20000)), every[first : first + 30], history=every[:first]
        )
        assert each.final_equity == alone.final_equity
        assert each.exhausted_sessions == alone.exhausted_sessions


def test_history_before_the_run_is_used_by_every_start() -> None:
    every = bars(fall_and_rise())
    found = study(
        _question(bars=every[20:], history=every[:20], starting=Starting(every=50, horizon=30)),
        quiet,
    )
    assert found.starts[0].start == every[20].day
    assert found.ledgers.tape.reference == every[19]


def test_several_cycles_are_started_at_every_start_too() -> None:
    alone = studied(starting=Starting(every=20, horizon=30))
    together = studied(starting=Starting(every=20, horizon=30), cycles=2, stagger=5)
    assert alone.starts[0].final_equity != together.starts[0].final_equity
    with pytest.raises(StrategyError, match="smaller stagger"):
        studied(starting=Starting(every=20, horizon=10), cycles=2, stagger=10)


@pytest.mark.parametrize("paid", [(), (D("0.5"),)], ids=["plain", "dividends on the way"])
def test_a_start_of_several_cycles_is_the_run_of_their_ledgers(paid: tuple[Decimal, ...]) -> None:
    every = bars(fall_and_rise())
    actions = [DividendOn(day=every[30].day, per_share=each) for each in paid]
    asked = _question(cycles=2, stagger=5, actions=actions, starting=Starting(every=20, horizon=30))
    for place, each in enumerate(study(asked, quiet).starts):
        first = 1 + 20 * place
        alone = ledgers.run(
            ledgers.begin(asked.rules, D(20000), 2),
            every[first : first + 30],
            stagger=5,
            history=every[:first],
            actions=actions,
        )
        assert each.final_equity == alone.final_equity
        assert each.max_drawdown_percent == alone.max_drawdown_percent
        assert each.exhausted_sessions == sum(one.exhausted_sessions for one in alone.results)
    assert place == 2


def test_missing_sessions_of_the_run_are_named() -> None:
    every = bars(fall_and_rise())
    kept = [*every[:10], *every[11:30], *every[32:]]
    found = study(_question(bars=kept), quiet)
    assert found.missing == (every[10].day, every[30].day, every[31].day)
    assert found.sessions == len(every) - 1 - 3
    later = study(_question(bars=kept[20:], history=kept[:20]), quiet)
    assert later.missing == (every[30].day, every[31].day)
    between = study(_question(bars=every[21:], history=every[:20]), quiet)
    assert between.missing == (every[20].day,)


def test_long_work_is_announced_with_its_steps_and_reported_step_by_step() -> None:
    announced: dict[str, int] = {}
    done: dict[str, int] = {}

    def track(name: str, steps: int) -> Callable[[], None]:
        announced[name], done[name] = steps, 0

        def step() -> None:
            done[name] += 1

        return step

    drawing = Drawing(runs=4, horizon=10, block=5, seed=1)
    asked = _question(cycles=2, stagger=5, drawing=drawing, starting=Starting(every=9, horizon=30))
    study(asked, track)
    assert announced == done
    assert announced["backtest"] == 85 + 80
    assert announced["bootstrap"] == 4
    assert announced["start dates"] == 7


def test_dates_are_new_york_sessions() -> None:
    assert bars(["40", "41"])[0].day == date(2025, 11, 3)
