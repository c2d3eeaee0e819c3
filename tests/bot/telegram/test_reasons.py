"""Why the orders are what they are: one line a leg, in both languages."""

import re
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.events import RoundMissed
from bot.telegram.catalogue import Words
from bot.telegram.markup import without_markup
from bot.telegram.reasons import explained, skipped_legs
from strategy import versions
from strategy.explain import basis
from strategy.model import Leg, Plan
from tests.bot.telegram.conftest import House, captions, key
from tests.bot.telegram.samples import ROUND, SESSION, SETTLED, proposed, started
from tests.strategy.states import (
    D,
    fresh,
    holding,
    in_quarter,
    in_reverse,
    legs_of,
    market,
    of,
    owning,
)

QUESTION = "왜 이렇게?"
CLOSES = market("66", "65", "67", "68", "69")
LOW = market("66", "65", "57", "58", "50")
HELD = holding(53, "70.123", "7.5", "16283.48")
FIRST_HALF = versions.plan(HELD, CLOSES)
PLANS: dict[str, Plan] = {
    "a first buy": versions.plan(fresh(), CLOSES),
    "4.0": FIRST_HALF,
    "4.0 without a known close": versions.plan(HELD, market()),
    "4.0 in reverse": versions.plan(in_reverse(260, "70.123", "36.5", "1768"), LOW),
    "4.0 with one rung": versions.plan(
        holding(53, "70.123", "7.5", "16283.48", fresh(ladder=1)), CLOSES
    ),
    "1.0": versions.plan(replace(HELD, rules=of("1.0").rules, unit=D(500)), CLOSES),
    "2.1, second half": versions.plan(owning(of("2.1"), 178, "70.123"), CLOSES),
    "2.2 on a MOC day": versions.plan(in_quarter(of("2.2"), 282, "70", "225", step=0), CLOSES),
    "2.2 in a round": versions.plan(
        in_quarter(of("2.2"), 239, "70.123", "3000", step=3, unit="451.12"), CLOSES
    ),
    "2.2 in a round, folded": versions.plan(
        in_quarter(of("2.2"), 239, "70.123", "3000", step=3, unit="451.12"), LOW
    ),
    "2.2 without a share": versions.plan(
        in_quarter(of("2.2"), 239, "70.123", "50", step=3, unit="50"), CLOSES
    ),
    "3.0, short of cash": versions.plan(owning(of("3.0"), 250, "70.123", "700"), CLOSES),
}


def told(plan: Plan, language: str = "ko") -> list[str]:
    return without_markup(explained(Words(language), plan)).split("\n")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", PLANS)
def test_every_leg_has_one_line_and_the_ladder_one_together(name: str, language: str) -> None:
    plan = PLANS[name]
    main = [order for order in plan.orders if order.leg is not Leg.LADDER]
    laddered = Leg.LADDER.value in legs_of(plan)
    titles = re.findall("<b>(.*?):</b>", explained(Words(language), plan))
    assert len(titles) == len(main) + laddered
    said = told(plan, language)
    for order in main:
        assert any(order.why.sentence(language) in line for line in said)
    assert said[0] == basis(plan)[0].sentence(language)


def test_a_normal_evening_is_explained_from_the_phase_to_the_ladder() -> None:
    assert "\n".join(told(FIRST_HALF)) == snapshot("""\
전반전: T 7.5 < 40 / 2 = 20
1회매수금 501.03 = 잔금 16283.48 / (40 - 7.5)
매도 목표: 목표 80.64 = 평단 70.123 x 1.15; 보유 53주 - 13주 = 40주
매도 쿼터LOC: 별지점 76.70 = 평단 70.123 x 1.0938; 보유 53주의 1/4 = 13주
매수 별LOC: 별지점 76.70 = 평단 70.123 x 1.0938, 매수는 0.01 아래; \
1회매수금 501.03의 절반 / 76.69 = 3주
매수 평단LOC: 평단 70.123; 1회매수금 501.03 / 70.12 = 7주 - 위 주문 3주 = 4주
급락 대비 8건: 1주씩; 1회매수금 501.03 / 8주 = 62.62부터 / 15주 = 33.40까지\
""")


def test_a_round_of_the_quarter_phase_is_explained_by_its_line() -> None:
    assert "\n".join(told(PLANS["2.2 in a round"])) == snapshot("""\
쿼터모드 3회차 / 10회: T 33.52
쿼터 1회분 451.12 = 시작 때의 잔금 / 10 (1회매수금까지)
매도 목표: 목표 77.14 = 평단 70.123 x 1.1; 보유 239주 - 59주 = 180주
매도 쿼터LOC: 기준선 63.11 = 평단 70.123 x 0.9; 보유 239주의 1/4 = 59주
쿼터 매수LOC: 쿼터 3회차: 기준선 63.11 = 평단 70.123 x 0.9, 매수는 0.01 아래; 451.12 / 63.10 = 7주
급락 대비 8건: 1주씩; 1회매수금 451.12 / 8주 = 56.39부터 / 15주 = 30.07까지\
""")
    assert "\n".join(told(PLANS["2.2 in a round"], "en")) == snapshot("""\
quarter phase, round 3 of 10: T 33.52
unit of a round 451.12 = the cash when they began / 10, the cycle's unit at most
sell target: target 77.14 = average 70.123 x 1.1; 239 shares - 59 = 180
sell quarter LOC: line 63.11 = average 70.123 x 0.9; a quarter of 239 shares = 59
quarter buy LOC: round 3 of the quarter phase: line 63.11 = average 70.123 x 0.9, \
buys 0.01 under it; 451.12 / 63.10 = 7 shares
ladder x8: a share each; unit 451.12 / 8 shares = 56.39 down to / 15 shares = 30.07\
""")


