"""KIS's book of one symbol (inquire-asking-price), and its latest trades (inquire-ccnl)."""

from decimal import Decimal

from kis.simulator.desks.protocol import OK, Answer, Call, answered, change_sign
from kis.simulator.desks.shown import Shown, rate_text
from kis.simulator.model import SEOUL, ZERO
from kis.simulator.sockets.depth import us_depth
from kis.simulator.sockets.us_tapes import UNIT, units

TRADE_ROWS = 30
TODAY = "1"
NOTHING_THERE = ("vstm", "vetm", "csbp", "cshi", "cslo", "iep", "iev")


class OrderBooks:
    """What rests around the last trade, the same as the websocket shows for a seed."""

    def __init__(self, shown: Shown, seed: int) -> None:
        self._shown = shown
        self._seed = seed

    def asking(self, call: Call) -> Answer:
        """Answer inquire-asking-price: ten levels a side; its clock is Seoul's."""
        symbol = self._shown.symbol(call)
        day, last = self._shown.traded(symbol)
        base, _ = self._shown.base(symbol)
        seen = self._shown.seen(symbol, day)
        depth = us_depth(self._seed, symbol, units(last))
        now = self._shown.exchange.now.astimezone(SEOUL)
        head = {
            "rsym": self._shown.rsym(symbol),
            "zdiv": "4",
            "curr": "USD",
            "base": f"{base:.4f}",
            "open": f"{seen.open:.4f}",
            "high": f"{seen.high:.4f}",
            "low": f"{seen.low:.4f}",
            "last": f"{last:.4f}",
            "dymd": f"{now:%Y%m%d}",
            "dhms": f"{now:%H%M%S}",
            "bvol": str(sum(depth.bid_sizes)),
            "avol": str(sum(depth.ask_sizes)),
            "bdvl": "0",
            "advl": "0",
            "code": symbol,
            "ropen": rate_text(seen.open - base, base),
            "rhigh": rate_text(seen.high - base, base),
            "rlow": rate_text(seen.low - base, base),
            "rclose": rate_text(last - base, base),
        }
        levels: dict[str, str] = {}
        sides = zip(depth.bids, depth.asks, depth.bid_sizes, depth.ask_sizes, strict=True)
        for place, (bid, ask, bid_size, ask_size) in enumerate(sides, 1):
            levels |= {
                f"pbid{place}": f"{Decimal(bid) / UNIT:.4f}",
                f"pask{place}": f"{Decimal(ask) / UNIT:.4f}",
                f"vbid{place}": str(bid_size),
                f"vask{place}": str(ask_size),
                f"dbid{place}": "0",
                f"dask{place}": "0",
            }
        nothing = dict.fromkeys(NOTHING_THERE, "")
        return Answer(answered(OK, output1=head, output2=levels, output3=nothing))

    def trades(self, call: Call) -> Answer:
        """Answer inquire-ccnl of the quotes: a session's latest trades, newest first."""
        symbol = self._shown.symbol(call)
        day, _ = self._shown.traded(symbol)
        base, _ = self._shown.base(symbol)
        if call["TDAY"] != TODAY:
            earlier = [one.day for one in self._shown.exchange.timetable.sessions if one.day < day]
            day = earlier[-1] if earlier else day
        rows, volume = [], 0
        for trade in self._shown.prints(symbol, day):
            volume += trade.volume
            difference = trade.price - base
            depth = us_depth(self._seed, symbol, units(trade.price))
            rows.append(
                {
                    "khms": f"{trade.at.astimezone(SEOUL):%H%M%S}",
                    "last": f"{trade.price:.4f}",
                    "sign": change_sign(difference),
                    "diff": f"{abs(difference):.4f}",
                    "rate": rate_text(difference, base),
                    "evol": str(trade.volume),
                    "tvol": str(volume),
                    "mtyp": "0",
                    "pbid": f"{max(Decimal(depth.bids[0]) / UNIT, ZERO):.4f}",
                    "pask": f"{Decimal(depth.asks[0]) / UNIT:.4f}",
                    "vpow": "100.00",
                }
            )
        rows = rows[-TRADE_ROWS:][::-1]
        head = {"rsym": self._shown.rsym(symbol), "ZDIV": "4", "NREC": str(len(rows))}
        return Answer(answered(OK, output1=head, output2=rows))
