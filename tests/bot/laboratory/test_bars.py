from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory.bars import (
    FileRefused,
    digest,
    missing_sessions,
    parse_bars,
    read_bars,
)

PRICES = Path(__file__).parents[3] / ".." / "shared" / "data" / "prices"
HEADER = "date,open,high,low,close,volume\n"
FIRST = "2026-10-05,50,51,49,50.5,1000\n"
SECOND = "2026-10-06,50.5,52,50,51,1100\n"
THIRD = "2026-10-07,51,52,50,51,900\n"


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "X.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _refusal(content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(FileRefused) as caught:
        parse_bars(data, "X.csv")
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_bars_come_oldest_first_and_half_up_to_the_cent(tmp_path: Path) -> None:
    content = HEADER + "2026-10-05,50.005,51.004,49.995,50.5,1000\n" + SECOND
    bars = read_bars(_file(tmp_path, content))
    assert [bar.day for bar in bars] == [date(2026, 10, 5), date(2026, 10, 6)]
    first = bars[0]
    assert [str(first.open), str(first.high), str(first.low)] == ["50.01", "51.00", "50.00"]
    assert first.volume == 1000


def test_columns_may_stand_anywhere_and_others_are_ignored() -> None:
    content = b"volume,Close,open,colour,low,high,date\n1,50,50,red,49,51,2026-10-05\n"
    (bar,) = parse_bars(content, "X.csv")
    assert (bar.close, bar.low, bar.high) == (Decimal(50), Decimal(49), Decimal(51))


def test_a_byte_order_mark_and_dos_line_ends_are_read() -> None:
    content = ("\ufeff" + HEADER + FIRST + SECOND).replace("\n", "\r\n").encode()
    assert len(parse_bars(content, "X.csv")) == 2


def test_a_scale_multiplies_prices_and_divides_volume_before_rounding() -> None:
    content = (HEADER + "2026-10-05,0.505,0.515,0.4951,0.5055,1000\n").encode()
    (bar,) = parse_bars(content, "X.csv", scale=Decimal(10))
    assert [str(bar.open), str(bar.low), str(bar.close)] == ["5.05", "4.95", "5.06"]
    assert bar.volume == 100


@pytest.mark.parametrize("scale", ["0", "-1", "NaN", "Infinity"])
def test_a_scale_that_is_none_is_refused(scale: str) -> None:
    with pytest.raises(FileRefused, match="the scale must be a number above 0"):
        parse_bars((HEADER + FIRST).encode(), "X.csv", scale=Decimal(scale))


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("2026-10-07,,52,50,51,1", "the open is blank"),
        ("2026-10-07,51,52,50,51", "the volume is blank"),
        (",51,52,50,51,1", "the date is blank"),
        ("2026-10-07,x,52,50,51,1", "the open 'x' is not a number"),
        ("2026-10-07,51,nan,50,51,1", "the high 'nan' is not a number"),
        ("2026-10-07,51,inf,50,51,1", "the high 'inf' is not a number"),
        ("2026-10-07,51,5_2,50,51,1", "the high '5_2' is not a number"),
        ("2026-10-07,51,1e999,50,51,1", "the high '1e999' is not a number"),
        ("2026-10-07,51,1e30,50,51,1", "the high 1E+30 is beyond reason"),
        ("2026-10-07,51,52,0,51,1", "the low 0 is not above 0"),
        ("2026-10-07,51,52,50,-51,1", "the close -51 is not above 0"),
        ("2026-10-07,51,52,0.004,51,1", "less than half a cent"),
        ("2026-10-07,51,52,50,51,-1", "the volume -1 is negative"),
        ("2026-10-07,51,50.5,50,51,1", "the high 50.50 is below"),
        ("2026-10-07,51,52,51.5,51,1", "the low 51.50 is above"),
        ("2026-10-06,51,52,50,51,1", "the date 2026-10-06 comes twice"),
        ("2026-10-05,51,52,50,51,1", "the date 2026-10-05 is out of order"),
        ("20261007,51,52,50,51,1", "is not a day written YYYY-MM-DD"),
        ("2026-10-32,51,52,50,51,1", "is not a day written YYYY-MM-DD"),
    ],
)
def test_a_bad_row_is_refused_with_file_and_line(row: str, complaint: str) -> None:
    sentence = _refusal(HEADER + FIRST + SECOND + row + "\n")
    assert sentence.startswith("X.csv, line 4: ")
    assert complaint in sentence


