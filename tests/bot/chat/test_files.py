"""Pictures, documents and albums: sent, captioned, replaced, and refused as Telegram refuses."""

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InputMediaDocument,
    InputMediaPhoto,
    MediaUnion,
    Message,
)

from tests.bot.chat.conftest import OWNER, Chat
from tests.bot.chat.test_messages import PIXEL, keys


def png(width: int, height: int) -> bytes:
    return PIXEL[:16] + width.to_bytes(4) + height.to_bytes(4) + PIXEL[24:]


def photo(data: bytes = PIXEL, name: str = "c.png") -> BufferedInputFile:
    return BufferedInputFile(data, name)


async def shown(chat: Chat, message: Message) -> Any:
    seen = (await chat.look())["messages"]
    return next(one for one in seen if one["id"] == message.message_id)


async def test_a_caption_changes_and_the_picture_and_its_buttons_stay(chat: Chat) -> None:
    sent = await chat.bot.send_photo(OWNER, photo(), caption="T 1", reply_markup=keys("a"))
    edited = await chat.bot.edit_message_caption(
        chat_id=OWNER,
        message_id=sent.message_id,
        caption="<b>T</b> 2",
        parse_mode="HTML",
        reply_markup=keys("a"),
    )
    assert isinstance(edited, Message)
    assert (edited.caption, edited.photo, edited.text) == ("T 2", sent.photo, None)
    assert (await shown(chat, sent))["html"] == "<b>T</b> 2"
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await chat.bot.edit_message_caption(
            chat_id=OWNER,
            message_id=sent.message_id,
            caption="<b>T</b> 2",
            parse_mode="HTML",
            reply_markup=keys("a"),
        )
    bare = await chat.bot.edit_message_caption(chat_id=OWNER, message_id=sent.message_id)
    assert isinstance(bare, Message)
    assert (bare.caption, bare.reply_markup) == (None, None)


async def test_a_picture_gives_way_to_a_file_and_a_text_to_a_picture(chat: Chat) -> None:
    sent = await chat.bot.send_message(OWNER, "그리는 중", reply_markup=keys("그만"))
    edited = await chat.bot.edit_message_media(
        InputMediaPhoto(media=photo(), caption="<b>차트</b>", parse_mode="HTML"),
        chat_id=OWNER,
        message_id=sent.message_id,
    )
    assert isinstance(edited, Message)
    assert (edited.text, edited.caption, edited.reply_markup) == (None, "차트", None)
    assert edited.photo is not None
    table = InputMediaDocument(media=BufferedInputFile(b"a,b", "표.csv"), caption="표")
    await chat.bot.edit_message_media(table, chat_id=OWNER, message_id=sent.message_id)
    now = await shown(chat, sent)
    assert (now["document"]["file_name"], now["text"]) == ("표.csv", "표")
    assert "photo" not in now
    same = InputMediaDocument(media=now["document"]["file_id"], caption="표")
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await chat.bot.edit_message_media(same, chat_id=OWNER, message_id=sent.message_id)


async def test_an_album_is_several_messages_of_one_group(chat: Chat) -> None:
    media: list[MediaUnion] = [
        InputMediaPhoto(media=photo(), caption=caption) for caption in ("하나", None)
    ]
    first, second = await chat.bot.send_media_group(OWNER, media)
    assert first.media_group_id == second.media_group_id
    assert (first.caption, second.caption) == ("하나", None)
    albums = [message["album"] for message in (await chat.look())["messages"]]
    assert albums == [first.media_group_id] * 2
    file = InputMediaDocument(media=BufferedInputFile(b"x", "a.csv"))
    for items, sentence in [
        ([media[0]], "wrong number of messages"),
        ([media[0]] * 11, "wrong number of messages"),
        ([media[0], file], "can't mix documents"),
    ]:
        with pytest.raises(TelegramBadRequest, match=sentence):
            await chat.bot.send_media_group(OWNER, items)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await chat.bot.edit_message_media(file, chat_id=OWNER, message_id=first.message_id)


async def test_a_file_that_was_sent_is_sent_again_by_its_id(chat: Chat) -> None:
    sent = await chat.bot.send_document(OWNER, BufferedInputFile(b"a,b", "표.csv"))
    assert sent.document is not None
    again = await chat.bot.send_document(OWNER, sent.document.file_id)
    assert again.document == sent.document


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"GIF89a", "IMAGE_PROCESS_FAILED"),
        (PIXEL[:20], "IMAGE_PROCESS_FAILED"),
        (png(0, 5), "IMAGE_PROCESS_FAILED"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (b"", "file must be non-empty"),
        (png(5, 5) + bytes(10 * 1024 * 1024), "too big for a photo"),
    ],
)
async def test_what_is_no_picture_for_telegram_is_refused(
    chat: Chat, data: bytes, sentence: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=sentence):
        await chat.bot.send_photo(OWNER, photo(data))
    assert (await chat.look())["messages"] == []


async def test_a_caption_has_at_most_1024_characters(chat: Chat) -> None:
    await chat.bot.send_photo(OWNER, photo(), caption="x" * 1024)
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await chat.bot.send_photo(OWNER, photo(), caption="x" * 1025)


@pytest.mark.parametrize(
    ("method", "parameters", "sentence"),
    [
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": "nobody's"}, "wrong file identifier/HTTP URL specified"),
        ("sendMediaGroup", {"media": "{}"}, "expected an Array of InputMedia"),
        (
            "sendMediaGroup",
            {"media": [{"type": "video"}] * 2},
            "can't parse InputMedia: Unsupported type specified",
        ),
        ("getFile", {"file_id": "nobody's"}, "invalid file_id"),
    ],
)
async def test_a_call_without_its_file_is_refused(
    chat: Chat, method: str, parameters: dict[str, Any], sentence: str
) -> None:
    answer = await chat.call(method, chat_id=OWNER, **parameters)
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {sentence}"}


async def test_only_a_file_has_a_caption_and_only_words_have_a_text(chat: Chat) -> None:
    words = await chat.bot.send_message(OWNER, "x")
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await chat.bot.edit_message_caption(chat_id=OWNER, message_id=words.message_id, caption="y")
    file = await chat.bot.send_document(OWNER, BufferedInputFile(b"x", "a.csv"))
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await chat.bot.edit_message_text("y", chat_id=OWNER, message_id=file.message_id)
