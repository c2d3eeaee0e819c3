"""Pictures with something of everything in them, out of runs of the method."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bot.charts.model import (
    BacktestPicture,
    CalendarPicture,
    CycleDay,
    CyclePicture,
    EquityPicture,
    Gain,
    GainsPicture,
    Line,
    LineKind,
    Mark,
    Minute,
    MinutePicture,
    Period,
    Picture,
)
from strategy import backtest, cycle, versions
from strategy.backtest import Result
from strategy.model import Bar, Leg
from tests.markets import sessions

D = Decimal
CENT = D("0.01")


def _weekdays(count: int) -> list[date]:
    """List weekdays: longer runs reach beyond the calendar of sessions."""
    days = (date(2026, 9, 1) + timedelta(days=number) for number in range(2 * count + 7))
    return [day for day in days if day.weekday() < 5][:count]


def bars(count: int, *, seed: int = 7, drift: float = 0.001) -> list[Bar]:
    """Make a market as lively as a leveraged fund's."""
    rng, close, made = random.Random(seed), D(100), list[Bar]()
    for day in _weekdays(count):
        opened = close
        close = (close * D(str(1 + rng.gauss(drift, 0.035)))).quantize(CENT)
        high, low = max(opened, close) * D("1.01"), min(opened, close) * D("0.99")
        made.append(
            Bar(
                day=day,
                open=opened,
                high=high.quantize(CENT),
                low=low.quantize(CENT),
                close=close,
                volume=rng.randint(1_000_000, 90_000_000),
            )
        )
    return made


def run(count: int, *, splits: int = 40, seed: int = 7, drift: float = 0.001) -> Result:
    begun = cycle.start(versions.rules("4.0", "SOXL", splits), D(20000))
    return backtest.run(begun, bars(count, seed=seed, drift=drift))


def cycle_picture(result: Result, number: int = 1, language: str = "ko") -> CyclePicture:
    """Show one cycle of a run."""
    own = [session for session in result.sessions if session.cycle == number]
    splits = result.began.rules.splits
    return CyclePicture(
        language=language,
        amounts=True,
        symbol="SOXL",
        method="4.0",
        splits=splits,
        number=number,
        days=tuple(
            CycleDay(
                day=session.day,
                close=session.close,
                average=session.average or None,
                star=session.plan.star_price,
                target=next(
                    (each.price for each in session.plan.orders if each.leg is Leg.TARGET), None
                ),
                exhaustion=session.turn / splits * 100,
                phase=session.plan.cycle.phase,
            )
            for session in own
        ),
        marks=tuple(
            Mark(
                day=session.day,
                side=fill.order.side,
                price=fill.price,
                quantity=fill.quantity,
            )
            for session in own
            for fill in session.fills
        ),
    )


def long_cycle() -> CyclePicture:
    """Show a cycle that fell into the reverse phase."""
    return cycle_picture(run(120, splits=20, seed=3, drift=-0.012))


def short_cycle() -> CyclePicture:
    return cycle_picture(run(9))


def first_day() -> CyclePicture:
    return cycle_picture(run(2))


def waiting() -> CyclePicture:
    """Show a cycle of one day that bought nothing, whose close is not known."""
    picture = first_day()
    day = replace(picture.days[0], close=None, average=None, star=None, target=None)
    return replace(picture, days=(day,), marks=())


def equity() -> EquityPicture:
    result = run(90)
    values = tuple((session.day, session.equity) for session in result.sessions)
    return EquityPicture(
        language="ko",
        amounts=True,
        lines=(Line(kind=LineKind.OURS, values=values),),
        note="SOXL",
    )


def compared() -> EquityPicture:
    result = run(90)
    days = [session.day for session in result.sessions]
    first = result.reference.close
    held = tuple((bar.day, (bar.close / first * 20000).quantize(CENT)) for bar in bars(90)[1:])
    spread = tuple((day, (value + 20000) / 2) for day, value in held)
    return replace(
        equity(),
        lines=(
            *equity().lines,
            Line(kind=LineKind.HOLD, values=held),
            Line(kind=LineKind.DCA, values=spread),
            Line(
                kind=LineKind.OTHER,
                values=tuple((day, D(20000) + 10 * place) for place, day in enumerate(days)),
                note="V2.2",
            ),
        ),
    )


