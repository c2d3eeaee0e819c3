"""A viewer sees how it goes, and not how much there is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import figures
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html
from bot.telegram.veil import HIDDEN, veiled
from strategy.reasons import Reason
from strategy.sentences import TEXTS, ReasonCode


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("보유 37주 · 평단 $101.23", "보유 •••주 · 평단 •••"),
        ("T 7.50/40 · 소진율 18.8%", "T 7.50/40 · 소진율 18.8%"),
        ("+$412.55 (+4.1%) · 약 +₩572,600", "••• (+4.1%) · 약 •••"),
        ("약 ₩1억 2,345만", "약 •••"),
        ("순이익 1,672,000원", "순이익 •••원"),
        ("매도 목표     28주 $121.48  접수 18:30:12", "매도 목표     •••주 •••  접수 18:30:12"),
        ("28 sh at $121.48, 1 share", "••• sh at •••, ••• share"),
        ("사이클 12일째, 3주간 쉼", "사이클 12일째, 3주간 쉼"),
        ("미체결 주문 4건", "미체결 주문 4건"),
        ("보유 37→40주 · T 7.50→8.50", "보유 •••→•••주 · T 7.50→8.50"),
        ("수량 37→35", "수량 •••→•••"),
        ("shares      37   35", "shares      •••   •••"),
        ("급락 대비 2건 $45.45~$41.66 체결 2", "급락 대비 2건 •••~••• 체결 •••"),
        ("10월 7일(수) 미국장 체결 2건", "10월 7일(수) 미국장 체결 2건"),
        ("주문 미체결 2 · 미확인 1", "주문 미체결 2 · 미확인 1"),
        ("질문 3/3\n원금이 소진되면?", "질문 3/3\n원금이 소진되면?"),
        ("질문 3/3\n주식 수", "질문 3/3\n주식 수"),
        ("남은 회차 37회 · 분할 20→40", "남은 회차 37회 · 분할 20→40"),
        ("주문 시간 18:30:12 · 번호 5151", "주문 시간 18:30:12 · 번호 5151"),
    ],
)
def test_amounts_and_shares_are_hidden_and_percentages_stay(text: str, seen: str) -> None:
    assert veiled(Html(text)) == seen


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_no_amount_that_we_write_gets_through(amount: Decimal) -> None:
    for written in (figures.money(amount), figures.gain(amount)):
        shown = veiled(Html(f"실현 {written} · 끝"))
        assert HIDDEN in shown
        assert not any(letter.isdigit() for letter in shown)


@given(st.integers(min_value=0, max_value=10**7), st.sampled_from(["ko", "en"]))
def test_no_number_of_shares_that_we_write_gets_through(quantity: int, language: str) -> None:
    shown = veiled(Words(language).say("{quantity}주", quantity=quantity))
    assert not any(letter.isdigit() for letter in shown)


NO_AMOUNT = frozenset({"factor", "percent", "closes", "parts", "day", "round", "band", "lines"})
SHARES = frozenset({"quantity", "held", "other", "total", "shares"})


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("code", ReasonCode)
def test_no_reason_tells_an_amount_or_a_number_of_shares(code: ReasonCode, language: str) -> None:
    names = TEXTS[code][0].split()
    own = {"turn", "splits", "middle", "rounds"} | NO_AMOUNT
    figures_ = tuple(
        3 if name in own else 7123 if name in SHARES else Decimal("7123.45") for name in names
    )
    sentence = Reason(code, figures_).sentence(language)
    assert "7123" not in veiled(Html(sentence)), sentence
