"""TR ids per environment, as a table: 모의투자's are not always "V" and the rest.

Source: KIS's own pages; 모의투자 sells with VTTT1001U (portal since 2026-07-09, python-kis).
"""

from dataclasses import dataclass

from kis.errors import KisNotOffered


@dataclass(frozen=True, kw_only=True, slots=True)
class TrIds:
    """The transaction ids of one environment; None where KIS does not offer the call there."""

    buy: str
    sell: str
    cancel: str
    open_orders: str | None
    reserve_buy: str
    reserve_sell: str
    cancel_reservation: str
    reservations: str | None
    executions: str
    balance: str
    buying_power: str
    present: str
    settled: str | None
    profits: str | None
    transactions: str | None
    margins: str | None
    quote: str
    daily: str
    detail: str | None
    book: str | None
    minutes: str | None
    domestic_quote: str
    settlements: str | None
    symbol: str | None
    rights: str | None
    trades: str | None
    books: str | None
    notices: str
    domestic_trades: str
    domestic_books: str
    domestic_notices: str


REAL = TrIds(
    buy="TTTT1002U",
    sell="TTTT1006U",
    cancel="TTTT1004U",
    open_orders="TTTS3018R",
    reserve_buy="TTTT3014U",
    reserve_sell="TTTT3016U",
    cancel_reservation="TTTT3017U",
    reservations="TTTT3039R",
    executions="TTTS3035R",
    balance="TTTS3012R",
    buying_power="TTTS3007R",
    present="CTRP6504R",
    settled="CTRP6010R",
    profits="TTTS3039R",
    transactions="CTOS4001R",
    margins="TTTC2101R",
    quote="HHDFS00000300",
    daily="HHDFS76240000",
    detail="HHDFS76200200",
    book="HHDFS76200100",
    minutes="HHDFS76950200",
    domestic_quote="FHKST01010100",
    settlements="CTOS5011R",
    symbol="CTPF1702R",
    rights="CTRGT011R",
    trades="HDFSCNT0",
    books="HDFSASP0",
    notices="H0GSCNI0",
    domestic_trades="H0STCNT0",
    domestic_books="H0STASP0",
    domestic_notices="H0STCNI0",
)
MOCK = TrIds(
    buy="VTTT1002U",
    sell="VTTT1001U",
    cancel="VTTT1004U",
    open_orders=None,
    reserve_buy="VTTT3014U",
    reserve_sell="VTTT3016U",
    cancel_reservation="VTTT3017U",
    reservations=None,
    executions="VTTS3035R",
    balance="VTTS3012R",
    buying_power="VTTS3007R",
    present="VTRP6504R",
    settled=None,
    profits=None,
    transactions=None,
    margins=None,
    quote="HHDFS00000300",
    daily="HHDFS76240000",
    detail=None,
    book=None,
    minutes=None,
    domestic_quote="FHKST01010100",
    settlements=None,
    symbol=None,
    rights=None,
    trades=None,
    books=None,
    notices="H0GSCNI9",
    domestic_trades="H0STCNT0",
    domestic_books="H0STASP0",
    domestic_notices="H0STCNI9",
)


def of(*, mock: bool) -> TrIds:
    """Choose the table of an environment."""
    return MOCK if mock else REAL


def offered(tr_id: str | None, call: str) -> str:
    """Give the id of a call; raises KisNotOffered, by its name, where the environment has none."""
    if tr_id is None:
        raise KisNotOffered(f"모의투자 has no {call}")
    return tr_id
