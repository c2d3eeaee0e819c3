"""What the head of a card calls the day, and what a change of phase says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from inline_snapshot import snapshot

from bot.telegram import texts
from bot.telegram.card import header
from bot.telegram.catalogue import Words
from bot.telegram.markup import without_markup
from bot.telegram.phases import phase_changed, stage
from strategy import versions
from strategy.model import Cycle, Phase, Plan
from tests.bot.telegram.conftest import House
from tests.bot.telegram.samples import SESSION, SETTLED, proposed, started
from tests.strategy.states import D, fresh, holding, in_quarter, in_reverse, market, of

CLOSES = market("66", "65", "67", "68", "69")
LOW = market("66", "65", "57", "58", "50")


def planned(cycle: Cycle) -> Plan:
    return versions.plan(cycle, LOW if cycle.phase is Phase.REVERSE else CLOSES)


def quarter(step: int, method: str = "2.2") -> Cycle:
    return in_quarter(of(method), 239, "70.123", "3000", step=step, unit="451.12")


@pytest.mark.parametrize(
    ("cycle", "korean", "english"),
    [
        (fresh(), "첫 매수", "first buy"),
        (holding(53, "70", "7.5", "16000"), "전반전", "first half"),
        (holding(170, "70", "25", "8000"), "후반전", "second half"),
        (in_reverse(260, "70", "36.5", "1768"), "리버스 2일째", "reverse day 2"),
        (quarter(0), "쿼터손절 MOC일", "quarter MOC day"),
        (quarter(1), "쿼터 1/10회", "quarter 1/10"),
        (quarter(10), "쿼터 10/10회", "quarter 10/10"),
        (quarter(11), "쿼터손절 MOC일", "quarter MOC day"),
        (quarter(5, "3.0"), "쿼터 5/5회", "quarter 5/5"),
        (quarter(6, "3.0"), "쿼터손절 MOC일", "quarter MOC day"),
        (holding(53, "70", "7.5", "16000", of("1.0")), "일반", "normal"),
    ],
)
def test_a_plan_names_its_half_its_day_or_its_round(
    cycle: Cycle, korean: str, english: str
) -> None:
    plan = planned(cycle)
    assert stage(Words("ko"), plan) == korean
    assert stage(Words("en"), plan) == english


@pytest.mark.parametrize(
    ("cycle", "name"),
    [
        (fresh(), "V4.0 40분할"),
        (fresh(splits=20), "V4.0 20분할"),
        (fresh(splits=30, unofficial=True, target_percent=D(15)), "V4.0 30분할 (비공식)"),
        (fresh("UPRO", unofficial=True, target_percent=D(15)), "V4.0 40분할 (비공식)"),
        (fresh(splits=40, method="3.0"), "V3.0 40분할 (비공식)"),
    ],
)
def test_what_the_author_does_not_name_is_marked_unofficial(cycle: Cycle, name: str) -> None:
    assert texts.rules(Words(), cycle) == name


def head(plan: Plan, language: str = "ko") -> str:
    return without_markup(header(Words(language), date(2026, 10, 7), plan))


def test_the_head_of_a_quarter_round_names_the_line() -> None:
    assert head(planned(quarter(3))) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V2.2 40분할 · 쿼터 3/10회 · T 33.52
기준선 $63.11 (-10.00%) · 1회 $451.12\
""")
    assert head(planned(quarter(3)), "en") == snapshot("""\
Wed 7 Oct US session · TQQQ
V2.2 40 splits · quarter 3/10 · T 33.52
line $63.11 (-10.00%) · unit $451.12\
""")


def test_the_head_of_a_day_without_a_star_names_the_unit_alone() -> None:
    assert head(planned(quarter(0))) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V2.2 40분할 · 쿼터손절 MOC일 · T 33.52
1회 $500.00\
""")


def test_the_head_in_reverse_names_the_mean_and_no_percent() -> None:
    assert head(planned(in_reverse(260, "70", "36.5", "1768"))) == snapshot("""\
10월 7일(수) 미국장 · TQQQ
V4.0 40분할 · 리버스 2일째 · T 36.50
별지점 $59.20 · 1회 $442.00\
""")


def changed(before: Phase, cycle: Cycle, language: str = "ko") -> str:
    return without_markup(phase_changed(Words(language), before, cycle))


def test_entering_the_quarter_phase_says_what_comes() -> None:
    spent = replace(quarter(0, "3.0"), turn=D("19.52"))
    assert changed(Phase.NORMAL, spent) == snapshot("""\
⚠️ TQQQ는 원금이 소진되어 쿼터 모드에 들어갑니다 (V3.0, T 19.52).
첫날은 종가에 4분의 1을 팔고, 다음 날부터 5회까지 기준선 아래에서 삽니다.\
""")
    assert changed(Phase.NORMAL, spent, "en") == snapshot("""\
⚠️ TQQQ is exhausted and enters quarter mode (V3.0, T 19.52).
The first day sells a quarter at the close; then up to 5 rounds buy under the line.\
""")


async def test_the_end_of_the_quarter_phase_is_told_with_the_plan(house: House) -> None:
    cycle = quarter(3)
    over = planned(replace(cycle, phase=Phase.NORMAL, quarter_round=0, turn=D("28.5")))
    settled = replace(SETTLED, before=cycle, after=over.cycle)
    tomorrow = replace(
        proposed(plan=over), round_id="2026-10-08.1", session=SESSION + timedelta(days=1)
    )
    await house.service.record(started(), proposed(plan=planned(cycle)), settled, tomorrow)
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot(
        "TQQQ 쿼터 모드가 끝났습니다. 일반 모드로 돌아갑니다 (T 28.50)."
    )


def test_leaving_a_phase_names_the_phase_that_is_over() -> None:
    back = replace(quarter(0), phase=Phase.NORMAL, turn=D("28.5"))
    assert changed(Phase.QUARTER, back) == snapshot(
        "TQQQ 쿼터 모드가 끝났습니다. 일반 모드로 돌아갑니다 (T 28.50)."
    )
    assert changed(Phase.REVERSE, back) == snapshot(
        "TQQQ 리버스 모드가 끝났습니다. 일반 모드로 돌아갑니다 (T 28.50)."
    )
