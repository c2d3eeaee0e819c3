"""Small studies that the tests of the laboratory show."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.laboratory.question import Drawing, Question, Starting
from bot.laboratory.study import Study, study
from bot.sessions import Calendar
from strategy import versions
from strategy.model import Bar

D = Decimal
FIRST = date(2025, 11, 3)


def days(count: int) -> list[date]:
    calendar, day, found = Calendar(), FIRST, list[date]()
    while len(found) < count:
        if calendar.session(day) is not None:
            found.append(day)
        day += timedelta(days=1)
    return found


def bars(closes: list[str]) -> list[Bar]:
    """Lay closes over the sessions from FIRST on; each day runs straight from close to close."""
    made: list[Bar] = []
    before = D(closes[0])
    for day, close in zip(days(len(closes)), map(D, closes), strict=True):
        made.append(
            Bar(day=day, open=before, high=max(before, close), low=min(before, close), close=close)
        )
        before = close
    return made


def fall_and_rise() -> list[str]:
    """Fall until 20 units are used up, then rise until cycles end; it spans two calendar years."""
    price, closes = D(100), ["100.00"]
    for step in [*["0.97"] * 45, *["1.05"] * 40]:
        price = (price * D(step)).quantize(D("0.01"))
        closes.append(str(price))
    return closes


def quiet(_name: str, _steps: int) -> Callable[[], None]:
    return lambda: None


def studied(closes: list[str] | None = None, *, method: str = "4.0", **over: Any) -> Study:
    """Study a run of TQQQ in 20 splits with fees; `over` are further fields of the question."""
    options = over.pop("options", {"fee_percent": D("0.25"), "sec_fee_percent": D("0.00278")})
    splits = over.pop("splits", 20)
    question = Question(
        rules=versions.rules(method, "TQQQ", splits, **options),
        principal=over.pop("principal", D(20000)),
        bars=bars(fall_and_rise() if closes is None else closes),
        data_sha256="a" * 64,
        **over,
    )
    return study(question, quiet)


def full(**over: Any) -> Study:
    """Study a run with everything that may be asked besides."""
    return studied(
        drawing=Drawing(runs=20, horizon=40, block=5, seed=7),
        starting=Starting(every=5, horizon=40),
        **over,
    )
