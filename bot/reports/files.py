"""Tables as files that a spreadsheet opens: CSV, and XLSX with a sheet for each."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from bot.reports.sheets import Cell, Sheet
from strategy.price import plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST, NARROWEST = 24, 8


def to_csv(sheet: Sheet) -> bytes:
    """Write a table as CSV in UTF-8 with its mark, which Excel needs to read Korean."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.heads)
    writer.writerows([_text(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{plain(cell):f}"
    if isinstance(cell, date):
        return cell.isoformat()
    # A spreadsheet takes a text that begins like a formula for one.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else str(cell)


def to_xlsx(sheets: Sequence[Sheet], made: datetime) -> bytes:
    """Write tables as a workbook, headed and with numbers as numbers; `made` is its date (aware).

    A spreadsheet holds binary fractions of 15 digits: money is exact to the cent in it.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - 3 MiB that only an export needs

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        book.set_properties({"title": "Muhan", "created": made.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00##"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.title)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, sheet.heads, head)
            for number, row in enumerate(sheet.rows, 1):
                for column, cell in enumerate(row):
                    _write(page, (number, column), cell, day=day, money=money)
            for column, text in enumerate(sheet.heads):
                page.set_column(column, column, min(max(2 * len(text), NARROWEST), WIDEST))
    return content.getvalue()


def _write(page: Any, place: tuple[int, int], cell: Cell, **formats: object) -> None:
    match cell:
        case Decimal():
            page.write_number(*place, float(cell), formats["money"])
        case int():
            page.write_number(*place, cell)
        case date():
            page.write_datetime(*place, datetime(cell.year, cell.month, cell.day), formats["day"])  # noqa: DTZ001 - a spreadsheet's days have no zone
        case str():
            page.write_string(*place, cell)
