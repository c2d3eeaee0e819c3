"""What the owner reads of LOC and MOC that limit orders stand for, word for word."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from inline_snapshot import snapshot

from bot.events import (
    CloseConfirmed,
    Event,
    FillBooked,
    OrderAccepted,
    OrderClosed,
    OrderRefused,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    RoundApproved,
    RoundSubmitted,
)
from bot.telegram import imitations, texts
from bot.telegram.catalogue import Words
from bot.trading.model import SCHEDULE, Approval, Emulated, OrderState
from strategy.model import Leg
from tests.bot.telegram.conftest import House, captions
from tests.bot.telegram.samples import CLOSE, ROUND, SESSION, SETTLED, SLOTS, proposed, started

APPROVED = RoundApproved(round_id=ROUND, slots=SLOTS, by=SCHEDULE)
PROPOSED = replace(proposed(), emulated=True)
TARGET, QUARTER, STAR, AVERAGE = SLOTS[:4]
D = Decimal
WAVE = CLOSE - timedelta(minutes=5)


def sent(price: str) -> Emulated:
    return Emulated(price=D(price), bid=D("99.50"), ask=D("99.50"), traded=True)


async def card(house: House) -> str:
    await house.settle()
    return next(text for text in await house.chat.said() if text.startswith("10월 7일(수) 미국장"))


def last_wave() -> Sequence[Event]:
    """At 99.50 the star and the average are crossed; the star fills, half of the average does."""
    untouched = [QUARTER, *SLOTS[4:]]
    return [
        OrderSent(slot=TARGET.key, tries=1, baseline=()),
        OrderAccepted(slot=TARGET.key, order_number="1"),
        OrderSent(slot=STAR.key, tries=1, baseline=("1",), emulated=sent("99.99")),
        OrderAccepted(slot=STAR.key, order_number="2"),
        OrderSent(slot=AVERAGE.key, tries=1, baseline=("1", "2"), emulated=sent("99.99")),
        OrderAccepted(slot=AVERAGE.key, order_number="3"),
        *(OrderWithheld(slot=each.key, reasons=("not_crossed 99.50",)) for each in untouched),
        RoundSubmitted(round_id=ROUND),
        FillBooked(slot=STAR.key, quantity=1, price=D("99.50")),
        OrderClosed(slot=STAR.key, state=OrderState.FILLED, reason=""),
        FillBooked(slot=AVERAGE.key, quantity=1, price=D("99.60")),
        OrderClosed(slot=AVERAGE.key, state=OrderState.CLOSED_PARTIAL, reason=""),
        OrderClosed(slot=TARGET.key, state=OrderState.EXPIRED, reason=""),
    ]


async def test_the_plan_card_says_how_loc_and_moc_are_imitated(house: House) -> None:
    await house.service.record(started(), PROPOSED)
    assert await card(house) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표          28주 $121.48
매도 쿼터 모의 LOC  9주 $113.88
매수 별 모의 LOC    1주 $113.87
매수 평단 모의 LOC  2주 $101.23
급락 대비 2건 $76.92~$61.53 (모의)
모의투자는 정규장에 지정가만 받아, LOC·MOC를 흉내 냅니다.
04:55에 시세가 닿은 것만 지정가로 내고, 남으면 04:59에 취소합니다.
호가가 없어 현재가로 정합니다. 실제와 다를 수 있어 마감 뒤 비교해 드립니다.
승인 마감 04:30 (한국 시각). 누르지 않으면 아무것도 보내지 않습니다.\
""")


async def test_an_approved_card_says_when_the_imitations_go_out(house: House) -> None:
    await house.service.record(
        started(),
        PROPOSED,
        APPROVED,
        OrderSent(slot=TARGET.key, tries=1, baseline=()),
        OrderAccepted(slot=TARGET.key, order_number="1"),
    )
    assert (await card(house)).splitlines()[-2:] == snapshot(
        ["접수 1/6", "승인됨 · LOC·MOC는 04:55에 지정가로 흉내 냅니다."]
    )


