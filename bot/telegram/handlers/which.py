"""Which cycle is meant, and the buttons and receipts that the settings share."""

from bot.storage.views import CycleView
from bot.telegram import figures
from bot.telegram.arguments import Misunderstood
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html
from bot.telegram.taps import Action, Button, Kind
from bot.trading.refusal import Refusal, Why


async def chosen(
    desk: Desk, asked: Asked, symbol: str | None, name: str = "", value: str = ""
) -> CycleView | None:
    """Find the cycle that is meant; ask by buttons, or say that there is none, and give None."""
    words = desk.words
    cycles = await desk.views.cycles()
    found = [view for view in cycles if symbol in (None, view.symbol)]
    if len(found) == 1:
        return found[0]
    if found:
        rows = [[setting(view, name, title(desk, view), value)] for view in found]
        html = words.say("어느 사이클을 말씀하시나요? 아래에서 골라 주세요.")
    elif cycles:
        html = words.say(
            "{symbol:으로} 도는 사이클이 없습니다. 아래에서 골라 주세요.", symbol=symbol
        )
        rows = [[setting(view, name, title(desk, view), value)] for view in cycles]
    else:
        html = words.say("아직 시작한 사이클이 없습니다. 먼저 사이클을 시작해 주세요.")
        rows = [[show(desk, "사이클 시작", "setup")]]
    await desk.answer(asked, html, [*rows, [show(desk, "첫 화면", "start")]])
    return None


async def cycle_view(desk: Desk, cycle_id: int) -> CycleView:
    """Read the cycle that a button named. Raises Refusal for none."""
    view = await desk.views.cycle(cycle_id)
    if view is None:
        raise Refusal(Why.CYCLE_UNKNOWN)
    return view


def title(desk: Desk, view: CycleView) -> str:
    """Name a cycle on a button: SOXL 1번 (T 7.50)."""
    return desk.words.plain(
        "{symbol} {cycle}번 (T {turn})",
        symbol=view.symbol,
        cycle=view.cycle_id,
        turn=figures.turn(view.cycle.turn),
    )


def setting(view: CycleView, name: str, caption: str, value: str = "") -> Button:
    """Make a button of a cycle's settings: its page, the values of a setting, or a preview."""
    action = Action(kind=Kind.SETTING, cycle=view.cycle_id, text=name, figure=value)
    return Button(caption=caption, action=action)


def back(desk: Desk, view: CycleView, caption: str = mark("뒤로")) -> Button:
    """Make the button to a cycle's settings."""
    return setting(view, "", desk.words.plain(caption))


def in_its_place(press: Press) -> Asked:
    """Ask for an answer in the place of the message whose button was pressed."""
    return Asked(user_id=press.user_id, message_id=press.message_id, edit=True)


async def asked_again(
    desk: Desk, asked: Asked, error: Misunderstood, rows: list[list[Button]]
) -> None:
    """Say why a typed answer was not understood; the question stays open."""
    html = desk.words.say("{sentence}", sentence=error.sentence(desk.words.language))
    await desk.say(asked.user_id, html, rows, reply_to=asked.message_id)


async def receipt(desk: Desk, press: Press, html: Html, view: CycleView) -> None:
    """Turn a message with buttons into what became of it, with the way on."""
    rows = [[show(desk, "첫 화면", "start"), show(desk, "오늘 주문", "today")]]
    if not view.ended:
        rows.insert(0, [back(desk, view, mark("설정 보기"))])
    await desk.answer(in_its_place(press), html, rows)
