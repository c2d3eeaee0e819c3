"""Updates of the price store: idempotent, exact over splits, honest about what is not there."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import MuhanError
from bot.laboratory.bars import read_bars
from bot.laboratory.price_store import PriceStore, StoreDamaged
from bot.laboratory.price_update import (
    ASKED_AGAIN,
    EARLIEST,
    NoBars,
    OtherSource,
    last_finished,
)
from bot.sessions import Calendar
from strategy.corporate_actions import SplitOn
from tests.bot.laboratory.price_table import (
    CALENDAR,
    LAST,
    NOON_AFTER,
    Table,
    bar,
    closed_on,
    csv_of,
    open_on,
    sessions,
    traded,
    updated,
)

DAYS = sessions(60)
SEAM = DAYS[30]
TWO = SplitOn(day=SEAM, new=2, old=1)


def _at(day: date, hour: int = 13) -> datetime:
    """Give an hour in Seoul on the day after a session."""
    return NOON_AFTER.replace(hour=hour) + (day - LAST)


def _closes(home: Path) -> dict[date, Decimal]:
    return {each.day: each.close for each in read_bars(PriceStore(home).path("TQQQ"))}


# -- filling and updating -------------------------------------------------------------------


def test_a_first_update_stores_all_there_is(tmp_path: Path) -> None:
    table = Table(traded(DAYS))
    done = updated(tmp_path, table)
    card = done.stored.card
    assert table.asked == [(EARLIEST, LAST)]
    assert (done.added, done.corrected, done.changed, done.anew) == (60, (), (), False)
    assert (card.earliest, card.whole_from, card.reason) == (True, DAYS[0], "")
    assert (card.gaps, card.strays, card.odd, card.jumps, card.seams) == ((), (), (), (), ())
    assert (card.source, card.exchange, card.asked_at) == ("KIS", "NASDAQ", NOON_AFTER)
    assert card.provisional is None
    assert list(_closes(tmp_path)) == DAYS


def test_an_update_asks_the_last_days_again_and_changes_nothing(tmp_path: Path) -> None:
    table = Table(traded(DAYS, [TWO]), splits=[TWO], announces=True)
    first = updated(tmp_path, table)
    before = csv_of(tmp_path)
    again = updated(tmp_path, table)
    assert table.asked[1] == (DAYS[-ASKED_AGAIN], LAST)
    assert (again.added, again.changed, again.new_seams) == (0, (), ())
    assert again.stored == first.stored
    assert csv_of(tmp_path) == before


ratios = st.sampled_from([(2, 1), (3, 1), (15, 1), (1, 4), (1, 15)])
# Two splits of one stock lie further apart than KIS's dates of one.
splits_made = st.tuples(
    st.none() | st.tuples(st.integers(1, 10), ratios),
    st.none() | st.tuples(st.integers(28, 39), ratios),
)


@settings(max_examples=40, deadline=None)
@given(stops=st.sets(st.integers(2, 39), max_size=4), made=splits_made)
def test_a_store_that_grew_is_the_store_that_was_filled_at_once(
    stops: set[int],
    made: tuple[tuple[int, tuple[int, int]] | None, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    days = sessions(40)
    splits = [
        SplitOn(day=days[each[0]], new=each[1][0], old=each[1][1])
        for each in made
        if each is not None
    ]
    table = Table(traded(days, splits), splits=splits, announces=True)
    grown, at_once = tmp_path_factory.mktemp("grown"), tmp_path_factory.mktemp("at-once")
    for stop in [*sorted(stops), 39]:
        known = [split for split in splits if split.day <= days[stop]]
        part = replace(table, bars=table.bars[: stop + 1], splits=known, asked=[])
        updated(grown, part, now=_at(days[stop]))
    done = updated(at_once, table)
    assert csv_of(grown) == csv_of(at_once)
    assert {seam.split.day for seam in done.stored.card.seams} == {each.day for each in splits}


def test_the_session_that_runs_is_not_stored(tmp_path: Path) -> None:
    during = datetime.combine(LAST, datetime.min.time()).replace(tzinfo=NOON_AFTER.tzinfo)
    table = Table(traded(DAYS))
    updated(tmp_path, table, now=during + timedelta(hours=25))  # 01:00 in Seoul: it trades
    assert table.asked == [(EARLIEST, DAYS[-2])]
    assert list(_closes(tmp_path))[-1] == DAYS[-2]
    assert last_finished(CALENDAR, during + timedelta(hours=31)) == LAST


def test_a_provisional_bar_is_corrected_quietly_and_another_change_is_told(tmp_path: Path) -> None:
    bars = traded(DAYS)
    early = updated(tmp_path, Table(bars), now=_at(LAST, hour=7))
    assert early.stored.card.provisional == LAST
    changed = [*bars[:-3], bar(DAYS[-3], 77), bars[-2], bar(LAST, 66)]
    done = updated(tmp_path, Table(changed))
    assert [change.after.day for change in done.corrected] == [LAST]
    assert [change.after.day for change in done.changed] == [DAYS[-3]]
    assert done.changed[0].before == bars[-3]
    assert done.stored.card.provisional is None
    assert _closes(tmp_path)[LAST] == 66
    assert _closes(tmp_path)[DAYS[-3]] == 77


def test_after_noon_a_change_of_the_last_bar_is_told_too(tmp_path: Path) -> None:
    bars = traded(DAYS)
    updated(tmp_path, Table(bars))
    done = updated(tmp_path, Table([*bars[:-1], bar(LAST, 66)]))
    assert [change.after.day for change in done.changed] == [LAST]


# -- what is not there ----------------------------------------------------------------------


def test_a_session_without_a_bar_is_told_and_not_filled(tmp_path: Path) -> None:
    bars = [each for each in traded(DAYS) if each.day not in {DAYS[7], DAYS[50]}]
    done = updated(tmp_path, Table(bars))
    assert done.stored.card.gaps == (DAYS[7], DAYS[50])
    assert DAYS[7] not in _closes(tmp_path)


def test_the_owners_calendar_decides_what_is_a_gap(tmp_path: Path) -> None:
    bars = [each for each in traded(DAYS) if each.day != DAYS[7]]
    assert updated(tmp_path, Table(bars), calendar=closed_on(DAYS[7])).stored.card.gaps == ()
    sunday = next(
        DAYS[0] + timedelta(days=n) for n in range(7) if (DAYS[0] + timedelta(days=n)).weekday() > 5
    )
    strayed = sorted([*bars, bar(sunday)], key=lambda each: each.day)
    done = updated(tmp_path / "other", Table(strayed))
    assert done.stored.card.strays == (sunday,)
    assert (
        updated(tmp_path / "third", Table(strayed), calendar=open_on(sunday)).stored.card.strays
        == ()
    )


def test_a_bar_that_contradicts_itself_is_left_out_until_it_is_mended(tmp_path: Path) -> None:
    bars = traded(DAYS)
    wrong = replace(bars[-1], open=bars[-1].high + 5)
    done = updated(tmp_path, Table([*bars[:-1], wrong]))
    assert done.stored.card.odd == (LAST,)
    assert LAST not in _closes(tmp_path)
    done = updated(tmp_path, Table(bars))
    assert (done.stored.card.odd, done.added) == ((), 1)


def test_an_asking_that_is_cut_short_keeps_what_came_and_the_next_gets_the_rest(
    tmp_path: Path,
) -> None:
    table = Table(traded(DAYS, [TWO]), splits=[TWO], announces=True, cut_at=DAYS[40])
    done = updated(tmp_path, table)
    card = done.stored.card
    assert (card.reason, card.whole_from, card.earliest) == (
        "page 2 failed: EGW00300",
        DAYS[40],
        False,
    )
    assert list(_closes(tmp_path)) == DAYS[40:]
    table.cut_at = None
    done = updated(tmp_path, table)
    assert table.asked[-1] == (EARLIEST, LAST)
    assert (done.added, done.stored.card.earliest, done.stored.card.reason) == (40, True, "")
    assert list(_closes(tmp_path)) == DAYS


def test_an_update_that_is_cut_short_loses_nothing_and_is_not_called_whole(tmp_path: Path) -> None:
    bars = traded(DAYS)
    updated(tmp_path, Table(bars[:20]), now=_at(DAYS[19]))
    done = updated(tmp_path, Table(bars, cut_at=DAYS[50]))
    card = done.stored.card
    assert (card.whole_from, card.earliest) == (DAYS[50], False)
    assert card.gaps == tuple(DAYS[20:50])
    assert list(_closes(tmp_path)) == [*DAYS[:20], *DAYS[50:]]
    whole = updated(tmp_path, Table(bars))
    assert (whole.stored.card.gaps, whole.stored.card.earliest) == ((), True)
    # A cut that still joins what was whole leaves it whole.
    joined = updated(tmp_path, Table(bars, cut_at=DAYS[-3]))
    assert (joined.stored.card.earliest, joined.stored.card.whole_from) == (True, DAYS[0])


def test_a_later_start_is_kept_to_until_an_earlier_one_is_wanted(tmp_path: Path) -> None:
    table = Table(traded(DAYS))
    done = updated(tmp_path, table, start=DAYS[20], end=DAYS[50])
    assert (done.stored.first, done.stored.last) == (DAYS[20], DAYS[50])
    assert (done.stored.card.whole_from, done.stored.card.earliest) == (DAYS[20], False)
    updated(tmp_path, table, start=DAYS[25])
    assert table.asked[-1] == (DAYS[41], LAST)
    done = updated(tmp_path, table, start=DAYS[10])
    assert table.asked[-1] == (DAYS[10], LAST)
    assert (done.stored.first, done.stored.card.whole_from) == (DAYS[10], DAYS[10])
    done = updated(tmp_path, table)
    assert (done.stored.first, done.stored.card.earliest) == (DAYS[0], True)


@pytest.mark.parametrize(
    "days", [{"start": date(2030, 1, 1)}, {"end": date(1980, 1, 1)}, {"end": date(1950, 1, 1)}]
)
def test_days_that_kis_has_no_bars_of_are_refused(days: dict[str, date], tmp_path: Path) -> None:
    with pytest.raises(NoBars):
        updated(tmp_path, Table(traded(DAYS)), **days)  # type: ignore[arg-type]  # by name
    assert not PriceStore(tmp_path).folder.exists()


def test_kis_being_silent_leaves_the_store_as_it_is(tmp_path: Path) -> None:
    updated(tmp_path, Table(traded(DAYS)[:30]), now=_at(DAYS[29]))
    before = csv_of(tmp_path)
    with pytest.raises(MuhanError, match="점검"):
        updated(tmp_path, Table(traded(DAYS), silent=MuhanError("점검", "down")))
    assert csv_of(tmp_path) == before


def test_two_markets_are_not_mixed(tmp_path: Path) -> None:
    updated(tmp_path, Table(traded(DAYS), name="simulator"))
    before = csv_of(tmp_path)
    with pytest.raises(OtherSource, match="simulator"):
        updated(tmp_path, Table(traded(DAYS)))
    assert csv_of(tmp_path) == before


def test_a_damaged_store_is_fetched_anew_and_told(tmp_path: Path) -> None:
    table = Table(traded(DAYS))
    updated(tmp_path, table)
    before = csv_of(tmp_path)
    path = PriceStore(tmp_path).path("TQQQ")
    path.write_text(before.replace("60", "61"))
    with pytest.raises(StoreDamaged):
        PriceStore(tmp_path).read("TQQQ")
    done = updated(tmp_path, table)
    assert (done.anew, done.added) == (True, 60)
    assert csv_of(tmp_path) == before


def test_a_calendar_that_ends_says_so(tmp_path: Path) -> None:
    with pytest.raises(MuhanError, match="달력"):
        updated(tmp_path, Table(traded(DAYS)), calendar=Calendar(last_year=2025))
