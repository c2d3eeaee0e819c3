from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy import backtest, comparison, sweep, versions
from strategy.cycle import start
from strategy.errors import StrategyError
from strategy.ledgers import begin
from strategy.ledgers import run as run_ledgers
from strategy.model import Compounding
from strategy.start_dates import begun
from strategy.sweep import Found, Job, Span
from tests.bot.laboratory.studies import bars, fall_and_rise

D = Decimal
BARS = bars(fall_and_rise())


def figures(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(D, texts))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("8", figures("8")),
        ("0,8", figures("0", "8")),
        ("5:6:0.5", figures("5", "5.5", "6")),
        ("5:6:0.4", figures("5", "5.4", "5.8")),
        (" 3 , 1:2:1", figures("3", "1", "2")),
        ("5.0,5,5.00", figures("5")),
        ("7:7:1", figures("7")),
        ("-1:1:1", figures("-1", "0", "1")),
    ],
)
def test_numbers_and_ranges_are_read_with_both_ends_each_value_once(
    text: str, values: tuple[Decimal, ...]
) -> None:
    assert sweep.numbers(text) == values
    assert [str(value) for value in sweep.numbers(text)] == [str(value) for value in values]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a number"),
        ("5,", "not a number"),
        ("a", "not a number"),
        ("1_000", "not a number"),
        ("nan", "not a number"),
        ("1e3", "not a number"),
        ("٣", "not a number"),
        ("+-5", "not a number"),
        ("--5", "not a number"),
        ("5.5.5", "not a number"),
        (".", "not a number"),
        ("1:2", "is no range"),
        ("1:2:3:4", "is no range"),
        ("1:2:0", "must rise"),
        ("1:2:-1", "must rise"),
        ("2:1:1", "must rise"),
        ("0:1:0.00001", "more than 10000 values"),
        ("9999999999999999", "beyond any figure"),
    ],
)
def test_what_is_no_list_is_refused_by_a_sentence(text: str, why: str) -> None:
    with pytest.raises(StrategyError, match=why):
        sweep.numbers(text)


def test_a_grid_has_an_agreement_for_every_choice_the_last_axis_turning_fastest() -> None:
    made, refused = sweep.agreements(
        {
            "method": ["4.0"],
            "symbol": ["TQQQ"],
            "splits": [20, 30],
            "target_percent": figures("5", "10"),
        }
    )
    assert refused == ()
    pairs = [(rules.splits, rules.target_percent) for rules in made]
    assert pairs == [(20, D(5)), (20, D(10)), (30, D(5)), (30, D(10))]
    assert made[0] == versions.rules("4.0", "TQQQ", 20, target_percent=D(5))


def test_what_the_book_refuses_is_left_out_with_its_sentence() -> None:
    made, refused = sweep.agreements(
        {"method": ["4.0", "2.2"], "symbol": ["TQQQ"], "splits": [20, 25]}
    )
    assert [(rules.method, rules.splits) for rules in made] == [
        ("4.0", 20),
        ("2.2", 20),
        ("2.2", 25),
    ]
    ((choice, why),) = refused
    assert choice == {"method": "4.0", "symbol": "TQQQ", "splits": 25}
    assert why == "version 4.0 takes 20, 30 or 40 splits, not 25"


def test_an_option_of_one_version_is_not_varied_in_the_others() -> None:
    axes: dict[str, list[Any]] = {
        "method": ["4.0", "2.2"],
        "symbol": ["TQQQ"],
        "splits": [40],
        "turn_decimals": [1, 2],
        "compounding": [Compounding.FULL, Compounding.NONE],
    }
    made, refused = sweep.agreements(axes)
    assert refused == ()
    assert [(rules.method, rules.turn_decimals, rules.compounding.value) for rules in made] == [
        ("4.0", 2, "full"),
        ("4.0", 2, "none"),
        ("2.2", 1, "full"),
        ("2.2", 1, "none"),
        ("2.2", 2, "full"),
        ("2.2", 2, "none"),
    ]


