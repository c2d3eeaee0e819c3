"""python-kis 2.1.6 does a day at the simulator; only its host names are changed."""

from datetime import date, timedelta

import pykis.client.websocket
import pykis.kis
from pykis import PyKis
from pykis.scope.stock import KisStockScope
from steps import GIVEN, SOCKET, URL, Steps, move, wait_for

pykis.kis.REAL_DOMAIN = URL
pykis.client.websocket.WEBSOCKET_REAL_DOMAIN = SOCKET
DAYS = {"start": date.today() - timedelta(days=3), "end": date.today() + timedelta(days=4)}

steps = Steps()
kis = PyKis(
    id=GIVEN["hts_id"],
    account=GIVEN["account"],
    appkey=GIVEN["app_key"],
    secretkey=GIVEN["app_secret"],
    keep_token=False,
)
account = kis.account()
stock = KisStockScope(kis=kis, market="NASDAQ", symbol="TQQQ", account=account.account_number)
placed, prices, notices = {}, [], []


def tick(price, factor):
    return round(float(price) * factor, 2)


def place(name, work):
    def order():
        placed[name] = work()
        return placed[name].number

    steps.take(name, order)


def quoted():
    quote = stock.quote()
    placed["price"] = quote.price
    return {"price": quote.price, "close": quote.prev_price, "rate": quote.exchange_rate}


def held(balance):
    return {each.symbol: int(each.qty) for each in balance.stocks}


steps.take("token", lambda: bool(kis.token.token))
steps.take("stock", lambda: kis.stock("TQQQ", market="NASDAQ").market)
steps.take("quote", quoted)
steps.take("daily", lambda: len(stock.daily_chart(start=timedelta(days=60)).bars))
steps.take("minutes", lambda: len(stock.day_chart().bars))
steps.take("book", lambda: {"ask": stock.orderbook().asks[0].price})
steps.take("power", lambda: account.orderable_amount("NASDAQ", "TQQQ", price=50).qty)
steps.take("balance", lambda: account.balance(country="US").deposits["USD"].amount)
move("open")
tickets = [
    stock.on("price", lambda _, event: prices.append(event.response.price)),
    account.on("execution", lambda _, event: notices.append(event.response)),
]
kis.websocket.ensure_connected(timeout=10)
wait_for(lambda: len(kis.websocket._registered_subscriptions) >= 2)
place("buy", lambda: stock.buy(price=tick(placed["price"], 1.05), qty=10))
place("loc", lambda: stock.buy(price=tick(placed["price"], 0.9), qty=3, condition="LOC"))
steps.take("unfilled", lambda: [order.number for order in account.pending_orders("US").orders])
steps.take("cancel", lambda: placed["loc"].cancel().number)
steps.take("unfilled_after", lambda: [one.number for one in account.pending_orders("US").orders])
steps.take("holdings", lambda: held(account.balance(country="US")))
place("sell", lambda: stock.sell(price=tick(placed["price"], 0.95), qty=4))
place("moc", lambda: stock.sell(qty=2, condition="MOC"))
steps.take(
    "fills",
    lambda: {
        one.number: int(one.executed_qty)
        for one in account.daily_orders(**DAYS, country="US").orders
        if one.executed_qty
    },
)
move("close")
steps.take("trade", lambda: len(wait_for(lambda: prices)))
steps.take("notice", lambda: len(notices))
move("session")  # what a sale made is known from the day after on
steps.take("profits", lambda: len(account.profits(**DAYS, country="US").orders))
kis.websocket.disconnect()
steps.print()
