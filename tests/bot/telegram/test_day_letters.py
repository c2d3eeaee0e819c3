"""The letters after a close: the day with its picture, a cycle's end, the look back."""

from datetime import date
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.charts.model import Period
from bot.events import AfterwardsSet, PeriodEnded, RateSeen
from bot.trading.model import STARTUP, Afterwards
from tests.bot.reports.history import BEGIN, played
from tests.bot.telegram.conftest import House, captions
from tests.bot.telegram.past import journalled

D = Decimal
UP = ("100", "100", "97", "94", "96", "99", "103", "108", "115", "121", "128")
FINISHED = UP[:9]


async def test_the_days_letter_says_what_comes_next_and_has_the_cycles_picture(
    house: House,
) -> None:
    await journalled(house, played(UP[:6]))
    said = await house.chat.last()
    assert said["text"] == snapshot("""\
10월 5일(월) 결과 · TQQQ
종가        $99.00
평가        +$45.00 (+2.11%)
체결        매수 2주 · 매도 0주
보유        22주 · 평단 $96.95
T           4.00→4.50
소진율      22.5%
잔금        $7,861.65
다음 별지점 $104.95
남은 회차   15회
실현        -$0.50 · 수수료 $0.50\
""")
    assert said["photo"]
    photos = [one for one in await house.chat.messages() if one.get("photo")]
    assert len(photos) == 1, "a session that is old news has none"


async def test_a_finished_cycle_has_a_card_that_says_what_silence_means(house: House) -> None:
    await house.service.record(RateSeen(day=BEGIN, rate=D("1387.5")))
    await journalled(house, played(FINISHED))
    said = await house.chat.last()
    assert said["text"] == snapshot("""\
🎓 TQQQ 1번째 사이클 졸업
8거래일 · 최대 T 5.00 · 수수료 $12.56
실현 +$325.56 (+3.26%)
매수 $2,339.00 · 매도 $2,677.12 (#1)
원화로 약 ₩451,715
다음 사이클 원금 $10,325.56 (복리), 다음 거래일부터 시작합니다.
아무것도 누르지 않으면 그대로 시작합니다.\
""")
    assert captions(said) == snapshot(["그대로 시작", "시드 바꾸기", "쉬기"])
    assert said["photo"]


@pytest.mark.parametrize(
    ("afterwards", "last", "buttons"),
    [
        (
            Afterwards.REST,
            snapshot("정하신 대로 쉽니다. 다시 시작하라고 하실 때까지 사지 않습니다."),
            snapshot(["그대로 시작"]),
        ),
        (
            Afterwards.END,
            snapshot("정하신 대로 이 종목을 끝냅니다. 기록은 남습니다."),
            snapshot(["그대로 시작"]),
        ),
    ],
)
async def test_what_was_decided_before_is_what_the_card_says(
    house: House, afterwards: Afterwards, last: str, buttons: list[str]
) -> None:
    rounds = played(FINISHED)
    await journalled(house, rounds[:-1])
    await house.service.record(
        AfterwardsSet(cycle_id=1, symbol="TQQQ", afterwards=afterwards, by=STARTUP)
    )
    await journalled(house, rounds[-1:], begin=False)
    said = await house.chat.last()
    assert said["text"].splitlines()[-1] == last
    assert captions(said) == buttons


async def test_the_weeks_end_is_a_letter_with_a_picture(house: House) -> None:
    await journalled(house, played(UP))
    await house.service.record(
        PeriodEnded(period=Period.WEEK, first=date(2026, 10, 5), last=date(2026, 10, 11))
    )
    await house.settle()
    said = await house.chat.last()
    assert said["text"] == snapshot("""\
주간 손익 · 10월 5일(월) ~ 10월 11일(일)
실현      +$329.20
평가 포함 +3.45%
매수      $888.00
매도      $2,677.12
수수료    $8.92 (약정)
거래일    5일
졸업 #1 TQQQ +$325.56 (+3.26%)
지난주 실현 -$4.85
낙폭 가장 깊게 -0.5% · 지금 고점에서 0.0%
TQQQ T 1.50/20 · 소진율 7.5% · 보유 5주\
""")
    assert said["photo"]


async def test_the_months_end_is_a_letter_with_its_calendar(house: House) -> None:
    await journalled(house, played(UP))
    await house.service.record(
        PeriodEnded(period=Period.MONTH, first=date(2026, 9, 1), last=date(2026, 9, 30))
    )
    await house.settle()
    said = await house.chat.last()
    assert said["text"] == snapshot("""\
월간 손익 · 2026년 9월
실현      -$2.47
평가 포함 -0.17%
매수      $985.00
매도      $0.00
수수료    $2.47 (약정)
거래일    2일
낙폭 가장 깊게 -0.5% · 지금 고점에서 0.0%
TQQQ T 1.50/20 · 소진율 7.5% · 보유 5주\
""")
    assert said["photo"]
