"""What every handler is handed, and the few things that all of them do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.types import InlineKeyboardMarkup

from bot.bus import Bus
from bot.charts.model import Draw, DrawingFailed, Picture, PicturesOff
from bot.clock import SEOUL, Clock
from bot.nursery import Nursery
from bot.storage.chat import ChatStore
from bot.storage.people import People, Person, Role
from bot.storage.views import Views
from bot.telegram.asked import Asked
from bot.telegram.bench import Bench
from bot.telegram.cards import Cards
from bot.telegram.catalogue import Words
from bot.telegram.flood import Flood
from bot.telegram.markup import Html, lines
from bot.telegram.offers import offered
from bot.telegram.sending import Sender
from bot.telegram.taps import Button, Taps
from bot.trading.model import Actor

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The chat's own tools, in the hands of one person.

    `clock` is market time, `wall` the machine's. `words` speak the person's language; `of` hands
    the tools to somebody else. `next_event` says when orders go out next (aware); None when the
    program does not tell.
    """

    bot: Bot
    words: Words
    bus: Bus
    views: Views
    store: ChatStore
    cards: Cards
    sender: Sender
    taps: Taps
    clock: Clock
    wall: Clock
    nursery: Nursery
    venue: str
    account_hint: str
    next_event: Callable[[], datetime | None]
    people: People
    person: Person
    draw: Draw
    bench: Bench
    speech: dict[str, Words] = field(repr=False)
    flood: Flood

    def of(self, user_id: int) -> "Desk":
        """Hand the tools to a person; somebody unknown gets a viewer's."""
        person = self.people.of(user_id) or Person(
            user_id=user_id, role=Role.VIEWER, language=self.people.language(user_id)
        )
        return replace(self, person=person, words=self.speech[person.language])

    @property
    def today(self) -> date:
        """The date in Seoul, by the market's clock."""
        return self.clock.now().astimezone(SEOUL).date()

    async def say(
        self,
        chat_id: int,
        html: Html,
        rows: Sequence[Sequence[Button]] = (),
        *,
        valid_for: timedelta | None = None,
        reply_to: int | None = None,
        silent: bool = False,
    ) -> int:
        """Answer somebody who waits; the buttons are theirs alone."""
        keyboard = await self._keyboard(chat_id, rows, valid_for)
        return await self.sender.patiently(
            lambda: self.sender.post(
                chat_id, html, keyboard=keyboard, reply_to=reply_to, silent=silent
            )
        )

    async def answer(
        self,
        asked: Asked,
        html: Html,
        rows: Sequence[Sequence[Button]] = (),
        *,
        valid_for: timedelta | None = None,
    ) -> int:
        """Answer a question: in the message whose button asked to be renewed, else in a new one."""
        if asked.edit and asked.message_id:
            keyboard = await self._keyboard(asked.user_id, rows, valid_for)
            edit = partial(
                self.sender.edit, asked.user_id, asked.message_id, html, keyboard=keyboard
            )
            if await self.sender.patiently(edit):
                return asked.message_id
        return await self.say(asked.user_id, html, rows, valid_for=valid_for)

    async def picture(
        self, asked: Asked, shown: Picture, html: Html, rows: Sequence[Sequence[Button]] = ()
    ) -> int:
        """Answer with a picture and words below it; with the words alone where it fails."""
        try:
            png = await self.draw(shown)
        except PicturesOff:
            off = self.words.say("그림은 꺼져 있습니다 (MUHAN_PICTURES).")
            return await self.say(asked.user_id, lines(html, off), rows)
        except DrawingFailed as error:
            log.warning("a picture could not be drawn", why=str(error))
            failed = self.words.say("그림을 그리지 못했습니다. 숫자는 위와 같습니다.")
            return await self.say(asked.user_id, lines(html, failed), rows)
        return await self.image(asked, png, html, rows)

    async def image(
        self, asked: Asked, png: bytes, html: Html, rows: Sequence[Sequence[Button]] = ()
    ) -> int:
        """Answer with a picture that is drawn already; with the words alone where it is refused."""
        keyboard = await self._keyboard(asked.user_id, rows)
        try:
            return await self.sender.patiently(
                lambda: self.sender.photo(asked.user_id, png, html, keyboard=keyboard)
            )
        except TelegramBadRequest as error:
            log.warning("a picture was refused", why=error.message)
            return await self.say(asked.user_id, html, rows)

    async def file(
        self,
        asked: Asked,
        name: str,
        data: bytes,
        html: Html,
        rows: Sequence[Sequence[Button]] = (),
    ) -> int:
        """Answer with a file and words below it. Files hold amounts: a viewer gets none."""
        if self.person.role is Role.VIEWER:
            refused = self.words.say(
                "파일에는 금액이 들어 있어 보기 전용으로는 받을 수 없습니다."
                " 주인에게 부탁해 주세요."
            )
            return await self.say(asked.user_id, refused)
        keyboard = await self._keyboard(asked.user_id, rows)
        return await self.sender.patiently(
            lambda: self.sender.document(asked.user_id, name, data, html, keyboard=keyboard)
        )

    async def ask(
        self,
        user_id: int,
        name: str,
        data: dict[str, str],
        html: Html,
        rows: Sequence[Sequence[Button]] = (),
        *,
        valid_for: timedelta | None = None,
    ) -> int:
        """Ask for a typed answer: the person's next plain text goes to the answer called `name`."""
        until = self.wall.now() + valid_for if valid_for else None
        await self.store.ask(user_id, name, data, expires_at=until)
        return await self.say(user_id, html, rows, valid_for=valid_for)

    async def erase(self, chat_id: int, message_id: int) -> bool:
        """Delete a message that should not stay (a typed code); answer False where it stays."""
        return await self.sender.patiently(lambda: self.sender.erase(chat_id, message_id))

    async def receipt(
        self,
        chat_id: int,
        message_id: int,
        html: Html,
        rows: Sequence[Sequence[Button]] = (),
    ) -> None:
        """Turn a message with buttons into what became of it, with buttons for what is next."""
        keyboard = await self._keyboard(chat_id, rows)
        done = await self.sender.patiently(
            lambda: self.sender.edit(chat_id, message_id, html, keyboard=keyboard)
        )
        if not done:
            await self.say(chat_id, html, rows)

    async def _keyboard(
        self, chat_id: int, rows: Sequence[Sequence[Button]], valid_for: timedelta | None = None
    ) -> InlineKeyboardMarkup | None:
        """Make the keys of what the person may press; None where that is nothing."""
        mine = offered(self.person.role, rows)
        return await self.taps.keyboard(chat_id, mine, valid_for=valid_for) if mine else None

    async def refresh(self, round_id: str, chat_id: int) -> int | None:
        return await self.sender.patiently(lambda: self.cards.refresh(round_id, chat_id))

    def acknowledge(self, query_id: str) -> None:
        """Stop the button's hourglass at once; the tap counts whether or not that succeeds."""
        self.nursery.start(self._acknowledge(query_id), name="answer tap")

    async def _acknowledge(self, query_id: str) -> None:
        try:
            await self.bot.answer_callback_query(query_id, request_timeout=10)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.info("a tap could not be acknowledged", error=type(error).__name__)


def owner(user_id: int) -> Actor:
    return Actor(kind="owner", user_id=user_id)
