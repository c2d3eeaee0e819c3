"""The settings of a cycle as they are offered: names, values, and what choosing one means."""

from dataclasses import dataclass
from decimal import Decimal

from bot.telegram import agreements
from bot.telegram.catalogue import Words, mark
from bot.trading.model import Unattended
from strategy.changes import CompoundingChange, CycleChange, RulesChange, SeedChange, TurnCorrection
from strategy.model import Compounding, Counting, Cycle, Rules
from strategy.rules_change import splits_of
from strategy.versions import METHODS, UNOFFICIAL_SPLITS

NAMES: dict[str, str] = {
    "splits": mark("분할"),
    "method": mark("버전"),
    "target": mark("목표"),
    "compounding": mark("이자 방식"),
    "ladder": mark("급락 대비"),
    "first_buy": mark("큰수 매수"),
    "fee": mark("수수료"),
    "turn": mark("T 정정"),
}
WORDS: dict[str, str] = {
    "분할": "splits",
    "splits": "splits",
    "버전": "method",
    "룰": "method",
    "version": "method",
    "목표": "target",
    "target": "target",
    "복리": "compounding",
    "단리": "compounding",
    "반복리": "compounding",
    "이자": "compounding",
    "compounding": "compounding",
    "사다리": "ladder",
    "급락": "ladder",
    "ladder": "ladder",
    "큰수": "first_buy",
    "big": "first_buy",
    "수수료": "fee",
    "fee": "fee",
    "t": "turn",
}
"""What somebody may type behind /settings, and which setting it is."""
ABOUT: dict[str, str] = {
    "splits": mark("원금을 몇 번에 나누어 살지입니다. 많을수록 하루에 적게 사고 오래 버팁니다."),
    "method": mark("주문표를 만드는 규칙입니다. 버전마다 목표와 소진 뒤의 일이 다릅니다."),
    "target": mark("평단보다 몇 % 위에 목표 매도를 걸지입니다. 별지점도 함께 움직입니다."),
    "compounding": mark("졸업한 뒤의 이익이 다음 원금에 어떻게 들어갈지입니다."),
    "ladder": mark("급락하면 더 싸게 사도록 아래에 한 주씩 걸어 두는 단의 수입니다."),
    "first_buy": mark(
        "첫 매수를 전날 종가보다 몇 % 위까지 낼지입니다. 종가에 꼭 사기 위해서입니다."
    ),
    "fee": mark("체결 금액의 몇 %를 수수료로 적을지입니다. 한투의 기본은 0.25%입니다."),
}
METHODS_ABOUT: dict[str, str] = {
    "4.0": mark("40분할, 소진되면 리버스 모드. 남은 잔금으로 매일 1회매수금을 다시 정합니다."),
    "3.0": mark("20분할, 소진되면 쿼터손절. 이익이 날 때마다 1회매수금이 커집니다."),
    "2.2": mark("40분할, 소진되면 쿼터손절. 1회매수금이 늘 같습니다."),
    "2.1": mark("옛 버전: 목표가 둘이고 소진 뒤의 모드가 없습니다."),
    "1.0": mark("첫 버전: 매일 평단 위아래로 삽니다. 소진 뒤의 모드가 없습니다."),
}
UNATTENDED = {
    Unattended.NOTHING: mark("아무것도 안 냄"),
    Unattended.SELLS: mark("매도만 냄"),
    Unattended.ALL: mark("모두 냄"),
}
UNATTENDED_ABOUT = {
    Unattended.NOTHING: mark("마감까지 승인이 없으면 그날은 쉽니다. T는 그대로입니다."),
    Unattended.SELLS: mark("마감까지 승인이 없으면 매도만 나갑니다. 사지는 않습니다."),
    Unattended.ALL: mark("마감까지 승인이 없으면 계획대로 모두 나갑니다."),
}


RUNGS = ("0", "4", "8", "12")
BIG = ("5", "10", "12", "15")
FEES = ("0", "0.07", "0.25")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A value that may be chosen, and its caption; `now` marks the one that holds."""

    value: str
    caption: str
    now: bool = False


def agreed(cycle: Cycle) -> Rules:
    """Give the agreement that a change would be made of: the next cycle's, where one waits."""
    return cycle.next_rules or cycle.rules


def choices(words: Words, name: str, cycle: Cycle) -> list[Choice]:
    """List what a setting may be, the present value marked; nothing where it is typed."""
    rules = agreed(cycle)
    offered, now = _offered(words, name, rules)
    return [Choice(value=value, caption=caption, now=value == now) for value, caption in offered]


def change_of(name: str, value: str) -> CycleChange:
    """Make the change that a chosen value stands for. Raises ValueError for no such value."""
    match name:
        case "splits":
            return RulesChange(splits=int(value), unofficial=int(value) == UNOFFICIAL_SPLITS)
        case "method":
            return RulesChange(method=value, splits=METHODS[value].splits[-1])
        case "target":
            return RulesChange(target_percent=Decimal(value))
        case "ladder":
            return RulesChange(ladder=int(value))
        case "first_buy":
            return RulesChange(first_buy_percent=Decimal(value))
        case "fee":
            return RulesChange(fee_percent=Decimal(value))
        case "compounding":
            return CompoundingChange(compounding=Compounding(value))
        case "turn":
            return TurnCorrection(turn=Decimal(value))
        case "seed":
            return SeedChange(amount=Decimal(value))
    raise ValueError(f"no setting is called {name}")


def splits_choices(words: Words, method: str) -> list[tuple[int, str]]:
    """List the splits that a version is offered with; those its author does not name say so."""
    own = METHODS[method].splits
    return [
        (
            each,
            words.plain("{splits}분할", splits=each)
            if each in own
            else words.plain("{splits}분할 (비공식)", splits=each),
        )
        for each in splits_of(method)
        if each in _FEW_SPLITS
    ]


def takes_turn(cycle: Cycle) -> bool:
    """Tell whether T may be corrected: counted by events, and shares are held."""
    return cycle.rules.counting is Counting.EVENTS and cycle.quantity > 0


def _offered(words: Words, name: str, rules: Rules) -> tuple[list[tuple[str, str]], str]:
    match name:
        case "splits":
            few = splits_choices(words, rules.method)
            return [(str(each), caption) for each, caption in few], str(rules.splits)
        case "method":
            return [(each, f"V{each}") for each in sorted(METHODS, reverse=True)], rules.method
        case "target":
            return _percents(("10", "12", "15", "20"), rules.target_percent)
        case "ladder":
            rungs = [(each, words.plain("{rungs}단", rungs=int(each))) for each in RUNGS]
            return rungs, str(rules.ladder)
        case "first_buy":
            return _percents(BIG, rules.first_buy_percent)
        case "fee":
            return _percents(FEES, rules.fee_percent)
        case "compounding":
            names = agreements.COMPOUNDINGS
            kinds = [(each.value, words.plain(names[each])) for each in Compounding]
            return kinds, rules.compounding.value
    return [], ""


_FEW_SPLITS = (20, 30, 40, 80)


def _percents(values: tuple[str, ...], now: Decimal) -> tuple[list[tuple[str, str]], str]:
    offered = [(each, agreements.number(Decimal(each))) for each in values]
    held = next((each for each in values if Decimal(each) == now), "")
    return offered, held
