"""What can have happened: the journal's vocabulary and the bus's.

Past tense, frozen, one sentence each. An event of `JOURNALLED` is written to the journal in the
same transaction as its effect and then published; the others are only published. Money is USD,
`session` is a New York session date, `slot` is a key of `trading.model.Slot`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from typing import ClassVar

from bot.trading.model import Actor, Approval, Emulated, Fate, OrderState, RestingOrder, Slot
from strategy.changes import Change, CycleChange, ShareSplit
from strategy.cycle import FinishedCycle
from strategy.model import Cycle, Market, Plan, Side


class Priority(IntEnum):
    """The order in which waiting events are delivered; lower first."""

    ALARM = 0
    ORDER = 1
    NORMAL = 2
    QUOTE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    priority: ClassVar[Priority] = Priority.NORMAL


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleStarted(Event):
    """A run of the method began on a symbol, with its rules, its money and what it holds already.

    No round comes before `first_session`. One that was taken over `waits_for_resting` orders of the
    symbol to be gone; `no_reservations` is the owner's word where the broker lists none.
    """

    cycle_id: int
    cycle: Cycle
    approval: Approval
    by: Actor
    first_session: date | None = None
    waits_for_resting: bool = False
    no_reservations: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeAgreed(Event):
    """The owner's change waits until the round that is out is settled; then it is booked."""

    change_id: int
    cycle_id: int
    symbol: str
    change: CycleChange
    from_session: date
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitAgreed(Event):
    """The owner told of a share split; it is booked before `from_session` is planned."""

    change_id: int
    symbol: str
    split: ShareSplit
    from_session: date
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleChanged(Event):
    """A change of the owner's was booked; `from_session` is the first that is planned with it."""

    cycle_id: int
    change: Change
    from_session: date
    before: Cycle
    after: Cycle
    by: Actor
    change_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeDropped(Event):
    """A waiting change could not be booked when its time came, and is void."""

    priority: ClassVar[Priority] = Priority.ALARM
    change_id: int
    symbol: str
    change: Change
    korean: str
    english: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SharesSetAside(Event):
    """So many shares of a symbol in the account are not the bot's: the owner's word."""

    symbol: str
    quantity: int
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class RestingOrdersSeen(Event):
    """Orders that are not ours rest on the symbol of a cycle that was taken over: it sends nothing.

    Not `known` when the broker's list was not whole: then there may be more.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    cycle_id: int
    symbol: str
    orders: tuple[RestingOrder, ...]
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RestingOrdersGone(Event):
    """No order but ours rests on the symbol any more: the cycle's orders may go out."""

    cycle_id: int
    symbol: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundProposed(Event):
    """Tonight's orders were planned from the ledger and the closes, and shown to the owner.

    `emulated`: the venue takes no LOC and no MOC, so limit orders near the close stand for them.
    """

    round_id: str
    cycle_id: int
    session: date
    plan: Plan
    market: Market
    digest: str
    approval: Approval
    deadline: datetime
    emulated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundApproved(Event):
    """A round may go out; its slots are fixed in the order in which they will be sent."""

    priority: ClassVar[Priority] = Priority.ORDER
    round_id: str
    slots: tuple[Slot, ...]
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundSubmitted(Event):
    """Every slot of a round has been to the counter or has a reason why not."""

    priority: ClassVar[Priority] = Priority.ORDER
    round_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundSkipped(Event):
    """The owner let a session pass without orders."""

    round_id: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundLapsed(Event):
    """The deadline came without a tap (or trading was paused or stopped): nothing was sent."""

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundMissed(Event):
    """A session passed for which no round could be made."""

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    cycle_id: int
    session: date
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReminderDue(Event):
    """A round still waits for a tap, so many minutes before its deadline."""

    round_id: str
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderWithheld(Event):
    """An order was not sent, for the reasons named (a stop, a cap, a price out of band, time)."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderSent(Event):
    """An order is about to be sent: durable before its first byte leaves.

    `baseline` holds the order numbers that the broker listed just before; `emulated` says how a
    LOC or MOC goes where neither is taken.
    """

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    tries: int
    baseline: tuple[str, ...]
    emulated: Emulated | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderNotSent(Event):
    """No byte of an order reached the broker (no connection): the slot is planned again."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    reason: str
    retry_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderDeferred(Event):
    """The gateway or the hour refused an order before the order system: it may go again later."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    code: str
    message: str
    retry_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderAccepted(Event):
    """The broker gave an order its number; `adopted` when found in a listing without an answer.

    `given_up`: the state in which it was told to the owner before.
    """

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    order_number: str
    adopted: bool = False
    given_up: OrderState | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRefused(Event):
    """The broker refused an order for good, in its own words; `lacks` is "usd", "shares" or ""."""

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    code: str
    message: str
    lacks: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderUnknown(Event):
    """No clear answer came: the order may or may not stand. It is not sent again."""

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderAbsent(Event):
    """After the quiet period two complete listings did not show an unknown order."""

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    may_resend: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderAmbiguous(Event):
    """Several orders at the broker may be an unknown one of ours; a person must say which.

    `ordered_at` stands beside `candidates`: when each was taken in, where the broker tells.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    candidates: tuple[str, ...]
    ordered_at: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRecognised(Event):
    """The owner said which of the candidates is the bot's order, or (None) that none of them is.

    The `others` are nobody's any more: they are never asked about again.
    """

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    order_number: str | None
    others: tuple[str, ...]
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLeftUnknown(Event):
    """The cut-off is near or past, and nobody knows whether an order stands; it is not sent again.

    `why`: not_seen (complete listings do not show it), no_verdict (they did not come in time),
    ambiguous (nobody said which of the candidates it is until the settlement).
    """

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReleased(Event):
    """What held an order back is over while its time is not: it may go out after all."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResendDeclined(Event):
    """The owner does not want an absent order to be sent again."""

    slot: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderResent(Event):
    """The owner asked for an absent order to be sent as a new slot."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: Slot
    previous: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class FillBooked(Event):
    """An order's fills so far: total shares and their mean price (USD). Totals only grow."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderClosed(Event):
    """An order's life ended in one of the final states."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    state: OrderState
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundVerified(Event):
    """After the open every order of a round was looked for at the broker; `missing` are gone."""

    round_id: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundSettled(Event):
    """After the close a session's fills were booked and the cycle moved to its next state.

    `close` is our own LOC or MOC fill's price, or the broker's last price, provisional until noon
    in Seoul.
    """

    round_id: str
    cycle_id: int
    session: date
    before: Cycle
    after: Cycle
    bought: int
    sold: int
    realized: Decimal
    fees: Decimal
    close: Decimal | None
    provisional: bool
    finished: FinishedCycle | None
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundCorrected(Event):
    """The broker showed more of a round after it was settled: it was booked again, by the rules.

    The figures are the round's as they are now. `follows`: it was booked on what another corrected
    round left. `ledger_before` is the cycle as it stood, equal to `after` when nothing changed.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    cycle_id: int
    session: date
    before: Cycle
    after: Cycle
    ledger_before: Cycle
    bought: int
    sold: int
    realized: Decimal
    fees: Decimal
    finished: FinishedCycle | None
    notes: tuple[str, ...]
    follows: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LateFillSeen(Event):
    """The broker showed more of a round after later orders were planned: the ledger lacks it.

    `bought` and `sold` are the shares that it lacks.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    cycle_id: int
    session: date
    bought: int
    sold: int


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


