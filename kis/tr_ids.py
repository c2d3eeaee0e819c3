"""TR ids per environment, as a table: 모의투자's are not always "V" and the rest.

Source: KIS's own pages; 모의투자 sells with VTTT1001U (portal since 2026-07-09, python-kis).
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class TrIds:
    """The transaction ids of one environment; None where KIS does not offer the call there."""

    buy: str
    sell: str
    cancel: str
    open_orders: str | None
    reservations: str | None
    executions: str
    balance: str
    buying_power: str
    quote: str
    daily: str
    trades: str | None
    notices: str


REAL = TrIds(
    buy="TTTT1002U",
    sell="TTTT1006U",
    cancel="TTTT1004U",
    open_orders="TTTS3018R",
    reservations="TTTT3039R",
    executions="TTTS3035R",
    balance="TTTS3012R",
    buying_power="TTTS3007R",
    quote="HHDFS00000300",
    daily="HHDFS76240000",
    trades="HDFSCNT0",
    notices="H0GSCNI0",
)
MOCK = TrIds(
    buy="VTTT1002U",
    sell="VTTT1001U",
    cancel="VTTT1004U",
    open_orders=None,
    reservations=None,
    executions="VTTS3035R",
    balance="VTTS3012R",
    buying_power="VTTS3007R",
    quote="HHDFS00000300",
    daily="HHDFS76240000",
    trades=None,
    notices="H0GSCNI9",
)


def of(*, mock: bool) -> TrIds:
    """Choose the table of an environment."""
    return MOCK if mock else REAL
