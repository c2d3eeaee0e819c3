"""The dashboard beside a running bot, in a real browser: in, today, start and stop, and bot down.

`MUHAN_SCREENSHOTS=folder` keeps a picture of each step, for somebody to look at.
"""

import json
import re
import sqlite3
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from bot.control.listening import listening
from bot.dashboard.doorkeeper import COOKIE
from bot.storage.database import DATABASE_NAME, opened
from tests.browser.panel import OWNER, Visitor, dashboard, let_in, visitor
from tests.browser.test_demo_page import (
    DESKTOP,
    Newcomer,
    demo,
    newcomer,
    pytestmark,  # noqa: F401 - skips without a browser
)

VIEWER = 1000002
SLOWLY = "240"  # a day that does not pass while it is looked at
MARK = "window.sameDocument"


async def test_the_owner_watches_and_commands_the_bot_and_reads_on_when_it_is_off(
    tmp_path: Path,
) -> None:
    home = tmp_path / "state" / "bot"
    async with AsyncExitStack() as bot:
        chat = await bot.enter_async_context(demo(tmp_path / "state", "--dashboard", pace=SLOWLY))
        owner = await bot.enter_async_context(newcomer(chat, tmp_path))
        await owner.card("10월 5일(월)")
        async with dashboard(home) as address:
            async with visitor(address, tmp_path) as we:
                await comes_in(we, owner)
                await pauses_and_goes_on(we)
                await ends_the_cycle(we)
                await starts_a_cycle(we)
                await approves(we, owner)
                await sees_the_fill_without_reloading(we, owner)
                await reads_the_log(we)
                await stops_and_pulls_the_emergency_brake(we)
                the_causes_are_in_the_journal(home)
                await bot.aclose()
                await is_told_that_the_bot_is_off(we)
                await leaves(we)
            await a_session_holds_without_the_bot(address, tmp_path, home)
            await a_viewer_sees_no_amounts(address, tmp_path, home)


async def comes_in(we: Visitor, owner: Newcomer) -> None:
    """A link logs in once; its key is no part of any address, and the session no script's."""
    asked: list[str] = []
    we.page.on("request", lambda request: asked.append(request.url))
    await we.goes()
    await expect(we.page.locator("body")).to_contain_text("/panel")
    await we.picture("d1-who-is-there")
    ours, told = await link_from_chat(owner)
    await we.page.goto(f"{ours}/login")  # the dashboard that the demo itself has opened
    await expect(we.page.locator("body")).to_contain_text("/panel")
    await we.goes(f"login#{told}")
    await we.sees(
        "데모", "가동 중", "TQQQ", "계획됨", "매수 첫LOC", "6주", "$77.77", "승인 방식 확인"
    )
    await we.sees("다음에 일어날 일", "승인과 주문 마감")
    await we.fits()
    await we.picture("d2-today")
    assert we.page.url == f"{we.address}/"
    assert told not in " ".join(asked)
    cookie = await session_cookie(we)
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert COOKIE not in await we.page.evaluate("document.cookie")
    await we.page.reload()
    await we.sees("매수 첫LOC")
    for key in (told, "0" * 32):  # used, and never given
        async with visitor(we.address, Path(we.album)) as stranger:
            await stranger.goes(f"login#{key}")
            await expect(stranger.page.get_by_role("alert")).to_contain_text("/panel")
            await stranger.goes("controls")
            await expect(stranger.page.locator(".stMain")).to_have_count(0)


async def link_from_chat(owner: Newcomer) -> tuple[str, str]:
    await owner.say("/panel")
    told = await owner.sees("대시보드 링크")
    found = re.search(r"(http://127\.0\.0\.1:\d+)/login#([0-9a-f]{32})", await told.inner_text())
    assert found is not None
    return found.group(1), found.group(2)


async def session_cookie(we: Visitor) -> Any:
    cookies = {cookie["name"]: cookie for cookie in await we.page.context.cookies()}
    return cookies[COOKIE]


async def pauses_and_goes_on(we: Visitor) -> None:
    await we.page.get_by_role("link", name="조작").tap()
    await we.presses("매수만 쉬기")
    await we.confirms("매수만 쉽니다.")
    await we.sees("일시정지했습니다", "매수 일시정지")
    await we.presses("다시 시작")
    window = we.page.get_by_role("dialog")
    await expect(window).to_contain_text("다시 시작합니다.")
    await we.picture("d3-two-steps")
    await window.get_by_role("button", name="그만두기").click()
    await expect(window).to_be_hidden()
    await we.sees("매수 일시정지")
    await we.presses("다시 시작")
    await we.confirms("다시 시작합니다.")
    await we.sees("다시 시작했습니다.", "가동 중")


async def ends_the_cycle(we: Visitor) -> None:
    await we.presses("끝나면 그만두기")
    await we.confirms("TQQQ")
    await we.sees("TQQQ 사이클을 끝냈습니다.", "도는 사이클이 없습니다.")
    await we.picture("d4-stopped")


async def starts_a_cycle(we: Visitor) -> None:
    principal = we.page.get_by_label("원금 (달러)")
    # While the page is drawn anew the old field still stands beside the new one.
    await expect(principal).to_have_count(1)
    await principal.fill("많이")
    await we.presses("미리보기")
    await we.sees("원금을 달러로 적어 주세요")
    await expect(principal).to_have_count(1)
    await principal.fill("20,000")
    await we.presses("미리보기")
    await we.confirms("TQQQ · V4.0 · 40분할 · 원금 $20,000.00 · 승인: 확인")
    await we.sees("TQQQ 2번 사이클을 시작했습니다.", "끝나면 이어서")
    await we.fits()
    await we.picture("d5-started")


