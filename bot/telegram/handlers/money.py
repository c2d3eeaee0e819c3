"""/balance and /fx: the account's money, how long it lasts, and what the won does to it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from bot.clock import SEOUL
from bot.commands.asking import AskBalance, AskRate, AskTax, Balance, Rate
from bot.reports import closes, currency
from bot.runway import Runway
from bot.telegram import charged, figures, texts
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import given
from bot.telegram.markup import Html, code, lines
from bot.trading.ports_money import Purse
from bot.trading.refusal import Refusal

FEES = frozenset({"수수료", "fees"})
EXAMPLE = ("/balance 수수료", "/balance fees")
REMEMBERED = timedelta(days=30)


async def balance(desk: Desk, asked: Asked) -> None:
    """Show the account's money and for how many sessions it lasts; with `fees`, what KIS took."""
    if FEES & set(given(desk, asked, FEES, takes=(), example=EXAMPLE).words):
        html = charged.audit(desk.words, await desk.views.money.traded())
        rows = [[show(desk, "잔고", "balance"), show(desk, "손익", "pnl")]]
        await desk.answer(asked, html, rows)
        return
    found = await desk.bus.ask(AskBalance())
    words = desk.words
    html = lines(
        words.say(
            "잔고 · {venue} {account} · {clock}",
            venue=words.plain(texts.VENUES[desk.venue]),
            account=desk.account_hint,
            clock=figures.clock(found.at),
        ),
        code(figures.table(_purse(desk, found.purse))),
        _lasting(desk, found),
        words.say("봇은 환전하지 않습니다. 통합증거금이 켜져 있으면 한투가 밤사이 바꿉니다."),
    )
    rows = [
        [again(desk, "balance"), show(desk, "환율", "fx")],
        [show(desk, "수수료", "balance", "수수료"), show(desk, "오늘 주문", "today")],
    ]
    await desk.answer(asked, html, rows)


def _purse(desk: Desk, purse: Purse) -> list[tuple[str, ...]]:
    words = desk.words
    integrated = (
        words.plain("켜짐 · {usd}까지", usd=figures.money(purse.integrated))
        if purse.uses_won
        else words.plain("꺼짐")
    )
    rows: list[tuple[str, Decimal | None, bool]] = [
        (words.plain("달러 예수금"), purse.cash, False),
        (words.plain("주문가능"), purse.orderable, False),
        (words.plain("출금가능"), purse.withdrawable, False),
        (words.plain("예수금 합계"), purse.won, True),
        (words.plain("살 돈 결제 대기"), purse.unsettled_buys or None, True),
        (words.plain("판 돈 결제 대기"), purse.unsettled_sells or None, True),
        (words.plain("총자산"), purse.assets, True),
    ]
    shown: list[tuple[str, ...]] = [
        (name, figures.won(amount) if in_won else figures.money(amount))
        for name, amount, in_won in rows
        if amount is not None
    ]
    shown.insert(2, (words.plain("통합증거금"), integrated))
    if purse.rate is not None:
        shown.append((words.plain("환율"), words.plain("{rate}원", rate=f"{purse.rate:,.2f}")))
    return shown


def _lasting(desk: Desk, found: Balance) -> Html | None:
    """Say for how many sessions the USD last, and what a Korean holiday does to that."""
    words, way = desk.words, found.runway
    if not way.per_session:
        return words.say("도는 사이클이 없어 나갈 돈이 없습니다.")
    if way.short_on is None:
        return words.say(
            "하루 최대 {usd}씩 사도 {sessions}회차가 넘게 갑니다.",
            usd=figures.money(way.per_session),
            sessions=way.sessions,
        )
    lasting = (
        words.say(
            "하루 최대 {usd}씩 {sessions}회차 갑니다. {day} 회차부터 모자랍니다.",
            usd=figures.money(way.per_session),
            sessions=way.sessions,
            day=figures.day(words, way.short_on),
        )
        if way.sessions
        else words.say(
            "⚠️ 하루 최대 {usd}가 필요한데 주문가능은 {orderable}입니다. 다음 회차부터 모자랍니다.",
            usd=figures.money(way.per_session),
            orderable=figures.money(way.usd),
        )
    )
    return lines(
        lasting,
        words.say("판 돈은 넣지 않은, 가장 짧게 본 계산입니다."),
        _holiday(desk, way),
    )


