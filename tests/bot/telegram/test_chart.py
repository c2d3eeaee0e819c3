from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.charts.model import CyclePicture, DrawingFailed, Picture, no_pictures
from bot.storage.people import LANGUAGE, Role
from strategy import cycle
from tests.bot.reports.history import played, rules
from tests.bot.telegram.conftest import OWNER, House, captions
from tests.bot.telegram.past import journalled
from tests.bot.telegram.samples import started

D = Decimal
CLOSES = ("100", "98", "97", "99", "125", "126", "124", "120")


async def _asked(house: House, text: str) -> str:
    await house.chat.send(text)
    await house.settle()
    said = await house.chat.last()
    return str(said["text"])


async def test_a_chart_comes_as_a_photo_with_its_figures_below(house: House) -> None:
    await journalled(house, played(CLOSES))
    assert await _asked(house, "/chart") == snapshot("""\
TQQQ 2번째 사이클 · 3거래일 (10월 5일(월) ~ 10월 7일(수))
종가   $120.00
평단   $123.33
별지점 $140.00
목표   $143.75
평가   -2.70%
소진율 15.0%
산 날 3일 · 판 날 0일\
""")
    said = await house.chat.last()
    assert said["photo"]
    assert captions(said) == snapshot(["1번째 사이클", "오늘 주문", "상태"])


async def test_the_cycle_before_is_one_button_away(house: House) -> None:
    await journalled(house, played(CLOSES))
    await _asked(house, "차트 tqqq")
    await house.chat.press("1번째 사이클")
    await house.settle()
    said = await house.chat.last()
    assert said["text"] == snapshot("""\
TQQQ 1번째 사이클 · 4거래일 (9월 29일(화) ~ 10월 2일(금))
종가   $125.00
평단   $97.75
별지점 $108.75
목표   $112.41
평가   +27.88%
소진율 0.0%
산 날 3일 · 판 날 1일\
""")
    assert captions(said) == snapshot(["2번째 사이클", "오늘 주문", "상태"])


async def test_with_several_cycles_it_asks_which(house: House) -> None:
    await journalled(house, played(CLOSES))
    other = cycle.start(rules("SOXL"), D(20000))
    await journalled(house, played(CLOSES, cycle_id=2, cycle=other))
    assert await _asked(house, "/차트") == snapshot("어느 사이클을 그릴까요?")
    assert captions(await house.chat.last()) == snapshot(["TQQQ", "SOXL"])
    await house.chat.press("SOXL")
    await house.settle()
    assert (await house.chat.last())["text"].startswith("SOXL 2번째 사이클")


async def test_two_cycles_of_one_symbol_are_told_apart_by_button(house: House) -> None:
    await journalled(house, played(CLOSES))
    other = cycle.start(rules(method="2.2"), D(20000))
    await journalled(house, played(CLOSES, cycle_id=2, cycle=other))
    await _asked(house, "/chart TQQQ")
    assert captions(await house.chat.last()) == snapshot(["TQQQ V4.0", "TQQQ V2.2"])
    await house.chat.press("TQQQ V2.2")
    await house.settle()
    assert (await house.chat.last())["photo"]


