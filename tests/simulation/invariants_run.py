"""The run itself: I8 (it goes on) and I9 (no secret comes out)."""

from tests.simulation.case import Case, Violation
from tests.simulation.facts import Died, MessageElsewhere, MessageShown, Stuck

ITSELF = "crashed"
"""How `Died.why` begins where nobody killed the program."""


def the_program_goes_on(case: Case) -> list[Violation]:
    """I8: no deadlock, no spinning, and nobody but the assassin ends it."""
    found = [
        case.violation("I8", f"it cannot go on: {fact.why}", at=fact.at)
        for _, fact in case.positions(Stuck)
    ]
    found += [
        case.violation("I8", f"it ended by itself: {fact.why}", at=fact.at)
        for _, fact in case.positions(Died)
        if fact.why.startswith(ITSELF)
    ]
    return found


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
