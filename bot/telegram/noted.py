"""What the KIS client and the rehearsal room note in English, for an owner who reads Korean.

The journal keeps their words; they are put into Korean when told, so that an old journal reads like
a new one. KIS's own words stay as they are. What no pattern knows is left to the log.
"""

import re

from bot.telegram.catalogue import Words

_REST = r"(?P<rest>.+)"
_HANGUL = re.compile(r"[가-힣]")
_CODE = re.compile(r"\b(?:[A-Z]{3,4}[0-9]{4,5}|[0-9]{8})\b")
_BOTH = re.compile(
    r"(?P<korean>[^,A-Za-z]*[가-힣][^,A-Za-z]*), (?P<english>[a-z ]+)(?P<figures>.*)"
)
UNCLEAR = "자세한 원인은 봇의 로그에 있습니다"

# The first that fits counts; `rest` is put into words in its turn.
_PATTERNS: tuple[tuple[str, str], ...] = (
    # Who says it: the kind of error, and the call it is about.
    (rf"(?:Kis|Read|Order)[A-Za-z]+: {_REST}", "{rest}"),
    (rf"[a-z-]+ \([A-Z0-9]+\): {_REST}", "{rest}"),
    (rf"tokenP: {_REST}", "토큰을 받지 못했습니다 ({rest})"),
    (rf"Approval: {_REST}", "웹소켓 접속키를 받지 못했습니다 ({rest})"),
    # Lists.
    (rf"the list of orders is incomplete: {_REST}", "주문 목록을 끝까지 읽지 못했습니다 ({rest})"),
    (r"the list of orders is incomplete", "주문 목록을 끝까지 읽지 못했습니다"),
    (
        rf"the list of holdings is incomplete: {_REST}",
        "잔고 목록을 끝까지 읽지 못했습니다 ({rest})",
    ),
    (rf"page (?P<n>\d+) failed: {_REST}", "{n}쪽에서 막힘: {rest}"),
    (r"page (?P<n>\d+) repeats what came before", "{n}쪽이 앞쪽과 같습니다"),
    (r"more than (?P<n>\d+) pages", "{n}쪽이 넘습니다"),
    (r".*(?:key to a next page|key to the next page|a key to them).*", "다음 쪽이 이상합니다"),
    (rf"a row cannot be read: {_REST}", "읽을 수 없는 줄이 있습니다: {rest}"),
    # Prices.
    (
        r"the price of (?P<symbol>\S+) is not believed: (?P<a>\S+) after a close of (?P<b>\S+)",
        "{symbol} 현재가 {a}가 어제 종가 {b}의 두 배나 절반을 벗어나 믿지 않습니다",
    ),
    (r"no price of (?P<symbol>\S+) that can be believed", "{symbol} 현재가를 모릅니다"),
    # Connections.
    (r"no answer in time", "제때 답이 오지 않았습니다"),
    (r"no connection in time", "제때 연결되지 않았습니다"),
    (r"no connection \(\w+\)", "연결되지 않았습니다"),
    (r"the connection broke \(\w+\)", "연결이 중간에 끊겼습니다"),
    (r"closed by KIS at once.*", "한투가 접속을 바로 끊었습니다: HTS ID를 확인해 주세요"),
    (r"closed by KIS", "한투가 접속을 끊었습니다"),
    (r"no message for (?P<n>[\d.]+) s", "{n}초 동안 아무것도 오지 않았습니다"),
    # Answers.
    (r"HTTP (?P<n>\d+): a page of HTML in place of an answer", "답 대신 안내 화면이 왔습니다"),
    (r"HTTP (?P<n>\d+) without KIS's JSON", "한투의 답이 아닌 것이 왔습니다 (HTTP {n})"),
    (r"HTTP (?P<n>\d+), a contradictory answer", "앞뒤가 맞지 않는 답이 왔습니다 (HTTP {n})"),
    (r"success and HTTP (?P<n>\d+) in one answer", "앞뒤가 맞지 않는 답이 왔습니다 (HTTP {n})"),
    (r"the answer is not KIS's JSON", "한투의 답이 아닌 것이 왔습니다"),
    (r"HTTP (?P<n>\d+)", "오류 HTTP {n}"),
    (rf"HTTP \d+ {_REST}", "{rest}"),
    # Tokens.
    (r"EGW\d+ KIS issues one token a minute and still refuses", "토큰은 1분에 한 번만 나옵니다"),
    (rf"no access_token \({_REST}\)", "토큰을 받지 못했습니다 ({rest})"),
    (rf"no approval_key \({_REST}\)", "웹소켓 접속키를 받지 못했습니다 ({rest})"),
    (rf"no token to order with: {_REST}", "주문에 쓸 토큰이 없습니다 ({rest})"),
    (r"no token to order with:? ?", "주문에 쓸 토큰이 없습니다"),
    (r"a new token is not to be had within the minute", "새 토큰은 1분 뒤에 받습니다"),
    (r"a token came .*|\w+ was asked for and none came", "토큰이 온전히 오지 않았습니다"),
    # Closes and symbols.
    (
        r"no official close of (?P<symbol>\S+) for (?P<day>\S+) yet",
        "{symbol}의 {day} 공식 종가가 아직 없습니다",
    ),
    (
        r"closes of (?P<symbol>\S+) before (?P<day>\S+) do not fit a (?P<ratio>\S+) split",
        "{day} 전의 {symbol} 종가가 {ratio} 분할과 맞지 않습니다",
    ),
    (
        r"KIS (?:shows|lists) no (?P<symbol>\S+) on .*",
        "한투의 미국 거래소에 {symbol} 종목이 없습니다",
    ),
    (r"the exchange of (?P<symbol>\S+) is not known yet", "{symbol}의 거래소를 아직 모릅니다"),
    (r"모의투자 takes limit orders only", "모의투자는 지정가만 받습니다"),
    (r"\S+ is not on the tick of \S+|.* needs? a price.*", "주문 가격이 맞지 않습니다"),
    # The rehearsal room and its live prices.
    (
        r"the rehearsal room ended \((?P<n>[^)]*)\); it is opened again",
        "리허설 방이 꺼져 다시 여는 중입니다 (종료 코드 {n})",
    ),
    (rf"(?P<symbol>[A-Z.]+): {_REST}, (?P<n>\d\d:\d\d) NY", "{symbol} · {rest} (뉴욕 {n}부터)"),
    (r"not subscribed yet", "아직 시세를 신청하지 못했습니다"),
    (r"restart", "다시 시작했습니다"),
    (r"asleep", "컴퓨터가 잠들어 있었습니다"),
    (r"ended", "시세가 끝났습니다"),
    # One field of an answer.
    (
        r"(?P<field>\w+)(?: (?:to|and) \w+)? (?:is|are|came|holds|says|do|of) .+",
        "한투의 답에서 {field} 값이 이상합니다",
    ),
    (
        r"(?:more filled|filled, but|a (?:row|book|reservation|.*bar)|two different|no totals).*",
        "한투의 답이 이상합니다",
    ),
)
_KOREAN = tuple((re.compile(pattern), sentence) for pattern, sentence in _PATTERNS)


def noted(words: Words, reason: str) -> str:
    """Put a reason of ours into the owner's language: a clause without its full stop."""
    both = _BOTH.fullmatch(reason)
    if both is not None:
        told = both["korean"] if words.korean else both["english"].strip()
        figures = both["figures"].strip()
        return f"{told} {figures}" if figures else told
    return _korean(reason.strip()) if words.korean else reason


def _korean(reason: str) -> str:
    for pattern, sentence in _KOREAN:
        found = pattern.fullmatch(reason)
        if found is not None:
            parts = found.groupdict()
            if parts.get("rest") is not None:
                parts["rest"] = _korean(parts["rest"])
            return sentence.format_map(parts)
    code = _CODE.search(reason)
    if _HANGUL.search(reason) or (code is not None and code.start() == 0):
        return reason  # KIS's own words
    return reason[code.start() :] if code is not None else UNCLEAR
