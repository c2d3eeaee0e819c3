"""What the `muhan cycle` commands say: tables and sentences, Korean and English."""

from collections.abc import Sequence
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.commands import ChangePreview, ImportPreview, SplitPreview
from bot.console_words import Both, Words
from bot.events import RoundProposed
from bot.figures import Document, cents, exact
from bot.storage.views import CycleView
from bot.trading.model import RestingOrder
from strategy.changes import Figures
from strategy.model import Compounding, Side

COMPOUNDINGS: dict[Compounding, Both] = {
    Compounding.FULL: ("복리", "full"),
    Compounding.NONE: ("단리", "none"),
    Compounding.HALF: ("반복리", "half"),
    Compounding.YEARLY: ("연 단위 복리", "yearly"),
}


def print_change(words: Words, shown: ChangePreview, console: Console) -> None:
    """Show what a change does before it is made."""
    name = words.say(
        f"{shown.symbol} {shown.cycle_id}번 사이클", f"{shown.symbol}, cycle {shown.cycle_id}"
    )
    console.print(name, highlight=False)
    console.print(_effect(words, shown.effect.before, shown.effect.after))


def print_split(words: Words, shown: SplitPreview, console: Console) -> None:
    """Show what a split does to every cycle of its symbol."""
    for each in shown.cycles:
        print_change(words, each, console)
    if shown.not_ours_before:
        line = words.say(
            f"봇의 것이 아닌 주식: {shown.not_ours_before}주 -> {shown.not_ours_after}주",
            f"shares that are not the bot's: {shown.not_ours_before} -> {shown.not_ours_after}",
        )
        console.print(line, highlight=False)


def when(words: Words, shown: ChangePreview | SplitPreview) -> str:
    """Say from which session a change counts."""
    day = shown.from_session.isoformat()
    if shown.waits:
        return words.say(
            f"{day} 미국장 회차부터 적용합니다. 앞선 회차가 정산되면 봇이 장부에 반영합니다.",
            f"It counts from the session of {day} on; the bot books it when the round before is "
            "settled.",
        )
    return words.say(
        f"{day} 미국장 회차부터 적용합니다.", f"It counts from the session of {day} on."
    )


def _effect(words: Words, before: Figures, after: Figures) -> Table:
    table = Table("", words.say("지금", "now"), words.say("바꾼 뒤", "then"), box=SIMPLE_HEAD)
    for name, one, other in _rows(words, before, after):
        mark = "" if one == other else "*"
        table.add_row(f"{name}{mark}", one, other)
    return table


def _rows(words: Words, before: Figures, after: Figures) -> list[tuple[str, str, str]]:
    def money(value: Decimal) -> str:
        return f"{value:,.2f}"

    return [
        (words.say("1회매수금", "unit"), money(before.unit), money(after.unit)),
        (words.say("다음 매수 한도", "next budget"), money(before.budget), money(after.budget)),
        ("T", exact(before.turn), exact(after.turn)),
        (words.say("수량", "shares"), str(before.quantity), str(after.quantity)),
        (words.say("평단", "average"), exact(before.average), exact(after.average)),
        (words.say("현금", "cash"), money(before.cash), money(after.cash)),
        (words.say("원금", "principal"), money(before.principal), money(after.principal)),
        (
            words.say("이자 방식", "compounding"),
            words.both(COMPOUNDINGS[before.compounding]),
            words.both(COMPOUNDINGS[after.compounding]),
        ),
    ]


def print_import(words: Words, shown: ImportPreview, console: Console) -> None:
    """Show how a position stands at KIS, and what its cycle begins with."""
    cycle = shown.cycle
    table = Table("", words.say("적은 값", "given"), "KIS", box=SIMPLE_HEAD)
    given = str(cycle.quantity)
    if shown.other_cycles or shown.not_ours:
        given = f"{cycle.quantity} + {shown.other_cycles} + {shown.not_ours}"
    table.add_row(words.say("수량", "shares"), given, str(shown.broker_quantity))
    table.add_row(words.say("평단", "average"), exact(cycle.average), exact(shown.broker_average))
    turn = words.say("원가로 계산", "from the cost")
    table.add_row("T", exact(cycle.turn), f"{turn}: {exact(shown.turn_from_cost)}")
    table.add_row(words.say("원금", "principal"), f"{cycle.principal:,.2f}", "")
    table.add_row(words.say("현금", "cash"), f"{cycle.cash:,.2f}", "")
    console.print(table)
    print_resting(words, shown.resting, console, known=shown.resting_known)
    day = shown.first_session.isoformat()
    first = words.say(f"첫 회차: {day} 미국장", f"first round: the session of {day}")
    console.print(first, highlight=False)


