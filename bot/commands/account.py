"""What may be decided about the owner's account: hand trades, money, differences."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.commands.command import Command
from bot.commands.cycles import ChangePreview
from bot.trading.model import Actor, Fate
from strategy.changes import HandTrade


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewForeign(Command["ForeignPreview"]):
    """Show what a hand trade does to a cycle, with the owner's T or the rule's. Raises `Refusal`.

    `session` and `number` name the order at the broker.
    """

    session: date
    number: str
    cycle_id: int
    turn: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignPreview:
    """A hand trade as a cycle would take it, and its effect; `counted` when T may be edited."""

    trade: HandTrade
    shown: ChangePreview
    counted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptForeign(Command[date]):
    """Take a hand trade into a cycle as it was shown; answers the first session planned with it.

    It waits while a round of the cycle is out. Raises `Refusal` like `ChangeCycle`, and when the
    trade was decided before.
    """

    session: date
    number: str
    cycle_id: int
    digest: str
    by: Actor
    turn: Decimal | None = None
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SetForeignAside(Command[int]):
    """Call a hand trade's shares not the bot's; answers how many of the symbol are so now.

    Shares bought are set aside, shares sold are taken from those. Raises `Refusal` when the trade
    was decided before, or more was sold than is set aside.
    """

    session: date
    number: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptMoney(Command["date | None"]):
    """Take USD that moved into a cycle (seed, dividend), or leave them out of every ledger.

    `fate` is SEED, DIVIDEND or LEFT. Answers the first session planned with them, None when left.
    Raises `Refusal` like `ChangeCycle`, and when it was decided before.
    """

    move_id: int
    fate: Fate
    by: Actor
    cycle_id: int | None = None
    digest: str = ""
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewAcceptance(Command["AcceptancePreview"]):
    """Show what bringing the ledger to the broker's shares does to a cycle. Raises `Refusal`.

    The price is not known: the shares are booked at the last one.
    """

    cycle_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptancePreview:
    """The missing or surplus shares as a trade, and its effect on the cycle.

    `likely_split` is the ratio ("2:1") that would explain them instead, "" for none.
    """

    trade: HandTrade
    shown: ChangePreview
    ledger: int
    broker: int
    likely_split: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptBroker(Command[date]):
    """Bring the ledger to the broker's shares by the trade that was shown.

    Raises `Refusal` like `ChangeCycle`, and when the difference is another one by now.
    """

    cycle_id: int
    trade: HandTrade
    digest: str
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DismissSplit(Command[None]):
    """Say that an announced split does not concern the ledger. Raises `Refusal` for no such."""

    symbol: str
    by: Actor
    tap: str | None = None
