"""The Bot API's methods by which the program speaks: each changes the phone or is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteWebhook,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    GetMe,
    GetWebhookInfo,
    PinChatMessage,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    TelegramMethod,
    UnpinAllChatMessages,
    UnpinChatMessage,
)
from aiogram.types import User, WebhookInfo

from tests.simulation.telegram import people
from tests.simulation.telegram.phone import Phone
from tests.simulation.telegram.posting import Posting
from tests.simulation.telegram.trouble import Trouble
from tests.simulation.world import World

QUERY_LIVES = timedelta(minutes=10)
POSTS: tuple[type[TelegramMethod[Any]], ...] = (SendMessage, SendPhoto, SendDocument)

Method = TelegramMethod[Any]


class Methods:
    """Carry out what arrived. `queries` are the presses that may still be acknowledged."""

    def __init__(self, world: World, trouble: Trouble, phone: Phone, owner_id: int) -> None:
        self._world = world
        self._trouble = trouble
        self.posting = posting = Posting(world, trouble, phone, owner_id)
        self.queries: dict[str, Any] = {}
        self._by_type: dict[type[Method], Callable[[int, Any], object]] = {
            GetMe: self._get_me,
            GetWebhookInfo: self._get_webhook_info,
            DeleteWebhook: self._delete_webhook,
            SetMyCommands: self._nothing,
            SendMessage: posting.send_message,
            SendPhoto: posting.send_photo,
            SendDocument: posting.send_document,
            EditMessageText: posting.edit_text,
            EditMessageCaption: posting.edit_caption,
            EditMessageMedia: posting.edit_media,
            EditMessageReplyMarkup: posting.edit_buttons,
            DeleteMessage: posting.delete,
            PinChatMessage: posting.pin,
            UnpinChatMessage: posting.unpin,
            UnpinAllChatMessages: posting.unpin_all,
            SendChatAction: posting.action,
            AnswerCallbackQuery: self._answer_callback_query,
        }

    def carry_out(self, process: int, method: Method) -> object:
        """Do what a method asks; answer its result. Raises what the Bot API answers instead."""
        return self._by_type[type(method)](process, method)

    def message_id(self) -> int:
        """Number a message; one count for all private chats, as Telegram's."""
        return self.posting.message_id()

    def _get_me(self, _process: int, _method: GetMe) -> User:
        return User.model_construct(**people.BOT)

    def _get_webhook_info(self, _process: int, _method: GetWebhookInfo) -> WebhookInfo:
        return WebhookInfo.model_construct(
            url=self._trouble.webhook, has_custom_certificate=False, pending_update_count=0
        )

    def _delete_webhook(self, _process: int, _method: DeleteWebhook) -> bool:
        self._trouble.webhook = ""
        return True

    def _nothing(self, _process: int, _method: Method) -> bool:
        return True

    def _answer_callback_query(self, _process: int, method: AnswerCallbackQuery) -> bool:
        asked = self.queries.pop(method.callback_query_id, None)
        if asked is None or self._world.now - asked > QUERY_LIVES:
            raise TelegramBadRequest(
                method,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        return True
