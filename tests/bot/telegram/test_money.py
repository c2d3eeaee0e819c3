"""/balance, /fx, /price and /tax as a person sees them, through the real window for questions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.clock import NEW_YORK
from bot.events import FeesDiffer, RateSeen
from bot.sessions import Calendar
from bot.storage.people import Role
from bot.trading.asking.window import Window
from bot.trading.desk import Desk
from bot.trading.ports_money import MinuteSeen, Quoted
from bot.trading.service import Trading
from tests.bot.reports.history import played
from tests.bot.telegram.conftest import OWNER, House, captions
from tests.bot.telegram.past import journalled
from tests.bot.trading.counter import Counter, WorldClock
from tests.bot.trading.teller import PURSE, QUOTED, FixedTeller

CALENDAR = Calendar()
UP = ("100", "100", "97", "94", "96", "99", "103", "108", "115", "121", "128", "130", "126", "131")
AFTER = datetime(2026, 10, 15, 9, 20, tzinfo=UTC)
"""The evening after the history above, 18:20 in Seoul."""


@pytest.fixture(autouse=True)
async def teller(house: House) -> FixedTeller:
    service = house.service
    desk = Desk(
        clock=house.market,
        journal=service.journal,
        views=service.views,
        broker=Counter(clock=WorldClock(AFTER), calendar=CALENDAR),
        bus=service.bus,
        calendar=CALENDAR,
        started=AFTER,
    )
    teller = FixedTeller()
    Window(Trading(desk), teller).register(service.bus)
    house.market.at = AFTER
    return teller


async def asked(house: House, text: str) -> str:
    await house.chat.send(text)
    await house.settle()
    return str((await house.chat.last())["text"])


async def pressed(house: House, caption: str) -> str:
    message = await house.chat.having(caption)
    await house.chat.press(caption, message=message)
    await house.settle()
    found = [one for one in await house.chat.messages() if one["id"] >= message["id"]]
    return str(found[-1]["text"] if len(found) > 1 else found[0]["text"])


async def rates(house: House, first: date, *values: str) -> None:
    """Keep a rate for each day from one on."""
    async with house.service.journal.recording(house.market.now()) as recording:
        for number, value in enumerate(values):
            day = first + timedelta(days=number)
            await recording.record(RateSeen(day=day, rate=Decimal(value)))


# -- /balance -------------------------------------------------------------------------------------


async def test_the_balance_says_how_long_the_dollars_last(
    house: House, teller: FixedTeller
) -> None:
    await journalled(house, played(UP))
    assert await asked(house, "/balance") == snapshot("""\
잔고 · 데모 ****-01 · 18:20
달러 예수금     $6,250.11
주문가능        $6,035.01
통합증거금      꺼짐
출금가능        $6,000.00
예수금 합계     ₩8,690,000
판 돈 결제 대기 ₩417,150
총자산          ₩14,000,000
환율            1,390.50원
하루 최대 $540.31씩 11회차 갑니다. 10월 30일(금) 회차부터 모자랍니다.
판 돈은 넣지 않은, 가장 짧게 본 계산입니다.
봇은 환전하지 않습니다. 통합증거금이 켜져 있으면 한투가 밤사이 바꿉니다.\
""")
    assert captions(await house.chat.last()) == snapshot(
        ["새로고침", "환율", "수수료", "오늘 주문"]
    )
    assert teller.asked == ["purse TQQQ"]


async def test_the_balance_warns_of_a_holiday_on_which_no_dollars_are_sold(
    house: House, teller: FixedTeller
) -> None:
    await journalled(house, played(UP[:6]))
    # 9 October 2026 is Hangul Day: New York trades.
    house.market.at = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)
    teller.money = replace(PURSE, orderable=Decimal(1010), integrated=Decimal(1010))
    assert await asked(house, "잔고") == snapshot("""\
