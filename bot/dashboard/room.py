"""What a page is handed: who looks, in which words, and where it may ask."""

from dataclasses import dataclass

from bot.control.client import ControlClient
from bot.control.model import BotStatus, Login
from bot.dashboard.reading import Reading
from bot.dashboard.shown import Shown
from bot.dashboard.words import Words
from bot.storage.people import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """One look at the dashboard by one person.

    `status` is the bot's own answer of a moment ago, None while nobody answers: then the pages show
    what the state file has, and nothing can be commanded. `silent` tells that the bot hangs.
    """

    words: Words
    shown: Shown
    reading: Reading
    control: ControlClient
    login: Login
    status: BotStatus | None
    silent: bool
    venue: str

    @property
    def bot_up(self) -> bool:
        """Tell whether the bot answers."""
        return self.status is not None

    @property
    def session(self) -> str:
        """The secret that names this login towards the bot; never shown."""
        return self.login.session

    def may(self, role: Role) -> bool:
        """Tell whether the person may do what a role may."""
        return self.login.role >= role
