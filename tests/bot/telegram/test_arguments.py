"""What is typed behind a command: read in any order, and refused in one sentence."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.arguments import LARGEST, LONGEST, Arguments, Misunderstood, read

TODAY = date(2026, 11, 27)


def test_symbol_date_and_amount_stand_in_any_order() -> None:
    whole = Arguments(symbol="SOXL", day=date(2026, 11, 3), amount=Decimal(92), percent=Decimal(-5))
    for order in permutations(["soxl", "11/3", "92", "-5%"]):
        assert read(" ".join(order), today=TODAY) == whole


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1,234.5", "1234.5", ""),
        ("$1,000", "1000", "USD"),
        ("$ 1,000", "1000", "USD"),
        ("5000달러", "5000", "USD"),
        ("500 달러", "500", "USD"),
        ("2만", "20000", ""),
        ("3 만", "30000", ""),
        ("1.5만", "15000", ""),
        ("2만원", "20000", "KRW"),
        ("₩2만", "20000", "KRW"),
        ("1억 3천만", "130000000", ""),
        ("1억 3,000만원", "130000000", "KRW"),
        ("3천5백만", "35000000", ""),
        ("2만 5천", "25000", ""),
        ("-1,000", "-1000", ""),
        ("+500", "500", ""),
        ("-$200", "-200", "USD"),
    ],
)
def test_money_is_read_as_people_write_it(text: str, amount: str, currency: str) -> None:
    found = read(text, today=TODAY)
    assert (found.amount, found.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("11-03", date(2026, 11, 3)),
        ("11/3", date(2026, 11, 3)),
        ("11월 3일", date(2026, 11, 3)),
        ("2025년11월3일", date(2025, 11, 3)),
        ("12/25", date(2025, 12, 25)),
        ("오늘", TODAY),
        ("yesterday", date(2026, 11, 26)),
    ],
)
def test_a_date_without_a_year_is_the_last_such_day(text: str, day: date) -> None:
    assert read(text, today=TODAY).day == day


@pytest.mark.parametrize(
    "text",
    ["1,23", "abc1", "1.2.3", "13/45", "2026-02-30", "1e9", "١٢", "2만2억", "9" * 30, "5%%", "₩₩5"],
)
def test_what_is_no_number_or_date_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(Misunderstood) as refused:
        read(text, today=TODAY)
    assert text[:30] in refused.value.sentence("ko")
    assert text[:30] in refused.value.sentence("en")


def test_two_symbols_are_refused_rather_than_one_of_them_guessed() -> None:
    with pytest.raises(Misunderstood):
        read("soxl tqqq", today=TODAY)


def test_an_option_of_the_command_is_no_symbol() -> None:
    found = read("year soxl", today=TODAY, words=frozenset({"year"}))
    assert (found.symbol, found.words) == ("SOXL", ("year",))


def test_a_number_is_a_count_only_when_it_is_whole_and_no_money() -> None:
    assert read("7", today=TODAY).count == 7
    assert read("7.5", today=TODAY).count is None
    assert read("$7", today=TODAY).count is None


@given(st.text(max_size=LONGEST + 20))
def test_whatever_is_typed_is_read_or_refused_and_no_amount_is_beyond_reason(text: str) -> None:
    try:
        found = read(text, today=TODAY)
    except Misunderstood:
        return
    assert found.amount is None or abs(found.amount) <= LARGEST


@given(st.decimals(min_value="0.01", max_value=999_999_999, places=2))
def test_an_amount_reads_back_as_the_number_it_was_written_from(amount: Decimal) -> None:
    for text in (f"{amount:,}", f"${amount:,}", f"{amount} 달러"):
        assert read(text, today=TODAY).amount == amount
