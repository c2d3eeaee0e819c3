"""Every reason can be said in both languages, with the figures of what it explains."""

from collections.abc import Iterator
from string import Formatter

import pytest
from hypothesis import given, settings

from strategy import explain
from strategy.model import Leg, Order, Plan
from strategy.reasons import NO_REASON, Reason, ReasonCode
from strategy.sentences import TEXTS
from tests.strategy.plans import planned
from tests.strategy.states import D

LANGUAGES = ("ko", "en")


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
