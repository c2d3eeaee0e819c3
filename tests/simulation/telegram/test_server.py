"""The simulated Telegram keeps the Bot API's own rules: offsets, polls, edits, refusals."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    GetMe,
    PinChatMessage,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
    UnpinAllChatMessages,
    UnpinChatMessage,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    Update,
)

from bot.telegram.access import Access
from bot.telegram.polling import GetRawUpdates
from tests.simulation.facts import MessageElsewhere, MessageShown
from tests.simulation.faults import Fault, Swarm, quiet
from tests.simulation.telegram.server import OWNER, SimulatedTelegram
from tests.simulation.telegram.strangers import STRANGER, TABLE, Scene
from tests.simulation.world import World

START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def world(**rates: float) -> World:
    swarm = Swarm(rates={Fault[name]: rate for name, rate in rates.items()}) if rates else quiet()
    return World(7, START, swarm)


class Line:
    """A process that asks and writes down what it is answered, and when."""

    def __init__(self, at: World, telegram: SimulatedTelegram, process: int = 1) -> None:
        self.world = at
        self.telegram = telegram
        self.process = process
        self.answers: list[tuple[float, Any]] = []

    def ask(self, method: TelegramMethod[Any], timeout: float = 60.0) -> None:
        self.telegram.call(self.process, method, timeout, self._answered)

    def _answered(self, outcome: object) -> None:
        self.answers.append(((self.world.now - START).total_seconds(), outcome))

    def wait(self, seconds: float) -> None:
        self.world.advance(self.world.now + timedelta(seconds=seconds))

    def answer_of(self, method: TelegramMethod[Any], seconds: float = 2.0) -> Any:
        before = len(self.answers)
        self.ask(method)
        self.wait(seconds)
        assert len(self.answers) == before + 1
        return self.answers[-1][1]

    def poll(self, offset: int | None = None, timeout: int = 0) -> list[int]:
        return [raw["update_id"] for raw in self.raw(offset, timeout)]

    def raw(self, offset: int | None = None, timeout: int = 0) -> list[dict[str, Any]]:
        answer = self.answer_of(GetRawUpdates(offset=offset, timeout=timeout), timeout + 1)
        assert isinstance(answer, list), answer
        return answer


def line(**rates: float) -> Line:
    at = world(**rates)
    return Line(at, SimulatedTelegram(at))


def send(text: str = "hello", chat_id: int = OWNER, *data: str) -> SendMessage:
    rows = [[InlineKeyboardButton(text=one, callback_data=one) for one in data]] if data else None
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return SendMessage(chat_id=chat_id, text=text, parse_mode="HTML", reply_markup=markup)


def test_an_update_comes_again_until_an_offset_above_it_confirms_it() -> None:
    bot = line()
    bot.telegram.say("/start")
    (first,) = bot.poll()
    assert bot.poll() == [first]
    bot.telegram.say("/help")
    assert bot.poll(first + 1) == [first + 1]
    assert bot.poll() == [first + 1]
    assert bot.poll(first + 2) == []


def test_a_long_poll_is_answered_when_an_update_comes_and_else_when_its_time_is_up() -> None:
    bot = line()
    bot.ask(GetRawUpdates(timeout=25))
    bot.wait(10)
    assert bot.answers == []
    bot.telegram.say("/start")
    bot.wait(1)
    ((at, updates),) = bot.answers
    assert 10 < at < 10.5
    assert len(updates) == 1
    assert bot.poll(updates[0]["update_id"] + 1, timeout=25) == []
    assert 36 < bot.answers[-1][0] < 37


def test_a_second_poll_ends_the_first_with_a_conflict() -> None:
    bot = line()
    other = Line(bot.world, bot.telegram, process=2)
    bot.ask(GetRawUpdates(timeout=25))
    bot.wait(1)
    other.ask(GetRawUpdates(timeout=25))
    bot.wait(1)
    assert isinstance(bot.answers[0][1], TelegramConflictError)


def test_an_update_that_nobody_takes_for_a_day_is_lost() -> None:
    bot = line()
    bot.telegram.say("/stop")
    bot.wait(86401)
    assert bot.poll() == []


def test_a_message_is_shown_edited_and_refused_as_telegram_does() -> None:
    bot = line()
    sent = bot.answer_of(send("<b>1 &lt; 2</b>", OWNER, "yes"))
    shown = bot.telegram.phone.messages[sent.message_id]
    assert (shown.text, shown.button("yes")) == ("1 < 2", "yes")
    edit = EditMessageText(chat_id=OWNER, message_id=sent.message_id, text="2", parse_mode="HTML")
    assert bot.answer_of(edit).message_id == sent.message_id
    assert bot.telegram.phone.messages[sent.message_id].text == "2"
    assert "not modified" in bot.answer_of(edit).message
    gone = EditMessageText(chat_id=OWNER, message_id=999, text="2")
    assert "not found" in bot.answer_of(gone).message
    assert isinstance(bot.answer_of(send("x" * 4097)), TelegramBadRequest)
    assert isinstance(bot.answer_of(send("  ")), TelegramBadRequest)
    facts = [fact for fact in bot.world.facts if isinstance(fact, MessageShown)]
    assert [fact.edited for fact in facts] == [False, True]
    assert bot.answer_of(GetMe()).username == "muhan_bot"


PICTURE = BufferedInputFile(b"\x89PNG\r\n\x1a\n...", "chart.png")


def test_a_picture_is_shown_with_its_caption_and_both_may_change() -> None:
    bot = line()
    photo = SendPhoto(chat_id=OWNER, photo=PICTURE, caption="<b>T 1</b>", parse_mode="HTML")
    sent = bot.answer_of(photo)
    shown = bot.telegram.phone.messages[sent.message_id]
    assert (shown.file, shown.text) == ("chart.png", "T 1")
    caption = EditMessageCaption(chat_id=OWNER, message_id=sent.message_id, caption="T 2")
    bot.answer_of(caption)
    assert "not modified" in bot.answer_of(caption).message
    table = InputMediaDocument(media=BufferedInputFile(b"a,b", "t.csv"), caption="T 3")
    bot.answer_of(EditMessageMedia(chat_id=OWNER, message_id=sent.message_id, media=table))
    go = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="go", callback_data="go")]]
    )
    bot.answer_of(
        EditMessageReplyMarkup(chat_id=OWNER, message_id=sent.message_id, reply_markup=go)
    )
    shown = bot.telegram.phone.messages[sent.message_id]
    assert (shown.file, shown.text, shown.button("go")) == ("t.csv", "T 3", "go")
    again = bot.answer_of(SendDocument(chat_id=OWNER, document=sent.document.file_id))
    assert bot.telegram.phone.messages[again.message_id].file == "chart.png"
    files = [fact.file for fact in bot.world.facts if isinstance(fact, MessageShown)]
    assert files == ["chart.png", "chart.png", "t.csv", "t.csv", "chart.png"]


def test_what_is_no_picture_or_too_much_beside_one_is_refused() -> None:
    bot = line()
    odd = SendPhoto(chat_id=OWNER, photo=BufferedInputFile(b"GIF", "a.gif"))
    assert "IMAGE_PROCESS_FAILED" in bot.answer_of(odd).message
    empty = SendDocument(chat_id=OWNER, document=BufferedInputFile(b"", "a.csv"))
    assert "non-empty" in bot.answer_of(empty).message
    long = SendPhoto(chat_id=OWNER, photo=PICTURE, caption="x" * 1025)
    assert "caption is too long" in bot.answer_of(long).message
    unknown = SendDocument(chat_id=OWNER, document="nobody's")
    assert "wrong file identifier" in bot.answer_of(unknown).message
    photo = bot.answer_of(SendPhoto(chat_id=OWNER, photo=PICTURE))
    text = EditMessageText(chat_id=OWNER, message_id=photo.message_id, text="x")
    assert "no text in the message" in bot.answer_of(text).message
    words = bot.answer_of(send())
    caption = EditMessageCaption(chat_id=OWNER, message_id=words.message_id, caption="x")
    assert "no caption in the message" in bot.answer_of(caption).message


def test_a_message_of_either_side_may_be_deleted_for_two_days() -> None:
    bot = line()
    bot.telegram.say("/unlock 123456")
    (raw,) = bot.raw()
    code = raw["message"]["message_id"]
    delete = DeleteMessage(chat_id=OWNER, message_id=code)
    assert bot.answer_of(delete) is True
    assert "to delete not found" in bot.answer_of(delete).message
    sent = bot.answer_of(send())
    bot.wait(48 * 3600)
    late = bot.answer_of(DeleteMessage(chat_id=OWNER, message_id=sent.message_id))
    assert "can't be deleted for everyone" in late.message


def test_messages_are_pinned_once_and_unpinned_the_newest_first() -> None:
    bot = line()
    first, second, third = (bot.answer_of(send(text)).message_id for text in "abc")
    for pinned in (third, first, second):
        assert bot.answer_of(PinChatMessage(chat_id=OWNER, message_id=pinned)) is True
    again = bot.answer_of(PinChatMessage(chat_id=OWNER, message_id=first))
    assert "CHAT_NOT_MODIFIED" in again.message
    phone = bot.telegram.phone
    assert phone.pinned == [first, second, third]
    bot.answer_of(UnpinChatMessage(chat_id=OWNER))
    bot.answer_of(UnpinChatMessage(chat_id=OWNER, message_id=second))
    assert phone.pinned == [first]
    bot.answer_of(DeleteMessage(chat_id=OWNER, message_id=first))
    assert phone.pinned == []
    nothing = bot.answer_of(UnpinChatMessage(chat_id=OWNER))
    assert "to unpin not found" in nothing.message
    never = bot.answer_of(UnpinChatMessage(chat_id=OWNER, message_id=third))
    assert "CHAT_NOT_MODIFIED" in never.message
    missing = bot.answer_of(PinChatMessage(chat_id=OWNER, message_id=999))
    assert "to pin not found" in missing.message
    assert bot.answer_of(UnpinAllChatMessages(chat_id=OWNER)) is True
    assert bot.answer_of(SendChatAction(chat_id=OWNER, action="upload_photo")) is True


def test_the_bot_is_told_of_its_own_pin_and_heeds_it_no_more_than_a_strangers_word() -> None:
    bot = line()
    sent = bot.answer_of(send("/stop"))
    bot.answer_of(PinChatMessage(chat_id=OWNER, message_id=sent.message_id))
    (raw,) = bot.raw()
    update = Update.model_validate(raw)
    assert update.message is not None
    assert update.message.pinned_message is not None
    assert Access(lambda user_id: user_id == OWNER).objection(update) == "chat"


def test_a_press_reaches_the_bot_and_may_be_acknowledged_once() -> None:
    bot = line()
    sent = bot.answer_of(send("?", OWNER, "yes"))
    bot.telegram.press(sent.message_id, "yes")
    (raw,) = bot.raw()
    query = Update.model_validate(raw).callback_query
    assert query is not None
    assert (query.from_user.id, query.data) == (OWNER, "yes")
    assert bot.answer_of(AnswerCallbackQuery(callback_query_id=query.id)) is True
    again = bot.answer_of(AnswerCallbackQuery(callback_query_id=query.id))
    assert isinstance(again, TelegramBadRequest)


def test_a_message_lands_although_its_sender_is_dead() -> None:
    bot = line()
    bot.telegram.call(1, send("late"), 60.0, lambda _: None)
    bot.wait(1)
    assert [shown.text for shown in bot.telegram.phone.messages.values()] == ["late"]


def test_a_message_to_anybody_else_is_noted_and_not_shown() -> None:
    bot = line()
    bot.answer_of(send("secret", STRANGER))
    assert not bot.telegram.phone.messages
    assert [type(fact) for fact in bot.world.facts] == [MessageElsewhere]


def test_a_chat_that_is_down_answers_nothing_for_two_hours_and_keeps_what_was_said() -> None:
    bot = line(CHAT_DOWN=1.0)
    bot.wait(86400)
    bot.telegram.trouble.go_down()
    bot.telegram.say("/stop")
    assert isinstance(bot.answer_of(send(), 61), TelegramNetworkError)
    bot.wait(7200)
    assert len(bot.poll()) == 1


def test_too_many_requests_name_the_seconds_that_are_left() -> None:
    bot = line(TOO_MANY_REQUESTS=1.0)
    waits = [bot.answer_of(send()) for _ in range(50)]
    assert all(isinstance(each, TelegramRetryAfter) for each in waits)
    seconds = [each.retry_after for each in waits]
    assert min(seconds) >= 1
    assert max(seconds) <= 3600


def test_an_owner_who_blocked_the_bot_is_neither_reached_nor_heard() -> None:
    bot = line()
    bot.telegram.trouble.block()
    assert isinstance(bot.answer_of(send()), TelegramForbiddenError)
    assert not bot.telegram.say("/start")
    bot.telegram.come_back()
    assert len(bot.poll()) == 1
    assert bot.answer_of(send()).message_id


def test_an_answer_may_be_lost_after_the_message_was_shown() -> None:
    bot = line(KILLED_BEFORE_MARK=1.0)
    assert isinstance(bot.answer_of(send(), 61), TelegramNetworkError)
    assert len(bot.telegram.phone.messages) == 1


def test_a_restarted_process_is_handed_confirmed_updates_again() -> None:
    bot = line(UPDATE_TWICE=1.0)
    bot.telegram.say("/start")
    (first,) = bot.poll()
    assert bot.poll(first + 1) == []
    again = Line(bot.world, bot.telegram, process=2)
    assert again.poll() == [first]
    assert bot.world.swarm.hits[Fault.UPDATE_TWICE] >= 2


def test_a_press_comes_again_under_another_update_id() -> None:
    bot = line(PRESSED_TWICE=1.0)
    bot.telegram.press(1, "yes")
    bot.wait(1801)
    first, second = bot.raw()
    assert first["update_id"] != second["update_id"]
    assert first["callback_query"]["id"] != second["callback_query"]["id"]
    assert first["callback_query"]["data"] == second["callback_query"]["data"]


def test_a_button_that_was_edited_away_is_pressed() -> None:
    bot = line(OLD_BUTTON=1.0)
    sent = bot.answer_of(send("?", OWNER, "yes"))
    bot.answer_of(EditMessageText(chat_id=OWNER, message_id=sent.message_id, text="done"))
    bot.wait(86400)
    pressed = [raw["callback_query"]["data"] for raw in bot.raw()]
    assert pressed
    assert set(pressed) == {"yes"}


@pytest.mark.fault(75)
@pytest.mark.parametrize("what", sorted(TABLE))
def test_nothing_of_the_strangers_table_may_be_answered(what: str) -> None:
    scene = Scene(at=START, message_id=9, owner_id=OWNER, button=(3, "c:x"))
    kind, body = TABLE[what](scene)
    raw = {"update_id": 1, kind: body}
    if what == "malformed message":
        with pytest.raises(ValueError, match="message_id"):
            Update.model_validate(raw)
        return
    assert Access(lambda user_id: user_id == OWNER).objection(Update.model_validate(raw))


def test_another_poller_or_a_webhook_is_a_conflict_for_us() -> None:
    bot = line()
    bot.telegram.trouble.webhook = "https://thief.example"
    assert isinstance(bot.answer_of(GetRawUpdates(timeout=0)), TelegramConflictError)
    bot.telegram.trouble.webhook = ""
    assert bot.poll() == []
    kinds = set()
    for _ in range(20):
        bot.telegram.trouble.take_over()
        answer = bot.answer_of(GetRawUpdates(timeout=0))
        kinds.add(answer.message[:40])
        bot.telegram.trouble.webhook = ""
    assert len(kinds) == 2
    bot.wait(3600)
    assert bot.poll() == []
