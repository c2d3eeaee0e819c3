"""kis-trader 0.12.2 practises at the simulator's 모의투자 host; only its host names are changed."""

import tempfile
from datetime import date, timedelta

from kis_trader import KISClient
from kis_trader._internal import _endpoints
from steps import GIVEN, URL, Steps, move

_endpoints._BASE_URL_BY_ENVIRONMENT["paper"] = URL

steps = Steps()
kis = KISClient(
    app_key=GIVEN["app_key"],
    app_secret=GIVEN["app_secret"],
    account=GIVEN["account"],
    environment="paper",
    token_cache_dir=tempfile.mkdtemp(),
    requests_per_second=10,
)
stock = kis.overseas.stock("TQQQ", exchange="NAS")
mine = kis.account.overseas
placed = {}


def place(name, work):
    def order():
        placed[name] = work()
        return placed[name].order_id

    steps.take(name, order)


def cents(factor):
    return f"{price * factor:.2f}"


price = float(steps.take("quote", lambda: stock.current_price().current_price))
steps.take("daily", lambda: len(stock.bars("1d", start=date.today() - timedelta(days=100))))
steps.take("power", lambda: mine.buyable("TQQQ", exchange="NAS", limit_price="50").symbol)
steps.take("balance", lambda: mine.balance(market="US").purchase_amount.amount)
steps.take("present", lambda: mine.present_balance().total_asset_amount)
move("open")
place("buy", lambda: stock.buy(quantity=3, limit_price=cents(1.05)))
place("far", lambda: stock.buy(quantity=2, limit_price=cents(0.8)))
steps.take("cancel", lambda: kis.orders.cancel(placed["far"].client_order_id).order_id)
place("sell", lambda: stock.sell(quantity=1, limit_price=cents(0.95)))
steps.take("holdings", lambda: {each.symbol: int(each.quantity) for each in mine.positions()})
steps.print()
