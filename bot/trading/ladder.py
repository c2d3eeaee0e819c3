"""The ladder of approvals: told only, then by a tap, then by itself."""

from bot.trading.model import Approval

LADDER = (Approval.ALERT, Approval.CONFIRM, Approval.AUTO)


def higher(one: Approval, other: Approval) -> bool:
    """Tell whether one approval lets more go out by itself than another."""
    return LADDER.index(one) > LADDER.index(other)
