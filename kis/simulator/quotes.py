"""KIS's quotes: price, price-detail, dailyprice, search-info and the settlement dates."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal

from kis.simulator.exchange import Exchange
from kis.simulator.holdings import EXCHANGE_RATE
from kis.simulator.model import SEOUL, ZERO, Bar, Phase
from kis.simulator.protocol import (
    MARKET_NAMES,
    OK,
    PRODUCT_TYPES,
    QUOTE_CODES,
    READ,
    Answer,
    Call,
    KisRefusalError,
    answered,
    change_sign,
    product_name,
)
from kis.simulator.quote_fields import DETAIL_FIELDS, INFO_FIELDS

DAILY_ROWS = 100
CORRECTED_AT = time(12, 0)


class Quotes:
    """Prices that the market shows at the exchange's instant."""

    def __init__(self, exchange: Exchange, symbols: Mapping[str, str]) -> None:
        self._exchange = exchange
        self._symbols = symbols

    # -- answers ----------------------------------------------------------------------------

    def price(self, call: Call) -> Answer:
        """Answer price: the last regular trade against the previous close."""
        symbol = self._symbol(call)
        day, last = self._traded(symbol)
        base, base_volume = self._base(symbol)
        volume = self._volume(symbol, day)
        difference = last - base
        output = {
            "rsym": self.rsym(symbol),
            "zdiv": "4",
            "base": f"{base:.4f}",
            "pvol": str(base_volume),
            "last": f"{last:.4f}",
            "sign": change_sign(difference),
            "diff": f"{abs(difference):.4f}",
            "rate": rate_text(difference, base),
            "tvol": str(volume),
            "tamt": f"{last * volume:.0f}",
            "ordy": "매도불가" if self._exchange.phase is Phase.CLOSED else "매수매도가능",
        }
        return Answer(answered(OK, output=output))

    def detail(self, call: Call) -> Answer:
        """Answer price-detail: the day so far, the year's extremes and the exchange rate."""
        symbol = self._symbol(call)
        day, last = self._traded(symbol)
        base, base_volume = self._base(symbol)
        volume = self._volume(symbol, day)
        seen = self._seen(symbol, day)
        year = self._closed_bars(symbol, self._exchange.today, latest=253) or [seen]
        highest = max(year, key=lambda bar: bar.high)
        lowest = min(year, key=lambda bar: bar.low)
        difference = last - base
        output = dict.fromkeys(DETAIL_FIELDS, "") | {
            "rsym": self.rsym(symbol),
            "zdiv": "4",
            "curr": "USD",
            "vnit": "1",
            "open": f"{seen.open:.4f}",
            "high": f"{seen.high:.4f}",
            "low": f"{seen.low:.4f}",
            "last": f"{last:.4f}",
            "base": f"{base:.4f}",
            "pvol": str(base_volume),
            "pamt": f"{base * base_volume:.0f}",
            "h52p": f"{highest.high:.4f}",
            "h52d": f"{highest.day:%Y%m%d}",
            "l52p": f"{lowest.low:.4f}",
            "l52d": f"{lowest.day:%Y%m%d}",
            "t_xprc": f"{last * EXCHANGE_RATE:.0f}",
            "t_xdif": f"{abs(difference) * EXCHANGE_RATE:.0f}",
            "t_xrat": rate_text(difference, base),
            "t_xsgn": change_sign(difference),
            "t_rate": f"{EXCHANGE_RATE:.2f}",
            "p_rate": f"{EXCHANGE_RATE:.2f}",
            "p_xprc": "0",
            "p_xdif": "0",
            "p_xrat": " 0.00",
            "p_xsng": "3",
            "e_ordyn": "매매 가능",
            "e_hogau": "0.0100",
            "e_parp": "0.0000",
            "tvol": str(volume),
            "tamt": f"{last * volume:.0f}",
            "etyp_nm": "ETF",
            # A fund has no earnings; blanks here would stop clients that read every number.
            **dict.fromkeys(("perx", "pbrx", "epsx", "bpsx"), "0.00"),
            **dict.fromkeys(("tomv", "shar", "mcap"), "0"),
            **dict.fromkeys(("uplp", "dnlp"), "0.0000"),
        }
        return Answer(answered(OK, output=output))

    def daily(self, call: Call) -> Answer:
        """Answer dailyprice: at most 100 finished sessions, newest first.

        The newest close is the last regular trade until noon in Seoul, then the official one.
        """
        symbol = self._symbol(call)
        until = _day(call["BYMD"]) or self._exchange.today
        unit = call["GUBN"]
        latest = 0 if unit in {"1", "2"} else DAILY_ROWS + 2
        bars = _grouped(self._closed_bars(symbol, until, latest), unit)
        rows = []
        for index in range(len(bars) - 1, max(len(bars) - 1 - DAILY_ROWS, -1), -1):
            previous = bars[index - 1].close if index else None
            rows.append(_daily_row(bars[index], previous))
        head = {"rsym": self.rsym(symbol), "zdiv": "4", "nrec": str(len(rows))}
        return Answer(answered(OK, output1=head, output2=rows))

    def info(self, call: Call) -> Answer:
        """Answer search-info for a symbol under its own product type."""
        symbol = call["PDNO"]
        exchange = self._symbols.get(symbol)
        if exchange is None or PRODUCT_TYPES[exchange] != call["PRDT_TYPE_CD"]:
            raise KisRefusalError("APBK0656", "해당종목정보가 없습니다.")
        output = dict.fromkeys(INFO_FIELDS, "") | {
            "prdt_eng_name": symbol,
            "natn_cd": "840",
            "natn_name": "미국",
            "tr_mket_cd": {"NASD": "01", "NYSE": "02", "AMEX": "03"}[exchange],
            "tr_mket_name": MARKET_NAMES[exchange],
            "ovrs_excg_cd": exchange,
            "ovrs_excg_name": MARKET_NAMES[exchange],
            "tr_crcy_cd": "USD",
            "crcy_name": "미국달러",
            "ovrs_stck_dvsn_cd": "03",
            "prdt_clsf_name": "해외주식",
            "sll_unit_qty": "1",
            "buy_unit_qty": "1",
            "tr_unit_amt": "0",
            "ovrs_stck_tr_stop_dvsn_cd": "01",
            "lstg_abol_item_yn": "N",
            "lstg_yn": "Y",
            "dtm_tr_psbl_yn": "Y",
            "ovrs_item_name": product_name(symbol),
            "prdt_name": product_name(symbol),
            "ovrs_now_pric1": f"{self._traded(symbol)[1]:.5f}",
        }
        return Answer(answered(READ, output=output))

    def settlement(self, call: Call) -> Answer:
        """Answer countries-holiday: the settlement date of a trade, one session later."""
        traded = _day(call["TRAD_DT"]) or self._exchange.today
        settled = self._exchange.timetable.following(traded)
        rows = [
            {
                "prdt_type_cd": PRODUCT_TYPES[exchange],
                "tr_natn_cd": "840",
                "tr_natn_name": "미국",
                "natn_eng_abrv_cd": "US",
                "tr_mket_cd": code,
                "tr_mket_name": MARKET_NAMES[exchange],
                "acpl_sttl_dt": f"{settled:%Y%m%d}",
                "dmst_sttl_dt": f"{settled + timedelta(days=1):%Y%m%d}",
            }
            for code, exchange in (("01", "NASD"), ("02", "NYSE"), ("03", "AMEX"))
        ]
        keys = {"ctx_area_fk": f"{traded:%Y%m%d}".ljust(20), "ctx_area_nk": " " * 20}
        return Answer(answered(READ, output=rows, **keys), tr_cont="D")

    def rsym(self, symbol: str) -> str:
        return f"D{QUOTE_CODES[self._symbols[symbol]]}{symbol}"

    def so_far(self, symbol: str) -> tuple[Bar, Decimal]:
        """Give the newest session as its trades have shown it, and its previous close."""
        day, _ = self._traded(symbol)
        return self._seen(symbol, day), self._base(symbol)[0]

    # -- what lies behind -------------------------------------------------------------------

    def _symbol(self, call: Call) -> str:
        symbol = call["SYMB"]
        exchange = self._symbols.get(symbol)
        if exchange is None or QUOTE_CODES[exchange] != call["EXCD"]:
            raise KisRefusalError("APBK0656", "해당종목정보가 없습니다.")
        return symbol

    def _traded(self, symbol: str) -> tuple[date, Decimal]:
        traded = self._exchange.last_trade(symbol)
        if traded is None:
            raise KisRefusalError("APBK0656", "해당종목정보가 없습니다.")
        return traded

    def _base(self, symbol: str) -> tuple[Decimal, int]:
        """Give the previous close and its volume; a session's own comes from its pre-market."""
        day, last = self._traded(symbol)
        session = self._exchange.timetable.session_at(self._exchange.now)
        bars = self._closed_bars(symbol, day, latest=3)
        shown = day
        if session is not None and session.day > day:
            shown = session.day
        else:
            bars = [bar for bar in bars if bar.day < day]
        if not bars:
            return last, 0
        ratio = self._exchange.market.ratio(symbol, bars[-1].day, shown)
        close = bars[-1].close * ratio.numerator / ratio.denominator
        return close.quantize(Decimal("0.0001")), bars[-1].volume

    def _seen(self, symbol: str, day: date) -> Bar:
        """Give a day's bar as far as its trades have shown it."""
        session = self._exchange.timetable.by_day.get(day)
        bar = self._exchange.market.bar(symbol, day)
        if bar is None:
            raise KisRefusalError("APBK0656", "해당종목정보가 없습니다.")
        if session is None:
            return bar
        path = self._exchange.market.path(symbol, session)
        prices = [trade.price for trade in path if trade.at <= self._exchange.now]
        volume = self._volume(symbol, day)
        return Bar(day, bar.open, max(prices), min(prices), prices[-1], volume)

    def _volume(self, symbol: str, day: date) -> int:
        session = self._exchange.timetable.by_day.get(day)
        if session is None:
            bar = self._exchange.market.bar(symbol, day)
            return 0 if bar is None else bar.volume
        path = self._exchange.market.path(symbol, session)
        return sum(trade.volume for trade in path if trade.at <= self._exchange.now)

    def _closed_bars(self, symbol: str, until: date, latest: int = 0) -> list[Bar]:
        """Give finished sessions' bars as KIS shows them now; `latest` looks at the last few."""
        market, now = self._exchange.market, self._exchange.now
        bars = []
        for day in market.days_until(symbol, min(until, self._exchange.today))[-latest:]:
            bar = market.bar(symbol, day)
            session = self._exchange.timetable.by_day.get(day)
            if bar is None or (session is not None and session.close > now):
                continue
            if session is not None and now < _corrected(day):
                last = market.last_regular(symbol, day)
                bar = Bar(day, bar.open, bar.high, bar.low, last, bar.volume)
            bars.append(bar)
        return bars