@pytest.mark.parametrize("column", ["date", "open", "high", "low", "close", "volume"])
def test_a_missing_column_is_named(column: str) -> None:
    header = HEADER.replace(column, "other")
    assert _refusal(header + FIRST) == f"X.csv, line 1: the column {column} is missing"


def test_a_column_that_comes_twice_is_named() -> None:
    sentence = _refusal("date,open,high,low,close,volume,close\n")
    assert sentence == "X.csv, line 1: the column close comes twice"


def test_empty_files_and_lone_headers_are_refused() -> None:
    assert _refusal("") == "X.csv: the file is empty"
    assert _refusal(HEADER) == "X.csv: the file has no row under its header"


def test_what_is_not_text_is_refused() -> None:
    assert _refusal(HEADER.encode() + b"\xff\xfe\n") == "X.csv, line 2: the file is not UTF-8 text"
    assert "zero byte" in _refusal(HEADER.encode() + b"2026\0")
    assert "not CSV" in _refusal(HEADER + '2026-10-05,"50,51\n')


def test_a_file_that_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="there is no such file"):
        read_bars(tmp_path / "missing.csv")
    with pytest.raises(FileRefused, match="cannot be read"):
        read_bars(tmp_path)


def test_holidays_weekends_and_rows_on_days_without_a_session_are_no_gap() -> None:
    rows = [
        "2026-11-25,50,51,49,50,1",
        "2026-11-26,50,51,49,50,1",  # Thanksgiving
        "2026-11-27,50,51,49,50,1",
        "2026-11-30,50,51,49,50,1",
    ]
    for kept in (rows, [rows[0], *rows[2:]]):
        bars = parse_bars((HEADER + "\n".join(kept)).encode(), "X.csv")
        assert len(bars) == len(kept)
        assert missing_sessions(bars) == []


def test_a_session_without_a_bar_is_named_and_nothing_put_in_its_place() -> None:
    bars = parse_bars((HEADER + FIRST + "2026-10-08,51,52,50,51,1\n").encode(), "X.csv")
    assert [bar.day for bar in bars] == [date(2026, 10, 5), date(2026, 10, 8)]
    assert missing_sessions(bars) == [date(2026, 10, 6), date(2026, 10, 7)]
    assert missing_sessions([]) == []


def test_a_closure_that_the_calendar_missed_can_be_named() -> None:
    bars = parse_bars((HEADER + FIRST + THIRD).encode(), "X.csv")
    assert missing_sessions(bars, closed={date(2026, 10, 6)}) == []


def test_a_bar_under_a_dollar_is_refused_unless_allowed() -> None:
    content = (HEADER + "2026-10-05,1,1.2,0.99,1.1,5\n" + SECOND).encode()
    assert "line 2: a price under $1 (0.99)" in _refusal(content)
    assert len(parse_bars(content, "X.csv", allow_penny=True)) == 2
    assert len(parse_bars(content, "X.csv", scale=Decimal(2))) == 2


def test_pennies_count_from_the_row_before_the_start_on() -> None:
    content = (HEADER + "2026-10-05,1,1.2,0.99,1.1,5\n" + SECOND + THIRD).encode()
    assert len(parse_bars(content, "X.csv", start=date(2026, 10, 7))) == 3
    with pytest.raises(FileRefused, match="line 2: a price under"):
        parse_bars(content, "X.csv", start=date(2026, 10, 6))


def test_a_digest_is_the_files_sha_256() -> None:
    assert digest(b"abc").startswith("ba7816bf8f01cfea")


@pytest.mark.skipif(not PRICES.exists(), reason="no ../shared/data/prices beside the project")
@pytest.mark.parametrize("symbol", ["QQQ", "TQQQ", "SOXL"])
def test_the_real_bars_read_without_a_false_gap(symbol: str) -> None:
    bars = read_bars(PRICES / f"{symbol}.csv", allow_penny=True)
    assert len(bars) > 4000
    assert missing_sessions(bars) == []


@pytest.mark.skipif(not PRICES.exists(), reason="no ../shared/data/prices beside the project")
def test_a_real_file_with_a_row_taken_out_misses_that_session() -> None:
    lines = (PRICES / "TQQQ.csv").read_bytes().splitlines(keepends=True)
    bars = parse_bars(b"".join([*lines[:1999], *lines[2000:]]), "X.csv", allow_penny=True)
    assert missing_sessions(bars) == [date.fromisoformat(lines[1999][:10].decode())]
