"""What is told of the end of a run: that it rests, goes on, or is over."""

from bot.events import AfterwardsSet, CycleEnded
from bot.telegram import figures
from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html
from bot.trading.model import Afterwards

AFTERWARDS = {
    Afterwards.GO_ON: mark("그대로 이어서"),
    Afterwards.REST: mark("쉬기"),
    Afterwards.END: mark("끝내기"),
}
MEANINGS = {
    Afterwards.GO_ON: mark("졸업하면 다음 거래일에 새 사이클을 바로 시작합니다"),
    Afterwards.REST: mark("졸업하면 쉬다가, 다시 시작하라고 하실 때 이어 갑니다"),
    Afterwards.END: mark("졸업하면 이 종목을 끝냅니다. 기록은 남습니다"),
}


def told(words: Words, event: AfterwardsSet | CycleEnded) -> Html:
    """Say what was agreed on, and what it means."""
    if isinstance(event, CycleEnded):
        return words.say(
            "{symbol} 사이클을 끝냈습니다. 더는 주문하지 않습니다.\n"
            "원금 {principal} · 잔금 {cash}. 기록과 손익은 그대로 남습니다.",
            symbol=event.symbol,
            principal=figures.money(event.cycle.principal),
            cash=figures.money(event.cycle.cash),
        )
    if event.first_session is not None:
        return words.say(
            "{symbol}: 다시 이어 갑니다. 첫 회차는 {day}입니다.",
            symbol=event.symbol,
            day=figures.day(words, event.first_session),
        )
    return words.say(
        "{symbol}: 사이클이 끝나면 {choice}.\n{meaning}.",
        symbol=event.symbol,
        choice=words.plain(AFTERWARDS[event.afterwards]),
        meaning=words.plain(MEANINGS[event.afterwards]),
    )