@dataclass(frozen=True, kw_only=True, slots=True)
class TradingPaused(Event):
    """New buys wait until /resume; `everything` when sells wait too."""

    everything: bool
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class TradingResumed(Event):
    """Rounds go out again."""

    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class TradingStopped(Event):
    """Nothing is bought or sold from here on; `cancel` when our open orders were cancelled too."""

    priority: ClassVar[Priority] = Priority.ALARM
    cancel: bool
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundForeseen(Event):
    """What a session will have done if its close stays at the last price; nothing is booked by it.

    For a venue that settles at the official close, which comes hours later. USD, shares.
    """

    round_id: str
    session: date
    close: Decimal
    bought: int
    sold: int
    realized: Decimal
    turn: Decimal
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseConfirmed(Event):
    """A session's official close is final, so that imitated orders can be held against it (USD)."""

    round_id: str
    session: date
    close: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelAsked(Event):
    """A cancellation of an open order is about to be sent."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerTroubled(Event):
    """The broker cannot be asked; told once, and again when it is back."""

    priority: ClassVar[Priority] = Priority.ALARM
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerReturned(Event):
    """The broker answers again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RehearsalTroubled(Event):
    """The rehearsal room ended, or KIS's live prices do not come; told once until it is over."""

    priority: ClassVar[Priority] = Priority.ALARM
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RehearsalReturned(Event):
    """The rehearsal room is open and live prices come again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsdShort(Event):
    """The account's USD do not last for a session's buys; told once a session.

    `needed` and `orderable` are USD, `orderable` None where the broker's refusal told of it.
    `dropped`: the orders named were left out; else they are tried all the same.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    session: date
    needed: Decimal
    orderable: Decimal | None
    slots: tuple[str, ...]
    dropped: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundDelayed(Event):
    """A round's orders are not all out, so many minutes before its deadline, for the reasons named.

    `missing` counts the orders that have not gone out, None while the round waits for its approval.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    minutes: int
    missing: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrdersHeld(Event):
    """No order of the account goes out for now: `why` is a code, `detail` its figures."""

    priority: ClassVar[Priority] = Priority.ALARM
    why: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookFound(Event):
    """Somebody set a webhook on our bot, to `host`: whoever did it has the bot's token."""

    priority: ClassVar[Priority] = Priority.ALARM
    host: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrdersFreed(Event):
    """What held the account's orders back is over."""

    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEnding(Event):
    """The session calendar knows only so many more days; with 0 it has ended and nothing goes out.

    `last_day` is the last that it knows.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    last_day: date
    days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LawBroken(Event):
    """Something that cannot be is there: trading is stopped rather than gone on with.

    `law` is a code of `bot.watching`, `subject` what it was found on, `detail` its figures.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    law: str
    subject: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BotStarted(Event):
    """Start-up recovery is done and the order gate is open.

    `venue` is where this state file's orders go, "" in a journal from before it was noted. `again`:
    it is one of several starts in a row, of which the owner is told once.
    """

    version: str
    unresolved: int
    venue: str = ""
    again: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteSeen(Event):
    """The market traded at a price; conflated per symbol, may be dropped."""

    priority: ClassVar[Priority] = Priority.QUOTE
    symbol: str
    price: Decimal
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriberFailed(Event):
    """A subscriber raised while it was handed an event; the log has the rest."""

    subscriber: str
    event_type: str
    error: str


