"""What a change of a cycle's settings would do, before and after, as the owner is asked."""

from decimal import ROUND_FLOOR, Decimal

from bot.commands import ChangePreview
from bot.reports.past import Past
from bot.telegram import agreements, figures
from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html, code, lines
from strategy.bookkeeping import apply
from strategy.bookkeeping import figures as standing
from strategy.changes import CompoundingChange, RulesChange, SeedChange
from strategy.model import Cycle

Row = tuple[str, str, str]


def units_left(turn: Decimal, splits: int) -> int:
    """Count the days until the units are used up when each buys a whole one: T above a - 1."""
    return max(int((splits - 1 - turn).to_integral_value(ROUND_FLOOR)) + 1, 0)


def waits_for_next_cycle(before: Cycle, after: Cycle) -> bool:
    """Tell whether a change counts only when the cycle that runs is finished."""
    return after.next_rules is not None and after.next_rules != before.next_rules


def preview(
    words: Words,
    cycle: Cycle,
    shown: ChangePreview,
    *,
    pasts: tuple[Past | None, Past | None] = (None, None),
) -> Html:
    """Show a change with both columns, from when it counts, and what it does not touch."""
    change = shown.change
    after = apply(cycle, change)
    waiting = waits_for_next_cycle(cycle, after)
    rows = _rows(words, cycle, after)
    if pasts[0] is not None and pasts[1] is not None:
        rows.append(_past(words, pasts[0], pasts[1]))
    return lines(
        words.say(
            "{symbol} {cycle}번 사이클 · 설정을 이렇게 바꿉니다.",
            symbol=shown.symbol,
            cycle=shown.cycle_id,
        ),
        code(figures.table(_titled(words, rows), right=frozenset({1, 2}))),
        _drawn_from(words, pasts[0]),
        _note(words, cycle, change, waiting=waiting),
        _when(words, shown, waiting=waiting),
    )


def _titled(words: Words, rows: list[Row]) -> list[Row]:
    return [("", words.plain("지금"), words.plain("바뀐 뒤")), *rows]


def _rows(words: Words, before: Cycle, after: Cycle) -> list[Row]:
    if waits_for_next_cycle(before, after):
        return _of_next_cycle(words, before, after)
    one, other = standing(before), standing(after)
    left = units_left(before.turn, before.rules.splits), units_left(after.turn, after.rules.splits)
    rows = [
        *agreements.compared(words, before.rules, after.rules),
        (
            agreements.heading(words, mark("시드")),
            figures.money(before.principal),
            figures.money(after.principal),
        ),
        (
            agreements.heading(words, mark("잔금")),
            figures.money(one.cash),
            figures.money(other.cash),
        ),
        (
            agreements.heading(words, mark("1회매수금")),
            figures.money(one.unit),
            figures.money(other.unit),
        ),
        ("T", figures.turn(one.turn), figures.turn(other.turn)),
        (
            agreements.heading(words, mark("소진까지")),
            words.plain("{count}회", count=left[0]),
            words.plain("{count}회", count=left[1]),
        ),
    ]
    kept = {
        agreements.heading(words, mark("1회매수금")),
        "T",
        agreements.heading(words, mark("소진까지")),
    }
    return [row for row in rows if row[1] != row[2] or row[0] in kept]


def _of_next_cycle(words: Words, before: Cycle, after: Cycle) -> list[Row]:
    """Compare how the next cycle would begin, with the principal of today."""
    old, new = before.next_rules or before.rules, after.next_rules or after.rules
    principal = before.principal
    return [
        *agreements.compared(words, old, new),
        (
            agreements.heading(words, mark("1회매수금")),
            figures.money(principal / old.splits),
            figures.money(principal / new.splits),
        ),
        (
            agreements.heading(words, mark("소진까지")),
            words.plain("{count}회", count=old.splits),
            words.plain("{count}회", count=new.splits),
        ),
    ]


def _past(words: Words, before: Past, after: Past) -> Row:
    return (
        agreements.heading(words, mark("과거 소진율")),
        f"{before.percent:.0f}%",
        f"{after.percent:.0f}%",
    )


def _drawn_from(words: Words, past: Past | None) -> Html | None:
    if past is None:
        return None
    return words.say(
        "과거 소진율은 {first}부터 {sessions}거래일을 같은 규칙으로 돌려 본 사이클 가운데 소진된 "
        "비율입니다. 앞날의 약속은 아닙니다.",
        first=past.first.isoformat(),
        sessions=past.sessions,
    )


def _note(words: Words, cycle: Cycle, change: object, *, waiting: bool) -> Html | None:
    if waiting:
        return words.say(
            "지금 사이클은 {rules} 그대로 갑니다. 금액은 지금 원금 {principal} 기준입니다.",
            rules=agreements.named(words, cycle.rules),
            principal=figures.money(cycle.principal),
        )
    if isinstance(change, SeedChange) and change.amount > 0:
        return words.say(
            "봇은 환전하거나 돈을 옮기지 않습니다. 그만큼의 달러가 계좌에 있어야 합니다."
        )
    if isinstance(change, SeedChange):
        return words.say("뺀 돈은 계좌에 그대로 있습니다. 봇이 더는 쓰지 않을 뿐입니다.")
    if isinstance(change, RulesChange | CompoundingChange):
        return words.say("이미 나간 회차는 고치지 않습니다.")
    return None


def _when(words: Words, shown: ChangePreview, *, waiting: bool) -> Html:
    if waiting:
        return words.say("다음 사이클부터 적용합니다. (60초 안에 눌러 주세요)")
    day = figures.day(words, shown.from_session)
    if shown.waits:
        return words.say(
            "나간 회차가 정산된 뒤, {day} 회차부터 적용합니다. (60초 안에 눌러 주세요)", day=day
        )
    return words.say("{day} 회차부터 적용합니다. (60초 안에 눌러 주세요)", day=day)