잔고 · 데모 ****-01 · 18:20
달러 예수금     $6,250.11
주문가능        $1,010.00
통합증거금      꺼짐
출금가능        $6,000.00
예수금 합계     ₩8,690,000
판 돈 결제 대기 ₩417,150
총자산          ₩14,000,000
환율            1,390.50원
하루 최대 $503.76씩 2회차 갑니다. 10월 9일(금) 회차부터 모자랍니다.
판 돈은 넣지 않은, 가장 짧게 본 계산입니다.
⚠️ 10월 9일(금) 한국 휴일에는 환전이 되지 않고 미국장은 열립니다. 그 전 평일에 달러를 채워 주세요.
봇은 환전하지 않습니다. 통합증거금이 켜져 있으면 한투가 밤사이 바꿉니다.\
""")


async def test_money_for_no_round_at_all_is_said_first(house: House, teller: FixedTeller) -> None:
    await journalled(house, played(UP))
    teller.money = replace(PURSE, orderable=Decimal(3), integrated=Decimal(3))
    assert "⚠️ 하루 최대" in await asked(house, "/balance")


async def test_integrated_margin_is_told_and_counted(house: House, teller: FixedTeller) -> None:
    await journalled(house, played(UP))
    teller.money = replace(PURSE, integrated=Decimal(12000))
    told = await asked(house, "/잔고")
    assert "켜짐 · $12,000.00까지" in told


async def test_without_a_cycle_nothing_is_said_to_run_out(
    house: House, teller: FixedTeller
) -> None:
    assert "도는 사이클이 없어 나갈 돈이 없습니다." in await asked(house, "/balance")
    assert teller.asked == ["purse TQQQ"]


async def test_a_practice_account_shows_what_it_tells(house: House, teller: FixedTeller) -> None:
    teller.money = replace(
        PURSE,
        withdrawable=None,
        won=None,
        assets=None,
        rate=None,
        unsettled_buys=None,
        unsettled_sells=None,
    )
    assert await asked(house, "/balance") == snapshot("""\
잔고 · 데모 ****-01 · 18:20
달러 예수금 $6,250.11
주문가능    $6,035.01
통합증거금  꺼짐
도는 사이클이 없어 나갈 돈이 없습니다.
봇은 환전하지 않습니다. 통합증거금이 켜져 있으면 한투가 밤사이 바꿉니다.\
""")


async def test_a_silent_broker_is_said_with_a_way_on(house: House, teller: FixedTeller) -> None:
    teller.silent = True
    assert await asked(house, "/balance") == snapshot(
        "한투가 응답하지 않아 처리하지 못했습니다. 잠시 뒤 다시 눌러 주세요."
    )
    assert captions(await house.chat.last())


async def test_before_kis_tells_its_fees_that_is_said(house: House) -> None:
    await journalled(house, played(UP))
    await asked(house, "/balance")
    assert await pressed(house, "수수료") == snapshot("""\
한투가 뗀 수수료를 아직 받지 못했습니다.
왜: 한투는 거래 다음 날 아침부터 알려 주고, 모의투자에서는 알려 주지 않습니다.
지금: 그때까지 약정 요율로 적어 둡니다.\
""")


async def test_a_viewer_sees_no_amount_of_the_balance(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journalled(house, played(UP))
    monkeypatch.setitem(house.front.desk.people._named, OWNER, Role.VIEWER)
    said = await asked(house, "/balance")
    assert "$" not in said
    assert "₩" not in said
    assert "•••" in said
    assert "11회차 갑니다" in said


# -- /fx ------------------------------------------------------------------------------------------


async def test_the_rate_is_held_against_the_days_before_and_parted_from_the_price(
    house: House,
) -> None:
    await journalled(house, played(UP))
    await rates(house, date(2026, 9, 28), *[f"{1350 + number}" for number in range(17)])
    assert await asked(house, "/fx") == snapshot("""\
