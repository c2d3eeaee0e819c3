"""A cycle in words: one that runs, one that is finished, and the list of them all."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.reports.completed import Completed
from bot.reports.standing import exhaustion
from bot.storage.views import CycleView, RoundView
from bot.telegram import figures, texts
from bot.telegram.card import holding
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code, lines
from strategy.model import Cycle, Phase, Plan
from strategy.price import raised

Row = tuple[str, str]


def running(words: Words, view: CycleView, latest: RoundView | None) -> Html:
    """Describe a running cycle; `latest` is its last round, planned or settled."""
    cycle = view.cycle
    head = words.say(
        "{symbol} {number}번째 사이클 · {rules}",
        symbol=view.symbol,
        number=cycle.number,
        rules=texts.rules(words, cycle),
    )
    since = (
        words.say(
            "{days}거래일째 · {started}부터",
            days=cycle.sessions,
            started=figures.day(words, cycle.started),
        )
        if cycle.started
        else words.say("첫 매수를 기다립니다.")
    )
    rows = [*_turn(words, cycle), *_held(words, cycle, latest), *_money(words, cycle)]
    return lines(head, since, code(figures.table(rows)))


def _turn(words: Words, cycle: Cycle) -> list[Row]:
    rows = [
        ("T", f"{figures.turn(cycle.turn)}/{cycle.rules.splits}"),
        (
            words.plain("소진율"),
            words.plain(
                "{percent} · 최대 T {turn}",
                percent=figures.percent(exhaustion(cycle)),
                turn=figures.turn(cycle.max_turn),
            ),
        ),
    ]
    if cycle.phase is not Phase.NORMAL:
        rows.append((words.plain("국면"), words.plain(texts.PHASES[cycle.phase])))
    return rows


def _held(words: Words, cycle: Cycle, latest: RoundView | None) -> list[Row]:
    rows = [(words.plain("보유"), holding(words, cycle))]
    close = latest.settlement.close if latest and latest.settlement else None
    if close is not None and cycle.quantity and cycle.average:
        rows.append((words.plain("평가"), valued(cycle, close)))
    plan = latest.plan if latest else None
    if cycle.quantity:
        rows += _lines(words, cycle, plan)
    return rows


def _lines(words: Words, cycle: Cycle, plan: Plan | None) -> list[Row]:
    """Give the prices that the cycle waits for: the star of the last plan, and the target."""
    target = raised(cycle.average, cycle.rules.target_percent)
    rows = [(words.plain("목표가"), figures.money(target))]
    if plan is not None and plan.star_price is not None:
        rows.insert(0, (words.plain("별지점"), figures.money(plan.star_price)))
    return rows


def valued(cycle: Cycle, close: Decimal) -> str:
    """Write the gain of what is held, not realized yet: "-$78.81 (-2.00%)"."""
    gain = (close - cycle.average) * cycle.quantity
    return f"{figures.gain(gain)} ({figures.signed((close / cycle.average - 1) * 100)}%)"


def _money(words: Words, cycle: Cycle) -> list[Row]:
    return [
        (words.plain("잔금"), figures.money(cycle.cash)),
        (
            words.plain("실현"),
            figures.realized(words, cycle.realized, cycle.fees),
        ),
    ]


def finished(words: Words, done: Completed) -> Html:
    """Describe a finished cycle."""
    cycle = done.cycle
    head = words.say(
        "#{place} {symbol} {number}번째 사이클 · V{method} {splits}분할",
        place=done.place,
        symbol=done.symbol,
        number=cycle.number,
        method=done.method,
        splits=done.splits,
    )
    when = words.say(
        "{started} ~ {ended} · {sessions}거래일",
        started=cycle.started.isoformat(),
        ended=cycle.ended.isoformat(),
        sessions=cycle.sessions,
    )
    rows = [
        (words.plain("매수"), figures.money(done.bought)),
        (words.plain("매도"), figures.money(done.sold)),
        (words.plain("수수료"), figures.money(cycle.fees)),
        (
            words.plain("실현"),
            f"{figures.gain(cycle.realized)} ({figures.signed(done.return_percent)}%)",
        ),
        (
            words.plain("최대 T"),
            f"{figures.turn(cycle.max_turn)} ({_share(cycle.max_turn, done.splits)})",
        ),
    ]
    if done.taken_over:
        rows.insert(0, (words.plain("이어받음"), figures.money(done.taken_over)))
    if done.left_normal:
        rows.append((words.plain("국면"), words.plain("원금 소진을 겪었습니다")))
    return lines(head, when, code(figures.table(rows)))


def _share(turn: Decimal, splits: int) -> str:
    return figures.percent(turn / splits * 100)


def listed(words: Words, page: Sequence[Completed]) -> Html:
    """Set finished cycles in a table, the last that ended first."""
    heads = (
        "#",
        words.plain("종목"),
        words.plain("일수"),
        words.plain("실현손익"),
        words.plain("수익률"),
        words.plain("최대T"),
    )
    rows = [heads, *(_row(words, done) for done in page)]
    return code(figures.table(rows, right=frozenset({0, 2, 3, 4, 5})))


def _row(words: Words, done: Completed) -> tuple[str, ...]:
    cycle = done.cycle
    row = (
        str(done.place),
        done.symbol,
        str(cycle.sessions),
        figures.gain(cycle.realized),
        f"{figures.signed(done.return_percent)}%",
        f"{figures.turn(cycle.max_turn)}/{done.splits}",
    )
    return (*row, words.plain("소진")) if done.left_normal else row


def running_lines(words: Words, views: Iterable[CycleView]) -> list[Html]:
    """Give a line for each running cycle."""
    return [
        words.say(
            "▶ {symbol} {number}번째 · {days}일째 · T {turn}/{splits}",
            symbol=view.symbol,
            number=view.cycle.number,
            days=view.cycle.sessions,
            turn=figures.turn(view.cycle.turn),
            splits=view.cycle.rules.splits,
        )
        for view in views
    ]


def name(words: Words, view: CycleView, views: Sequence[CycleView]) -> str:
    """Name a run on a button by as much as tells it apart: symbol, version, splits, else number."""
    rules = view.cycle.rules
    alike = [other.cycle.rules for other in views if other.symbol == view.symbol]
    if len(alike) < 2:
        return view.symbol
    if sum(other.method == rules.method for other in alike) == 1:
        return f"{view.symbol} V{rules.method}"
    named = words.plain(
        "{symbol} V{method} {splits}분할",
        symbol=view.symbol,
        method=rules.method,
        splits=rules.splits,
    )
    same = sum((other.method, other.splits) == (rules.method, rules.splits) for other in alike)
    return named if same == 1 else f"{named} #{view.cycle_id}"
