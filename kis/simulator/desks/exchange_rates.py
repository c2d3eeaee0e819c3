"""KIS's chart of the won against the dollar (inquire-daily-chartprice, X): one rate for ever."""

from datetime import date, timedelta

from kis.simulator.desks.money import EXCHANGE_RATE
from kis.simulator.desks.protocol import NO_SYMBOL, OK, Answer, Call, KisRefusalError, answered
from kis.simulator.desks.shown import day_of, invalid
from kis.simulator.exchange import Exchange
from kis.simulator.model import SEOUL

EXCHANGE_RATES = "X"
DOLLAR = "FX@KRW"
PERIODS = frozenset({"D", "W", "M", "Y"})
ROWS = 100
RATE = f"{EXCHANGE_RATE:.2f}"


class ExchangeRates:
    """One rate for every day; indices, bonds and gold are not served."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def chart(self, call: Call) -> Answer:
        """Answer inquire-daily-chartprice: at most a hundred week days, newest first."""
        asked = call["FID_COND_MRKT_DIV_CODE"], call["FID_INPUT_ISCD"]
        if asked != (EXCHANGE_RATES, DOLLAR):
            raise KisRefusalError(*NO_SYMBOL)
        first, last = day_of(call["FID_INPUT_DATE_1"]), day_of(call["FID_INPUT_DATE_2"])
        period = call["FID_PERIOD_DIV_CODE"]
        if first is None or last is None or period not in PERIODS:
            raise invalid()
        today = self._exchange.now.astimezone(SEOUL).date()
        rows = [_row(day) for day in _days(first, min(last, today), period)]
        head = {
            "ovrs_nmix_prdy_vrss": "0.00",
            "prdy_vrss_sign": "3",
            "prdy_ctrt": "0.00",
            "ovrs_nmix_prdy_clpr": RATE,
            "acml_vol": "0",
            "hts_kor_isnm": "원/달러",
            "ovrs_nmix_prpr": RATE,
            "stck_shrn_iscd": DOLLAR,
            "prdy_vol": "0",
            "ovrs_prod_oprc": RATE,
            "ovrs_prod_hgpr": RATE,
            "ovrs_prod_lwpr": RATE,
        }
        return Answer(answered(OK, output1=head, output2=rows))


def _row(day: date) -> dict[str, str]:
    return {
        "stck_bsop_date": f"{day:%Y%m%d}",
        "ovrs_nmix_prpr": RATE,
        "ovrs_nmix_oprc": RATE,
        "ovrs_nmix_hgpr": RATE,
        "ovrs_nmix_lwpr": RATE,
        "acml_vol": "0",
        "mod_yn": "N",
    }


def _days(first: date, last: date, period: str) -> list[date]:
    """Give the last week day of each day, week, month or year between, newest first."""
    found: dict[tuple[int, int], date] = {}
    day = last
    while day >= first and len(found) < ROWS:
        if day.weekday() < 5:
            found.setdefault(_period(day, period), day)
        day -= timedelta(days=1)
    return list(found.values())


def _period(day: date, period: str) -> tuple[int, int]:
    if period == "W":
        return day.isocalendar()[:2]
    if period == "M":
        return day.year, day.month
    return (day.year, 0) if period == "Y" else (day.toordinal(), 0)
