"""Today: the living plan, its orders, fills as they happen, and what comes next in Seoul's time."""

import streamlit as st

from bot.amounts import counted
from bot.control.errors import ControlError
from bot.control.model import Shown
from bot.dashboard import order_rows, vocabulary
from bot.dashboard.ahead import day_at, steps
from bot.dashboard.house import this_house
from bot.dashboard.living import live
from bot.dashboard.room import Room
from bot.dashboard.tables import figures, table
from bot.reports.standing import exhaustion
from bot.storage.views import CycleView, RoundView
from bot.trading.model import RoundState
from strategy.model import Cycle
from strategy.price import raised

COLOURS = {
    RoundState.PROPOSED: "orange",
    RoundState.SETTLED: "green",
    RoundState.LAPSED: "gray",
    RoundState.SKIPPED: "gray",
    RoundState.MISSED: "red",
}
EVENTS = 12


def show(room: Room) -> None:
    """Draw the page; everything on it looks again every few seconds."""
    del room
    live(_rounds)
    live(_next)
    live(_events)


def _rounds(room: Room) -> None:
    rounds = room.reading.ask(lambda views: views.today())
    cycles = {each.cycle_id: each for each in room.reading.ask(lambda views: views.cycles())}
    for view in rounds:
        _round(room, view, cycles.pop(view.cycle_id, None))
    for cycle in cycles.values():
        _waiting(room, cycle)
    if not rounds and not cycles:
        st.info(
            room.words.say(
                "도는 사이클이 없습니다: 조작 화면이나 텔레그램 /setup 에서 시작해 주세요.",
                "No cycle is running: start one on the page Controls, or with /setup in Telegram.",
            ),
            icon=":material/flag:",
        )


def _round(room: Room, view: RoundView, running: CycleView | None) -> None:
    plan, shown, words = view.plan, room.shown, room.words
    if plan is None:
        return
    cycle = running.cycle if running else plan.cycle
    with st.container(border=True):
        state = words.of(vocabulary.ROUNDS, view.state)
        rules = vocabulary.rules(words, plan.cycle)
        st.markdown(
            f"#### {plan.cycle.rules.symbol} :{COLOURS.get(view.state, 'blue')}-badge[{state}]"
        )
        session = words.say(
            f"{shown.day(view.session)} 미국장", f"New York, {shown.day(view.session)}"
        )
        st.caption(f"{session} · {rules} · {vocabulary.stage(words, plan)}")
        figures(_figures(room, view, cycle))
        _orders(room, view)
        _word(room, view)


def _figures(room: Room, view: RoundView, cycle: Cycle) -> list[tuple[str, str]]:
    shown, say, plan = room.shown, room.words.say, view.plan
    found = [
        ("T", f"{shown.turn(cycle.turn)}/{cycle.rules.splits}"),
        (say("소진율", "Used"), shown.percent(exhaustion(cycle))),
    ]
    if plan is not None and plan.star_price is not None:
        found.append((say("별지점", "Star price"), shown.money(plan.star_price)))
    if cycle.quantity:
        target = raised(cycle.average, cycle.rules.target_percent)
        found += [
            (say("평단", "Average"), shown.money(cycle.average)),
            (say("목표가", "Target"), shown.money(target)),
            (say("보유", "Held"), shown.shares(cycle.quantity)),
        ]
    if plan is not None:
        found.append((say("1회", "A round"), shown.money(plan.unit)))
    return found


def _orders(room: Room, view: RoundView) -> None:
    say, shown = room.words.say, room.shown
    main, ladder = order_rows.main_rows(shown, view), order_rows.ladder_rows(shown, view)
    named = (("주문", "Order"), ("수량", "Shares"), ("가격", "Price"), ("상태", "State"))
    heads = tuple(map(room.words.both, named))
    right = frozenset({1, 2})
    if main:
        table(main, heads=heads, right=right)
    elif not ladder:
        st.caption(say("오늘 낼 주문이 없습니다.", "There is nothing to order today."))
    if ladder:
        states = order_rows.ladder_states(shown, view)
        rungs = say(f"급락 대비 {len(ladder)}건", f"ladder, {counted(len(ladder), 'order')}")
        with st.expander(f"{rungs} · {states}" if states else rungs):
            table(ladder, heads=heads, right=right)


