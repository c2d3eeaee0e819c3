"""What the owner has to answer before a symbol gets its next round."""

from datetime import date

from bot.trading.desk import Desk


async def asked(desk: Desk, symbol: str, session: date) -> str:
    """Name what keeps a session from being planned: hand_sale or split; "" for nothing.

    After a sale by hand the plan would sell shares that are gone. A buy by hand keeps nothing: all
    that the ledger has is there.
    """
    account = desk.views.account
    if sum(order.moved for order in await account.undecided(symbol)) < 0:
        return "hand_sale"
    if any(split.first_session <= session for split in await account.announced(symbol)):
        return "split"
    return ""
