"""KIS's paths: TR ids of the real and the mock host, required fields, and who answers.

The ids beside a table's own are those of KIS's earlier tables, which clients still send and KIS
still takes. A field that KIS's table requires and a client was seen to leave out is not required.
"""

from collections.abc import Mapping

from kis.simulator.desks.buying_power import BuyingPower
from kis.simulator.desks.charts import Charts
from kis.simulator.desks.counter import Counter
from kis.simulator.desks.daytime_desk import DaytimeDesk
from kis.simulator.desks.domestic_quotes import DomesticQuotes
from kis.simulator.desks.exchange_rates import ExchangeRates
from kis.simulator.desks.holdings import Holdings
from kis.simulator.desks.listings import Listings
from kis.simulator.desks.order_books import OrderBooks
from kis.simulator.desks.past import Past
from kis.simulator.desks.products import Products
from kis.simulator.desks.protocol import Handler, Route
from kis.simulator.desks.quotes import Quotes
from kis.simulator.desks.reservation_desk import ASIAN_RESERVATIONS, ReservationDesk
from kis.simulator.desks.rights import Rights
from kis.simulator.desks.shown import Shown
from kis.simulator.desks.standing import Standing
from kis.simulator.desks.trades import Trades
from kis.simulator.domestic import Domestic
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.reservations import Reservations

TRADING = "/uapi/overseas-stock/v1/trading"
PRICES = "/uapi/overseas-price/v1/quotations"
DOMESTIC = "/uapi/domestic-stock/v1/quotations"
ACCOUNT = ("CANO", "ACNT_PRDT_CD")
SYMBOL = ("EXCD", "SYMB")
DOMESTIC_SYMBOL = ("FID_COND_MRKT_DIV_CODE", "FID_INPUT_ISCD")
ORDER = (
    *ACCOUNT, "OVRS_EXCG_CD", "PDNO", "ORD_QTY", "OVRS_ORD_UNPR", "ORD_SVR_DVSN_CD", "ORD_DVSN",
)  # fmt: skip
CHANGE = (
    *ACCOUNT, "OVRS_EXCG_CD", "PDNO", "ORGN_ODNO", "RVSE_CNCL_DVSN_CD", "ORD_QTY",
    "OVRS_ORD_UNPR",
)  # fmt: skip
CCNL = (
    *ACCOUNT, "PDNO", "ORD_STRT_DT", "ORD_END_DT", "SLL_BUY_DVSN", "CCLD_NCCS_DVSN",
    "OVRS_EXCG_CD", "SORT_SQN",
)  # fmt: skip
RESERVATIONS = (
    *ACCOUNT, "INQR_STRT_DT", "INQR_END_DT", "INQR_DVSN_CD", "PRDT_TYPE_CD", "OVRS_EXCG_CD",
)  # fmt: skip
PROFITS = (
    *ACCOUNT, "OVRS_EXCG_CD", "NATN_CD", "CRCY_CD", "PDNO", "INQR_STRT_DT", "INQR_END_DT",
    "WCRC_FRCR_DVSN_CD",
)  # fmt: skip
TRANSACTIONS = (
    *ACCOUNT, "ERLM_STRT_DT", "ERLM_END_DT", "OVRS_EXCG_CD", "PDNO", "SLL_BUY_DVSN_CD",
    "LOAN_DVSN_CD",
)  # fmt: skip
RIGHTS = (
    "RGHT_TYPE_CD", "INQR_DVSN_CD", "INQR_STRT_DT", "INQR_END_DT", "PDNO", "PRDT_TYPE_CD",
)  # fmt: skip
CHART = (*DOMESTIC_SYMBOL, "FID_INPUT_DATE_1", "FID_INPUT_DATE_2", "FID_PERIOD_DIV_CODE")


