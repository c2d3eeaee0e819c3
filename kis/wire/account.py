"""Questions about holdings and money."""

from decimal import Decimal

from kis.models import Credentials, Exchange
from kis.wire.codes import ORDER_EXCHANGE, account, price_text


def balance_query(credentials: Credentials, exchange_code: str) -> dict[str, str]:
    return {**account(credentials), "OVRS_EXCG_CD": exchange_code, "TR_CRCY_CD": "USD"}


def buying_power_query(
    credentials: Credentials, symbol: str, exchange: Exchange, price: Decimal
) -> dict[str, str]:
    return {
        **account(credentials),
        "OVRS_EXCG_CD": ORDER_EXCHANGE[exchange],
        "OVRS_ORD_UNPR": price_text(price),
        "ITEM_CD": symbol,
    }
