"""The cycles: a list of all, and one in detail with its prices, lines, fills and T."""

from collections.abc import Sequence

import streamlit as st

from bot.charts.model import CyclePicture
from bot.charts.of_rounds import cycle_picture
from bot.dashboard import panels
from bot.dashboard.figures.cycle import cycle
from bot.dashboard.room import Room
from bot.dashboard.tables import figures, table
from bot.dashboard.vocabulary import LEGS, PHASES
from bot.reports import sheets
from bot.reports.record import Record
from bot.reports.runs import Lived, lived
from bot.reports.standing import cycle_so_far
from bot.reports.trades import Trade

LISTED = 20
"""So many finished cycles stand on the page; the file has all."""


def show(room: Room) -> None:
    """Show the page."""
    words = room.words
    st.header(words.say("사이클", "Cycles"), anchor=False)
    record = room.reading.record()
    every = lived(record)
    if not every:
        st.info(
            words.say(
                "아직 정산한 회차가 없습니다. 채팅에서 /setup으로 사이클을 시작하면 첫 마감 뒤에 "
                "여기에 그림이 나옵니다.",
                "No session is settled yet. Start a cycle in the chat with /setup; its picture "
                "stands here after the first close.",
            )
        )
        return
    chosen = st.selectbox(
        words.say("볼 사이클", "Cycle to show"),
        every,
        format_func=lambda each: _name(room, each, every),
        key="cycle",
    )
    _one(room, record, chosen)
    _listed(room, record)


def _name(room: Room, each: Lived, every: Sequence[Lived]) -> str:
    """Name a cycle; by its run too, where two runs have a symbol together."""
    words = room.words
    runs = {other.cycle_id for other in every if other.symbol == each.symbol}
    run = f" ({each.cycle_id})" if len(runs) > 1 else ""
    name = words.say(
        f"{each.symbol}{run} {each.number}번째 · V{each.method} {each.splits}분할",
        f"{each.symbol}{run}, cycle {each.number} · V{each.method}, {each.splits} splits",
    )
    if each.done is None:
        return f"{name} · {words.say('진행 중', 'running')}"
    return f"#{each.done.place} {name} · {room.shown.signed(each.done.return_percent)}"


def _one(room: Room, record: Record, chosen: Lived) -> None:
    if chosen.done is None:
        _running(room, record, chosen)
    else:
        _finished(room, chosen)
    picture = _picture(room, record, chosen)
    if picture is not None:
        says = room.words.say(
            f"{chosen.symbol} {chosen.number}번째 사이클의 종가, 평단, 별지점, 목표와 체결, 소진율",
            f"{chosen.symbol}, cycle {chosen.number}: closes, average, star, target, fills, T",
        )
        panels.drawn(cycle(picture), f"cycle-{chosen.cycle_id}-{chosen.number}", says)
    _trades(room, record, chosen)


def _picture(room: Room, record: Record, chosen: Lived) -> CyclePicture | None:
    splits = room.reading.ask(lambda views: views.splits(chosen.symbol))
    return cycle_picture(
        [each for each in record.rounds if each.cycle_id == chosen.cycle_id],
        chosen.number,
        splits,
        language=room.words.language,
        amounts=not room.shown.veiled,
    )


def _running(room: Room, record: Record, chosen: Lived) -> None:
    words, shown = room.words, room.shown
    view = room.reading.ask(lambda views: views.cycle(chosen.cycle_id))
    report = cycle_so_far(
        record.settlements,
        chosen.cycle_id,
        view.cycle if view is not None and view.cycle.number == chosen.number else None,
        record.closes.get(chosen.cycle_id),
    )
    if report is None:
        return
    held = shown.shares(report.quantity)
    gained = "-" if report.value_percent is None else shown.signed(report.value_percent)
    pairs = [
        ("T", f"{shown.turn(report.turn)}/{report.splits}"),
        (words.say("소진율", "used up"), shown.percent(report.exhaustion)),
        (words.say("최대 T", "highest T"), shown.turn(report.max_turn)),
        (words.say("보유", "held"), held),
        (words.say("평단", "average"), shown.money(report.average or None)),
        (words.say("평가", "on paper"), gained),
        (words.say("잔금", "cash"), shown.money(report.cash)),
        (words.say("실현손익", "realized"), shown.gain(report.realized)),
    ]
    if view is not None:
        pairs.insert(3, (words.say("모드", "mode"), words.of(PHASES, view.cycle.phase)))
    figures(pairs)


def _finished(room: Room, chosen: Lived) -> None:
    words, shown, done = room.words, room.shown, chosen.done
    if done is None:
        return
    sessions = done.cycle.sessions
    figures(
        [
            (words.say("수익률", "return"), shown.signed(done.return_percent)),
            (words.say("실현손익", "realized"), shown.gain(done.cycle.realized)),
            (words.say("수수료", "fees"), shown.money(done.cycle.fees)),
            (words.say("거래일", "sessions"), f"{sessions}"),
            (words.say("최대 T", "highest T"), shown.turn(done.cycle.max_turn)),
            (words.say("매수", "bought"), shown.money(done.bought)),
            (words.say("매도", "sold"), shown.money(done.sold)),
        ]
    )


def _trades(room: Room, record: Record, chosen: Lived) -> None:
    words, shown = room.words, room.shown
    key = (chosen.cycle_id, chosen.number)
    own = [trade for trade in record.trades if (trade.cycle_id, trade.number) == key]
    with st.expander(words.say(f"체결 {len(own)}건", f"Fills: {len(own)}")):
        heads = (
            words.say("미국 거래일", "session"),
            words.say("주문", "order"),
            words.say("수량", "shares"),
            words.say("가격", "price"),
            words.say("실현손익", "realized"),
        )
        rows = [
            (
                shown.day(trade.session),
                words.of(LEGS, trade.leg),
                shown.shares(trade.quantity),
                shown.money(trade.price),
                _realized(room, trade),
            )
            for trade in reversed(own)
        ]
        table(rows, heads=heads, right=frozenset({2, 3, 4}))
        name = f"muhan-{chosen.symbol}-{chosen.cycle_id}-{chosen.number}"
        panels.file_of(room, sheets.trades(own, words.language), name)


def _realized(room: Room, trade: Trade) -> str:
    return room.shown.gain(trade.realized)


def _listed(room: Room, record: Record) -> None:
    words, shown = room.words, room.shown
    ended = record.completed
    st.subheader(words.say("끝난 사이클", "Finished cycles"), anchor=False)
    if not ended:
        st.caption(
            words.say(
                "아직 없습니다. 목표에 다 팔리면 여기에 한 줄씩 쌓입니다.",
                "None yet. Each that sells its last share becomes a line here.",
            )
        )
        return
    heads = (
        "#",
        words.say("종목", "symbol"),
        words.say("기간", "from, to"),
        words.say("거래일", "sessions"),
        words.say("수익률", "return"),
        words.say("실현손익", "realized"),
        words.say("최대 T", "highest T"),
    )
    rows = [
        (
            f"{done.place}",
            f"{done.symbol} V{done.method}/{done.splits}",
            f"{done.cycle.started} ~ {done.cycle.ended}",
            f"{done.cycle.sessions}",
            shown.signed(done.return_percent),
            shown.gain(done.cycle.realized),
            shown.turn(done.cycle.max_turn),
        )
        for done in ended[::-1][:LISTED]
    ]
    table(rows, heads=heads, right=frozenset({3, 4, 5, 6}))
    panels.file_of(room, sheets.cycles(ended, words.language), "muhan-cycles")