def kis_routes(
    exchange: Exchange,
    reservations: Reservations,
    quotes: Quotes,
    faults: Faults,
    symbols: dict[str, str],
    *,
    domestic: Domestic,
) -> list[Route]:
    """Give every path that the simulator answers as KIS."""
    counter = Counter(exchange, symbols)
    shown = Shown(exchange, symbols)
    past = Past(exchange)
    return [
        *_order_routes(counter, DaytimeDesk(exchange, counter)),
        *_reservation_routes(ReservationDesk(exchange, reservations, symbols)),
        *_listing_routes(Listings(exchange, faults, past), Trades(exchange, symbols)),
        *_account_routes(
            Holdings(exchange, symbols, faults, past),
            Standing(exchange, symbols, faults, past),
            BuyingPower(exchange, symbols, faults, past),
        ),
        *_quote_routes(quotes, shown, domestic.seed),
        *_domestic_routes(DomesticQuotes(exchange, domestic)),
    ]


def _order_routes(counter: Counter, daytime: DaytimeDesk) -> list[Route]:
    orders = _real("TTTT1002U", "TTTT1006U", "JTTT1002U", "JTTT1006U") | _mock(
        "VTTT1002U", "VTTT1001U", "VTTT1006U"
    )
    changes = _real("TTTT1004U", "JTTT1004U") | _mock("VTTT1004U")
    by_day = _real("TTTS6036U", "TTTS6037U")
    changed_by_day = _real("TTTS6038U")
    return [
        _post(f"{TRADING}/order", orders, ORDER, counter.order),
        _post(f"{TRADING}/order-rvsecncl", changes, CHANGE, counter.change),
        _post(f"{TRADING}/daytime-order", by_day, ORDER, daytime.order),
        _post(f"{TRADING}/daytime-order-rvsecncl", changed_by_day, CHANGE, daytime.change),
    ]


def _reservation_routes(desk: ReservationDesk) -> list[Route]:
    taken = _real("TTTT3014U", "TTTT3016U") | _mock("VTTT3014U", "VTTT3016U")
    cancelled = _real("TTTT3017U") | _mock("VTTT3017U")
    order = (*ACCOUNT, "PDNO", "OVRS_EXCG_CD", "FT_ORD_QTY", "FT_ORD_UNPR3")
    return [
        _post(f"{TRADING}/order-resv", taken, order, desk.order),
        _post(f"{TRADING}/order-resv-ccnl", cancelled, (*ACCOUNT, "OVRS_RSVN_ODNO"), desk.cancel),
        _get(
            f"{TRADING}/order-resv-list",
            _real("TTTT3039R", ASIAN_RESERVATIONS),
            RESERVATIONS,
            desk.listed,
        ),
    ]


def _listing_routes(listings: Listings, trades: Trades) -> list[Route]:
    filled = _real("TTTS3035R", "JTTT3001R") | _mock("VTTS3035R", "VTTT3001R")
    # 모의투자 lists no unfilled orders: VTTS3018R, which older clients send, is refused in words.
    unfilled = _real("TTTS3018R", "JTTT3018R")
    nccs = (*ACCOUNT, "OVRS_EXCG_CD", "SORT_SQN")
    return [
        _get(f"{TRADING}/inquire-ccnl", filled, CCNL, listings.ccnl),
        _get(f"{TRADING}/inquire-nccs", unfilled, nccs, listings.nccs),
        _get(f"{TRADING}/inquire-period-profit", _real("TTTS3039R"), PROFITS, trades.profits),
        _get(
            f"{TRADING}/inquire-period-trans",
            _real("CTOS4001R"),
            TRANSACTIONS,
            trades.transactions,
        ),
    ]