def test_the_stars_own_line_is_left_out_where_a_leg_says_it() -> None:
    star = basis(FIRST_HALF)[-1].sentence("ko")
    assert star not in told(FIRST_HALF)
    bare = replace(FIRST_HALF, orders=())
    assert told(bare)[-1] == star


def test_a_single_rung_has_its_own_sentence() -> None:
    assert told(PLANS["4.0 with one rung"])[-1] == snapshot(
        "급락 대비: 급락 대비; 1회매수금 501.03 / 8주 = 62.62 (센트 아래 버림)"
    )


def test_orders_without_a_reason_are_passed_over() -> None:
    assert [line for line in told(proposed().plan) if "매도" in line] == []


def test_signs_of_comparison_are_no_markup() -> None:
    html = explained(Words(), FIRST_HALF)
    assert "T 7.5 &lt; 40" in html
    assert set(re.findall("<[^>]*>", html)) == {"<b>", "</b>"}
    late = explained(Words(), PLANS["2.1, second half"])
    assert "&gt;=" in late


def test_a_leg_left_out_says_why_in_the_owners_language() -> None:
    plan = PLANS["2.2 without a share"]
    assert skipped_legs(Words("ko"), plan) == snapshot(
        "쿼터 매수LOC 생략: 남은 50.00: 63.10에 1주를 살 수 없어 다음 거래일에 다시 1/4을 팝니다."
    )
    assert skipped_legs(Words("en"), plan) == snapshot("""\
quarter buy LOC left out: 50.00 left buys no share at 63.10: \
the next session sells a quarter at the close again.\
""")


def test_a_plan_that_leaves_nothing_out_says_nothing_of_it() -> None:
    assert not skipped_legs(Words(), FIRST_HALF)


async def answer(house: House, message: dict[str, object] | None = None) -> str:
    await house.chat.press(QUESTION, message=message)
    await house.settle()
    return str((await house.chat.last())["text"])


async def test_the_cards_question_is_answered_below_it_from_the_rounds_plan(house: House) -> None:
    await house.service.record(started(), proposed(plan=PLANS["2.2 without a share"]))
    await house.settle()
    card = await house.chat.having(QUESTION)
    assert captions(card) == ["승인", "건너뛰기", "새로고침", QUESTION]
    assert await answer(house) == snapshot("""\
10월 7일(수) TQQQ 주문의 이유
쿼터모드 3회차 / 10회: T 33.52
쿼터 1회분 50.00 = 시작 때의 잔금 / 10 (1회매수금까지)
매도 목표: 목표 77.14 = 평단 70.123 x 1.1; 보유 239주 - 59주 = 180주
매도 쿼터LOC: 기준선 63.11 = 평단 70.123 x 0.9; 보유 239주의 1/4 = 59주
쿼터 매수LOC 생략: 남은 50.00: 63.10에 1주를 살 수 없어 다음 거래일에 다시 1/4을 팝니다.\
""")
    reply = await house.chat.last()
    assert reply["reply"]["id"] == card["id"]
    assert captions(reply) == ["다시 계산해 보기", "오늘 주문"]
    assert house.service.asked == []


async def test_the_question_may_be_asked_again_and_after_the_close_and_a_restart(
    house: House,
) -> None:
    await house.service.record(started(), proposed(plan=FIRST_HALF))
    await house.settle()
    early = await house.chat.having(QUESTION)
    first = await answer(house)
    assert await answer(house) == first
    await house.service.record(SETTLED)
    await house.settle()
    late = next(one for one in await house.chat.messages() if one["id"] == early["id"])
    assert captions(late) == ["새로고침", QUESTION]
    assert await answer(house, late) == first
    await house.restart()
    assert await answer(house, early) == first


async def test_a_new_plan_is_explained_by_an_old_button_too(house: House) -> None:
    await house.service.record(started(), proposed(plan=FIRST_HALF))
    await house.settle()
    card = await house.chat.having(QUESTION)
    changed = replace(HELD, turn=D("21"))
    await house.service.record(proposed(plan=versions.plan(changed, CLOSES), digest="d2"))
    await house.settle()
    assert "후반전: T 21 >= 40 / 2 = 20" in await answer(house, card)


async def test_a_question_keeps_its_key_while_a_decision_gets_a_new_one(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    before = await house.chat.having(QUESTION)
    await house.service.record(proposed(digest="d2"))
    await house.settle()
    after = await house.chat.having(QUESTION)
    assert after["id"] == before["id"]
    assert key(after, QUESTION) == key(before, QUESTION)
    assert key(after, "승인") != key(before, "승인")


async def test_a_round_that_was_never_planned_has_no_reasons_to_ask_for(house: House) -> None:
    missed = RoundMissed(round_id=ROUND, cycle_id=1, session=SESSION, reason="not_running")
    await house.service.record(started(), missed)
    await house.settle()
    await house.chat.send("/today")
    await house.settle()
    card = await house.chat.last()
    assert "놓친 회차" in card["text"]
    assert captions(card) == []
