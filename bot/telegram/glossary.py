"""The terms of the method and of the bot, a sentence each (docs/glossary.md has the code's)."""

from dataclasses import dataclass

from bot.telegram.catalogue import Words, mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A term, what it means, and the other names it is looked up by (lower case)."""

    name: str
    meaning: str
    aliases: tuple[str, ...] = ()


TERMS: tuple[Term, ...] = (
    Term(
        name=mark("무한매수법"),
        meaning=mark(
            "레버리지 ETF를 원금을 여러 번에 나누어 매일 조금씩 사고, 평단보다 오르면 파는 "
            "방법입니다. 라오어가 만들었습니다."
        ),
        aliases=("method", "라오어"),
    ),
    Term(
        name=mark("사이클"),
        meaning=mark("첫 매수부터 마지막 한 주를 팔 때까지입니다. 다 팔면 졸업이라고 합니다."),
        aliases=("cycle", "졸업"),
    ),
    Term(
        name=mark("회차"),
        meaning=mark("하루 저녁의 주문 한 벌입니다. 계획, 접수, 체결, 정산까지가 한 회차입니다."),
        aliases=("round",),
    ),
    Term(
        name=mark("분할"),
        meaning=mark("원금을 몇 번에 나누어 사는지입니다. 40분할이면 하루에 40분의 1입니다."),
        aliases=("splits",),
    ),
    Term(
        name=mark("1회매수금"),
        meaning=mark("하루에 사는 데 쓰는 돈입니다. V4.0은 남은 잔금과 T로 매일 다시 정합니다."),
        aliases=("unit",),
    ),
    Term(
        name=mark("T값"),
        meaning=mark(
            "지금까지 1회매수금을 몇 번 썼는지입니다. 다 사면 1, 반만 사면 0.5가 늘고 팔면 "
            "줄어듭니다."
        ),
        aliases=("t", "turn"),
    ),
    Term(
        name=mark("시드"),
        meaning=mark("이 종목 한 사이클에 떼어 둔 돈입니다. 원금이라고도 합니다."),
        aliases=("seed", "원금", "principal"),
    ),
    Term(
        name=mark("잔금"),
        meaning=mark("시드와 판 돈 가운데 아직 쓰지 않은 달러입니다."),
        aliases=("cash",),
    ),
    Term(
        name=mark("평단"),
        meaning=mark("들고 있는 주식의 평균 단가입니다. 봇의 장부가 세고 한투와 맞춰 봅니다."),
        aliases=("average",),
    ),
    Term(
        name=mark("별지점"),
        meaning=mark(
            "사고파는 경계가 되는 값입니다. 평단에 별%를 더한 값이고, T가 늘수록 별%는 내려갑니다."
        ),
        aliases=("star", "별%"),
    ),
    Term(
        name=mark("목표 매도"),
        meaning=mark("평단보다 목표 %만큼 위에 거는 지정가 매도입니다. 프리마켓부터 겁니다."),
        aliases=("target", "목표", "지정가"),
    ),
    Term(
        name=mark("쿼터 매도"),
        meaning=mark("들고 있는 주식의 4분의 1을 별지점에 LOC로 파는 주문입니다."),
        aliases=("quarter", "쿼터"),
    ),
    Term(
        name="LOC",
        meaning=mark(
            "장 마감 때의 종가로, 내 값보다 나쁘지 않을 때만 체결되는 주문입니다 (장마감 지정가)."
        ),
        aliases=("loc",),
    ),
    Term(
        name="MOC",
        meaning=mark("값을 정하지 않고 종가에 파는 주문입니다 (장마감 시장가). 팔 때만 씁니다."),
        aliases=("moc",),
    ),
    Term(
        name=mark("큰수 매수"),
        meaning=mark("종가보다 한참 위의 LOC입니다. 값이 아니라 종가에 꼭 사려고 냅니다."),
        aliases=("big", "큰수"),
    ),
    Term(
        name=mark("급락 대비"),
        meaning=mark("그날 많이 내리면 더 싸게 사도록 아래에 한 주씩 걸어 두는 주문들입니다."),
        aliases=("ladder", "사다리"),
    ),
    Term(
        name=mark("소진"),
        meaning=mark(
            "1회매수금이 한 번도 남지 않은 것입니다. 더 살 돈이 없어, 버전에 따라 리버스나 "
            "쿼터손절로 갑니다."
        ),
        aliases=("exhaustion", "소진율"),
    ),
    Term(
        name=mark("리버스"),
        meaning=mark(
            "V4.0이 소진된 뒤의 모드입니다. 첫날 종가에 일부를 팔고, 5일 평균을 경계로 사고팝니다."
        ),
        aliases=("reverse", "리버스모드"),
    ),
    Term(
        name=mark("쿼터손절"),
        meaning=mark(
            "V2.2와 V3.0이 소진된 뒤의 모드입니다. 4분의 1을 종가에 팔고 그 돈으로 다시 삽니다."
        ),
        aliases=("쿼터모드",),
    ),
    Term(
        name=mark("복리와 단리"),
        meaning=mark("졸업한 이익을 다음 원금에 넣으면 복리, 따로 두면 단리, 반이면 반복리입니다."),
        aliases=("compounding", "복리", "단리", "반복리"),
    ),
    Term(
        name=mark("승인 방식"),
        meaning=mark(
            "알림만은 알려만 드리고, 확인은 누르셔야 나가고, 자동은 정해진 때 스스로 나갑니다."
        ),
        aliases=("approval", "모드"),
    ),
    Term(
        name=mark("정산"),
        meaning=mark("장이 끝난 뒤 한투의 체결과 장부를 맞추고 T와 평단을 새로 적는 일입니다."),
        aliases=("settlement", "대사"),
    ),
)


def found(words: Words, asked: str) -> Term | None:
    """Find a term by its name in either language or another name of it."""
    wanted = asked.strip().lower()
    for term in TERMS:
        names = {term.name.lower(), words.plain(term.name).lower(), *term.aliases}
        if wanted in names:
            return term
    return None
