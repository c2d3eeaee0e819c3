"""How one letter reaches one chat: its card kept up to date, its messages posted, or held back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardMarkup

from bot.charts.model import Draw
from bot.clock import Clock
from bot.events import RoundProposed
from bot.storage.chat import ChatStore
from bot.storage.outbox import LaterLine, Letter
from bot.storage.views import Views
from bot.telegram.audience import turned_away
from bot.telegram.cards import Cards
from bot.telegram.classes import card_class, class_of
from bot.telegram.drawing import drawn
from bot.telegram.markup import Html, fill, lines
from bot.telegram.message import Message
from bot.telegram.next_steps import next_steps
from bot.telegram.pacing import Pace
from bot.telegram.preferences import Sound
from bot.telegram.readers import Readers
from bot.telegram.sending import Sender
from bot.telegram.taps import Taps
from bot.trading.model import Approval

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message of a letter on its way to a chat. `part` counts a letter's messages from 1."""

    letter: Letter
    round_id: str | None
    chat_id: int
    part: int
    message: Message


@dataclass(kw_only=True)
class Postman:
    """Deliver what the notifier hands over; what Telegram refuses is the notifier's to handle.

    `later` collects what the digests are to name, until the notifier has noted it.
    """

    readers: Readers
    cards: Cards
    store: ChatStore
    views: Views
    sender: Sender
    taps: Taps
    wall: Clock
    pace: Pace
    draw: Draw
    later: set[LaterLine] = field(default_factory=set)

    async def card(self, round_id: str, letter: Letter, chat_id: int) -> None:
        """Bring a round's card up to date; where there is none, post one that is wanted."""
        event = letter.event
        new = isinstance(event, RoundProposed)
        asks = isinstance(event, RoundProposed) and event.approval is not Approval.AUTO
        sound = self.readers.preferences(chat_id).sound(
            card_class(event), self.wall.now(), asks=asks
        )
        if sound is Sound.HELD and await self.store.card(round_id, chat_id) is None:
            if new:
                self._keep_for_later(letter, chat_id)
            return
        if new and self._is_quiet(chat_id):
            self._keep_for_later(letter, chat_id)
        await self.pace.turn(chat_id)
        await self.cards.refresh(round_id, chat_id, silent=not (new and sound is Sound.RING))

    async def message(self, delivery: Delivery) -> None:
        """Post one message of a letter, or keep it for the morning as its reader chose."""
        message, chat_id = delivery.message, delivery.chat_id
        preferences = self.readers.preferences(chat_id)
        alert = message.alert or class_of(delivery.letter.event)
        sound = preferences.sound(alert, self.wall.now(), asks=message.asks)
        if sound is Sound.HELD or (sound is Sound.SILENT and self._is_quiet(chat_id)):
            self._keep_for_later(delivery.letter, chat_id)
        if sound is Sound.HELD:
            return
        silent = message.silent or sound is Sound.SILENT
        await self._post(delivery, silent=silent)

    async def _post(self, delivery: Delivery, *, silent: bool) -> None:
        chat_id, message = delivery.chat_id, delivery.message
        html = tag(message.html, delivery.letter.id, delivery.part)
        reply_to = await self._thread(delivery.round_id, chat_id)
        keyboard = await self._keyboard(delivery)
        png = await drawn(
            self.draw,
            message.picture,
            language=self.readers.language(chat_id),
            amounts=self.readers.sees_amounts(chat_id),
        )
        await self.pace.turn(chat_id)
        if png is not None:
            try:
                await self.sender.photo(
                    chat_id, png, html, keyboard=keyboard, silent=silent, reply_to=reply_to
                )
            except TelegramBadRequest as error:
                if turned_away(error):
                    raise
                log.warning("a picture was refused: its letter goes as text", why=error.message)
            else:
                return
        await self.sender.post(chat_id, html, keyboard=keyboard, silent=silent, reply_to=reply_to)

    async def _thread(self, round_id: str | None, chat_id: int) -> int | None:
        """Find the message that a letter hangs on: its round's card."""
        return await self.store.card(round_id, chat_id) if round_id else None

    async def _keyboard(self, delivery: Delivery) -> InlineKeyboardMarkup | None:
        message, chat_id, round_id = delivery.message, delivery.chat_id, delivery.round_id
        if message.round_buttons and round_id and (view := await self.views.round(round_id)):
            decisions = await self.cards.decisions(view, chat_id)
            if decisions is not None:
                return decisions
        offered = message.buttons or next_steps(self.readers.words(chat_id), message.html)
        buttons = [button for button in offered if self.readers.may(chat_id, button)]
        if not buttons:
            return None
        rows = [[button] for button in buttons] if message.stacked else [buttons]
        return await self.taps.keyboard(chat_id, rows)

    def _is_quiet(self, chat_id: int) -> bool:
        return self.readers.preferences(chat_id).is_quiet(self.wall.now())

    def _keep_for_later(self, letter: Letter, chat_id: int) -> None:
        due = self.readers.preferences(chat_id).morning_after(self.wall.now())
        self.later.add(LaterLine(chat_id=chat_id, letter=letter.id, due_at=due))

    def noted(self, letters: Sequence[int]) -> list[LaterLine]:
        """Give what is to be kept with letters that are done, and forget it here."""
        done = set(letters)
        found = sorted(
            (line for line in self.later if line.letter in done),
            key=lambda line: (line.letter, line.chat_id),
        )
        self.later.difference_update(found)
        return found


def tag(html: Html, letter: int, part: int) -> Html:
    """Give a letter's message its number: the same one again says the same, and nothing new."""
    return lines(html, fill("#{letter}", letter=f"{letter}" if part == 1 else f"{letter}-{part}"))