async def test_the_result_is_held_against_what_real_orders_would_have_done(house: House) -> None:
    settled = replace(SETTLED, close=D("99.10"), provisional=True)
    await house.service.record(started(), PROPOSED, APPROVED)
    await house.service.record(*last_wave(), settled, at=CLOSE)
    assert await card(house) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 전반전 · T 7.50
별% +12.50 · 별지점 $113.88 · 1회 $192.31
매도 목표          28주 $121.48 미체결
매도 쿼터 모의 LOC  9주 $113.88 닿지 않음
매수 별 모의 LOC    1주 $113.87
  체결 1주 $99.50
매수 평단 모의 LOC  2주 $101.23
  일부 체결로 끝 1주 $99.60
급락 대비 2건 $76.92~$61.53 (모의) 닿지 않음
결과: 매수 2주 $99.55 체결 · 매도 없음 (종가 $99.10)
보유 39주 · 평단 $101.12 · T 7.50→8.50 · 소진율 21.3%
수수료 $0.14 · 실현 -$0.14 · 사이클 12일째 · 평가 -2.00%
종가는 잠정입니다. 한투가 낮 12시까지 고칠 수 있습니다.
모의 LOC·MOC와 실제 비교 (잠정 종가 $99.10)
매수 평단LOC: 모의 1주, 실제라면 2주
종가 대비 값 차이 -$0.90 · 실제였다면 T 7.50 · 보유 40주\
""")
    assert (await house.chat.said())[-1] == snapshot("""\
10월 7일(수) 결과 · TQQQ
종가        $99.10
평가        -$78.81 (-2.00%)
체결        매수 2주 · 매도 0주
보유        39주 · 평단 $101.12
T           7.50→8.50
소진율      21.3%
잔금        $6,051.77
다음 별지점 $109.84
남은 회차   31회
실현        -$0.14 · 수수료 $0.14
모의 LOC·MOC와 실제 비교 (잠정 종가 $99.10)
매수 평단LOC: 모의 1주, 실제라면 2주
종가 대비 값 차이 -$0.90 · 실제였다면 T 7.50 · 보유 40주\
""")
    confirmed = CloseConfirmed(round_id=ROUND, session=SESSION, close=D("101.50"))
    await house.service.record(confirmed)
    await house.settle()
    assert (await house.chat.said())[-1] == snapshot("""\
10월 7일(수) 미국장 · TQQQ
모의 LOC·MOC와 실제 비교 (공식 종가 $101.50)
매수 평단LOC: 모의 1주, 실제라면 0주
종가 대비 값 차이 +$2.00 · 실제였다면 T 7.50 · 보유 38주\
""")
    assert "공식 종가 $101.50" in await card(house)


async def test_what_the_market_did_not_reach_is_no_alarm(house: House) -> None:
    await house.service.record(started(), PROPOSED, APPROVED)
    await house.service.record(*last_wave(), at=WAVE)
    await house.settle()
    assert [text for text in await house.chat.said() if "보내지 않은" in text] == []


async def test_what_could_not_be_imitated_is_told_once_with_its_sentence(house: House) -> None:
    await house.service.record(started(), PROPOSED, APPROVED)
    await house.service.record(
        OrderWithheld(slot=TARGET.key, reasons=("band 1 2",)),
        OrderWithheld(slot=QUARTER.key, reasons=("not_crossed 99.50",)),
        OrderWithheld(slot=STAR.key, reasons=("no_imitation",)),
        OrderWithheld(slot=AVERAGE.key, reasons=("emulation_over",)),
        *(OrderWithheld(slot=each.key, reasons=("no_time 2",)) for each in SLOTS[4:]),
        RoundSubmitted(round_id=ROUND),
        at=WAVE,
    )
    await house.settle()
    assert [text for text in await house.chat.said() if "보내지 않은" in text] == snapshot(
        [
            """\
⚠️ 보내지 않은 주문이 1건 있습니다.
매도 목표 1건: 현재가에서 너무 먼 가격입니다.\
""",
            """\
