"""Why a command was not carried out, as a code and its figures; front ends put it into words."""

from enum import StrEnum

from bot.errors import MuhanError


class Why(StrEnum):
    """Each member is one sentence in `telegram/texts.py`."""

    ROUND_UNKNOWN = "round_unknown"
    ROUND_CHANGED = "round_changed"
    ROUND_DECIDED = "round_decided"
    ROUND_TOO_LATE = "round_too_late"
    TAP_USED = "tap_used"
    STOPPED = "stopped"
    SYMBOL_RUNS = "symbol_runs"
    PRINCIPAL_TOO_SMALL = "principal_too_small"
    ORDER_UNKNOWN = "order_unknown"
    ORDER_NOT_ABSENT = "order_not_absent"
    BROKER_SILENT = "broker_silent"
    GATE_SHUT = "gate_shut"


class Refusal(MuhanError):
    """A command that cannot be carried out now: nothing happened to money."""

    def __init__(self, why: Why, **figures: str) -> None:
        self.why = why
        self.figures = figures
        detail = ", ".join(f"{name} {value}" for name, value in figures.items())
        super().__init__(f"{why.value.replace('_', ' ')}{': ' if detail else ''}{detail}")
