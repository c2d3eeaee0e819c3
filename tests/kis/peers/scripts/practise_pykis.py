"""python-kis 2.1.6 practises at the simulator's 모의투자 host; only its host names are changed.

The simulator knows one app key, so the practice token is the real one, taken over.
"""

from datetime import date, timedelta

import pykis.client.websocket
import pykis.kis
from pykis import PyKis
from pykis.scope.stock import KisStockScope
from steps import GIVEN, SOCKET, URL, Steps, move

pykis.kis.REAL_DOMAIN = pykis.kis.VIRTUAL_DOMAIN = URL
pykis.client.websocket.WEBSOCKET_REAL_DOMAIN = SOCKET
pykis.client.websocket.WEBSOCKET_VIRTUAL_DOMAIN = SOCKET
DAYS = {"start": date.today() - timedelta(days=3), "end": date.today() + timedelta(days=4)}

steps = Steps()
keys = {"appkey": GIVEN["app_key"], "secretkey": GIVEN["app_secret"]}
kis = PyKis(
    id=GIVEN["hts_id"],
    account=GIVEN["account"],
    virtual_id=GIVEN["hts_id"],
    virtual_appkey=GIVEN["app_key"],
    virtual_secretkey=GIVEN["app_secret"],
    keep_token=False,
    **keys,
)
kis.primary_token = kis.token
account = kis.account()
stock = KisStockScope(kis=kis, market="NASDAQ", symbol="TQQQ", account=account.account_number)
placed = {}


def place(name, work):
    def order():
        placed[name] = work()
        return placed[name].number

    steps.take(name, order)


price = float(steps.take("quote", lambda: stock.quote().price))
steps.take("power", lambda: account.orderable_amount("NASDAQ", "TQQQ", price=50).qty)
move("open")
place("buy", lambda: stock.buy(price=round(price * 1.05, 2), qty=3))
place("far", lambda: stock.buy(price=round(price * 0.8, 2), qty=2))
steps.take("cancel", lambda: placed["far"].cancel().number)
place("sell", lambda: stock.sell(price=round(price * 0.95, 2), qty=1))
steps.take(
    "fills",
    lambda: {
        one.number: int(one.executed_qty)
        for one in account.daily_orders(**DAYS, country="US").orders
        if one.executed_qty
    },
)
steps.take(
    "holdings",
    lambda: {each.symbol: int(each.qty) for each in account.balance(country="US").stocks},
)
steps.print()