환율 1,390.50원 · 18:20 한투
10월 14일(수)보다 +24.50원 (+1.79%)
최근 17일 기록: 1,350.00원 ~ 1,366.00원
보유 가격 효과   +₩63,947
보유 환율 효과   +₩15,729
올해 판 것 가격 +₩444,064
올해 판 것 환율  +₩17,909
지금은 은행 시간 밖입니다: 밤과 휴일의 가환율은 우대가 적어 비쌉니다.
다음 은행 시간 10월 16일(금) 09:00.\
""")
    assert captions(await house.chat.last()) == snapshot(["새로고침", "잔고", "양도세", "손익"])


async def test_at_a_banks_hour_the_rate_says_so(house: House) -> None:
    house.market.at = datetime(2026, 10, 15, 2, 0, tzinfo=UTC)  # 11:00 in Seoul
    assert await asked(house, "환율") == snapshot("""\
환율 1,390.50원 · 11:00 한투
지난 환율은 오늘부터 매일 적어 둡니다.
지금은 은행 시간입니다: 그날 환율로 우대를 받아 바꾸기 좋은 때입니다 (15:30까지).\
""")


async def test_where_kis_tells_no_rate_that_is_said(house: House, teller: FixedTeller) -> None:
    teller.quotes = {"TQQQ": replace(QUOTED, rate=None)}
    teller.money = replace(PURSE, rate=None)
    assert await asked(house, "/fx") == snapshot(
        "이 환경에서는 한투가 환율을 알려 주지 않습니다. 한투 앱에서 봐 주세요."
    )


async def test_a_rate_that_was_asked_for_is_kept_for_the_tax(house: House) -> None:
    await asked(house, "/fx")
    assert await house.service.views.money.rates() == {date(2026, 10, 15): Decimal("1390.50")}


# -- /price ---------------------------------------------------------------------------------------


def minutes(count: int) -> list[MinuteSeen]:
    opened = datetime(2026, 10, 15, 9, 30, tzinfo=NEW_YORK)
    price = Decimal("97.00")
    return [
        MinuteSeen(
            at=opened + timedelta(minutes=5 * number),
            open=price,
            high=price + 1,
            low=price - 1,
            close=price,
            volume=1000,
        )
        for number in range(count)
    ]


async def test_a_price_stands_beside_the_cycles_levels_with_its_minutes(
    house: House, teller: FixedTeller
) -> None:
    await journalled(house, played(UP))
    teller.bars = minutes(20)
    assert await asked(house, "/price tqqq") == snapshot("""\
TQQQ $99.10 (+2.31%) · 전일 $96.86
시가   $97.00
고가   $99.90
저가   $96.20
거래량 12,345,678
52주   $20.10 ~ $110.22
원화   ₩137,799
지금 가격은 (각각 대비)
평단      $124.88 -20.64%
별지점    $137.95 -28.16%
매도 목표 $142.60 -30.50%
18:20 한투 시세입니다. 나스닥 체결 기준이라 공식 종가와 조금 다를 수 있습니다.\
""")
    last = await house.chat.last()
    assert last["photo"]
    assert captions(last) == snapshot(["새로고침", "분봉", "환율", "오늘 주문"])


async def test_a_price_is_renewed_in_its_own_message_without_the_picture(
    house: House, teller: FixedTeller
) -> None:
    await journalled(house, played(UP))
    before = await asked(house, "시세")
    message = await house.chat.last()
    teller.quotes = {"TQQQ": replace(QUOTED, last=Decimal("101.00"))}
    await house.chat.press("새로고침", message=message)
    await house.settle()
    after = await house.chat.last()
    assert after["id"] == message["id"]
    assert "$101.00" in after["text"]
    assert before != after["text"]
    assert teller.asked == ["quoted TQQQ", "minutes TQQQ", "quoted TQQQ"]


async def test_without_a_cycle_a_symbol_is_asked_for(house: House) -> None:
    assert await asked(house, "/price") == snapshot(
        "어느 종목의 시세를 볼까요? 아래에서 고르거나 종목 코드를 적으세요."
    )
    assert captions(await house.chat.last()) == snapshot(["SOXL", "TQQQ"])


async def test_a_symbol_that_nobody_lists_gets_a_sentence(house: House) -> None:
    assert await asked(house, "/price XXXX") == snapshot(
        "한투의 미국 거래소에 그런 종목이 없습니다. 종목 코드(예: SOXL)를 확인해 주세요."
    )


async def test_a_price_alone_is_told_where_there_is_no_chart(
    house: House, teller: FixedTeller
) -> None:
    teller.quotes["SOXL"] = Quoted(
        symbol="SOXL", last=Decimal(30), previous_close=Decimal(31), volume=5
    )
    teller.bars = None
    assert await asked(house, "/시세 soxl") == snapshot("""\
