from dataclasses import replace
from decimal import Decimal

from bot.laboratory.assumptions import assumptions
from bot.laboratory.study import Study
from strategy.corporate_actions import DividendOn, SplitOn
from tests.bot.laboratory.studies import FIRST, full, studied

D = Decimal


def _said(study: Study) -> str:
    return "\n".join(sentence.english for sentence in assumptions(study))


def test_what_every_backtest_supposes_is_said() -> None:
    said = _said(studied())
    assert "the closing auction takes any size" in said
    assert "A limit inside the day's range fills whole" in said
    assert "nobody can know" in said
    assert "Taxes and exchange rates are left out" in said


def test_the_fees_that_were_charged_are_named_or_that_there_were_none() -> None:
    said = _said(studied())
    assert "0.25 % on buys, 0.25 % on sales and 0.00278 % to the SEC" in said
    own = {"fee_percent": D("0.1"), "sell_fee_percent": D("0.2")}
    assert "0.1 % on buys, 0.2 % on sales and 0 % to the SEC" in _said(studied(options=own))
    assert "No fees are charged" in _said(studied(options={}))


def test_splits_and_dividends_are_said_to_be_in_or_out() -> None:
    plain = _said(studied())
    assert "taken as adjusted for splits" in plain
    assert "Dividends are left out" in plain
    given = (SplitOn(day=FIRST, new=2, old=1), DividendOn(day=FIRST, per_share=D("0.1")))
    said = _said(studied(actions=given))
    assert "before the ex-date's plan" in said
    assert "Dividends arrive as cash" in said


def test_skipped_sessions_ledgers_scale_and_drawing_are_said_only_where_there_are_any() -> None:
    plain = _said(studied())
    for word in ("without a bar", "divided among", "times 10", "imagined futures"):
        assert word not in plain
    study = full(cycles=2, stagger=3, scale=D(10))
    said = _said(replace(study, missing=(FIRST,)))
    assert "1 sessions without a bar were skipped" in said
    assert "divided among 2 cycles that start 3 sessions apart" in said
    assert "(times 10 first)" in said
    assert "the share of 20 imagined futures" in said


def test_both_languages_say_as_much() -> None:
    for sentence in assumptions(full(cycles=2, stagger=3)):
        assert any("가" <= letter <= "힣" for letter in sentence.korean)
        assert sentence.english.isascii()
        assert sentence.korean.endswith(".")
        assert sentence.english.endswith(".")
