"""Tables as files: every number and day comes back out as it went in, and no text is a formula."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

from bot.reports import sheets
from bot.reports.files import to_csv, to_xlsx
from bot.reports.record import record
from bot.reports.sheets import Sheet
from bot.tax import Gain
from tests.bot.reports.history import played

MADE = datetime(2026, 10, 20, 6, 0, tzinfo=UTC)
UP = ["100", "100", "97", "94", "96", "99", "103", "108", "115", "121", "128", "130", "126", "131"]
GAIN = Gain(
    session=date(2026, 10, 8),
    settled=date(2026, 10, 13),
    symbol="TQQQ",
    quantity=24,
    proceeds=Decimal("2677.12"),
    cost=Decimal("2339.00"),
    fee=Decimal("12.56"),
    rate=Decimal("1387.5"),
    proceeds_krw=Decimal(3714504),
    cost_krw=Decimal(3245362),
    fee_krw=Decimal(17427),
)


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_trades_of_a_file_add_up_to_the_history() -> None:
    history = record(played(UP), ())
    heads, *rows = read(to_csv(sheets.trades(history.trades, "ko")))
    assert heads[:4] == ["미국 거래일", "종목", "사이클", "버전"]
    assert len(rows) == len(history.trades)
    realized = sum(Decimal(row[-1]) for row in rows)
    assert realized == sum(amount for _, amount in history.realized_by_day())
    assert {row[4] for row in rows} == {"매수", "매도"}


def test_a_file_is_headed_in_the_readers_language() -> None:
    history = record(played(UP), ())
    for made in (sheets.trades(history.trades, "en"), sheets.cycles(history.completed, "en")):
        assert all(head.isascii() for head in made.heads)
        assert all(len(row) == len(made.heads) for row in made.rows)


def test_a_taxed_sale_shows_both_monies_and_whose_rate() -> None:
    (heads, row) = read(to_csv(sheets.tax([GAIN], "ko")))
    named = dict(zip(heads, row, strict=True))
    assert named["양도차익 KRW"] == f"{GAIN.profit_krw:f}"
    assert named["결제일"] == "2026-10-13"
    assert named["환율 가정"] == ""


def test_a_text_that_begins_like_a_formula_is_none() -> None:
    odd = Sheet(name="odd", title="odd", heads=("a",), rows=(("=1+1",), ("@x",), ("TQQQ",)))
    assert [row[0] for row in read(to_csv(odd))] == ["a", "'=1+1", "'@x", "TQQQ"]
    pages = _pages(to_xlsx([odd], MADE))
    assert "<f>" not in pages["xl/worksheets/sheet1.xml"]


def test_a_workbook_has_a_sheet_for_each_table_and_numbers_as_numbers() -> None:
    history = record(played(UP), ())
    made = [
        sheets.trades(history.trades, "ko"),
        sheets.cycles(history.completed, "ko"),
        sheets.tax([GAIN], "ko"),
    ]
    content = to_xlsx(made, MADE)
    assert content == to_xlsx(made, MADE)
    pages = _pages(content)
    book = ET.fromstring(pages["xl/workbook.xml"])  # noqa: S314 - our own file
    names = [each.get("name") for each in book.iter() if each.tag.endswith("}sheet")]
    assert names == ["거래", "사이클", "양도세"]
    assert "<v>3714504</v>" in pages["xl/worksheets/sheet3.xml"]
    assert pages["xl/worksheets/sheet1.xml"].count("<row ") == len(history.trades) + 1


def _pages(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}
