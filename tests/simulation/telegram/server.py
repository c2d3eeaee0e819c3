"""Telegram, simulated: the bot's calls and the people's messages meet here, in the world's time.

A call is on its way up, is carried out, and its answer is on its way down; each is an event of the
world's, so a message lands whether or not the sender still lives.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from aiogram.exceptions import TelegramAPIError, TelegramNetworkError
from aiogram.methods import TelegramMethod

from bot.telegram.polling import GetRawUpdates
from tests.simulation.facts import OwnerDid
from tests.simulation.faults import Fault
from tests.simulation.telegram import people
from tests.simulation.telegram.methods import POSTS, Methods
from tests.simulation.telegram.phone import Phone
from tests.simulation.telegram.polls import Polls
from tests.simulation.telegram.strangers import TABLE, Scene
from tests.simulation.telegram.trouble import Trouble
from tests.simulation.telegram.updates import Updates
from tests.simulation.world import World

OWNER = 4242
FIRST_UPDATE = 500_000_000
STOLEN = 0.3
OLD = timedelta(hours=12)
AGAIN_SOON, AGAIN_LATE = (1.0, 5.0), (30.0, 1800.0)

Answer = Callable[[object], None]


class SimulatedTelegram:
    """Take the bot's calls, and what people say and press. `phone` is what the owner sees."""

    def __init__(self, world: World, owner_id: int = OWNER) -> None:
        self._world = world
        self.owner_id = owner_id
        self.phone = Phone()
        self.trouble = Trouble(world)
        self._updates = Updates(FIRST_UPDATE)
        self._methods = Methods(world, self.trouble, self.phone, owner_id)
        self._polls = Polls(world, self.trouble, self._updates)
        self._methods.posting.served = partial(self._came, "message")
        self._queries = 0
        self.trouble.begins = {
            Fault.CHAT_DOWN: self._go_down,
            Fault.BLOCKED: self._block,
            Fault.OTHER_POLLER: self._take_over,
            Fault.OLD_BUTTON: self._press_old,
            Fault.STRANGER: self._intrude,
        }
        world.later(0.0, self.trouble.every_day)

    # -- the bot's side --------------------------------------------------------------------------

    def call(
        self, process: int, method: TelegramMethod[Any], timeout: float, answer: Answer
    ) -> None:
        """Carry a Bot API call; `answer` gets its result or its error, at most once.

        `timeout` is the caller's patience in seconds; a long poll is not held to it, because an
        idle one may be held longer here than Telegram would (see `polls.HELD`).
        """
        if self.trouble.down:
            self._fail(method, timeout, answer)
            return
        self._world.later(self._way(), lambda: self._arrive(process, method, timeout, answer))

    def _arrive(
        self, process: int, method: TelegramMethod[Any], timeout: float, answer: Answer
    ) -> None:
        if isinstance(method, GetRawUpdates):
            self._polls.arrive(process, method, answer)
            return
        try:
            outcome = self._methods.carry_out(process, method)
        except TelegramAPIError as error:
            outcome = error
        lost = isinstance(method, POSTS) and not isinstance(outcome, TelegramAPIError)
        if lost and self.trouble.comes(Fault.KILLED_BEFORE_MARK):
            self.trouble.struck(Fault.KILLED_BEFORE_MARK, "answer lost")
            self._fail(method, timeout, answer)
            return
        self._world.later(self._way(), lambda: answer(outcome))

    def _fail(self, method: TelegramMethod[Any], timeout: float, answer: Answer) -> None:
        """Answer with a broken connection at once, or with silence until the caller gives up."""
        at_once = self._world.chance("chat way").random() < 0.5
        why = "ClientConnectorError" if at_once else "Request timeout error"
        error = TelegramNetworkError(method, why)
        self._world.later(0.05 if at_once else timeout, lambda: answer(error))

    def _way(self) -> float:
        return self._world.chance("chat way").uniform(0.02, 0.2)

    # -- the people's side -----------------------------------------------------------------------

    def say(self, text: str) -> bool:
        """Send a message from the owner's phone; False while the owner has the bot blocked."""
        if self.trouble.blocked:
            return False
        number = self._methods.message_id()
        self.phone.said[number] = self._world.now
        self._came("message", people.message(number, self._world.now, self.owner_id, text))
        return True

    def press(self, message_id: int, data: str) -> bool:
        """Press a button on the owner's phone; the app may send the press again later (#699)."""
        if self.trouble.blocked:
            return False
        self._press(message_id, data)
        if self.trouble.comes(Fault.PRESSED_TWICE):
            chance = self._world.chance("pressed twice")
            spell = AGAIN_SOON if chance.random() < 0.5 else AGAIN_LATE
            self.trouble.struck(Fault.PRESSED_TWICE)
            self._world.later(chance.uniform(*spell), lambda: self._press(message_id, data))
        return True

    def _press(self, message_id: int, data: str) -> None:
        self._queries += 1
        query_id = f"q{self._queries}"
        self._methods.queries[query_id] = self._world.now
        shown = self.phone.messages.get(message_id)
        self._came("callback_query", people.press(query_id, self.owner_id, shown, message_id, data))

    def _came(self, kind: str, body: dict[str, Any]) -> None:
        self._updates.add(self._world.now, kind, body)
        if self.trouble.taken and self._world.chance("stolen").random() < STOLEN:
            self._updates.steal()
        self._polls.updates_came()

    # -- what goes wrong -------------------------------------------------------------------------

    def _go_down(self) -> None:
        self.trouble.go_down()
        self._world.later(self._world.chance("chat way").uniform(0, 20), self._polls.cut)

    def _block(self) -> None:
        spell = self.trouble.block()
        if spell is not None:
            self._world.later(spell.total_seconds(), self.come_back)

    def come_back(self) -> None:
        """Unblock the bot, which Telegram's apps do by sending /start."""
        self.trouble.unblock()
        self._world.note(OwnerDid(at=self._world.now, what="unblock", detail=""))
        self.say("/start")

    def _take_over(self) -> None:
        self.trouble.take_over()
        self._polls.disturb()

    def _press_old(self) -> None:
        old = [
            (message_id, caption, data)
            for message_id, caption, data in self.phone.seen_buttons
            if self._is_old(message_id, caption, data)
        ]
        if not old or self.trouble.blocked:
            return
        message_id, caption, data = self._world.chance("old button").choice(old)
        self.trouble.struck(Fault.OLD_BUTTON, caption)
        self._world.note(OwnerDid(at=self._world.now, what="press old", detail=caption))
        self._press(message_id, data)

    def _is_old(self, message_id: int, caption: str, data: str) -> bool:
        shown = self.phone.messages.get(message_id)
        return (
            shown is None
            or (caption, data) not in shown.buttons
            or self._world.now - shown.at > OLD
        )

    def _intrude(self) -> None:
        chance = self._world.chance("stranger")
        what = chance.choice(sorted(TABLE))
        message_id, _, data = (
            chance.choice(self.phone.seen_buttons) if self.phone.seen_buttons else (1, "", "c:x")
        )
        scene = Scene(
            at=self._world.now,
            message_id=self._methods.message_id(),
            owner_id=self.owner_id,
            button=(message_id, data),
        )
        self.trouble.struck(Fault.STRANGER, what)
        self._came(*TABLE[what](scene))
