import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from playwright.async_api import Page, async_playwright, expect

from tests.bot.chat.conftest import OWNER, Chat

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")


@asynccontextmanager
async def opened(chat: Chat) -> AsyncIterator[tuple[Page, list[str]]]:
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text))
        await page.goto(chat.address)
        yield page, complaints
        await browser.close()


async def test_the_owner_writes_taps_and_reads_in_the_page(chat: Chat) -> None:
    row = [
        InlineKeyboardButton(text="왜?", callback_data="why"),
        InlineKeyboardButton(text="승인", callback_data="ok"),
    ]
    await chat.bot.set_my_commands([BotCommand(command="today", description="오늘 주문")])
    async with opened(chat) as (page, complaints):
        await page.get_by_role("button", name="시작").click()
        await expect(page.locator(".row.owner .words")).to_have_text("/start")
        sent = await chat.bot.send_message(
            OWNER,
            "<b>제안</b> &lt;img src=x onerror=alert(1)&gt;\n<pre>1\n2</pre>",
            parse_mode="HTML",
            reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]),
        )
        bubble = page.locator(f"#m{sent.message_id} .words")
        await expect(bubble.locator("b")).to_have_text("제안")
        await expect(bubble.locator("img")).to_have_count(0)

        key = page.get_by_role("button", name="왜?")
        await key.click()
        await expect(key).to_have_attribute("aria-busy", "true")
        query = (await chat.bot.get_updates())[-1].callback_query
        assert query is not None
        assert query.data == "why"
        await chat.bot.answer_callback_query(query.id, text="별지점 아래", show_alert=True)
        await expect(page.get_by_role("dialog")).to_contain_text("별지점 아래")
        await page.get_by_role("button", name="확인").click()
        await expect(key).not_to_have_attribute("aria-busy", "true")

        await chat.bot.edit_message_text("접수됨", chat_id=OWNER, message_id=sent.message_id)
        await expect(bubble).to_have_text("접수됨")
        await expect(page.locator(f"#m{sent.message_id} .meta")).to_contain_text("수정됨")
        await expect(page.get_by_role("button", name="승인")).to_have_count(0)

        await page.get_by_role("button", name="메뉴").click()
        await page.get_by_role("menuitem", name="오늘 주문").click()
        await page.get_by_role("textbox", name="메시지").fill("안녕")
        await page.keyboard.press("Enter")
        await expect(page.locator(".row.owner .words").last).to_have_text("안녕")
        updates = await chat.bot.get_updates()
        texts = [update.message.text for update in updates if update.message]
        assert texts == ["/start", "/today", "안녕"]
        assert complaints == []


async def test_a_new_message_does_not_move_the_view_of_who_reads_above(chat: Chat) -> None:
    for number in range(30):
        await chat.bot.send_message(OWNER, f"{number}\n" * 3)
    async with opened(chat) as (page, complaints):
        place = "document.getElementById('scroll').scrollTop"
        await expect(page.locator(".row")).to_have_count(30)
        await expect(page.locator(".row").last).to_be_in_viewport()
        await page.evaluate(f"{place} = 100")
        await expect(page.locator("#jump")).to_be_visible()
        await chat.bot.send_message(OWNER, "새 소식")
        await expect(page.locator("#unread")).to_have_text("1")
        assert await page.evaluate(place) == 100
        await page.locator("#jump").click()
        await expect(page.get_by_text("새 소식")).to_be_in_viewport()
        assert complaints == []


async def test_the_page_says_whether_the_bot_is_there(chat: Chat) -> None:
    async with opened(chat) as (page, _), asyncio.TaskGroup() as group:
        await expect(page.locator("#status")).to_contain_text("오프라인")
        poll = group.create_task(chat.bot.get_updates(timeout=30))
        await expect(page.locator("#status")).to_have_text("온라인")
        await chat.say("enough")
        await poll
