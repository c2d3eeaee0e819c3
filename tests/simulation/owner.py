"""The person: begins cycles, reads the phone, presses buttons, says commands, in the seed's manner.

Reacts to what the phone shows and never to hidden state: a press looks up the button as it is on
the phone then, and a silent bot is pressed again.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.commands import Command, GiveConsent, StartCycle
from bot.trading.consent import EDITION
from bot.trading.model import CONSOLE
from bot.trading.refusal import Refusal
from tests.simulation.facts import OwnerDid
from tests.simulation.owner_habits import ANSWERS, cycles_of, habits_of
from tests.simulation.owner_intents import CALLED_OFF, IN_A_MINUTE, Intents
from tests.simulation.telegram.phone import Shown
from tests.simulation.telegram.server import SimulatedTelegram
from tests.simulation.world import World

Console = Callable[[Command[Any], Callable[[object], None]], bool]
"""Ask a command beside the running program; False when none runs. The answer may never come."""

APPROVE, SKIP, SKIP_TODAY = "승인", "건너뛰기", "오늘 건너뛰기"
RESEND = "다시 보내기"
QUESTIONS = frozenset(
    {
        "왜 이렇게?",
        "오늘",
        "오늘 주문",
        "상태",
        "손익",
        "미체결 보기",
        "도움말",
        "첫 화면",
        "미리보기",
        "알림 설정",
        "차트",
        "사이클",
        "그대로 시작",
        "시드 바꾸기",
        "쉬기",
    }
)
LETTER = re.compile(r"#\d+(-\d+)?$")
"""What the bot says of its own accord is numbered; an answer to the person's own question is not.

