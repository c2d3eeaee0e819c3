"""/settings: a cycle's agreement as it is, and the values that each term may have."""

from bot.commands import (
    ChangeCycle,
)
from bot.events import ChangeAgreed, SplitAgreed
from bot.storage.views import CycleView
from bot.telegram import agreements, choices, endings, figures, texts
from bot.telegram.arguments import Arguments, Misunderstood
from bot.telegram.asked import Asked
from bot.telegram.bookkeeping import change_name
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.afterwards import offer
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Answer, Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.preview import HAS_A_PAST, preview
from bot.telegram.handlers.reading import given
from bot.telegram.handlers.seed import seed_page
from bot.telegram.handlers.which import (
    asked_again,
    back,
    chosen,
    cycle_view,
    in_its_place,
    receipt,
    setting,
)
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import Kind
from strategy.bookkeeping import turn_from_cost

_WORDS = frozenset(choices.WORDS)


async def settings(desk: Desk, asked: Asked) -> None:
    """Show a cycle's settings; with a setting and a value behind it, the preview of that change."""
    arguments = given(desk, asked, _WORDS)
    name = next((choices.WORDS[word] for word in arguments.words if word in choices.WORDS), "")
    typed = _typed(name, arguments)
    view = await chosen(desk, asked, arguments.symbol, name, typed)
    if view is None:
        return
    if not name:
        await _page(desk, asked, view)
    elif typed:
        await preview(desk, asked, view, name, typed)
    elif name == "turn":
        await _ask_turn(desk, asked, view)
    else:
        await _choose(desk, asked, view, name)


async def _page(desk: Desk, asked: Asked, view: CycleView) -> None:
    words, cycle = desk.words, view.cycle
    rows = [
        *agreements.terms(words, cycle.rules),
        (words.plain("승인 방식"), words.plain(texts.APPROVALS[view.approval])),
        (words.plain("승인 없으면"), words.plain(choices.UNATTENDED[view.unattended])),
        (words.plain("졸업한 뒤"), words.plain(endings.AFTERWARDS[view.afterwards])),
        (words.plain("원금"), figures.money(cycle.principal)),
    ]
    following = cycle.next_rules
    html = lines(
        words.say("{symbol} {cycle}번 사이클 설정", symbol=view.symbol, cycle=view.cycle_id),
        code(figures.table(rows)),
        words.say(
            "다음 사이클부터: {changes}",
            changes=", ".join(
                f"{name} {one}→{other}"
                for name, one, other in agreements.compared(words, cycle.rules, following)
            ),
        )
        if following
        else None,
        *await _waiting(desk, view),
        words.say("쉬는 중입니다. 새 회차를 내지 않습니다.") if view.rests else None,
        words.say("바꿀 것을 눌러 주세요. 바꾸기 전에 미리 보여 드립니다."),
    )
    names = [name for name in choices.NAMES if name != "turn" or choices.takes_turn(cycle)]
    buttons = [
        setting(view, name, agreements.heading(words, choices.NAMES[name])) for name in names
    ]
    rows_of_three = [buttons[place : place + 3] for place in range(0, len(buttons), 3)]
    await desk.answer(
        asked,
        html,
        [
            *rows_of_three,
            [
                show(desk, "시드", "seed", view.symbol),
                show(desk, "승인 방식", "mode", view.symbol),
            ],
            [
                setting(view, "unattended", words.plain("승인 없으면")),
                setting(view, "afterwards", words.plain("졸업한 뒤")),
            ],
            [show(desk, "첫 화면", "start")],
        ],
    )


async def _waiting(desk: Desk, view: CycleView) -> list[Html]:
    """List the agreed changes that wait until the round that is out is settled."""
    words = desk.words
    return [
        words.say(
            "정산을 기다리는 변경: {change} ({day} 회차부터)",
            change=change_name(words, each.split if isinstance(each, SplitAgreed) else each.change),
            day=figures.day(words, each.from_session),
        )
        for each in await desk.views.waiting_changes()
        if (isinstance(each, SplitAgreed) and each.symbol == view.symbol)
        or (isinstance(each, ChangeAgreed) and each.cycle_id == view.cycle_id)
    ]


