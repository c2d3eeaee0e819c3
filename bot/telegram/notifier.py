"""The outbox's postman: letters go in order, and one is done only when the chat has it.

A crash between the chat's answer and the mark repeats a letter, under the same number, and never
loses one. Waiting for the chat blocks nothing but the chat.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta

import structlog
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.clock import Clock
from bot.events import Event, RoundProposed
from bot.storage.failing import StorageFailing
from bot.storage.outbox import Letter, Outbox
from bot.telegram.audience import BLOCKED, REFUSED, Audience, turned_away
from bot.telegram.digest import Digest
from bot.telegram.next_steps import next_steps
from bot.telegram.postman import Delivery, Postman

LONGEST_DELAY = 60.0
LONGEST_REST = timedelta(hours=1)
"""A computer that slept wakes with timers that are late: so long at most a digest is late by it."""
CARD = 0  # the part of a letter's delivery that may be done again: an edit

log = structlog.get_logger(__name__)


class _Later(Exception):
    """Stop for now; the first unsent letter waits this long."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__()
        self.seconds = seconds


class Notifier:
    """Drain the outbox into the chats of everybody who is allowed, the owner first."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        postman: Postman,
        digest: Digest,
        audience: Audience,
        wall: Clock,
        pace: float,
    ) -> None:
        self._outbox = outbox
        self._postman = postman
        self._readers = postman.readers
        self._digest = digest
        self._audience = audience
        self._wall = wall
        self._pace = pace
        self._wake = asyncio.Event()
        self._empty = asyncio.Event()
        self._reached: set[tuple[int, int, int]] = set()
        self._lost: dict[int, dict[int, TelegramAPIError]] = {}

    def wake(self, _event: Event) -> None:
        """Look for letters soon: something happened."""
        self._empty.clear()
        self._wake.set()

    def heard(self) -> None:
        """Take note that somebody who may command wrote or pressed: that chat is there."""
        self._audience.heard()
        if self._audience.regained:
            self._wake.set()

    async def drained(self) -> None:
        """Wait until no letter waits, not even a deferred one."""
        self._empty.clear()
        self._wake.set()
        await self._empty.wait()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            try:
                await self._go_on()
            except StorageFailing as failing:
                log.error("letters wait for the disk", reason=failing.reason)  # noqa: TRY400 - the trace would say no more
                await self._wall.sleep(LONGEST_DELAY)

    async def _go_on(self) -> None:
        self._wake.clear()
        if self._audience.regained:
            await self._catch_up()
        letters = await self._outbox.waiting(self._wall.now())
        if letters:
            await self._deliver(letters)
            if self._pace:
                await self._wall.sleep(self._pace)
            return
        due = await self._outbox.next_due()
        if due is not None:
            await self._wall.sleep_until(due)
            return
        morning = await self._digest.deliver()
        # Something may have come while the outbox was read.
        if not self._wake.is_set() and not self._audience.regained:
            self._empty.set()
            await self._rest(morning)

    async def _rest(self, morning: datetime | None) -> None:
        """Wait for the next letter, or for the next digest's time."""
        if morning is None:
            await self._wake.wait()
            return
        longest = self._wall.now() + LONGEST_REST
        await self._wall.sleep_until(min(morning, longest), nudge=self._wake)

    async def _catch_up(self) -> None:
        """Tell a chat that was lost and is back what it missed, and show its cards as they are."""
        missed = await self._audience.missed()
        if not missed:
            return
        try:
            told = [
                chat_id for chat_id in self._readers.chats() if await self._brief(chat_id, missed)
            ]
        except TelegramRetryAfter as error:
            await self._wall.sleep(error.retry_after)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("what was missed could not be told yet", error=type(error).__name__)
            await self._wall.sleep(LONGEST_DELAY)
        else:
            await (self._audience.told(missed) if told else self._audience.lost())

    async def _brief(self, chat_id: int, missed: list[Letter]) -> bool:
        """Send one chat the summary; answer False when it turns the bot away still."""
        try:
            html = await self._audience.summary(missed, chat_id)
            steps = next_steps(self._readers.words(chat_id), html)
            keyboard = await self._postman.taps.keyboard(chat_id, [steps])
            await self._postman.sender.post(chat_id, html, keyboard=keyboard)
            rounds = [await self._readers.letters(chat_id).round_of(one) for one in missed]
            for round_id in dict.fromkeys(rounds):
                if round_id is not None:
                    await self._postman.cards.refresh(round_id, chat_id)
        except TelegramAPIError as error:
            if not turned_away(error):
                raise
            return False
        return True

    async def _deliver(self, letters: Sequence[Letter]) -> None:
        done: list[int] = []
        marked: set[int] = set()
        try:
            await self._in_order(letters, done, marked)
        except _Later as later:
            rest = [letter for letter in letters if letter.id not in {*done, *marked}]
            seconds = later.seconds
            if seconds is None:
                seconds = min(2.0 ** rest[0].tries, LONGEST_DELAY)
            await self._put_off(rest[0], seconds)
        finally:
            await self._mark(done)

    async def _put_off(self, letter: Letter, seconds: float) -> None:
        try:
            await self._outbox.defer(letter.id, self._wall.now() + timedelta(seconds=seconds))
        except StorageFailing:
            await self._wall.sleep(seconds)  # what Telegram asked for holds without a disk too
            raise

    async def _mark(self, done: Sequence[int]) -> None:
        """Note letters as delivered, and those as dead that reached nobody."""
        chats = len(self._readers.chats())
        sent = [letter for letter in done if len(self._lost.get(letter, ())) < chats]
        if sent:
            await self._outbox.sent(*sent, later=self._postman.noted(sent))
        for letter in sorted(set(done) - set(sent)):
            blocked = all(turned_away(error) for error in self._lost[letter].values())
            await self._outbox.bury(letter, BLOCKED if blocked else REFUSED)
            if blocked:
                await self._audience.lost()
        self._reached = {key for key in self._reached if key[0] not in done}
        for letter in done:
            self._lost.pop(letter, None)

    async def _in_order(self, letters: Sequence[Letter], done: list[int], marked: set[int]) -> None:
        """Deliver letters; a run that only changes cards is one edit for each card."""
        writer = self._readers.letters(self._readers.chats()[0])
        run: list[Letter] = []
        rounds: dict[str, Letter] = {}
        for number, letter in enumerate(letters):
            round_id = await writer.round_of(letter)
            if round_id is not None:
                first = rounds.get(round_id)
                if first is None or isinstance(letter.event, RoundProposed):
                    rounds[round_id] = letter
            later = letters[number + 1 :]
            run.append(letter)
            if not await writer.messages(letter, later):
                continue
            await self._flush(rounds)
            done.extend(before.id for before in run[:-1])
            await self._post(letter, round_id, later)
            done.append(letter.id)
            await self._mark(done)
            marked.update(done)
            done.clear()
            run, rounds = [], {}
        await self._flush(rounds)
        done.extend(letter.id for letter in run)

    async def _flush(self, rounds: dict[str, Letter]) -> None:
        for round_id, letter in rounds.items():
            for chat_id in self._readers.chats():
                work = self._postman.card(round_id, letter, chat_id)
                await self._reach(letter, chat_id, CARD, work)

    async def _post(self, letter: Letter, round_id: str | None, later: Sequence[Letter]) -> None:
        """Post a letter's messages to every chat, each in its reader's words."""
        for chat_id in self._readers.chats():
            messages = await self._readers.letters(chat_id).messages(letter, later)
            for number, message in enumerate(messages, start=1):
                if message.not_to != chat_id:
                    delivery = Delivery(
                        letter=letter,
                        round_id=round_id,
                        chat_id=chat_id,
                        part=number,
                        message=message,
                    )
                    await self._reach(letter, chat_id, number, self._postman.message(delivery))

    async def _reach(
        self, letter: Letter, chat_id: int, part: int, work: Coroutine[object, object, None]
    ) -> None:
        """Do one piece of a letter's delivery once; a chat that is lost for good is passed over."""
        key = (letter.id, chat_id, part)
        if part != CARD and key in self._reached:
            work.close()
            return
        try:
            await work
        except TelegramRetryAfter as error:
            raise _Later(error.retry_after) from None
        except (TelegramForbiddenError, TelegramNotFound, TelegramBadRequest) as error:
            self._give_up(letter, chat_id, error)
        except TelegramUnauthorizedError:
            log.error("Telegram does not know this token: check TELEGRAM_BOT_TOKEN")  # noqa: TRY400 - the trace would say no more
            raise _Later(LONGEST_DELAY) from None
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("a letter could not be delivered yet", error=type(error).__name__)
            raise _Later(None) from None
        else:
            self._audience.heard()
        self._reached.add(key)

    def _give_up(self, letter: Letter, chat_id: int, error: TelegramAPIError) -> None:
        log.error(
            "a letter cannot be delivered and is given up",
            chat=chat_id,
            letter=letter.id,
            event_type=type(letter.event).__name__,
            why=error.message,
        )
        self._lost.setdefault(letter.id, {})[chat_id] = error
