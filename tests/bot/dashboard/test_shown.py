"""What is shown to whom, in which words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.dashboard import order_rows, vocabulary
from bot.dashboard.shown import HIDDEN, Shown
from bot.dashboard.words import Words
from bot.storage.answers import OrderView, RoundView
from bot.telegram import texts
from bot.telegram.catalogue import Words as ChatWords
from bot.telegram.handlers import upkeep
from bot.telegram.watched import BEATS
from bot.trading.model import OrderState, RoundState, Slot
from strategy.model import Leg, OrderType, Side

KOREAN, ENGLISH = Words("ko"), Words("en")
OWNER, VIEWER = Shown(words=KOREAN, veiled=False), Shown(words=KOREAN, veiled=True)
NIGHT = datetime(2026, 10, 7, 9, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ours", "chats"),
    [
        (vocabulary.SIDES, texts.SIDES),
        (vocabulary.STATES, texts.STATES),
        (vocabulary.LEGS, texts.LEGS),
        (vocabulary.PHASES, texts.PHASES),
        (vocabulary.HALVES, texts.HALVES),
        (vocabulary.VENUES, texts.VENUES),
        (vocabulary.APPROVALS, texts.APPROVALS),
        (vocabulary.TRADING, texts.TRADING),
        (vocabulary.ROUNDS, upkeep.ROUNDS),
        (vocabulary.WEBSOCKET, upkeep.WEBSOCKET),
        (vocabulary.WRONG, BEATS),
    ],
)
def test_the_trades_words_are_the_chats(
    ours: dict[object, tuple[str, str]], chats: dict[object, str]
) -> None:
    english = ChatWords("en")
    expected = {key: (korean, english.plain(korean)) for key, korean in chats.items()}
    assert ours == expected


def test_a_viewer_reads_no_amount_and_no_number_of_shares() -> None:
    for shown in (VIEWER, Shown(words=ENGLISH, veiled=True)):
        assert shown.money(Decimal("1234.56")) == HIDDEN
        assert shown.gain(Decimal("-3.2")) == HIDDEN
        assert shown.shares(12) == HIDDEN
        assert shown.turn(Decimal("12.5")) == "12.50"
        assert shown.percent(Decimal("31.25")) == "31.3%"


def test_figures_and_dates_are_written_as_their_reader_writes_them() -> None:
    english = Shown(words=ENGLISH, veiled=False)
    assert (OWNER.money(Decimal("1234.565")), OWNER.money(None)) == ("$1,234.57", "-")
    assert (OWNER.shares(1200), english.shares(1200)) == ("1,200주", "1,200 sh")
    wednesday = date(2026, 10, 7)
    assert (OWNER.day(wednesday), english.day(wednesday)) == ("10월 7일(수)", "Wed 7 Oct")
    assert OWNER.moment(NIGHT) == "10월 7일(수) 18:30"
    assert OWNER.clock_seconds(NIGHT) == "18:30:12"


def order(leg: Leg, price: str, state: OrderState, *, filled: int = 0) -> OrderView:
    key = f"2026-10-07.1.{leg.value}.{price}"
    slot = Slot(
        key=key,
        round_id="2026-10-07.1",
        index=0,
        attempt=0,
        symbol="TQQQ",
        side=Side.BUY,
        type=OrderType.LOC,
        price=Decimal(price),
        quantity=5,
        leg=leg,
    )
    return OrderView(
        slot=slot,
        round_id=slot.round_id,
        session=date(2026, 10, 7),
        state=state,
        tries=1,
        order_number="1",
        sent_at=NIGHT,
        answered_at=NIGHT,
        unknown_at=None,
        retry_at=None,
        cancel_asked=None,
        baseline=(),
        detail="",
        filled=filled,
        fill_price=Decimal("47.1") if filled else None,
        may_resend=False,
    )


ROUND = RoundView(
    round_id="2026-10-07.1",
    cycle_id=1,
    session=date(2026, 10, 7),
    state=RoundState.WORKING,
    digest="",
    approval=None,
    deadline=None,
    plan=None,
    proposed_at=NIGHT,
    reason="",
    reminded=None,
    verified=True,
    settlement=None,
    orders=(
        order(Leg.LADDER, "40", OrderState.OPEN),
        order(Leg.AVERAGE, "45.5", OrderState.OPEN),
        order(Leg.STAR, "47.39", OrderState.FILLED, filled=5),
        order(Leg.LADDER, "38", OrderState.FILLED, filled=5),
    ),
)


def test_a_rounds_orders_stand_by_price_with_what_became_of_each() -> None:
    assert order_rows.main_rows(OWNER, ROUND) == [
        ("매수 별LOC", "5주", "$47.39", "체결 5주 $47.10"),
        ("매수 평단LOC", "5주", "$45.50", "접수 18:30:12"),
    ]
    assert [row[2] for row in order_rows.ladder_rows(OWNER, ROUND)] == ["$40.00", "$38.00"]
    assert order_rows.ladder_states(OWNER, ROUND) == "접수 1 · 체결 1"


def test_a_viewers_orders_have_states_and_no_amounts() -> None:
    assert order_rows.main_rows(VIEWER, ROUND) == [
        ("매수 별LOC", HIDDEN, HIDDEN, f"체결 {HIDDEN} {HIDDEN}"),
        ("매수 평단LOC", HIDDEN, HIDDEN, "접수 18:30:12"),
    ]
