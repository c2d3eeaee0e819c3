from functools import partial
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramUnauthorizedError
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from tests.bot.chat.conftest import OWNER, Chat

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000020000000308060000009d74661a0000000049454e44ae426082"
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def keys(*data: str) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=one, callback_data=one) for one in data]
    return InlineKeyboardMarkup(inline_keyboard=[row])


async def tapped(chat: Chat) -> CallbackQuery:
    message = await chat.bot.send_message(OWNER, "승인할까요?", reply_markup=keys("yes"))
    await chat.post("press", {"message_id": message.message_id, "data": "yes"})
    query = (await chat.bot.get_updates())[-1].callback_query
    assert query is not None
    return query


async def test_a_message_comes_back_as_telegram_tells_it(chat: Chat) -> None:
    sent = await chat.bot.send_message(
        OWNER, "<b>T</b> 7.50", parse_mode="HTML", reply_markup=keys("a", "b")
    )
    assert (sent.text, sent.date, sent.chat.id) == ("T 7.50", chat.clock.moment, OWNER)
    assert sent.entities is not None
    assert sent.entities[0].type == "bold"
    assert sent.reply_markup is not None
    [row] = sent.reply_markup.inline_keyboard
    assert [(key.text, key.callback_data) for key in row] == [("a", "a"), ("b", "b")]
    assert sent.from_user is not None
    assert sent.from_user.id == (await chat.bot.get_me()).id == 42


async def test_message_ids_rise_over_both_sides(chat: Chat) -> None:
    first = await chat.bot.send_message(OWNER, "1")
    second = await chat.say("2")
    third = await chat.bot.send_message(OWNER, "3")
    assert first.message_id < second["message_id"] < third.message_id


KEYBOARD = "inline_keyboard"
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"chat_id": OWNER}, "message text is empty"),
    ({"chat_id": OWNER, "text": ""}, "message text is empty"),
    ({"chat_id": OWNER, "text": " \n "}, "text must be non-empty"),
    ({"text": "x"}, "chat_id is empty"),
    ({"chat_id": "", "text": "x"}, "chat_id is empty"),
    ({"chat_id": 7, "text": "x"}, "chat not found"),
    ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ({"chat_id": [1], "text": "x"}, "chat not found"),
    ({"chat_id": OWNER, "text": "x" * 4097}, "message is too long"),
    ({"chat_id": OWNER, "text": "😀" * 2049}, "message is too long"),
    ({"chat_id": OWNER, "text": "x", "parse_mode": "odd"}, "unsupported parse_mode"),
    (
        {"chat_id": OWNER, "text": "x", "reply_parameters": {"message_id": 999}},
        "message to be replied not found",
    ),
    (
        {
            "chat_id": OWNER,
            "text": "x",
            "reply_markup": {KEYBOARD: [[{"text": "x", "callback_data": "가" * 21 + "xx"}]]},
        },
        "BUTTON_DATA_INVALID",
    ),
    (
        {"chat_id": OWNER, "text": "x", "reply_markup": {KEYBOARD: [[{"text": "x"}]]}},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        {
            "chat_id": OWNER,
            "text": "x",
            "reply_markup": {KEYBOARD: [[{"text": "x", "url": "not-a-url"}]]},
        },
        "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
    ),
    (
        {"chat_id": OWNER, "text": "x", "reply_markup": "[]"},
        "object expected as reply markup",
    ),
    (
        {"chat_id": OWNER, "text": "x", "reply_markup": "{"},
        "can't parse reply markup JSON object",
    ),
]


@pytest.mark.parametrize(("parameters", "sentence"), REFUSED)
async def test_send_message_refuses_what_telegram_refuses(
    chat: Chat, parameters: dict[str, Any], sentence: str
) -> None:
    answer = await chat.call("sendMessage", **parameters)
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {sentence}"}


async def test_the_limits_themselves_are_allowed(chat: Chat) -> None:
    text = "<b>" + "x" * 4096 + "</b>"
    sent = await chat.bot.send_message(OWNER, text, parse_mode="HTML", reply_markup=keys("y" * 64))
    assert sent.text == "x" * 4096


async def test_every_way_of_sending_arguments_is_understood(chat: Chat) -> None:
    url = f"{chat.address}/bot{chat.bot.token}/SENDMESSAGE"
    values = {"chat_id": str(OWNER), "text": "한글 & +"}
    for request in (
        chat.http.get(url, params=values),
        chat.http.post(url, params=values),
        chat.http.post(url, data=values),
        chat.http.post(url, json=values),
    ):
        async with request as answer:
            assert (await answer.json())["result"]["text"] == "한글 & +"


async def test_an_edit_changes_the_message_and_drops_a_keyboard_that_is_not_repeated(
    chat: Chat,
) -> None:
    sent = await chat.bot.send_message(OWNER, "제안", reply_markup=keys("a"))
    chat.clock.forward(seconds=9)
    edited = await chat.bot.edit_message_text("접수", chat_id=OWNER, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup, edited.date) == ("접수", None, sent.date)
    assert edited.edit_date == int(chat.clock.moment.timestamp())
    [shown] = (await chat.look())["messages"]
    assert (shown["html"], shown["edited"], shown["reply_markup"]) == ("접수", True, None)


