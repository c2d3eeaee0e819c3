"""The odds of running out and the rivals: what is drawn, what is played, what is refused."""

from dataclasses import replace
from decimal import Decimal

from bot.charts.model import LineKind, Period
from bot.reports.outlook import FEWEST_DAYS, HORIZON, RUNS, Outlook, OutlookAsked, outlook
from bot.reports.pictures import bars as gain_bars
from bot.reports.pictures import beside_rivals, calendar, growth
from bot.reports.record import record
from bot.reports.rivals import RivalKind, RivalsAsked, rivals, splits_seem
from strategy import backtest
from strategy.cycle import start
from strategy.model import Cycle, Phase
from tests.bot.reports.history import bars, played, rules

SLOWLY_DOWN = [f"{100 * 0.99**n:.2f}" for n in range(120)]
UP_AND_DOWN = [f"{100 + 5 * (n % 7) - 3 * (n % 4):.2f}" for n in range(120)]


def answered(closes: list[str], cycle: Cycle | None = None) -> Outlook:
    *slices, last = outlook(
        OutlookAsked(cycle=cycle or start(rules(), Decimal(10000)), bars=bars(closes))
    )
    assert set(slices) <= {None}
    assert last is not None
    return last


def test_a_past_that_only_fell_runs_out_in_every_future() -> None:
    seen = answered(SLOWLY_DOWN)
    assert seen.odds is not None
    assert (seen.odds.runs, seen.odds.exhausted, seen.odds.horizon) == (RUNS, RUNS, HORIZON)
    assert seen.days == len(SLOWLY_DOWN) - 1


def test_who_asks_twice_gets_the_same_answer() -> None:
    assert answered(UP_AND_DOWN) == answered(UP_AND_DOWN)


def test_a_short_past_gives_no_odds() -> None:
    seen = answered(UP_AND_DOWN[:FEWEST_DAYS])
    assert (seen.odds, seen.used_up, seen.days) == (None, False, FEWEST_DAYS - 1)
    assert answered(["100"]).days == 0


def test_what_is_used_up_already_is_said_and_not_drawn() -> None:
    begun = start(rules(), Decimal(10000))
    out = replace(begun, quantity=10, average=Decimal(90), turn=Decimal(20), phase=Phase.REVERSE)
    seen = answered(UP_AND_DOWN, out)
    assert seen.used_up
    assert seen.odds is None


def test_a_day_on_which_a_split_seems_to_lie_is_left_out() -> None:
    split = [*UP_AND_DOWN[:60], *(f"{Decimal(close) / 2:.2f}" for close in UP_AND_DOWN[60:])]
    laid = list(bars(split))
    laid[60] = replace(laid[60], open=laid[60].close, high=laid[60].close)
    asked = OutlookAsked(cycle=start(rules(), Decimal(10000)), bars=tuple(laid))
    *_, last = outlook(asked)
    assert last is not None
    assert last.days == len(split) - 2


def question(closes: list[str], history: int = 6) -> RivalsAsked:
    laid = bars(closes)
    return RivalsAsked(
        rules=rules(), principal=Decimal(10000), history=laid[:history], bars=laid[history:]
    )


def test_the_rivals_are_holding_spreading_and_the_other_versions() -> None:
    asked = question(UP_AND_DOWN)
    found = list(rivals(asked))
    assert [(rival.kind, rival.method, rival.splits) for rival in found] == [
        (RivalKind.HOLD, "", 0),
        (RivalKind.DCA, "", 0),
        (RivalKind.VERSION, "2.2", 40),
        (RivalKind.VERSION, "3.0", 20),
        (RivalKind.VERSION, "4.0", 40),
    ]
    for rival in found:
        assert [day for day, _ in rival.values] == [bar.day for bar in asked.bars]


def test_a_version_among_the_rivals_is_the_backtest_of_the_same_bars() -> None:
    asked = question(UP_AND_DOWN)
    rival = next(one for one in rivals(asked) if one.method == "3.0")
    agreed = rules(method="3.0", splits=20)
    played_ = backtest.run(start(agreed, asked.principal), asked.bars, history=asked.history)
    assert rival.values[-1][1] == played_.final_equity
    assert rival.max_drawdown_percent == played_.max_drawdown_percent


def test_a_split_between_two_bars_is_seen() -> None:
    asked = question(UP_AND_DOWN)
    assert not splits_seem(asked)
    halved = tuple(
        replace(bar, open=bar.open / 2, high=bar.high / 2, low=bar.low / 2, close=bar.close / 2)
        for bar in asked.bars
    )
    assert splits_seem(replace(asked, bars=halved))


def test_the_picture_of_growth_begins_with_the_money_of_the_first_session() -> None:
    history = record(played(UP_AND_DOWN[:20]), ())
    picture = growth(history, language="ko", amounts=True)
    assert picture is not None
    (line,) = picture.lines
    assert line.values[-1][1] == history.curve[-1].index * 10000
    assert growth(record(played(UP_AND_DOWN[:2]), ()), language="ko", amounts=True) is None
    others = beside_rivals(
        history, list(rivals(question(UP_AND_DOWN))), "TQQQ", language="en", amounts=False
    )
    assert others is not None
    kinds = [line.kind for line in others.lines]
    assert kinds[:3] == [LineKind.OURS, LineKind.HOLD, LineKind.DCA]
    assert [line.note for line in others.lines[3:]] == ["V2.2/40", "V3.0/20", "V4.0/40"]


def test_a_months_calendar_holds_its_days_alone() -> None:
    history = record(played(UP_AND_DOWN[:30]), ())
    picture = calendar(history, history.settlements[-1].session, language="ko", amounts=True)
    assert {(gain.day.year, gain.day.month) for gain in picture.gains} == {
        (picture.year, picture.month)
    }
    months = gain_bars(history, Period.MONTH, language="ko", amounts=True)
    assert months is not None
    assert months.gains[-1].amount == sum(gain.amount for gain in picture.gains)
    assert gain_bars(record((), ()), Period.DAY, language="ko", amounts=True) is None