def _holiday(desk: Desk, way: Runway) -> Html | None:
    words = desk.words
    if not way.shut:
        return None
    days = ", ".join(figures.day(words, day) for day in way.shut)
    if way.warns:
        return words.say(
            "⚠️ {days} 한국 휴일에는 환전이 되지 않고 미국장은 열립니다."
            " 그 전 평일에 달러를 채워 주세요.",
            days=days,
        )
    return words.say("{days} 한국 휴일에는 환전과 결제가 쉽니다 (달러는 충분합니다).", days=days)


async def fx(desk: Desk, asked: Asked) -> None:
    """Show the rate, how it moved, what it did to the account, and when dollars are cheap."""
    found = await desk.bus.ask(AskRate())
    words = desk.words
    if found.rate is None:
        html = words.say("이 환경에서는 한투가 환율을 알려 주지 않습니다. 한투 앱에서 봐 주세요.")
        await desk.answer(asked, html, [[show(desk, "잔고", "balance")]])
        return
    today = found.at.astimezone(SEOUL).date()
    known = await desk.views.money.rates(since=today - REMEMBERED)
    html = lines(
        words.say(
            "환율 {rate}원 · {clock} 한투",
            rate=f"{found.rate:,.2f}",
            clock=figures.clock(found.at),
        ),
        _moved(desk, found.rate, {day: rate for day, rate in known.items() if day < today}),
        await _effect(desk, found.rate),
        _hours(desk, found),
    )
    rows = [
        [again(desk, "fx"), show(desk, "잔고", "balance")],
        [show(desk, "양도세", "tax"), show(desk, "손익", "pnl")],
    ]
    await desk.answer(asked, html, rows)


def _moved(desk: Desk, rate: Decimal, known: Mapping[date, Decimal]) -> Html | None:
    """Hold the rate against the last one kept, and against the month's."""
    words = desk.words
    if not known:
        return words.say("지난 환율은 오늘부터 매일 적어 둡니다.")
    last = max(known)
    change = rate - known[last]
    return lines(
        words.say(
            "{day}보다 {change}원 ({percent}%)",
            day=figures.day(words, last),
            change=figures.signed(change),
            percent=figures.signed(change * 100 / known[last]),
        ),
        words.say(
            "최근 {days}일 기록: {lowest}원 ~ {highest}원",
            days=len(known),
            lowest=f"{min(known.values()):,.2f}",
            highest=f"{max(known.values()):,.2f}",
        ),
    )


async def _effect(desk: Desk, rate: Decimal) -> Html | None:
    """Tell the rate's part of gains from the price's: of what is held, and of the year's sales."""
    words = desk.words
    try:
        taxed = await desk.bus.ask(AskTax())
    except Refusal:
        return None
    rows: list[tuple[str, ...]] = []
    held = currency.of_held(taxed.books, await last_closes(desk), rate)
    if held is not None:
        rows += [
            (words.plain("보유 가격 효과"), figures.won_gain(held.price)),
            (words.plain("보유 환율 효과"), figures.won_gain(held.rate)),
        ]
    sold = currency.of_sold(taxed.books.of(taxed.year))
    if sold is not None:
        rows += [
            (words.plain("올해 판 것 가격"), figures.won_gain(sold.price)),
            (words.plain("올해 판 것 환율"), figures.won_gain(sold.rate)),
        ]
    return code(figures.table(rows, right=frozenset({1}))) if rows else None


async def last_closes(desk: Desk) -> dict[str, Decimal]:
    """Read the last settled close of every symbol that runs, in the shares of now."""
    views = {view.cycle_id: view.symbol for view in await desk.views.cycles()}
    settled = [
        one
        for cycle_id in views
        for one in await desk.views.settlements(cycle_id=cycle_id, limit=1)
    ]
    found = closes.last_closes(settled, await desk.views.money.splits())
    return {views[cycle_id]: close for cycle_id, close in found.items()}


def _hours(desk: Desk, found: Rate) -> Html:
    words = desk.words
    if found.banks_open or found.banks_next is None:
        return words.say(
            "지금은 은행 시간입니다: 그날 환율로 우대를 받아 바꾸기 좋은 때입니다 (15:30까지)."
        )
    opens = found.banks_next.astimezone(SEOUL)
    return words.say(
        "지금은 은행 시간 밖입니다: 밤과 휴일의 가환율은 우대가 적어 비쌉니다.\n"
        "다음 은행 시간 {day} {clock}.",
        day=figures.day(words, opens.date()),
        clock=figures.clock(opens),
    )


SHOWS: dict[str, Show] = {"balance": balance, "fx": fx}