def _gains(days: list[date]) -> tuple[Gain, ...]:
    rng = random.Random(5)
    amounts = [D(round(rng.gauss(20, 160) * 100)) / 100 for _ in days]
    return tuple(
        Gain(day=day, amount=amount, percent=(amount / 200).quantize(CENT))
        for day, amount in zip(days, amounts, strict=True)
    )


def month() -> CalendarPicture:
    days = [day for day in sessions(30, first=date(2026, 11, 1)) if day.month == 11]
    gains = list(_gains(days))
    gains[3] = replace(gains[3], amount=D(0), percent=D(0))
    gains[9] = replace(gains[9], amount=D("1204.77"), percent=D("6.02"))
    return CalendarPicture(
        language="ko", amounts=True, year=2026, month=11, gains=tuple(gains[:17]), note="SOXL"
    )


def empty_month() -> CalendarPicture:
    return replace(month(), gains=(), month=2, year=2027)


def weeks() -> GainsPicture:
    days = [date(2026, 8, 3) + timedelta(weeks=number) for number in range(17)]
    return GainsPicture(language="ko", amounts=True, period=Period.WEEK, gains=_gains(days))


def one_year() -> GainsPicture:
    return replace(weeks(), period=Period.YEAR, gains=_gains([date(2026, 1, 2)]))


def minutes() -> MinutePicture:
    rng, price, made = random.Random(11), D(101), list[Minute]()
    at = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
    for number in range(390):
        opened = price
        price = (price * D(str(1 + rng.gauss(-0.00004, 0.0011)))).quantize(CENT)
        made.append(
            Minute(
                at=at + timedelta(minutes=number),
                open=opened,
                high=max(opened, price) + D("0.06"),
                low=min(opened, price) - D("0.06"),
                close=price,
                volume=rng.randint(2_000, 90_000),
            )
        )
    return MinutePicture(
        language="ko",
        amounts=True,
        symbol="SOXL",
        session=date(2026, 11, 3),
        minutes=tuple(made),
        previous_close=D("101.60"),
        average=D("101.23"),
        star=D("113.88"),
        target=D("121.48"),
    )


def first_minute() -> MinutePicture:
    return replace(
        minutes(), minutes=minutes().minutes[:1], previous_close=None, star=None, target=None
    )


def backtested(count: int) -> BacktestPicture:
    result = run(count, splits=20, seed=5, drift=0.0009)
    own = tuple(session.equity for session in result.sessions)
    first = result.reference.close
    closes = [session.close for session in result.sessions]
    held = tuple(close / first * 20000 for close in closes)
    return BacktestPicture(
        language="ko",
        amounts=True,
        symbol="SOXL",
        method="4.0",
        splits=20,
        principal=D(20000),
        days=tuple(session.day for session in result.sessions),
        ours=own,
        hold=held,
        dca=tuple((value + 20000) / 2 for value in held),
        turns=tuple(session.turn for session in result.sessions),
        phases=tuple(session.plan.cycle.phase for session in result.sessions),
        figures=(
            ("최종 평가액", f"{own[-1]:,.2f}"),
            ("수익률", "+31.4%"),
            ("연평균 수익률", "+4.9%"),
            ("최대 낙폭", "-38.2%"),
            ("이익 / 손실", "21 / 4"),
            ("소진", "3번, 모두 96거래일"),
        ),
    )


def in_english(picture: Picture) -> Picture:
    """Give the same picture in English."""
    if isinstance(picture, BacktestPicture):
        figures = (("final equity", "20,000.00"), ("return", "+31.4%"), ("exhausted", "never"))
        return replace(picture, language="en", figures=figures)
    return replace(picture, language="en")


def every() -> dict[str, Picture]:
    """Give all samples by name, Korean with amounts."""
    return {
        "long_cycle": long_cycle(),
        "short_cycle": short_cycle(),
        "first_day": first_day(),
        "waiting": waiting(),
        "equity": equity(),
        "compared": compared(),
        "month": month(),
        "empty_month": empty_month(),
        "weeks": weeks(),
        "one_year": one_year(),
        "minutes": minutes(),
        "first_minute": first_minute(),
        "tested": backtested(1500),
    }
