"""What may be asked before a run begins: how its first evening would look."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.commands.command import Command
from strategy.model import Market, Plan, Rules


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewStart(Command["StartPreview"]):
    """Plan the first evening of a run that has not begun (USD); writes nothing.

    Raises `Refusal` for a principal that is no sum of money, or when the broker is silent.
    """

    rules: Rules
    principal: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class StartPreview:
    """The first plan, the closes it was made from, its session, and what the account holds.

    `held` are the symbol's shares in the account that no cycle has (those set aside included),
    `average` the broker's own average of them (USD).
    """

    plan: Plan
    market: Market
    session: date
    held: int
    set_aside: int
    average: Decimal
