"""One run's history alone, and what its money would have done held or spread on the same days."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from bot.charts.of_rounds import Splits, shares_now
from bot.events import CycleChanged
from bot.reports.record import Record, record
from bot.reports.rivals import Rival, RivalsAsked, rivals
from bot.storage.views import RoundView
from strategy.model import Bar
from strategy.price import round12

FEWEST = 2
_PLAIN = 2
"""Holding and spreading come first of the rivals."""


def alone(whole: Record, changes: Sequence[CycleChanged], cycle_id: int) -> Record:
    """Read the history of one run alone."""
    rounds = [one for one in whole.rounds if one.cycle_id == cycle_id]
    return record(rounds, [one for one in changes if one.cycle_id == cycle_id])


def plain_rivals(own: Record, before: Decimal, splits: Splits) -> tuple[Rival, ...]:
    """Play holding and spreading over the closes that the run itself was settled by.

    `before` is the close that its first evening was planned with (USD), and `splits` the symbol's:
    closes are brought to the shares of now. Empty while the run is shorter than two sessions, and
    where one was settled without a close.
    """
    closes = [_close(each, splits) for each in own.rounds]
    known = [bar for bar in closes if bar is not None]
    if len(known) < FEWEST or len(known) < len(closes):
        return ()
    first = known[0].day
    asked = RivalsAsked(
        rules=own.settlements[0].before.rules,
        principal=own.curve[0].put_in,
        history=(_bar(own.rounds[0], before / shares_now(first, splits)),),
        bars=tuple(known),
    )
    return tuple(islice(rivals(asked), _PLAIN))


def _close(each: RoundView, splits: Splits) -> Bar | None:
    settled = each.settlement
    close = each.official_close or (settled.close if settled else None)
    return None if close is None else _bar(each, close / shares_now(each.session, splits))


def _bar(each: RoundView, close: Decimal) -> Bar:
    """Lay a bar of a close alone: neither way of investing looks at anything else."""
    price = round12(close)
    return Bar(day=each.session, open=price, high=price, low=price, close=price)