SOXL $30.00 (-3.23%) · 전일 $31.00
거래량 5
18:20 한투 시세입니다. 나스닥 체결 기준이라 공식 종가와 조금 다를 수 있습니다.
분봉은 여기서 볼 수 없거나 아직 없습니다.\
""")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "/price 1,234.5",
            snapshot("여기서는 '1,234.5'의 뜻을 모릅니다. 이렇게 써 주세요: /price SOXL"),
        ),
        (
            "/price 2만",
            snapshot("여기서는 '2만'의 뜻을 모릅니다. 이렇게 써 주세요: /price SOXL"),
        ),
        (
            "/price 🦄",
            snapshot("여기서는 '🦄'의 뜻을 모릅니다. 이렇게 써 주세요: /price SOXL"),
        ),
        ("/price TQQQ SOXL", snapshot("같은 것이 두 번 적혔습니다: SOXL. 하나만 적어 주세요.")),
        (
            "/price " + "A" * 300,
            snapshot("글이 너무 깁니다(200자까지). 종목, 날짜, 금액만 적어 주세요."),
        ),
        (
            "/balance 5%",
            snapshot("여기서는 '5%'의 뜻을 모릅니다. 이렇게 써 주세요: /balance 수수료"),
        ),
        ("/tax 1999", snapshot("2010년부터 2026년까지의 해만 볼 수 있습니다. 예: 2026")),
        ("/tax 2027", snapshot("2010년부터 2026년까지의 해만 볼 수 있습니다. 예: 2026")),
        (
            "/tax 어제",
            snapshot("여기서는 '어제'의 뜻을 모릅니다. 이렇게 써 주세요: /tax 2026 월별"),
        ),
        ("/tax 2만", snapshot("2010년부터 2026년까지의 해만 볼 수 있습니다. 예: 2026")),
        (
            "/tax 🦄",
            snapshot("여기서는 '🦄'의 뜻을 모릅니다. 이렇게 써 주세요: /tax 2026 월별"),
        ),
    ],
)
async def test_what_cannot_be_meant_gets_a_sentence(
    house: House, teller: FixedTeller, text: str, answer: str
) -> None:
    assert await asked(house, text) == answer
    assert captions(await house.chat.last())
    assert teller.asked == []


# -- /tax -----------------------------------------------------------------------------------------


async def taxed(house: House) -> None:
    await journalled(house, played(UP))
    await rates(house, date(2026, 9, 28), *[f"{1350 + number}" for number in range(17)])


async def test_a_years_tax_is_estimated_with_its_gauge(house: House, teller: FixedTeller) -> None:
    await taxed(house)
    assert await asked(house, "/tax 2026") == snapshot("""\
2026년 실현이익 ₩461,973 (추정)
기본공제 ₩2,500,000 안이라 세금이 없습니다. ₩2,038,027 더 벌 때까지 그렇습니다.
공제 █░░░░░░░░░ 18%
매도 2건 · +$325.56 · 그중 환율 효과 +₩17,909
참고용 추정: 이 계좌에서 봇이 아는 거래, 결제일 환율·선입선출, 12/29 체결분까지.
다른 계좌와 과세되는 국내 주식은 함께 신고해야 합니다.\
""")
    assert captions(await house.chat.last()) == snapshot(
        ["월별 보기", "더 팔면?", "2025", "이동평균", "CSV", "환율"]
    )
    assert teller.asked == []


async def test_the_months_the_average_and_one_more_sale_are_a_tap_away(house: House) -> None:
    await taxed(house)
    await asked(house, "세금")
    assert await pressed(house, "월별 보기") == snapshot("""\
