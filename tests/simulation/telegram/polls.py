"""getUpdates: one poll at a time, answered when an update comes or when its time is up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from aiogram.exceptions import TelegramConflictError, TelegramNetworkError

from bot.telegram.polling import GetRawUpdates
from tests.simulation.faults import Fault
from tests.simulation.telegram.trouble import Trouble
from tests.simulation.telegram.updates import Updates
from tests.simulation.world import World

Answer = Callable[[object], None]

TERMINATED = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
    "the webhook first"
)
LIVELY = timedelta(minutes=4)
HELD = 4 * 3600.0
"""Seconds for which an idle poll is held. Telegram would answer each 25 s with nothing, and be
asked the same again: 3,400 times a day. So for a while after a start or a trouble, and else not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    process: int
    method: GetRawUpdates
    answer: Answer


class Polls:
    """Answer polls; the newest ends an older one, and two pollers disturb each other."""

    def __init__(self, world: World, trouble: Trouble, updates: Updates) -> None:
        self._world = world
        self._trouble = trouble
        self._updates = updates
        self._open: _Open | None = None
        self._process = 0
        self._handed_out = 0
        self._lively_until = world.start + LIVELY

    def arrive(self, process: int, method: GetRawUpdates, answer: Answer) -> None:
        """Take a poll that has reached Telegram."""
        if self._open is not None:
            self._end(self._open, TelegramConflictError(self._open.method, TERMINATED))
        if process != self._process:
            self._begin(process)
        if self._trouble.webhook or self._trouble.taken:
            self.stir()
            why = WEBHOOK if self._trouble.webhook else TERMINATED
            self._answer(answer, TelegramConflictError(method, why))
            return
        self._updates.confirm(method.offset)
        poll = _Open(process=process, method=method, answer=answer)
        wait = float(method.timeout or 0)
        if len(self._updates) or not wait:
            self._hand_out(poll)
            return
        self._open = poll
        lively = self._world.now < self._lively_until
        self._world.later(wait if lively else HELD, lambda: self._time_up(poll))

    def stir(self) -> None:
        """Answer idle polls at Telegram's own pace for a while: something is going on."""
        self._lively_until = self._world.now + LIVELY

    def updates_came(self) -> None:
        if self._open is not None and not (self._trouble.taken or self._trouble.webhook):
            self._hand_out(self._open)

    def disturb(self) -> None:
        """End the open poll, because somebody else polls or a webhook was set."""
        self.stir()
        if self._open is not None:
            why = WEBHOOK if self._trouble.webhook else TERMINATED
            self._end(self._open, TelegramConflictError(self._open.method, why))

    def cut(self) -> None:
        """Break the open poll's connection."""
        self.stir()
        if self._open is not None:
            lost = TelegramNetworkError(self._open.method, "ServerDisconnectedError")
            self._end(self._open, lost)

    def _begin(self, process: int) -> None:
        self._process = process
        self.stir()
        if self._trouble.comes(Fault.UPDATE_TWICE) and self._updates.forget_confirmation():
            self._trouble.struck(Fault.UPDATE_TWICE, "confirmation lost")

    def _time_up(self, poll: _Open) -> None:
        if self._open is poll:
            self._end(poll, [])

    def _hand_out(self, poll: _Open) -> None:
        ready = self._updates.ready(self._world.now)
        if ready:
            last = int(ready[-1]["update_id"])
            if int(ready[0]["update_id"]) <= self._handed_out and poll.method.offset is None:
                self._trouble.struck(Fault.UPDATE_TWICE, "redelivered")
            self._handed_out = max(self._handed_out, last)
        self._end(poll, ready)

    def _end(self, poll: _Open, outcome: object) -> None:
        if self._open is poll:
            self._open = None
        self._answer(poll.answer, outcome)

    def _answer(self, answer: Answer, outcome: object) -> None:
        delay = self._world.chance("chat way").uniform(0.02, 0.2)
        self._world.later(delay, lambda: answer(outcome))
