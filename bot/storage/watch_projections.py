"""What the watching's events do to the tables: notices told once, and a stop."""

from datetime import datetime

from bot.events import (
    BackupFailed,
    CalendarEnding,
    Event,
    LawBroken,
    PeriodEnded,
    RoundDelayed,
    UsdShort,
)
from bot.storage.cycle_projections import Projection, set_trading
from bot.storage.database import Transaction


def usd_short(session: str) -> str:
    """Name the notice that USD are short in a session."""
    return f"usd {session}"


def calendar_ending(event: CalendarEnding) -> str:
    return f"calendar {event.last_day.isoformat()} {event.days}"


def round_delayed(round_id: str, minutes: int) -> str:
    return f"delay {round_id} {minutes}"


def backup_failed(event: BackupFailed) -> str:
    return f"backup {event.day.isoformat()}"


def period_ended(event: PeriodEnded) -> str:
    return f"{event.period.value} {event.first.isoformat()}"


async def told_already(tx: Transaction, key: str) -> bool:
    """Read whether a notice was told."""
    return await tx.one("SELECT 1 FROM notice WHERE key = ?", (key,)) is not None


async def _note(tx: Transaction, at: datetime, key: str) -> None:
    await tx.execute(
        "INSERT INTO notice (key, at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
        (key, at.isoformat()),
    )


async def _usd_short(tx: Transaction, at: datetime, event: UsdShort) -> None:
    await _note(tx, at, usd_short(event.session.isoformat()))


async def _calendar_ending(tx: Transaction, at: datetime, event: CalendarEnding) -> None:
    await _note(tx, at, calendar_ending(event))


async def _round_delayed(tx: Transaction, at: datetime, event: RoundDelayed) -> None:
    await _note(tx, at, round_delayed(event.round_id, event.minutes))


async def _period_ended(tx: Transaction, at: datetime, event: PeriodEnded) -> None:
    await _note(tx, at, period_ended(event))


async def _backup_failed(tx: Transaction, at: datetime, event: BackupFailed) -> None:
    await _note(tx, at, backup_failed(event))


async def _law_broken(tx: Transaction, _at: datetime, _event: LawBroken) -> None:
    await set_trading(tx, "stopped")


OF_WATCHING: dict[type[Event], Projection] = {
    UsdShort: _usd_short,
    CalendarEnding: _calendar_ending,
    RoundDelayed: _round_delayed,
    PeriodEnded: _period_ended,
    BackupFailed: _backup_failed,
    LawBroken: _law_broken,
}
