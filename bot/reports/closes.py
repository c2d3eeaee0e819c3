"""The last close known of each cycle, in the shares of now."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from bot.events import RoundSettled

Splits = Iterable[tuple[str, date, int, int]]
"""Share splits: symbol, first session at the new price, new shares, old shares."""


def last_closes(settlements: Iterable[RoundSettled], splits: Splits) -> dict[int, Decimal]:
    """Give the last close (USD) by cycle; `settlements` are oldest first.

    A ledger moves to the new shares the evening before the first close at the new price: until
    then the close before it is brought to them too.
    """
    last = {one.cycle_id: one for one in settlements if one.close is not None}
    known = tuple(splits)
    return {cycle_id: _now(one, known) for cycle_id, one in last.items()}


def _now(settled: RoundSettled, splits: Splits) -> Decimal:
    close = settled.close or Decimal(0)
    for symbol, first_session, new, old in splits:
        if symbol == settled.before.rules.symbol and settled.session < first_session:
            close = close * old / new
    return close
