"""The morning's digest: in one message, what a person was not woken for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramRetryAfter

from bot.clock import Clock
from bot.events import RoundProposed, RoundSettled
from bot.storage.outbox import Letter, Outbox
from bot.telegram import figures
from bot.telegram.audience import turned_away
from bot.telegram.catalogue import Words
from bot.telegram.classes import AlertClass, class_of
from bot.telegram.markup import Html, fill, lines, without_markup
from bot.telegram.message import Message
from bot.telegram.pacing import Pace
from bot.telegram.preferences import Sound
from bot.telegram.readers import Readers
from bot.telegram.sending import Sender
from bot.telegram.taps import Action, Button, Kind, Taps

MOST_LINES = 40
SIGNS = "⚠️🛑⏰🎓 "
"""What letters begin with to be noticed: in a list of many it would shout."""
AGAIN = timedelta(minutes=1)
TOMORROW = timedelta(days=1)

log = structlog.get_logger(__name__)


class Digest:
    """Post each chat's digest when its morning comes; its trouble holds no letter up."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        readers: Readers,
        sender: Sender,
        taps: Taps,
        pace: Pace,
        wall: Clock,
    ) -> None:
        self._outbox = outbox
        self._readers = readers
        self._sender = sender
        self._taps = taps
        self._pace = pace
        self._wall = wall
        self._not_before: dict[int, datetime] = {}

    async def deliver(self) -> datetime | None:
        """Post what is due; answer when the next one is (aware), None when nobody is owed one."""
        following: list[datetime] = []
        for chat_id, due in (await self._outbox.digests()).items():
            waits = max(due, self._not_before.get(chat_id, due))
            if waits <= self._wall.now():
                await self._deliver(chat_id)
                waits = self._not_before.get(chat_id, waits)
            if waits > self._wall.now():
                following.append(waits)
        return min(following, default=None)

    async def _deliver(self, chat_id: int) -> None:
        letters = await self._outbox.digest(chat_id)
        if chat_id in self._readers.chats():
            try:
                await self._post(chat_id, letters)
            except TelegramRetryAfter as error:
                self._wait(chat_id, timedelta(seconds=error.retry_after))
                return
            except (TelegramAPIError, ClientDecodeError) as error:
                log.warning("a digest could not be delivered", error=type(error).__name__)
                gone = isinstance(error, TelegramAPIError) and turned_away(error)
                self._wait(chat_id, TOMORROW if gone else AGAIN)
                return
        await self._outbox.digested(chat_id, [letter.id for letter in letters])
        self._not_before.pop(chat_id, None)

    async def _post(self, chat_id: int, letters: Sequence[Letter]) -> None:
        words = self._readers.words(chat_id)
        told = await self._lines(chat_id, letters)
        if not told:
            return
        preferences = self._readers.preferences(chat_id)
        alert = min(class_of(letter.event) for letter in letters)
        sound = preferences.sound(max(alert, AlertClass.TRADES), self._wall.now())
        await self._pace.turn(chat_id)
        keyboard = await self._taps.keyboard(
            chat_id,
            [[_show(words.plain("오늘"), "today"), _show(words.plain("알림 설정"), "alerts")]],
        )
        await self._sender.post(
            chat_id, morning(words, told), keyboard=keyboard, silent=sound is not Sound.RING
        )

    async def _lines(self, chat_id: int, letters: Sequence[Letter]) -> list[Html]:
        words, writer = self._readers.words(chat_id), self._readers.letters(chat_id)
        told = []
        for number, letter in enumerate(letters):
            messages = await writer.messages(letter, letters[number + 1 :])
            line = brief(words, letter, messages)
            if line:
                told.append(line)
        return told

    def _wait(self, chat_id: int, span: timedelta) -> None:
        self._not_before[chat_id] = self._wall.now() + span


def morning(words: Words, told: Sequence[Html]) -> Html:
    """Put the lines of a digest together."""
    shown = [words.say("· {line}", line=line) for line in told[:MOST_LINES]]
    more = len(told) - len(shown)
    return lines(
        words.say("아침 요약: 밤사이와 꺼 둔 알림 {count}건", count=len(told)),
        *shown,
        words.say("· 그 밖에 {more}건", more=more) if more else None,
    )


def brief(words: Words, letter: Letter, messages: Sequence[Message]) -> Html | None:
    """Say in one line what a letter told; None when it told nothing."""
    event = letter.event
    if isinstance(event, RoundSettled):
        return words.say(
            "{day} {symbol} 결과: 매수 {bought}주 · 매도 {sold}주 · T {before}→{after}",
            day=figures.day(words, event.session),
            symbol=event.before.rules.symbol,
            bought=event.bought,
            sold=event.sold,
            before=figures.turn(event.before.turn),
            after=figures.turn(event.after.turn),
        )
    if messages:
        first = without_markup(messages[0].html).strip().partition("\n")[0]
        return messages[0].brief or fill("{line}", line=first.lstrip(SIGNS))
    if isinstance(event, RoundProposed):
        return words.say(
            "{day} {symbol} 계획: 주문 {count}건",
            day=figures.day(words, event.session),
            symbol=event.plan.cycle.rules.symbol,
            count=len(event.plan.orders),
        )
    return None


def _show(caption: str, command: str) -> Button:
    return Button(caption=caption, action=Action(kind=Kind.SHOW, command=command))
