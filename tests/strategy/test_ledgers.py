import pytest

from strategy import backtest, ledgers
from strategy.errors import StrategyError
from strategy.ledgers import begin, run, sessions_traded
from strategy.model import Rules
from tests.strategy.states import D, fresh, series

CLOSES = ["40", "40", "38", "39", "60", "60", "55", "50", "62", "58"]


def _rules() -> Rules:
    return fresh().rules


def test_one_ledger_is_the_plain_run() -> None:
    bars = series(CLOSES)
    alone = run(begin(_rules(), D(20000), 1), bars)
    plain = backtest.run(fresh(), bars)
    assert alone.results == (plain,)
    assert alone.equities == tuple(session.equity for session in plain.sessions)
    assert alone.final_equity == plain.final_equity
    assert alone.cagr_percent == plain.cagr_percent
    assert alone.max_drawdown_percent == plain.max_drawdown_percent


def test_the_principal_is_divided_to_the_cent_and_none_is_lost() -> None:
    parts = [cycle.principal for cycle in begin(_rules(), D("1000.00"), 3)]
    assert parts == [D("333.33"), D("333.33"), D("333.34")]


def test_each_ledger_starts_so_many_sessions_later_and_trades_alone() -> None:
    bars = series(CLOSES)
    together = run(begin(_rules(), D(20000), 3), bars, stagger=2)
    assert [len(result.sessions) for result in together.results] == [9, 7, 5]
    late = together.results[2]
    assert late == backtest.run(fresh(principal="6666.68"), bars[5:], history=bars[:5])
    assert late.reference == bars[4]


def test_a_waiting_seed_counts_as_cash() -> None:
    together = run(begin(_rules(), D(20000), 2), series(CLOSES), stagger=4)
    first, second = together.results
    assert together.equities[3] == first.sessions[3].equity + 10000
    assert together.equities[4] == first.sessions[4].equity + second.sessions[0].equity
    assert together.principal == 20000


def test_the_money_of_all_ledgers_adds_up() -> None:
    rules = fresh(fee_percent=D("0.25"), sec_fee_percent=D("0.01")).rules
    together = run(begin(rules, D(20000), 2), series(CLOSES), stagger=1)
    first, second = together.results
    assert together.realized == first.realized + second.realized
    assert together.fees == first.fees + second.fees > together.sec_fees > 0
    assert together.return_percent == D("3.2614")
    assert together.final_equity == D("20652.27")


def test_cycles_that_would_never_start_are_refused() -> None:
    with pytest.raises(StrategyError, match="choose fewer cycles or a smaller stagger"):
        run(begin(_rules(), D(20000), 4), series(CLOSES), stagger=3)
    last = run(begin(_rules(), D(20000), 3), series(CLOSES), stagger=4).results[2]
    assert len(last.sessions) == 1


def test_sessions_of_all_ledgers_are_counted() -> None:
    assert sessions_traded(3, 9, 2) == 9 + 7 + 5
    assert sessions_traded(3, 3, 2) == 3 + 1


def test_no_principal_is_refused_in_words() -> None:
    with pytest.raises(StrategyError, match="above 0"):
        ledgers.begin(_rules(), D("0.01"), 3)
