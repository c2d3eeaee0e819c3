"""The living messages: one card a round in each chat, rendered from what is known just then."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from aiogram.types import InlineKeyboardMarkup

from bot.clock import Clock
from bot.storage.chat import ChatStore
from bot.storage.views import RoundView, Views
from bot.telegram.card import overdue, round_card
from bot.telegram.catalogue import Words
from bot.telegram.sending import Sender
from bot.telegram.taps import Action, Button, Kind, Taps
from bot.trading.model import Approval, RoundState

RECENT = timedelta(minutes=30)


class Cards:
    """Keep the cards up to date; an edit and its rendering are one step, so none goes backwards.

    `speech` gives the words of a chat's reader.
    """

    def __init__(
        self,
        *,
        speech: Callable[[int], Words],
        views: Views,
        store: ChatStore,
        sender: Sender,
        taps: Taps,
        clock: Clock,
        wall: Clock,
        venue: str,
    ) -> None:
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
            html = round_card(self._speech(chat_id), view, venue=self._venue)
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
            html = round_card(self._speech(chat_id), view, venue=self._venue)
            await self._post(view, chat_id, html, keyboard, silent=False)
            if old is not None:
                moved = self._speech(chat_id).say("이 회차의 메시지는 아래로 옮겼습니다.")
                await self._sender.edit(chat_id, old, moved)
            return None

    async def decisions(self, view: RoundView, chat_id: int) -> InlineKeyboardMarkup | None:
        """Make the buttons that a round still takes; None when it takes none."""
        row = self._decisions(self._speech(chat_id), view)
        return await self._taps.keyboard(chat_id, [row]) if row else None

    async def _keyboard(self, view: RoundView, chat_id: int) -> InlineKeyboardMarkup | None:
        """Make a card's buttons: what the round still takes, and the question why."""
        if view.plan is None:
            return None
        why = Action(kind=Kind.WHY, round_id=view.round_id)
        words = self._speech(chat_id)
        rows = [
            self._decisions(words, view),
            [Button(caption=words.plain("왜 이렇게?"), action=why)],
        ]
        return await self._taps.keyboard(chat_id, [row for row in rows if row])

    def _decisions(self, words: Words, view: RoundView) -> list[Button]:
        takes = view.state is RoundState.PROPOSED and not overdue(view, self._clock.now())
        if not takes or view.plan is None or not view.plan.orders:
            return []
        approve = Action(kind=Kind.APPROVE, round_id=view.round_id, digest=view.digest)
        skip = Action(kind=Kind.ASK_SKIP, round_id=view.round_id, digest=view.digest)
        if view.approval is Approval.CONFIRM:
            return [
                Button(caption=words.plain("승인"), action=approve),
                Button(caption=words.plain("건너뛰기"), action=skip),
            ]
        if view.approval is Approval.AUTO:
            return [Button(caption=words.plain("오늘 건너뛰기"), action=skip)]
        return []

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
        self._posted[view.round_id, chat_id] = self._wall.now()
        return message_id