def test_a_grid_without_one_allowed_choice_is_refused_as_the_book_does() -> None:
    with pytest.raises(StrategyError, match="there is no version 9"):
        sweep.agreements({"method": ["9"], "symbol": ["TQQQ"], "splits": [20]})
    with pytest.raises(StrategyError, match="FNGU needs --unofficial and a --target-percent"):
        sweep.agreements({"method": ["4.0"], "symbol": ["FNGU"], "splits": [20]})


def test_a_grid_beyond_reason_is_refused_before_it_is_made() -> None:
    many = sweep.numbers("1:90:0.01")
    with pytest.raises(StrategyError, match="more than 10000 agreements"):
        sweep.agreements(
            {"method": ["4.0"], "symbol": ["TQQQ"], "splits": [20, 40], "target_percent": many}
        )


def test_every_start_has_its_whole_horizon_and_the_last_bar_is_reached() -> None:
    assert sweep.spans(10, 2, 3, [4]) == (Span(4, 2, 6), Span(4, 5, 9))
    assert sweep.spans(10, 2, 4, [8, None]) == (
        Span(8, 2, 10),
        Span(None, 2, 10),
        Span(None, 6, 10),
    )
    with pytest.raises(StrategyError, match="these are 8390656 runs, and one sweep takes"):
        sweep.spans(4097, 1, 1, range(1, 4097))
    with pytest.raises(StrategyError, match="a horizon of 9 sessions does not fit into 8"):
        sweep.spans(10, 2, 1, [9])
    with pytest.raises(StrategyError, match="needs a bar for the previous close"):
        sweep.spans(1, 1, 1, [1])


@pytest.mark.parametrize(("method", "splits"), [("4.0", 20), ("3.0", 20), ("2.2", 40), ("1.0", 40)])
def test_a_run_of_a_sweep_is_the_backtest_of_that_start_date(method: str, splits: int) -> None:
    rules = versions.rules(method, "TQQQ", splits, fee_percent=D("0.25"))
    jobs = [Job(rules, D(20000), span.first, span.last) for span in sweep.spans(86, 1, 13, [50])]
    assert len(jobs) == 3

    for job, outcome in zip(jobs, sweep.reference(BARS, jobs), strict=True):
        before = BARS[: job.first]
        ledgers = run_ledgers(begin(rules, D(20000), 1), BARS[job.first : job.last], history=before)
        alone = begun(ledgers.tape, ledgers.course)
        whole = backtest.run(start(rules, D(20000)), BARS[job.first : job.last], history=before)
        assert outcome == (
            alone.final_equity,
            alone.max_drawdown_percent,
            alone.exhausted_sessions,
            len(whole.finished),
        )
        assert comparison.price_return_percent(whole.tape) == alone.hold_return_percent


def found(own: str, hold: str = "0", fall: str = "1", exhausted: int = 0) -> Found:
    return Found(D(own), D(hold), D(fall), exhausted)


def test_runs_are_summed_up() -> None:
    runs = [
        found("10", "20", "5"),
        found("-50", "-60", "70", exhausted=3),
        found("30", "10", "9", exhausted=1),
        found("0", "-1", "2"),
    ]
    summary = sweep.summed(runs)
    assert (summary.runs, summary.gained, summary.better_than_hold) == (4, 2, 3)
    assert (summary.worst_percent, summary.best_percent) == (D(-50), D(30))
    assert summary.median_percent == D(5)
    # 5 % of the way over three gaps: 0.15 of the first gap, from -50 to 0.
    assert summary.percentile_5_percent == D("-42.5")
    assert summary.worst_drawdown_percent == D(70)
    assert (summary.exhausted, summary.odds_of_exhaustion_percent) == (2, D(50))


@given(st.lists(st.decimals(-100, 1000, places=4), min_size=1, max_size=30), st.integers(0, 100))
def test_a_percentile_lies_between_its_neighbours_and_rises(
    values: list[Decimal], wanted: int
) -> None:
    ordered = sorted(values)
    value = sweep.percentile(ordered, wanted)
    assert ordered[0] <= value <= ordered[-1]
    assert value <= sweep.percentile(ordered, min(wanted + 1, 100))
    assert sweep.percentile(ordered, 100) == ordered[-1]
