"""The order system's codes and words.

KIS reuses its codes (APBK0918 is said of the hour, of cash and of shares), so that its words
decide wherever they say anything. Source: domain/kis.md section 8 and what was met in production.
"""

import re

from kis.codes.vocabulary import Entry, Kind, Meaning, OnOrder, Sentence

_SENT = Meaning(
    kind=Kind.OK,
    cause=Sentence(
        "주문이나 취소가 전송되었습니다: 거래소가 받았는지는 주문 목록이 말합니다.",
        "The order or cancel was sent: the list of orders says whether the exchange took it.",
    ),
    remedy=Sentence("할 일은 없습니다.", "There is nothing to do."),
    on_order=OnOrder.UNKNOWN,  # a success in an answer that is none
)
_READ = Meaning(
    kind=Kind.OK,
    cause=Sentence("조회가 되었습니다.", "The inquiry was answered."),
    remedy=Sentence("할 일은 없습니다.", "There is nothing to do."),
    on_order=OnOrder.UNKNOWN,  # a success in an answer that is none
)
_NOTHING = Meaning(
    kind=Kind.NOTHING_FOUND,
    cause=Sentence("조회할 내역이 없습니다.", "There is nothing to list."),
    remedy=Sentence("할 일은 없습니다.", "There is nothing to do."),
    on_order=OnOrder.UNKNOWN,  # a success in an answer that is none
)
_HOURS = Meaning(
    kind=Kind.HOURS,
    cause=Sentence(
        "지금은 한투가 이 주문을 받는 시간이 아닙니다.",
        "KIS does not take this order at this hour.",
    ),
    remedy=Sentence(
        "개장 전이면 봇이 개장 5분 뒤 한 번 더 보냅니다: 앱으로 낸다면 프리마켓이나 정규장에 내 "
        "주세요.",
        "Before the open the bot sends it once more five minutes after it: by hand, place it in "
        "pre-market or regular hours.",
    ),
)
_CASH = Meaning(
    kind=Kind.CASH,
    cause=Sentence(
        "주문할 수 있는 달러가 모자랍니다: 한투는 수수료 몫을 더 잡아 둡니다.",
        "The orderable USD do not suffice: KIS holds back some more for its fee.",
    ),
    remedy=Sentence(
        "한투 앱에서 달러로 환전하거나 입금하고, 통합증거금을 쓰는지 확인해 주세요.",
        "Exchange or pay in USD in KIS's app, and see whether 통합증거금 is on.",
    ),
)
_QUANTITY = Meaning(
    kind=Kind.QUANTITY,
    cause=Sentence(
        "팔 수 있는 수량보다 많습니다: 다른 매도 주문이 걸려 있거나 주식이 줄었습니다.",
        "More than can be sold: another sell rests, or there are fewer shares.",
    ),
    remedy=Sentence(
        "한투 앱의 미체결과 잔고를 보고, 직접 낸 매도 주문이 있으면 취소해 주세요.",
        "Look at the open orders and the balance in KIS's app, and cancel sells of your own.",
    ),
)
_MOST = Meaning(
    kind=Kind.QUANTITY,
    cause=Sentence(
        "주문할 수 있는 수량을 넘었습니다: 매수면 달러가, 매도면 주식이 모자랍니다.",
        "More than can be ordered: USD are short for a buy, shares for a sell.",
    ),
    remedy=Sentence(
        "한투 앱에서 주문가능금액과 미체결 주문을 확인해 주세요.",
        "Look at the orderable amount and the open orders in KIS's app.",
    ),
)
_TYPE = Meaning(
    kind=Kind.ORDER_TYPE,
    cause=Sentence(
        "이 계좌나 시간에는 이 주문 종류(LOC·MOC 등)를 받지 않습니다.",
        "This account or hour takes no order of this type (LOC, MOC and the like).",
    ),
    remedy=Sentence(
        "모의투자는 지정가만 받습니다: 실전이면 정규장에 다시 시도되는지 봐 주세요.",
        "The practice account takes limit orders only: on a real one, see whether it goes in "
        "regular hours.",
    ),
)
_PRICE = Meaning(
    kind=Kind.PRICE,
    cause=Sentence(
        "주문 가격이 한투가 받는 범위나 호가 단위를 벗어났습니다.",
        "The price lies outside what KIS takes, or off its tick.",
    ),
    remedy=Sentence(
        "현재가에서 많이 벗어난 주문인지 보고, 첫 매수 비율이나 큰수 기준을 낮춰 주세요.",
        "See whether the order lies far from the market, and lower the first-buy percent or the "
        "band.",
    ),
)
_SYMBOL = Meaning(
    kind=Kind.SYMBOL,
    cause=Sentence(
        "한투가 이 종목이나 거래소를 모르거나, 거래할 수 없는 종목입니다.",
        "KIS does not know this symbol or exchange, or it cannot be traded.",
    ),
    remedy=Sentence(
        "종목 이름을 확인하고, 한투 앱에서 거래정지나 교육 이수 요구가 없는지 봐 주세요.",
        "Check the ticker, and see in KIS's app whether it is halted or asks for a lesson first.",
    ),
)
_NOT_TRADED = Meaning(
    kind=Kind.SYMBOL,
    cause=Sentence(
        "모의투자는 이 종목을 거래하지 않습니다.",
        "The practice account does not trade this symbol.",
    ),
    remedy=Sentence(
        "다른 종목으로 연습하거나 리허설(MUHAN_VENUE=paper)을 써 주세요.",
        "Practise with another one, or rehearse with MUHAN_VENUE=paper.",
    ),
)
_NOT_OFFERED = Meaning(
    kind=Kind.NOT_OFFERED,
    cause=Sentence(
        "모의투자가 제공하지 않는 업무입니다.", "The practice account does not offer this."
    ),
    remedy=Sentence(
        "모의투자에 없는 기능은 실전이나 리허설(MUHAN_VENUE=paper)에서 쓸 수 있습니다.",
        "What 모의투자 lacks can be used with a real account or in rehearsal (MUHAN_VENUE=paper).",
    ),
)
_GONE = Meaning(
    kind=Kind.GONE,
    cause=Sentence(
        "취소할 주문이 이미 체결되었거나 취소되었습니다.",
        "The order to be cancelled has been filled or cancelled already.",
    ),
    remedy=Sentence(
        "봇이 주문 목록으로 확인합니다: 체결이 있으면 그대로 장부에 올립니다.",
        "The bot looks at the list of orders: a fill is booked as it is.",
    ),
)
_CROSSED = Meaning(
    kind=Kind.CROSSED,
    cause=Sentence(
        "같은 계좌의 매수와 매도가 서로 체결될 수 있는 가격입니다.",
        "A buy and a sell of the same account could fill each other.",
    ),
    remedy=Sentence(
        "한투 앱에서 같은 종목에 직접 낸 반대 주문이 있으면 취소해 주세요.",
        "Cancel an opposite order of your own on the symbol in KIS's app.",
    ),
)
_MAINTENANCE = Meaning(
    kind=Kind.MAINTENANCE,
    cause=Sentence("한투가 점검 중입니다.", "KIS is being maintained."),
    remedy=Sentence(
        "봇이 점검이 끝날 때까지 다시 묻습니다: 끝나는 시각은 한투 홈페이지 공지에 있습니다.",
        "The bot asks until it is over: KIS's site says when that is.",
    ),
)
_UNCLEAR = Meaning(
    kind=Kind.UNCLEAR,
    cause=Sentence(
        "한투가 여러 이유에 같은 코드를 씁니다: 시간, 금액, 수량 가운데 하나입니다.",
        "KIS uses this code for several reasons: the hour, the money or the shares.",
    ),
    remedy=Sentence(
        "한투의 문장을 읽고, 앱에서 주문가능금액과 잔고를 확인해 주세요.",
        "Read KIS's own words, and look at the orderable amount and the balance in the app.",
    ),
)
_PRODUCT = Meaning(
    kind=Kind.ACCOUNT,
    cause=Sentence(
        "이 계좌 상품으로는 해외주식을 거래하거나 조회할 수 없습니다.",
        "An account of this product cannot trade or list overseas stocks.",
    ),
    remedy=Sentence(
        "뒤 두 자리가 01인 종합(위탁) 계좌를 KIS_ACCOUNT에 적어 주세요.",
        "Write a general (위탁) account, which ends in -01, into KIS_ACCOUNT.",
    ),
)
_NOT_APPLIED = Meaning(
    kind=Kind.PERMISSION,
    cause=Sentence(
        "이 계좌는 해외주식 거래 신청이 되어 있지 않습니다.",
        "Overseas stock trading is not applied for on this account.",
    ),
    remedy=Sentence(
        "한투 앱에서 해외증권 거래를 신청하고, 레버리지 ETF의 사전교육도 확인해 주세요.",
        "Apply for overseas trading in KIS's app, and see about the lesson for leveraged ETFs.",
    ),
)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


