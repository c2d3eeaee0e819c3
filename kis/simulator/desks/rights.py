"""KIS's announcements: period-rights and rights-by-ice, of the splits that the market knows.

A made-up market pays no dividends, so none is announced.
"""

from datetime import date, timedelta

from kis.simulator.desks.paging import ctx_keys, paged
from kis.simulator.desks.protocol import (
    LAST,
    NOTHING,
    OK,
    PRODUCT_TYPES,
    READ,
    Answer,
    Call,
    answered,
)
from kis.simulator.desks.protocol import product_name as name_of
from kis.simulator.desks.shown import Shown, day_of, invalid
from kis.simulator.model import SEOUL, Split

PAGE = 20
ALL = frozenset({"", "%%"})
SPLIT, MERGER = "14", "15"
BY_LOCAL_DATE = "02"
ECHO = ("RGHT_TYPE_CD", "INQR_DVSN_CD", "INQR_STRT_DT", "INQR_END_DT", "PDNO", "PRDT_TYPE_CD")
QUARTER = timedelta(days=92)
ICE_FIELDS = (
    "anno_dt", "ca_title", "div_lock_dt", "pay_dt", "record_dt", "validity_dt", "local_end_dt",
    "lock_dt", "delist_dt", "redempt_dt", "early_redempt_dt", "effective_dt",
)  # fmt: skip


class Rights:
    """Splits, by their date at the market."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def period(self, call: Call) -> Answer:
        """Answer period-rights: what falls due between two dates at the market."""
        first, last = day_of(call["INQR_STRT_DT"]), day_of(call["INQR_END_DT"])
        if first is None or last is None:
            raise invalid()
        splits = [
            split
            for split in self._splits(call["PDNO"].strip(), first, last)
            if call["INQR_DVSN_CD"] == BY_LOCAL_DATE
            and (call["RGHT_TYPE_CD"] in ALL or call["RGHT_TYPE_CD"] == _code(split))
            and call["PRDT_TYPE_CD"].strip() in {"", self._product_type(split)}
        ]
        page, following, mark = paged(splits, PAGE, _key, after=call.after(50))
        keys = ctx_keys(call.fields, ECHO, following, width=50, between="!^")
        code = NOTHING if not splits else READ if following else LAST
        rows = [self._row(split) for split in page]
        return Answer(answered(code, output=rows, **keys), tr_cont=mark)

    def by_ice(self, call: Call) -> Answer:
        """Answer rights-by-ice: one symbol, three months either way unless dates are given."""
        today = self._shown.exchange.now.astimezone(SEOUL).date()
        first = day_of(call["ST_YMD"]) or today - QUARTER
        last = day_of(call["ED_YMD"]) or today + QUARTER
        american = call["NCOD"] in {"", "US"}
        splits = self._splits(call["SYMB"].strip(), first, last) if american else []
        rows = [
            dict.fromkeys(ICE_FIELDS, "")
            | {
                "anno_dt": f"{split.day:%Y%m%d}",
                "ca_title": "액면분할" if _code(split) == SPLIT else "액면병합",
                "record_dt": f"{split.day:%Y%m%d}",
                "effective_dt": f"{split.day:%Y%m%d}",
            }
            for split in splits
        ]
        return Answer(answered(OK, output1=rows))

    def _splits(self, symbol: str, first: date, last: date) -> list[Split]:
        return [
            split
            for split in self._shown.exchange.market.splits
            if first <= _at_the_market(split) <= last and symbol in {"", split.symbol}
        ]

    def _product_type(self, split: Split) -> str:
        return PRODUCT_TYPES[self._shown.symbols.get(split.symbol, "NASD")]

    def _row(self, split: Split) -> dict[str, str]:
        done = split.day <= self._shown.exchange.today
        return {
            # KIS's example: 17th at the market, 18th in Seoul, a split whose first session is the
            # 18th's.
            "bass_dt": f"{split.day:%Y%m%d}",
            "rght_type_cd": _code(split),
            "pdno": split.symbol,
            "prdt_name": name_of(split.symbol),
            "prdt_type_cd": self._product_type(split),
            "std_pdno": "",
            "acpl_bass_dt": f"{_at_the_market(split):%Y%m%d}",
            "sbsc_strt_dt": "",
            "sbsc_end_dt": "",
            "cash_alct_rt": "0.0000000000",
            # New shares for a hundred old ones.
            "stck_alct_rt": f"{100 * split.new / split.old:.12f}",
            "crcy_cd": "USD",
            "crcy_cd2": "",
            "crcy_cd3": "",
            "crcy_cd4": "",
            "alct_frcr_unpr": "0.00000",
            "stkp_dvdn_frcr_amt2": "0.00000",
            "stkp_dvdn_frcr_amt3": "0.00000",
            "stkp_dvdn_frcr_amt4": "0.00000",
            "dfnt_yn": "Y" if done else "N",
        }


def _at_the_market(split: Split) -> date:
    return split.day - timedelta(days=1)


def _code(split: Split) -> str:
    return SPLIT if split.new > split.old else MERGER


def _key(split: Split) -> str:
    return f"{split.day:%Y%m%d}^{split.symbol}"