async def test_two_cycles_of_one_version_are_told_apart_by_splits_and_by_number(
    house: House,
) -> None:
    await journalled(house, played(CLOSES))
    for number, splits in ((2, 40), (3, 40)):
        other = cycle.start(rules(splits=splits), D(20000))
        await journalled(house, played(CLOSES, cycle_id=number, cycle=other))
    await _asked(house, "/chart TQQQ")
    assert captions(await house.chat.last()) == snapshot(
        ["TQQQ V4.0 20분할", "TQQQ V4.0 40분할 #2", "TQQQ V4.0 40분할 #3"]
    )
    await house.chat.press("TQQQ V4.0 20분할")
    await house.settle()
    assert (await house.chat.last())["photo"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/chart soxl", snapshot("SOXL 사이클은 없습니다. 아래에서 골라 주세요.")),
        ("/chart tqqq 9", snapshot("TQQQ 9번째 사이클은 장부에 없습니다. 아래에서 골라 주세요.")),
        (
            "/chart 1,234.5",
            snapshot("종목과 사이클 번호만 읽습니다 (예: soxl 2). 아래에서 골라 주세요."),
        ),
        (
            "/chart 1,23",
            snapshot("'1,23'은 읽을 수 없는 숫자나 날짜입니다. 예: 1,234.5 · 2만 · 5% · 11/3"),
        ),
        ("/chart 2만", snapshot("TQQQ 20000번째 사이클은 장부에 없습니다. 아래에서 골라 주세요.")),
        (
            "/chart 🚀",
            snapshot("종목과 사이클 번호만 읽습니다 (예: soxl 2). 아래에서 골라 주세요."),
        ),
        (
            "/chart 5%",
            snapshot("종목과 사이클 번호만 읽습니다 (예: soxl 2). 아래에서 골라 주세요."),
        ),
        (
            "/chart " + "tqqq " * 80,
            snapshot("글이 너무 깁니다(200자까지). 종목, 날짜, 금액만 적어 주세요."),
        ),
    ],
)
async def test_what_cannot_be_drawn_is_answered_by_a_sentence(
    house: House, text: str, answer: str
) -> None:
    await journalled(house, played(CLOSES))
    assert await _asked(house, text) == answer
    assert "photo" not in await house.chat.last()


async def test_with_pictures_off_the_figures_are_said_and_that_pictures_are_off(
    house: House,
) -> None:
    await journalled(house, played(CLOSES))
    object.__setattr__(house.front.desk, "draw", no_pictures)
    told = (await _asked(house, "/chart")).splitlines()
    assert told[1:3] == ["종가   $120.00", "평단   $123.33"]
    assert told[-1] == "그림은 꺼져 있습니다 (MUHAN_PICTURES)."
    assert "photo" not in await house.chat.last()


async def test_without_a_cycle_there_is_no_chart(house: House) -> None:
    assert await _asked(house, "/chart") == snapshot(
        "아직 시작한 사이클이 없습니다. 시작하면 첫 마감 뒤에 차트를 그립니다."
    )
    assert captions(await house.chat.last()) == snapshot(["사이클 시작"])


async def test_before_the_first_close_there_is_no_chart(house: House) -> None:
    await house.service.record(started())
    await house.settle()
    assert await _asked(house, "/chart") == snapshot(
        "TQQQ 차트는 첫 마감을 정산한 뒤에 그릴 수 있습니다."
    )
    assert captions(await house.chat.last()) == snapshot(["오늘 주문", "상태"])


async def test_an_english_reader_gets_english(house: House) -> None:
    await journalled(house, played(CLOSES))
    await house.front.desk.people.set(OWNER, LANGUAGE, "en")
    assert await _asked(house, "/chart") == snapshot("""\
TQQQ cycle 2 · sessions: 3 (Mon 5 Oct to Wed 7 Oct)
close      $120.00
average    $123.33
star price $140.00
target     $143.75
On paper   -2.70%
Used       15.0%
days bought: 3 · days sold: 0\
""")


async def test_a_viewer_gets_the_picture_without_amounts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journalled(house, played(CLOSES))
    seen: list[Picture] = []

    async def draw(picture: Picture) -> bytes:
        seen.append(picture)
        raise DrawingFailed("x")

    desk = house.front.desk
    monkeypatch.setitem(desk.people._named, OWNER, Role.VIEWER)
    object.__setattr__(desk, "draw", draw)
    assert await _asked(house, "/chart") == snapshot("""\
TQQQ 2번째 사이클 · 3거래일 (10월 5일(월) ~ 10월 7일(수))
종가   •••
평단   •••
별지점 •••
목표   •••
평가   -2.70%
소진율 15.0%
산 날 3일 · 판 날 0일
그림을 그리지 못했습니다. 숫자는 위와 같습니다.\
""")
    assert isinstance(seen[0], CyclePicture)
    assert not seen[0].amounts


async def test_a_chart_that_telegram_refuses_is_answered_in_words(house: House) -> None:
    await journalled(house, played(CLOSES))
    await house.chat.fault(
        method="sendPhoto", status=400, description="Bad Request: IMAGE_PROCESS_FAILED"
    )
    assert (await _asked(house, "/chart")).startswith("TQQQ 2번째 사이클")
    said = await house.chat.last()
    assert not said.get("photo")
    assert captions(said) == ["1번째 사이클", "오늘 주문", "상태"]
