"""The words of an agreement: version, splits, target, rungs, fees; as it is and as it will be."""

from decimal import Decimal

from bot.events import CycleChanged
from bot.telegram import figures
from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html, code, lines
from strategy.changes import RulesChange
from strategy.model import Compounding, Rules
from strategy.versions import is_official

COMPOUNDINGS = {
    Compounding.FULL: mark("복리"),
    Compounding.NONE: mark("단리"),
    Compounding.HALF: mark("반복리"),
    Compounding.YEARLY: mark("연 단위 복리"),
}
MEANINGS = {
    Compounding.FULL: mark("이익과 손실이 모두 다음 원금이 됩니다"),
    Compounding.NONE: mark("이익은 따로 두고 같은 원금으로 갑니다"),
    Compounding.HALF: mark("이익의 절반만 다음 원금에 더합니다"),
    Compounding.YEARLY: mark("그해 안에서는 복리, 새해에는 시드로 돌아갑니다"),
}


def number(value: Decimal) -> str:
    """Write a percentage as it was agreed, without zeros behind it: 0.25%, 20%."""
    return f"{value.normalize():f}%"


def named(words: Words, rules: Rules) -> str:
    """Name a version and its splits: V4.0 40분할."""
    text = words.plain("V{method} {splits}분할", method=rules.method, splits=rules.splits)
    return text if is_official(rules) else words.plain("{rules} (비공식)", rules=text)


def heading(words: Words, name: str) -> str:
    """Write the name of a row or a button with a capital, where the language has them."""
    text = words.plain(name)
    return text[:1].upper() + text[1:]


def terms(words: Words, rules: Rules) -> list[tuple[str, str]]:
    """List what an agreement says, a row each."""
    return [
        (heading(words, mark("버전")), f"V{rules.method}"),
        (heading(words, mark("분할")), str(rules.splits)),
        (heading(words, mark("목표")), number(rules.target_percent)),
        (heading(words, mark("이자 방식")), words.plain(COMPOUNDINGS[rules.compounding])),
        (heading(words, mark("급락 대비")), words.plain("{rungs}단", rungs=rules.ladder)),
        (heading(words, mark("큰수 매수")), f"+{number(rules.first_buy_percent)}"),
        (heading(words, mark("수수료")), number(rules.fee_percent)),
    ]


def compared(words: Words, before: Rules, after: Rules) -> list[tuple[str, str, str]]:
    """Set two agreements side by side: the rows that differ."""
    pairs = zip(terms(words, before), terms(words, after), strict=True)
    return [(name, one, other) for (name, one), (_, other) in pairs if one != other]


def change_name(words: Words, change: RulesChange) -> str:
    """Name a change of the agreement: 분할 30, 수수료 0.25%."""
    parts = []
    if change.method is not None:
        parts.append(words.plain("버전 V{method}", method=change.method))
    if change.splits is not None:
        parts.append(words.plain("분할 {splits}", splits=change.splits))
    if change.target_percent is not None:
        parts.append(words.plain("목표 {percent}", percent=number(change.target_percent)))
    if change.ladder is not None:
        parts.append(words.plain("급락 대비 {rungs}단", rungs=change.ladder))
    if change.first_buy_percent is not None:
        percent = number(change.first_buy_percent)
        parts.append(words.plain("큰수 매수 +{percent}", percent=percent))
    if change.fee_percent is not None:
        parts.append(words.plain("수수료 {percent}", percent=number(change.fee_percent)))
    if change.band_percent is not None or change.cap_percent is not None:
        parts.append(words.plain("큰수 접기"))
    return " · ".join(parts)


def changed(words: Words, event: CycleChanged) -> Html:
    """Say that other rules were booked: from which session, or with which cycle they begin."""
    before, after = event.before, event.after
    rows = [
        (name, f"{one}→{other}")
        for name, one, other in (
            *compared(words, before.rules, after.rules),
            *(compared(words, after.rules, after.next_rules) if after.next_rules else ()),
        )
    ]
    when = (
        words.say("지금 사이클은 그대로 가고, 다음 사이클부터 적용합니다.")
        if after.next_rules
        else words.say("{day} 회차부터 적용합니다.", day=figures.day(words, event.from_session))
    )
    head = words.say("{symbol} 규칙을 바꿨습니다.", symbol=after.rules.symbol)
    return lines(head, code(figures.table(rows)) if rows else None, when)