def _account_routes(holdings: Holdings, standing: Standing, power: BuyingPower) -> list[Route]:
    balance = _real("TTTS3012R", "JTTT3012R") | _mock("VTTS3012R", "VTTT3012R")
    buying = _real("TTTS3007R", "JTTT3007R") | _mock("VTTS3007R", "VTTT3007R")
    present = _real("CTRP6504R") | _mock("VTRP6504R")
    whole = (*ACCOUNT, "WCRC_FRCR_DVSN_CD", "NATN_CD", "TR_MKET_CD", "INQR_DVSN_CD")
    settled = (*ACCOUNT, "BASS_DT", "WCRC_FRCR_DVSN_CD", "INQR_DVSN_CD")
    asked = (*ACCOUNT, "OVRS_EXCG_CD", "OVRS_ORD_UNPR", "ITEM_CD")
    held = (*ACCOUNT, "OVRS_EXCG_CD", "TR_CRCY_CD")
    return [
        _get(f"{TRADING}/inquire-balance", balance, held, holdings.balance),
        _get(f"{TRADING}/inquire-present-balance", present, whole, standing.present),
        _get(
            f"{TRADING}/inquire-paymt-stdr-balance",
            _real("CTRP6010R"),
            settled,
            standing.settled,
        ),
        _get(f"{TRADING}/inquire-psamount", buying, asked, power.psamount),
        _get(f"{TRADING}/foreign-margin", _real("TTTC2101R"), ACCOUNT, power.margin),
        # Older clients (mojito2) ask which ledger of the day holds before they ask for a balance.
        _get(f"{TRADING}/dayornight", _real("JTTT3010R"), (), power.day_or_night),
    ]


def _quote_routes(quotes: Quotes, shown: Shown, seed: int) -> list[Route]:
    charts, products, rights = Charts(shown), Products(shown), Rights(shown)
    books = OrderBooks(shown, seed)
    holidays = "/uapi/overseas-stock/v1/quotations/countries-holiday"
    chart = f"{PRICES}/inquire-time-itemchartprice"
    rates = ExchangeRates(shown.exchange)
    info = ("PRDT_TYPE_CD", "PDNO")
    ice = ("NCOD", "SYMB", "ST_YMD", "ED_YMD")
    return [
        _shared(f"{PRICES}/price", "HHDFS00000300", SYMBOL, quotes.price),
        _get(f"{PRICES}/price-detail", _real("HHDFS76200200"), SYMBOL, quotes.detail),
        _shared(f"{PRICES}/dailyprice", "HHDFS76240000", SYMBOL, charts.daily),
        _get(chart, _real("HHDFS76950200"), (*SYMBOL, "NMIN"), charts.minutes),
        _get(f"{PRICES}/inquire-asking-price", _real("HHDFS76200100"), SYMBOL, books.asking),
        _get(f"{PRICES}/inquire-ccnl", _real("HHDFS76200300"), SYMBOL, books.trades),
        _get(f"{PRICES}/search-info", _real("CTPF1702R"), info, products.info),
        _get(f"{DOMESTIC}/search-info", _real("CTPF1604R"), info, products.basics),
        _get(f"{PRICES}/period-rights", _real("CTRGT011R"), RIGHTS, rights.period),
        _get(f"{PRICES}/rights-by-ice", _real("HHDFS78330900"), ice, rights.by_ice),
        _shared(f"{PRICES}/inquire-daily-chartprice", "FHKST03030100", CHART, rates.chart),
        _get(holidays, _real("CTOS5011R"), ("TRAD_DT",), products.settlement),
    ]


def _domestic_routes(quotes: DomesticQuotes) -> list[Route]:
    asking = f"{DOMESTIC}/inquire-asking-price-exp-ccn"
    return [
        _shared(f"{DOMESTIC}/inquire-price", "FHKST01010100", DOMESTIC_SYMBOL, quotes.price),
        _shared(asking, "FHKST01010200", DOMESTIC_SYMBOL, quotes.asking),
    ]


def _real(*ids: str) -> dict[str, bool]:
    return dict.fromkeys(ids, False)


def _mock(*ids: str) -> dict[str, bool]:
    return dict.fromkeys(ids, True)


def _get(path: str, trs: Mapping[str, bool], required: tuple[str, ...], handler: Handler) -> Route:
    return Route("GET", path, trs, required, handler)


def _post(path: str, trs: Mapping[str, bool], required: tuple[str, ...], handler: Handler) -> Route:
    return Route("POST", path, trs, required, handler, orders=True)


def _shared(path: str, tr_id: str, required: tuple[str, ...], handler: Handler) -> Route:
    """Give a path that both hosts answer under one id."""
    return Route("GET", path, _real(tr_id), required, handler, shared=True)
