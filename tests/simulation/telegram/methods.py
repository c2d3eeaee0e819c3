"""The Bot API's methods by which the program speaks: each changes the phone or is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    EditMessageText,
    GetMe,
    GetWebhookInfo,
    SendMessage,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.types import Chat, InlineKeyboardMarkup, Message, User, WebhookInfo

from bot.telegram.markup import without_markup
from tests.simulation.facts import MessageElsewhere, MessageShown
from tests.simulation.telegram import people
from tests.simulation.telegram.phone import Buttons, Phone, Shown
from tests.simulation.telegram.trouble import Trouble
from tests.simulation.world import World

LONGEST_TEXT = 4096
LONGEST_DATA = 64
QUERY_LIVES = timedelta(minutes=10)

Method = TelegramMethod[Any]


class Methods:
    """Carry out what arrived. `queries` are the presses that may still be acknowledged."""

    def __init__(self, world: World, trouble: Trouble, phone: Phone, owner_id: int) -> None:
        self._world = world
        self._trouble = trouble
        self._phone = phone
        self._owner_id = owner_id
        self._next_message = 1
        self._texts: dict[int, tuple[str, Buttons]] = {}
        self.queries: dict[str, Any] = {}
        self._by_type: dict[type[Method], Callable[[int, Any], object]] = {
            GetMe: self._get_me,
            GetWebhookInfo: self._get_webhook_info,
            DeleteWebhook: self._delete_webhook,
            SetMyCommands: self._set_my_commands,
            SendMessage: self._send_message,
            EditMessageText: self._edit_message_text,
            AnswerCallbackQuery: self._answer_callback_query,
        }

    def carry_out(self, process: int, method: Method) -> object:
        """Do what a method asks; answer its result. Raises what the Bot API answers instead."""
        return self._by_type[type(method)](process, method)

    def message_id(self) -> int:
        """Number a message; one count for all private chats, as Telegram's."""
        number = self._next_message
        self._next_message += 1
        return number

    def _get_me(self, _process: int, _method: GetMe) -> User:
        return User.model_construct(**people.BOT)

    def _get_webhook_info(self, _process: int, _method: GetWebhookInfo) -> WebhookInfo:
        return WebhookInfo.model_construct(
            url=self._trouble.webhook, has_custom_certificate=False, pending_update_count=0
        )

    def _delete_webhook(self, _process: int, _method: DeleteWebhook) -> bool:
        self._trouble.webhook = ""
        return True

    def _set_my_commands(self, _process: int, _method: SetMyCommands) -> bool:
        return True

    def _send_message(self, process: int, method: SendMessage) -> Message:
        self._let_through(method, method.chat_id)
        buttons = _buttons(method, method.reply_markup)
        shown = Shown(
            message_id=self.message_id(),
            chat_id=int(method.chat_id),
            text=_text(method, method.text),
            buttons=buttons,
            at=self._world.now,
            silent=bool(method.disable_notification),
        )
        self._show(process, shown, method.text)
        return _message(shown)

    def _edit_message_text(self, process: int, method: EditMessageText) -> Message:
        self._let_through(method, method.chat_id)
        old = self._phone.messages.get(method.message_id or 0)
        if old is None or old.chat_id != method.chat_id:
            raise TelegramBadRequest(method, "Bad Request: message to edit not found")
        buttons = _buttons(method, method.reply_markup)
        html = method.text or ""
        if self._texts[old.message_id] == (html, buttons):
            raise TelegramBadRequest(
                method,
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message",
            )
        shown = Shown(
            message_id=old.message_id,
            chat_id=old.chat_id,
            text=_text(method, html),
            buttons=buttons,
            at=old.at,
            edited=True,
        )
        self._show(process, shown, html)
        return _message(shown)

    def _answer_callback_query(self, _process: int, method: AnswerCallbackQuery) -> bool:
        asked = self.queries.pop(method.callback_query_id, None)
        if asked is None or self._world.now - asked > QUERY_LIVES:
            raise TelegramBadRequest(
                method,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        return True

    def _let_through(self, method: Method, chat_id: object) -> None:
        if self._trouble.blocked and chat_id == self._owner_id:
            raise TelegramForbiddenError(method, "Forbidden: bot was blocked by the user")
        if seconds := self._trouble.retry_after():
            raise TelegramRetryAfter(
                method, f"Too Many Requests: retry after {seconds}", retry_after=seconds
            )

    def _show(self, process: int, shown: Shown, html: str) -> None:
        if shown.chat_id != self._owner_id:
            self._world.note(
                MessageElsewhere(
                    at=self._world.now, process=process, chat_id=shown.chat_id, text=shown.text
                )
            )
            return
        self._texts[shown.message_id] = (html, shown.buttons)
        self._world.note(
            MessageShown(
                at=self._world.now,
                process=process,
                message_id=shown.message_id,
                text=shown.text,
                buttons=shown.buttons,
                edited=shown.edited,
            )
        )
        self._phone.show(shown)


# Made once: aiogram's Message has a hundred fields, and a day has many messages.
_SENT = Message.model_construct(
    message_id=0, date=datetime(2026, 1, 1, tzinfo=UTC), chat=Chat(id=0, type="private")
)


def _message(shown: Shown) -> Message:
    return _SENT.model_copy(
        update={"message_id": shown.message_id, "date": shown.at, "text": shown.text}
    )


def _text(method: Method, html: str) -> str:
    text = without_markup(html) if getattr(method, "parse_mode", None) == "HTML" else html
    if not text.strip():
        raise TelegramBadRequest(method, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise TelegramBadRequest(method, "Bad Request: message is too long")
    return text


def _buttons(method: Method, markup: object) -> Buttons:
    if not isinstance(markup, InlineKeyboardMarkup):
        return ()
    buttons = tuple(
        (button.text, button.callback_data or "")
        for row in markup.inline_keyboard
        for button in row
    )
    if any(not 0 < len(data.encode()) <= LONGEST_DATA for _, data in buttons):
        raise TelegramBadRequest(method, "Bad Request: BUTTON_DATA_INVALID")
    return buttons
