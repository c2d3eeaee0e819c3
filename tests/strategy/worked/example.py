"""Worked examples of every version and phase, to the cent, by hand from method.md's formulas.

An example is a call of `muhan plan` and what must come of it. Orders are written as
`leg price x shares`, rungs of one ladder together; `-` is a price left to the close.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """What is given, and the figures and orders worked out from it by hand."""

    name: str
    given: str
    unit: str
    orders: str
    turn: str = "0"
    half: str | None = None
    percent: str | None = None
    star: str | None = None
    phase: str = "normal"
