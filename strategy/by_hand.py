"""A hand trade in the ledger: shares and money as they were traded, T by the rule or the owner.

A sale leaves T x (shares after / before), a buy adds cost / unit (settled.md, "T beyond the
published rules"). Money is USD; the agreed fees are charged as on any fill.
"""

from dataclasses import replace
from decimal import Decimal

from strategy import daily
from strategy.changes import ChangeRefused, HandTrade
from strategy.compounding import next_cycle
from strategy.fees import charges
from strategy.model import ZERO, Counting, Cycle, Rules, Side, Sizing
from strategy.price import plain, round12, shown
from strategy.turn import from_cost


def booked(cycle: Cycle, trade: HandTrade, *, unit: Decimal) -> Cycle:
    """Take a hand trade into a cycle; `unit` is the day's unit before it (USD).

    When nothing is left the cycle is over, and the next one begins as after any last sale. Raises
    ChangeRefused for a trade that the cycle's shares or money cannot have made.
    """
    _check(cycle, trade)
    if trade.side is Side.BUY:
        return _bought(cycle, trade, unit)
    changed = _sold(cycle, trade)
    return changed if changed.quantity else next_cycle(daily.at_rest(changed), trade.day)


def _bought(cycle: Cycle, trade: HandTrade, unit: Decimal) -> Cycle:
    cost = round12(trade.price * trade.quantity)
    charge = charges(cycle.rules, Side.BUY, cost)
    free = max(cycle.cash - cycle.reserve, ZERO)
    if cost + charge > free:
        raise ChangeRefused(
            f"이 사이클의 남은 현금 {shown(free)}로는 {shown(cost + charge)}어치를 살 수 없습니다: "
            "시드를 먼저 더하거나 따로 둬 주세요",
            f"the {shown(free)} of cash that is left cannot have bought for "
            f"{shown(cost + charge)}: add to the seed first, or set the shares aside",
        )
    quantity = cycle.quantity + trade.quantity
    splits = Decimal(cycle.rules.splits)
    risen = min(cycle.turn + cost / unit, splits) if unit else splits
    bought = replace(
        cycle,
        quantity=quantity,
        average=round12((cycle.quantity * cycle.average + cost) / quantity),
        cash=round12(cycle.cash - cost - charge),
        realized=round12(cycle.realized - charge),
        fees=cycle.fees + charge,
        started=cycle.started or trade.day,
    )
    return _counted(bought, trade.turn, risen)


def _sold(cycle: Cycle, trade: HandTrade) -> Cycle:
    rules, left = cycle.rules, cycle.quantity - trade.quantity
    amount = round12(trade.price * trade.quantity)
    charge = charges(rules, Side.SELL, amount)
    profit = round12(amount - cycle.average * trade.quantity) - charge
    grows = rules.sizing is Sizing.GROWING and not rules.grow_at_cycle_end and profit > 0
    sold = replace(
        cycle,
        quantity=left,
        average=cycle.average if left else ZERO,
        cash=round12(cycle.cash + amount - charge),
        realized=round12(cycle.realized + profit),
        fees=cycle.fees + charge,
        turn=cycle.turn if left else ZERO,
        unit=round12(cycle.unit + profit / (2 * rules.splits)) if grows else cycle.unit,
        started=cycle.started or trade.day,
    )
    return _counted(sold, trade.turn, cycle.turn * left / cycle.quantity) if left else sold


def _counted(cycle: Cycle, agreed: Decimal | None, ruled: Decimal) -> Cycle:
    """Set the T after a trade: from the cost, or the owner's word, or else the rule's."""
    rules = cycle.rules
    if rules.counting is Counting.COST and agreed is None:
        unit = cycle.unit or round12(cycle.principal / rules.splits)
        turn = from_cost(rules, unit, cycle.quantity, cycle.average)
    else:
        turn = round12(ruled) if agreed is None else _agreed(rules, agreed)
    return replace(cycle, turn=turn, max_turn=max(cycle.max_turn, turn))


def _agreed(rules: Rules, agreed: Decimal) -> Decimal:
    if rules.counting is Counting.COST:
        raise ChangeRefused(
            f"V{rules.method}의 T는 매수 원가에서 계산됩니다: 따로 정할 수 없습니다",
            f"version {rules.method} counts T from the cost: it cannot be set",
        )
    if not agreed.is_finite() or not 0 < agreed <= rules.splits:
        raise ChangeRefused(
            f"T는 0보다 크고 {rules.splits} 이하여야 합니다: {agreed}",
            f"T lies above 0 and at {rules.splits} at most, not at {agreed}",
        )
    return plain(round12(agreed))


def _check(cycle: Cycle, trade: HandTrade) -> None:
    if trade.quantity < 1 or not trade.price.is_finite() or trade.price <= 0:
        raise ChangeRefused(
            f"직접 매매는 1주 이상, 0보다 큰 가격이어야 합니다: {trade.quantity}주 {trade.price}",
            "a hand trade has one share at least and a price above 0, not "
            f"{trade.quantity} at {trade.price}",
        )
    if trade.side is Side.SELL and trade.quantity > cycle.quantity:
        raise ChangeRefused(
            f"이 사이클은 {cycle.quantity}주뿐이라 {trade.quantity}주를 팔 수 없습니다",
            f"this cycle holds {cycle.quantity} shares and cannot have sold {trade.quantity}",
        )
