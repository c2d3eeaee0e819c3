"""The judge: sees the world's truth, reads what the program wrote and said, and names each wrong.

Only claims are judged. While the program is down it claims nothing, and nothing is held against it
that it had no time to do.
"""

from collections.abc import Callable

from tests.simulation import (
    invariants_claims,
    invariants_money,
    invariants_orders,
    invariants_run,
    invariants_sending,
    invariants_words,
)
from tests.simulation.case import Case, Violation
from tests.simulation.evidence import Evidence

Invariant = Callable[[Case], list[Violation]]

INVARIANTS: tuple[Invariant, ...] = (
    invariants_orders.sent_is_durable_before_the_first_byte,
    invariants_orders.no_slot_is_accepted_twice,
    invariants_orders.no_line_is_accepted_twice_by_itself,
    invariants_orders.every_approved_order_stands_or_is_told_of,
    invariants_orders.nothing_is_posted_after_a_stop,
    invariants_orders.one_round_a_day_and_cycle,
    invariants_money.settlements_are_the_brokers,
    invariants_money.fees_are_the_brokers,
    invariants_money.proposals_agree_with_the_account,
    invariants_money.buys_stay_under_the_cap,
    invariants_money.money_is_never_below_zero,
    invariants_words.absent_is_true,
    invariants_words.refused_is_true,
    invariants_words.ours_are_ours,
    invariants_words.fills_told_are_true,
    invariants_words.ends_told_are_true,
    invariants_words.counts_shown_are_true,
    invariants_words.every_day_is_told_of,
    invariants_claims.missing_is_true,
    invariants_claims.mismatches_are_true,
    invariants_claims.a_button_acts_once,
    invariants_sending.orders_leave_in_their_hours,
    invariants_sending.nothing_is_posted_past_a_pause,
    invariants_sending.an_open_question_keeps_its_symbol,
    invariants_sending.buys_stay_under_the_owners_daily_limit,
    invariants_sending.buys_stay_under_the_owners_total,
    invariants_sending.ledgers_have_no_gap,
    invariants_sending.what_was_filled_is_booked,
    invariants_run.the_program_goes_on,
    invariants_run.no_law_of_its_own_is_broken,
    invariants_run.secrets_stay_inside,
    invariants_run.only_the_owner_hears,
)


def judge(evidence: Evidence) -> list[Violation]:
    """Hold every invariant against a run; answer what did not hold, in the order of time."""
    case = Case(evidence)
    found = [violation for invariant in INVARIANTS for violation in invariant(case)]
    return sorted(found, key=lambda violation: (violation.at, violation.invariant))
