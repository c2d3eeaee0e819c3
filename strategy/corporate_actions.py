"""Share splits and dividends on the way of a backtest, and the tape of prices that they stand on.

A split takes effect before the plan of its ex-date: the cycle's shares and average and the closes
known so far are brought to the new shares. A dividend pays those who hold at the close before its
ex-date. Where the ex-date has no bar, the first bar after it stands for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from strategy.bookkeeping import adjusted_closes, apply
from strategy.changes import Dividend, ShareSplit
from strategy.errors import StrategyError
from strategy.model import ZERO, Bar, Cycle
from strategy.price import round_half_up

CLOSES_KEPT = 5
_LOWEST_MOVE, _HIGHEST_MOVE = Decimal("0.6"), Decimal("1.7")


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitOn:
    """`old` shares become `new` on the ex-date `day`."""

    day: date
    new: int
    old: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DividendOn:
    """`per_share` USD for every share held at the close before the ex-date `day`."""

    day: date
    per_share: Decimal


CorporateAction = SplitOn | DividendOn


@dataclass(frozen=True, kw_only=True, slots=True)
class Tape:
    """The prices of a run: the bar before it, its sessions' bars, and what falls due before each.

    `known` are the closes (USD) known before the first session, brought to its shares, oldest
    first; `due` holds by the place of a bar what takes effect before its session.
    """

    reference: Bar
    bars: Sequence[Bar]
    known: tuple[Decimal, ...]
    due: Mapping[int, tuple[CorporateAction, ...]]


def tape(before: Sequence[Bar], bars: Sequence[Bar], actions: Sequence[CorporateAction]) -> Tape:
    """Lay out a run's prices; `before` are bars before the first session (one at least).

    Only actions after the reference bar up to the last bar take part in the run; earlier ones
    adjust the closes between which they lie.
    """
    reference = before[-1]
    ordered = sorted(actions, key=_day_then_split)
    due = _by_place(ordered, reference.day, bars) if ordered else {}
    closes: tuple[Decimal, ...] = ()
    last = None
    for bar in before[-CLOSES_KEPT:]:
        if last is not None:
            closes = closes_after(closes, _between(ordered, last, bar.day))
        closes = (*closes, bar.close)
        last = bar.day
    return Tape(reference=reference, bars=bars, known=closes_after(closes, due.get(0, ())), due=due)


def check_splits(laid: Tape) -> None:
    """Refuse a split that the prices do not show: they are adjusted for it already.

    A split is shown when the open of its session is nearer to the split close than to the close
    itself. Raises StrategyError with one sentence.
    """
    for place, due in laid.due.items():
        for split in due:
            if isinstance(split, DividendOn):
                continue
            ratio = Decimal(split.new) / split.old
            bound = max(ratio, 1 / ratio)
            if not 1 / bound < (_moved(laid, place) * ratio) ** 2 < bound:
                raise StrategyError(
                    f"the prices do not show the split of {split.day} ({split.new}:{split.old}): "
                    "they are adjusted already, so leave the splits out, or it is another file's"
                )


def jumps(laid: Tape) -> tuple[date, ...]:
    """Name the sessions that open so far from the close before that a split may be behind it."""
    return tuple(
        bar.day
        for place, bar in enumerate(laid.bars)
        if place not in laid.due and not _LOWEST_MOVE < _moved(laid, place) < _HIGHEST_MOVE
    )


def _moved(laid: Tape, place: int) -> Decimal:
    """Give a session's open as a part of the close before it."""
    before = laid.bars[place - 1].close if place else laid.reference.close
    return laid.bars[place].open / before


def closes_after(closes: Sequence[Decimal], due: Sequence[CorporateAction]) -> tuple[Decimal, ...]:
    """Bring closes (USD) to the shares after what falls due; a dividend leaves them alone."""
    for action in due:
        if isinstance(action, SplitOn):
            closes = adjusted_closes(closes, ShareSplit(new=action.new, old=action.old))
    return tuple(closes)


def taken(cycle: Cycle, due: Sequence[CorporateAction], last_close: Decimal) -> Cycle:
    """Book what falls due on a cycle; `last_close` (USD) is the one before it, in its shares.

    A part of a share that a split leaves over is paid at the last close.
    """
    for action in due:
        if isinstance(action, DividendOn):
            amount = round_half_up(cycle.quantity * action.per_share)
            cycle = apply(cycle, Dividend(amount=amount)) if amount > 0 else cycle
            continue
        rest = cycle.quantity * action.new % action.old
        # rest / old of a new share, which is worth last close x old / new.
        paid = round_half_up(last_close * rest / action.new) if rest else None
        split = ShareSplit(new=action.new, old=action.old, cash_in_lieu=paid)
        cycle = apply(cycle, split)
        (last_close,) = adjusted_closes((last_close,), split)
    return cycle


def held_after(shares: Decimal, due: Sequence[CorporateAction]) -> tuple[Decimal, Decimal]:
    """Bring shares held (parts of a share too) past what falls due; with the USD they were paid."""
    paid = ZERO
    for action in due:
        if isinstance(action, SplitOn):
            shares = shares * action.new / action.old
        else:
            paid += shares * action.per_share
    return shares, paid


def _by_place(
    ordered: Sequence[CorporateAction], after: date, bars: Sequence[Bar]
) -> Mapping[int, tuple[CorporateAction, ...]]:
    due: dict[int, tuple[CorporateAction, ...]] = {}
    last = after
    for place, bar in enumerate(bars):
        if found := _between(ordered, last, bar.day):
            due[place] = found
        last = bar.day
    return due


def _between(
    ordered: Sequence[CorporateAction], after: date, upto: date
) -> tuple[CorporateAction, ...]:
    return tuple(action for action in ordered if after < action.day <= upto)


def _day_then_split(action: CorporateAction) -> tuple[date, bool]:
    return action.day, isinstance(action, DividendOn)
