"""Why a command was not carried out, as a code and its figures; front ends put it into words."""

from enum import StrEnum
from typing import Self

from bot.errors import MuhanError
from strategy.changes import ChangeRefused
from strategy.errors import StrategyError


class Why(StrEnum):
    """Each member is one sentence in `telegram/texts.py`."""

    ROUND_UNKNOWN = "round_unknown"
    ROUND_CHANGED = "round_changed"
    ROUND_DECIDED = "round_decided"
    ROUND_TOO_LATE = "round_too_late"
    ROUND_GOING = "round_going"
    ALERT_ONLY = "alert_only"
    ROUND_CALLED_BACK = "round_called_back"
    NOT_SKIPPED = "not_skipped"
    CANCEL_PENDING = "cancel_pending"
    NOTHING_TO_RESTORE = "nothing_to_restore"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    CANNOT_PLAN = "cannot_plan"
    TOO_EARLY = "too_early"
    NO_PRICE = "no_price"
    TAP_USED = "tap_used"
    STOPPED = "stopped"
    SYMBOL_RUNS = "symbol_runs"
    PRINCIPAL_TOO_SMALL = "principal_too_small"
    ORDER_UNKNOWN = "order_unknown"
    ORDER_NOT_ABSENT = "order_not_absent"
    ORDER_DECIDED = "order_decided"
    ROUND_OUT = "round_out"
    LEDGER_MOVED = "ledger_moved"
    BROKER_SILENT = "broker_silent"
    GATE_SHUT = "gate_shut"
    CYCLE_UNKNOWN = "cycle_unknown"
    SYMBOL_UNKNOWN = "symbol_unknown"
    CHANGE_REFUSED = "change_refused"
    CHANGE_DIFFERS = "change_differs"
    SPLIT_TOO_LATE = "split_too_late"
    SPLIT_TWICE = "split_twice"
    DATE_PASSED = "date_passed"
    IMPORT_QUANTITY = "import_quantity"
    IMPORT_AVERAGE = "import_average"
    IMPORT_DIFFERS = "import_differs"
    TURN_NEEDED = "turn_needed"
    NOT_OURS = "not_ours"
    TRADE_DECIDED = "trade_decided"
    NOT_SET_ASIDE = "not_set_aside"
    MONEY_DECIDED = "money_decided"
    NOTHING_DIFFERS = "nothing_differs"
    NO_SPLIT = "no_split"
    NOT_LISTED = "not_listed"
    NO_RATE = "no_rate"
    KILLED = "killed"
    NOT_KILLED = "not_killed"
    NO_SECRET = "no_secret"  # noqa: S105 - a reason's name, not a secret
    CODE_SHAPE = "code_shape"
    CODE_WRONG = "code_wrong"
    CODE_LATER = "code_later"
    CODE_USED = "code_used"
    CONSENT_NEEDED = "consent_needed"
    CONSENT_OLD = "consent_old"
    AUTO_LATER = "auto_later"
    UNATTENDED_LATER = "unattended_later"
    APPROVAL_CHANGED = "approval_changed"
    APPROVAL_SAME = "approval_same"
    CHECKLIST = "checklist"
    PAIRING_OVER = "pairing_over"
    CYCLE_OVER = "cycle_over"
    AGREED_ALREADY = "agreed_already"


class Refusal(MuhanError):
    """A command that cannot be carried out now: nothing happened to money."""

    def __init__(self, why: Why, **figures: str) -> None:
        self.why = why
        self.figures = figures
        detail = ", ".join(f"{name} {value}" for name, value in figures.items())
        super().__init__(f"{why.value.replace('_', ' ')}{': ' if detail else ''}{detail}")

    @classmethod
    def of(cls, error: StrategyError) -> Self:
        """Make a refusal of the book's own, with its sentence."""
        refusal = cls(Why.CHANGE_REFUSED)
        both = (error.korean, error.english) if isinstance(error, ChangeRefused) else (str(error),)
        refusal.korean, refusal.english = both[0], both[-1]
        return refusal


def refuse_stopped(trading: str) -> None:
    """Raise Refusal where trading, as it was just read, is stopped or killed."""
    if trading == "killed":
        raise Refusal(Why.KILLED)
    if trading == "stopped":
        raise Refusal(Why.STOPPED)
