"""What becomes of rounds without a tap, and of a run that holds nothing: set by one tap.

Neither moves money; each receipt offers the way back. With real money a code lets out more.
"""

from bot.commands import SetAfterwards, SetUnattended
from bot.storage.views import CycleView
from bot.telegram import choices, endings, figures
from bot.telegram.asked import Asked
from bot.telegram.catalogue import Words
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Answer, Do
from bot.telegram.handlers.lock import ask_code, with_code
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.which import back, cycle_view, receipt
from bot.telegram.markup import Html, lines
from bot.telegram.taps import Action, Button, Kind
from bot.trading.model import Afterwards, Unattended
from bot.trading.unattended import needs_code


async def offer(desk: Desk, asked: Asked, view: CycleView, name: str) -> None:
    """Offer what may become of rounds without a tap, or of a run that holds nothing."""
    html, buttons = (_unattended_choices if name == "unattended" else _afterwards_choices)(
        desk.words, view
    )
    await desk.answer(asked, html, [buttons, [back(desk, view)]])


def _unattended_choices(words: Words, view: CycleView) -> tuple[Html, list[Button]]:
    html = lines(
        words.say(
            "{symbol}: 확인 방식에서 마감까지 승인이 없으면 어떻게 할까요?", symbol=view.symbol
        ),
        *(
            words.say(
                "{choice}: {about}",
                choice=words.plain(choices.UNATTENDED[each]),
                about=words.plain(choices.UNATTENDED_ABOUT[each]),
            )
            for each in Unattended
        ),
    )
    return html, [
        _set(view, Kind.UNATTENDED, each.value, words.plain(choices.UNATTENDED[each]))
        for each in Unattended
        if each is not view.unattended
    ]


def _afterwards_choices(words: Words, view: CycleView) -> tuple[Html, list[Button]]:
    html = lines(
        words.say("{symbol}: 사이클이 끝나 주식이 없으면 어떻게 할까요?", symbol=view.symbol),
        *(
            words.say(
                "{choice}: {about}.",
                choice=words.plain(endings.AFTERWARDS[each]),
                about=words.plain(endings.MEANINGS[each]),
            )
            for each in Afterwards
        ),
    )
    return html, [
        _set(view, Kind.AFTERWARDS, each.value, words.plain(endings.AFTERWARDS[each]))
        for each in Afterwards
        if each is not view.afterwards
    ]


async def _unattended(desk: Desk, press: Press) -> None:
    choice = Unattended(press.action.figure)
    view = await cycle_view(desk, press.action.cycle)
    if needs_code(view.unattended, choice, real=desk.venue == "real"):
        data = {"cycle": str(view.cycle_id), "choice": choice.value}
        head = lines(
            _unattended_now(desk.words, view, choice),
            desk.words.say("실전에서 승인 없이 더 내려면 점검표를 보고 인증 코드를 받습니다."),
        )
        await ask_code(desk, press.user_id, "unattended", data, head)
        return
    await desk.bus.ask(
        SetUnattended(
            cycle_id=press.action.cycle, choice=choice, by=owner(press.user_id), tap=press.nonce
        )
    )
    await receipt(desk, press, _unattended_now(desk.words, view, choice), view)


async def _by_code(desk: Desk, asked: Asked, data: dict[str, str]) -> None:
    view, choice = await cycle_view(desk, int(data["cycle"])), Unattended(data["choice"])
    command = SetUnattended(
        cycle_id=view.cycle_id, choice=choice, by=owner(asked.user_id), code=asked.text
    )

    async def work() -> None:
        await desk.bus.ask(command)

    again = show(desk, "설정 보기", "settings", view.symbol)
    if await with_code(desk, asked, again, work):
        html = _unattended_now(desk.words, view, choice)
        await desk.say(asked.user_id, html, [[again, show(desk, "첫 화면", "start")]])


def _unattended_now(words: Words, view: CycleView, choice: Unattended) -> Html:
    return words.say(
        "{symbol}: {about}",
        symbol=view.symbol,
        about=words.plain(choices.UNATTENDED_ABOUT[choice]),
    )


async def _afterwards(desk: Desk, press: Press) -> None:
    wanted, words = Afterwards(press.action.figure), desk.words
    answer = await desk.bus.ask(
        SetAfterwards(
            cycle_id=press.action.cycle,
            afterwards=wanted,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    view = await cycle_view(desk, press.action.cycle)
    if answer.ended:
        now = words.say("{symbol} 사이클을 끝냈습니다. 기록은 남습니다.", symbol=view.symbol)
    elif answer.first_session is not None:
        day = figures.day(words, answer.first_session)
        now = words.say(
            "{symbol}: 다시 이어 갑니다. 첫 회차는 {day}입니다.", symbol=view.symbol, day=day
        )
    elif answer.at_rest and wanted is not Afterwards.GO_ON:
        now = words.say("{symbol}: 지금부터 새 회차를 내지 않습니다.", symbol=view.symbol)
    else:
        now = words.say(
            "{symbol}: {meaning}.",
            symbol=view.symbol,
            meaning=words.plain(endings.MEANINGS[wanted]),
        )
    skipped = words.say("기다리던 오늘 회차는 건너뛰었습니다.") if answer.skipped else None
    out = (
        words.say("오늘 주문은 이미 나가 있습니다. 사지면 그 사이클이 끝난 뒤부터입니다.")
        if answer.at_rest and answer.out
        else None
    )
    await receipt(desk, press, lines(now, skipped, out), view)


def _set(view: CycleView, kind: Kind, value: str, caption: str) -> Button:
    return Button(caption=caption, action=Action(kind=kind, cycle=view.cycle_id, figure=value))


ANSWERS: dict[str, Answer] = {"unattended": _by_code}
ACTIONS: dict[Kind, Do] = {Kind.UNATTENDED: _unattended, Kind.AFTERWARDS: _afterwards}
