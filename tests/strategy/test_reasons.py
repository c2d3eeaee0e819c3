"""Every reason can be said in both languages, with the figures of what it explains."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given, settings

from strategy import explain
from strategy.model import Leg, Order, Plan
from strategy.price import floor_cent, round12, round_half_up, whole_shares
from strategy.reasons import NO_REASON, Figure, Reason, ReasonCode
from strategy.sentences import TEXTS
from tests.strategy.plans import planned
from tests.strategy.states import D

LANGUAGES = ("ko", "en")
HALVES = {
    ReasonCode.STAR_HALF,
    ReasonCode.NEAR_HALF,
    ReasonCode.AVERAGE_HALF,
    ReasonCode.BIG_HALF,
}


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _reasons(plan: Plan) -> Iterator[Reason]:
    yield from explain.basis(plan)
    yield from (order.why for order in plan.orders)
    yield from (skip.why for skip in plan.skips)


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_has_both_sentences_over_the_same_figures(code: ReasonCode) -> None:
    names, korean, english = TEXTS[code]
    assert _fields(korean) <= set(names.split())
    assert _fields(english) <= set(names.split())
    if code is not ReasonCode.NONE:
        assert korean
        assert english.isascii()
        assert not korean.isascii()
        assert not korean.endswith(".")
        assert not english.endswith(".")


@pytest.mark.parametrize("code", ReasonCode)
def test_every_figure_of_an_order_is_said_in_korean_as_in_english(code: ReasonCode) -> None:
    _, korean, english = TEXTS[code]
    assert _fields(korean) == _fields(english)


def test_a_reason_is_formatted_with_cents_where_money_is_meant_and_plain_elsewhere() -> None:
    figures = (D("47.4"), D("39.83"), D("1.19"), D("500.564102564"), D("47.39"), 5)
    reason = Reason(ReasonCode.STAR_HALF, figures)
    assert reason.sentence("en") == (
        "star price 47.40 = average 39.83 x 1.19, buys 0.01 under it; half of unit 500.56 / 47.39 "
        "= 5 shares"
    )
    assert reason.sentence("ko") == (
        "별지점 47.40 = 평단 39.83 x 1.19, 매수는 0.01 아래; 1회매수금 500.56의 절반 / 47.39 = 5주"
    )


def test_a_long_average_is_shown_with_four_decimals() -> None:
    reason = Reason(ReasonCode.STAR, (D("34.45"), D("33.333333333333"), D("1.0333333333333")))
    assert reason.sentence("en") == "star price 34.45 = average 33.3333 x 1.0333"


def test_the_figures_have_the_names_of_the_sentences() -> None:
    reason = Reason(ReasonCode.RUNG, (D(500), 12, D("41.66")))
    assert reason.named() == {"unit": D(500), "shares": 12, "price": D("41.66")}
    assert NO_REASON.named() == {}
    assert NO_REASON.sentence("ko") == NO_REASON.sentence("en") == ""


def test_too_few_figures_are_a_fault() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Reason(ReasonCode.RUNG, (D(500), 12)).named()


def _says(order: Order, sentence: str) -> bool:
    price = order.price is None or f"{order.price:.2f}" in sentence
    single = order.leg is Leg.LADDER and order.quantity == 1
    return price and (single or str(order.quantity) in sentence)


@given(planned())
@settings(max_examples=400, deadline=None)
def test_every_reason_of_any_plan_is_said_whole_in_both_languages(plan: Plan) -> None:
    for reason in _reasons(plan):
        assert reason.code is not ReasonCode.NONE
        for language in LANGUAGES:
            sentence = reason.sentence(language)
            assert sentence
            assert not set(sentence) & set("{}")
            assert "E" not in sentence.replace("USD", "")


@given(planned())
@settings(max_examples=400, deadline=None)
def test_the_reason_of_any_order_holds_its_price_and_its_shares(plan: Plan) -> None:
    for order in plan.orders:
        for language in LANGUAGES:
            sentence = order.why.sentence(language)
            assert _says(order, sentence), (order, sentence)


def _beside(name: str, figures: Mapping[str, Figure]) -> Decimal | None:
    """Work a price out anew from the figures that the sentence shows beside it."""
    base = figures.get("average", figures.get("close"))
    if base is None or "factor" not in figures or name not in figures:
        return None
    return round_half_up(round12(Decimal(base) * figures["factor"]))


def _shares(code: ReasonCode, figures: Mapping[str, Figure]) -> int | None:
    """Work the shares out anew from the figures that the sentence shows beside them."""
    unit, price = (Decimal(figures.get(name, 0)) for name in ("unit", "price"))
    if "other" in figures:
        whole = Decimal(figures["total"] if "total" in figures else figures["held"])
        return int(whole - figures["other"])
    if "parts" in figures:
        return max(1, int(figures["held"]) // int(figures["parts"]))
    if code in HALVES:
        unit = round12(unit / 2)
    return whole_shares(unit, price) if unit and price else None


@given(planned())
@settings(max_examples=400, deadline=None)
def test_the_figures_of_any_reason_come_to_what_the_order_asks(plan: Plan) -> None:
    for order in plan.orders:
        code, figures = order.why.code, order.why.named()
        capped = code in (ReasonCode.BIG_HALF, ReasonCode.BIG_REST)
        for name in ("star", "line") if {"star", "line"} & set(figures) else ("price",):
            worked_out = _beside(name, figures)
            if worked_out is not None:
                assert figures[name] == worked_out or (capped and figures[name] < worked_out)
        if "quantity" in figures:
            assert figures["quantity"] == order.quantity
            assert _shares(code, figures) in (None, order.quantity)
        if "total" in figures:
            assert figures["total"] == whole_shares(
                Decimal(figures["unit"]), Decimal(figures["price"])
            )


@given(planned())
@settings(max_examples=200, deadline=None)
def test_rungs_and_folds_are_what_their_figures_come_to(plan: Plan) -> None:
    for order in plan.orders:
        figures = {name: Decimal(value) for name, value in order.why.named().items()}
        if order.why.code is ReasonCode.RUNG:
            assert figures["price"] == floor_cent(figures["unit"] / figures["shares"])
        if order.why.code is ReasonCode.FOLD:
            assert figures["highest"] > figures["close"] * figures["band"]
            assert figures["cap"] == round_half_up(figures["close"] * figures["percent"])
            assert order.price == figures["cap"]


@given(planned())
@settings(max_examples=200, deadline=None)
def test_the_basis_of_any_plan_comes_to_its_figures(plan: Plan) -> None:
    for reason in explain.basis(plan):
        figures = {name: Decimal(value) for name, value in reason.named().items()}
        if "unit" in figures and reason.code is not ReasonCode.CASH_BELOW_UNIT:
            assert figures["unit"] == plan.unit
        if reason.code in (ReasonCode.STAR, ReasonCode.LINE):
            worked_out = round_half_up(round12(figures["average"] * figures["factor"]))
            assert plan.star_price == worked_out
