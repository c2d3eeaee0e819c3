"""What was seen in the owner's account that the bot did not do."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from bot.events.event import Event, Priority
from bot.trading.model import Actor, Fate
from strategy.changes import ShareSplit
from strategy.model import Side


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerMismatched(Event):
    """The broker holds another quantity than the ledger: trading of the symbol is paused.

    Both count the bot's own shares of the symbol, over all its cycles. `likely_split` is the ratio
    (such as 2:1) that would explain shares and price together, where one does. `by_hand` are the
    shares of hand trades that were told and are in no ledger yet: they are not the difference.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    cycle_id: int
    symbol: str
    ledger_quantity: int
    broker_quantity: int
    likely_split: str = ""
    by_hand: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignOrderSeen(Event):
    """An order that is not ours stands on a symbol of ours: by hand, or another program's.

    `quantity` is what is open of it, `price` USD (0 without a limit); `by_api` when no person
    placed it in KIS's own app.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    session: date
    number: str
    symbol: str
    side: Side
    quantity: int
    price: Decimal
    by_api: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignFillSeen(Event):
    """An order that is not ours was filled on a symbol of ours; the ledger stays as it is.

    `quantity` and the mean `price` (USD) are its fills so far: they only grow, and each growth is
    told once.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    session: date
    number: str
    symbol: str
    side: Side
    quantity: int
    price: Decimal
    by_api: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignFillDecided(Event):
    """The owner said whose `quantity` filled shares are: a cycle's, or not the bot's.

    `change_id` is there while the cycle's change waits for its round to be settled.
    """

    session: date
    number: str
    symbol: str
    side: Side
    quantity: int
    price: Decimal
    fate: Fate
    by: Actor
    cycle_id: int | None = None
    change_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyCounted(Event):
    """The account's USD were counted while no order of ours was out; the next is held to it.

    `money` is None where the broker does not tell. `net` (sales less buys) and `gross` are the
    trades of `session` that are in it already; `before` and `turnover` those since the count
    before. `late` when KIS was seen to show trades a day late.
    """

    session: date
    money: Decimal | None
    net: Decimal
    gross: Decimal
    before: Decimal
    turnover: Decimal
    late: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyMoved(Event):
    """USD came into the account or left it without a trade; the ledger stays as it is.

    `dividend` names the announced one that it may be ("" for none).
    """

    priority: ClassVar[Priority] = Priority.ALARM
    move_id: int
    session: date
    amount: Decimal
    before: Decimal
    after: Decimal
    dividend: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyDecided(Event):
    """The owner said what moved USD are: a cycle's seed or dividend, or nothing of the bot's."""

    move_id: int
    amount: Decimal
    fate: Fate
    by: Actor
    cycle_id: int | None = None
    change_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitAnnounced(Event):
    """KIS announces a share split of a symbol of ours, from `first_session` on at the new price.

    No round of that session is planned until the split is booked, or the owner says it is none.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    symbol: str
    split: ShareSplit
    first_session: date


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitDismissed(Event):
    """The owner said that an announced split does not concern the ledger."""

    symbol: str
    first_session: date
    by: Actor
