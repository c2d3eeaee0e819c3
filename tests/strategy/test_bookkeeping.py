"""The owner's changes: what they do to unit, T, shares and money, and which are refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from strategy import versions
from strategy.bookkeeping import (
    adjusted_closes,
    apply,
    effect,
    figures,
    free_cash,
    likely_split,
    turn_from_cost,
)
from strategy.changes import (
    Change,
    ChangeRefused,
    CompoundingChange,
    Dividend,
    HandTrade,
    SeedChange,
    ShareSplit,
    TurnCorrection,
)
from strategy.model import Compounding, Counting, Cycle, Phase, Rules, Side, Sizing
from strategy.price import round12, round_half_up

D = Decimal
KINDS = {
    "1.0": (Counting.EVENTS, Sizing.FIXED),
    "2.2": (Counting.COST, Sizing.FIXED),
    "3.0": (Counting.COST, Sizing.GROWING),
    "4.0": (Counting.EVENTS, Sizing.DAILY),
}


def running(
    method: str = "4.0",
    *,
    quantity: int = 100,
    average: str = "50",
    cash: str = "15000",
    turn: str = "10",
    reserve: str = "0",
) -> Cycle:
    """A cycle of 40 splits in mid-run whose books balance."""
    counting, sizing = KINDS[method]
    rules = Rules(
        method=method,
        symbol="TQQQ",
        splits=40,
        target_percent=D(10),
        reverse_exit_percent=D(10),
        counting=counting,
        sizing=sizing,
    )
    cost = quantity * D(average)
    principal = D(20000)
    cycle = Cycle(
        rules=rules,
        number=3,
        seed=D(18000),
        principal=principal,
        cash=D(cash),
        reserve=D(reserve),
        quantity=quantity,
        average=D(average) if quantity else D(0),
        average_before=D(average) + 1,
        turn=D(turn) if quantity else D(0),
        unit=D(0) if sizing is Sizing.DAILY else D(500),
        realized=D(cash) + cost - principal - D(reserve),
    )
    if counting is Counting.COST and quantity:
        return replace(cycle, turn=turn_from_cost(cycle))
    return cycle


def balance(cycle: Cycle) -> Decimal:
    """What no change changes: cash + cost - principal - reserve - realized."""
    cost = cycle.quantity * cycle.average
    return cycle.cash + cost - cycle.principal - cycle.reserve - cycle.realized


sums = st.decimals(D("0.01"), D(5000), places=2)
ratios = st.tuples(st.integers(1, 20), st.integers(1, 20)).filter(lambda pair: pair[0] != pair[1])
cycles = st.builds(
    running,
    st.sampled_from(sorted(KINDS)),
    quantity=st.integers(0, 250),
    average=st.decimals(D(30), D(70), places=6).map(str),
    cash=st.decimals(D(5000), D(15000), places=2).map(str),
    turn=st.decimals(D("0.5"), D(40), places=4).map(str),
    reserve=st.decimals(D(0), D(2000), places=2).map(str),
)
changes: st.SearchStrategy[Change] = st.one_of(
    sums.map(lambda amount: SeedChange(amount=amount)),
    sums.map(lambda amount: SeedChange(amount=-amount)),
    st.decimals(D("0.1"), D(40), places=6).map(lambda turn: TurnCorrection(turn=turn)),
    st.sampled_from(Compounding).map(lambda kind: CompoundingChange(compounding=kind)),
    sums.map(lambda amount: Dividend(amount=amount)),
    st.builds(
        lambda ratio, paid: ShareSplit(new=ratio[0], old=ratio[1], cash_in_lieu=paid),
        ratios,
        st.one_of(st.none(), sums),
    ),
    st.builds(
        lambda side, quantity, price: HandTrade(
            side=side, quantity=quantity, price=price, day=date(2026, 10, 7)
        ),
        st.sampled_from(Side),
        st.integers(1, 99),
        st.decimals(D(20), D(90), places=2),
    ),
)


@given(cycle=cycles, change=changes)
def test_whatever_changes_the_books_still_balance(cycle: Cycle, change: Change) -> None:
    try:
        after = apply(cycle, change)
    except ChangeRefused:
        reject()
    drift = D("1E-12") * max(after.quantity, 1) + D("1E-11")
    assert abs(balance(after) - balance(cycle)) <= drift


@given(cycle=cycles, amount=sums)
def test_seed_put_in_and_taken_out_again_leaves_nothing_behind(
    cycle: Cycle, amount: Decimal
) -> None:
    richer = apply(cycle, SeedChange(amount=amount))
    again = apply(richer, SeedChange(amount=-amount))
    unit = abs(again.unit - cycle.unit)
    assert unit <= D("1E-11")
    assert replace(again, unit=cycle.unit, max_turn=cycle.max_turn) == replace(cycle)


def test_money_put_into_the_daily_unit_is_spread_over_the_turns_that_are_left() -> None:
    """method.md 7.1: unit = cash / (a - T), so 3,000 over 30 turns is 100 a day."""
    shown = effect(running(), SeedChange(amount=D(3000)))
    assert (shown.before.unit, shown.after.unit) == (D(500), D(600))
    assert shown.after.budget == D(600)
    after = apply(running(), SeedChange(amount=D(3000)))
    assert (after.principal, after.seed, after.cash) == (D(23000), D(21000), D(18000))
    assert after.turn == D(10)


def test_money_put_into_a_fixed_unit_is_spread_over_all_splits_and_lowers_t() -> None:
    cycle = running("2.2")
    assert cycle.turn == D(10)
    after = apply(cycle, SeedChange(amount=D(5000)))
    assert (after.unit, after.turn) == (D(625), D(8))


def test_a_grown_unit_grows_on_from_where_it_stands() -> None:
    grown = replace(running("3.0"), unit=D(560))
    after = apply(grown, SeedChange(amount=D(4000)))
    assert after.unit == D(660)
    assert after.turn == D("7.58")  # 5000 / 660 = 7.575..., raised


def test_a_counted_turn_stays_when_a_fixed_unit_changes() -> None:
    after = apply(running("1.0"), SeedChange(amount=D(5000)))
    assert (after.unit, after.turn) == (D(625), D(10))


def test_no_more_than_the_free_cash_can_be_taken_out() -> None:
    cycle = running(reserve="4000")
    assert free_cash(cycle) == D(11000)
    assert apply(cycle, SeedChange(amount=D(-11000))).cash == D(4000)
    with pytest.raises(ChangeRefused, match="at most 11000 of cash is free"):
        apply(cycle, SeedChange(amount=D("-11000.01")))


def test_the_principal_is_never_taken_out_whole() -> None:
    rich = replace(running(), cash=D(30000), realized=D(15000))
    with pytest.raises(ChangeRefused, match="less than the principal of 20000"):
        apply(rich, SeedChange(amount=D(-20000)))
    assert apply(rich, SeedChange(amount=D(-19000))).seed == D(1000)


def test_no_withdrawal_takes_a_counted_cost_past_the_splits() -> None:
    cycle = running("2.2", quantity=390, cash="900")
    with pytest.raises(ChangeRefused, match=r"T would be 40\.21 of 40 splits"):
        apply(cycle, SeedChange(amount=D(-600)))


@pytest.mark.parametrize("amount", ["0", "NaN", "Infinity"])
def test_a_seed_changes_by_a_sum(amount: str) -> None:
    with pytest.raises(ChangeRefused, match="a sum other than 0"):
        apply(running(), SeedChange(amount=D(amount)))


def test_a_corrected_turn_changes_the_unit_and_nothing_else() -> None:
    shown = effect(running(), TurnCorrection(turn=D("15.000")))
    assert (shown.before.unit, shown.after.unit) == (D(500), D(600))
    after = apply(running(), TurnCorrection(turn=D("15.000")))
    assert str(after.turn) == "15"
    assert replace(after, turn=D(10), max_turn=D(0)) == running()
    assert after.max_turn == D(15)


@pytest.mark.parametrize("turn", ["0", "-1", "40.01", "NaN"])
def test_a_turn_lies_above_0_and_within_the_splits(turn: str) -> None:
    with pytest.raises(ChangeRefused, match="T lies above 0"):
        apply(running(), TurnCorrection(turn=D(turn)))


def test_a_turn_that_comes_from_the_cost_is_not_corrected() -> None:
    with pytest.raises(ChangeRefused, match="counts T from the cost: change the seed"):
        apply(running("2.2"), TurnCorrection(turn=D(5)))


def test_there_is_no_turn_to_correct_while_nothing_is_held() -> None:
    with pytest.raises(ChangeRefused, match="nothing is held"):
        apply(running(quantity=0), TurnCorrection(turn=D(1)))


def test_compounding_changes_the_rules_and_no_figure() -> None:
    cycle = running()
    after = apply(cycle, CompoundingChange(compounding=Compounding.YEARLY))
    assert after.rules.compounding is Compounding.YEARLY
    assert replace(after, rules=cycle.rules) == cycle
    with pytest.raises(ChangeRefused, match="yearly already"):
        apply(after, CompoundingChange(compounding=Compounding.YEARLY))


@pytest.mark.parametrize("method", sorted(KINDS))
@pytest.mark.parametrize(("new", "old", "quantity"), [(2, 1, 200), (15, 1, 1500), (1, 5, 20)])
def test_a_split_changes_shares_and_averages_and_no_money(
    method: str, new: int, old: int, quantity: int
) -> None:
    cycle = running(method)
    after = apply(cycle, ShareSplit(new=new, old=old))
    assert after.quantity == quantity
    assert round_half_up(after.quantity * after.average) == D(5000)
    assert after.average_before == round12(D(51) * old / new)
    kept = replace(
        after, quantity=100, average=D(50), average_before=D(51), max_turn=cycle.max_turn
    )
    assert kept == cycle


def test_what_a_reverse_split_leaves_over_is_sold_for_what_was_paid() -> None:
    """103 shares at 50, 1:5: 20 shares at 250, and 3/5 of a share that cost 150."""
    after = apply(running(quantity=103), ShareSplit(new=1, old=5, cash_in_lieu=D("161.25")))
    assert (after.quantity, after.average) == (20, D(250))
    assert after.cash - running().cash == D("161.25")
    assert after.realized - running(quantity=103).realized == D("11.25")
    assert after.turn == D(10)


def test_a_cost_that_leaves_with_part_of_a_share_lowers_a_turn_from_the_cost() -> None:
    before = running("2.2", quantity=103)
    after = apply(before, ShareSplit(new=1, old=5, cash_in_lieu=D(0)))
    assert (before.turn, after.turn) == (D("10.3"), D(10))


def test_a_position_that_a_reverse_split_pays_out_whole_leaves_nothing_held() -> None:
    cycle = replace(running(quantity=3), phase=Phase.REVERSE, reverse_day=2)
    after = apply(cycle, ShareSplit(new=1, old=5, cash_in_lieu=D(150)))
    assert (after.quantity, after.average, after.turn) == (0, D(0), D(0))
    assert after.phase is Phase.NORMAL


@pytest.mark.parametrize(
    ("new", "old", "paid", "sentence"),
    [
        (1, 5, None, "3/5 of a share is left over"),
        (2, 1, "1", "no part of a share is left over"),
        (1, 5, "-1", "0 or more"),
        (2, 2, None, "two different whole numbers"),
        (0, 1, None, "two different whole numbers"),
        (-2, 1, None, "two different whole numbers"),
        (1, 1001, None, "two different whole numbers"),
    ],
)
def test_a_split_that_cannot_be_is_refused(
    new: int, old: int, paid: str | None, sentence: str
) -> None:
    split = ShareSplit(new=new, old=old, cash_in_lieu=None if paid is None else D(paid))
    with pytest.raises(ChangeRefused, match=sentence):
        apply(running(quantity=103), split)


def test_a_refusal_says_what_is_expected_in_both_languages() -> None:
    with pytest.raises(ChangeRefused) as caught:
        apply(running(quantity=103), ShareSplit(new=1, old=5))
    assert "단주 대금을 적어 주세요" in caught.value.sentence("ko")
    assert "say how much" in caught.value.sentence("en")


def test_closes_from_before_a_split_come_to_the_new_shares() -> None:
    closes = (D("101.11"), D("99.99"))
    assert adjusted_closes(closes, ShareSplit(new=2, old=1)) == (D("50.56"), D("50.00"))
    assert adjusted_closes(closes, ShareSplit(new=1, old=5)) == (D("505.55"), D("499.95"))


def test_a_unit_of_30_grows_under_its_own_compounding_alone() -> None:
    grown = replace(running("3.0"), rules=versions.rules("3.0", "TQQQ", 20), unit=D(560))
    fixed = apply(grown, CompoundingChange(compounding=Compounding.NONE))
    assert (fixed.rules.sizing, fixed.unit) == (Sizing.FIXED, D(560))
    again = apply(fixed, CompoundingChange(compounding=Compounding.HALF))
    assert again.rules == grown.rules
    assert apply(fixed, SeedChange(amount=D(200))).unit == D(570)


def test_a_cost_past_the_splits_may_stay_and_shrink_but_not_grow() -> None:
    """In the quarter phase a few shares can cost more than a units (state.py)."""
    over = running("2.2", quantity=403, cash="900")
    assert over.turn == D("40.3")
    assert apply(over, ShareSplit(new=1, old=5, cash_in_lieu=D(700))).turn == D(40)
    assert apply(over, SeedChange(amount=D(100))).turn < over.turn
    with pytest.raises(ChangeRefused, match="take out less"):
        apply(over, SeedChange(amount=D(-100)))


@pytest.mark.parametrize(
    ("ours", "held", "close", "price", "ratio"),
    [
        (100, 200, "104", "50", (2, 1)),
        (103, 20, "10", "51", (1, 5)),
        (100, 1500, "300", "21", (15, 1)),
        (100, 150, "60", "40", (3, 2)),
        (100, 200, "104", "100", None),  # bought by hand: the price is the same
        (100, 100, "104", "50", None),
        (100, 0, "104", "50", None),
        (100, 210, "104", "50", None),
    ],
)
def test_a_split_is_guessed_from_shares_and_price_together(
    ours: int, held: int, close: str, price: str, ratio: tuple[int, int] | None
) -> None:
    guess = likely_split(ours=ours, held=held, previous_close=D(close), last_price=D(price))
    assert guess == (None if ratio is None else ShareSplit(new=ratio[0], old=ratio[1]))


def test_a_dividend_is_cash_and_profit() -> None:
    shown = effect(running(), Dividend(amount=D("12.34")))
    assert shown.after.cash - shown.before.cash == D("12.34")
    after = apply(running(), Dividend(amount=D("12.34")))
    assert after.realized - running().realized == D("12.34")
    assert after.principal == running().principal
    for wrong in ("0", "-1", "NaN"):
        with pytest.raises(ChangeRefused, match="a dividend is a sum above 0"):
            apply(running(), Dividend(amount=D(wrong)))


def test_figures_are_those_of_the_phase() -> None:
    assert figures(replace(running(), phase=Phase.REVERSE, reverse_day=2)).unit == D(3750)
    rounds = replace(running("2.2", cash="1000"), phase=Phase.QUARTER, quarter_round=1)
    assert figures(rounds).unit == D(100)
    assert figures(replace(rounds, quarter_unit=D(80))).unit == D(80)
    poor = figures(running("2.2", cash="120"))
    assert (poor.unit, poor.budget) == (D(500), D(120))
    assert figures(replace(running(), turn=D(40))).unit == 0


def test_t_from_the_cost_checks_a_counted_one() -> None:
    assert turn_from_cost(running()) == D(10)  # 5,000 over 20,000 / 40
    assert turn_from_cost(running(quantity=101)) == D("10.1")
    assert turn_from_cost(running("3.0", quantity=0)) == 0
