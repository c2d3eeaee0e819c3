"""Whether anybody can be told: what to do when nobody can, and when somebody can again (row 69).

A chat that blocked the bot has its letters given up, one by one and never silently: each is an
error in the log. They are kept, and told in short when the chat is back.
"""

import structlog
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
)

from bot.bus import Bus
from bot.commands import FreeOrders, HoldOrders
from bot.storage.outbox import Letter, Outbox
from bot.telegram.markup import Html, lines, without_markup
from bot.telegram.readers import Readers
from bot.trading.holds import Hold

BLOCKED = "blocked by every chat"
REFUSED = "refused by every chat"
MOST_TOLD = 15
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid")

log = structlog.get_logger(__name__)


def turned_away(error: TelegramAPIError) -> bool:
    """Tell whether a refusal is about the chat (blocked, deleted) and not about the message."""
    if isinstance(error, TelegramForbiddenError | TelegramNotFound):
        return True
    return isinstance(error, TelegramBadRequest) and any(
        gone in error.message.lower() for gone in _GONE
    )


class Audience:
    """Remember whether every chat turns the bot away.

    `pause` holds new orders back meanwhile: nobody could be told what becomes of them.
    """

    def __init__(self, *, bus: Bus, outbox: Outbox, readers: Readers, pause: bool) -> None:
        self._bus = bus
        self._outbox = outbox
        self._readers = readers
        self._pause = pause
        self._lost = True  # nobody has been reached yet
        self.regained = False

    async def lost(self) -> None:
        """Take note that a letter was turned away by every chat."""
        log.critical(
            "ALARM: nobody can be told anything: the owner blocked the bot or deleted the chat",
            new_orders="wait until the chat is back" if self._pause else "go out all the same",
        )
        self._lost, self.regained = True, False
        if self._pause:
            await self._bus.ask(HoldOrders(why=Hold.CHAT))

    def heard(self) -> None:
        """Take note that a chat took a message or wrote one: what it missed may be told."""
        self.regained = self._lost

    async def missed(self) -> list[Letter]:
        """List what nobody was told while the chat was lost; empty when there is nothing to say."""
        letters = await self._outbox.buried(BLOCKED)
        if not letters:
            await self._back()
        return letters

    async def told(self, letters: list[Letter]) -> None:
        """Take note that the chat has the letters that it missed, in short."""
        await self._outbox.sent(*(letter.id for letter in letters))
        await self._back()

    async def summary(self, letters: list[Letter], chat_id: int) -> Html:
        """Say in one message what a lost chat has missed: a line for each."""
        words, writer = self._readers.words(chat_id), self._readers.letters(chat_id)
        first = []
        for number, letter in enumerate(letters):
            messages = await writer.messages(letter, letters[number + 1 :])
            first += [without_markup(message.html).partition("\n")[0] for message in messages[:1]]
        shown = [words.say("· {line}", line=line) for line in first[:MOST_TOLD]]
        more = len(first) - len(shown)
        return lines(
            words.say(
                "⚠️ 이 대화가 막혀 있어 소식 {count}건을 전하지 못했습니다.", count=len(letters)
            ),
            *shown,
            words.say("· 그 밖에 {more}건", more=more) if more else None,
            words.say("지금: /status 와 /orders 로 상태를 확인해 주세요."),
        )

    async def _back(self) -> None:
        await self._bus.ask(FreeOrders(why=Hold.CHAT))
        self._lost = self.regained = False