An answer's buttons lead to further answers without end: they are pressed out of curiosity alone.
"""
COMMANDS_BEHIND = frozenset({"일시정지", "다시 시작", "정지하기", "회차 건너뛰기"})
TASTES = ("알림 설정", "방해금지: 지금", "아침 요약: 지금")
"""What the owner leaves as it is: the judge reads Korean, and every letter in its own time."""
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
BEGINS = 10 * MINUTE
CONSENT = GiveConsent(edition=EDITION, method="4.0", by=CONSOLE)
TRIES = 3
HEEDS = 0.45
"""How often a reminder is followed: the last ones come when few minutes are left."""
WHICH = ("이게 봇 주문", "모두 아님")
REGRETS = 0.06
"""How often an approval is followed by a /stop: it is put to the test while orders go out."""


class Owner:
    """One seed's owner. `console` is the computer beside the chat."""

    def __init__(self, world: World, telegram: SimulatedTelegram, console: Console) -> None:
        self._world = world
        self._telegram = telegram
        self._console = console
        self._chance = world.chance("owner")
        self._habits = habits_of(world.chance("owner habits"))
        self._intents = Intents(world, telegram, self._habits, self.press_later)
        self._decided: dict[tuple[int, str], str] = {}
        self._reads = False
        telegram.phone.watch(self._look)
        world.later(BEGINS / 2, self._consent)
        for number, start in enumerate(cycles_of(world.chance("owner cycles"))):
            world.later(BEGINS + number * MINUTE, partial(self._begin, start))
        world.later(self._chance.uniform(0, DAY), self._every_day)

    def only_read(self) -> None:
        """Leave the phone alone once the cycles are begun: nothing is pressed, nothing is said."""
        self._reads = True

    def mean(self, name: str) -> None:
        """Mean to have /stop, /pause or /resume carried out, and go about it."""
        self._intents.say(name)

    # -- at the computer -------------------------------------------------------------------------

    def _consent(self) -> None:
        """Agree to the risks at the console, again until it is answered: the money is real."""
        answers: list[object] = []
        if self._console(CONSENT, answers.append):
            self._did("consent", CONSENT.edition)
        self._world.later(10 * MINUTE, lambda: None if answers == [None] else self._consent())

    def _begin(self, start: StartCycle) -> None:
        """Begin a cycle at the console, again until it is answered."""
        answers: list[object] = []

        def look_again() -> None:
            if not answers or not isinstance(answers[0], int | Refusal):
                self._begin(start)

        if self._console(start, answers.append):
            self._did("begin", f"{start.rules.symbol} {start.rules.method} {start.approval.value}")
        self._world.later(10 * MINUTE, look_again)

    # -- reading the phone -----------------------------------------------------------------------

    def _look(self, shown: Shown) -> None:
        if self._reads or shown.text.startswith(TASTES):
            return
        captions = [caption for caption, _ in shown.buttons]
        self._intents.read(shown)
        if CALLED_OFF in captions and IN_A_MINUTE in shown.text:
            self._intents.confirm(shown)
        elif APPROVE in captions:
            self._round(shown)
        else:
            self._offered(shown, captions)

    def _round(self, shown: Shown) -> None:
        """Decide once about a round whose message asks; a reminder is a message of its own."""
        if (shown.message_id, APPROVE) in self._decided:
            return
        is_reminder = shown.text.startswith("⏰")
        mood = "reminded" if is_reminder else self._mood()
        self._decided[shown.message_id, APPROVE] = mood
        if is_reminder and self._chance.random() < HEEDS:
            self.press_later(shown.message_id, APPROVE, self._chance.uniform(5, 6 * MINUTE))
        elif mood == "prompt":
            self.press_later(shown.message_id, APPROVE, self._chance.expovariate(1 / (8 * MINUTE)))
        elif mood == "late":
            self.press_later(shown.message_id, APPROVE, self._chance.uniform(HOUR, 10.5 * HOUR))
        elif mood == "skipped":
            self.press_later(shown.message_id, SKIP, self._chance.uniform(5, HOUR))

    def _mood(self) -> str:
        return self._chance.choices(ANSWERS, self._habits.answers)[0]

    def _offered(self, shown: Shown, captions: list[str]) -> None:
        """Press one of the buttons of a new message: the usual ones seldom, an offer mostly."""
        fresh = [each for each in captions if (shown.message_id, each) not in self._decided]
        for caption in fresh:
            self._decided[shown.message_id, caption] = "seen"
        if SKIP_TODAY in fresh:
            if self._chance.random() < self._habits.answers[3]:
                self.press_later(shown.message_id, SKIP_TODAY, self._chance.uniform(5, HOUR))
            return
        offers = [each for each in fresh if each not in QUESTIONS and each not in COMMANDS_BEHIND]
        if offers and LETTER.search(shown.text) and self._chance.random() < 0.8:
            wait = self._chance.expovariate(1 / (20 * MINUTE))
            if offers[0].startswith(WHICH) and self._chance.random() < 0.65:
                wait = self._chance.uniform(3 * HOUR, 15 * HOUR)  # not before it is settled, mostly
                offers += [WHICH[1]] * (len(offers) - 2)  # as soon none of them as one of them
            self.press_later(shown.message_id, self._chance.choice(offers), wait)
        elif fresh and self._chance.random() < self._habits.curious:
            self.press_later(shown.message_id, self._chance.choice(fresh), 20.0, tries=1)

    # -- pressing --------------------------------------------------------------------------------

    def press_later(
        self, message_id: int, caption: str, seconds: float, tries: int = TRIES
    ) -> None:
        """Press a button some seconds from now, if the phone still shows it then."""
        self._world.later(seconds, lambda: self._press(message_id, caption, tries))

    def _press(self, message_id: int, caption: str, tries: int) -> None:
        shown = self._telegram.phone.messages.get(message_id)
        data = shown.button(caption) if shown else None
        if shown is None or data is None or not self._telegram.press(message_id, data):
            return
        self._did("press", caption)
        if caption == APPROVE:
            self._may_regret()
        if self._chance.random() < self._habits.hasty:
            again = self._chance.uniform(0.1, 2.0)
            self._world.later(again, lambda: self._touch(message_id, data))
        if tries > 1:
            wait = self._chance.uniform(3, 8) * MINUTE
            self._world.later(wait, lambda: self._press(message_id, caption, tries - 1))

    def _may_regret(self) -> None:
        """Now and then stop everything while the orders of a round are going out."""
        chance = self._world.chance("owner regrets")
        if chance.random() < REGRETS:
            self._world.later(chance.uniform(0.5, 5 * MINUTE), partial(self._intents.say, "/stop"))

    def _touch(self, message_id: int, data: str) -> None:
        self._telegram.press(message_id, data)

    # -- the day ---------------------------------------------------------------------------------

    def _every_day(self) -> None:
        """Throw for what the person does on a day without being asked."""
        if self._reads:
            return
        habits, chance = self._habits, self._chance
        for name, rate in (("/pause", habits.pauses), ("/stop", habits.stops)):
            if chance.random() < rate:
                self._world.later(chance.uniform(0, DAY), partial(self._intents.say, name))
        if chance.random() < habits.asks:
            question = chance.choice(("/status", "/orders", "/today", "/plan", "/report", "/help"))
            self._world.later(chance.uniform(0, DAY), lambda: self._ask(question))
        self._world.later(DAY, self._every_day)

    def _ask(self, question: str) -> None:
        if self._telegram.say(question):
            self._did("say", question)

    def _did(self, what: str, detail: str) -> None:
        self._world.note(OwnerDid(at=self._world.now, what=what, detail=detail))
