"""Controls: start and stop of a strategy, pause, stop and emergency stop, the rounds that wait.

Nothing is done by the first press: it asks the bot for a preview, and the window that shows it has
the button that does it (`confirming.py`).
"""

import re

import streamlit as st

from bot.amounts import counted
from bot.control.client import Argument
from bot.control.model import BotStatus, LatestRound, RunningCycle
from bot.dashboard import confirming, vocabulary
from bot.dashboard.room import Room
from bot.dashboard.words import Both
from bot.storage.people import Role
from bot.trading.model import Afterwards, Approval, RoundState
from strategy import versions

SYMBOLS = ("TQQQ", "SOXL")
SPLITS = (40, 30, 20)
AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


def show(room: Room) -> None:
    """Draw the page; while the bot is off there is nothing to command."""
    say, status = room.words.say, room.status
    if status is None:
        st.info(
            say(
                "봇이 꺼져 있어 아무것도 시킬 수 없습니다. 급하면 한투 앱에서 주문을 취소하세요.",
                "The bot is off, so nothing can be commanded. In a hurry, cancel orders in the KIS "
                "app.",
            ),
            icon=":material/power_off:",
        )
        return
    confirming.told()
    _trading(room, status)
    _rounds(room, status)
    if room.may(Role.OWNER):
        _cycles(room, status)
        _start(room)


def _button(room: Room, caption: Both, name: str, icon: str, **arguments: Argument) -> None:
    """Draw a button that asks for a preview of a command."""
    key = f"{name} {sorted(arguments.items())}"
    if st.button(room.words.both(caption), icon=f":material/{icon}:", key=key):
        confirming.ask(room, name, **arguments)


def _trading(room: Room, status: BotStatus) -> None:
    say = room.words.say
    st.markdown(f"##### {say('봇 전체', 'The whole bot')}")
    with st.container(horizontal=True):
        if status.trading == "killed":
            _button(room, ("비상정지 풀기", "Lift the emergency stop"), "unlock", "lock_open")
            return
        if status.trading != "running" or any(cycle.held for cycle in status.cycles):
            _button(room, ("다시 시작", "Go on"), "resume", "play_arrow")
        if status.trading == "running":
            _button(room, ("매수만 쉬기", "Pause buys"), "pause", "pause", everything=False)
        if status.trading in {"running", "paused"}:
            _button(room, ("모두 쉬기", "Pause all"), "pause", "pause_circle", everything=True)
        if status.trading != "stopped":
            _button(room, ("유지하고 정지", "Stop, keep orders"), "stop", "stop", cancel=False)
        _button(room, ("취소하고 정지", "Stop, cancel orders"), "stop", "cancel", cancel=True)
        _button(room, ("비상정지", "Emergency stop"), "kill", "emergency", cancel=True)


def _rounds(room: Room, status: BotStatus) -> None:
    open_rounds = [each for each in status.rounds if each.state == RoundState.PROPOSED]
    if not open_rounds:
        return
    st.markdown(f"##### {room.words.say('기다리는 회차', 'Rounds that wait')}")
    for each in open_rounds:
        _round(room, each)


def _round(room: Room, waiting: LatestRound) -> None:
    say, shown = room.words.say, room.shown
    until = shown.moment(waiting.deadline) if waiting.deadline else "-"
    st.markdown(f"**{waiting.symbol}** · {shown.day(waiting.session)}")
    st.caption(
        say(
            f"주문 {waiting.orders}건 · 마감 {until} (한국 시각)",
            f"{counted(waiting.orders, 'order')} · last call {until} (Seoul)",
        )
    )
    with st.container(horizontal=True):
        _button(room, ("승인", "Approve"), "approve", "check", round_id=waiting.round_id)
        _button(room, ("건너뛰기", "Skip"), "skip", "skip_next", round_id=waiting.round_id)


def _cycles(room: Room, status: BotStatus) -> None:
    say = room.words.say
    st.markdown(f"##### {say('사이클', 'Cycles')}")
    if not status.cycles:
        st.caption(say("도는 사이클이 없습니다.", "No cycle is running."))
    for cycle in status.cycles:
        _cycle(room, cycle)


def _cycle(room: Room, cycle: RunningCycle) -> None:
    say, shown = room.words.say, room.shown
    turn = f"T {shown.turn(cycle.turn)}/{cycle.splits}"
    st.markdown(f"**{cycle.symbol}** · V{cycle.method} · {turn} · {_afterwards(room, cycle)}")
    if cycle.held:
        st.warning(
            say(
                "장부와 잔고가 달라 멈춰 있습니다: 텔레그램의 알림을 확인한 뒤 다시 시작하세요.",
                "Held: ledger and account differ. See the letter in Telegram, then go on.",
            )
        )
    wanted = [each for each in Afterwards if each.value != cycle.afterwards]
    captions = {
        Afterwards.GO_ON: (("계속하기", "Carry on"), "replay"),
        Afterwards.REST: (("끝나면 쉬기", "Rest after it"), "bedtime"),
        Afterwards.END: (("끝나면 그만두기", "End after it"), "flag"),
    }
    with st.container(horizontal=True):
        for each in wanted:
            caption, icon = captions[each]
            _button(room, caption, "afterwards", icon, cycle_id=cycle.cycle_id, wanted=each.value)


def _afterwards(room: Room, cycle: RunningCycle) -> str:
    say = room.words.say
    if cycle.rests:
        return say("쉬는 중", "rests")
    return {
        Afterwards.GO_ON.value: say("끝나면 이어서", "goes on after it"),
        Afterwards.REST.value: say("끝나면 쉼", "rests after it"),
        Afterwards.END.value: say("끝나면 그만둠", "ends after it"),
    }[cycle.afterwards]


def _start(room: Room) -> None:
    say = room.words.say
    st.markdown(f"##### {say('새 사이클 시작', 'Start a cycle')}")
    with st.form("start", border=True):
        symbol = st.selectbox(say("종목", "Symbol"), SYMBOLS, accept_new_options=True, key="symbol")
        left, right = st.columns(2)
        method = left.selectbox(say("버전", "Version"), _methods())
        splits = right.selectbox(say("분할", "Splits"), SPLITS)
        principal = st.text_input(say("원금 (달러)", "Principal (USD)"), placeholder="20000")
        approval = st.selectbox(
            say("승인 방식", "Approval"),
            (Approval.CONFIRM, Approval.ALERT, Approval.AUTO),
            format_func=lambda each: room.words.of(vocabulary.APPROVALS, each),
        )
        pressed = st.form_submit_button(
            say("미리보기", "Preview"), type="primary", icon=":material/visibility:"
        )
    if not pressed:
        return
    amount = principal.replace(",", "").replace("$", "").strip()
    if AMOUNT.fullmatch(amount) is None:
        st.error(
            say(
                "원금을 달러로 적어 주세요: 20000처럼 숫자만 적습니다.",
                "Write the principal in USD: digits only, such as 20000.",
            ),
            icon=":material/error:",
        )
        return
    confirming.ask(
        room,
        "start",
        symbol=str(symbol),
        method=str(method),
        splits=splits,
        principal=amount,
        approval=str(approval),
    )


def _methods() -> tuple[str, ...]:
    return tuple(sorted(versions.METHODS, reverse=True))
