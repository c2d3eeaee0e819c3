"""kis-trader 0.12.2 does a day at the simulator; only its host names are changed.

It reads the exchange of a symbol from KIS's master files: one line of them is handed in instead.
"""

import tempfile
from datetime import date, timedelta

from kis_trader import KISClient
from kis_trader._internal import _endpoints
from kis_trader.instrument import InstrumentRecord, MasterIndex
from steps import GIVEN, SOCKET, URL, Steps, move, wait_for

_endpoints._BASE_URL_BY_ENVIRONMENT["real"] = URL
_endpoints._WEBSOCKET_URL_BY_ENVIRONMENT["real"] = SOCKET
TODAY = date.today()
DAYS = {
    "start": f"{TODAY - timedelta(days=2):%Y%m%d}",
    "end": f"{TODAY + timedelta(days=3):%Y%m%d}",
}

steps = Steps()
line = InstrumentRecord(
    symbol="TQQQ",
    exchange="NAS",
    currency="USD",
    security_type="etf",
    korean_name="",
    english_name="",
    realtime_symbol="NASTQQQ",
)
kis = KISClient(
    app_key=GIVEN["app_key"],
    app_secret=GIVEN["app_secret"],
    account=GIVEN["account"],
    hts_id=GIVEN["hts_id"],
    environment="real",
    token_cache_dir=tempfile.mkdtemp(),
    master_index=MasterIndex([line]),
)
stock = kis.overseas.stock("TQQQ", exchange="NAS")
mine = kis.account.overseas
placed, prices, books, notices = {}, [], [], []


def place(name, work):
    def order():
        placed[name] = work()
        return placed[name].order_id

    steps.take(name, order)


def cents(factor):
    return f"{float(price) * factor:.2f}"


price = steps.take("quote", lambda: stock.quote().current_price)
steps.take("token", lambda: price is not None)
steps.take("current", lambda: stock.current_price().current_price)
steps.take("daily", lambda: len(stock.bars("1d", start=TODAY - timedelta(days=200))))
steps.take("minutes", lambda: len(stock.bars("1m", max_bars=50)))
steps.take("book", lambda: {"ask": stock.order_book().asks[0].price})
steps.take("info", lambda: kis.overseas.product_info("TQQQ", exchange="NAS").exchange_code)
steps.take("settlement", lambda: len(kis.overseas.settlement_dates()))
steps.take("balance", lambda: mine.balance(market="US").purchase_amount.amount)
steps.take("power", lambda: mine.buyable("TQQQ", exchange="NAS", limit_price="50").symbol)
steps.take("margin", lambda: [row.currency for row in mine.foreign_margin()])
steps.take(
    "present", lambda: mine.present_balance(won_basis=False, nation="US").currencies[0].currency
)
place("reserve", lambda: stock.reserve_buy(quantity=1, limit_price=cents(0.7)))
steps.take("reserved", lambda: len(mine.reserved_orders(**DAYS)))
move("open")
feed = kis.realtime()
ours = feed.overseas.stock("TQQQ", exchange="NAS")
ours.trades(on=prices.append)
ours.order_book(on=books.append)
feed.overseas.execution_notices.stock(GIVEN["hts_id"], on=notices.append)
steps.take("socket", feed.start)
place("buy", lambda: stock.buy(quantity=5, limit_price=cents(1.05)))
place("far", lambda: stock.buy(quantity=3, limit_price=cents(0.8)))
steps.take("unfilled", lambda: [order.order_id for order in mine.open_orders(market="US")])
steps.take(
    "fills",
    lambda: kis.orders.reconcile(placed["buy"].client_order_id, refresh=True).filled_quantity,
)
steps.take(
    "revise",
    lambda: kis.orders.modify(placed["far"].client_order_id, limit_price=cents(0.81)).order_id,
)
steps.take("cancel", lambda: kis.orders.cancel(placed["far"].client_order_id).order_id)
steps.take("unfilled_after", lambda: [order.order_id for order in mine.open_orders(market="US")])
place("sell", lambda: stock.sell(quantity=2, limit_price=cents(0.95)))
steps.take(
    "holdings", lambda: {each.symbol: int(each.quantity) for each in mine.positions(market="US")}
)
move("close")
steps.take("trade", lambda: len(wait_for(lambda: prices)))
steps.take("notice", lambda: len(wait_for(lambda: notices)))
steps.take("books", lambda: len(wait_for(lambda: books)))
move("session")  # what a sale made is known from the day after on
steps.take("profits", lambda: len(mine.trade_profits(**DAYS).trades))
steps.take("transactions", lambda: len(mine.transactions(**DAYS)))
feed.stop()
steps.print()
