"""The owner's bookkeeping: seed, T, compounding, share splits and dividends in a running cycle.

`apply` books a change between two sessions, `effect` shows it first. Money is USD. Whatever the
change, cash + quantity x average and principal + reserve + realized move by the same sum, to the
last of the average's 12 decimals.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from strategy import by_hand, daily, quarter, reverse, rules_change, state
from strategy.changes import (
    Change,
    ChangeRefused,
    CompoundingChange,
    Dividend,
    Effect,
    Figures,
    HandTrade,
    RulesChange,
    SeedChange,
    ShareSplit,
    TurnCorrection,
)
from strategy.compounding import fixed_unit
from strategy.model import (
    ZERO,
    Counting,
    Cycle,
    Market,
    Phase,
)
from strategy.price import plain, round12, round_half_up, shown
from strategy.turn import from_cost

MOST_PARTS = 1000
"""A split's ratio has no part above this."""
_COMMON_SPLITS = ((3, 2), *((n, 1) for n in range(2, 31)), *((1, n) for n in range(2, 31)))


def apply(cycle: Cycle, change: Change) -> Cycle:
    """Book a change on a cycle that no open order hangs on.

    Raises ChangeRefused with a sentence for what the cycle cannot take, StrategyError for figures
    beyond any ledger. Sources: settled.md ("The day"), method.md 2.8, 7.1, 7.3.
    """
    match change:
        case SeedChange():
            changed = _seed(cycle, change.amount)
        case TurnCorrection():
            changed = _turn(cycle, change.turn)
        case CompoundingChange():
            changed = rules_change.compounded(cycle, change.compounding)
        case RulesChange():
            changed = rules_change.booked(cycle, change)
        case ShareSplit():
            changed = _split(cycle, change)
        case Dividend():
            changed = _dividend(cycle, change.amount)
        case HandTrade():
            changed = by_hand.booked(cycle, change, unit=figures(cycle).unit)
    state.check(changed, Market())
    return changed


def effect(cycle: Cycle, change: Change) -> Effect:
    """Show what a change would do to the unit, T and the next buys. Raises as `apply` does."""
    return Effect(before=figures(cycle), after=figures(apply(cycle, change)))


def figures(cycle: Cycle) -> Figures:
    """Read off how a cycle stands, in the phase that it is in."""
    match cycle.phase:
        case Phase.REVERSE:
            unit = reverse.unit(cycle)
        case Phase.QUARTER:
            unit = cycle.quarter_unit or quarter.fresh_unit(cycle)
        case Phase.NORMAL:
            unit = daily.unit(cycle) if cycle.turn < cycle.rules.splits else ZERO
    return Figures(
        unit=unit,
        budget=daily.budget(cycle, unit),
        turn=cycle.turn,
        quantity=cycle.quantity,
        average=cycle.average,
        cash=cycle.cash,
        principal=cycle.principal,
        compounding=cycle.rules.compounding,
    )


def turn_from_cost(cycle: Cycle) -> Decimal:
    """Work T out from the cost of what is held: the cross-check of counted turns (method.md D9).

    The unit is the cycle's own, or principal / a where it is sized anew every day.
    """
    unit = cycle.unit or round12(cycle.principal / cycle.rules.splits)
    return from_cost(cycle.rules, unit, cycle.quantity, cycle.average)


def adjusted_closes(closes: Sequence[Decimal], split: ShareSplit) -> tuple[Decimal, ...]:
    """Bring closes (USD) from before a split to the shares after it, half-up to the cent."""
    _check_ratio(split)
    return tuple(round_half_up(close * split.old / split.new) for close in closes)


def likely_split(
    *, ours: int, held: int, previous_close: Decimal, last_price: Decimal
) -> ShareSplit | None:
    """Guess the split that explains both another quantity and another price; None without one.

    `ours` and `held` are shares by the ledger and by the broker. A price within the root of the
    ratio counts as the same: 2:1 is told from a bad day, 15:1 from a very bad one.
    """
    for new, old in _COMMON_SPLITS:
        moved = (previous_close * old / (last_price * new)) ** 2
        parts = max(Decimal(new) / old, Decimal(old) / new)
        if held and held == ours * new // old and 1 / parts < moved < parts:
            return ShareSplit(new=new, old=old)
    return None


def free_cash(cycle: Cycle) -> Decimal:
    """Give what may be taken out of the run (USD): cash that no reserve has set aside."""
    return max(cycle.cash - cycle.reserve, ZERO)


def _seed(cycle: Cycle, amount: Decimal) -> Cycle:
    if not amount.is_finite() or amount == 0:
        raise ChangeRefused(
            f"시드는 0이 아닌 금액만큼 바꿀 수 있습니다: {amount}",
            f"the seed changes by a sum other than 0, not by {amount}",
        )
    free = free_cash(cycle)
    if -amount > free:
        raise ChangeRefused(
            f"뺄 수 있는 현금은 {shown(free)}까지입니다: {shown(-amount)}달러를 빼려고 했습니다",
            f"at most {shown(free)} of cash is free to take out, not {shown(-amount)}",
        )
    principal = round12(cycle.principal + amount)
    if principal <= 0:
        raise ChangeRefused(
            f"원금 {shown(cycle.principal)}보다 적게 빼 주세요: 남는 원금이 없습니다",
            f"take out less than the principal of {shown(cycle.principal)}, or none is left",
        )
    seed = round12(cycle.seed + amount)
    changed = replace(
        cycle,
        seed=seed if seed > 0 else principal,
        principal=principal,
        cash=round12(cycle.cash + amount),
    )
    return _recounted(replace(changed, unit=_unit(cycle, changed, amount)))


