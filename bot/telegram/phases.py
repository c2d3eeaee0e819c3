"""Where in its run a cycle stands: the half, the phase and its day or round, and a change of it."""

from bot.telegram import figures, texts
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html
from strategy.model import Cycle, Phase, Plan
from strategy.quarter import FIRST_ROUND, rounds


def stage(words: Words, plan: Plan) -> str:
    """Name the half, the phase's day or its round that a plan was made in."""
    cycle = plan.cycle
    if cycle.phase is Phase.QUARTER:
        return _quarter_step(words, cycle)
    if cycle.phase is Phase.REVERSE:
        phase = words.plain(texts.PHASES[cycle.phase])
        return words.plain("{phase} {day}일째", phase=phase, day=cycle.reverse_day)
    if cycle.quantity == 0:
        return words.plain("첫 매수")
    return words.plain(texts.HALVES[plan.half] if plan.half else texts.PHASES[cycle.phase])


def _quarter_step(words: Words, cycle: Cycle) -> str:
    last = rounds(cycle.rules)
    if not FIRST_ROUND <= cycle.quarter_round <= last:
        return words.plain("쿼터손절 MOC일")
    return words.plain("쿼터 {round}/{rounds}회", round=cycle.quarter_round, rounds=last)


def phase_changed(words: Words, before: Phase, cycle: Cycle) -> Html:
    """Tell that a cycle's phase is another one than the session before."""
    symbol, method = cycle.rules.symbol, texts.method(cycle)
    if cycle.phase is Phase.REVERSE:
        return words.say(
            "⚠️ {symbol:은} 원금이 소진되어 리버스 모드에 들어갑니다 ({method}, T {turn}).\n"
            "첫날은 종가에 팔기만 하고, 다음 날부터 5일 평균을 별지점으로 씁니다.",
            symbol=symbol,
            method=method,
            turn=figures.turn(cycle.turn),
        )
    if cycle.phase is Phase.QUARTER:
        return words.say(
            "⚠️ {symbol:은} 원금이 소진되어 쿼터 모드에 들어갑니다 ({method}, T {turn}).\n"
            "첫날은 종가에 4분의 1을 팔고, 다음 날부터 {rounds}회까지 기준선 아래에서 삽니다.",
            symbol=symbol,
            method=method,
            turn=figures.turn(cycle.turn),
            rounds=rounds(cycle.rules),
        )
    return words.say(
        "{symbol} {phase} 모드가 끝났습니다. 일반 모드로 돌아갑니다 (T {turn}).",
        symbol=symbol,
        phase=words.plain(texts.PHASES[before]),
        turn=figures.turn(cycle.turn),
    )
