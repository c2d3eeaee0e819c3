"""Whether the owner was told: the judge's own ear for the program's sentences.

`told` asks of one line of the journal whether the phone has shown it, or why it has not yet: a
letter may wait while the chat is in trouble or the program is down, and may be given up only when
the chat has turned the bot away.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.events import (
    CycleStarted,
    Event,
    LedgerMismatched,
    OrderAbsent,
    OrderAmbiguous,
    OrderLeftUnknown,
    OrderRefused,
    OrderUnknown,
    OrderWithheld,
    RoundLapsed,
    RoundMissed,
    RoundSettled,
    RoundSkipped,
)
from bot.storage.journal import Entry
from tests.simulation.case import Case, session_of
from tests.simulation.facts import FaultStruck, MessageShown
from tests.simulation.faults import Fault

# What a message has to say for the owner to know; any one of them will do.
WORDS: dict[type[Event], tuple[str, ...]] = {
    OrderUnknown: ("주문이 확인되지 않습니다",),
    OrderAbsent: ("주문이 한투에 보이지 않습니다", "한투에 없음"),
    OrderAmbiguous: ("똑같은 주문이 한투에", "구분 필요"),
    OrderRefused: ("주문을 한투가 거부했습니다",),
    OrderLeftUnknown: ("정산 때까지 가리지 못했습니다", "모르는 채 마감이"),
    OrderWithheld: ("보내지 않은 주문이", "보류"),
    LedgerMismatched: ("장부",),
    RoundSettled: ("결과 ·",),  # a round's card promises its 결과 from the beginning
    RoundMissed: ("회차를 놓쳤습니다",),
    RoundLapsed: ("주문하지 않고 지나갔습니다", "주문하지 않았습니다", "주문하지 않음"),
    RoundSkipped: ("건너뛰었습니다", "건너뜀"),
}
USD_SHORT = "달러가 모자랍니다"
SESSION = timedelta(hours=12)
TROUBLES: dict[str, timedelta] = {
    Fault.CHAT_DOWN: timedelta(hours=3),
    Fault.TOO_MANY_REQUESTS: timedelta(hours=3),
    Fault.OTHER_POLLER: timedelta(hours=3),
}
"""How long after its beginning a trouble of the chat still explains a letter that waits."""
HEARD_AGAIN = timedelta(hours=3)
"""How long after a block the first letter may take that gets through, and tells what was missed."""
PATIENCE = timedelta(minutes=30)
"""How long a letter may wait while nothing stands in its way."""

_TAG = re.compile(r"<[^>]+>")
_SECONDS = re.compile(r"(\d+) s")


def plain(text: str) -> str:
    """Take the markup off a message."""
    return html.unescape(_TAG.sub("", text))


def untold(case: Case, entry: Entry) -> str:
    """Say why a line of the journal has not reached the owner without excuse; "" when it has."""
    state = case.evidence.letters.get(entry.seq)
    match state:
        case "sent":
            shown = _shown(case, entry) or _turned_away(case, entry)
            return "" if shown else "its letter is marked sent, the phone shows none"
        case "waiting":
            return "" if _may_wait(case, entry) else "its letter waits with nothing in its way"
        case "dead":
            return "" if _turned_away(case, entry) else "its letter was given up"
    return "no letter was written"


def _shown(case: Case, entry: Entry) -> bool:
    words = WORDS.get(type(entry.event))
    if words is None:
        return True
    since, symbol = case.evidence.position(entry), _symbol(case, entry)
    if isinstance(entry.event, OrderRefused) and entry.event.lacks == "usd":
        # Told once a session, before the first refusal or after it, for all of them.
        early = case.evidence.at(entry) - SESSION
        return any(fact.at >= early and USD_SHORT in text for fact, text in _messages(case, 0))
    subjects = symbol, _day(entry)
    return any(
        all(each in text for each in subjects) and any(each in text for each in words)
        for _, text in _messages(case, since)
    )


def _messages(case: Case, since: int) -> Iterator[tuple[MessageShown, str]]:
    for fact in case.evidence.facts[since:]:
        if isinstance(fact, MessageShown):
            yield fact, plain(fact.text)


def _symbol(case: Case, entry: Entry) -> str:
    """Name what a message about a line has to be about; a grouped message names legs only."""
    event = entry.event
    if isinstance(event, OrderWithheld):
        return ""
    slot = getattr(event, "slot", None)
    if isinstance(slot, str) and slot in case.slots:
        return case.slots[slot].symbol
    number = str(getattr(event, "round_id", "")).rpartition(".")[2]
    for started in case.evidence.of(CycleStarted):
        if isinstance(started.event, CycleStarted) and str(started.event.cycle_id) == number:
            return started.event.cycle.rules.symbol
    return str(getattr(event, "symbol", ""))


def _day(entry: Entry) -> str:
    """Name the session that a message about a round has to name; "" for other lines."""
    round_id = getattr(entry.event, "round_id", "")
    if not round_id:
        return ""
    session = session_of(round_id)
    return f"{session.month}월 {session.day}일"


def _may_wait(case: Case, entry: Entry) -> bool:
    end = case.evidence.end
    if case.awake(max(case.evidence.at(entry), end - PATIENCE), end) < PATIENCE:
        return True
    return any(_over(fact) > end for _, fact in case.positions(FaultStruck))


def _turned_away(case: Case, entry: Entry) -> bool:
    """Tell whether the chat was blocked at some time after a line was written."""
    blocks = [fact for _, fact in case.positions(FaultStruck) if fact.fault == Fault.BLOCKED]
    return any(_over(fact) > case.evidence.at(entry) for fact in blocks)


def _over(fact: FaultStruck) -> datetime:
    """Say from when on a fault explains no letter any more."""
    if fact.fault != Fault.BLOCKED:
        return fact.at + TROUBLES.get(fact.fault, timedelta())
    lasts = _SECONDS.fullmatch(fact.detail)
    if lasts is None:
        return datetime.max.replace(tzinfo=UTC)  # for ever
    return fact.at + timedelta(seconds=int(lasts[1])) + HEARD_AGAIN
