"""How much an event matters to a person: its class decides whether the phone rings.

1 urgent (nothing waits for the morning), 2 trades and what is asked of the owner, 3 what goes as
planned, 4 the rest. The table names every event that is told of; an event whose figures decide is
in `_BY_FIGURES`.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum, StrEnum
from typing import Any

from bot.events import (
    AfterwardsSet,
    ApprovalSet,
    BackupFailed,
    BotStarted,
    BrokerReturned,
    BrokerTroubled,
    CalendarEnding,
    ChangeAgreed,
    ChangeDropped,
    CloseConfirmed,
    CodeRefused,
    CycleChanged,
    CycleEnded,
    CycleStarted,
    Event,
    FeesDiffer,
    FillBooked,
    ForeignFillDecided,
    ForeignFillSeen,
    ForeignOrderSeen,
    LateFillSeen,
    LawBroken,
    LedgerMismatched,
    MoneyDecided,
    MoneyMoved,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderClosed,
    OrderDeferred,
    OrderLeftUnknown,
    OrderNotSent,
    OrderRecognised,
    OrderRefused,
    OrderReleased,
    OrdersFreed,
    OrdersHeld,
    OrderUnknown,
    OrderWithheld,
    PanelLocked,
    PanelOpened,
    PeriodEnded,
    PersonJoined,
    PersonRevoked,
    RehearsalReturned,
    RehearsalTroubled,
    ReminderDue,
    RestingOrdersGone,
    RestingOrdersSeen,
    RoundApproved,
    RoundCorrected,
    RoundCurtailed,
    RoundDelayed,
    RoundForeseen,
    RoundLapsed,
    RoundMissed,
    RoundProposed,
    RoundRestored,
    RoundSettled,
    RoundSkipped,
    RoundSubmitted,
    RoundVerified,
    SharesSetAside,
    SplitAgreed,
    SplitAnnounced,
    SplitDismissed,
    TradingKilled,
    TradingPaused,
    TradingResumed,
    TradingStopped,
    TradingUnlocked,
    UnattendedApplied,
    UnattendedSet,
    UsdShort,
    WebhookFound,
)
from bot.telegram.catalogue import mark
from bot.trading.model import Approval


class AlertClass(IntEnum):
    """The classes, the most urgent first."""

    URGENT = 1
    TRADES = 2
    ROUTINE = 3
    INFO = 4


class Way(StrEnum):
    """How a person wants a class: 울림, 무음, 끔 (the morning's digest names it)."""

    RING = "ring"
    SILENT = "silent"
    OFF = "off"


DEFAULT_WAYS: Mapping[AlertClass, Way] = {
    AlertClass.URGENT: Way.RING,
    AlertClass.TRADES: Way.RING,
    AlertClass.ROUTINE: Way.SILENT,
    AlertClass.INFO: Way.SILENT,
}

NAMES: Mapping[AlertClass, str] = {
    AlertClass.URGENT: mark("급한 일"),
    AlertClass.TRADES: mark("거래와 물음"),
    AlertClass.ROUTINE: mark("계획·접수·결과"),
    AlertClass.INFO: mark("그 밖의 소식"),
}

WAYS: Mapping[Way, str] = {
    Way.RING: mark("울림"),
    Way.SILENT: mark("무음"),
    Way.OFF: mark("끔"),
}

CLASSES: Mapping[type[Event], AlertClass] = {
    ApprovalSet: AlertClass.TRADES,
    CodeRefused: AlertClass.URGENT,
    PersonJoined: AlertClass.URGENT,
    PersonRevoked: AlertClass.TRADES,
    PanelOpened: AlertClass.ROUTINE,
    PanelLocked: AlertClass.URGENT,
    TradingKilled: AlertClass.URGENT,
    TradingUnlocked: AlertClass.URGENT,
    BotStarted: AlertClass.INFO,
    BrokerReturned: AlertClass.ROUTINE,
    # One outage in the night is nobody's business yet; RoundDelayed is when orders hang on it.
    BrokerTroubled: AlertClass.TRADES,
    BackupFailed: AlertClass.TRADES,
    CalendarEnding: AlertClass.TRADES,
    ChangeAgreed: AlertClass.ROUTINE,
    ChangeDropped: AlertClass.TRADES,
    CloseConfirmed: AlertClass.ROUTINE,
    CycleChanged: AlertClass.ROUTINE,
    AfterwardsSet: AlertClass.ROUTINE,
    CycleEnded: AlertClass.TRADES,
    CycleStarted: AlertClass.ROUTINE,
    FillBooked: AlertClass.TRADES,
    ForeignFillDecided: AlertClass.ROUTINE,
    ForeignFillSeen: AlertClass.TRADES,
    ForeignOrderSeen: AlertClass.TRADES,
    LateFillSeen: AlertClass.TRADES,
    LawBroken: AlertClass.URGENT,
    LedgerMismatched: AlertClass.URGENT,
    MoneyDecided: AlertClass.ROUTINE,
    MoneyMoved: AlertClass.TRADES,
    OrderAbsent: AlertClass.URGENT,
    OrderAccepted: AlertClass.ROUTINE,
    OrderAmbiguous: AlertClass.URGENT,
    OrderClosed: AlertClass.TRADES,
    OrderDeferred: AlertClass.ROUTINE,
    OrderLeftUnknown: AlertClass.URGENT,
    OrderNotSent: AlertClass.ROUTINE,
    OrderRecognised: AlertClass.ROUTINE,
    OrderRefused: AlertClass.TRADES,
    OrderReleased: AlertClass.ROUTINE,
    OrdersFreed: AlertClass.ROUTINE,
    OrdersHeld: AlertClass.URGENT,
    OrderUnknown: AlertClass.URGENT,
    OrderWithheld: AlertClass.TRADES,
    PeriodEnded: AlertClass.ROUTINE,
    RehearsalReturned: AlertClass.ROUTINE,
    RehearsalTroubled: AlertClass.TRADES,
    ReminderDue: AlertClass.TRADES,
    RestingOrdersGone: AlertClass.ROUTINE,
    RestingOrdersSeen: AlertClass.TRADES,
    RoundApproved: AlertClass.ROUTINE,
    RoundCorrected: AlertClass.TRADES,
    RoundDelayed: AlertClass.URGENT,
    RoundForeseen: AlertClass.ROUTINE,
    # It comes at the deadline, when nothing can be done about it any more: the morning is enough.
    RoundLapsed: AlertClass.TRADES,
    RoundMissed: AlertClass.URGENT,
    RoundProposed: AlertClass.TRADES,
    RoundSettled: AlertClass.ROUTINE,
    RoundSkipped: AlertClass.ROUTINE,
    RoundSubmitted: AlertClass.TRADES,
    RoundVerified: AlertClass.URGENT,
    SharesSetAside: AlertClass.ROUTINE,
    SplitAgreed: AlertClass.ROUTINE,
    SplitAnnounced: AlertClass.TRADES,
    SplitDismissed: AlertClass.ROUTINE,
    TradingPaused: AlertClass.ROUTINE,
    TradingResumed: AlertClass.ROUTINE,
    TradingStopped: AlertClass.URGENT,
    UsdShort: AlertClass.TRADES,
    WebhookFound: AlertClass.URGENT,
    FeesDiffer: AlertClass.TRADES,
    RoundCurtailed: AlertClass.ROUTINE,
    RoundRestored: AlertClass.ROUTINE,
    UnattendedApplied: AlertClass.TRADES,
    UnattendedSet: AlertClass.ROUTINE,
}

LAST_REMINDERS = 20
"""From so many minutes before the deadline on, a round that is not out rings at night too."""


def _started(event: BotStarted) -> AlertClass:
    return AlertClass.URGENT if event.unresolved else AlertClass.INFO


def _reminder(event: ReminderDue) -> AlertClass:
    return AlertClass.URGENT if event.minutes <= LAST_REMINDERS else AlertClass.ROUTINE


def _delayed(event: RoundDelayed) -> AlertClass:
    return AlertClass.URGENT if event.minutes <= LAST_REMINDERS else AlertClass.TRADES


def _accepted(event: OrderAccepted) -> AlertClass:
    return AlertClass.TRADES if event.given_up is not None else AlertClass.ROUTINE


_BY_FIGURES: Mapping[type[Event], Callable[[Any], AlertClass]] = {
    BotStarted: _started,
    ReminderDue: _reminder,
    RoundDelayed: _delayed,
    OrderAccepted: _accepted,
}


def class_of(event: Event) -> AlertClass:
    """Say how much an event matters. One that the table forgot is no reason to keep it quiet."""
    by_figures = _BY_FIGURES.get(type(event))
    return by_figures(event) if by_figures else CLASSES.get(type(event), AlertClass.TRADES)


def card_class(event: Event) -> AlertClass:
    """Say how much a new card matters: one that goes out by itself is routine."""
    approval = getattr(event, "approval", Approval.AUTO)
    return AlertClass.ROUTINE if approval is Approval.AUTO else AlertClass.TRADES
