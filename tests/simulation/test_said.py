"""The judge's ear knows the program's sentences: when one is reworded, this says so first."""

from decimal import Decimal

import pytest

from bot.events import (
    Event,
    LedgerMismatched,
    OrderAbsent,
    OrderAmbiguous,
    OrderLeftUnknown,
    OrderRefused,
    OrderUnknown,
    OrderWithheld,
    RoundMissed,
    RoundSettled,
    UsdShort,
)
from bot.storage.views import OrderView
from bot.telegram import alarms, doubts, results, watched
from bot.telegram.catalogue import Words
from bot.trading.model import OrderState
from tests.simulation.said import USD_SHORT, WORDS, plain
from tests.simulation.testimony import DAY, ROUND, SLOTS, evening

KOREAN = Words()
SLOT = SLOTS[0]
ORDER = OrderView(
    slot=SLOT,
    round_id=ROUND,
    session=DAY,
    state=OrderState.UNKNOWN,
    tries=1,
    order_number=None,
    sent_at=None,
    answered_at=None,
    unknown_at=None,
    retry_at=None,
    cancel_asked=None,
    baseline=(),
    detail="outside_window",
    filled=0,
    fill_price=None,
    may_resend=True,
)
UNKNOWN = OrderUnknown(slot=SLOT.key, reason="no answer in time")
ABSENT = OrderAbsent(slot=SLOT.key, may_resend=True)
AMBIGUOUS = OrderAmbiguous(slot=SLOT.key, candidates=("1", "2"), ordered_at=(None, None))
LEFT = OrderLeftUnknown(slot=SLOT.key, why="not_seen")
UNSETTLED = OrderLeftUnknown(slot=SLOT.key, why="ambiguous")
REFUSED = OrderRefused(slot=SLOT.key, code="APBK0656", message="해당종목정보가 없습니다.")
MISSED = RoundMissed(round_id=ROUND, cycle_id=1, session=DAY, reason="not_running")
DIFFERS = LedgerMismatched(cycle_id=1, symbol="TQQQ", ledger_quantity=40, broker_quantity=41)
SETTLED = next(e.event for e in evening().entries if isinstance(e.event, RoundSettled))
WITHHELD = OrderWithheld(slot=SLOT.key, reasons=("outside_window",))


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (UNKNOWN, doubts.unknown(KOREAN, UNKNOWN, ORDER)),
        (ABSENT, doubts.absent(KOREAN, ABSENT, ORDER)),
        (AMBIGUOUS, doubts.ambiguous(KOREAN, AMBIGUOUS, ORDER)),
        (LEFT, doubts.left_unknown(KOREAN, LEFT, ORDER)),
        (UNSETTLED, doubts.left_unknown(KOREAN, UNSETTLED, ORDER)),
        (REFUSED, alarms.refused(KOREAN, REFUSED, ORDER)),
        (WITHHELD, alarms.withheld(KOREAN, [ORDER])),
        (MISSED, alarms.missed(KOREAN, MISSED, "TQQQ")),
        (DIFFERS, alarms.mismatched(KOREAN, DIFFERS)),
        (SETTLED, results.settled(KOREAN, SETTLED)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else "",
)
def test_the_judge_knows_the_words_of_what_the_owner_is_told(event: Event, told: str) -> None:
    assert any(words in plain(told) for words in WORDS[type(event)])


def test_the_judge_knows_the_words_of_usd_that_do_not_last() -> None:
    short = UsdShort(session=DAY, needed=Decimal(100), orderable=None, slots=(SLOT.key,))
    assert USD_SHORT in plain(str(watched.told(KOREAN, short)))
