"""The deadlines of one trading day, from a session and the hours agreed with the owner.

The day is planned in Seoul's evening and settled in Seoul's morning; New York's clock decides what
lies between. `settled.md`, "The day", names every figure; all of them are settings.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.clock import NEW_YORK, SEOUL
from bot.sessions import Session

_PREMARKET_OPENS = time(4, 0)
"""New York: 17:00 in Seoul in summer, 18:00 in winter (kis.md section 9)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """The agreed hours: Seoul wall times, and distances from New York's open and close."""

    propose: time = time(18, 20)
    send: time = time(18, 30)
    after_premarket: timedelta = timedelta(minutes=10)
    quiet_from: time = time(23, 40)
    quiet_until: time = time(0, 10)
    verify: timedelta = timedelta(minutes=5)
    deadline: timedelta = timedelta(minutes=30)
    emulate: timedelta = timedelta(minutes=5)
    emulate_until: timedelta = timedelta(minutes=1)
    reminders: tuple[timedelta, ...] = (
        timedelta(minutes=60),
        timedelta(minutes=20),
        timedelta(minutes=5),
    )
    unattended: timedelta = timedelta(minutes=10)
    settle: timedelta = timedelta(minutes=10)
    settle_again: timedelta = timedelta(minutes=40)
    closes_final: time = time(12, 0)
    at_official_close: bool = False


DEFAULT_HOURS = Hours()
REHEARSAL_HOURS = Hours(at_official_close=True)
"""LOC and MOC are decided by the official close: settle after it, show the last price before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timetable:
    """One session's instants, all aware and in Seoul time, and the quiet spell inside them.

    Orders go out from `send_from` until before `deadline`, outside `quiet_from`..`quiet_until`
    (KIS's change of day). `reminders` come before the deadline, the earliest first; what nobody
    decided about by `unattended_at` is decided by what the owner chose for that.
    `closes_final_at` is when KIS has done correcting the session's closes. Where the venue takes no
    order at the close, limit orders imitate them from `emulate_from` until before `emulate_until`.
    Where the settlement waits for the final close, `foresee_at` is when a provisional one is shown.
    """

    session: Session
    propose_at: datetime
    send_from: datetime
    quiet_from: datetime
    quiet_until: datetime
    verify_at: datetime
    deadline: datetime
    emulate_from: datetime
    emulate_until: datetime
    reminders: tuple[datetime, ...]
    unattended_at: datetime
    settle_at: datetime
    settle_again_at: datetime
    closes_final_at: datetime
    foresee_at: datetime | None = None

    def may_send(self, instant: datetime) -> bool:
        """Tell whether an order may go out at an aware instant."""
        return self.send_from <= instant < self.deadline and not self.quiet(instant)

    def may_emulate(self, instant: datetime) -> bool:
        """Tell whether an imitated LOC or MOC may go out at an aware instant."""
        return self.emulate_from <= instant < self.emulate_until

    def quiet(self, instant: datetime) -> bool:
        """Tell whether an aware instant lies in the spell when nothing is sent."""
        return self.quiet_from <= instant < self.quiet_until

    def next_chance(self, instant: datetime) -> datetime | None:
        """Return the first instant from this one on when an order may go out, None when too late.

        The instant itself comes back when it is one.
        """
        chance = max(instant, self.send_from)
        if self.quiet(chance):
            chance = self.quiet_until
        return chance if chance < self.deadline else None


@lru_cache(maxsize=64)
def timetable(session: Session, hours: Hours = DEFAULT_HOURS) -> Timetable:
    """Lay out the day of a session.

    Proposing and sending stand at Seoul's wall clock on the session's own date, which is the
    evening before New York opens; sending never begins within `after_premarket` of the pre-market.
    Everything after the open follows New York, so a half day moves its limits with its close.
    """
    day, morning = session.day, session.day + timedelta(days=1)
    premarket = datetime.combine(day, _PREMARKET_OPENS, NEW_YORK)
    opens, closes = session.open.astimezone(SEOUL), session.close.astimezone(SEOUL)
    deadline = closes - hours.deadline
    final = _seoul(morning, hours.closes_final)
    settles = final if hours.at_official_close else closes
    quiet_ends_on = morning if hours.quiet_until <= hours.quiet_from else day
    return Timetable(
        session=session,
        propose_at=_seoul(day, hours.propose),
        send_from=max(_seoul(day, hours.send), premarket.astimezone(SEOUL) + hours.after_premarket),
        quiet_from=_seoul(day, hours.quiet_from),
        quiet_until=_seoul(quiet_ends_on, hours.quiet_until),
        verify_at=opens + hours.verify,
        deadline=deadline,
        emulate_from=closes - hours.emulate,
        emulate_until=closes - hours.emulate_until,
        reminders=tuple(sorted(deadline - before for before in hours.reminders)),
        unattended_at=deadline - hours.unattended,
        settle_at=settles + hours.settle,
        settle_again_at=settles + hours.settle_again,
        closes_final_at=final,
        foresee_at=closes + hours.settle if hours.at_official_close else None,
    )


def _seoul(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SEOUL)
