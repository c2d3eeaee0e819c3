"""Every kind of message that the bot uses, as a person meets it in the page."""

import os
import struct
import zlib
from pathlib import Path

from aiogram.types import (
    BufferedInputFile,
    InputMediaPhoto,
    KeyboardButton,
    MediaUnion,
    ReplyKeyboardMarkup,
)
from playwright.async_api import Page, expect

from tests.bot.chat.conftest import OWNER, Chat
from tests.bot.chat.test_page import opened, pytestmark  # noqa: F401 - skips without a browser

FORUM = -1001234


def picture(width: int, height: int, shade: int) -> BufferedInputFile:
    """Draw a PNG of one colour with a diagonal."""
    rows = b"".join(
        b"\0"
        + bytes(255 if abs(x * height - y * width) < 2 * width else shade for x in range(width))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return BufferedInputFile(b"\x89PNG\r\n\x1a\n" + body, "차트.png")


async def photograph(page: Page, name: str) -> None:
    if wanted := os.environ.get("MUHAN_SCREENSHOTS"):
        Path(wanted).mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=Path(wanted) / f"{name}.png", animations="disabled")


async def test_a_picture_opens_as_large_as_the_screen_and_its_caption_follows_an_edit(
    chat: Chat,
) -> None:
    async with opened(chat) as (page, complaints):
        sent = await chat.bot.send_photo(
            OWNER,
            picture(1200, 700, 60),
            caption="<b>SOXL</b> 사이클 5\n평단 $101.12",
            parse_mode="HTML",
        )
        row = page.locator(f"#m{sent.message_id}")
        await expect(row.locator("img")).to_be_visible()
        await expect(row.locator("img")).to_have_attribute("alt", "SOXL 사이클 5")
        await photograph(page, "kind-photo")
        await row.get_by_role("button", name="그림 크게 보기").click()
        viewer = page.get_by_role("dialog", name="그림")
        await expect(viewer).to_contain_text("평단 $101.12")
        await photograph(page, "kind-viewer")
        await page.get_by_role("button", name="닫기").click()
        await expect(viewer).to_be_hidden()
        await chat.bot.edit_message_caption(
            chat_id=OWNER, message_id=sent.message_id, caption="T 8.50"
        )
        await expect(row.locator(".words")).to_have_text("T 8.50")
        await expect(row.locator("img")).to_be_visible()
        await chat.bot.edit_message_media(
            InputMediaPhoto(media=picture(800, 800, 120), caption="새 차트"),
            chat_id=OWNER,
            message_id=sent.message_id,
        )
        await expect(row.locator("img")).to_have_attribute("width", "800")
        await chat.bot.delete_message(OWNER, sent.message_id)
        await expect(row).to_have_count(0)
        assert complaints == []


async def test_a_file_of_words_opens_in_a_tab_and_any_other_is_saved(chat: Chat) -> None:
    async with opened(chat) as (page, complaints):
        table = "날짜,종목\n2026-10-07,<b>SOXL</b>\n"
        await chat.bot.send_document(
            OWNER, BufferedInputFile(table.encode(), "거래.csv"), caption="거래 내역"
        )
        await chat.bot.send_document(OWNER, BufferedInputFile(b"PK\3\4" + bytes(5000), "세금.xlsx"))
        await expect(page.locator(".file")).to_have_count(2)
        await photograph(page, "kind-files")
        async with page.expect_popup() as tab:
            await page.get_by_role("link", name="거래.csv").click()
        words = await tab.value
        assert await words.inner_text("body") == table
        async with page.expect_download() as download:
            await page.get_by_role("link", name="세금.xlsx").click()
        saved = await download.value
        assert saved.suggested_filename == "세금.xlsx"
        assert len(Path(await saved.path()).read_bytes()) == 5004
        assert complaints == []


async def test_an_album_a_pin_a_reply_and_a_keyboard_look_like_telegrams(chat: Chat) -> None:
    async with opened(chat) as (page, complaints):
        plan = await chat.bot.send_message(OWNER, "10월 7일(수) 미국장 · SOXL\n계획 12건")
        media: list[MediaUnion] = [
            InputMediaPhoto(media=picture(600, 300, 60), caption="주간 리뷰"),
            InputMediaPhoto(media=picture(600, 300, 140)),
        ]
        album = await chat.bot.send_media_group(OWNER, media)
        for number in range(12):
            await chat.bot.send_message(
                OWNER, f"체결 {number + 1}", reply_to_message_id=plan.message_id
            )
        await chat.bot.pin_chat_message(OWNER, plan.message_id)
        board = ReplyKeyboardMarkup(
            keyboard=[[KeyboardButton(text=words) for words in ("오늘", "상태", "사이클")]],
            resize_keyboard=True,
        )
        await chat.bot.send_message(OWNER, "아래 버튼으로 고르세요.", reply_markup=board)
        await expect(page.locator(f"#m{album[1].message_id}")).to_have_class(
            "row bot pictured joined fresh"
        )
        await expect(page.locator(".told")).to_have_text(
            "메시지를 고정했습니다: 10월 7일(수) 미국장 · SOXL"
        )
        pinned = page.locator("#pinned")
        await expect(pinned).to_contain_text("10월 7일(수) 미국장 · SOXL")
        await photograph(page, "kind-pin")
        await pinned.click()
        await expect(page.locator(f"#m{plan.message_id}")).to_be_in_viewport()
        await photograph(page, "kind-album")
        await page.locator("#jump").click()
        await page.locator(".reply").last.click()
        await expect(page.locator(f"#m{plan.message_id}")).to_be_in_viewport()
        await page.get_by_role("button", name="사이클", exact=True).click()
        await expect(page.locator(".row.owner .words").last).to_have_text("사이클")
        await chat.bot.unpin_all_chat_messages(OWNER)
        await expect(pinned).to_be_hidden()
        await chat.bot.send_chat_action(OWNER, "upload_photo")
        await expect(page.locator("#status")).to_have_text("사진 보내는 중…")
        assert complaints == []


async def test_a_forum_has_a_tab_of_its_own_and_a_tab_for_each_topic(chat: Chat) -> None:
    async with opened(chat) as (page, complaints):
        await chat.bot.send_message(OWNER, "나에게만")
        await expect(page.locator("#chats")).to_be_hidden()
        await chat.post("groups", {"id": FORUM, "title": "무한매수 모임", "is_forum": True})
        threads = {}
        for symbol in ("SOXL", "TQQQ"):
            topic = await chat.bot.create_forum_topic(FORUM, symbol)
            threads[symbol] = topic.message_thread_id
            await chat.bot.send_message(
                FORUM, f"{symbol} 계획", message_thread_id=topic.message_thread_id
            )
        await page.get_by_role("button", name="무한매수 모임").click()
        await expect(page.get_by_text("TQQQ 계획")).to_be_visible()
        await expect(page.get_by_text("나에게만")).to_have_count(0)
        await page.get_by_role("button", name="SOXL", exact=True).click()
        await expect(page.get_by_text("TQQQ 계획")).to_be_hidden()
        await expect(page.get_by_text("SOXL 계획")).to_be_visible()
        await page.get_by_role("textbox", name="메시지").fill("잘 보입니다")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("잘 보입니다")).to_be_visible()
        await photograph(page, "kind-topics")
        message = (await chat.bot.get_updates())[-1].message
        assert message is not None
        assert (message.chat.id, message.message_thread_id) == (FORUM, threads["SOXL"])
        await page.get_by_role("button", name="나와의 대화").click()
        await expect(page.get_by_text("나에게만")).to_be_visible()
        await expect(page.locator("#topics")).to_be_hidden()
        assert complaints == []
