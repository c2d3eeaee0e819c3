"""Bugs planted on purpose: the judge has to find every one, or it is the judge that is broken.

A mutant replaces methods of the real code for as long as its context is open; the code under test
knows nothing of it. Each has seeds that are known to kill it and a budget of fresh ones, with the
faults turned up under which the bug would show.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from tests.simulation import mutations_account as account
from tests.simulation import mutations_chat as chat
from tests.simulation import mutations_orders as orders
from tests.simulation.faults import Fault, Swarm, swarm_of
from tests.simulation.mutations import Patch

DAYS = 5
FRESH = 100
"""How many seeds that nobody has tried a mutant may need at most."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A planted bug: what it does, how, and under which faults it shows.

    `kills` are seeds recorded to kill it; `caught` the invariants of which at least one must speak.
    """

    what: str
    patches: Callable[[], list[Patch]]
    caught: tuple[str, ...]
    rates: Mapping[Fault, float] = field(default_factory=dict)
    kills: tuple[int, ...] = ()
    days: int = DAYS

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Replace the methods while the block runs."""
        with ExitStack() as stack:
            for target, name, replacement in self.patches():
                stack.enter_context(patch.object(target, name, replacement))
            yield

    def swarm(self, seed: int) -> Swarm:
        """Give a seed's faults with those turned up that the bug needs."""
        swarm = swarm_of(seed)
        swarm.rates.update(self.rates)
        return swarm


