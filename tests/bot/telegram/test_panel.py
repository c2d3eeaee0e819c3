"""/panel: a link that logs in once, in words and as a QR, for whoever may use the chat."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from inline_snapshot import snapshot

from bot.addresses import DASHBOARD
from bot.control.errors import ControlRefused
from bot.control.logins import RESTS, TOLD_AGAIN, TRIES, Logins
from bot.events import TradingPaused, TradingStopped
from bot.storage.journal import Recording
from bot.storage.panel_sessions import PanelSessions
from bot.storage.people import LANGUAGE, Role
from bot.telegram.flood import WITHIN
from bot.trading.model import Actor
from tests.bot.telegram.conftest import FRIEND, MARKET_WALL, OWNER, House, captions

LINK = re.compile(r"(https?://\S+)/login#([0-9a-f]{32})")


def logins_at(house: House, address: str = DASHBOARD) -> Logins:
    @asynccontextmanager
    async def recording() -> AsyncIterator[Recording]:
        async with house.service.journal.recording(house.market.now()) as opened:
            yield opened
        for event in opened.events:
            house.service.bus.publish(event)

    people, sessions = house.front.desk.people, PanelSessions(house.database)
    logins = Logins(recording, sessions, people, MARKET_WALL, address=address)
    logins.register(house.service.bus)
    return logins


@pytest.fixture
def logins(house: House) -> Logins:
    return logins_at(house)


async def shown(house: House, text: str = "/panel", user_id: int = OWNER) -> str:
    MARKET_WALL.at += WITHIN
    somebody = {} if user_id == OWNER else {"as": {"id": user_id, "name": "친구"}}
    await house.chat.send(text, **somebody)
    await house.settle()
    messages = [m for m in await house.chat.messages(user_id) if m["from"] == "bot"]
    return str(messages[-1]["text"])


def key_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found[2]


async def test_the_owner_gets_a_link_that_logs_in_once_and_is_told_how_to_reach_it(
    house: House, logins: Logins
) -> None:
    text = await shown(house)
    login = await logins.login(key_in(text))
    assert (login.user_id, login.role) == (OWNER, Role.OWNER)
    assert re.sub(r"\d\d:\d\d까지", "12:05까지", LINK.sub(r"\1/login#KEY", text)) == snapshot("""\
대시보드 링크 (12:05까지, 한 번)
http://127.0.0.1:8501/login#KEY
주인 권한으로 들어갑니다.
이 주소는 봇이 도는 컴퓨터에서만 열립니다. 다른 곳에서 열려면:
· PC: ssh -L 8501:127.0.0.1:8501 (서버 주소) 를 켜 둔 채 위 링크를 엽니다.
· 휴대폰: Tailscale 같은 사설망을 쓰고, 그 주소를 .env의 MUHAN_DASHBOARD_URL에 적습니다.
열리지 않으면 컴퓨터에서 muhan dashboard 가 켜져 있는지 봐 주세요.\
""")


async def test_the_link_comes_as_a_picture_of_itself_too(house: House, logins: Logins) -> None:
    del logins
    await shown(house)
    message = await house.chat.last()
    address = f"{house.chat.address}{message['photo']['url']}"
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        assert answer.status == 200
        assert (await answer.read()).startswith(b"\x89PNG")


async def test_an_address_that_others_can_open_is_given_without_a_word_about_tunnels(
    house: House,
) -> None:
    logins_at(house, "https://home.tail1234.ts.net")
    text = await shown(house)
    assert "https://home.tail1234.ts.net/login#" in text
    assert "ssh" not in text


async def test_a_viewer_is_let_in_as_a_viewer_in_his_own_language(
    house: House, logins: Logins
) -> None:
    await house.pair(FRIEND, Role.VIEWER)
    await house.front.desk.people.set(FRIEND, LANGUAGE, "en")
    text = await shown(house, user_id=FRIEND)
    assert "It lets you in as: viewer." in text
    login = await logins.login(key_in(text))  # the veil left the key as it is
    assert (login.user_id, login.role, login.language) == (FRIEND, Role.VIEWER, "en")


async def test_every_link_is_a_new_one_and_the_one_before_is_dead(
    house: House, logins: Logins
) -> None:
    first, second = key_in(await shown(house)), key_in(await shown(house))
    assert first != second
    assert (await logins.login(second)).user_id == OWNER
    with pytest.raises(ControlRefused, match="/panel"):
        await logins.login(first)


async def test_somebody_who_is_logged_in_can_log_out_everywhere_by_one_tap(
    house: House, logins: Logins
) -> None:
    login = await logins.login(key_in(await shown(house)))
    text = await shown(house)
    assert "지금 로그인된 브라우저: 1개" in text
    await house.chat.press("모두 로그아웃")
    await house.settle()
    assert "로그아웃했습니다 (브라우저 1개)" in (await house.chat.last())["text"]
    with pytest.raises(ControlRefused, match="/panel"):
        await logins.whose(login.session)


async def test_with_nobody_logged_in_there_is_nothing_to_log_out_of(
    house: House, logins: Logins
) -> None:
    del logins
    await shown(house)
    assert captions(await house.chat.last()) == snapshot(["새 링크", "상태 점검"])


async def test_a_stranger_gets_no_link(house: House, logins: Logins) -> None:
    del logins
    await house.chat.send("/panel", **{"as": {"id": 990_001, "name": "손님"}})
    await house.settle()
    assert await house.chat.said(990_001) == []
    assert await house.database.all("SELECT * FROM panel_key") == []


async def test_a_key_stands_nowhere_in_the_bots_own_files(
    house: House, logins: Logins, tmp_path: Path
) -> None:
    del logins
    key = key_in(await shown(house))
    ours = [path for path in tmp_path.rglob("*.db*") if not path.name.startswith("chat.db")]
    assert ours
    for path in ours:
        assert key.encode() not in path.read_bytes(), path


async def test_whoever_stopped_at_the_dashboard_is_told_in_the_chat(house: House) -> None:
    await house.service.record(
        TradingPaused(everything=True, by=Actor(kind="owner", user_id=OWNER))
    )
    await house.settle()
    silent = len(await house.chat.said())
    await house.service.record(
        TradingStopped(cancel=False, by=Actor(kind="dashboard", user_id=OWNER))
    )
    await house.settle()
    assert len(await house.chat.said()) == silent + 1


async def test_a_login_is_told_without_a_sound_and_says_what_ends_it(
    house: House, logins: Logins
) -> None:
    await logins.login(key_in(await shown(house)))
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot("""\
대시보드에 로그인했습니다 (번호 4242).
모르는 일이면 /panel 의 [모두 로그아웃]을 눌러 주세요.\
""")


async def test_wrong_links_that_lock_the_door_are_told_once_an_hour(
    house: House, logins: Logins
) -> None:
    async def five_wrong() -> None:
        for number in range(TRIES):
            with pytest.raises(ControlRefused):
                await logins.login(f"{number:032x}")
        await house.settle()

    await five_wrong()
    told = [text for text in await house.chat.said() if "틀린 링크" in text]
    assert len(told) == 1
    MARKET_WALL.at += RESTS
    await five_wrong()
    assert len([text for text in await house.chat.said() if "틀린 링크" in text]) == 1
    MARKET_WALL.at += TOLD_AGAIN
    await five_wrong()
    assert len([text for text in await house.chat.said() if "틀린 링크" in text]) == 2
