from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.charts.of_rounds import cycle_picture
from bot.storage.views import RoundView
from strategy.changes import ShareSplit
from strategy.model import Side
from tests.bot.reports.history import BEGIN, played

D = Decimal
CLOSES = ("100", "98", "97", "99", "101", "125", "126", "127", "124")


def _number(rounds: tuple[RoundView, ...]) -> int:
    assert rounds[0].settlement is not None
    return rounds[0].settlement.before.number


def test_every_settled_session_of_the_cycle_is_a_day_with_its_lines_and_fills() -> None:
    rounds = played(CLOSES)
    number = _number(rounds)
    picture = cycle_picture(rounds, number, (), language="ko", amounts=True)
    assert picture is not None
    finished = [each for each in rounds if each.settlement and each.settlement.finished]
    last = finished[0].session if finished else rounds[-1].session
    own = [each for each in rounds if each.session <= last]
    assert [day.day for day in picture.days] == [each.session for each in own]
    assert [day.close for day in picture.days] == [D(close) for close in CLOSES[1 : len(own) + 1]]
    bought = sum(mark.quantity for mark in picture.marks if mark.side is Side.BUY)
    sold = sum(mark.quantity for mark in picture.marks if mark.side is Side.SELL)
    assert bought == sum(each.settlement.bought for each in own if each.settlement)
    assert sold == sum(each.settlement.sold for each in own if each.settlement)
    assert sold
    first, second = picture.days[:2]
    assert (first.star, first.target) == (None, None)
    assert second.average is not None
    assert second.star is not None
    assert second.target is not None
    assert second.exhaustion == D(2) / 20 * 100


def test_a_cycle_that_sold_out_ends_with_its_own_average_and_nothing_used_up() -> None:
    rounds = played(("100", "99", "98", "140"))
    finished = next(each for each in rounds if each.settlement and each.settlement.finished)
    picture = cycle_picture(rounds, _number(rounds), (), language="ko", amounts=True)
    assert picture is not None
    assert finished.settlement is not None
    assert picture.days[-1].day == finished.session
    assert picture.days[-1].average == finished.settlement.before.average
    assert picture.days[-1].exhaustion == 0


def test_prices_before_a_share_split_are_shown_as_after_it() -> None:
    rounds = played(CLOSES[:4])
    split = ShareSplit(new=2, old=1)
    after = cycle_picture(
        rounds, _number(rounds), ((date(2030, 1, 2), split),), language="ko", amounts=True
    )
    before = cycle_picture(rounds, _number(rounds), ((BEGIN, split),), language="ko", amounts=True)
    assert after is not None
    assert before is not None
    assert [day.close for day in after.days] == [D(49), D("48.5"), D("49.5")]
    assert [day.close for day in before.days] == [D(98), D(97), D(99)]
    assert [mark.quantity for mark in after.marks] == [mark.quantity * 2 for mark in before.marks]


def test_the_official_close_takes_the_place_of_a_provisional_one() -> None:
    (one, *_) = played(CLOSES[:3])
    official = replace(one, official_close=D("98.01"))
    picture = cycle_picture([official], _number((one,)), (), language="ko", amounts=True)
    assert picture is not None
    assert picture.days[0].close == D("98.01")


def test_before_its_first_close_a_cycle_has_no_picture() -> None:
    rounds = played(CLOSES)
    assert cycle_picture([], 1, (), language="ko", amounts=True) is None
    assert cycle_picture(rounds, 77, (), language="ko", amounts=True) is None
    unsettled = [replace(each, settlement=None) for each in rounds]
    assert cycle_picture(unsettled, 1, (), language="ko", amounts=True) is None
