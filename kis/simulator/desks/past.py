"""What KIS showed a while ago: orders and account as of an earlier instant, for lagging answers."""

from collections import deque
from copy import copy
from datetime import datetime, timedelta

from kis.simulator.account import Account
from kis.simulator.desks.protocol import Call
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.happenings import Executed, Happening
from kis.simulator.model import Order, OrderKey

CHANGES_KEPT = 5_000
ACCOUNTS_KEPT = 1_000
LAG_SECONDS = 180.0


class Past:
    """Remembers the latest changes of orders and account; a restart forgets."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._changes: deque[tuple[datetime, OrderKey, Order | None]] = deque(maxlen=CHANGES_KEPT)
        self._accounts: deque[tuple[datetime, Account]] = deque(maxlen=ACCOUNTS_KEPT)
        self._accounts.append((exchange.now, _copy(exchange.reported)))
        exchange.book.watchers.append(self._changed)
        exchange.listeners.append(self._told)

    def orders(self, at: datetime) -> dict[OrderKey, Order]:
        """Give the book as it stood at an instant."""
        orders = dict(self._exchange.book.orders)
        for changed, key, before in reversed(self._changes):
            if changed <= at:
                break
            if before is None:
                del orders[key]
            else:
                orders[key] = before
        return orders

    def account(self, at: datetime) -> Account:
        """Give the reported account as it stood at an instant, or at the start."""
        for changed, account in reversed(self._accounts):
            if changed <= at:
                return account
        return self._accounts[0][1]

    def lagging(self, faults: Faults, call: Call) -> Account:
        """Give the account that KIS shows to a call: an old one where the fault waits."""
        if fault := faults.take("lagging_balance", call.matched):
            return self.account(
                self._exchange.now - timedelta(seconds=fault.seconds_or(LAG_SECONDS))
            )
        return self._exchange.reported

    def _changed(self, before: Order | None, order: Order) -> None:
        self._changes.append((self._exchange.now, order.key, before))

    def _told(self, happening: Happening) -> None:
        if isinstance(happening, Executed):
            self._accounts.append((self._exchange.now, _copy(self._exchange.reported)))


def _copy(account: Account) -> Account:
    twin = copy(account)
    twin.positions = dict(account.positions)
    return twin