⚠️ 보내지 않은 주문이 4건 있습니다.
매수 별LOC 1건: 모의투자에서 흉내 낼 수 없는 주문입니다.
매수 평단LOC 1건: 마감 1분 전까지 내지 못했습니다.
급락 대비 2건: 모의투자는 1초에 한 번만 받아, 마감까지 낼 시간이 모자랐습니다.\
""",
        ]
    )


async def test_an_unknown_imitation_is_named_with_the_price_that_was_sent(house: House) -> None:
    await house.service.record(started(), PROPOSED, APPROVED)
    await house.service.record(
        OrderSent(slot=STAR.key, tries=1, baseline=(), emulated=sent("99.99")),
        OrderUnknown(slot=STAR.key, reason="ReadTimeout"),
        at=WAVE,
    )
    await house.settle()
    alarm = await house.chat.last()
    await house.chat.send("/orders")
    await house.settle()
    assert "매수 별 모의 LOC 1주 $99.99 확인 중" in (await house.chat.last())["text"]
    assert alarm["text"].splitlines()[0] == snapshot(
        "⚠️ TQQQ 매수 별 모의 LOC 1주 $99.99 주문이 확인되지 않습니다."
    )


async def test_a_symbol_that_the_practice_account_does_not_trade_is_said_to_be_one(
    house: House,
) -> None:
    message = "모의투자 주문처리가 안되었습니다(매매불가 종목)"
    await house.service.record(started(), PROPOSED, APPROVED)
    await house.service.record(
        OrderRefused(slot=TARGET.key, code="40070000", message=message), at=WAVE
    )
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot("""\
⚠️ TQQQ 매도 목표 28주 $121.48 주문을 한투가 거부했습니다.
왜: 모의투자 주문처리가 안되었습니다(매매불가 종목) (40070000)
지금: 이 주문은 오늘 다시 보내지 않습니다. 나머지 주문은 그대로 갑니다.
모의투자는 이 종목을 거래하지 않습니다. 다른 종목으로 연습해 주세요.\
""")


async def test_a_venue_that_takes_loc_says_nothing_of_imitations(house: House) -> None:
    await house.service.record(started(), proposed(Approval.AUTO), APPROVED)
    await house.service.record(*last_wave()[-5:], SETTLED, at=CLOSE)
    await house.settle()
    assert "모의" not in "".join(await house.chat.said())
    assert captions(await house.chat.last()) == ["차트", "왜 이렇게?", "사이클"]


def test_a_leg_is_marked_in_both_languages() -> None:
    named = {
        (language, leg): texts.leg(Words(language), leg, imitated=True)
        for language in ("ko", "en")
        for leg in (Leg.STAR, Leg.QUARTER_MOC, Leg.FOLDED)
    }
    assert named == snapshot(
        {
            ("ko", Leg.STAR): "매수 별 모의 LOC",
            ("ko", Leg.QUARTER_MOC): "쿼터 매도 모의 MOC",
            ("ko", Leg.FOLDED): "매수 큰수(접기) (모의)",
            ("en", Leg.STAR): "buy star mock LOC",
            ("en", Leg.QUARTER_MOC): "quarter sell mock MOC",
            ("en", Leg.FOLDED): "buy folded mock LOC",
        }
    )
    assert texts.leg(Words(), Leg.STAR, imitated=False) == "매수 별LOC"


def test_the_limits_of_the_practice_account_are_told() -> None:
    assert imitations.limits(Words()) == snapshot(
        """\
한투 모의투자는 정규장에, 지정가만, 1초에 한 번, 일부 종목만 받습니다.
LOC·MOC는 마감 5분 전에 지정가로 흉내 냅니다.
LOC는 시세의 0.5% 너머까지(LOC 가격 안에서만), MOC 매도는 1% 아래로 냅니다.
남은 것은 마감 1분 전에 취소하고, T는 실제 체결로 셉니다.\
"""
    )
