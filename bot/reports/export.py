"""Which tables go into a file: trades, finished cycles, taxed sales, or all of them."""

from collections.abc import Sequence
from enum import StrEnum

from bot.reports import record, sheets
from bot.reports.sheets import Sheet
from bot.storage.views import Views
from bot.tax import Gain


class What(StrEnum):
    TRADES = "trades"
    CYCLES = "cycles"
    TAX = "tax"
    ALL = "all"

    @property
    def taxes(self) -> bool:
        return self in (What.TAX, What.ALL)


class Form(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


def name_of(what: What, form: Form, year: int | None) -> str:
    """Name the file of a year (None: of all years)."""
    return f"muhan-{what.value}{f'-{year}' if year else ''}.{form.value}"


async def tables(
    views: Views, what: What, year: int | None, language: str, gains: Sequence[Gain] = ()
) -> tuple[Sheet, ...]:
    """Read the tables; `gains` are the taxed sales of every year, where they are asked for.

    Trades belong to the year of their session, cycles to that of their end, taxed sales to that of
    their settlement.
    """
    history = await record.read(views)
    made: list[Sheet] = []
    if what in (What.TRADES, What.ALL):
        traded = [one for one in history.trades if year in (None, one.session.year)]
        made.append(sheets.trades(traded, language))
    if what in (What.CYCLES, What.ALL):
        ended = [one for one in history.completed if year in (None, one.cycle.ended.year)]
        made.append(sheets.cycles(ended, language))
    if what.taxes:
        taxed = [one for one in gains if year in (None, one.settled.year)]
        made.append(sheets.tax(taxed, language))
    return tuple(made)
