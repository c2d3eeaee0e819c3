"""/kill and /unlock: the emergency stop, by two taps on and by a code off."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.commands import AskLock, Kill, LockState, StopAnswer, Unlock
from bot.storage.views import AT_THE_BROKER
from bot.telegram import figures, texts
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Answer, Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.refusal import Refusal

CODE_FOR = timedelta(minutes=5)
"""How long a code is waited for."""


async def kill(desk: Desk, asked: Asked) -> None:
    """Ask what becomes of the open orders, and say what will lift the stop."""
    words = desk.words
    standing = await desk.views.orders_in(*AT_THE_BROKER)
    ask = (
        words.say(
            "봇이 낸 미체결 {count}건은 그대로 둘까요? (60초 안에 눌러 주세요)",
            count=len(standing),
        )
        if standing
        else words.say("지금 봇이 낸 미체결 주문은 없습니다. (60초 안에 눌러 주세요)")
    )
    html = lines(
        words.say("🛑 비상정지를 켭니다. 새 주문이 모두 막힙니다."),
        _how_to_lift(desk, await desk.bus.ask(AskLock())),
        ask,
    )
    keep = _button(desk, mark("그대로 두고 비상정지"), Kind.KILL_KEEP)
    if not standing:
        keep = _button(desk, mark("비상정지 켜기"), Kind.KILL_KEEP)
    rows = [[keep], [never_mind(desk)]]
    if standing:
        rows.insert(0, [_button(desk, mark("미체결도 취소하고 비상정지"), Kind.KILL_CANCEL)])
    await desk.say(asked.user_id, html, rows, valid_for=CONFIRM_FOR)


def _how_to_lift(desk: Desk, lock: LockState) -> Html:
    if not lock.needs_code:
        return desk.words.say("풀 때는 한 번 더 확인합니다.")
    if lock.has_secret:
        return desk.words.say("풀 때는 인증 앱의 코드가 필요합니다.")
    return desk.words.say("인증 앱을 연결하지 않아, 풀려면 컴퓨터에서 muhan unlock 을 해야 합니다.")


async def _kill(desk: Desk, press: Press) -> None:
    cancel = press.action.kind is Kind.KILL_CANCEL
    answer = await desk.bus.ask(Kill(cancel=cancel, by=owner(press.user_id), tap=press.nonce))
    rows = [[show(desk, "비상정지 풀기", "unlock"), show(desk, "미체결 보기", "orders")]]
    html = lines(
        _killed(desk, answer, cancel=cancel),
        _how_to_lift(desk, await desk.bus.ask(AskLock())),
    )
    await desk.receipt(press.user_id, press.message_id, html, rows)


def _killed(desk: Desk, answer: StopAnswer, *, cancel: bool) -> Html:
    words, at = desk.words, figures.clock_seconds(desk.clock.now())
    if not cancel:
        return words.say("🛑 비상정지 켜짐 · {at} · 미체결은 그대로 둡니다.", at=at)
    done = words.say(
        "🛑 비상정지 켜짐 · {at} · 취소 {confirmed}/{asked}건 확인",
        at=at,
        confirmed=answer.confirmed,
        asked=answer.asked,
    )
    left = words.say(
        "⚠️ {left}건은 한투에 남아 있을 수 있습니다. 아래에서 보고 앱에서 취소해 주세요.",
        left=answer.left,
    )
    return lines(done, left if answer.left else None)


async def unlock(desk: Desk, asked: Asked) -> None:
    """Ask for the code that lifts the emergency stop, or for a second tap where none is needed."""
    words, lock = desk.words, await desk.bus.ask(AskLock())
    if not lock.killed:
        html = words.say("비상정지가 켜져 있지 않습니다. 바뀐 것은 없습니다.")
        await desk.answer(asked, html, [[show(desk, "상태", "status"), _home(desk)]])
    elif not lock.needs_code:
        html = words.say(
            "비상정지를 풀까요? (60초 안에 눌러 주세요)\n"
            "풀면 정지 상태가 되고, 주문은 [다시 시작]을 눌러야 나갑니다."
        )
        row = [_button(desk, mark("비상정지 풀기"), Kind.UNLOCK), never_mind(desk)]
        await desk.say(asked.user_id, html, [row], valid_for=CONFIRM_FOR)
    elif not lock.has_secret:
        html = words.say(
            "여기서는 풀 수 없습니다. 인증 앱을 연결하지 않아 코드를 확인할 수 없습니다.\n"
            "지금: 컴퓨터에서 muhan unlock 을 해 주세요.\n"
            "다음을 위해 muhan totp 로 인증 앱을 연결해 두면 좋습니다."
        )
        await desk.answer(asked, html, [[show(desk, "상태", "status"), _home(desk)]])
    elif asked.text:
        await _by_code(desk, asked, {})
    else:
        await ask_code(desk, asked.user_id, "unlock", {}, words.say("비상정지를 풉니다."))


async def ask_code(desk: Desk, user_id: int, name: str, data: dict[str, str], head: Html) -> None:
    """Ask for a code of the authenticator app; the next message goes to the answer `name`."""
    html = lines(
        head,
        desk.words.say(
            "인증 앱의 여섯 자리 코드를 보내 주세요. 코드가 적힌 메시지는 곧 지웁니다. (5분 안에)"
        ),
    )
    await desk.ask(user_id, name, data, html, [[never_mind(desk)]], valid_for=CODE_FOR)


async def with_code(
    desk: Desk, asked: Asked, retry: Button, work: Callable[[], Awaitable[None]]
) -> bool:
    """Do what a code allows; its message is deleted whatever comes of it.

    A refusal is told with a button that begins anew; answers whether it was done.
    """
    words = desk.words
    try:
        await work()
    except Refusal as refusal:
        rows = [[retry, _home(desk)]]
        await desk.say(asked.user_id, texts.refusal(words, refusal), rows)
        return False
    else:
        await desk.store.end_question(asked.user_id)
        return True
    finally:
        if asked.message_id and not await desk.erase(asked.user_id, asked.message_id):
            left = words.say("코드가 적힌 메시지를 지우지 못했습니다. 직접 지워 주세요.")
            await desk.say(asked.user_id, left, [[_home(desk)]])


async def _by_code(desk: Desk, asked: Asked, _data: dict[str, str]) -> None:
    async def work() -> None:
        await desk.bus.ask(Unlock(code=asked.text, by=owner(asked.user_id)))

    retry = show(desk, "비상정지 풀기", "unlock")
    if await with_code(desk, asked, retry, work):
        await desk.say(asked.user_id, _unlocked(desk), _next(desk))


async def _by_tap(desk: Desk, press: Press) -> None:
    await desk.bus.ask(Unlock(by=owner(press.user_id), tap=press.nonce))
    await desk.receipt(press.user_id, press.message_id, _unlocked(desk), _next(desk))


def _unlocked(desk: Desk) -> Html:
    return desk.words.say(
        "비상정지를 풀었습니다 · {at}\n"
        "지금은 정지 상태입니다. 주문은 [다시 시작]을 눌러야 나갑니다.",
        at=figures.clock_seconds(desk.clock.now()),
    )


def _next(desk: Desk) -> list[list[Button]]:
    return [[show(desk, "다시 시작", "resume"), show(desk, "상태", "status")]]


def _home(desk: Desk) -> Button:
    return show(desk, "첫 화면", "start")


def _button(desk: Desk, caption: str, kind: Kind) -> Button:
    return Button(caption=desk.words.plain(caption), action=Action(kind=kind))


SHOWS: dict[str, Show] = {"kill": kill, "unlock": unlock}
ACTIONS: dict[Kind, Do] = {
    Kind.KILL_KEEP: _kill,
    Kind.KILL_CANCEL: _kill,
    Kind.UNLOCK: _by_tap,
}
ANSWERS: dict[str, Answer] = {"unlock": _by_code}
