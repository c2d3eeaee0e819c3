"""The life of an order as a table: which state may follow which (safety.md, section 4(c)).

Every change of state is one event, journalled before its effect; the projection refuses an edge
that does not stand here, so that a wrong turn stops trading instead of being booked.
"""

from bot.trading.model import OrderState

S = OrderState

# No state is deaf to a fill: late evidence may still come for an order that was given up.
TRANSITIONS: dict[OrderState, frozenset[OrderState]] = {
    # UNKNOWN: a try that was turned away seems to stand after all.
    S.PLANNED: frozenset({S.WITHHELD, S.SENT, S.UNKNOWN}),
    # PLANNED: what held it back is over.
    S.WITHHELD: frozenset({S.PLANNED, S.OPEN, S.AMBIGUOUS}),
    S.SENT: frozenset({S.PLANNED, S.OPEN, S.REFUSED, S.UNKNOWN}),
    S.UNKNOWN: frozenset({S.OPEN, S.ABSENT, S.AMBIGUOUS, S.UNKNOWN_TOLD}),
    # UNKNOWN: the owner says that none of the candidates is ours.
    S.AMBIGUOUS: frozenset({S.AMBIGUOUS, S.OPEN, S.UNKNOWN, S.UNKNOWN_TOLD}),
    S.ABSENT: frozenset({S.OPEN, S.AMBIGUOUS}),
    S.UNKNOWN_TOLD: frozenset({S.OPEN, S.AMBIGUOUS, S.ABSENT}),
    S.REFUSED: frozenset({S.OPEN, S.AMBIGUOUS}),
    S.OPEN: frozenset({S.PARTIAL, S.EXPIRED, S.CANCELLED, S.REJECTED_LATE}),
    S.PARTIAL: frozenset({S.PARTIAL, S.FILLED, S.CLOSED_PARTIAL}),
    S.FILLED: frozenset(),
    S.CLOSED_PARTIAL: frozenset({S.PARTIAL}),
    S.EXPIRED: frozenset({S.PARTIAL}),
    S.CANCELLED: frozenset({S.PARTIAL}),
    S.REJECTED_LATE: frozenset({S.PARTIAL}),
}

UNRESOLVED = (S.SENT, S.UNKNOWN, S.AMBIGUOUS)
"""Nobody knows whether these stand; each keeps its symbol's other orders waiting."""

AT_THE_BROKER = (S.OPEN, S.PARTIAL)

DOUBTED = (S.ABSENT, S.UNKNOWN_TOLD)
"""Given up without an answer of the broker's: one may stand after all."""

GIVEN_UP = (*DOUBTED, S.REFUSED, S.WITHHELD)
"""Nothing more is asked about these, yet a listing that shows one is believed."""


def may_follow(before: OrderState, after: OrderState) -> bool:
    """Tell whether an order in one state may come into another."""
    return after in TRANSITIONS[before]


def before(after: OrderState) -> tuple[OrderState, ...]:
    """List the states that may come before one."""
    return tuple(state for state, following in TRANSITIONS.items() if after in following)
