"""The cycles that sold their last share: what each cost, brought and took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.events import RoundSettled
from bot.reports.trades import Trade, spent
from strategy.cycle import FinishedCycle
from strategy.model import ZERO, Cycle, Phase, Side

HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Completed:
    """A finished cycle; `place` counts all of the account's from 1, in the order of their ends.

    `bought` and `sold` are USD before fees; `left_normal` when it ever was in the reverse or
    quarter phase. `taken_over` is what the shares had cost that it began with. `following` is the
    cycle that came of its money.
    """

    place: int
    cycle_id: int
    symbol: str
    method: str
    splits: int
    cycle: FinishedCycle
    bought: Decimal
    sold: Decimal
    taken_over: Decimal
    left_normal: bool
    following: Cycle

    @property
    def return_percent(self) -> Decimal:
        """Give what it realized in percent of its principal; 0 where that is 0."""
        principal = self.cycle.principal
        return self.cycle.realized / principal * HUNDRED if principal else ZERO


def completed(
    settlements: Iterable[RoundSettled], traded: Sequence[Trade]
) -> tuple[Completed, ...]:
    """List every finished cycle, the first that ended first."""
    ordered = sorted(settlements, key=lambda settled: (settled.session, settled.cycle_id))
    left = {
        (settled.cycle_id, settled.before.number)
        for settled in ordered
        if settled.before.phase is not Phase.NORMAL
    }
    begun: dict[tuple[int, int], Cycle] = {}
    for settled in ordered:
        begun.setdefault((settled.cycle_id, settled.before.number), settled.before)
    ended = [settled for settled in ordered if settled.finished is not None]
    return tuple(
        _completed(place, settled, settled.finished, traded, left=left, begun=begun)
        for place, settled in enumerate(ended, 1)
        if settled.finished is not None
    )


def _completed(
    place: int,
    settled: RoundSettled,
    finished: FinishedCycle,
    traded: Sequence[Trade],
    *,
    left: set[tuple[int, int]],
    begun: Mapping[tuple[int, int], Cycle],
) -> Completed:
    run = (settled.cycle_id, finished.number)
    own = [trade for trade in traded if (trade.cycle_id, trade.number) == run]
    rules, first = settled.before.rules, begun[run]
    return Completed(
        place=place,
        cycle_id=settled.cycle_id,
        symbol=rules.symbol,
        method=rules.method,
        splits=rules.splits,
        cycle=finished,
        bought=spent(own, Side.BUY),
        sold=spent(own, Side.SELL),
        taken_over=first.quantity * first.average,
        left_normal=run in left,
        following=settled.after,
    )
