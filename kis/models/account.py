"""What an account holds, can buy, and has made of its trades.

Money is USD unless a name says KRW or a currency stands beside it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kis.models.vocabulary import Exchange, Listing, Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """Shares held by execution; `orderable` is what open sells leave.

    `average` is KIS's own (`pchs_avg_pric`, USD, 4 decimals) and moves with fees the morning after.
    """

    symbol: str
    exchange: Exchange | None
    quantity: int
    orderable: int
    average: Decimal
    last: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class BuyingPower:
    """What can be bought, in USD: in 외화 mode, and with 통합증거금 (`orderable_integrated`).

    `max_quantity` is in shares at the price asked about, in 외화 mode; `exchange_rate` is KRW.
    """

    cash: Decimal
    orderable: Decimal
    orderable_integrated: Decimal
    max_quantity: int
    exchange_rate: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PresentHolding:
    """Shares held by execution (`quantity`), and how many of them are settled.

    `cost`, `value` and `gain` are in the currency of the purchase. Fees are in them from 08:40
    Seoul time of the morning after; US trades of the evening may be missing until half an hour
    after the close. Nothing of it is a figure to size an order by.
    """

    symbol: str
    exchange: Exchange | None
    quantity: int
    settled: int
    orderable: int
    bought_today: int
    sold_today: int
    average: Decimal
    last: Decimal
    cost: Decimal
    value: Decimal
    gain: Decimal
    gain_percent: Decimal
    currency: str
    exchange_rate: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CurrencyCash:
    """Cash of one currency, with KIS's sums `bought` and `sold`; `exchange_rate` is KRW."""

    currency: str
    cash: Decimal
    withdrawable: Decimal
    withdrawable_tomorrow: Decimal | None
    bought: Decimal
    sold: Decimal
    exchange_rate: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class KrwTotals:
    """The account's totals in KRW."""

    assets: Decimal
    stocks: Decimal
    gain: Decimal
    deposits: Decimal
    unsettled_buys: Decimal
    unsettled_sells: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class PresentBalance:
    """The balance by execution (체결기준현재잔고).

    모의투자 fills the totals alone: there `holdings` and `cash` are None, which is not "nothing".
    """

    holdings: Listing[PresentHolding] | None
    cash: Listing[CurrencyCash] | None
    totals_krw: KrwTotals


@dataclass(frozen=True, kw_only=True, slots=True)
class SettledHolding:
    """Shares by settlement (결제기준잔고), some days behind what was executed."""

    symbol: str
    exchange: Exchange | None
    quantity: int
    orderable: int
    average: Decimal
    cost: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RealizedProfit:
    """What a day's sales of a symbol made. `day` is the US date.

    `fees` are the costs of selling; those of buying are in it only when the symbol was bought on
    the same day. Known from the day after the trade on, and no figure for a tax return.
    """

    day: date
    symbol: str
    exchange: Exchange | None
    quantity: int
    average: Decimal
    cost: Decimal
    sold_price: Decimal
    proceeds: Decimal
    fees: Decimal
    profit: Decimal
    profit_percent: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfitTotals:
    """The sums of a period's realized profits."""

    sold: Decimal
    bought: Decimal
    fees: Decimal
    profit: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Profits:
    """The realized profits of a period; `totals` is None where KIS gave none."""

    rows: Listing[RealizedProfit]
    totals: ProfitTotals | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Transaction:
    """A trade as it is settled, with its fees in its own currency.

    `amount` is gross, `settled_amount` what the account paid or got. Until the day after the
    Korean settlement day KIS works with an expected exchange rate, and the KRW side may change;
    `exchange_rate` (KRW) is None until it is fixed.
    """

    traded: date
    settled: date
    side: Side
    symbol: str
    quantity: int
    price: Decimal
    amount: Decimal
    settled_amount: Decimal
    domestic_fee: Decimal
    foreign_fee: Decimal
    currency: str
    exchange_rate: Decimal | None

    @property
    def fee(self) -> Decimal:
        """All fees of the trade: KIS's own and what the exchange and the SEC take."""
        return self.domestic_fee + self.foreign_fee


@dataclass(frozen=True, kw_only=True, slots=True)
class Margin:
    """The margin of one currency of one country.

    `orderable` is without KRW; `orderable_krw` what the KRW of the account are worth here;
    `orderable_integrated` is KIS's own figure for an account with 통합증거금.
    """

    country: str
    currency: str
    cash: Decimal
    unsettled_buys: Decimal
    unsettled_sells: Decimal
    receivable: Decimal
    margin: Decimal
    orderable: Decimal
    orderable_krw: Decimal
    orderable_integrated: Decimal
    exchange_rate: Decimal | None
