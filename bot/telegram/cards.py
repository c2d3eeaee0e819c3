"""The living messages: one card a round in each chat, rendered from what is known just then."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from aiogram.types import InlineKeyboardMarkup

from bot.clock import Clock
from bot.storage.chat import ChatStore
from bot.storage.views import RoundView, Views
from bot.telegram.card import round_card
from bot.telegram.card_buttons import card_rows, decisions
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html
from bot.telegram.sending import Sender
from bot.telegram.taps import Button, Taps
from bot.trading.model import Unattended

RECENT = timedelta(minutes=30)


class Cards:
    """Keep the cards up to date; an edit and its rendering are one step, so none goes backwards.

    `speech` gives the words of a chat's reader, who is offered the buttons that he `may` press.
    """

    def __init__(
        self,
        *,
        may: Callable[[int, Button], bool],
        speech: Callable[[int], Words],
        views: Views,
        store: ChatStore,
        sender: Sender,
        taps: Taps,
        clock: Clock,
        wall: Clock,
        venue: str,
    ) -> None:
        self._may = may
        self._speech = speech
        self._views = views
        self._store = store
        self._sender = sender
        self._taps = taps
        self._clock = clock
        self._wall = wall
        self._venue = venue
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._posted: dict[tuple[str, int], datetime] = {}

    async def refresh(self, round_id: str, chat_id: int, *, silent: bool = True) -> int | None:
        """Bring a card up to date, or send it where there is none; answer its message's id.

        Raises the errors of aiogram's Bot API calls.
        """
        async with self._locks[chat_id]:
            view = await self._views.round(round_id)
            if view is None:
                return None
            message_id = await self._store.card(round_id, chat_id)
            keyboard = await self._keyboard(view, chat_id)
            html = await self._card(view, chat_id)
            if message_id is not None and await self._sender.edit(
                chat_id, message_id, html, keyboard=keyboard
            ):
                return message_id
            return await self._post(view, chat_id, html, keyboard, silent=silent)

    async def show(self, view: RoundView, chat_id: int) -> int | None:
        """Move a card to the end of the chat; answer its message when it already is near there."""
        async with self._locks[chat_id]:
            old = await self._store.card(view.round_id, chat_id)
            posted = self._posted.get((view.round_id, chat_id))
            if old is not None and posted is not None and self._wall.now() - posted < RECENT:
                return old
            keyboard = await self._keyboard(view, chat_id)
            html = await self._card(view, chat_id)
            await self._post(view, chat_id, html, keyboard, silent=False)
            if old is not None:
                moved = self._speech(chat_id).say("이 회차의 메시지는 아래로 옮겼습니다.")
                await self._sender.edit(chat_id, old, moved)
            return None

    async def decisions(self, view: RoundView, chat_id: int) -> InlineKeyboardMarkup | None:
        """Make the buttons that a round still takes; None when it takes none."""
        decide = decisions(self._speech(chat_id), view, self._clock.now())
        return await self._made(chat_id, [decide])

    async def _keyboard(self, view: RoundView, chat_id: int) -> InlineKeyboardMarkup | None:
        """Make a card's buttons: what the round still takes, and the questions."""
        return await self._made(chat_id, card_rows(self._speech(chat_id), view, self._clock.now()))

    async def _made(
        self, chat_id: int, rows: Sequence[Sequence[Button]]
    ) -> InlineKeyboardMarkup | None:
        mine = [[button for button in row if self._may(chat_id, button)] for row in rows]
        offered = [row for row in mine if row]
        return await self._taps.keyboard(chat_id, offered) if offered else None

    async def _card(self, view: RoundView, chat_id: int) -> Html:
        cycle = await self._views.cycle(view.cycle_id)
        return round_card(
            self._speech(chat_id),
            view,
            venue=self._venue,
            unattended=cycle.unattended if cycle else Unattended.NOTHING,
        )

    async def _post(
        self,
        view: RoundView,
        chat_id: int,
        html: str,
        keyboard: InlineKeyboardMarkup | None,
        *,
        silent: bool,
    ) -> int:
        message_id = await self._sender.post(chat_id, html, keyboard=keyboard, silent=silent)
        await self._store.remember_card(view.round_id, chat_id, message_id)
        now = self._wall.now()
        self._posted = {card: at for card, at in self._posted.items() if now - at < RECENT}
        self._posted[view.round_id, chat_id] = now
        return message_id
