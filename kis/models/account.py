"""What an account holds and can buy."""

from dataclasses import dataclass
from decimal import Decimal

from kis.models.vocabulary import Exchange


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
