"""The day's report of a cycle, and a cycle's end."""

from decimal import Decimal

from bot.events import RoundSettled
from bot.reports.standing import exhaustion
from bot.telegram import figures
from bot.telegram.card import holding
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code
from strategy import versions
from strategy.cycle import FinishedCycle
from strategy.errors import StrategyError
from strategy.model import Market, Phase


def graduated(words: Words, symbol: str, finished: FinishedCycle) -> Html:
    """Tell of a finished cycle; its profit is net of fees."""
    gain = finished.realized / finished.principal * 100 if finished.principal else Decimal(0)
    return words.say(
        "🎓 {symbol} {number}번째 사이클 졸업\n"
        "{sessions}거래일 · 최대 T {turn} · 수수료 {fees}\n"
        "실현 {realized} ({gain}%)",
        symbol=symbol,
        number=finished.number,
        sessions=finished.sessions,
        turn=figures.turn(finished.max_turn),
        fees=figures.money(finished.fees),
        realized=figures.gain(finished.realized),
        gain=figures.signed(gain),
    )


def settled(words: Words, event: RoundSettled) -> Html:
    """Give the day's report of one cycle."""
    after = event.after
    close = figures.money(event.close) if event.close is not None else words.plain("모름")
    return words.say(
        "{day} 결과 · {symbol}\n{table}",
        day=figures.day(words, event.session),
        symbol=event.before.rules.symbol,
        table=code(
            figures.table(
                [
                    (words.plain("종가"), close),
                    *([(words.plain("평가"), value)] if (value := _value(event)) else []),
                    (
                        words.plain("체결"),
                        words.plain(
                            "매수 {bought}주 · 매도 {sold}주", bought=event.bought, sold=event.sold
                        ),
                    ),
                    (words.plain("보유"), holding(words, after)),
                    ("T", f"{figures.turn(event.before.turn)}→{figures.turn(after.turn)}"),
                    (words.plain("소진율"), figures.percent(exhaustion(after))),
                    (words.plain("잔금"), figures.money(after.cash)),
                    *_ahead(words, event),
                    (
                        words.plain("실현"),
                        words.plain(
                            "{realized} · 수수료 {fees}",
                            realized=figures.gain(event.realized),
                            fees=figures.money(event.fees),
                        ),
                    ),
                ]
            )
        ),
    )


def _value(event: RoundSettled) -> str:
    """Give the gain of what is held, not yet realized, at the session's close."""
    after = event.after
    if event.close is None or not after.quantity or not after.average:
        return ""
    gain = (event.close - after.average) * after.quantity
    return f"{figures.gain(gain)} ({figures.signed((event.close / after.average - 1) * 100)}%)"


def _ahead(words: Words, event: RoundSettled) -> list[tuple[str, str]]:
    """Give the next star, and for how many rounds the cycle's money lasts at the next unit.

    The five-day mean of the phases that need one is known only when the next evening is planned.
    """
    after = event.after
    if event.close is None or event.finished or after.phase is not Phase.NORMAL:
        return []
    try:
        plan = versions.plan(after, Market(closes=(event.close,)))
    except StrategyError:
        return []
    rows = []
    if plan.star_price is not None:
        rows.append((words.plain("다음 별지점"), figures.money(plan.star_price)))
    if plan.unit > 0:
        rounds = int(max(after.cash - after.reserve, Decimal(0)) // plan.unit)
        rows.append((words.plain("남은 회차"), words.plain("{rounds}회", rounds=rounds)))
    return rows
