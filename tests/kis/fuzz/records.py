"""A sample record for every TR id of the websocket: all its columns differ, to be traceable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.kis.fuzz.oracle import Case, Source, literal

Columns = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A record, which columns stand for what, and whether its frames are sealed."""

    words: tuple[str, ...]
    sealed: bool = False
    made: Mapping[str, Source] = field(default_factory=dict)
    also: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def case(self, read: Any) -> Case:
        return Case(read=read, sample=columns(self.words), made=self.made, also=self.also)


def columns(words: tuple[str, ...] | list[str]) -> Columns:
    """Give a record as a row: c0, c1, ..."""
    return {f"c{place}": word for place, word in enumerate(words)}


def _implied(row: Mapping[str, Any]) -> Decimal | None:
    """CNTG_UNPR of US notices has four implied decimals."""
    price = literal(row.get("c9"))
    return None if price is None else price.scaleb(-4)


def _filler(count: int, start: int) -> tuple[str, ...]:
    return tuple(str(start + place) for place in range(count))


US_TRADE = (
    "DNASTQQQ", "TQQQ", "4", "20261007", "20261008", "110501", "20261009", "000502",
    "77.1100", "78.2200", "76.3300", "77.4400", "2", "0.5500", " 0.66", "77.4300", "77.4700",
    "310", "420", "53", "9303942", "720193846", "641", "752", "118.30", "1",
)  # fmt: skip
US_BOOK = (
    "DNASTQQQ", "TQQQ", "4", "20261008", "110501", "20261009", "000502", "8001", "8002",
    "8003", "8004",
    *(word for n in range(10) for word in (
        f"{77 - n}.{n + 10}00", f"{78 + n}.{n + 30}00", f"{100 + n}", f"{200 + n}",
        f"{7000 + n}", f"{7100 + n}",
    )),
)  # fmt: skip
KRX_TRADE = (
    "005930", "093107", "71900", "2", "400", "0.56", "71811.22", "71600", "72300", "71400",
    "71950", "71850", "37", "1234567", *_filler(19, 810_000), "20261008", "20", "N",
    *_filler(10, 820_000),
)  # fmt: skip
KRX_BOOK = (
    "005930", "093107", "0", *_filler(10, 71_900), *(str(71_800 - n) for n in range(10)),
    *_filler(10, 310), *_filler(10, 510), *_filler(16, 830_000),
)  # fmt: skip
US_NOTICE = (
    "HTSID001", "8100000001", "0000004711", "0000003502", "02", "0", "2", "TQQQ", "0000000053",
    "001480100", "233005", "0", "2", "2", "01790", "0000000097", "홍길동", "TQQQ ETF", "6", "",
    "", "231000", "055000", "02", "148.010000000000",
)  # fmt: skip
KRX_NOTICE = (
    "HTSID001", "8100000001", "0000004711", "0000003502", "02", "0", "00", "0", "005930",
    "0000000053", "000071900", "093107", "0", "2", "2", "01790", "000000097", "홍길동", "0",
    "1", "N", "", "00", "", "삼성전자", "000072000",
)  # fmt: skip

US_NOTICES = Sample(
    words=US_NOTICE,
    sealed=True,
    made={"notice.price": _implied},
    also={"notice.order_quantity": frozenset({"c8"})},
)
KRX_NOTICES = Sample(
    words=KRX_NOTICE, sealed=True, also={"notice.order_quantity": frozenset({"c9"})}
)
SAMPLES: dict[str, Sample] = {
    "HDFSCNT0": Sample(words=US_TRADE),
    "HDFSASP0": Sample(words=US_BOOK),
    "H0STCNT0": Sample(words=KRX_TRADE),
    "H0STASP0": Sample(words=KRX_BOOK),
    "H0GSCNI0": US_NOTICES,
    "H0GSCNI9": US_NOTICES,
    "H0STCNI0": KRX_NOTICES,
    "H0STCNI9": KRX_NOTICES,
}