ENTRIES: tuple[Entry, ...] = (
    Entry(codes=("APBK0013", "APBK1711", "40600000"), meaning=_SENT),
    Entry(codes=("KIOK0460", "KIOK0510", "KIOK0530", "MCA00000", "20310000"), meaning=_READ),
    Entry(codes=("KIOK0560", "70070000"), meaning=_NOTHING),
    # Words, whatever the code. The hour comes first: its sentence also names what may be ordered.
    Entry(
        words=_words(
            r"운영\s*시간|매매\s*불가\s*시간|(거래|장|주문)\s*시간\s*(외|이\s*아)|장\s*종료|"
            r"장\s*시작\s*전|"
            r"영업일이\s*아|장운영일자|휴장"
        ),
        meaning=_HOURS,
    ),
    # These codes have words of their own that would else be taken for another thing.
    Entry(codes=("40070000",), words=_words(r"매매\s*불가"), meaning=_NOT_TRADED),
    Entry(codes=("EGW00120",), words=_words(r"예수금|금액|잔액"), meaning=_CASH),
    Entry(codes=("OPSQ9999",), words=_words("점검"), meaning=_MAINTENANCE),
    Entry(words=_words(r"점검|서비스.{0,6}(중단|중지)"), meaning=_MAINTENANCE),
    Entry(words=_words(r"모의투자.{0,20}(제공|지원).{0,6}(않|안)"), meaning=_NOT_OFFERED),
    Entry(words=_words(r"(가능\s*금액|예수금|증거금|현금|잔액).{0,20}(부족|초과)"), meaning=_CASH),
    Entry(
        words=_words(r"원\s*주문|(정정|취소)(\s*가능|할).{0,8}(없|초과)|기\s*체결"), meaning=_GONE
    ),
    Entry(
        words=_words(r"(매도\s*가능|보유|잔고).{0,12}(부족|초과|없)|매도.{0,6}수량.{0,6}부족"),
        meaning=_QUANTITY,
    ),
    Entry(words=_words(r"주문\s*가능한?\s*수량.{0,8}(부족|초과)"), meaning=_MOST),
    Entry(words=_words(r"자전|통정|가장\s*매매"), meaning=_CROSSED),
    Entry(words=_words(r"주문\s*구분|시장가|지정가.{0,12}만"), meaning=_TYPE),
    Entry(words=_words(r"주문\s*단가|호가\s*단위|가격\s*제한|상하한가"), meaning=_PRICE),
    Entry(words=_words(r"해당\s*종목|종목\s*(정보|코드)|매매\s*불가|거래\s*정지"), meaning=_SYMBOL),
    Entry(words=_words(r"위탁\s*계좌인\s*경우"), meaning=_PRODUCT),
    Entry(
        words=_words(r"(해외|외화).{0,12}(약정|신청).{0,10}(않|없|필요|후)"), meaning=_NOT_APPLIED
    ),
    # The code alone, where its words say nothing of the above.
    Entry(codes=("APBK0918", "APBK0919", "APBK1664"), meaning=_UNCLEAR),
    Entry(codes=("40100000", "40570000", "40580000", "APAM3099", "IGW00027"), meaning=_HOURS),
    Entry(codes=("APBK0952", "40250000"), meaning=_CASH),
    Entry(codes=("APBK0344", "40330000"), meaning=_GONE),
    Entry(codes=("40030000",), meaning=_PRICE),
    Entry(codes=("40070000",), meaning=_NOT_TRADED),
    Entry(codes=("APBK0400",), meaning=_MOST),
    Entry(codes=("APBK1234", "40240000"), meaning=_QUANTITY),
    Entry(codes=("APBK1269",), meaning=_TYPE),
    Entry(codes=("APBK0656",), meaning=_SYMBOL),
    Entry(codes=("APBK1271", "APAC0489"), meaning=_PRODUCT),
    Entry(codes=("90000000",), meaning=_NOT_OFFERED),
    Entry(codes=("IGW00009",), meaning=_UNCLEAR),
)
