"""Trades, finished cycles and taxed sales as tables for a file, headed in Korean or in English."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.reports.completed import Completed
from bot.reports.trades import Trade
from bot.tax import Gain
from strategy.model import Side

Cell = str | int | Decimal | date
Heads = tuple[tuple[str, str], ...]

TRADES: Heads = (
    ("미국 거래일", "session"),
    ("종목", "symbol"),
    ("사이클", "cycle"),
    ("버전", "version"),
    ("구분", "side"),
    ("주문", "leg"),
    ("방식", "type"),
    ("수량", "shares"),
    ("평균단가 USD", "mean price USD"),
    ("금액 USD", "amount USD"),
    ("수수료 USD", "fee USD"),
    ("수수료 기준", "fee by"),
    ("실현손익 USD", "realized USD"),
)
CYCLES: Heads = (
    ("번호", "place"),
    ("종목", "symbol"),
    ("사이클", "cycle"),
    ("버전", "version"),
    ("분할", "splits"),
    ("시작", "started"),
    ("끝", "ended"),
    ("거래일", "sessions"),
    ("원금 USD", "principal USD"),
    ("이어받은 주식 USD", "taken over USD"),
    ("매수 USD", "bought USD"),
    ("매도 USD", "sold USD"),
    ("수수료 USD", "fees USD"),
    ("실현손익 USD", "realized USD"),
    ("수익률 %", "return %"),
    ("최대 T", "max T"),
    ("원금 소진", "ran out"),
)
TAX: Heads = (
    ("미국 거래일", "session"),
    ("결제일", "settled"),
    ("종목", "symbol"),
    ("수량", "shares"),
    ("양도 USD", "proceeds USD"),
    ("취득 USD", "cost USD"),
    ("수수료 USD", "fees USD"),
    ("결제일 환율", "rate KRW"),
    ("양도 KRW", "proceeds KRW"),
    ("취득 KRW", "cost KRW"),
    ("수수료 KRW", "fees KRW"),
    ("양도차익 KRW", "gain KRW"),
    ("환율 가정", "assumed rate"),
    ("취득 모름", "cost unknown"),
)
_TITLES = {
    "trades": ("거래", "trades"),
    "cycles": ("사이클", "cycles"),
    "tax": ("양도세", "tax"),
}
_SIDES = {Side.BUY: ("매수", "buy"), Side.SELL: ("매도", "sell")}
_CHARGED, _AGREED = ("한투", "KIS"), ("약정", "agreed")
_YES = ("예", "yes")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One table: `name` is a file's and a worksheet's."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def trades(found: Iterable[Trade], language: str) -> Sheet:
    """Set trades in a table, a row each."""
    rows = [
        (
            trade.session,
            trade.symbol,
            trade.number,
            f"V{trade.method}",
            _word(_SIDES[trade.side], language),
            trade.leg.value,
            trade.type.value,
            trade.quantity,
            trade.price,
            trade.amount,
            trade.fee,
            _word(_CHARGED if trade.charged else _AGREED, language),
            trade.realized,
        )
        for trade in found
    ]
    return _sheet("trades", TRADES, rows, language)


def cycles(found: Iterable[Completed], language: str) -> Sheet:
    """Set finished cycles in a table."""
    rows = [
        (
            done.place,
            done.symbol,
            done.cycle.number,
            f"V{done.method}",
            done.splits,
            done.cycle.started,
            done.cycle.ended,
            done.cycle.sessions,
            done.cycle.principal,
            done.taken_over,
            done.bought,
            done.sold,
            done.cycle.fees,
            done.cycle.realized,
            done.return_percent,
            done.cycle.max_turn,
            _word(_YES, language) if done.left_normal else "",
        )
        for done in found
    ]
    return _sheet("cycles", CYCLES, rows, language)


def tax(gains: Iterable[Gain], language: str) -> Sheet:
    """Set taxed sales in a table; won are whole."""
    rows = [
        (
            gain.session,
            gain.settled,
            gain.symbol,
            gain.quantity,
            gain.proceeds,
            gain.cost,
            gain.fee,
            gain.rate,
            gain.proceeds_krw,
            gain.cost_krw,
            gain.fee_krw,
            gain.profit_krw,
            _word(_YES, language) if gain.assumed else "",
            gain.uncovered,
        )
        for gain in gains
    ]
    return _sheet("tax", TAX, rows, language)


def _sheet(name: str, heads: Heads, rows: Sequence[tuple[Cell, ...]], language: str) -> Sheet:
    return Sheet(
        name=name,
        title=_word(_TITLES[name], language),
        heads=tuple(_word(pair, language) for pair in heads),
        rows=tuple(rows),
    )


def _word(pair: tuple[str, str], language: str) -> str:
    return pair[1] if language == "en" else pair[0]
