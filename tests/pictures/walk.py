"""A walk through the chat and the dashboard of a demo, with a camera."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    async_playwright,
    expect,
)

from tests.bot.laboratory.stored import keep
from tests.browser.panel import Visitor
from tests.browser.test_demo_page import CHROMIUM, PATIENCE, QUIET, Newcomer, addresses
from tests.pictures.camera import Camera

WIDTH, HEIGHT, SHARPNESS = 390, 780, 1.5
PACE = "60"
"""Seconds a day: soon it is evening, and then the market stands, as an approval is open."""
SETTLED = 900
"""Milliseconds until a list has scrolled to its end, or a figure has faded in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """What the walk says and waits for in a language: a command, and a word of its answer."""

    language: str
    locale: str
    switch: tuple[str, str]
    approve: tuple[str, str]
    why: tuple[str, str]
    answers: tuple[tuple[str, str], ...]
    run: str
    pages: tuple[tuple[str, str], ...]


SPOKEN = (
    Spoken(
        language="ko",
        locale="ko-KR",
        switch=("/alerts 한국어", "방해금지"),
        approve=("승인", "접수"),
        why=("왜 이렇게?", "주문의 이유"),
        answers=(
            ("status", "승인 방식"),
            ("orders", "주문"),
            ("report", "미국장 결과"),
            ("mode", "승인 방식 ·"),
            ("cycles", "누적 실현"),
            ("pnl", "월간 손익"),
            ("tax", "실현"),
            ("backup", ""),
            ("panel", "대시보드 링크"),
        ),
        run="돌리기",
        pages=(
            ("controls", "새 사이클 시작"),
            ("cycles", "끝난 사이클"),
            ("performance", "환율은 따로"),
            ("health", "최근 로그"),
        ),
    ),
    Spoken(
        language="en",
        locale="en-US",
        switch=("/alerts English", ""),
        approve=("Approve", "accepted"),
        why=("Why?", ""),
        answers=(
            ("status", ""),
            ("orders", ""),
            ("report", ""),
            ("mode", ""),
            ("cycles", ""),
            ("pnl", ""),
            ("tax", ""),
            ("backup", ""),
            ("panel", "/login#"),
        ),
        run="Run",
        pages=(
            ("controls", "Start a cycle"),
            ("cycles", "Finished cycles"),
            ("performance", "The rate, apart"),
            ("health", "log"),
        ),
    ),
)


async def photograph_demo(state: Path, agreement: tuple[str, ...], out: Path) -> None:
    """Take the pictures of chat and dashboard, going on from a demo's state."""
    expect.set_options(timeout=PATIENCE * 1000)
    if not (state / "bot" / "prices").exists():
        keep(state / "bot", "TQQQ", count=800, first_close="60")
    async with (
        addresses(state, "--dashboard", *agreement, pace=PACE) as (chat, panel, *_),
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            for spoken in SPOKEN:
                context = await _phone(browser, spoken)
                key = await _chat(context, chat, out, spoken)
                await _dashboard(context, f"{panel}/login#{key}", out, spoken)
                await context.close()
        finally:
            await browser.close()


async def _phone(browser: Browser, spoken: Spoken) -> BrowserContext:
    return await browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=SHARPNESS,
        locale=spoken.locale,
        timezone_id="Asia/Seoul",
    )


async def _chat(context: BrowserContext, chat: str, out: Path, spoken: Spoken) -> str:
    """Walk through the chat; give the key of the dashboard's link."""
    page = await context.new_page()
    await page.goto(chat)
    owner, camera = Newcomer(page, out), Camera(page, out, spoken.language)
    await expect(page.locator(".row.bot").last).to_be_visible()
    await page.wait_for_timeout(SETTLED)
    await _says(owner, *spoken.switch)
    next_day = page.get_by_role("button", name="다음 날")
    await next_day.click()
    caption, receipt = spoken.approve
    approve = page.get_by_role("button", name=caption, exact=True).last
    await expect(approve).to_be_visible()
    await approve.scroll_into_view_if_needed()
    await page.wait_for_timeout(SETTLED)
    await camera.screen("chat-plan")
    why, answer = spoken.why
    await page.get_by_role("button", name=why, exact=True).last.click()
    await owner.sees(answer)
    await page.wait_for_timeout(SETTLED)
    await camera.screen("chat-why")
    for command, word in spoken.answers:
        await _says(owner, f"/{command}", word)
        await camera.screen(f"chat-{command}")
    await _approves(page, approve, receipt)
    await camera.screen("chat-receipt")
    told = await page.locator(".row.bot", has_text="/login#").last.inner_text()
    found = re.search(r"/login#([0-9a-f]{32})", told)
    assert found is not None
    return found[1]


async def _approves(page: Page, approve: Locator, receipt: str) -> None:
    """Tap, and wait for what becomes of the plan's message."""
    card = page.locator(".row.bot", has=approve)
    message = page.locator(f"#{await card.get_attribute('id')}")
    await approve.click()
    await expect(message).to_contain_text(receipt)
    await page.wait_for_timeout(2 * SETTLED)  # it is written anew with every order
    await message.evaluate("row => row.scrollIntoView({block: 'center'})")
    await page.wait_for_timeout(SETTLED)


async def _says(owner: Newcomer, text: str, answer: str) -> None:
    """Say something, and wait until the bot's newest answer to it is seen whole."""
    bubbles = owner.page.locator(".row.bot")
    before = await bubbles.count()
    await owner.say(text)
    await expect(bubbles.nth(before)).to_contain_text(answer, ignore_case=True)
    await owner.page.wait_for_timeout(SETTLED)


async def _dashboard(context: BrowserContext, link: str, out: Path, spoken: Spoken) -> None:
    page = await context.new_page()
    address = link.partition("/login")[0]
    we, camera = Visitor(page, address, out), Camera(page, out, spoken.language)
    await page.goto(link)
    await we.sees("TQQQ")
    await page.wait_for_timeout(SETTLED)
    await camera.screen("dashboard-today")
    for name, word in spoken.pages:
        await we.goes(name)
        await we.sees(word)
        await page.wait_for_timeout(2 * SETTLED)
        await camera.screen(f"dashboard-{name}")
    await we.goes("laboratory")
    await we.presses(spoken.run)
    figures = page.locator(".js-plotly-plot .main-svg .draglayer")
    await expect(figures).to_have_count(2)
    await page.wait_for_timeout(SETTLED)
    await page.locator("h3").first.scroll_into_view_if_needed()
    await page.evaluate("document.querySelector('h3').scrollIntoView()")
    await page.wait_for_timeout(SETTLED)
    await camera.screen("dashboard-laboratory")
