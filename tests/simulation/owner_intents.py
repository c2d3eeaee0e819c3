"""What the person means to do by a command that asks back: /stop, /pause, /resume and a skip."""

from collections.abc import Callable
from functools import partial

from tests.simulation.facts import OwnerDid
from tests.simulation.owner_habits import Habits
from tests.simulation.telegram.phone import Shown
from tests.simulation.telegram.server import SimulatedTelegram
from tests.simulation.world import World

CALLED_OFF = "그만두기"
IN_A_MINUTE = "60초"
WANTED = {
    "/stop": ("유지하고 정지", "취소하고 정지"),
    "/pause": ("매수만", "모두"),
    "/resume": ("다시 시작",),
}
RECEIPTS = {
    "/stop": ("정지했습니다",),
    "/pause": ("일시정지 ·",),
    "/resume": ("다시 시작했습니다", "이미 가동 중"),
}
EXPIRED = "만료되었습니다"
RESUME_WITH = "/resume"
NEXT_STEPS = frozenset({"다시 시작", "미체결 보기", "오늘", "상태", "회차 건너뛰기"})
"""What stands below a letter that asks nothing."""
MINUTE, HOUR = 60.0, 3600.0
TRIES = 5

Press = Callable[[int, str, float, int], None]


class Intents:
    """Say a command, press what it asks for, and say it again where nothing came of it."""

    def __init__(
        self, world: World, telegram: SimulatedTelegram, habits: Habits, press: Press
    ) -> None:
        self._world = world
        self._telegram = telegram
        self._habits = habits
        self._press = press
        self._chance = world.chance("owner intents")
        self._tries: dict[str, int] = {}
        self._asked: set[int] = set()
        self._resume_planned = False

    def say(self, name: str) -> None:
        """Mean to have a command carried out, and say it."""
        if name not in self._tries:
            self._tries[name] = TRIES
            self._again(name)

    def _again(self, name: str) -> None:
        left = self._tries.get(name, 0)
        if not left:
            self._tries.pop(name, None)
            return
        self._tries[name] = left - 1
        if self._telegram.say(name):
            self._did("say", name)
        self._world.later(self._chance.uniform(4, 9) * MINUTE, lambda: self._again(name))

    def confirm(self, shown: Shown) -> None:
        """Press what a preview asks for: within its minute mostly, sometimes too late or never."""
        if shown.message_id in self._asked:
            return
        self._asked.add(shown.message_id)
        captions = [caption for caption, _ in shown.buttons]
        wanted = [
            caption for name in self._tries for caption in WANTED[name] if caption in captions
        ]
        choices = wanted or [each for each in captions if each != CALLED_OFF]
        throw = self._chance.random()
        if throw < 0.05 or not choices:
            return
        called_off = throw < 0.12
        choice = CALLED_OFF if called_off else self._chance.choice(choices)
        late = self._chance.random() < self._habits.impatient
        seconds = self._chance.uniform(61, 400) if late else self._chance.uniform(1.5, 30)
        self._press(shown.message_id, choice, seconds, 1)

    def read(self, shown: Shown) -> None:
        """Take note of a receipt; plan a resume where the bot says that it waits for one."""
        for name, receipts in RECEIPTS.items():
            if any(each in shown.text for each in receipts):
                self._tries.pop(name, None)
        if "그만두었습니다" in shown.text:
            self._tries.clear()
        if EXPIRED in shown.text:
            for name in self._tries:
                self._world.later(self._chance.uniform(5, 40), partial(self._again, name))
        offers = {caption for caption, _ in shown.buttons} - NEXT_STEPS
        if RESUME_WITH in shown.text and not self._resume_planned and not offers:
            self._resume_planned = True
            self._world.later(self._patience(), self._resume)

    def _patience(self) -> float:
        """Seconds until the person resumes: minutes, hours, a day or two."""
        return self._chance.choice((0.2 * HOUR, 2 * HOUR, 20 * HOUR)) * self._chance.uniform(0.5, 2)

    def _resume(self) -> None:
        self._resume_planned = False
        self.say("/resume")

    def _did(self, what: str, detail: str) -> None:
        self._world.note(OwnerDid(at=self._world.now, what=what, detail=detail))
