"""The front end as one thing to start and stop: polling, handlers and the notifier."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommandScopeAllPrivateChats, Update
from pydantic import SecretStr

from bot.bus import Bus
from bot.charts.model import Draw, DrawingFailed, Picture
from bot.clock import Clock
from bot.errors import MuhanError
from bot.laboratory.workshop import Workshop
from bot.nursery import Nursery
from bot.storage.chat import ChatStore, TapState
from bot.storage.forum_store import ForumStore
from bot.storage.outbox import Outbox
from bot.storage.people import People, Person, Role
from bot.storage.views import Views
from bot.telegram.access import Access, Freshness
from bot.telegram.bench import Bench
from bot.telegram.cards import Cards
from bot.telegram.catalogue import ENGLISH, KOREAN, LANGUAGES, Words
from bot.telegram.contest import Contest
from bot.telegram.desk import Desk
from bot.telegram.door import Door
from bot.telegram.failures import Failures
from bot.telegram.flood import Flood
from bot.telegram.handlers import owner_router
from bot.telegram.mailroom import Mailroom
from bot.telegram.menu import FAST_LANE, command_of, commands, spoken
from bot.telegram.polling import Polling
from bot.telegram.readers import Readers
from bot.telegram.sending import Sender
from bot.telegram.session import brief_session
from bot.telegram.taps import URGENT, Taps, unpacked
from bot.trading.ports import Explain

PACE = 1.0  # Telegram's advice: about one message a second in a chat
LOCAL_PACE = 0.1

ASK_AGAIN = 30.0
# What Telegram shows: the owner's language to everybody, and each language to those who use it.
MENUS: tuple[tuple[str, str | None], ...] = (("", None), (KOREAN, KOREAN), (ENGLISH, ENGLISH))
OpenSession = Callable[[str | None], BaseSession]
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

log = structlog.get_logger(__name__)


async def no_pictures(picture: Picture) -> bytes:
    """Draw nothing, where nobody handed in a way to draw. Raises DrawingFailed."""
    raise DrawingFailed(f"nothing here draws a {type(picture).__name__}")


class ChatClosed(MuhanError):
    """The chat cannot be opened with this token."""


class TelegramFront:
    """Speak with the people who are let in; `people` are loaded.

    `clock` is market time, `wall` the machine's. `api_url` None means Telegram itself. Seconds of
    `pace` lie between two rounds of deliveries; None means one, and a tenth of one on a loopback
    address. `open_session` is the way to Telegram's server: HTTP when none is handed in.
    `pause_when_blocked`: new orders wait while nobody can be told. Without a `workshop` no backtest
    can be run.
    """

    def __init__(
        self,
        *,
        token: SecretStr,
        api_url: str | None,
        people: People,
        language: str,
        bus: Bus,
        views: Views,
        outbox: Outbox,
        chat_store: ChatStore,
        clock: Clock,
        wall: Clock,
        nursery: Nursery,
        venue: str,
        account_hint: str,
        next_event: Callable[[], datetime | None] = lambda: None,
        explain: Explain = lambda _: None,
        pace: float | None = None,
        open_session: OpenSession | None = None,
        draw: Draw = no_pictures,
        workshop: Workshop | None = None,
        pause_when_blocked: bool = True,
        forum: ForumStore | None = None,
    ) -> None:
        self._bus = bus
        self._nursery = nursery
        self._chat_store = chat_store
        self._tasks: list[asyncio.Task[None]] = []
        self._undo: list[Callable[[], None]] = []
        speech = {each: Words(each, explain=explain) for each in LANGUAGES}
        words = speech[language]
        self._bot = Bot(token.get_secret_value(), session=(open_session or brief_session)(api_url))
        taps = Taps(chat_store, wall)
        self._people = people
        self._sender = Sender(self._bot, wall.sleep, hides=self._hides, bind=taps.bind)
        readers = Readers(people, speech, views, venue=venue)
        cards = Cards(
            may=readers.may,
            speech=lambda chat_id: speech[people.language(chat_id)],
            views=views,
            store=chat_store,
            sender=self._sender,
            taps=taps,
            clock=clock,
            wall=wall,
            venue=venue,
        )
        self._taps = taps
        self.desk = Desk(
            bot=self._bot,
            words=words,
            bus=bus,
            views=views,
            store=chat_store,
            cards=cards,
            sender=self._sender,
            taps=taps,
            clock=clock,
            wall=wall,
            nursery=nursery,
            venue=venue,
            account_hint=account_hint,
            next_event=next_event,
            people=people,
            person=Person(user_id=people.owner_id, role=Role.OWNER, language=language),
            draw=draw,
            bench=Bench(workshop, nursery),
            speech=speech,
            flood=Flood(wall),
        )
        self._contest = Contest(self._bot, bus, wall)
        self.polling_loop = Polling(
            bot=self._bot,
            store=chat_store,
            handle=self._handle,
            urgent=self._urgent,
            contest=self._contest,
            sleep=wall.sleep,
        )
        self.first_poll_done = self.polling_loop.first_poll_done
        self.mail = Mailroom(
            bot=self._bot,
            bus=bus,
            sender=self._sender,
            cards=cards,
            taps=taps,
            store=chat_store,
            views=views,
            outbox=outbox,
            readers=readers,
            draw=draw,
            wall=wall,
            venue=venue,
            pace=_pace(api_url) if pace is None else pace,
            pause=pause_when_blocked,
            forum=forum,
        )
        self.direct = self.mail.direct
        self.access = Access(
            lambda user_id: people.of(user_id) is not None,
            self.mail.notifier.heard,
            Door(desk=self.desk, codes=chat_store.pairing).entered,
        )
        self.dispatcher = self._dispatcher(wall)

    async def start(self) -> None:
        """Check the token, take the updates over from a webhook, set the menu, begin to poll.

        Raises ChatClosed for a token that Telegram does not know. A Telegram that cannot be
        reached holds nothing up: it is asked again until it answers, and `first_poll_done` waits.
        """
        try:
            await self._prepare()
            prepared = True
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            await self._bot.session.close()
            raise ChatClosed(
                "텔레그램이 이 봇 토큰을 모릅니다: TELEGRAM_BOT_TOKEN을 확인하세요.",
                "Telegram does not know this bot token: check TELEGRAM_BOT_TOKEN.",
            ) from error
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("Telegram cannot be reached yet", error=type(error).__name__)
            prepared = False
        self._undo += self.mail.subscribe()
        self._tasks = [
            self._nursery.start(self._poll(prepared=prepared), name="telegram polling"),
            *self.mail.start(self._nursery),
        ]

    async def _prepare(self) -> None:
        me = await self._bot.get_me()
        await self._contest.look_for_webhook()
        everybody = BotCommandScopeAllPrivateChats()
        for language, code in MENUS:
            entries = commands(language or self.desk.words.language)
            await self._bot.set_my_commands(entries, scope=everybody, language_code=code)
        log.info("chat is ready", bot=me.username)

    async def _poll(self, *, prepared: bool) -> None:
        while not prepared:
            try:
                await self._sender.patiently(self._prepare)
                prepared = True
            except (TelegramAPIError, ClientDecodeError):
                await self.desk.wall.sleep(ASK_AGAIN)
        await self.polling_loop.run()

    async def drained(self) -> None:
        """Wait until the chat has every letter."""
        await self.mail.drained()

    async def stop(self) -> None:
        """Stop listening and speaking; letters that wait stay for the next start."""
        for undo in self._undo:
            undo()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._bot.session.close()

    def _dispatcher(self, wall: Clock) -> Dispatcher:
        dispatcher = Dispatcher(disable_fsm=True)
        failures = Failures(self.desk)
        dispatcher["desk"] = self.desk
        dispatcher.update.outer_middleware(self.access)
        dispatcher.message.outer_middleware(Freshness(wall, failures.too_old))
        dispatcher.include_router(owner_router())
        dispatcher.errors.register(failures.failed)
        return dispatcher

    def _hides(self, chat_id: int) -> bool:
        person = self._people.of(chat_id)
        # Who reads in a group is not the bot's to know: it is told what a viewer is.
        return chat_id < 0 or (person is not None and person.role is Role.VIEWER)

    async def _handle(self, update: Update) -> None:
        await self.dispatcher.feed_update(self._bot, update)

    async def _urgent(self, update: Update) -> bool:
        """Tell whether an update stops or pauses trading, which waits behind nothing."""
        if update.message is not None:
            text = update.message.text
            return (command_of(text) or spoken(text)) in FAST_LANE
        if update.callback_query is None:
            return False
        query = update.callback_query
        _, tap = await self._taps.look(query.data, query.from_user.id)
        return tap.state is TapState.FRESH and unpacked(tap.action).kind in URGENT


def _pace(api_url: str | None) -> float:
    """Local chat servers set no rate; a moment is left for edits of one card to become one."""
    return LOCAL_PACE if api_url and urlsplit(api_url).hostname in LOOPBACK else PACE