2026년 월별 실현이익 (추정, 결제일 기준)
결제월 건      이익
10월    2 +₩461,973
합계 +₩461,973
참고용 추정: 이 계좌에서 봇이 아는 거래, 결제일 환율·선입선출, 12/29 체결분까지.
다른 계좌와 과세되는 국내 주식은 함께 신고해야 합니다.\
""")
    assert await pressed(house, "더 팔면?") == snapshot("""\
더 팔면 (마지막 종가, 환율 1,366.00원, 2026년 결제)
팔면       주     이익 세금
TQQQ 1/4  2주 +₩26,494   ₩0
TQQQ 절반 4주 +₩52,987   ₩0
TQQQ 전부 8주 +₩63,505   ₩0
지금까지의 세금 ₩0 · 남은 공제 ₩2,038,027
매도 수수료는 넣지 않았습니다. 이 표는 아무것도 팔지 않습니다.
참고용 추정: 이 계좌에서 봇이 아는 거래, 결제일 환율·선입선출, 12/29 체결분까지.
다른 계좌와 과세되는 국내 주식은 함께 신고해야 합니다.\
""")
    assert await pressed(house, "연간") == await asked(house, "/tax")
    assert "환율·이동평균, " in await pressed(house, "이동평균")


async def test_a_year_without_a_sale_has_its_whole_deduction(house: House) -> None:
    await taxed(house)
    assert await asked(house, "/양도세 2025") == snapshot("""\
2025년에 결제된 매도가 없습니다. 공제 ₩2,500,000이 그대로 남아 있습니다.
참고용 추정: 이 계좌에서 봇이 아는 거래, 결제일 환율·선입선출, 12/29 체결분까지.
다른 계좌와 과세되는 국내 주식은 함께 신고해야 합니다.\
""")


async def test_without_any_rate_one_is_asked_for(house: House, teller: FixedTeller) -> None:
    await journalled(house, played(UP))
    told = await asked(house, "/tax")
    assert teller.asked == ["quoted TQQQ"]
    assert "그날 환율을 몰라" in told


async def test_without_any_rate_at_all_nothing_is_made_up(
    house: House, teller: FixedTeller
) -> None:
    await journalled(house, played(UP))
    teller.quotes = {"TQQQ": replace(QUOTED, rate=None)}
    teller.money = replace(PURSE, rate=None)
    assert await asked(house, "/tax") == snapshot(
        "아직 환율을 하나도 받지 못해 원화로 바꿀 수 없습니다. 환율을 조회한 뒤 다시 눌러 주세요."
    )


async def test_the_tax_is_told_in_english_too(house: House) -> None:
    await taxed(house)
    await house.front.desk.people.set(OWNER, "language", "en")
    assert await asked(house, "/tax") == snapshot("""\
Realized in 2026: ₩461,973 (estimate)
No tax within the deduction of ₩2,500,000. ₩2,038,027 more can be earned before any is due.
deduction █░░░░░░░░░ 18%
2 sales · +$325.56 · of it by the rate +₩17,909
An estimate: what the bot knows of this account, at the settlement day's rate,
first in, first out, filled until 12/29.
Other accounts and taxed domestic shares have to be declared with it.\
""")


# -- the letter -----------------------------------------------------------------------------------


async def test_another_rate_than_agreed_is_told_with_the_way_to_both(house: House) -> None:
    await house.service.record(
        FeesDiffer(
            cycle_id=1,
            symbol="SOXL",
            session=date(2026, 10, 7),
            amount=Decimal(1000),
            fees=Decimal("2.50"),
            booked=Decimal("0.70"),
        )
    )
    await house.settle()
    last = await house.chat.last()
    assert last["text"] == snapshot("""\
SOXL 수수료가 약정과 다릅니다 (10월 7일(수)).
왜: 한투가 $2.50 (0.250%)을 뗐습니다. 약정대로면 $0.70 (0.070%)입니다.
지금: 장부는 한투가 뗀 금액으로 고쳤습니다. 이벤트 요율이 끝났는지
한투 앱에서 보고, 맞는 요율이면 설정에서 바꿔 주세요.\
""")
    assert captions(last) == snapshot(["수수료", "설정 보기"])