def _unit(before: Cycle, changed: Cycle, amount: Decimal) -> Decimal:
    rules = before.rules
    if before.unit == fixed_unit(rules, before.principal):
        return fixed_unit(rules, changed.principal)
    unit = round12(before.unit + amount / rules.splits)
    if unit <= 0:
        raise ChangeRefused(
            f"1회매수금이 {shown(before.unit)}뿐이라 {shown(-amount)}을 뺄 수 없습니다",
            f"the unit is {shown(before.unit)}: taking out {shown(-amount)} leaves none",
        )
    return unit


def _recounted(cycle: Cycle) -> Cycle:
    """Count T anew where it comes from the cost; one past a already may stay, but not rise."""
    if cycle.rules.counting is not Counting.COST or not cycle.quantity:
        return cycle
    counted = turn_from_cost(cycle)
    splits = cycle.rules.splits
    if counted > splits and counted > cycle.turn:
        raise ChangeRefused(
            f"그러면 T가 {shown(counted)}로 {splits}분할을 넘습니다: 더 적게 빼 주세요",
            f"T would be {shown(counted)} of {splits} splits: take out less",
        )
    return replace(cycle, turn=counted, max_turn=max(cycle.max_turn, counted))


def _turn(cycle: Cycle, corrected: Decimal) -> Cycle:
    if cycle.rules.counting is Counting.COST:
        raise ChangeRefused(
            f"V{cycle.rules.method}의 T는 매수 원가에서 계산됩니다: 시드를 바꾸면 T도 바뀝니다",
            f"version {cycle.rules.method} counts T from the cost: change the seed, and T follows",
        )
    if not cycle.quantity:
        raise ChangeRefused(
            "보유 주식이 없으면 T는 0입니다: 첫 매수 뒤에 고쳐 주세요",
            "nothing is held, so T is 0: correct it after the first buy",
        )
    if not corrected.is_finite() or not 0 < corrected <= cycle.rules.splits:
        raise ChangeRefused(
            f"T는 0보다 크고 {cycle.rules.splits} 이하여야 합니다: {corrected}",
            f"T lies above 0 and at {cycle.rules.splits} at most, not at {corrected}",
        )
    corrected = plain(round12(corrected))
    return replace(cycle, turn=corrected, max_turn=max(cycle.max_turn, corrected))


def _split(cycle: Cycle, split: ShareSplit) -> Cycle:
    _check_ratio(split)
    whole, rest = divmod(cycle.quantity * split.new, split.old)
    paid = _paid_in_lieu(split, rest)
    # rest / old of a new share, at the new average: what leaves with the part of a share.
    cost = round12(cycle.average * rest / split.new)
    changed = replace(
        cycle,
        quantity=whole,
        average=round12(cycle.average * split.old / split.new) if whole else ZERO,
        average_before=round12(cycle.average_before * split.old / split.new),
        turn=cycle.turn if whole else ZERO,
        cash=round12(cycle.cash + paid),
        realized=round12(cycle.realized + paid - cost),
    )
    return _recounted(changed) if whole else daily.at_rest(changed)


def _check_ratio(split: ShareSplit) -> None:
    new, old = split.new, split.old
    if not (1 <= new <= MOST_PARTS and 1 <= old <= MOST_PARTS) or new == old:
        raise ChangeRefused(
            f"분할 비율은 2:1이나 1:5처럼 서로 다른 두 자연수여야 합니다: {new}:{old}",
            f"a split is two different whole numbers such as 2:1 or 1:5, not {new}:{old}",
        )


def _paid_in_lieu(split: ShareSplit, rest: int) -> Decimal:
    paid = split.cash_in_lieu
    if paid is not None and (not paid.is_finite() or paid < 0):
        raise ChangeRefused(
            f"단주 대금은 0 이상이어야 합니다: {paid}",
            f"what was paid in lieu of a part of a share is 0 or more, not {paid}",
        )
    if rest and paid is None:
        raise ChangeRefused(
            f"{rest}/{split.old}주가 남아 현금으로 들어옵니다: 단주 대금을 적어 주세요 "
            "(아직이면 0)",
            f"{rest}/{split.old} of a share is left over and paid in cash: say how much (0 when it "
            "has not come)",
        )
    if not rest and paid:
        raise ChangeRefused(
            "나누어떨어져 남는 단주가 없습니다: 단주 대금 없이 적어 주세요",
            "no part of a share is left over: leave out what was paid in lieu",
        )
    return paid or ZERO


def _dividend(cycle: Cycle, amount: Decimal) -> Cycle:
    if not amount.is_finite() or amount <= 0:
        raise ChangeRefused(
            f"배당은 0보다 큰 금액이어야 합니다: {amount}",
            f"a dividend is a sum above 0, not {amount}",
        )
    return replace(
        cycle, cash=round12(cycle.cash + amount), realized=round12(cycle.realized + amount)
    )