MUTANTS: dict[str, Mutant] = {
    "retry_on_timeout": Mutant(
        what="an order without an answer is sent again (hummingbot, 2019 to 2026)",
        patches=orders.retry_on_timeout,
        caught=("I1", "I4"),
        rates={Fault.ANSWER_LOST: 0.1},
        kills=(1,),
        days=2,
    ),
    "retry_on_500": Mutant(
        what="an order answered with HTTP 500 is sent again",
        patches=orders.retry_on_500,
        caught=("I1", "I4"),
        rates={Fault.ERROR_AFTER_ACCEPTANCE: 0.1},
        kills=(1,),
        days=2,
    ),
    "resent_after_restart": Mutant(
        what="a slot that was down as sent goes out again after a restart",
        patches=orders.resent_after_restart,
        caught=("I1",),
        rates={Fault.KILLED: 0.2, Fault.ORDER_LATE_AND_KILLED: 0.1},
        kills=(1,),
        days=3,
    ),
    "stop_cached": Mutant(
        what="/stop is read once a round, not in the transaction that writes sent",
        patches=orders.stop_cached,
        caught=("I5",),
        rates={Fault.BROKER_DOWN: 0.3, Fault.ANSWER_LOST: 0.1, Fault.RATE_ON_ORDER: 0.2},
        kills=(41,),
    ),
    "stop_forgotten": Mutant(
        what="/stop does not outlive the process",
        patches=orders.stop_forgotten,
        caught=("I5",),
        rates={Fault.KILLED: 0.2},
        kills=(41,),
    ),
    "journal_after_send": Mutant(
        what="the order is journalled after the call (freqtrade)",
        patches=orders.journal_after_send,
        caught=("I1", "I2"),
        kills=(1,),
        days=2,
    ),
    "quiet0": Mutant(
        what="absence is believed without a quiet period",
        patches=orders.quiet0,
        caught=("I6", "I4"),
        rates={Fault.ORDER_LATE: 0.2, Fault.ORDER_LATE_AND_KILLED: 0.2, Fault.LISTING_LAGS: 0.3},
        kills=(1,),
    ),
    "absent_once": Mutant(
        what="one empty listing counts as absence, and the order goes out again by itself",
        patches=orders.absent_once,
        caught=("I1", "I6"),
        rates={Fault.ORDER_LATE: 0.2, Fault.ANSWER_LOST: 0.1, Fault.LISTING_LAGS: 0.3},
        kills=(1,),
        days=3,
    ),
    "no_base": Mutant(
        what="the order numbers that were known before sending are forgotten",
        patches=orders.no_base,
        caught=("I6", "I2"),
        rates={Fault.HAND_TWIN: 0.9, Fault.ORDER_LOST: 0.5},
        kills=(37,),
    ),
    "twin_adopted": Mutant(
        what="an order from the phone counts as the program's own",
        patches=orders.twin_adopted,
        caught=("I6", "I2"),
        rates={Fault.HAND_TWIN: 0.3, Fault.ORDER_LOST: 0.2},
        kills=(7,),
    ),
    "late_evidence_ignored": Mutant(
        what="an order that was given up is never looked at again",
        patches=orders.late_evidence_ignored,
        caught=("I3", "I6"),
        rates={
            Fault.ANSWER_LOST: 0.2,
            Fault.ORDER_LATE: 0.2,
            Fault.LISTING_LAGS: 0.05,
            Fault.RATE_ON_ORDER: 0.1,
            Fault.BROKER_DOWN: 0.3,
        },
        kills=(1,),
    ),
    "rec_default": Mutant(
        what="only the wall clock's session is asked for: fills of a day that was missed are lost",
        patches=account.rec_default,
        caught=("I2", "I3", "I7"),
        rates={Fault.KILLED: 0.5},
        kills=(10,),
    ),
    "page_ignored": Mutant(
        what="a list whose later page failed is taken for the whole",
        patches=account.page_ignored,
        caught=("I1", "I3", "I6"),
        rates={Fault.PAGE_FAILS: 0.3, Fault.ANSWER_LOST: 0.2},
        kills=(4,),
    ),
    "fill_twice": Mutant(
        what="fills are added up instead of taken as totals",
        patches=account.fill_twice,
        caught=("I3", "I6"),
        rates={Fault.FILLS_OUT_OF_ORDER: 0.3, Fault.NOTICE_FIRST: 0.2},
        kills=(11,),
    ),
    "partial_as_whole": Mutant(
        what="an order that filled in part is booked whole",
        patches=account.partial_as_whole,
        caught=("I3", "I6"),
        rates={Fault.PARTIAL_AT_CLOSE: 0.3},
        kills=(3,),
        days=3,
    ),
    "cancel_believed": Mutant(
        what="an order counts as cancelled because the cancel was taken",
        patches=account.cancel_believed,
        caught=("I6",),
        rates={Fault.CANCEL_RACES_FILL: 1.0},
        kills=(5,),
    ),
    "cap_not_checked": Mutant(
        what="the spending limits are not read before sending",
        patches=account.cap_not_checked,
        caught=("I4",),
        kills=(11,),
    ),
    "total_not_checked": Mutant(
        what="the owner's total limit is not read before sending",
        patches=account.total_not_checked,
        caught=("I4",),
        kills=(8,),
    ),
    "pause_not_read": Mutant(
        what="/pause is not read in the transaction that writes sent",
        patches=account.pause_not_read,
        caught=("I5",),
        kills=(27,),
    ),
    "symbol_not_blocked": Mutant(
        what="an order without an answer does not keep its symbol's others waiting",
        patches=orders.symbol_not_blocked,
        caught=("I1",),
        rates={Fault.ANSWER_LOST: 0.1},
        kills=(1,),
    ),
    "a_cent_dearer": Mutant(
        what="what leaves is not what was journalled: a cent is added to the price",
        patches=orders.a_cent_dearer,
        caught=("I1",),
        kills=(1,),
        days=1,
    ),
    "letter_apart": Mutant(
        what="the letter to the owner is written in a transaction of its own",
        patches=chat.letter_apart,
        caught=("I2", "I7"),
        rates={Fault.KILLED: 0.3},
        kills=(3,),
    ),
    "missed_day_silent": Mutant(
        what="a session without a round is passed over in silence",
        patches=chat.missed_day_silent,
        caught=("I7",),
        rates={Fault.SPLIT: 0.5, Fault.HAND_SALE: 0.3, Fault.ASLEEP: 0.5},
        kills=(2,),
    ),
    "button_works_twice": Mutant(
        what="a button's one-use key is never used up",
        patches=chat.button_works_twice,
        caught=("I1",),
        rates={Fault.PRESSED_TWICE: 0.3, Fault.OLD_BUTTON: 0.3},
        kills=(6,),
    ),
    "key_in_message": Mutant(
        what="a broken request is told with its headers",
        patches=chat.key_in_message,
        caught=("I9",),
        rates={Fault.BROKER_DOWN: 0.3},
        kills=(1,),
        days=2,
    ),
}
