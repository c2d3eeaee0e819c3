"""What KIS shows of the market: quotes (sometimes wild), books, daily bars, symbols, rights."""

from datetime import date, timedelta
from decimal import Decimal

from kis.transport import Reply
from tests.simulation.faults import Fault
from tests.simulation.kis import words
from tests.simulation.kis.book import Row
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.request import Request
from tests.simulation.market import Bar, Split, Tape
from tests.simulation.world import World

ROWS = 100
_TICK = Decimal("0.01")
_BLANK_QUOTE = {"rsym": "", "last": "", "base": "", "tvol": "", "pvol": "", "ordy": ""}


class PriceDesk:
    """Answers about prices and symbols."""

    def __init__(self, world: World, mishaps: Mishaps, exchange: Exchange) -> None:
        self._world = world
        self._mishaps = mishaps
        self._exchange = exchange
        self._rows: dict[tuple[str, date, bool, int], Row] = {}
        self.announced: list[tuple[str, Split]] = []
        self.dividends: list[tuple[str, date, Decimal]] = []

    def quote(self, request: Request) -> Reply:
        """Answer GET /price; a symbol that is not there is a row of blanks."""
        tape = self._tape(request)
        row = _BLANK_QUOTE if tape is None else self._quote(tape)
        return words.answered(self._world.now, words.DONE, output=row)

    def detail(self, request: Request) -> Reply:
        """Answer GET /price-detail."""
        tape = self._tape(request)
        if tape is None:
            return words.answered(self._world.now, words.DONE, output=_BLANK_QUOTE)
        bar = tape.running()
        highs, lows = [each.high for each in tape.bars], [each.low for each in tape.bars]
        row = {
            **self._quote(tape),
            "open": f"{bar.open if bar else 0:.4f}",
            "high": f"{bar.high if bar else 0:.4f}",
            "low": f"{bar.low if bar else 0:.4f}",
            "curr": "USD",
            "t_rate": "1390.50",
            "h52p": f"{max(highs):.4f}",
            "l52p": f"{min(lows):.4f}",
            "e_ordyn": "매매 가능",
            "e_hogau": "0.0100",
            "etyp_nm": "ETF",
        }
        return words.answered(self._world.now, words.DONE, output=row)

    def book(self, request: Request) -> Reply:
        """Answer GET /inquire-asking-price: a cent on either side of the last price."""
        tape = self._tape(request)
        last = Decimal(0) if tape is None or self._halted(tape) else tape.last
        seoul = self._world.now + timedelta(hours=9)
        head = {"dymd": f"{seoul:%Y%m%d}", "dhms": f"{seoul:%H%M%S}"}
        levels: Row = {}
        for place in range(1, 11):
            step = _TICK * place
            levels |= {
                f"pbid{place}": f"{max(last - step, Decimal(0)):.4f}",
                f"pask{place}": f"{last + step if last else 0:.4f}",
                f"vbid{place}": "100" if last else "0",
                f"vask{place}": "100" if last else "0",
            }
        return words.answered(
            self._world.now, words.DONE, output1=head, output2=levels, output3=None
        )

    def daily(self, request: Request) -> Reply:
        """Answer GET /dailyprice: up to a hundred sessions, the newest first."""
        tape = self._tape(request)
        if tape is None:
            return words.answered(self._world.now, words.DONE, output1={"nrec": "0"}, output2=[])
        until, adjusted = request.query["BYMD"], request.query["MODP"] == "1"
        last = _day(until) if until else date.max
        rows = [
            self._bar(tape, bar, adjusted=adjusted) for bar in tape.bars[-ROWS:] if bar.day <= last
        ]
        running = tape.running()
        if running is not None and running.day <= last:
            rows.append(_bar_row(running))
        rows.reverse()
        return words.answered(
            self._world.now, words.DONE, output1={"nrec": str(len(rows))}, output2=rows[:ROWS]
        )

    def minutes(self, request: Request) -> Reply:
        """Answer GET /inquire-time-itemchartprice: this world has no minutes."""
        del request
        return words.answered(self._world.now, words.DONE, output1={"nrec": "0"}, output2=[])

    def symbol(self, request: Request) -> Reply:
        """Answer GET /search-info."""
        tape = self._exchange.market.tapes.get(request.query["PDNO"])
        if tape is None or tape.listed.product != request.query["PRDT_TYPE_CD"]:
            return words.refused(self._world.now, words.NO_SYMBOL, rt_cd="1")
        listed = tape.listed
        row = {
            "std_pdno": f"US{listed.symbol}",
            "prdt_name": listed.symbol,
            "prdt_eng_name": listed.symbol,
            "ovrs_excg_cd": listed.order_code,
            "tr_crcy_cd": "USD",
            "ovrs_stck_dvsn_cd": "03",
            "lstg_yn": "Y",
            "lstg_abol_item_yn": "N",
            "ovrs_stck_tr_stop_dvsn_cd": "02" if self._halted(tape) else "01",
            "dtm_tr_psbl_yn": "N",
        }
        return words.answered(self._world.now, words.DONE, output=row)

    def rights(self, request: Request) -> Reply:
        """Answer GET /period-rights: the splits that are announced."""
        start, end = _day(request.query["INQR_STRT_DT"]), _day(request.query["INQR_END_DT"])
        asked, kind = request.query["PDNO"], request.query["RGHT_TYPE_CD"]
        rows = [
            _split_row(symbol, split)
            for symbol, split in self.announced
            if start <= _at_the_market(split) <= end and asked in {"", symbol}
        ]
        rows += [
            _dividend_row(symbol, day, cash)
            for symbol, day, cash in self.dividends
            if start <= day <= end and asked in {"", symbol}
        ]
        rows = [row for row in rows if kind in {"%%", row["rght_type_cd"]}]
        return words.answered(
            self._world.now,
            words.READ if rows else words.NOTHING,
            tr_cont="D",
            ctx_area_fk50="",
            ctx_area_nk50="",
            output=rows,
        )

    def _quote(self, tape: Tape) -> Row:
        base, last = tape.base, tape.last
        if self._halted(tape):
            last = Decimal(0)
        elif self._mishaps.comes(Fault.WILD_PRICE):
            how = self._world.chance("kis.wild").choice(("zero", "tenfold", "stale"))
            last = {"zero": Decimal(0), "tenfold": last * 10, "stale": tape.bars[-1].close}[how]
            self._mishaps.struck(Fault.WILD_PRICE, f"{tape.listed.symbol} {how}")
        return {
            "rsym": f"D{tape.listed.quote_code}{tape.listed.symbol}",
            "zdiv": "4",
            "base": f"{base:.4f}",
            "last": f"{last:.4f}",
            "pvol": "70210034",
            "tvol": "51023344",
            "ordy": "매매 가능",
        }

    def _tape(self, request: Request) -> Tape | None:
        tape = self._exchange.market.tapes.get(request.query["SYMB"])
        if tape is None or tape.listed.quote_code != request.query["EXCD"]:
            return None
        return tape

    def _halted(self, tape: Tape) -> bool:
        if tape.listed.symbol not in self._exchange.halted:
            return False
        self._mishaps.struck_today(Fault.HALTED, tape.listed.symbol)
        return True

    def _bar(self, tape: Tape, bar: Bar, *, adjusted: bool) -> Row:
        key = (tape.listed.symbol, bar.day, adjusted, len(tape.splits))
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = _bar_row(tape.adjusted(bar) if adjusted else bar)
        return row


