"""What passes through the control socket: the same frozen values on both sides of it.

Money is Decimal in USD and travels as a string; instants are aware. Words come in both languages:
who shows them knows whose language it is.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.storage.people import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningCycle:
    """A cycle as its ledger stands; `approval`, `phase` and `afterwards` are words of the model.

    `held`: its ledger and the account differ, and nothing of it goes out. `rests`: it holds
    nothing and buys nothing.
    """

    cycle_id: int
    symbol: str
    method: str
    splits: int
    approval: str
    phase: str
    turn: Decimal
    quantity: int
    average: Decimal
    cash: Decimal
    held: bool
    rests: bool
    afterwards: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LatestRound:
    """A cycle's round of the latest session that has any; it waits for a tap until `deadline`."""

    round_id: str
    cycle_id: int
    symbol: str
    session: date
    state: str
    orders: int
    deadline: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BotStatus:
    """How the bot stands: `trading` is running, paused, paused_all, stopped or killed.

    `running`: a process answered; without one these are the state file's facts. `gate_open`:
    start-up is over and orders may go out. `doing_ko` and `doing_en` say in one line what it does
    or waits for, "" without a process. `at` is market time; `next_orders` from when on orders
    go out next, None where nobody knows. `unresolved` orders have an unknown outcome.
    """

    running: bool
    version: str
    venue: str
    at: datetime
    trading: str
    gate_open: bool
    doing_ko: str
    doing_en: str
    next_orders: datetime | None
    open_orders: int
    unresolved: int
    cycles: tuple[RunningCycle, ...]
    rounds: tuple[LatestRound, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """A session at the dashboard: whose, as what, in which language, until when.

    `session` is the secret that names it; it is never shown, logged, or put into an address.
    """

    session: str = field(repr=False)
    user_id: int
    role: Role
    name: str
    language: str
    valid_until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An event worth showing, numbered; `kind` is its class's name, `level` alarm, order or info.

    Amounts and shares are dots in what a viewer is given. Numbers rise over restarts too.
    """

    number: int
    at: datetime
    kind: str
    level: str
    symbol: str
    words_ko: str
    words_en: str

    def words(self, language: str) -> str:
        """Say it in a language: "ko" or "en"."""
        return self.words_en if language == "en" else self.words_ko


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """What happened after a number; `last` is what to ask after the next time.

    `missed`: more happened than is kept, so what is shown should be read anew.
    """

    events: tuple[Shown, ...]
    last: int
    missed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What confirming would do, and the key that confirms it: one use, 60 seconds, one session.

    `needs_code`: it is confirmed with a code of the authenticator app.
    """

    name: str
    words_ko: str
    words_en: str
    key: str = field(repr=False)
    valid_until: datetime
    needs_code: bool

    def words(self, language: str) -> str:
        """Say it in a language: "ko" or "en"."""
        return self.words_en if language == "en" else self.words_ko


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What was done."""

    words_ko: str
    words_en: str

    def words(self, language: str) -> str:
        """Say it in a language: "ko" or "en"."""
        return self.words_en if language == "en" else self.words_ko
