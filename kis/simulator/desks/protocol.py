"""One call and one answer of KIS's REST protocol, and the refusals it words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kis.simulator.model import SEOUL, Order, OrderType, Side

Json = dict[str, object]
BRANCH = "01790"
OK = ("MCA00000", "정상처리 되었습니다.")
READ = ("KIOK0510", "조회가 완료되었습니다".ljust(80))
LAST = ("KIOK0460", "조회 되었습니다. (마지막 자료)".ljust(80))
FOUND = ("KIOK0530", "조회되었습니다".ljust(80))
NOTHING = ("KIOK0560", "조회할 내용이 없습니다".ljust(80))
MOCK_READ = ("20310000", "모의투자 조회가 완료되었습니다.")
MOCK_NOTHING = ("70070000", "모의투자 조회할 내역(자료)이 없습니다.")
QUOTE_CODES = {"NASD": "NAS", "NYSE": "NYS", "AMEX": "AMS"}
DAYTIME_CODES = {"NASD": "BAQ", "NYSE": "BAY", "AMEX": "BAA"}
MARKET_CODES = {"NASD": "01", "NYSE": "02", "AMEX": "05"}
MARKET_NAMES = {"NASD": "나스닥", "NYSE": "뉴욕거래소", "AMEX": "아멕스"}
PRODUCT_TYPES = {"NASD": "512", "NYSE": "513", "AMEX": "529"}
PRODUCT_NAMES = {"TQQQ": "프로셰어즈 QQQ 3배 ETF", "SOXL": "디렉시온 반도체 3배 ETF"}
ORDER_DIVISIONS = {
    "00": OrderType.LIMIT,
    "31": OrderType.MOO,
    "32": OrderType.LOO,
    "33": OrderType.MOC,
    "34": OrderType.LOC,
}
NO_SYMBOL = ("APBK0656", "해당종목정보가 없습니다.")
SIDE_CODES = {Side.SELL: "01", Side.BUY: "02"}
SIDE_NAMES = {Side.SELL: "매도", Side.BUY: "매수"}


class KisRefusalError(Exception):
    """KIS says no; `rt_cd`, `msg_cd`, `msg1` and the HTTP status are its answer."""

    def __init__(self, msg_cd: str, msg1: str, *, rt_cd: str = "7", status: int = 200) -> None:
        super().__init__(f"{msg_cd} {msg1}")
        self.msg_cd = msg_cd
        self.msg1 = msg1
        self.rt_cd = rt_cd
        self.status = status

    @property
    def body(self) -> Json:
        return {"rt_cd": self.rt_cd, "msg_cd": self.msg_cd, "msg1": self.msg1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that passed the gateway; `fields` have upper-case names and text values.

    `by_hand` says that it is the owner's, from KIS's app: its orders show another medium.
    """

    tr_id: str
    mock: bool
    tr_cont: str
    fields: Mapping[str, str]
    by_hand: bool = False
    path: str = ""

    @property
    def matched(self) -> Mapping[str, str]:
        """Give what the match of a fault is compared with."""
        return {**self.fields, "tr_id": self.tr_id, "path": self.path}

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def after(self, width: int = 200) -> str:
        """Give the key of the last row already given; blank unless the header asks for more."""
        return self[f"CTX_AREA_NK{width}"].strip() if self.tr_cont == "N" else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A body with rt_cd 0 and the paging mark of the header; `order` where one was taken in."""

    body: Json
    tr_cont: str = ""
    order: Order | None = None


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One path of KIS: its TR ids (True where the mock host's), required fields and handler.

    `shared` says that both hosts answer under the same id.
    """

    method: str
    path: str
    trs: Mapping[str, bool]
    required: tuple[str, ...]
    handler: Handler
    orders: bool = False
    shared: bool = False


def answered(code: tuple[str, str], **payload: object) -> Json:
    """Join a payload with KIS's success fields."""
    return {**payload, "rt_cd": "0", "msg_cd": code[0], "msg1": code[1]}


def number_text(number: int) -> str:
    """Write an order number in ten digits."""
    return f"{number:010d}"


def medium(*, by_hand: bool) -> str:
    """Name where an order was given, as KIS does."""
    return "모바일" if by_hand else "OpenAPI"


def seoul_time(order: Order) -> str:
    return order.at.astimezone(SEOUL).strftime("%H%M%S")


def product_name(symbol: str) -> str:
    return PRODUCT_NAMES.get(symbol, symbol)


def change_sign(difference: Decimal) -> str:
    """Give KIS's sign of a change: 2 up, 3 level, 5 down."""
    if difference == 0:
        return "3"
    return "2" if difference > 0 else "5"
