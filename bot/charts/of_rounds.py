"""A cycle's picture out of its settled rounds, in today's shares."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from bot.charts.model import CycleDay, CyclePicture, Mark
from bot.events import RoundSettled
from bot.storage.views import RoundView
from bot.trading.fills import fills
from strategy.changes import ShareSplit
from strategy.model import Leg, Plan, Side
from strategy.price import round12

Splits = Sequence[tuple[date, ShareSplit]]
"""A symbol's share splits, each with the first session at the new price."""

_HUNDRED = Decimal(100)


def cycle_picture(
    rounds: Iterable[RoundView], number: int, splits: Splits, *, language: str, amounts: bool
) -> CyclePicture | None:
    """Describe the picture of a cycle by the rounds of its run; None before its first close.

    `number` is the cycle's own in the run. Prices before a share split are given as after it.
    """
    own = sorted(
        (each for each in rounds if each.settlement and each.settlement.before.number == number),
        key=lambda each: each.session,
    )
    days = tuple(_day(each, each.settlement, splits) for each in own if each.settlement)
    if not days or own[-1].settlement is None:
        return None
    rules = own[-1].settlement.before.rules
    return CyclePicture(
        language=language,
        amounts=amounts,
        symbol=rules.symbol,
        method=rules.method,
        splits=rules.splits,
        number=number,
        days=days,
        marks=tuple(mark for each in own for mark in _marks(each, splits)),
    )


def _day(view: RoundView, settled: RoundSettled, splits: Splits) -> CycleDay:
    plan, before, after = view.plan, settled.before, settled.after
    # The cycle that sold its last share is over: what stands after it is the next one's.
    average = before.average if settled.finished else after.average
    now = shares_now(view.session, splits)
    return CycleDay(
        day=view.session,
        close=_scaled(view.official_close or settled.close, now),
        average=_scaled(average or None, now),
        star=_scaled(plan.star_price if plan else None, now),
        target=_scaled(_target(plan), now),
        exhaustion=Decimal(0) if settled.finished else after.turn / after.rules.splits * _HUNDRED,
        phase=plan.cycle.phase if plan else before.phase,
    )


def _target(plan: Plan | None) -> Decimal | None:
    orders = plan.orders if plan else ()
    return next((order.price for order in orders if order.leg is Leg.TARGET), None)


def _marks(view: RoundView, splits: Splits) -> list[Mark]:
    """Give a session's fills, one for each side and price."""
    if view.plan is None:
        return []
    now = shares_now(view.session, splits)
    found: dict[tuple[Side, Decimal], int] = {}
    for fill in fills(view.plan, view.orders):
        if fill.quantity:
            key = (fill.order.side, fill.price)
            found[key] = found.get(key, 0) + fill.quantity
    return [
        Mark(
            day=view.session,
            side=side,
            price=round12(price / now),
            quantity=int(quantity * now),
        )
        for (side, price), quantity in found.items()
    ]


def shares_now(day: date, splits: Splits) -> Decimal:
    """Give how many of today's shares one of that day's shares is."""
    ratio = Decimal(1)
    for first, split in splits:
        if day < first:
            ratio = ratio * split.new / split.old
    return ratio


def _scaled(price: Decimal | None, ratio: Decimal) -> Decimal | None:
    return None if price is None else round12(price / ratio)
