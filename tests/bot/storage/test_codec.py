"""Every event of the journal comes back from its text as it went in."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.events import (
    JOURNALLED,
    CycleChanged,
    CycleStarted,
    Event,
    LedgerMismatched,
    OrderSent,
)
from bot.storage import codec
from bot.storage.database import opened
from bot.storage.journal import Journal
from bot.trading.model import CONSOLE, Approval
from strategy.changes import Change, Dividend, SeedChange, ShareSplit
from tests.bot.telegram.samples import proposed
from tests.bot.trading.floor import holding

_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-4))])
_DECIMALS = st.decimals(
    allow_nan=False, allow_infinity=False, places=12, min_value=-(10**9), max_value=10**9
)
_TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@pytest.fixture(autouse=True, scope="module")
def values() -> None:
    st.register_type_strategy(Decimal, _DECIMALS)
    st.register_type_strategy(
        datetime,
        st.datetimes(
            min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
            max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
            timezones=_ZONES,
        ),
    )
    st.register_type_strategy(date, st.dates(min_value=date(2000, 1, 1)))
    st.register_type_strategy(int, st.integers(-(2**62), 2**62))
    st.register_type_strategy(str, _TEXTS)


@pytest.mark.parametrize("kind", JOURNALLED, ids=lambda kind: str(kind.__name__))
def test_an_event_comes_back_equal_from_its_text(kind: type[Event]) -> None:
    @settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
    @given(event=st.from_type(kind))
    def round_trip(event: Event) -> None:
        text = codec.dumps(event)
        assert codec.event_of(kind.__name__, text) == event
        assert codec.dumps(codec.event_of(kind.__name__, text)) == text

    round_trip()


def test_money_is_text_and_keeps_its_last_digit() -> None:
    cycle = holding(cash="8000.10")
    event = CycleStarted(cycle_id=1, cycle=cycle, approval=Approval.AUTO, by=CONSOLE)
    text = codec.dumps(event)
    assert '"cash":"8000.10"' in text
    again = codec.event_of("CycleStarted", text)
    assert isinstance(again, CycleStarted)
    assert str(again.cycle.cash) == "8000.10"


def test_a_line_written_before_a_field_was_there_is_read_with_its_default() -> None:
    event = CycleStarted(cycle_id=1, cycle=holding(), approval=Approval.AUTO, by=CONSOLE)
    whole = json.loads(codec.dumps(event))
    new = {"first_session", "waits_for_resting", "no_reservations"}
    old = {name: value for name, value in whole.items() if name not in new}
    assert codec.event_of("CycleStarted", json.dumps(old)) == event
    mismatch = {"cycle_id": 1, "symbol": "TQQQ", "ledger_quantity": 1, "broker_quantity": 2}
    again = codec.event_of("LedgerMismatched", json.dumps(mismatch))
    assert isinstance(again, LedgerMismatched)
    assert again.likely_split == ""


@pytest.mark.parametrize(
    "change",
    [SeedChange(amount=Decimal(5)), Dividend(amount=Decimal(5)), ShareSplit(new=2, old=1)],
)
def test_changes_with_the_same_figures_are_told_apart(change: Change) -> None:
    event = CycleChanged(
        cycle_id=1,
        change=change,
        from_session=date(2026, 10, 7),
        before=holding(),
        after=holding(),
        by=CONSOLE,
    )
    again = codec.event_of("CycleChanged", codec.dumps(event))
    assert isinstance(again, CycleChanged)
    assert type(again.change) is type(change)
    assert again == event


async def test_the_journal_reads_back_what_was_recorded_in_order(tmp_path: Path) -> None:
    now = datetime(2026, 10, 7, 18, 20, tzinfo=timezone(timedelta(hours=9)))
    event = CycleStarted(cycle_id=1, cycle=holding(), approval=Approval.AUTO, by=CONSOLE)
    other = CycleStarted(
        cycle_id=2, cycle=holding(symbol="SOXL"), approval=Approval.ALERT, by=CONSOLE
    )
    async with opened(tmp_path / "state") as room:
        journal = Journal(room)
        async with journal.recording(now) as recording:
            await recording.record(event)
            await recording.record(other)
        entries = await journal.entries()
        assert [(entry.seq, entry.at, entry.event) for entry in entries] == [
            (1, now, event),
            (2, now, other),
        ]
        assert [entry.seq for entry in await journal.entries(after=1)] == [2]


def test_a_journal_from_before_imitations_is_read_as_one_without_them() -> None:
    sent = codec.event_of("OrderSent", '{"slot": "2026-10-07.1.0.1", "tries": 1, "baseline": []}')
    assert isinstance(sent, OrderSent)
    assert sent.emulated is None
    body = json.loads(codec.dumps(proposed()))
    del body["emulated"]
    assert codec.event_of("RoundProposed", json.dumps(body)) == proposed()
