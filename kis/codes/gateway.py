"""The gateway's codes (EGW) and those of the server behind it (OPSQ).

Source: KIS's own table (domain/kis.md sections 2, 3 and 8), and what was met in production.
"""

import re
from dataclasses import replace

from kis.codes.vocabulary import Entry, Kind, Meaning, OnOrder, Sentence

_ENDED_TOKEN = Meaning(
    kind=Kind.TOKEN,
    cause=Sentence(
        "접근토큰이 끝났거나 한투가 점검 중에 먼저 거두어 갔습니다.",
        "The access token has ended, or KIS revoked it early during maintenance.",
    ),
    remedy=Sentence(
        "봇이 새 토큰을 받아 이어 갑니다: 거부되었다고 알린 주문은 다시 나가지 않습니다.",
        "The bot gets a new token and goes on: an order told as refused does not go again.",
    ),
    on_order=OnOrder.GATEWAY,
)
# Only an ended token is known to be turned away before the order system (settled.md, "Unknown
# outcomes"); the listing that is read before every order meets a revoked one first.
_STRANGE_TOKEN = replace(_ENDED_TOKEN, on_order=OnOrder.REFUSED)
_TOO_OFTEN = Meaning(
    kind=Kind.TOKEN_TOO_OFTEN,
    cause=Sentence(
        "한투는 접근토큰을 앱키마다 1분에 한 번만 줍니다.",
        "KIS issues one access token a minute and app key.",
    ),
    remedy=Sentence(
        "1분 뒤 다시 받습니다: 같은 앱키를 쓰는 다른 프로그램이 있으면 꺼 주세요.",
        "It is asked for again in a minute: stop any other program that uses the same app key.",
    ),
    on_order=OnOrder.UNKNOWN,
)
_APP_KEY = Meaning(
    kind=Kind.KEYS,
    cause=Sentence(
        "한투가 앱키(KIS_APP_KEY)를 모릅니다.", "KIS does not know the app key (KIS_APP_KEY)."
    ),
    remedy=Sentence(
        "KIS Developers의 신청 현황에서 앱키를 다시 복사하고, 실전과 모의투자의 앱키가 서로 다르니 "
        "MUHAN_VENUE와 맞는지 봐 주세요.",
        "Copy the app key again from your applications at KIS Developers, and see that it fits "
        "MUHAN_VENUE: real and mock accounts have app keys of their own.",
    ),
)
_APP_SECRET = Meaning(
    kind=Kind.KEYS,
    cause=Sentence(
        "앱키는 맞지만 앱시크릿(KIS_APP_SECRET)이 틀립니다.",
        "The app key is right, but the app secret (KIS_APP_SECRET) is wrong.",
    ),
    remedy=Sentence(
        "KIS Developers의 신청 현황에서 180자 앱시크릿을 줄바꿈과 빈칸 없이 한 줄로 다시 복사해 "
        "주세요.",
        "Copy the app secret again from KIS Developers: 180 characters on one line, with no break "
        "and no blank.",
    ),
)
_ASKED_WRONGLY = Meaning(
    kind=Kind.KEYS,
    cause=Sentence(
        "한투가 토큰 요청의 모양을 받아들이지 않습니다.",
        "KIS does not take the form of the request for a token.",
    ),
    remedy=Sentence(
        "KIS_APP_KEY와 KIS_APP_SECRET이 비었거나 뒤바뀌지 않았는지 봐 주세요.",
        "See that KIS_APP_KEY and KIS_APP_SECRET are neither empty nor swapped.",
    ),
)
_HASHKEY = Meaning(
    kind=Kind.INPUT,
    cause=Sentence("해시키가 주문 내용과 다릅니다.", "The hash key does not fit the order."),
    remedy=Sentence(
        "봇은 해시키를 보내지 않습니다: 한투 앞에 있는 프록시를 확인해 주세요.",
        "The bot sends no hash key: look at whatever proxy stands before KIS.",
    ),
)
_RATE = Meaning(
    kind=Kind.RATE,
    cause=Sentence(
        "한 앱키의 초당 호출 수를 넘었습니다.", "The app key's calls a second were exceeded."
    ),
    remedy=Sentence(
        "봇이 잠시 쉬고 이어 가며 주문은 세 번까지만 냅니다: 자주 보이면 같은 앱키를 쓰는 다른 "
        "프로그램을 꺼 주세요.",
        "The bot pauses and goes on, with an order three times at most: if it comes often, stop "
        "other programs with the same app key.",
    ),
    on_order=OnOrder.GATEWAY,
)
_PERMISSION = Meaning(
    kind=Kind.PERMISSION,
    cause=Sentence(
        "이 앱키나 고객에게 이 API를 쓸 권한이 없습니다.",
        "This app key or customer may not use this API.",
    ),
    remedy=Sentence(
        "KIS Developers의 API 서비스와 해외주식 거래가 신청되어 있고 기간이 남았는지 봐 주세요.",
        "See that the API service and overseas stock trading are applied for at KIS and have not "
        "run out.",
    ),
)
_NOT_A_MOCK_TR = Meaning(
    kind=Kind.NOT_OFFERED,
    cause=Sentence("모의투자가 받지 않는 호출입니다.", "The practice account takes no such call."),
    remedy=Sentence(
        "MUHAN_VENUE와 앱키가 둘 다 모의투자인지 둘 다 실전인지 봐 주세요.",
        "See that MUHAN_VENUE and the app key are both mock or both real.",
    ),
    on_order=OnOrder.REFUSED_AT_500,
)
_UNKNOWN_OUTCOME = Meaning(
    kind=Kind.GATEWAY,
    cause=Sentence(
        "한투 안쪽에서 연결이나 처리가 끊겨, 직전 거래가 들어갔는지 한투도 답하지 않습니다.",
        "Something broke off inside KIS, and it does not say whether the last request went in.",
    ),
    remedy=Sentence(
        "봇이 주문 목록에서 확인합니다: 같은 주문을 앱에서 다시 내지 말고 기다려 주세요.",
        "The bot looks it up in the list of orders: wait, and do not place it again in the app.",
    ),
    on_order=OnOrder.UNKNOWN,
)
_ROUTING = Meaning(
    kind=Kind.GATEWAY,
    cause=Sentence(
        "한투가 요청을 넘기지 못했습니다: 미국 휴장일, 프리마켓 첫 10분, 가격 0의 LOC에서 있었던 "
        "일입니다.",
        "KIS could not pass the request on: seen on US holidays, in the first ten minutes of "
        "pre-market, and for a LOC at price 0.",
    ),
    remedy=Sentence(
        "봇이 주문 목록에서 확인합니다: 같은 주문을 앱에서 다시 내지 말고 기다려 주세요.",
        "The bot looks it up in the list of orders: wait, and do not place it again in the app.",
    ),
    on_order=OnOrder.UNKNOWN,
)
_SERVER = Meaning(
    kind=Kind.MAINTENANCE,
    cause=Sentence(
        "한투 서버에 오류가 났거나 점검 중입니다.",
        "KIS's server failed, or is being maintained.",
    ),
    remedy=Sentence(
        "봇이 계속 다시 묻습니다: 오래가면 한투 홈페이지의 점검 공지를 봐 주세요.",
        "The bot keeps asking: if it lasts, look at the maintenance notices on KIS's site.",
    ),
    on_order=OnOrder.UNKNOWN,
)
_SESSION = Meaning(
    kind=Kind.MAINTENANCE,
    cause=Sentence(
        "한투의 조회 서버에 빈 자리가 없습니다.", "KIS's inquiry server has no session free."
    ),
    remedy=Sentence(
        "봇이 잠시 뒤 다시 묻습니다: 할 일은 없습니다.",
        "The bot asks again in a while: there is nothing to do.",
    ),
    on_order=OnOrder.UNKNOWN,
)
_NO_SERVICE = Meaning(
    kind=Kind.NOT_OFFERED,
    cause=Sentence("한투에 없는 서비스 코드입니다.", "KIS has no service of this code."),
    remedy=Sentence(
        "한투가 호출을 바꾼 것일 수 있습니다: 새 버전이 있는지 봐 주세요.",
        "KIS may have changed the call: see whether there is a newer version of this program.",
    ),
)
_ACCOUNT = Meaning(
    kind=Kind.ACCOUNT,
    cause=Sentence(
        "이 앱키로 계좌(KIS_ACCOUNT)를 쓸 수 없습니다: 번호가 틀렸거나 다른 계좌의 앱키입니다.",
        "This app key cannot use this account (KIS_ACCOUNT): the number is wrong, or the key is "
        "another account's.",
    ),
    remedy=Sentence(
        "앱키는 계좌마다 따로입니다: KIS Developers의 신청 현황에서 앱키 옆의 계좌번호를 보고, "
        "8자리-01로 적어 주세요.",
        "Every account has an app key of its own: look at the account beside the key at KIS "
        "Developers, and write its 8 digits and -01.",
    ),
)
_INPUT = Meaning(
    kind=Kind.INPUT,
    cause=Sentence(
        "한투가 요청의 입력값을 받아들이지 않습니다.", "KIS does not take a value of the request."
    ),
    remedy=Sentence(
        "다시 해도 같으면 봇의 로그와 함께 알려 주세요.",
        "If it comes again, report it together with the bot's log.",
    ),
)
# How far the order came that it answers is nobody's knowledge: in maintenance 9999 is said too.
_NOT_READ = replace(_INPUT, on_order=OnOrder.UNKNOWN)
_ADDRESS = Meaning(
    kind=Kind.PERMISSION,
    cause=Sentence(
        "한투가 이 인터넷 주소(IP)나 고객 유형의 접근을 받지 않습니다.",
        "KIS takes no access from this address (IP) or kind of customer.",
    ),
    remedy=Sentence(
        "VPN이나 프록시를 끄고, 법인 계좌가 아닌지 봐 주세요.",
        "Turn off VPN and proxy, and see that it is no corporate account.",
    ),
)


