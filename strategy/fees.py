"""What the broker and the exchange charge for an order's fills."""

from collections.abc import Sequence
from decimal import Decimal

from strategy.model import ZERO, Rules, Side
from strategy.price import HUNDRED, round_half_up


def fee(amount: Decimal, percent: Decimal) -> Decimal:
    """Charge a rate (percent) on an order's filled total of the day (USD), half-up to the cent.

    The fee stands outside the average and outside sizing (method.md 2.9).
    """
    return round_half_up(amount * percent / HUNDRED)


def charges(rules: Rules, side: Side, amount: Decimal) -> Decimal:
    """Charge an order's filled total (USD): the side's commission, and on sales the SEC fee.

    Each is rounded half-up to the cent on its own. The rate of sales is that of buys unless the
    rules name another.
    """
    if side is Side.BUY:
        return fee(amount, rules.fee_percent) if rules.fee_percent else ZERO
    rate = rules.fee_percent if rules.sell_fee_percent is None else rules.sell_fee_percent
    commission = fee(amount, rate) if rate else ZERO
    return commission + sec_fee(rules, amount)


def sec_fee(rules: Rules, amount: Decimal) -> Decimal:
    """Charge the SEC fee on a sale's filled total (USD), half-up to the cent."""
    return fee(amount, rules.sec_fee_percent) if rules.sec_fee_percent else ZERO


def apportioned(total: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Divide a fee (USD) among amounts in proportion, to the cent.

    The last that traded takes what rounding left.
    """
    whole = sum(amounts, ZERO)
    if not whole:
        return [ZERO for _ in amounts]
    shares = [round_half_up(total * amount / whole) for amount in amounts]
    last = max(index for index, amount in enumerate(amounts) if amount)
    shares[last] += total - sum(shares, ZERO)
    return shares