def _word(room: Room, view: RoundView) -> None:
    """Say what the round waits for, or what the day did to the cycle."""
    say, shown = room.words.say, room.shown
    settled = view.settlement
    if settled is not None:
        bought, sold = shown.shares(settled.bought), shown.shares(settled.sold)
        realized, fees = shown.gain(settled.realized), shown.money(settled.fees)
        turns = f"T {shown.turn(settled.before.turn)} → {shown.turn(settled.after.turn)}"
        st.markdown(
            say(
                f"**결과** 매수 {bought} · 매도 {sold} · 실현 {realized} · 수수료 {fees} · {turns}",
                f"**Result** bought {bought} · sold {sold} · realized {realized} · fees {fees} · "
                f"{turns}",
            ).replace("$", "\\$")
        )
        if settled.provisional:
            st.caption(
                say(
                    "종가는 잠정입니다. 한투가 낮 12시까지 고칠 수 있습니다.",
                    "The close is provisional: KIS may correct it until noon in Seoul.",
                )
            )
    elif view.state is RoundState.PROPOSED and view.deadline is not None:
        until = shown.moment(view.deadline)
        approval = room.words.of(vocabulary.APPROVALS, view.approval) if view.approval else ""
        st.caption(
            say(
                f"승인 방식 {approval} · 마감 {until} (한국 시각)",
                f"Approval: {approval} · last call {until} (Seoul)",
            )
        )


def _waiting(room: Room, view: CycleView) -> None:
    """Show a cycle of which nothing was planned for this session."""
    cycle = view.cycle
    turn = f"T {room.shown.turn(cycle.turn)}/{cycle.rules.splits}"
    with st.container(border=True):
        st.markdown(f"#### {view.symbol}")
        st.caption(
            room.words.say(
                f"{vocabulary.rules(room.words, cycle)} · {turn} · 다음 계획을 기다립니다.",
                f"{vocabulary.rules(room.words, cycle)} · {turn} · waits for its next plan.",
            )
        )


def _next(room: Room) -> None:
    """Say what comes next; only the running bot knows what time it is at its market."""
    if room.status is None:
        return
    now, words, shown = room.status.at, room.words, room.shown
    day = day_at(this_house().calendar, room.venue, now)
    if day is None:
        return
    st.markdown(f"##### {words.say('다음에 일어날 일', 'What happens next')}")
    st.caption(
        words.say(
            f"{shown.day(day.session.day)} 미국장 · 한국 시각, 지금 {shown.clock(now)}",
            f"New York, {shown.day(day.session.day)} · Seoul time, now {shown.clock(now)}",
        )
    )
    named = steps(day)
    coming = next((step for step in named if step.at > now), None)
    table(
        [
            (
                shown.moment(step.at),
                words.both(step.what),
                "▶" if step is coming else "✓" if step.at <= now else "",
            )
            for step in named
        ]
    )


def _events(room: Room) -> None:
    """Show what happened lately, the newest first."""
    if room.status is None:
        return
    st.markdown(f"##### {room.words.say('방금 있었던 일', 'What happened lately')}")
    kept: list[Shown] = st.session_state.setdefault("events", [])
    try:
        told = room.control.events(room.session, st.session_state.get("after", 0))
    except ControlError as error:
        st.caption(error.sentence(room.words.language))
        return
    st.session_state["after"] = told.last
    kept[:] = (list(told.events) if told.missed else [*kept, *told.events])[-EVENTS:]
    language, clock = room.words.language, room.shown.clock_seconds
    if kept:
        table([(clock(event.at), event.words(language)) for event in reversed(kept)])
    else:
        st.caption(room.words.say("아직 없습니다.", "Nothing yet."))
