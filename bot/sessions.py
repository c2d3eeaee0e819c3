"""When New York trades: sessions with half days and overrides.

The rules come from `holidays` (financial NYSE). Closures announced late (2012-10-29, 2018-12-05
and 2025-01-09 were) are written by the owner into `MUHAN_HOME/sessions.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from holidays import HolidayBase, financial_holidays
from holidays.constants import HALF_DAY, PUBLIC

from bot.clock import NEW_YORK
from bot.errors import CalendarEnded, OverridesError

OVERRIDES_NAME = "sessions.csv"
LAST_YEAR = 2027
"""The last year held against two other calendars; the rules may change after it."""

MOST_KNOWN = 2000
"""Days that are kept looked up: years of a running bot would add up."""

_OPEN = time(9, 30)
_CLOSE = time(16, 0)
_EARLY_CLOSE = time(13, 0)
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One regular session of the NYSE: `open` and `close` are aware, in New York time."""

    day: date
    open: datetime
    close: datetime

    @property
    def early_close(self) -> bool:
        """Tell whether the closing auction comes before 16:00 in New York."""
        return self.close.astimezone(NEW_YORK).time() < _CLOSE


Overrides = Mapping[date, Session | None]
"""What the owner wrote: a day's session, or None for a closure."""


def session_on(day: date, *, opens: time = _OPEN, closes: time = _CLOSE) -> Session:
    """Return a session of that day with New York times, whatever the calendar says."""
    return Session(
        day=day,
        open=datetime.combine(day, opens, NEW_YORK),
        close=datetime.combine(day, closes, NEW_YORK),
    )


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Which days have a session, and when it opens and closes.

    Every question about a day after `last_year` raises `CalendarEnded`: a calendar that guesses
    would trade on a holiday.
    """

    overrides: Overrides = field(default_factory=dict)
    last_year: int = LAST_YEAR
    _closures: HolidayBase = field(init=False, repr=False, default_factory=lambda: _rules(PUBLIC))
    _half_days: HolidayBase = field(
        init=False, repr=False, default_factory=lambda: _rules(HALF_DAY)
    )
    _known: dict[date, Session | None] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def session(self, day: date) -> Session | None:
        """Return the session of a New York date, None when the exchange is closed."""
        if day.year > self.last_year:
            raise _ended(day, self.last_year)
        if day not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[day] = self._looked_up(day)
        return self._known[day]

    def _looked_up(self, day: date) -> Session | None:
        if day in self.overrides:
            return self.overrides[day]
        if day.weekday() >= _SATURDAY or day in self._closures:
            return None
        return session_on(day, closes=_EARLY_CLOSE if day in self._half_days else _CLOSE)

    def next_after(self, instant: datetime) -> Session:
        """Return the first session that opens after an aware instant."""
        session = self.current_or_next(instant)
        return session if session.open > instant else self.following(session.day)

    def current_or_next(self, instant: datetime) -> Session:
        """Return the session that is open at an aware instant, else the next one to open."""
        session = self._from(instant.astimezone(NEW_YORK).date())
        return session if instant < session.close else self.following(session.day)

    def following(self, day: date) -> Session:
        """Return the first session after a New York date."""
        return self._from(day + _ONE_DAY)

    def previous(self, day: date) -> Session:
        """Return the last session before a New York date."""
        day -= _ONE_DAY
        while (session := self.session(day)) is None:
            day -= _ONE_DAY
        return session

    def between(self, start: date, end: date) -> list[Session]:
        """Return the sessions from one New York date to another, both included, in order."""
        days = (start + timedelta(days=n) for n in range((end - start).days + 1))
        return [session for day in days if (session := self.session(day)) is not None]

    def _from(self, day: date) -> Session:
        while (session := self.session(day)) is None:
            day += _ONE_DAY
        return session


def load_calendar(home: Path, *, last_year: int = LAST_YEAR) -> Calendar:
    """Return the calendar with the overrides of `home/sessions.csv`, where there is such a file.

    Raises `OverridesError` with the number of the first line that cannot be read.
    """
    path = home / OVERRIDES_NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Calendar(last_year=last_year)
    except (OSError, UnicodeDecodeError):
        raise OverridesError(
            f"{path} 파일을 읽을 수 없습니다: UTF-8 텍스트로 다시 저장하고 권한을 확인해 주세요.",
            f"{path} cannot be read: save it as UTF-8 text and look at its permissions.",
        ) from None
    return Calendar(overrides=parse_overrides(text, source=path), last_year=last_year)


def parse_overrides(text: str, *, source: Path) -> dict[date, Session | None]:
    """Read override lines: `2025-01-09,closed` or `2026-07-02,09:30,13:00` (New York times).

    Blank lines, lines that begin with # and the heading `date,open,close` are passed over. Raises
    `OverridesError` naming `source` and the line for anything else, and for a day written twice.
    """
    overrides: dict[date, Session | None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split(",")]
        if cells == [""] or cells[0].startswith("#") or cells == ["date", "open", "close"]:
            continue
        try:
            day, session = _override(cells)
        except ValueError:
            raise _malformed(source, number, "") from None
        if day in overrides:
            raise _malformed(source, number, str(day))
        overrides[day] = session
    return overrides


def _override(cells: list[str]) -> tuple[date, Session | None]:
    day = _exact_date(cells[0])
    if cells[1:] in (["closed"], ["closed", ""]):
        return day, None
    opens, closes = (_exact_time(cell) for cell in cells[1:])
    if opens >= closes:
        raise ValueError
    return day, session_on(day, opens=opens, closes=closes)


def _exact_date(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def _exact_time(text: str) -> time:
    instant = time.fromisoformat(text)
    if instant.strftime("%H:%M") != text:
        raise ValueError(text)
    return instant


def _rules(category: str) -> HolidayBase:
    return financial_holidays("NYSE", categories=(category,))


def _ended(day: date, last_year: int) -> CalendarEnded:
    return CalendarEnded(
        f"{day} 거래일을 알 수 없습니다: 이 판의 뉴욕 거래소 달력은 {last_year}년까지입니다. "
        "무한을 새 판으로 올려 주세요.",
        f"Whether New York trades on {day} is not known: this version's calendar ends with "
        f"{last_year}. Update Muhan.",
    )


def _malformed(source: Path, line: int, twice: str) -> OverridesError:
    what, what_english = (
        (f"{twice}이(가) 두 번 적혀 있습니다", f"{twice} stands there twice")
        if twice
        else ("읽을 수 없습니다", "cannot be read")
    )
    return OverridesError(
        f"{source} {line}번째 줄: {what}. 2025-01-09,closed 또는 2026-07-02,09:30,13:00 "
        "(뉴욕 시각)처럼 고쳐 주세요.",
        f"{source}, line {line}: {what_english}. Write it like 2025-01-09,closed or "
        "2026-07-02,09:30,13:00 (New York time).",
    )