def print_resting(
    words: Words, resting: Sequence[RestingOrder], console: Console, *, known: bool
) -> None:
    """List the orders that are not ours, and say what they keep waiting."""
    for order in resting:
        kind = words.say("예약", "reservation") if order.reservation else ""
        side = words.say("매수", "buy") if order.side is Side.BUY else words.say("매도", "sell")
        price = cents(order.price) if order.price else words.say("시장가", "market")
        line = f"  #{order.number} {side} {order.quantity} @ {price} {kind}".rstrip()
        console.print(line, highlight=False, markup=False)
    if resting:
        why = words.say(
            f"봇이 내지 않은 주문 {len(resting)}건이 걸려 있습니다: 없어질 때까지 아무것도 보내지 "
            "않습니다.",
            f"{len(resting)} orders that are not the bot's rest there: nothing is sent until they "
            "are gone.",
        )
        console.print(why, highlight=False)
    if not known:
        why = words.say(
            "걸린 주문이나 예약 주문을 다 확인하지 못했습니다: 확인될 때까지 아무것도 보내지 "
            "않습니다. 한투가 예약 주문을 보여 주지 않는 곳(모의투자)에서는 앱에서 없는 것을 "
            "확인하고 --no-reservations를 붙이세요.",
            "Not all resting orders and reservations could be seen: nothing is sent until they "
            "are. Where KIS lists no reservations (모의투자), look in the app and add "
            "--no-reservations.",
        )
        console.print(why, highlight=False)


def print_why(
    words: Words, event: RoundProposed, differences: Sequence[str], console: Console
) -> None:
    """Say why each order of an evening was what it was, and whether it comes out again."""
    plan = event.plan
    rules = plan.cycle.rules
    closes = ", ".join(exact(close) for close in event.market.closes)
    head = words.say(
        f"{event.session} {rules.symbol} {event.cycle_id}번: V{rules.method} {rules.splits}분할, "
        f"T {exact(plan.cycle.turn)}, 종가 {closes}",
        f"{event.session} {rules.symbol}, cycle {event.cycle_id}: V{rules.method}, "
        f"{rules.splits} splits, T {exact(plan.cycle.turn)}, closes {closes}",
    )
    console.print(head, highlight=False, markup=False, soft_wrap=True)
    for order in plan.orders:
        price = cents(order.price) or words.say("종가", "the close")
        side = words.say("매수", "buy") if order.side is Side.BUY else words.say("매도", "sell")
        line = f"  {side} {order.type} {order.quantity} @ {price}: "
        _print_line(console, line + order.why.sentence(words.language))
    for skip in plan.skips:
        _print_line(console, f"  - {skip.why.sentence(words.language)}")
    if not plan.orders and not plan.skips:
        _print_line(console, words.say("  주문 없음", "  no orders"))
    again = words.say("다시 계산해도 같습니다.", "Planned again, it comes out the same.")
    if differences:
        again = words.say("다시 계산하면 다릅니다:", "Planned again, it comes out otherwise:")
    for line in (again, *differences):
        _print_line(console, f"  {line}")


def _print_line(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def cycle_document(view: CycleView) -> Document:
    """Describe a cycle for a program."""
    cycle = view.cycle
    return {
        "cycle": view.cycle_id,
        "symbol": view.symbol,
        "method": cycle.rules.method,
        "splits": cycle.rules.splits,
        "turn": exact(cycle.turn),
        "quantity": cycle.quantity,
        "average": exact(cycle.average),
        "cash": exact(cycle.cash),
        "approval": view.approval.value,
        "principal": exact(cycle.principal),
        "compounding": cycle.rules.compounding.value,
        "phase": cycle.phase.value,
        "first_session": view.first_session.isoformat() if view.first_session else None,
        "held": view.held is not None,
        "waits_for_resting_orders": view.waits,
    }
