"""/tax: what a year's sales come to in won, what is due on them, and what one more would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.clock import SEOUL
from bot.commands.asking import AskTax, Taxed
from bot.tax import DEDUCTION, Bill, CostMethod, Gain, Trade, bill, held, if_sold
from bot.telegram import figures
from bot.telegram.arguments import Misunderstood
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.money import last_closes
from bot.telegram.handlers.reading import COUNT, given
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import Button
from strategy.model import ZERO, Side

BY_MONTH = frozenset({"월별", "monthly"})
SOLD = frozenset({"더팔면", "sell"})
MOVING = frozenset({"이동평균", "average"})
FIRST_YEAR = 2010
EXAMPLE = ("/tax 2026 월별", "/tax 2026 monthly")
GAUGE = 10
PARTS = ((25, mark("1/4")), (50, mark("절반")), (100, mark("전부")))
METHODS: Mapping[CostMethod, str] = {
    CostMethod.FIFO: mark("선입선출"),
    CostMethod.MOVING: mark("이동평균"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which year (None: this one), by which cost, and which page of it."""

    year: int | None
    method: CostMethod
    page: frozenset[str]

    def text(self, year: int, page: frozenset[str] | None = None) -> str:
        """Write it as it would be typed."""
        words = [str(year)]
        if self.method is CostMethod.MOVING:
            words.append("이동평균")
        shown = self.page if page is None else page
        words += [word for word in ("월별", "더팔면") if word in shown]
        return " ".join(words)


async def tax(desk: Desk, asked: Asked) -> None:
    """Show the estimate of a year, month by month, or with more sold."""
    wanted = _wanted(desk, asked)
    taxed = await desk.bus.ask(AskTax(year=wanted.year, method=wanted.method))
    if BY_MONTH & wanted.page:
        body = _months(desk, taxed)
    elif SOLD & wanted.page:
        body = await _more(desk, taxed)
    else:
        body = _estimate(desk, taxed)
    html = lines(body, _footing(desk, taxed, wanted))
    await desk.answer(asked, html, _buttons(desk, taxed, wanted))


def _wanted(desk: Desk, asked: Asked) -> Wanted:
    """Read the words behind the command. Raises Misunderstood for a year that cannot be."""
    named = given(desk, asked, BY_MONTH | SOLD | MOVING, takes=(COUNT,), example=EXAMPLE)
    this_year = desk.clock.now().astimezone(SEOUL).year
    if named.amount is not None and named.count not in range(FIRST_YEAR, this_year + 1):
        raise Misunderstood(
            f"{FIRST_YEAR}년부터 {this_year}년까지의 해만 볼 수 있습니다. 예: {this_year}",
            f"Only the years {FIRST_YEAR} to {this_year} can be shown. Such as: {this_year}",
        )
    words = frozenset(named.words)
    page = (BY_MONTH if BY_MONTH & words else frozenset()) | (SOLD if SOLD & words else frozenset())
    method = CostMethod.MOVING if MOVING & words else CostMethod.FIFO
    return Wanted(year=named.count, method=method, page=page)


def _estimate(desk: Desk, taxed: Taxed) -> Html:
    words, due = desk.words, taxed.books.bill(taxed.year)
    gains = taxed.books.of(taxed.year)
    if not gains:
        return words.say(
            "{year}년에 결제된 매도가 없습니다. 공제 {free}이 그대로 남아 있습니다.",
            year=taxed.year,
            free=figures.won(DEDUCTION),
        )
    currency = sum((gain.currency_krw for gain in gains), ZERO)
    return lines(
        words.say(
            "{year}년 실현이익 {profit} (추정)", year=taxed.year, profit=figures.won(due.profit)
        ),
        _due(desk, due),
        code(_gauge(desk, due)),
        words.say(
            "매도 {count}건 · {usd} · 그중 환율 효과 {currency}",
            count=len(gains),
            usd=figures.gain(sum((gain.profit for gain in gains), ZERO)),
            currency=figures.won_gain(currency),
        ),
        _doubts(desk, gains),
    )


def _due(desk: Desk, due: Bill) -> Html:
    words = desk.words
    if not due.base:
        return words.say(
            "기본공제 {deduction} 안이라 세금이 없습니다. {free} 더 벌 때까지 그렇습니다.",
            deduction=figures.won(DEDUCTION),
            free=figures.won(due.free),
        )
    return words.say(
        "기본공제 {deduction} → 과세표준 {base} → 세금 약 {total} (22%)",
        deduction=figures.won(DEDUCTION),
        base=figures.won(due.base),
        total=figures.won(due.total),
    )


def _gauge(desk: Desk, due: Bill) -> str:
    """Draw how much of the deduction is used."""
    percent = int(due.deducted * 100 / DEDUCTION)
    full = percent * GAUGE // 100
    return desk.words.plain(
        "공제 {bar} {percent}%", bar="█" * full + "░" * (GAUGE - full), percent=percent
    )


