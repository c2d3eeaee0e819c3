"""One sitting of the wizard: whom it asks, what is answered, and trying an answer at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import StrEnum

from bot.console_words import Both, both
from bot.doctor.findings import Finding, Status
from bot.doctor.patient import Patient
from bot.instance import running_process
from bot.service.places import Places
from bot.settings import Settings
from bot.setup.answers import Answers
from bot.setup.terminal import Terminal

Look = Callable[[Patient], Awaitable[Finding]]
"""One of the doctor's looks: the wizard tries an answer as the doctor would."""


class Part(StrEnum):
    """The parts of the setup, in their order."""

    LANGUAGE = "language"
    TELEGRAM = "telegram"
    OWNER = "owner"
    VENUE = "venue"
    KEYS = "keys"
    ACCOUNT = "account"
    HTS = "hts"
    CYCLE = "cycle"


class Next(StrEnum):
    """What to do about an answer that was not taken."""

    ANEW = "anew"
    SAME = "same"
    LATER = "later"


LATER = (Next.LATER, both("나중에 (이대로 두고 다음으로)", "Later (leave it, and go on)"))
NEXT = (
    (Next.ANEW, both("다시 적기", "Write it again")),
    (Next.SAME, both("같은 값으로 다시 확인", "Try the same one again")),
    LATER,
)
WHAT_NEXT = both("어떻게 할까요", "What now")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitting:
    """What the steps share; `again` are the parts that are asked although they are answered.

    `place` is the machine on which a service may be installed.
    """

    terminal: Terminal
    answers: Answers
    again: frozenset[Part] = field(default_factory=frozenset)
    place: Places = field(default_factory=Places)

    def look(self, settings: Settings, *looks: Look) -> Finding:
        """Take some looks in order, up to the first that fails; give the last one's finding."""
        with self.terminal.busy():
            return asyncio.run(self._looked(settings, looks))

    def settle(
        self,
        part: Part,
        names: Sequence[str],
        *,
        guide: Sequence[Both],
        ask: Callable[[], dict[str, str]],
        looks: Sequence[Look],
    ) -> bool:
        """Have some settings right: try those that are known, ask when there are none or wrong.

        `guide` says where they are found, before they are asked for the first time. Answers whether
        they are known to be right now.
        """
        kept = {name: self.answers.get(name) for name in names}
        values, untold = kept, guide
        now = Next.SAME if all(kept.values()) and part not in self.again else Next.ANEW
        well = False
        while not well and now is not Next.LATER:
            if now is Next.ANEW:
                for text in untold:
                    self.terminal.say(*text)
                values, untold = ask(), ()
            well = self._tried(values, looks)
            if not well:
                now = self.terminal.choose(WHAT_NEXT, NEXT)
        if values != kept:
            self.answers.keep(values)
        return well

    def _tried(self, values: Mapping[str, str], looks: Sequence[Look]) -> bool:
        finding = self.look(self.answers.trial(values), *looks)
        self.terminal.finding(finding)
        return finding.status is not Status.FAIL

    async def _looked(self, settings: Settings, looks: Sequence[Look]) -> Finding:
        async with AsyncExitStack() as stack:
            patient = Patient(
                env=self.answers.env,
                environ=self.answers.environ,
                tell=self.terminal.say,
                stack=stack,
            )
            patient.found_settings = settings
            patient.process = running_process(settings.muhan_home)
            for look in looks:
                finding = await look(patient)
                if finding.status is Status.FAIL:
                    break
            return finding
