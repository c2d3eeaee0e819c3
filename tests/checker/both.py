"""The book and the checker over the same bars: the only place where both are in hand."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from hypothesis import strategies as st

from strategy import backtest, cycle, versions
from strategy import model as book
from strategy.model import Compounding, Phase
from tests.checker import engine
from tests.checker.terms import Bar, Row, Run, Terms

METHODS = ("1.0", "2.1", "2.2", "3.0", "4.0")
SYMBOLS = ("TQQQ", "SOXL")


def usd(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def decimal(parts: int) -> Decimal:
    return Decimal(parts).scaleb(-12)


def exact(value: Decimal) -> int:
    """Count a figure in parts of 1e-12; more decimals than that are a fault."""
    parts = value.scaleb(12)
    assert parts == int(parts), value
    return int(parts)


def percent(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def agreed(terms: Terms) -> book.Rules:
    unofficial = terms.splits == 30
    return versions.rules(
        terms.method,
        terms.symbol,
        terms.splits,
        target_percent=percent(terms.target) if unofficial else None,
        unofficial=unofficial,
        ladder=terms.ladder,
        compounding=Compounding(terms.compounding),
        band_percent=percent(terms.band),
        cap_percent=percent(terms.cap),
        fee_percent=percent(terms.fee),
        sell_fee_percent=None if terms.sell_fee is None else percent(terms.sell_fee),
        sec_fee_percent=percent(terms.sec_fee),
        first_buy_percent=None if terms.first_buy is None else percent(terms.first_buy),
    )


def priced(bars: Sequence[Bar]) -> list[book.Bar]:
    return [
        book.Bar(
            day=bar.day,
            open=usd(bar.open),
            high=usd(bar.high),
            low=usd(bar.low),
            close=usd(bar.close),
        )
        for bar in bars
    ]


def fresh(terms: Terms) -> book.Cycle:
    return cycle.start(agreed(terms), decimal(terms.principal))


def same_state(run: Run) -> book.Cycle:
    """Write the checker's state as the book's."""
    phase = Phase(run.phase)
    return replace(
        fresh(run.terms),
        quantity=run.quantity,
        average=decimal(run.average),
        average_before=decimal(run.average),
        turn=decimal(run.turn),
        cash=decimal(run.cash),
        phase=phase,
        reverse_day=run.step if phase is Phase.REVERSE else 0,
        quarter_round=run.step if phase is Phase.QUARTER else 0,
        quarter_unit=decimal(run.rounds_unit),
    )


def row(session: backtest.Session) -> Row:
    unit = session.unit.scaleb(12).to_integral_value(rounding=ROUND_HALF_EVEN)
    return Row(
        day=session.day,
        close=exact(session.close) // 10**10,
        phase=session.phase.value,
        turn=exact(session.turn),
        quantity=session.quantity,
        average=exact(session.average),
        cash=exact(session.cash),
        unit=int(unit),
        bought=session.bought,
        sold=session.sold,
        realized=exact(session.realized),
        cycle=session.cycle,
    )


def agree(terms: Terms, bars: Sequence[Bar]) -> backtest.Result:
    """Run both over the bars; the first session where they differ is shown with its plan."""
    result = backtest.run(fresh(terms), priced(bars))
    compare(result, engine.backtest(terms, bars))
    return result


def agree_from(run: Run, history: Sequence[Bar], bars: Sequence[Bar]) -> backtest.Result:
    """Trade both on from one state, which the checker's run leaves behind."""
    state = same_state(run)
    run.closes = [bar.close for bar in history]
    result = backtest.run(state, priced(bars), history=priced(history))
    compare(result, engine.resume(run, bars))
    return result


def compare(result: backtest.Result, checked: Sequence[Row]) -> None:
    assert len(checked) == len(result.sessions)
    for session, wanted in zip(result.sessions, checked, strict=True):
        assert row(session) == wanted, session.plan


@st.composite
def agreements(draw: st.DrawFn, method: str) -> Terms:
    """Draw an agreement: every official number of splits, and 30 as the method's unofficial one."""
    odd = st.integers(10, 60) if method == "2.2" else st.nothing()
    band = draw(st.integers(5, 40))
    return Terms(
        method=method,
        symbol=draw(st.sampled_from(SYMBOLS)),
        splits=draw(st.sampled_from((20, 20, 30, 40)) | odd),
        principal=draw(st.integers(30_000, 20_000_000)) * 10**10,
        compounding=draw(st.sampled_from(("full", "none", "half", "yearly"))),
        ladder=draw(st.integers(0, 15)),
        band=Fraction(draw(st.sampled_from((20, band)))),
        cap=Fraction(draw(st.integers(1, min(band, 20)))),
        fee=Fraction(draw(st.integers(0, 50)), 100),
        sell_fee=draw(st.none() | st.integers(0, 50).map(lambda parts: Fraction(parts, 100))),
        sec_fee=Fraction(draw(st.integers(0, 30)), 1000),
        first_buy=draw(st.none() | st.integers(10, 15).map(Fraction)),
    )