def _codes(prefix: str, *numbers: int) -> tuple[str, ...]:
    width = 8 - len(prefix)
    return tuple(f"{prefix}{number:0{width}d}" for number in numbers)


ENTRIES: tuple[Entry, ...] = (
    Entry(codes=_codes("EGW", 123), meaning=_ENDED_TOKEN),
    Entry(codes=_codes("EGW", 121, 122), meaning=_STRANGE_TOKEN),
    Entry(codes=_codes("EGW", 133), meaning=_TOO_OFTEN),
    Entry(codes=_codes("EGW", 102, 103), meaning=_APP_KEY),
    Entry(codes=_codes("EGW", 104, 105, 304), meaning=_APP_SECRET),
    Entry(codes=_codes("EGW", 100, 101, *range(106, 120)), meaning=_ASKED_WRONGLY),
    Entry(codes=_codes("EGW", 131), meaning=_HASHKEY),
    Entry(codes=_codes("EGW", 201), meaning=_RATE),
    Entry(codes=_codes("EGW", 3, 4, 206), meaning=_PERMISSION),
    Entry(codes=_codes("EGW", 207, 208, 303), meaning=_ADDRESS),
    # 213 also says that a partner's name is missing, which no private customer sends.
    Entry(codes=_codes("EGW", 213, 2006), meaning=_NOT_A_MOCK_TR),
    Entry(codes=_codes("EGW", 202, 203), meaning=_ROUTING),
    Entry(codes=_codes("EGW", 300, 301, 302), meaning=_UNKNOWN_OUTCOME),
    # The words of those three, under whatever code they may come next.
    Entry(
        words=re.compile(r"직전\s*(거래|주문)|(연결|거래|처리|응답)\s*시간이?\s*초과|타임\s*아웃"),
        meaning=_UNKNOWN_OUTCOME,
    ),
    Entry(codes=_codes("EGW", 1, 2), meaning=_SERVER),
    Entry(codes=_codes("OPSQ", 1, *range(3, 12)), meaning=_SERVER),
    Entry(codes=_codes("OPSQ", 2), meaning=_NO_SERVICE),
    Entry(codes=_codes("OPSQ", 1002), meaning=_SESSION),
    Entry(codes=_codes("OPSQ", 2000), meaning=_ACCOUNT),
    Entry(words=re.compile("INVALID_CHECK_ACNO"), meaning=_ACCOUNT),
    Entry(codes=_codes("OPSQ", 2001, 2002), meaning=_INPUT),
    Entry(codes=_codes("OPSQ", *range(9995, 10000)), meaning=_NOT_READ),
)