def rate_text(difference: Decimal, base: Decimal) -> str:
    """Give a change in percent as KIS writes it: a sign, or a blank at 0."""
    rate = f"{difference / base * 100:+.2f}" if base else "+0.00"
    return " 0.00" if rate in {"+0.00", "-0.00"} else rate


def _corrected(day: date) -> datetime:
    """Give the instant from which a session's official close stands in dailyprice."""
    return datetime.combine(day + timedelta(days=1), CORRECTED_AT, SEOUL)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=SEOUL).date()
    except ValueError:
        raise KisRefusalError("OPSQ2001", "ERROR : INPUT INVALID_CHECK", rt_cd="2") from None


def _grouped(bars: list[Bar], unit: str) -> list[Bar]:
    """Join daily bars to weeks (1) or months (2), each dated by its last day."""
    if unit not in {"1", "2"}:
        return bars
    groups: dict[tuple[int, int], Bar] = {}
    for bar in bars:
        key = bar.day.isocalendar()[:2] if unit == "1" else (bar.day.year, bar.day.month)
        first = groups.get(key)
        groups[key] = (
            bar
            if first is None
            else Bar(
                bar.day,
                first.open,
                max(first.high, bar.high),
                min(first.low, bar.low),
                bar.close,
                first.volume + bar.volume,
            )
        )
    return list(groups.values())


def _daily_row(bar: Bar, previous: Decimal | None) -> dict[str, str]:
    base = bar.open if previous is None else previous
    difference = bar.close - base
    half = (bar.close * Decimal("0.0001")).quantize(Decimal("0.0001"), ROUND_DOWN)
    return {
        "xymd": f"{bar.day:%Y%m%d}",
        "clos": f"{bar.close:.4f}",
        "sign": change_sign(difference),
        "diff": f"{abs(difference):.4f}",
        "rate": rate_text(difference, base),
        "open": f"{bar.open:.4f}",
        "high": f"{bar.high:.4f}",
        "low": f"{bar.low:.4f}",
        "tvol": str(bar.volume),
        "tamt": f"{bar.close * bar.volume:.0f}",
        "pbid": f"{max(bar.close - half, ZERO):.4f}",
        "vbid": "100",
        "pask": f"{bar.close + half:.4f}",
        "vask": "100",
    }
