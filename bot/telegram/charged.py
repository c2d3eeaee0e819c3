"""What KIS took for trades beside what was agreed: the letter, and the table of the last ones."""

from collections.abc import Sequence
from decimal import Decimal

from bot.events import Event, FeesDiffer
from bot.storage.money_views import RoundTraded
from bot.telegram import figures
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code, lines
from bot.telegram.message import Message
from bot.telegram.taps import Action, Button, Kind
from strategy.model import ZERO

SHOWN = 10
HUNDRED = Decimal(100)


def told(words: Words, event: Event) -> Message | None:
    """Tell of a rate that is another one than agreed; None for every other event."""
    if not isinstance(event, FeesDiffer):
        return None
    fees = Action(kind=Kind.SHOW, command="balance", text="수수료")
    settings = Action(kind=Kind.SHOW, command="settings", text=event.symbol)
    buttons = (
        Button(caption=words.plain("수수료"), action=fees),
        Button(caption=words.plain("설정 보기"), action=settings),
    )
    return Message(html=_differs(words, event), buttons=buttons)


def _differs(words: Words, event: FeesDiffer) -> Html:
    return words.say(
        "{symbol} 수수료가 약정과 다릅니다 ({day}).\n"
        "왜: 한투가 {charged} ({percent})을 뗐습니다. 약정대로면 {booked} ({agreed})입니다.\n"
        "지금: 장부는 한투가 뗀 금액으로 고쳤습니다. 이벤트 요율이 끝났는지\n"
        "한투 앱에서 보고, 맞는 요율이면 설정에서 바꿔 주세요.",
        symbol=event.symbol,
        day=figures.day(words, event.session),
        charged=figures.money(event.fees),
        percent=rate(event.percent),
        booked=figures.money(event.booked),
        agreed=rate(event.agreed_percent),
    )


def rate(percent: Decimal) -> str:
    """Write a fee's rate with three decimals: 0.250%."""
    return f"{percent:.3f}%"


def audit(words: Words, rounds: Sequence[RoundTraded]) -> Html:
    """Hold what KIS took from the last rounds against the agreed rate, and add everything up."""
    known = [round_ for round_ in rounds if round_.charged is not None]
    waiting = len(rounds) - len(known)
    if not known:
        return lines(
            words.say("한투가 뗀 수수료를 아직 받지 못했습니다."),
            words.say(
                "왜: 한투는 거래 다음 날 아침부터 알려 주고, 모의투자에서는 알려 주지 않습니다.\n"
                "지금: 그때까지 약정 요율로 적어 둡니다."
            ),
        )
    table = [_row(words, round_) for round_ in known[-SHOWN:]]
    head = (words.plain("회차"), words.plain("종목"), words.plain("뗀 금액"), words.plain("약정"))
    return lines(
        words.say("수수료: 한투가 뗀 금액과 약정"),
        code(figures.table([head, *table], right=frozenset({2, 3}))),
        _sum(words, known),
        words.say("아직 받지 못한 회차 {count}건은 약정 요율로 적혀 있습니다.", count=waiting)
        if waiting
        else None,
    )


def _row(words: Words, round_: RoundTraded) -> tuple[str, ...]:
    return (
        figures.day(words, round_.session),
        round_.plan.cycle.rules.symbol,
        figures.money(_taken(round_)),
        figures.money(round_.booked),
    )


def _sum(words: Words, known: Sequence[RoundTraded]) -> Html:
    taken = sum((_taken(round_) for round_ in known), ZERO)
    booked = sum((round_.booked for round_ in known), ZERO)
    amount = sum((traded(round_) for round_ in known), ZERO)
    return words.say(
        "합계 {taken} ({percent}) · 약정 {booked} ({agreed}) · 차이 {differ}",
        taken=figures.money(taken),
        percent=rate(taken * HUNDRED / amount) if amount else "-",
        booked=figures.money(booked),
        agreed=rate(booked * HUNDRED / amount) if amount else "-",
        differ=figures.gain(taken - booked),
    )


def _taken(round_: RoundTraded) -> Decimal:
    return sum(round_.charged or (), ZERO)


def traded(round_: RoundTraded) -> Decimal:
    """Add up what a round traded (USD)."""
    return sum(
        (order.filled * order.fill_price for order in round_.orders if order.fill_price), ZERO
    )
