"""/pause, /resume, /stop: a preview with buttons, then the same message becomes the receipt."""

from bot.storage.views import AT_THE_BROKER
from bot.telegram.desk import Desk
from bot.telegram.markup import Html
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind


async def pause(desk: Desk, user_id: int) -> None:
    """Ask what is to be paused."""
    html = desk.words.say(
        "무엇을 쉴까요? 이미 낸 주문은 그대로 둡니다.\n"
        "매수만 쉬면 매도는 계속 나갑니다. (60초 안에 눌러 주세요)"
    )
    await _ask(
        desk,
        user_id,
        html,
        [
            [_button(desk, "매수만", Kind.PAUSE_BUYS), _button(desk, "모두", Kind.PAUSE_ALL)],
            [_button(desk, "그만두기", Kind.NEVER_MIND)],
        ],
    )


async def resume(desk: Desk, user_id: int) -> None:
    """Ask before orders go out again."""
    if await desk.views.trading() == "running" and not any(
        view.held for view in await desk.views.cycles()
    ):
        await desk.say(user_id, desk.words.say("이미 가동 중입니다. 바뀐 것은 없습니다."))
        return
    html = desk.words.say(
        "다시 시작할까요? 다음 주문 시간부터 회차가 나갑니다. (60초 안에 눌러 주세요)"
    )
    row = [_button(desk, "다시 시작", Kind.RESUME), _button(desk, "그만두기", Kind.NEVER_MIND)]
    await _ask(desk, user_id, html, [row])


async def stop(desk: Desk, user_id: int) -> None:
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
        user_id,
        html,
        [
            [_button(desk, "유지하고 정지", Kind.STOP_KEEP)],
            [_button(desk, "취소하고 정지", Kind.STOP_CANCEL)],
            [_button(desk, "그만두기", Kind.NEVER_MIND)],
        ],
    )


def _button(desk: Desk, caption: str, kind: Kind) -> Button:
    return Button(caption=desk.words.plain(caption), action=Action(kind=kind))


async def _ask(desk: Desk, user_id: int, html: Html, rows: list[list[Button]]) -> None:
    await desk.say(user_id, html, rows, valid_for=CONFIRM_FOR)