async def approves(we: Visitor, owner: Newcomer) -> None:
    """The page shows the round by itself when it is planned; the chat's card hears of the tap."""
    await we.sees("기다리는 회차")
    await we.presses("승인")
    await we.confirms("TQQQ")
    # The day may go on before anybody looks: approved, received, filled.
    card = owner.page.locator(".row.bot", has_text="V4.0 40분할 · 첫 매수").last
    await expect(card).to_contain_text(re.compile("승인됨|접수|체결"))


async def sees_the_fill_without_reloading(we: Visitor, owner: Newcomer) -> None:
    await we.goes()
    await we.sees("매수 첫LOC")
    await we.page.evaluate(f"{MARK} = true")
    await owner.next_day()
    await we.sees("방금 있었던 일", "TQQQ 매수 6주 체결 · 평균 $73.11", "정산했습니다: T 1.00")
    await we.sees("1.00/40", "매수 별LOC", "매도 목표")  # the next evening's plan follows by itself
    assert await we.page.evaluate(f"{MARK} === true"), "nothing was loaded anew"
    await we.picture("d6-filled")


async def reads_the_log(we: Visitor) -> None:
    await we.goes("health")
    await we.sees("정상", "KIS 토큰", "웹소켓", "최근 로그", "chat is ready")
    await we.fits()
    await we.picture("d7-health")


async def stops_and_pulls_the_emergency_brake(we: Visitor) -> None:
    """After an emergency stop nothing but the button that lifts it is offered."""
    await we.page.get_by_role("link", name="조작").tap()
    await we.presses("유지하고 정지")
    await we.confirms("정지")
    await we.sees("정지")
    await we.presses("다시 시작")
    await we.confirms("다시 시작합니다.")
    await we.sees("다시 시작했습니다.")
    await we.presses("비상정지")
    await we.confirms("비상정지")
    await expect(we.page.get_by_role("button", name="매수만 쉬기")).to_have_count(0)
    await we.picture("d8-emergency-stop")
    await we.presses("비상정지 풀기")
    await we.confirms("비상정지를 풉니다.")
    await we.sees("비상정지를 풀었습니다.")


def the_causes_are_in_the_journal(home: Path) -> None:
    by = {"kind": "dashboard", "user_id": OWNER}
    with sqlite3.connect(f"file:{home / DATABASE_NAME}?mode=ro", uri=True) as journal:
        rows = journal.execute("SELECT type, body FROM journal ORDER BY seq").fetchall()
    caused = [name for name, body in rows if json.loads(body).get("by") == by]
    assert [name for name in caused if name != "CycleEnded"] == [
        "TradingPaused",
        "TradingResumed",
        "AfterwardsSet",
        "RoundSkipped",
        "CycleStarted",
        "RoundApproved",
        "TradingStopped",
        "TradingResumed",
        "TradingKilled",
        "TradingUnlocked",
    ]


async def is_told_that_the_bot_is_off(we: Visitor) -> None:
    """The open page changes by itself: there is nothing left to press."""
    await we.sees("봇 꺼짐", "봇이 답하지 않습니다.", "아무것도 시킬 수 없습니다.")
    await expect(we.page.locator(".stMain").get_by_role("button")).to_have_count(0)
    await we.page.get_by_role("link", name="상태와 로그").tap()
    await we.sees("muhan doctor")


async def leaves(we: Visitor) -> None:
    await we.goes("leave")
    await expect(we.page.locator("body")).to_contain_text("/panel")
    await we.goes()
    await expect(we.page.locator(".stMain")).to_have_count(0)


async def a_session_holds_without_the_bot(address: str, album: Path, home: Path) -> None:
    session = await let_in(home)
    async with visitor(address, album, session=session, language="en", size=DESKTOP) as we:
        await we.goes("today")
        await we.sees("bot is off", "TQQQ", "planned", "buy star LOC", "sell target")
        await we.fits()
        await we.picture("d9-off-in-english")
        await we.page.get_by_role("link", name="한국어").click()
        await we.sees("봇 꺼짐", "매수 별LOC")
        with listening(home) as bound:  # a bot that takes questions and answers none
            bound.listen()
            await we.sees("봇 응답 없음", "저절로 이어집니다", "매수 별LOC")
            await we.picture("d9-hangs")


async def a_viewer_sees_no_amounts(address: str, album: Path, home: Path) -> None:
    async with opened(home / DATABASE_NAME) as database, database.transaction() as tx:
        await tx.execute(
            "INSERT INTO person (user_id, role, name, since) VALUES (?, 'VIEWER', 'Vera', ?)",
            (VIEWER, datetime.now(UTC).isoformat()),  # noqa: TID251 - beside a real process' clock
        )
    session = await let_in(home, VIEWER)
    async with visitor(address, album, session=session) as we:
        await we.goes()
        await we.sees("TQQQ", "T", "1.00/40", "•••")
        told = await we.page.locator("body").inner_text()
        assert re.search(r"\$\s?\d|\d주", told) is None
        await expect(we.page.get_by_role("link", name="조작")).to_have_count(0)
        await we.picture("d10-viewer")
