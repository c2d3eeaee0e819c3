"""`muhan demo` as a newcomer meets it: the real command, the real page, a real browser."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.stage import environment

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE = (390, 844)
DESKTOP = (1280, 800)
PATIENCE = 90  # seconds that a slow machine gets for each step
# Long enough for a look at the receipt before the close turns it into the result.
SECONDS_PER_DAY = "30"
HTML = '<b>굵게</b> <img src="x" onerror="document.title=1"> &amp;'

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")


@asynccontextmanager
async def addresses(
    state: Path, *options: str, pace: str = SECONDS_PER_DAY
) -> AsyncIterator[list[str]]:
    """Run the command on a free port; give the addresses that it prints, the chat page's first."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0"),
        *("--seconds-per-day", pace, "--state", str(state), *options),
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            told = (await process.stdout.readuntil(b"Ctrl-C")).decode()
        found = re.findall(r"http://127\.0\.0\.1:\d+", told)
        assert found, told
        yield found
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@asynccontextmanager
async def demo(state: Path, *options: str, pace: str = SECONDS_PER_DAY) -> AsyncIterator[str]:
    """Run the command; give the chat page's address."""
    async with addresses(state, *options, pace=pace) as (chat, *_):
        yield chat


async def take(page: Page, path: Path) -> None:
    """Keep a picture of a page, and a copy of it for somebody to look at where one is wanted."""
    await page.screenshot(path=path, animations="disabled")
    if wanted := os.environ.get("MUHAN_SCREENSHOTS"):
        folder = Path(wanted)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / path.name)


class Newcomer:
    """Somebody with the page open: says, presses, sees, and keeps a picture of each step."""

    def __init__(self, page: Page, album: Path) -> None:
        self.page = page
        self._album = album
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text))

    async def say(self, text: str) -> None:
        await self.page.locator("#text").fill(text)
        await self.page.keyboard.press("Enter")

    async def sees(self, *texts: str) -> Locator:
        """Wait until the newest of the bot's bubbles with the first text has all of them."""
        bubble = self.page.locator(".row.bot", has_text=texts[0]).last
        for text in texts:
            await expect(bubble).to_contain_text(text)
        return bubble

    async def card(self, day: str) -> Locator:
        """Wait for a round's card, and hold on to that very message."""
        bubble = self.page.locator(".row.bot", has_text=f"{day} 미국장 · TQQQ").last
        await expect(bubble).to_be_visible()
        return self.page.locator(f"#{await bubble.get_attribute('id')}")

    async def next_day(self) -> None:
        button = self.page.get_by_role("button", name="다음 날")
        await button.click()
        await expect(button).to_be_enabled()

    async def picture(self, name: str) -> None:
        await take(self.page, self._album / f"{name}.png")


@asynccontextmanager
async def newcomer(
    address: str, album: Path, size: tuple[int, int] = PHONE
) -> AsyncIterator[Newcomer]:
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            locale="ko-KR",
            timezone_id="Asia/Seoul",
        )
        somebody = Newcomer(page, album)
        await page.goto(address)
        try:
            yield somebody
        except BaseException:
            await somebody.picture("where-it-went-wrong")
            raise
        finally:
            await browser.close()
        assert somebody.complaints == []


async def test_a_newcomer_approves_a_round_and_reads_its_result_next_morning(
    tmp_path: Path,
) -> None:
    async with demo(tmp_path / "state") as address, newcomer(address, tmp_path) as we:
        await approves(we)
        await reads_next_morning(we)
        await writes_html(we)
        await skips_a_round(we)
        await looks_well(we.page)
        async with newcomer(address, tmp_path, DESKTOP) as later:
            await later.card("10월 6일(화)")
            await later.picture("6-desktop")
            await looks_well(later.page)


async def approves(we: Newcomer) -> None:
    card = await we.card("10월 5일(월)")
    await we.say("/start")
    await we.sees("안녕하세요, 무한입니다.", "가동 중 · 데모")
    await expect(card).to_contain_text("V4.0 40분할 · 첫 매수 · T 0.00")
    await expect(card).to_contain_text("매수 첫LOC 6주 $77.77")
    await expect(card).to_contain_text("승인 마감 04:30")
    await we.picture("1-plan")

    await card.get_by_role("button", name="승인").click()
    await expect(card).to_contain_text("접수 9/9")
    await expect(card).to_contain_text("마감 05:00 이후 이 메시지가 결과로 바뀝니다.")
    await expect(card.get_by_role("button", name="승인")).to_have_count(0)
    await expect(card.get_by_role("button", name="한 건 취소")).to_be_visible()
    await we.picture("2-receipt")
    await we.say("/orders")
    await we.sees("미체결 주문 9건", "매수 첫LOC")


async def reads_next_morning(we: Newcomer) -> None:
    first = await we.card("10월 5일(월)")
    await we.next_day()
    await expect(first).to_contain_text("체결 6주 $73.11")
    await expect(first).to_contain_text("결과: 매수 6주 $73.11 체결 · 매도 없음")
    await expect(first).to_contain_text("T 0.00→1.00")
    await we.sees("10월 5일(월) 결과 · TQQQ", "6주 · 평단 $73.11", "$19,561.34")
    second = await we.card("10월 6일(화)")
    await expect(second).to_contain_text("매도 쿼터LOC 1주 $83.53")
    await expect(second.get_by_role("button", name="승인")).to_be_visible()
    await we.picture("3-result")
    await first.get_by_role("button", name="왜 이렇게?").click()
    await we.sees("10월 5일(월) TQQQ 주문의 이유", "T 0 < 40 / 2 = 20", "전일 종가 69.44 x 1.12")
    await we.picture("3-why")

    await we.say("/status")
    await we.sees("승인 방식 확인", "1.00/40", "6주 · 평단 $73.11", "1번째 · 1일째")
    await we.say("/report")
    await we.sees("누적 1거래일", "10월 5일(월) 미국장 결과", "아직 졸업한 사이클이 없습니다.")
    await we.picture("4-report")


async def writes_html(we: Newcomer) -> None:
    title = await we.page.title()
    await we.say(HTML)
    words = we.page.locator(".row.owner .words").last
    await expect(words).to_have_text(HTML)
    await expect(words.locator("*")).to_have_count(0)
    await we.sees("말로 하는 지시는 받지 않습니다.")
    assert await we.page.title() == title


async def skips_a_round(we: Newcomer) -> None:
    card = await we.card("10월 6일(화)")
    await card.get_by_role("button", name="건너뛰기").click()
    asked = await we.sees("이 회차를 건너뛸까요?")
    await expect(asked).to_be_in_viewport()
    await asked.get_by_role("button", name="건너뛰기").click()
    await we.sees("건너뛰었습니다. 오늘은 주문하지 않습니다.")
    await expect(card).to_contain_text("건너뜀: 오늘은 주문하지 않습니다. T는 그대로입니다.")
    await expect(card.get_by_role("button", name="승인")).to_have_count(0)
    await we.picture("5-skipped")
    await we.say("/help")  # below a message that was edited: the day is not announced again
    await we.sees("무엇을 하시겠습니까? 골라 주세요.", "매일")


async def looks_well(page: Page) -> None:
    """Nothing sticks out sideways, the page itself stands still, and a day is announced once."""
    width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert await page.evaluate(width)
    assert await page.evaluate("document.scrollingElement.scrollTop") == 0
    days = await page.locator(".day").all_inner_texts()
    assert len(days) == len(set(days))
