"""/pause, /resume, /stop: a preview with buttons, then the same message becomes the receipt."""

from bot.commands import Pause, Resume, Stop
from bot.storage.views import AT_THE_BROKER
from bot.telegram import figures
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind


async def pause(desk: Desk, asked: Asked) -> None:
    """Ask what is to be paused."""
    html = desk.words.say(
        "무엇을 쉴까요? 이미 낸 주문은 그대로 둡니다.\n"
        "매수만 쉬면 매도는 계속 나갑니다. (60초 안에 눌러 주세요)"
    )
    await _ask(
        desk,
        asked,
        html,
        [
            [_button(desk, "매수만", Kind.PAUSE_BUYS), _button(desk, "모두", Kind.PAUSE_ALL)],
            [never_mind(desk)],
        ],
    )


async def resume(desk: Desk, asked: Asked) -> None:
    """Ask before orders go out again; an emergency stop has to be lifted first."""
    if await desk.views.trading() == "killed":
        html = desk.words.say(
            "비상정지 중이라 다시 시작할 수 없습니다. 먼저 비상정지를 풀어 주세요."
        )
        rows = [[show(desk, "비상정지 풀기", "unlock"), show(desk, "상태", "status")]]
        await desk.answer(asked, html, rows)
        return
    if await desk.views.trading() == "running" and not any(
        view.held for view in await desk.views.cycles()
    ):
        rows = [[show(desk, "상태", "status"), show(desk, "오늘 주문", "today")]]
        await desk.answer(asked, desk.words.say("이미 가동 중입니다. 바뀐 것은 없습니다."), rows)
        return
    html = desk.words.say(
        "다시 시작할까요? 다음 주문 시간부터 회차가 나갑니다. (60초 안에 눌러 주세요)"
    )
    row = [_button(desk, "다시 시작", Kind.RESUME), never_mind(desk)]
    await _ask(desk, asked, html, [row])


async def stop(desk: Desk, asked: Asked) -> None:
    """Ask what becomes of the open orders."""
    standing = await desk.views.orders_in(*AT_THE_BROKER)
    html = (
        desk.words.say(
            "정지하면 매수도 매도도 나가지 않습니다.\n"
            "봇이 낸 미체결 {count}건은 어떻게 할까요? (60초 안에 눌러 주세요)",
            count=len(standing),
        )
        if standing
        else desk.words.say(
            "정지하면 매수도 매도도 나가지 않습니다.\n"
            "지금 봇이 낸 미체결 주문은 없습니다. 정지할까요? (60초 안에 눌러 주세요)"
        )
    )
    await _ask(
        desk,
        asked,
        html,
        [
            [_button(desk, "유지하고 정지", Kind.STOP_KEEP)],
            [_button(desk, "취소하고 정지", Kind.STOP_CANCEL)],
            [never_mind(desk)],
        ],
    )


def _button(desk: Desk, caption: str, kind: Kind) -> Button:
    return Button(caption=desk.words.plain(caption), action=Action(kind=kind))


async def _ask(desk: Desk, asked: Asked, html: Html, rows: list[list[Button]]) -> None:
    await desk.say(asked.user_id, html, rows, valid_for=CONFIRM_FOR)


async def _pause(desk: Desk, press: Press) -> None:
    everything = press.action.kind is Kind.PAUSE_ALL
    await desk.bus.ask(Pause(everything=everything, by=owner(press.user_id), tap=press.nonce))
    text = (
        mark("일시정지 · {at}\n매수와 매도를 모두 쉽니다.")
        if everything
        else mark("일시정지 · {at}\n매수만 쉽니다. 매도는 계속 나갑니다.")
    )
    await desk.receipt(
        press.user_id, press.message_id, desk.words.say(text, at=_now(desk)), _back_on(desk)
    )


async def _resume(desk: Desk, press: Press) -> None:
    await desk.bus.ask(Resume(by=owner(press.user_id), tap=press.nonce))
    done = desk.words.say("다시 시작했습니다 · {at}", at=_now(desk))
    rows = [[show(desk, "오늘 주문", "today"), show(desk, "상태", "status")]]
    await desk.receipt(press.user_id, press.message_id, done, rows)


async def _stop(desk: Desk, press: Press) -> None:
    cancel = press.action.kind is Kind.STOP_CANCEL
    answer = await desk.bus.ask(Stop(cancel=cancel, by=owner(press.user_id), tap=press.nonce))
    text = mark("정지했습니다 · {at} · 미체결 주문은 그대로 둡니다.")
    if cancel and answer.asked:
        text = mark("정지했습니다 · {at} · 취소 {confirmed}/{asked}건 확인")
    elif cancel:
        text = mark("정지했습니다 · {at} · 취소할 주문은 없었습니다.")
    done = desk.words.say(text, at=_now(desk), confirmed=answer.confirmed, asked=answer.asked)
    if answer.left:
        done = lines(
            done,
            desk.words.say(
                "⚠️ {left}건은 한투에 남아 있을 수 있습니다. 아래에서 보고 앱에서 취소해 주세요.",
                left=answer.left,
            ),
        )
    await desk.receipt(press.user_id, press.message_id, done, _back_on(desk))


def _back_on(desk: Desk) -> list[list[Button]]:
    """Make the buttons below what holds trading back: the way on, and what still stands."""
    return [[show(desk, "다시 시작", "resume"), show(desk, "미체결 보기", "orders")]]


async def _never_mind(desk: Desk, press: Press) -> None:
    await desk.taps.use(press.nonce)
    done = desk.words.say("그만두었습니다. 바뀐 것은 없습니다.")
    rows = [[show(desk, "오늘 주문", "today"), show(desk, "첫 화면", "start")]]
    await desk.receipt(press.user_id, press.message_id, done, rows)


def _now(desk: Desk) -> str:
    return figures.clock_seconds(desk.clock.now())


SHOWS: dict[str, Show] = {"pause": pause, "resume": resume, "stop": stop}
ACTIONS: dict[Kind, Do] = {
    Kind.PAUSE_BUYS: _pause,
    Kind.PAUSE_ALL: _pause,
    Kind.RESUME: _resume,
    Kind.STOP_KEEP: _stop,
    Kind.STOP_CANCEL: _stop,
    Kind.NEVER_MIND: _never_mind,
}