JOURNALLED: tuple[type[Event], ...] = (
    CycleStarted,
    ChangeAgreed,
    SplitAgreed,
    CycleChanged,
    ChangeDropped,
    SharesSetAside,
    RestingOrdersSeen,
    RestingOrdersGone,
    RoundProposed,
    RoundApproved,
    RoundSubmitted,
    RoundSkipped,
    RoundLapsed,
    RoundMissed,
    ReminderDue,
    OrderWithheld,
    OrderSent,
    OrderNotSent,
    OrderDeferred,
    OrderAccepted,
    OrderRefused,
    OrderUnknown,
    OrderAbsent,
    OrderAmbiguous,
    OrderRecognised,
    OrderLeftUnknown,
    OrderReleased,
    OrderResent,
    ResendDeclined,
    FillBooked,
    OrderClosed,
    RoundVerified,
    RoundSettled,
    RoundCorrected,
    LateFillSeen,
    RoundForeseen,
    CloseConfirmed,
    LedgerMismatched,
    ForeignOrderSeen,
    ForeignFillSeen,
    ForeignFillDecided,
    MoneyCounted,
    MoneyMoved,
    MoneyDecided,
    SplitAnnounced,
    SplitDismissed,
    TradingPaused,
    TradingResumed,
    TradingStopped,
    CancelAsked,
    BrokerTroubled,
    BrokerReturned,
    RehearsalTroubled,
    RehearsalReturned,
    UsdShort,
    RoundDelayed,
    OrdersHeld,
    OrdersFreed,
    WebhookFound,
    CalendarEnding,
    LawBroken,
    BotStarted,
)
