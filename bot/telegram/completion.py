"""The card of a finished cycle: what it brought, what comes next, and what silence means."""

from dataclasses import dataclass

from bot.events import RoundSettled
from bot.reports import record
from bot.reports.completed import Completed
from bot.storage.views import Views
from bot.telegram import agreements, figures, results
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, lines
from bot.telegram.taps import Action, Button, Kind
from bot.trading.model import Afterwards
from strategy.model import Cycle


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    html: Html
    buttons: tuple[Button, ...]


async def card(words: Words, views: Views, event: RoundSettled) -> Card:
    """Write the card of the cycle that a session ended. Raises ValueError where it ended none."""
    if event.finished is None:
        raise ValueError(f"round {event.round_id} ended no cycle")
    done = await record.read_completed(views, event.cycle_id, event.finished.number)
    view = await views.cycle(event.cycle_id)
    afterwards = view.afterwards if view else Afterwards.GO_ON
    symbol = event.before.rules.symbol
    html = lines(
        results.graduated(words, symbol, event.finished),
        _traded(words, done) if done else None,
        await _in_won(words, views, event),
        _next(words, event.after, afterwards),
    )
    return Card(html=html, buttons=_buttons(words, event, afterwards))


def _traded(words: Words, done: Completed) -> Html:
    return lines(
        words.say(
            "매수 {bought} · 매도 {sold} (#{place})",
            bought=figures.money(done.bought),
            sold=figures.money(done.sold),
            place=done.place,
        ),
        words.say("이어받은 주식의 원가 {cost}", cost=figures.money(done.taken_over))
        if done.taken_over
        else None,
    )


async def _in_won(words: Words, views: Views, event: RoundSettled) -> Html | None:
    known = await views.money.latest_rate()
    if known is None or event.finished is None:
        return None
    won = event.finished.realized * known[1]
    return words.say("원화로 약 {won}", won=figures.won(won))


def _next(words: Words, following: Cycle, afterwards: Afterwards) -> Html:
    if afterwards is Afterwards.REST:
        return words.say("정하신 대로 쉽니다. 다시 시작하라고 하실 때까지 사지 않습니다.")
    if afterwards is Afterwards.END:
        return words.say("정하신 대로 이 종목을 끝냅니다. 기록은 남습니다.")
    goes_on = words.say(
        "다음 사이클 원금 {principal} ({kind}), 다음 거래일부터 시작합니다.",
        principal=figures.money(following.principal),
        kind=words.plain(agreements.COMPOUNDINGS[following.rules.compounding]),
    )
    return lines(goes_on, words.say("아무것도 누르지 않으면 그대로 시작합니다."))


def _buttons(words: Words, event: RoundSettled, afterwards: Afterwards) -> tuple[Button, ...]:
    symbol, cycle = event.before.rules.symbol, event.cycle_id
    seed = Button(
        caption=words.plain("시드 바꾸기"),
        action=Action(kind=Kind.SHOW, command="seed", text=symbol),
    )
    goes_on = _afterwards(words.plain("그대로 시작"), cycle, Afterwards.GO_ON)
    if afterwards is not Afterwards.GO_ON:
        return (goes_on,)
    return (goes_on, seed, _afterwards(words.plain("쉬기"), cycle, Afterwards.REST))


def _afterwards(caption: str, cycle: int, choice: Afterwards) -> Button:
    action = Action(kind=Kind.AFTERWARDS, cycle=cycle, figure=choice.value)
    return Button(caption=caption, action=action)