async def _choose(desk: Desk, asked: Asked, view: CycleView, name: str) -> None:
    words = desk.words
    offered = choices.choices(words, name, view.cycle)
    notes = []
    if name == "method":
        notes = [
            words.say("V{method}: {about}", method=each.value, about=words.plain(about))
            for each in offered
            if (about := choices.METHODS_ABOUT.get(each.value))
        ]
    html = lines(
        words.say(
            "{symbol} {setting}",
            symbol=view.symbol,
            setting=agreements.heading(words, choices.NAMES[name]),
        ),
        words.say(choices.ABOUT[name]),
        *notes,
        words.say("무엇으로 할까요? 누르면 바뀌는 것을 먼저 보여 드립니다."),
    )
    buttons = [
        setting(view, name, f"✓ {each.caption}" if each.now else each.caption, each.value)
        for each in offered
    ]
    pairs = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    await desk.answer(asked, html, [*pairs, [back(desk, view)]])


async def _ask_turn(desk: Desk, asked: Asked, view: CycleView) -> None:
    words = desk.words
    if not choices.takes_turn(view.cycle):
        html = words.say(
            "T는 주식을 들고 있고 T를 세는 버전(V4.0, V1.0)일 때만 고칠 수 있습니다. 바뀐 것은 "
            "없습니다."
        )
        await desk.answer(asked, html, [[back(desk, view)]])
        return
    data = {"cycle": str(view.cycle_id)}
    await desk.ask(
        asked.user_id,
        "settings_turn",
        data,
        words.say(
            "{symbol}의 T를 몇으로 고칠까요? 지금 {turn}, 원가로 계산하면 {counted}입니다.\n"
            "숫자만 적어 주세요 (예: 7.5). 적은 뒤에 미리 보여 드립니다.",
            symbol=view.symbol,
            turn=figures.turn(view.cycle.turn),
            counted=figures.turn(turn_from_cost(view.cycle)),
        ),
        [[back(desk, view)]],
    )


async def _turn_typed(desk: Desk, asked: Asked, data: dict[str, str]) -> None:
    view = await cycle_view(desk, int(data["cycle"]))
    try:
        typed = given(desk, asked).amount
    except Misunderstood as error:
        await asked_again(desk, asked, error, [[back(desk, view)]])
        return
    await desk.store.end_question(asked.user_id)
    if typed is None:
        await _ask_turn(desk, asked, view)
    else:
        await preview(desk, asked, view, "turn", f"{typed:f}")


async def _setting_pressed(desk: Desk, press: Press) -> None:
    view = await cycle_view(desk, press.action.cycle)
    asked = in_its_place(press)
    name, value = press.action.text, press.action.figure
    if not name:
        await _page(desk, asked, view)
    elif name == "turn" and not value:
        await _ask_turn(desk, asked, view)
    elif name in ("unattended", "afterwards"):
        await offer(desk, asked, view, name)
    elif value:
        await preview(desk, asked, view, name, value)
    elif name == "seed":
        await seed_page(desk, asked, view)
    else:
        await _choose(desk, asked, view, name)


async def _change(desk: Desk, press: Press) -> None:
    """Make a change as it was shown, and turn the preview into the receipt."""
    action, words = press.action, desk.words
    name, _, value = action.figure.partition("=")
    command = ChangeCycle(
        cycle_id=action.cycle,
        change=choices.change_of(name, value),
        digest=action.digest,
        by=owner(press.user_id),
        tap=press.nonce,
    )
    session = await desk.bus.ask(command)
    view = await cycle_view(desk, action.cycle)
    html = (
        words.say("받았습니다. 다음 사이클부터 적용합니다.")
        if view.cycle.next_rules is not None and name in HAS_A_PAST
        else words.say("받았습니다. {day} 회차부터 적용합니다.", day=figures.day(words, session))
    )
    await receipt(desk, press, html, view)


def _typed(name: str, arguments: Arguments) -> str:
    """Give the value that stands behind a setting's name, "" for none."""
    kinds = {"단리": "none", "반복리": "half", "복리": "full"}
    if name == "compounding":
        return next((kinds[word] for word in arguments.words if word in kinds), "")
    if not name:
        return ""
    if name in ("target", "fee", "first_buy") and arguments.percent is not None:
        return f"{arguments.percent:f}"
    if name == "method" and arguments.amount is not None:
        return f"{arguments.amount:.1f}"
    return f"{arguments.amount:f}" if arguments.amount is not None else ""


SHOWS: dict[str, Show] = {"settings": settings}
ACTIONS: dict[Kind, Do] = {
    Kind.SETTING: _setting_pressed,
    Kind.CHANGE: _change,
}
ANSWERS: dict[str, Answer] = {"settings_turn": _turn_typed}