async def test_an_edit_that_changes_nothing_is_refused(chat: Chat) -> None:
    sent = await chat.bot.send_message(OWNER, "<b>a</b>", parse_mode="HTML", reply_markup=keys("a"))
    edit = partial(
        chat.bot.edit_message_text, chat_id=OWNER, message_id=sent.message_id, parse_mode="HTML"
    )
    with pytest.raises(TelegramBadRequest, match=NOT_MODIFIED):
        await edit("<strong>a</strong>", reply_markup=keys("a"))
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await chat.bot.edit_message_reply_markup(
            chat_id=OWNER, message_id=sent.message_id, reply_markup=keys("a")
        )
    await chat.bot.edit_message_reply_markup(
        chat_id=OWNER, message_id=sent.message_id, reply_markup=keys("b")
    )
    await edit("<i>a</i>", reply_markup=keys("b"))


async def test_only_the_bots_own_messages_without_a_reply_keyboard_can_be_edited(
    chat: Chat,
) -> None:
    owners = (await chat.say("hi"))["message_id"]
    board = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="오늘")]])
    boarded = await chat.bot.send_message(OWNER, "x", reply_markup=board)
    for message_id, sentence in [
        (owners, "message can't be edited"),
        (boarded.message_id, "message can't be edited"),
        (999, "message to edit not found"),
        (2**70, "message to edit not found"),
        (None, "message identifier is not specified"),
    ]:
        answer = await chat.call("editMessageText", chat_id=OWNER, message_id=message_id, text="y")
        assert answer["description"] == f"Bad Request: {sentence}"


async def test_an_edit_that_is_too_long_has_its_own_word(chat: Chat) -> None:
    sent = await chat.bot.send_message(OWNER, "x")
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await chat.bot.edit_message_text("x" * 4097, chat_id=OWNER, message_id=sent.message_id)


async def test_a_deleted_message_is_gone_for_both(chat: Chat) -> None:
    sent = await chat.bot.send_message(OWNER, "x")
    before = (await chat.look())["rev"]
    assert await chat.bot.delete_message(OWNER, sent.message_id)
    changed = await chat.look(after=before)
    assert changed["messages"] == [{"id": sent.message_id, "deleted": True}]
    assert (await chat.look())["messages"] == []
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await chat.bot.delete_message(OWNER, sent.message_id)
    old = await chat.bot.send_message(OWNER, "x")
    chat.clock.forward(hours=49)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await chat.bot.delete_message(OWNER, old.message_id)


async def test_an_answer_to_a_tap_reaches_the_owner_once(chat: Chat) -> None:
    query = await tapped(chat)
    before = (await chat.look())["rev"]
    assert await chat.bot.answer_callback_query(query.id, text="네", show_alert=True)
    notices = (await chat.look(after=before))["notices"]
    assert notices == [{"kind": "alert", "text": "네", "query_id": query.id}]
    with pytest.raises(TelegramBadRequest, match="query is too old and response timeout expired"):
        await chat.bot.answer_callback_query(query.id)


async def test_a_tap_cannot_be_answered_after_some_minutes_nor_by_a_made_up_id(chat: Chat) -> None:
    query = await tapped(chat)
    chat.clock.forward(minutes=6)
    for query_id in (query.id, "123", "odd", "9" * 30):
        with pytest.raises(TelegramBadRequest, match="or query ID is invalid"):
            await chat.bot.answer_callback_query(query_id)


async def test_a_reply_carries_what_it_answers(chat: Chat) -> None:
    first = await chat.bot.send_message(OWNER, "plan")
    reply = ReplyParameters(message_id=first.message_id)
    second = await chat.bot.send_message(OWNER, "fill", reply_parameters=reply)
    assert second.reply_to_message is not None
    assert second.reply_to_message.text == "plan"
    assert (await chat.look())["messages"][-1]["reply"]["text"] == "plan"


async def test_pictures_and_files_are_kept_and_shown(chat: Chat) -> None:
    picture = await chat.bot.send_photo(
        OWNER, BufferedInputFile(PIXEL, "c.png"), caption="<b>c</b>", parse_mode="HTML"
    )
    assert picture.photo is not None
    assert (picture.photo[0].width, picture.photo[0].height) == (2, 3)
    table = await chat.bot.send_document(OWNER, BufferedInputFile(b"<script>", "표.html"))
    assert table.document is not None
    assert table.document.file_name == "표.html"
    shown = (await chat.look())["messages"]
    assert shown[0]["html"] == "<b>c</b>"
    async with chat.http.get(chat.address + shown[0]["photo"]["url"]) as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", PIXEL)
    async with chat.http.get(chat.address + shown[1]["document"]["url"]) as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    kept = await chat.bot.download(table.document.file_id)
    assert kept is not None
    assert kept.read() == b"<script>"
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await chat.bot.edit_message_text("x", chat_id=OWNER, message_id=picture.message_id)
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await chat.bot.send_photo(OWNER, BufferedInputFile(b"x", "c.png"))


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(chat: Chat) -> None:
    right = chat.bot.token
    async with chat.http.get(f"{chat.address}/bot42:wrong/getMe") as answer:
        assert answer.status == 401
        assert await answer.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
    async with chat.http.get(f"{chat.address}/botodd/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (404, "Not Found")
    async with chat.http.get(f"{chat.address}/bot{right}/getSomething") as answer:
        assert answer.status == 404
        assert (await answer.json())["description"] == "Not Found: method not found"
    with pytest.raises(TelegramUnauthorizedError):
        await chat.bot.__class__("42:wrong", session=chat.bot.session).get_me()
