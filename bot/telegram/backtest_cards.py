"""What a backtest says: the card on which it is chosen, how far it is, and what came out."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.laboratory.errand import Outcome, Started, Step, Way
from bot.laboratory.workshop import StoredPrices
from bot.telegram import figures
from bot.telegram.backtest_choice import YEARS, Choice
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import Action, Button, Kind
from strategy import versions
from strategy.model import Rules

SPLITS = (20, 30, 40)
FEES = (Decimal(0), Decimal("0.07"), Decimal("0.25"))
_ALL = 0
_BLOCKS = 12


def title(words: Words, choice: Choice) -> str:
    return words.plain(
        "{symbol} V{method} {splits}분할",
        symbol=choice.symbol,
        method=choice.method,
        splits=choice.splits,
    )


def card(words: Words, choice: Choice, rules: Rules, stored: StoredPrices | None) -> Html:
    """Show what is chosen, and over which prices it would run."""
    rows = [
        (words.plain("원금"), figures.money(choice.principal)),
        (words.plain("기간"), _span(words, choice, stored)),
        (words.plain("수수료"), f"{choice.fee_percent:f}%"),
        (words.plain("시세"), _stored(words, stored)),
    ]
    official = versions.is_official(rules)
    return lines(
        words.say("백테스트 · {title}", title=title(words, choice)),
        code(figures.table(rows)),
        None if official else words.say("이 종목이나 분할은 원작자가 정한 값이 아닙니다."),
        words.say("버튼으로 바꾸고 [시작]을 누르세요. 주문과 장부는 그대로입니다.")
        if stored
        else words.say("[시세 받기]를 누르면 한투에서 일봉을 받아 둡니다. 몇 분 걸릴 수 있습니다."),
    )


def _span(words: Words, choice: Choice, stored: StoredPrices | None) -> str:
    if choice.start is not None:
        return words.plain("{day}부터", day=choice.start.isoformat())
    if not choice.years:
        return words.plain("전체")
    years = words.plain("{years}년", years=choice.years)
    first = choice.first_day(stored.last) if stored else None
    if stored is None or first is None or first <= stored.first:
        return years
    return f"{years} ({words.plain('{day}부터', day=first.isoformat())})"


def _stored(words: Words, stored: StoredPrices | None) -> str:
    if stored is None:
        return words.plain("없음")
    return words.plain(
        "{days}일 ({first} ~ {last})", days=stored.days, first=stored.first, last=stored.last
    )


def choices(words: Words, choice: Choice, symbols: Sequence[str]) -> list[list[Button]]:
    """Make the buttons that change one thing each; the one that holds is marked."""

    def other(caption: str, **changes: object) -> Button:
        changed = replace(choice, **changes)  # type: ignore[arg-type]  # fields by name
        marked = f"✓ {caption}" if changed == choice else caption
        action = Action(kind=Kind.AGAIN, command="backtest", text=changed.text())
        return Button(caption=marked, action=action)

    return [
        [other(symbol, symbol=symbol) for symbol in symbols],
        [other(f"V{method}", method=method) for method in versions.METHODS],
        [other(words.plain("{splits}분할", splits=each), splits=each) for each in SPLITS],
        [
            other(
                words.plain("{years}년", years=years) if years else words.plain("전체"),
                years=years,
                start=None,
            )
            for years in (*YEARS, _ALL)
        ],
        [
            other(words.plain("수수료 {percent}%", percent=f"{fee:f}"), fee_percent=fee)
            for fee in FEES
        ],
    ]


def progress(words: Words, name: str, step: Step | None) -> Html:
    """Say how far it is: a bar and figures, or that it is being drawn."""
    head = words.say("{title} 백테스트 중입니다.", title=name)
    if step is None:
        return lines(head, words.say("시세를 읽고 있습니다."))
    if not step.total:
        return lines(head, words.say("계산을 마치고 그림을 그리고 있습니다."))
    part = step.done / step.total
    full = round(part * _BLOCKS)
    bar = "█" * full + "░" * (_BLOCKS - full)
    return lines(head, code(bar), _counted(words, step, int(part * 100)))


def _counted(words: Words, step: Step, percent: int) -> Html:
    done, total = f"{step.done:,}", f"{step.total:,}"
    if step.name == "start dates":
        return words.say(
            "시작일 {done} / {total}번 ({percent}%)", done=done, total=total, percent=percent
        )
    return words.say("{done} / {total}거래일 ({percent}%)", done=done, total=total, percent=percent)


def result(words: Words, choice: Choice, outcome: Outcome) -> Html:
    """Say what came out, beside holding and averaging, and what it cannot know."""
    head = words.say("백테스트 결과 · {title}", title=title(words, choice))
    span = words.say(
        "{first} ~ {last} · {sessions}거래일 · 원금 {principal} → {equity}",
        first=outcome.first,
        last=outcome.last,
        sessions=f"{outcome.sessions:,}",
        principal=figures.money(choice.principal),
        equity=figures.money(outcome.final_equity),
    )
    cycles = words.say(
        "끝난 사이클 {finished}번 (이익 {wins} · 손실 {losses}) · 가장 긴 사이클 {longest}일",
        finished=outcome.finished,
        wins=outcome.wins,
        losses=outcome.finished - outcome.wins,
        longest=outcome.longest,
    )
    spent = words.say("원금 소진 없음")
    if outcome.spells:
        spent = words.say(
            "원금 소진 {spells}번 · 모두 {sessions}거래일",
            spells=outcome.spells,
            sessions=outcome.exhausted_sessions,
        )
    caution = words.say(
        "한 번 지나간 시세 하나의 결과이고, 세금과 환율은 빠져 있습니다. 앞날을 말하지 않습니다."
    )
    begun = None if outcome.started is None else _started(words, outcome.started)
    ways = code(_ways(words, outcome))
    return lines(head, span, ways, cycles, spent, begun, *_odd(words, outcome), caution)


def _started(words: Words, started: Started) -> Html:
    """Say what luck with the start date was worth."""
    return words.say(
        "시작일에 따라 (한 달마다 시작, {horizon}거래일씩 {count}번): 최저 {worst} · "
        "중앙값 {median} · 최고 {best} · 이익 {gained}번 · 소진 {ran_out}번",
        horizon=started.horizon,
        count=started.count,
        worst=f"{started.worst_percent:+,.1f}%",
        median=f"{started.median_percent:+,.1f}%",
        best=f"{started.best_percent:+,.1f}%",
        gained=started.gained,
        ran_out=started.ran_out,
    )


def _ways(words: Words, outcome: Outcome) -> str:
    def row(name: str, way: Way) -> tuple[str, ...]:
        figures_of = (way.return_percent, way.cagr_percent, -way.max_drawdown_percent)
        return (name, *(f"{each:+,.1f}%" for each in figures_of))

    header = ("", words.plain("수익률"), words.plain("연평균"), words.plain("최대낙폭"))
    rows = [
        header,
        row(words.plain("무한매수법"), outcome.ours),
        row(words.plain("존버"), outcome.hold),
        row(words.plain("적립식"), outcome.dca),
    ]
    return figures.table(rows, right=frozenset({1, 2, 3}))


def _odd(words: Words, outcome: Outcome) -> list[Html]:
    """Say what is odd about the prices."""
    found = []
    if outcome.left_out:
        found.append(
            words.say("처음 {days}거래일은 1달러 아래 시세가 있어 뺐습니다.", days=outcome.left_out)
        )
    if outcome.missing:
        found.append(
            words.say("시세가 없는 거래일 {days}일을 건너뛰었습니다.", days=outcome.missing)
        )
    if outcome.jumps:
        found.append(
            words.say(
                "액면분할처럼 보이는 날이 {days}일 있습니다. 결과를 믿기 어렵습니다.",
                days=outcome.jumps,
            )
        )
    return found
