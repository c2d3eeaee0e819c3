"""KIS's paths: TR ids of the real and the mock host, required fields, and who answers."""

from collections.abc import Mapping

from kis.simulator.charts import Charts
from kis.simulator.counter import Counter
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.holdings import Holdings
from kis.simulator.listings import Listings
from kis.simulator.products import Products
from kis.simulator.protocol import Route
from kis.simulator.quotes import Quotes
from kis.simulator.reservation_desk import ReservationDesk
from kis.simulator.reservations import Reservations
from kis.simulator.shown import Shown

TRADING = "/uapi/overseas-stock/v1/trading"
PRICES = "/uapi/overseas-price/v1/quotations"
ACCOUNT = ("CANO", "ACNT_PRDT_CD")
CTX = ("CTX_AREA_FK200", "CTX_AREA_NK200")
ORDER = (
    *ACCOUNT, "OVRS_EXCG_CD", "PDNO", "ORD_QTY", "OVRS_ORD_UNPR", "ORD_SVR_DVSN_CD", "ORD_DVSN",
)  # fmt: skip
CHANGE = (
    *ACCOUNT, "OVRS_EXCG_CD", "PDNO", "ORGN_ODNO", "RVSE_CNCL_DVSN_CD", "ORD_QTY",
    "OVRS_ORD_UNPR",
)  # fmt: skip
CCNL = (
    *ACCOUNT, "PDNO", "ORD_STRT_DT", "ORD_END_DT", "SLL_BUY_DVSN", "CCLD_NCCS_DVSN",
    "OVRS_EXCG_CD", "SORT_SQN", "ORD_DT", "ORD_GNO_BRNO", "ODNO", *CTX,
)  # fmt: skip
RESERVATIONS = (
    *ACCOUNT, "INQR_STRT_DT", "INQR_END_DT", "INQR_DVSN_CD", "PRDT_TYPE_CD", "OVRS_EXCG_CD", *CTX,
)  # fmt: skip
BUYS_AND_SELLS = {
    "TTTT1002U": False, "TTTT1006U": False, "JTTT1002U": False, "JTTT1006U": False,
    "VTTT1002U": True, "VTTT1001U": True, "VTTT1006U": True,
}  # fmt: skip


def kis_routes(
    exchange: Exchange,
    reservations: Reservations,
    quotes: Quotes,
    faults: Faults,
    symbols: Mapping[str, str],
) -> list[Route]:
    """Give every path that the simulator answers as KIS."""
    counter = Counter(exchange, symbols)
    listings = Listings(exchange, faults)
    holdings = Holdings(exchange, symbols)
    return [
        Route("POST", f"{TRADING}/order", BUYS_AND_SELLS, ORDER, counter.order, orders=True),
        Route(
            "POST",
            f"{TRADING}/order-rvsecncl",
            {"TTTT1004U": False, "JTTT1004U": False, "VTTT1004U": True},
            CHANGE,
            counter.change,
            orders=True,
        ),
        Route("GET", f"{TRADING}/inquire-ccnl", _both("TTS3035R"), CCNL, listings.ccnl),
        Route(
            "GET",
            f"{TRADING}/inquire-nccs",
            {"TTTS3018R": False},
            (*ACCOUNT, "OVRS_EXCG_CD", "SORT_SQN", *CTX),
            listings.nccs,
        ),
        Route(
            "GET",
            f"{TRADING}/inquire-balance",
            _both("TTS3012R") | {"JTTT3012R": False, "VTTT3012R": True},
            (*ACCOUNT, "OVRS_EXCG_CD", "TR_CRCY_CD"),
            holdings.balance,
        ),
        Route(
            "GET",
            f"{TRADING}/inquire-psamount",
            _both("TTS3007R"),
            (*ACCOUNT, "OVRS_EXCG_CD", "OVRS_ORD_UNPR", "ITEM_CD"),
            holdings.psamount,
        ),
        Route(
            "GET",
            f"{TRADING}/inquire-present-balance",
            {"CTRP6504R": False, "VTRP6504R": True},
            (*ACCOUNT, "WCRC_FRCR_DVSN_CD", "NATN_CD", "TR_MKET_CD", "INQR_DVSN_CD"),
            holdings.present,
        ),
        Route("GET", f"{TRADING}/foreign-margin", {"TTTC2101R": False}, ACCOUNT, holdings.margin),
        # Older clients (mojito2) ask which ledger of the day holds before they ask for a balance.
        Route("GET", f"{TRADING}/dayornight", {"JTTT3010R": False}, (), holdings.day_or_night),
        *_reservation_routes(ReservationDesk(exchange, reservations, symbols)),
        *_quote_routes(quotes, Shown(exchange, symbols)),
    ]


def _reservation_routes(desk: ReservationDesk) -> list[Route]:
    return [
        Route(
            "POST",
            f"{TRADING}/order-resv",
            {"TTTT3014U": False, "TTTT3016U": False, "VTTT3014U": True, "VTTT3016U": True},
            (*ACCOUNT, "PDNO", "OVRS_EXCG_CD", "FT_ORD_QTY", "FT_ORD_UNPR3"),
            desk.order,
            orders=True,
        ),
        Route(
            "POST",
            f"{TRADING}/order-resv-ccnl",
            {"TTTT3017U": False, "VTTT3017U": True},
            (*ACCOUNT, "OVRS_RSVN_ODNO"),
            desk.cancel,
            orders=True,
        ),
        Route(
            "GET",
            f"{TRADING}/order-resv-list",
            {"TTTT3039R": False},
            RESERVATIONS,
            desk.listed,
        ),
    ]


def _quote_routes(quotes: Quotes, shown: Shown) -> list[Route]:
    charts, products = Charts(shown), Products(shown)
    symbol = ("AUTH", "EXCD", "SYMB")
    return [
        Route("GET", f"{PRICES}/price", {"HHDFS00000300": False}, symbol, quotes.price),
        Route("GET", f"{PRICES}/price-detail", {"HHDFS76200200": False}, symbol, quotes.detail),
        Route(
            "GET",
            f"{PRICES}/dailyprice",
            {"HHDFS76240000": False},
            (*symbol, "GUBN", "BYMD", "MODP"),
            charts.daily,
        ),
        Route(
            "GET",
            f"{PRICES}/inquire-time-itemchartprice",
            {"HHDFS76950200": False},
            (*symbol, "NMIN", "PINC", "NEXT", "NREC", "FILL", "KEYB"),
            charts.minutes,
        ),
        Route(
            "GET",
            f"{PRICES}/search-info",
            {"CTPF1702R": False},
            ("PRDT_TYPE_CD", "PDNO"),
            products.info,
        ),
        Route(
            "GET",
            "/uapi/overseas-stock/v1/quotations/countries-holiday",
            {"CTOS5011R": False},
            ("TRAD_DT", "CTX_AREA_NK", "CTX_AREA_FK"),
            products.settlement,
        ),
    ]


def _both(tail: str) -> dict[str, bool]:
    return {f"T{tail}": False, f"V{tail}": True}