def _doubts(desk: Desk, gains: tuple[Gain, ...]) -> Html | None:
    """Say how far the figures rest on what is not known."""
    words = desk.words
    assumed = sum(gain.assumed for gain in gains)
    uncovered = sum(gain.uncovered for gain in gains)
    return lines(
        words.say(
            "{count}건은 그날 환율을 몰라 가장 가까운 날의 것으로 셌습니다 (이어받은 주식은"
            " 이어받은 날).",
            count=assumed,
        )
        if assumed
        else None,
        words.say(
            "⚠️ {shares}주는 산 기록이 없어 원가를 0으로 셌습니다: 세금이 실제보다 많게 나옵니다.",
            shares=uncovered,
        )
        if uncovered
        else None,
    )


def _months(desk: Desk, taxed: Taxed) -> Html:
    words = desk.words
    gains = taxed.books.of(taxed.year)
    if not gains:
        return _estimate(desk, taxed)
    rows: list[tuple[str, ...]] = [(words.plain("결제월"), words.plain("건"), words.plain("이익"))]
    total = ZERO
    for month in range(1, 13):
        own = [gain.profit_krw for gain in gains if gain.settled.month == month]
        if own:
            total += sum(own, ZERO)
            rows.append(
                (
                    words.plain("{month}월", month=month),
                    str(len(own)),
                    figures.won_gain(sum(own, ZERO)),
                )
            )
    return lines(
        words.say("{year}년 월별 실현이익 (추정, 결제일 기준)", year=taxed.year),
        code(figures.table(rows, right=frozenset({1, 2}))),
        words.say("합계 {total}", total=figures.won_gain(total)),
    )


async def _more(desk: Desk, taxed: Taxed) -> Html:
    """Say what the tax of the year becomes when more of what is held is sold now."""
    words = desk.words
    closes = await last_closes(desk)
    rows: list[tuple[str, ...]] = []
    for symbol, close in closes.items():
        shares = held(taxed.books.lots.get(symbol, ()))
        for percent, caption in PARTS:
            quantity = shares * percent // 100
            if quantity:
                gain = sold(taxed, symbol, quantity, close)
                rows.append(_row(desk, taxed, gain, f"{symbol} {words.plain(caption)}"))
    if not rows:
        return words.say("지금 팔 수 있는 주식이 없습니다. 첫 체결을 정산한 뒤에 보여 드립니다.")
    head = tuple(
        words.plain(name) for name in (mark("팔면"), mark("주"), mark("이익"), mark("세금"))
    )
    now = taxed.books.bill(taxed.settles.year)
    return lines(
        words.say(
            "더 팔면 (마지막 종가, 환율 {rate}원, {year}년 결제)",
            rate=f"{taxed.rate:,.2f}",
            year=taxed.settles.year,
        ),
        code(figures.table([head, *rows], right=frozenset({1, 2, 3}))),
        words.say(
            "지금까지의 세금 {total} · 남은 공제 {free}",
            total=figures.won(now.total),
            free=figures.won(now.free),
        ),
        words.say("매도 수수료는 넣지 않았습니다. 이 표는 아무것도 팔지 않습니다."),
    )


def sold(taxed: Taxed, symbol: str, quantity: int, price: Decimal) -> Gain:
    """Give the sale of some shares now as it would be taxed, by the newest rate."""
    trade = Trade(
        session=taxed.settles,
        settled=taxed.settles,
        symbol=symbol,
        side=Side.SELL,
        quantity=quantity,
        amount=price * quantity,
        fee=ZERO,
        rate=taxed.rate,
        assumed=True,
    )
    return if_sold(taxed.books.lots[symbol], trade)


def _row(desk: Desk, taxed: Taxed, gain: Gain, name: str) -> tuple[str, ...]:
    before = taxed.books.bill(taxed.settles.year).profit
    return (
        name,
        desk.words.plain("{shares}주", shares=gain.quantity),
        figures.won_gain(gain.profit_krw),
        figures.won(bill(before + gain.profit_krw).total),
    )


def _footing(desk: Desk, taxed: Taxed, wanted: Wanted) -> Html:
    words = desk.words
    return words.say(
        "참고용 추정: 이 계좌에서 봇이 아는 거래, 결제일 환율·{method}, {month}/{day} 체결분까지.\n"
        "다른 계좌와 과세되는 국내 주식은 함께 신고해야 합니다.",
        method=words.plain(METHODS[wanted.method]),
        month=taxed.last_session.month,
        day=taxed.last_session.day,
    )


def _buttons(desk: Desk, taxed: Taxed, wanted: Wanted) -> list[list[Button]]:
    year, here = taxed.year, wanted.page
    pages = [
        again(desk, "tax", wanted.text(year, page), caption)
        for page, caption in (
            (frozenset[str](), mark("연간")),
            (BY_MONTH, mark("월별 보기")),
            (SOLD, mark("더 팔면?")),
        )
        if page != here
    ]
    other = CostMethod.FIFO if wanted.method is CostMethod.MOVING else CostMethod.MOVING
    switched = Wanted(year=year, method=other, page=here)
    years = [
        again(desk, "tax", wanted.text(number), f"{number}")
        for number in (year - 1, year + 1)
        if FIRST_YEAR <= number <= desk.clock.now().astimezone(SEOUL).year
    ]
    method = again(desk, "tax", switched.text(year), METHODS[other])
    files = show(desk, "CSV", "export", f"세금 csv {year}")
    return [pages, [*years, method], [files, show(desk, "환율", "fx")]]


SHOWS: dict[str, Show] = {"tax": tax}
