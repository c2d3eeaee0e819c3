"""KIS's quotes of a KRX code, in won: inquire-price and inquire-asking-price-exp-ccn.

KIS's own page of these is not among the tables at hand: the names are those of its samples.
"""

from kis.simulator.desks.protocol import NO_SYMBOL, OK, Answer, Call, KisRefusalError, answered
from kis.simulator.domestic import FUNDS, Domestic, KrxDay
from kis.simulator.exchange import Exchange
from kis.simulator.model import SEOUL
from kis.simulator.sockets.depth import krx_depth, krx_tick
from kis.simulator.sockets.us_tapes import percent, sign

MARKET, CODE = "FID_COND_MRKT_DIV_CODE", "FID_INPUT_ISCD"
MARKETS = frozenset({"J", "UN", "NX"})
DAILY_LIMIT = 30


class DomesticQuotes:
    """What the made-up KRX shows."""

    def __init__(self, exchange: Exchange, domestic: Domestic) -> None:
        self._exchange = exchange
        self._domestic = domestic

    def price(self, call: Call) -> Answer:
        """Answer inquire-price: the day so far against the close before it."""
        day = self._day(call)
        difference = day.close - day.base
        fund = call[CODE] in FUNDS
        output = {
            "iscd_stat_cls_code": "55",
            "marg_rate": "20.00",
            "rprs_mrkt_kor_name": "KOSPI200",
            "bstp_kor_isnm": "",
            "temp_stop_yn": "N",
            "crdt_able_yn": "N",
            "stck_prpr": str(day.close),
            "prdy_vrss": str(difference),
            "prdy_vrss_sign": sign(difference),
            "prdy_ctrt": percent(difference, day.base).removeprefix("+"),
            "acml_tr_pbmn": str(day.close * day.volume),
            "acml_vol": str(day.volume),
            "prdy_vrss_vol_rate": _share(day.volume, day.base_volume),
            "stck_oprc": str(day.open),
            "stck_hgpr": str(day.high),
            "stck_lwpr": str(day.low),
            "stck_mxpr": str(day.base * (100 + DAILY_LIMIT) // 100),
            "stck_llam": str(day.base * (100 - DAILY_LIMIT) // 100),
            "stck_sdpr": str(day.base),
            "wghn_avrg_stck_prc": f"{day.close:.2f}",
            "aspr_unit": str(krx_tick(day.close, fund=fund)),
            "hts_deal_qty_unit_val": "1",
            **dict.fromkeys(("per", "pbr", "eps", "bps", "vol_tnrt", "hts_frgn_ehrt"), "0.00"),
            **dict.fromkeys(("lstn_stcn", "hts_avls", "frgn_ntby_qty", "pgtr_ntby_qty"), "0"),
            **self._year(call[CODE], day),
            "stck_shrn_iscd": call[CODE],
            "ssts_yn": "Y",
            "vi_cls_code": "N",
            "invt_caful_yn": "N",
            "mrkt_warn_cls_code": "00",
            "short_over_yn": "N",
            "sltr_yn": "N",
            "mang_issu_cls_code": "N",
        }
        return Answer(answered(OK, output=output))

    def asking(self, call: Call) -> Answer:
        """Answer inquire-asking-price-exp-ccn: ten levels a side, and no auction expected."""
        code = call[CODE]
        day = self._day(call)
        depth = krx_depth(self._domestic.seed, code, day.close, fund=code in FUNDS)
        now = self._exchange.now.astimezone(SEOUL)
        output1 = {"aspr_acpt_hour": f"{now:%H%M%S}"}
        sides = zip(depth.asks, depth.bids, depth.ask_sizes, depth.bid_sizes, strict=True)
        for place, (ask, bid, ask_size, bid_size) in enumerate(sides, 1):
            output1 |= {
                f"askp{place}": str(ask),
                f"bidp{place}": str(bid),
                f"askp_rsqn{place}": str(ask_size),
                f"bidp_rsqn{place}": str(bid_size),
                f"askp_rsqn_icdc{place}": "0",
                f"bidp_rsqn_icdc{place}": "0",
            }
        output1 |= {
            "total_askp_rsqn": str(sum(depth.ask_sizes)),
            "total_bidp_rsqn": str(sum(depth.bid_sizes)),
            "ntby_aspr_rsqn": str(sum(depth.bid_sizes) - sum(depth.ask_sizes)),
            "new_mkop_cls_code": "20",
        }
        output2 = {
            "antc_mkop_cls_code": "311",
            "stck_prpr": str(day.close),
            "stck_oprc": str(day.open),
            "stck_hgpr": str(day.high),
            "stck_lwpr": str(day.low),
            "stck_sdpr": str(day.base),
            **dict.fromkeys(("antc_cnpr", "antc_cntg_vrss", "antc_vol"), "0"),
            "antc_cntg_vrss_sign": "3",
            "antc_cntg_prdy_ctrt": "0.00",
            "stck_shrn_iscd": code,
            "vi_cls_code": "N",
        }
        return Answer(answered(OK, output1=output1, output2=output2))

    def _day(self, call: Call) -> KrxDay:
        code = call[CODE]
        known = call[MARKET] in MARKETS and code in self._domestic.codes
        day = self._domestic.so_far(code, self._exchange.now) if known else None
        if day is None:
            raise KisRefusalError(*NO_SYMBOL)
        return day

    def _year(self, code: str, today: KrxDay) -> dict[str, str]:
        earlier = [one for one in self._domestic.days(code) if one.day < today.day]
        days = [*earlier[-252:], today]
        high = max(days, key=lambda one: one.high)
        low = min(days, key=lambda one: one.low)
        return {
            "w52_hgpr": str(high.high),
            "w52_hgpr_date": f"{high.day:%Y%m%d}",
            "w52_hgpr_vrss_prpr_ctrt": percent(today.close - high.high, high.high),
            "w52_lwpr": str(low.low),
            "w52_lwpr_date": f"{low.day:%Y%m%d}",
            "w52_lwpr_vrss_prpr_ctrt": percent(today.close - low.low, low.low).removeprefix("+"),
        }


def _share(part: int, whole: int) -> str:
    return f"{part / whole * 100:.2f}" if whole else "0.00"
