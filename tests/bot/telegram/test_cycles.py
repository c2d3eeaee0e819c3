"""/cycle and /cycles as a person sees them."""

from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from strategy import cycle
from tests.bot.reports.history import played, rules
from tests.bot.telegram.conftest import House, captions
from tests.bot.telegram.past import journalled

UP = ("100", "100", "97", "94", "96", "99", "103", "108", "115", "121", "128", "130", "126", "131")


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


async def test_a_running_cycle_is_a_card_with_what_it_waits_for(house: House) -> None:
    await journalled(house, played(UP))
    assert await asked(house, "/cycle") == snapshot("""\
TQQQ 2번째 사이클 · V4.0 20분할
5거래일째 · 10월 9일(금)부터
T      3.00/20
소진율 15.0% · 최대 T 3.00
보유   8주 · 평단 $124.88
평가   +$49.00 (+4.90%)
별지점 $137.95
목표가 $143.61
잔금   $9,324.05
실현   -$2.51 · 수수료 $2.51\
""")
    assert captions(await house.chat.last()) == snapshot(["TQQQ 차트", "목록", "손익", "새로고침"])


async def test_the_list_has_the_running_and_the_finished_cycles(house: House) -> None:
    await journalled(house, played(UP))
    other = cycle.start(rules("SOXL"), Decimal(5000))
    await journalled(house, played(UP, cycle_id=2, cycle=other))
    assert await asked(house, "/cycles") == snapshot("""\
▶ TQQQ 2번째 · 5일째 · T 3.00/20
▶ SOXL 2번째 · 4일째 · T 2.00/20
# 종목 일수 실현손익 수익률   최대T
2 SOXL    9 +$171.27 +3.43% 5.00/20
1 TQQQ    8 +$325.56 +3.26% 5.00/20
누적 실현 +$493.05 · 수수료 $21.67
졸업 2번 (이익 2번)\
""")
    assert captions(await house.chat.last()) == snapshot(["#2", "#1", "사이클", "손익", "CSV"])
    assert await pressed(house, "#1") == snapshot("""\
#1 TQQQ 1번째 사이클 · V4.0 20분할
2026-09-29 ~ 2026-10-08 · 8거래일
매수   $2,339.00
매도   $2,677.12
수수료 $12.56
실현   +$325.56 (+3.26%)
최대 T 5.00 (25.0%)\
""")


async def test_a_finished_cycle_is_shown_by_its_number_in_any_writing(house: House) -> None:
    await journalled(house, played(UP))
    one = await asked(house, "/cycle 1")
    assert one == await asked(house, "사이클 #1")
    assert one == snapshot("""\
#1 TQQQ 1번째 사이클 · V4.0 20분할
2026-09-29 ~ 2026-10-08 · 8거래일
매수   $2,339.00
매도   $2,677.12
수수료 $12.56
실현   +$325.56 (+3.26%)
최대 T 5.00 (25.0%)\
""")
    assert captions(await house.chat.last()) == snapshot(["그림", "목록", "CSV"])
    await pressed(house, "그림")
    assert (await house.chat.last())["photo"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/cycle 9", snapshot("아직 끝난 사이클이 없습니다. 도는 사이클을 보여 드릴까요?")),
        ("/cycle 0", snapshot("아직 끝난 사이클이 없습니다. 도는 사이클을 보여 드릴까요?")),
        ("/cycle 2만", snapshot("아직 끝난 사이클이 없습니다. 도는 사이클을 보여 드릴까요?")),
        (
            "/cycle 1,234.5",
            snapshot("여기서는 '1,234.5'의 뜻을 모릅니다. 이렇게 써 주세요: 사이클 soxl"),
        ),
        ("/cycle QQQ", snapshot("QQQ는 도는 사이클이 없습니다. 아래에서 골라 주세요.")),
        (
            "/cycle 🦄",
            snapshot("여기서는 '🦄'의 뜻을 모릅니다. 이렇게 써 주세요: 사이클 soxl"),
        ),
        ("/cycle TQQQ SOXL", snapshot("같은 것이 두 번 적혔습니다: SOXL. 하나만 적어 주세요.")),
        (
            "/cycles -3",
            snapshot("""\
▶ TQQQ 1번째 · 3일째 · T 3.00/20
아직 끝난 사이클이 없습니다.
누적 실현 -$3.65 · 수수료 $3.65\
"""),
        ),
        (
            "/cycle " + "9" * 300,
            snapshot("글이 너무 깁니다(200자까지). 종목, 날짜, 금액만 적어 주세요."),
        ),
    ],
)
async def test_what_cannot_be_meant_gets_a_sentence(house: House, text: str, answer: str) -> None:
    await journalled(house, played(UP[:4]))
    assert await asked(house, text) == answer
    assert captions(await house.chat.last())


async def test_before_the_first_cycle_there_is_a_way_to_begin(house: House) -> None:
    assert await asked(house, "/cycle") == snapshot(
        "도는 사이클이 없습니다. 시작하면 여기에서 보입니다."
    )
    assert captions(await house.chat.last()) == snapshot(["사이클 시작", "목록"])
    assert await asked(house, "/cycles") == snapshot("아직 끝난 사이클이 없습니다.")


async def test_many_finished_cycles_are_leafed_through(house: House) -> None:
    waves = ["100", *(price for _ in range(12) for price in ("100", "95", "130"))]
    await journalled(house, played(waves))
    first = await asked(house, "/cycles")
    assert first.count("TQQQ") > 9
    assert "#12" in captions(await house.chat.last())
    older = await pressed(house, "이전 ▶")
    assert older != first
    assert "◀ 최근" in captions(await house.chat.last())
