"""Exact rounding of quotients in 64-bit integers.

A float guesses the quotient. Far from where the answer changes the guess decides; near it the
remainder does, and a remainder that small is all in its low 64 bits, whatever numerator and
denominator were. The reference rounds to 12 decimals half-even before it cuts (strategy/price.py):
a quotient up to half of 1E-12 under a step counts as on it. It also keeps 28 digits only; where
that could decide (one case in 10^18), the run is marked TOO_CLOSE and left to the reference. A
quotient that is half of 1E-12 under a step, to the last digit, has few digits: it is decided.
"""

from strategy.kernel.compiling import compiled
from strategy.kernel.fields import FINE_CENT, TOO_CLOSE, TROUBLE
from strategy.kernel.rows import Row

SURELY_MORE = 1 + 1e-9
"""Sums of a cent and more that differ by this factor differ after every rounding too."""
_CERTAIN = 4e18
"""Products below this are 64-bit integers."""
_HALVES_OF_FINE = 2_000_000_000_000
_HALVES_OF_FINE_IN_CENTS = 20_000_000_000
_DOUBT = 1e-9

Budget = tuple[int, int, int, float, float]
"""A sum in cents as numerator x factor / denominator, and the same as two floats to divide."""


@compiled
def is_clear(x: float, cut: int, hair: float) -> bool:
    """Tell whether a guess is further than a hair from where its whole part changes."""
    over = x - cut
    return (over > hair) & (over < 1.0 - hair)


@compiled
def divided_even(wrapped: int, about: float, divisor: int, base: int) -> int:
    """Divide half-even; `wrapped` is the numerator's low 64 bits, `about` the numerator.

    `base` is what the quotient is added to: its parity decides halves.
    """
    quotient = int(about / divisor)
    rest = wrapped - quotient * divisor
    while rest < 0:
        rest += divisor
        quotient -= 1
    while rest >= divisor:
        rest -= divisor
        quotient += 1
    above = divisor - rest
    if rest > above or (rest == above and (base + quotient) & 1):
        quotient += 1
    return quotient


@compiled
def times_even(value: int, numerator: int, denominator: int) -> int:
    """Give value x numerator / denominator, half-even."""
    about = float(value) * float(numerator)
    return divided_even(value * numerator, about, denominator, 0)


@compiled
def fine_to_cents(state: Row, fine: int, factor: int, scale: int) -> int:
    """Give fine x factor / scale in cents, half-up."""
    x = float(fine) * float(factor) / (float(scale) * 1e10) + 0.5
    cut = int(x)
    if is_clear(x, cut, 1e-10 + x * 1e-15):
        return cut
    nearest = int(x + 0.5)
    rest = 2 * (fine * factor) - (2 * nearest - 1) * (scale * FINE_CENT)
    if scale > 1_000_000_000 and 0 < abs(rest + scale) < scale * _DOUBT:
        state[TROUBLE] = TOO_CLOSE
    return nearest if rest >= -scale else nearest - 1


@compiled
def cents_half_up(cents: int, numerator: int, denominator: int) -> int:
    """Give cents x numerator / denominator in cents, half-up; no more than 12 decimals arise."""
    x = float(cents) * float(numerator) / float(denominator) + 0.5
    cut = int(x)
    if is_clear(x, cut, 1e-10 + x * 1e-15):
        return cut
    nearest = int(x + 0.5)
    rest = 2 * (cents * numerator) - (2 * nearest - 1) * denominator
    return nearest if rest >= 0 else nearest - 1


@compiled
def _reaches(state: Row, short: int, first: int, second: int, steps: int) -> bool:
    """Tell whether `short` (above 0) is at most first x second / steps."""
    about = float(first) * float(second)
    if about < _CERTAIN:
        return short <= first * second // steps
    allowed = about / steps
    if abs(short - allowed) <= allowed * _DOUBT:
        state[TROUBLE] = TOO_CLOSE
    return short <= allowed


@compiled
def whole_shares(state: Row, budget: Budget, price: int) -> int:
    """Count the whole shares that a budget buys at a price (cents)."""
    if price <= 0 or budget[0] <= 0:
        return 0
    x = budget[3] / (budget[4] * price)
    cut = int(x)
    if is_clear(x, cut, 1e-11 + x * 4e-15):
        return cut
    nearest = int(x + 0.5)
    rest = budget[0] * budget[1] - nearest * (budget[2] * price)
    if rest >= 0:
        return nearest
    return nearest if _reaches(state, -rest, budget[2], price, _HALVES_OF_FINE) else nearest - 1


@compiled
def rung_price(state: Row, budget: Budget, shares: int) -> int:
    """Give budget / shares, cut to the cent."""
    x = budget[3] / (budget[4] * shares)
    cut = int(x)
    if is_clear(x, cut, 1e-10 + x * 4e-15):
        return cut
    nearest = int(x + 0.5)
    rest = budget[0] * budget[1] - nearest * (budget[2] * shares)
    if rest >= 0:
        return nearest
    return (
        nearest
        if _reaches(state, -rest, budget[2], shares, _HALVES_OF_FINE_IN_CENTS)
        else nearest - 1
    )


@compiled
def turns(quantity: int, average: int, unit: int, steps: int, half_up: int) -> int:
    """Count quantity x average / unit in steps of a turn, raised (or half-up), 9 decimals kept."""
    x = float(quantity) * float(average) / float(unit) * steps
    if half_up:
        x += 0.5
    cut = int(x)
    if is_clear(x, cut, 1e-7 + x * 4e-15):
        return cut if half_up else cut + 1
    nearest = int(x + 0.5)
    if half_up:
        rest = 2 * (quantity * average * steps) - (2 * nearest - 1) * unit
        return nearest if rest >= -(unit // (1_000_000_000 // steps)) else nearest - 1
    rest = quantity * average * steps - nearest * unit
    return nearest if rest <= unit // (2_000_000_000 // steps) else nearest + 1
