"""The run itself: I8 (it goes on) and I9 (no secret comes out)."""

from datetime import timedelta

from bot.events import LawBroken
from tests.simulation.case import Case, Violation
from tests.simulation.facts import Died, FaultStruck, MessageElsewhere, MessageShown, Stuck
from tests.simulation.faults import Fault

ASSASSINS = tuple(
    fault.value for fault in (Fault.KILLED, Fault.KILLED_IN_RECOVERY, Fault.ORDER_LATE_AND_KILLED)
)
"""How `Died.why` begins where the program was killed."""

DISK = frozenset({Fault.DISK_FULL, Fault.DISK_FAILS})
DISK_LASTS = timedelta(hours=7)
"""How long a disk is in trouble at most; a program that cannot write may end, and start again."""


def the_program_goes_on(case: Case) -> list[Violation]:
    """I8: no deadlock, no spinning, and nothing ends it but the assassin and a broken disk."""
    found = [
        case.violation("I8", f"it cannot go on: {fact.why}", at=fact.at)
        for _, fact in case.positions(Stuck)
    ]
    troubled = [fact.at for _, fact in case.positions(FaultStruck) if fact.fault in DISK]
    found += [
        case.violation("I8", f"it ended by itself: {fact.why}", at=fact.at)
        for _, fact in case.positions(Died)
        if not fact.why.startswith(ASSASSINS)
        and not any(at <= fact.at <= at + DISK_LASTS for at in troubled)
    ]
    return found


def no_law_of_its_own_is_broken(case: Case) -> list[Violation]:
    """I8: the program's own assertions, which stop trading, never speak."""
    return [
        case.violation("I8", f"it found itself in the wrong: {entry.event}", entry=entry)
        for entry in case.evidence.of(LawBroken)
    ]


def secrets_stay_inside(case: Case) -> list[Violation]:
    """I9: no canary is in a message, in the log or in the state file."""
    evidence = case.evidence
    found: list[Violation] = []
    for name, secret in evidence.secrets.items():
        for _, fact in case.positions(MessageShown):
            if secret in fact.text or any(secret in data for _, data in fact.buttons):
                found.append(case.violation("I9", f"{name} stands in a message", at=fact.at))
        if any(secret in line for line in evidence.logs):
            found.append(case.violation("I9", f"{name} stands in the log"))
        if secret.encode() in evidence.state:
            found.append(case.violation("I9", f"{name} stands in the state file"))
    return found


def only_the_owner_hears(case: Case) -> list[Violation]:
    """I9: nobody but the owner ever gets a word."""
    return [
        case.violation("I9", f"somebody else ({fact.chat_id}) was written to", at=fact.at)
        for _, fact in case.positions(MessageElsewhere)
    ]
