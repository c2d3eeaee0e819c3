"""Who may command: the outermost middleware, which refuses whatever it does not know.

A stranger, a group, a channel gets nothing, not even an answered tap; it is counted and logged by
id alone.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message, TelegramObject, Update

from bot.clock import Clock
from bot.storage.pairing import code_of
from bot.telegram.menu import BY_NAME, command_of, spoken

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

STALE = timedelta(minutes=2)

log = structlog.get_logger(__name__)


class Access(BaseMiddleware):
    """Let in messages and taps of allowed people in their private chats, and nothing else.

    `enter` is offered what may be a pairing code, by anybody in a private chat.
    """

    def __init__(
        self,
        known: Callable[[int], bool],
        heard: Callable[[], None] = lambda: None,
        enter: Callable[[Message], Awaitable[bool]] | None = None,
    ) -> None:
        self._known = known
        self._heard = heard
        self._enter = enter
        self.turned_away: Counter[str] = Counter()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Update):
            return None
        why = self.objection(event)
        if why in (None, "stranger") and await self._entered(event.message):
            return None
        if why is None:
            self._heard()
            return await handler(event, data)
        self.turned_away[why] += 1
        log.info("update turned away", why=why, user=sender(event), update=event.update_id)
        return None

    async def _entered(self, message: Message | None) -> bool:
        """Tell whether a message was a live pairing code: all that a stranger may say."""
        if message is None or self._enter is None or not code_of(message.text):
            return False
        return _own_words(message) is None and await self._enter(message)

    def objection(self, update: Update) -> str | None:
        """Name the reason why an update is not answered; None when it is."""
        if update.message is not None:
            return self._message(update.message)
        if update.callback_query is not None:
            return self._tap(update.callback_query)
        return "kind"

    def _message(self, message: Message) -> str | None:
        person = message.from_user
        if message.chat.type != ChatType.PRIVATE or message.sender_chat is not None:
            return "chat"
        if person is None or person.is_bot or message.chat.id != person.id:
            return "chat"
        if not self._known(person.id):
            return "stranger"
        return _own_words(message)

    def _tap(self, query: CallbackQuery) -> str | None:
        person = query.from_user
        if query.message is None or query.message.chat.type != ChatType.PRIVATE:
            return "chat"
        if person.is_bot or query.message.chat.id != person.id:
            return "chat"
        return None if self._known(person.id) else "stranger"


def _own_words(message: Message) -> str | None:
    """Say why a message is not what its sender says now; None when it is."""
    if message.via_bot is not None or message.forward_origin is not None:
        return "borrowed"
    return "edited" if message.edit_date is not None else None


class Freshness(BaseMiddleware):
    """Refuse a command that lets orders go out by an old message (two minutes), with a sentence."""

    def __init__(self, wall: Clock, refuse: Callable[[Message], Awaitable[None]]) -> None:
        self._wall = wall
        self._refuse = refuse

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if isinstance(event, Message) and self._stale(event):
            return await self._refuse(event)
        return await handler(event, data)

    def _stale(self, message: Message) -> bool:
        entry = BY_NAME.get(command_of(message.text) or spoken(message.text) or "")
        return bool(entry and entry.fresh) and self._wall.now() - message.date > STALE


def sender(update: Update) -> int | None:
    """Find the numeric id of whoever caused an update, where it names one."""
    event = update.message or update.edited_message or update.callback_query
    person = event.from_user if event else None
    return person.id if person else None
