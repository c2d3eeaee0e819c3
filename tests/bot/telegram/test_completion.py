"""A finished cycle's card in a real trading room: its buttons, pressed through to the ledger."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.events import AfterwardsSet, CycleChanged, RoundProposed, RoundSettled
from bot.trading.model import Afterwards
from tests.bot.telegram.conftest import MARKET_WALL, Chat, captions, sketch
from tests.bot.telegram.room import Room, room_on, shown
from tests.bot.telegram.samples import HOME
from tests.bot.trading.floor import CALENDAR, DAY, NEXT, table_of

D = Decimal
AFTER = CALENDAR.following(NEXT).day


@pytest.fixture
async def room(chat: Chat, tmp_path: Path) -> AsyncIterator[Room]:
    """Open a room where a cycle was sold out on its second session, and its card is in the chat."""
    MARKET_WALL.at, MARKET_WALL.slept, MARKET_WALL.gate = HOME, [], None
    async with room_on(chat, tmp_path / "state", draw=sketch) as opened:
        floor = opened.floor
        await floor.begin()
        floor.counter.closes |= {DAY: D(51), NEXT: D(60), AFTER: D(60)}
        await floor.live(table_of(NEXT).settle_at + timedelta(minutes=1))
        assert (await floor.all(RoundSettled))[-1].finished is not None
        await opened.settle()
        yield opened


async def test_the_card_is_a_photo_with_its_choices(room: Room) -> None:
    card = await room.chat.having("쉬기")
    assert card["photo"]
    assert shown(card) == snapshot("""\
🎓 TQQQ 1번째 사이클 졸업
6거래일 · 최대 T 4.50 · 수수료 $0.00
실현 +$356.80 (+3.57%)
매수 $204.00 · 매도 $2,560.80 (#1)
이어받은 주식의 원가 $2,000.00
다음 사이클 원금 $10,356.80 (복리), 다음 거래일부터 시작합니다.
아무것도 누르지 않으면 그대로 시작합니다.
[그대로 시작] [시드 바꾸기] [쉬기]\
""")


async def test_rest_on_the_card_rests_and_the_way_back_goes_on(room: Room) -> None:
    await room.press("쉬기")
    said = await room.chat.last()
    assert shown(said) == snapshot("""\
TQQQ: 지금부터 새 회차를 내지 않습니다.
[설정 보기]
[첫 화면] [오늘 주문]\
""")
    (chosen,) = await room.floor.all(AfterwardsSet)
    assert chosen.afterwards is Afterwards.REST
    await room.floor.live(table_of(AFTER).send_from)
    proposed = len(await room.floor.all(RoundProposed))
    assert proposed == 2, "nothing is planned at rest"
    card = await room.chat.having("그대로 시작")
    await room.chat.press("그대로 시작", message=card)
    await room.settle()
    assert shown(await room.chat.last()) == snapshot("""\
TQQQ: 다시 이어 갑니다. 첫 회차는 10월 9일(금)입니다.
[설정 보기]
[첫 화면] [오늘 주문]\
""")
    view = await room.floor.views.cycle(1)
    assert view is not None
    assert view.afterwards is Afterwards.GO_ON


async def test_go_on_on_the_card_changes_nothing_and_says_so(room: Room) -> None:
    await room.press("그대로 시작")
    assert shown(await room.chat.last()) == snapshot("""\
이미 그렇게 정해져 있습니다. 바뀐 것은 없습니다.
[상태] [주문]\
""")
    await room.floor.live(table_of(AFTER).send_from)
    assert len(await room.floor.all(RoundProposed)) == 3


async def test_the_seed_on_the_card_is_changed_by_buttons_alone(room: Room) -> None:
    before = (await room.floor.cycle()).principal
    await room.press("시드 바꾸기")
    page = await room.chat.last()
    assert shown(page) == snapshot("""\
TQQQ 시드 $10,356.80 · 잔금 $10,356.80
뺄 수 있는 돈은 $10,356.80까지입니다.
얼마를 넣거나 뺄까요? 누르거나 금액만 적어 주세요 (예: 1,234.5 또는 -500).
적은 뒤에 미리 보여 드립니다.
[+$500] [+$1,000] [+$5,000]
[-$500] [-$1,000] [-$5,000]
[설정 보기]\
""")
    await room.press("+$500")
    preview = await room.chat.having(captions(await room.chat.last())[0])
    assert shown(preview) == snapshot("""\
TQQQ 1번 사이클 · 설정을 이렇게 바꿉니다.
                지금    바뀐 뒤
시드      $10,356.80 $10,856.80
잔금      $10,356.80 $10,856.80
1회매수금    $517.84    $542.84
T               0.00       0.00
소진까지        20회       20회
봇은 환전하거나 돈을 옮기지 않습니다. 그만큼의 달러가 계좌에 있어야 합니다.
10월 9일(금) 회차부터 적용합니다. (60초 안에 눌러 주세요)
[이대로 바꾸기] [그만두기]
[다른 값] [뒤로]\
""")
    await room.press(captions(preview)[0])
    assert shown(await room.chat.last()) == snapshot("""\
TQQQ 시드 +$500.00 반영했습니다. 10월 9일(금) 회차부터 적용합니다.
1회  $517.84→$542.84
T    0.00
수량 0
평단 $0.00
잔금 $10,356.80→$10,856.80
원금 $10,356.80→$10,856.80
[오늘] [상태]\
""")
    assert len(await room.floor.all(CycleChanged)) == 1
    assert (await room.floor.cycle()).principal == before + 500
