"""Pause, resume, stop, emergency stop: what holds the account's orders back, and lets them go."""

from bot.commands import AskLock, Kill, Pause, Resume, Stop, StopAnswer, Unlock
from bot.control.acts import Act, Order, Told, Tools
from bot.control.arguments import Given
from bot.control.errors import ControlRefused
from bot.control.refusals import Both, both
from bot.storage.people import Role
from bot.storage.views import AT_THE_BROKER
from bot.trading.refusal import Refusal, Why


async def _ask_pause(_tools: Tools, given: Given) -> Told:
    given.only({"everything"})
    everything = given.flag("everything")
    words = (
        both(
            "매수와 매도를 모두 쉽니다. 이미 낸 주문은 그대로 둡니다.",
            "Buys and sells both wait. Orders that are out stay.",
        )
        if everything
        else both(
            "매수만 쉽니다. 매도는 계속 나가고, 이미 낸 주문은 그대로 둡니다.",
            "Only buys wait. Sells go on, and orders that are out stay.",
        )
    )
    return Told(words=words, fixed={"everything": everything})


async def _pause(tools: Tools, order: Order) -> Both:
    everything = order.fixed.flag("everything")
    await tools.bus.ask(Pause(everything=everything, by=order.by, tap=order.tap))
    if everything:
        return both("일시정지했습니다: 매수와 매도를 모두 쉽니다.", "Paused: nothing goes out.")
    return both("일시정지했습니다: 매수만 쉽니다.", "Paused: buys wait, sells go on.")


async def _ask_resume(tools: Tools, given: Given) -> Told:
    given.only(())
    trading = await tools.views.trading()
    if trading == "killed":
        raise Refusal(Why.KILLED)
    held = any(view.held for view in await tools.views.cycles())
    if trading == "running" and not held:
        raise ControlRefused(
            "already", "이미 가동 중입니다. 바뀐 것은 없습니다.", "Trading goes on already."
        )
    return Told(
        words=both(
            "다시 시작합니다. 다음 주문 시간부터 회차가 나갑니다.",
            "Trading goes on: rounds go out from the next order window on.",
        )
    )


async def _resume(tools: Tools, order: Order) -> Both:
    await tools.bus.ask(Resume(by=order.by, tap=order.tap))
    return both("다시 시작했습니다.", "Trading goes on.")


async def _ask_stop(tools: Tools, given: Given) -> Told:
    given.only({"cancel"})
    head = both(
        "정지하면 매수도 매도도 나가지 않습니다.", "After a stop nothing is bought or sold."
    )
    return await _halting(tools, head, cancel=given.flag("cancel"))


async def _stop(tools: Tools, order: Order) -> Both:
    cancel = order.fixed.flag("cancel")
    answer = await tools.bus.ask(Stop(cancel=cancel, by=order.by, tap=order.tap))
    return _halted(both("정지했습니다.", "Trading is stopped."), answer, cancel=cancel)


async def _ask_kill(tools: Tools, given: Given) -> Told:
    given.only({"cancel"})
    lock = await tools.bus.ask(AskLock())
    lift = both("풀 때는 한 번 더 확인합니다.", "Lifting it asks once more.")
    if lock.needs_code and lock.has_secret:
        lift = both("풀 때는 인증 앱의 코드가 필요합니다.", "Lifting it takes the app's code.")
    elif lock.needs_code:
        lift = both(
            "인증 앱을 연결하지 않아, 풀려면 컴퓨터에서 muhan unlock 을 해야 합니다.",
            "No authenticator app is connected: only muhan unlock at the machine lifts it.",
        )
    head = both("비상정지를 켭니다. 새 주문이 모두 막힙니다.", "The emergency stop holds all back.")
    head = both(f"{head[0]} {lift[0]}", f"{head[1]} {lift[1]}")
    return await _halting(tools, head, cancel=given.flag("cancel"))


async def _kill(tools: Tools, order: Order) -> Both:
    cancel = order.fixed.flag("cancel")
    answer = await tools.bus.ask(Kill(cancel=cancel, by=order.by, tap=order.tap))
    head = both("비상정지가 켜졌습니다.", "The emergency stop is on.")
    return _halted(head, answer, cancel=cancel)


async def _halting(tools: Tools, head: Both, *, cancel: bool) -> Told:
    """Say what becomes of the bot's open orders."""
    count = len(await tools.views.orders_in(*AT_THE_BROKER))
    tail = both("지금 봇이 낸 미체결 주문은 없습니다.", "None of the bot's orders is open now.")
    if count and cancel:
        tail = both(
            f"봇이 낸 미체결 {count}건을 취소합니다.",
            f"The bot's {count} open orders are cancelled.",
        )
    elif count:
        tail = both(
            f"봇이 낸 미체결 {count}건은 그대로 둡니다.", f"The bot's {count} open orders stay."
        )
    words = both(f"{head[0]} {tail[0]}", f"{head[1]} {tail[1]}")
    return Told(words=words, fixed={"cancel": cancel})


def _halted(head: Both, answer: StopAnswer, *, cancel: bool) -> Both:
    if not cancel:
        return both(
            f"{head[0]} 미체결 주문은 그대로 둡니다.", f"{head[1]} Open orders stay as they are."
        )
    korean = f"{head[0]} 취소 {answer.confirmed}/{answer.asked}건 확인."
    english = f"{head[1]} {answer.confirmed} of {answer.asked} cancels confirmed."
    if answer.left:
        korean += f" ⚠️ {answer.left}건은 한투에 남아 있을 수 있습니다: 한투 앱에서 취소해 주세요."
        english += f" ⚠️ {answer.left} may still stand: cancel them in KIS's app."
    return both(korean, english)


async def _ask_unlock(tools: Tools, given: Given) -> Told:
    given.only(())
    lock = await tools.bus.ask(AskLock())
    if not lock.killed:
        raise Refusal(Why.NOT_KILLED)
    if lock.needs_code and not lock.has_secret:
        raise Refusal(Why.NO_SECRET)
    return Told(
        words=both(
            "비상정지를 풉니다. 풀면 정지 상태가 되고, 주문은 다시 시작해야 나갑니다.",
            "The emergency stop is lifted. Trading is stopped then, and goes on once resumed.",
        ),
        needs_code=lock.needs_code,
    )


async def _unlock(tools: Tools, order: Order) -> Both:
    await tools.bus.ask(Unlock(by=order.by, code=order.code, tap=order.tap))
    return both(
        "비상정지를 풀었습니다. 지금은 정지 상태입니다.",
        "The emergency stop is lifted. Trading is stopped now.",
    )


ACTS = {
    "pause": Act(role=Role.OPERATOR, preview=_ask_pause, do=_pause),
    "resume": Act(role=Role.OPERATOR, preview=_ask_resume, do=_resume),
    "stop": Act(role=Role.OPERATOR, preview=_ask_stop, do=_stop),
    "kill": Act(role=Role.OPERATOR, preview=_ask_kill, do=_kill),
    "unlock": Act(role=Role.OWNER, preview=_ask_unlock, do=_unlock),
}
