"""The ledger: fills in their order, and the two accounts that follow from them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kis.simulator.account import Account
from kis.simulator.model import Fill, Transfer
from kis.simulator.store import Store


class LedgerBusyError(Exception):
    """Shares cannot be set now; the text is the sentence for the caller."""


class Ledger:
    """What the account truly holds (`account`), and what KIS shows of it yet (`reported`)."""

    def __init__(self, store: Store, cash: Decimal) -> None:
        self._store = store
        self.account = Account(cash)
        self.reported = Account(cash)
        self.fills: list[Fill] = []
        self._pending: list[int] = []
        self._transfers = list(store.transfers())
        self._replay(list(store.fills()))

    def _replay(self, fills: list[Fill]) -> None:
        waiting = deque(self._transfers)
        for index, fill in enumerate(fills):
            while waiting and waiting[0].after == index:
                self._set(waiting.popleft())
            self.fills.append(fill)
            self.account.apply(fill)
            if fill.reported:
                self.reported.apply(fill)
            else:
                self._pending.append(index)
        for transfer in waiting:
            self._set(transfer)

    def _set(self, transfer: Transfer) -> None:
        for account in (self.account, self.reported):
            account.hold(transfer.symbol, transfer.quantity, transfer.cost)

    def book(self, fill: Fill) -> int:
        """Book a fill that KIS does not show yet, and give its index for `publish`."""
        self.account.apply(fill)
        self.fills.append(fill)
        self._store.save_fill(len(self.fills), fill)
        self._pending.append(len(self.fills) - 1)
        return len(self.fills) - 1

    def publish(self, index: int) -> Fill:
        """Let KIS show a booked fill."""
        fill = replace(self.fills[index], reported=True)
        self.fills[index] = fill
        self._store.save_fill(index + 1, fill)
        self.reported.apply(fill)
        self._pending.remove(index)
        return fill

    def steps(self) -> Iterator[Fill | Transfer]:
        """Give every fill and every position set by hand, in the order in which they came."""
        waiting = deque(self._transfers)
        for index, fill in enumerate(self.fills):
            while waiting and waiting[0].after <= index:
                yield waiting.popleft()
            yield fill
        yield from waiting

    def unpublished(self) -> list[int]:
        """Give the indices of the fills that KIS does not show yet, oldest first."""
        return list(self._pending)

    def transfer(self, symbol: str, quantity: int, average: Decimal) -> None:
        """Set a symbol's shares and what they cost on average in USD; cash stays.

        Raises LedgerBusyError while a fill waits for its report: the two accounts would part.
        """
        if self._pending:
            raise LedgerBusyError("Fills of the close are not reported yet; go past the report.")
        transfer = Transfer(
            after=len(self.fills), symbol=symbol, quantity=quantity, cost=average * quantity
        )
        self._transfers.append(transfer)
        self._store.save_transfer(len(self._transfers), transfer)
        self._set(transfer)