def _bar_row(bar: Bar) -> Row:
    return {
        "xymd": f"{bar.day:%Y%m%d}",
        "clos": f"{bar.close:.4f}",
        "open": f"{bar.open:.4f}",
        "high": f"{bar.high:.4f}",
        "low": f"{bar.low:.4f}",
        "tvol": str(bar.volume),
        "tamt": f"{bar.close * bar.volume:.0f}",
    }


def _split_row(symbol: str, split: Split) -> Row:
    code = "14" if split.new > split.old else "15"
    ratio = f"{Decimal(split.new * 100) / split.old:.8f}"
    return _right(symbol, _at_the_market(split), code) | {"stck_alct_rt": ratio}


def _at_the_market(split: Split) -> date:
    """Give the date that KIS files a split under: the day before its first session."""
    return split.day - timedelta(days=1)


def _dividend_row(symbol: str, day: date, cash: Decimal) -> Row:
    return _right(symbol, day, "03") | {"alct_frcr_unpr": f"{cash:.5f}"}


def _right(symbol: str, day: date, code: str) -> Row:
    return {
        "pdno": symbol,
        "prdt_name": symbol,
        "rght_type_cd": code,
        "bass_dt": f"{day + timedelta(days=1):%Y%m%d}",
        "acpl_bass_dt": f"{day:%Y%m%d}",
        "stck_alct_rt": "0.00000000",
        "alct_frcr_unpr": "0.00000",
        "stkp_dvdn_frcr_amt2": "0.00000",
        "crcy_cd": "USD",
        "dfnt_yn": "Y",
    }


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
