"""A week with the demo in a real browser: setup, days, a missed round, emergency stop, backtest.

`MUHAN_SCREENSHOTS=folder` keeps a picture of each step, for somebody to look at.
"""

import hashlib
import json
from pathlib import Path

from playwright.async_api import Locator, expect

from tests.browser.test_demo_page import (  # noqa: F401 - skips without a browser
    Newcomer,
    demo,
    looks_well,
    newcomer,
    pytestmark,
)
from tests.markets import wild_bars, write_csv

MORE_DAYS = 3


def store_prices(home: Path) -> None:
    """Put a year of TQQQ where /backtest finds what `muhan prices fetch` has stored."""
    folder = home / "prices"
    folder.mkdir(parents=True)
    bars = wild_bars(48, 260)
    write_csv(bars, folder / "TQQQ.csv")
    about = {
        "symbol": "TQQQ",
        "exchange": "NASDAQ",
        "source": "simulator",
        "asked_at": f"{bars[-1].day}T23:00:00+00:00",
        "whole_from": f"{bars[0].day}",
        "earliest": True,
        "reason": "",
        "provisional": None,
        "splits": [],
        "gaps": [],
        "strays": [],
        "odd": [],
        "jumps": [],
        "sha256": hashlib.sha256((folder / "TQQQ.csv").read_bytes()).hexdigest(),
        "before": None,
    }
    (folder / "TQQQ.json").write_text(json.dumps(about), encoding="utf-8")


async def tap(we: Newcomer, caption: str, *, within: Locator | None = None) -> None:
    """Tap the newest button of a caption."""
    where = within or we.page.locator("#log")
    await where.get_by_role("button", name=caption, exact=True).last.click()


async def test_a_week_from_setup_to_a_backtest(tmp_path: Path) -> None:
    state = tmp_path / "state"
    store_prices(state / "bot")
    async with demo(state) as address, newcomer(address, tmp_path) as we:
        await we.card("10월 5일(월)")
        await sets_up(we)
        await stops_and_unlocks(we)
        await lives_the_first_day(we)
        await orders_what_was_skipped(we)
        await lives_more_days(we)
        await sees_pictures_and_files(we)
        await backtests(we)
        await looks_well(we.page)


async def sets_up(we: Newcomer) -> None:
    await we.say("/setup")
    await we.sees("사이클 시작 1/8", "계좌 확인")
    for caption, next_page in (
        ("이 계좌로", "2/8"),
        ("TQQQ", "옆에 하나 더"),
        ("옆에 하나 더", "4/8"),
        ("V4.0", "5/8"),
        ("20분할", "6/8"),
    ):
        await tap(we, caption)
        row = we.page.locator(".row.bot", has_text=next_page).last
        await expect(row).to_be_visible()
    await we.picture("w1-setup-seed")
    await we.say("1만 2천")
    await we.sees("사이클 시작 7/8", "승인 없으면 아무것도 안 냄")
    await we.picture("w2-setup-rules")
    await tap(we, "미리보기")
    await we.sees("사이클 시작 8/8", "1회 $600.00")
    await we.picture("w3-setup-preview")
    await tap(we, "시작하기")
    await tap(we, "지금 시작")
    await we.sees("TQQQ 2번 사이클을 시작했습니다.")
    await we.sees("V4.0 20분할 · 첫 매수 · T 0.00", "승인 마감 04:30")
    await we.picture("w4-two-cycles")


async def stops_and_unlocks(we: Newcomer) -> None:
    await we.say("/kill")
    await we.sees("비상정지를 켭니다. 새 주문이 모두 막힙니다.")
    await tap(we, "비상정지 켜기")
    killed = await we.sees("비상정지 켜짐")
    await we.picture("w5-killed")
    await tap(we, "비상정지 풀기", within=killed)
    asked = await we.sees("비상정지를 풀까요?")
    await tap(we, "비상정지 풀기", within=asked)
    lifted = await we.sees("비상정지를 풀었습니다", "지금은 정지 상태입니다.")
    await tap(we, "다시 시작", within=lifted)
    again = await we.sees("다시 시작할까요?")
    await tap(we, "다시 시작", within=again)
    await we.sees("다시 시작했습니다")
    await we.picture("w6-unlocked")


async def lives_the_first_day(we: Newcomer) -> None:
    """Approve the new cycle's round and leave the other: it is not ordered, and that is told."""
    card = we.page.locator(".row.bot", has_text="V4.0 20분할 · 첫 매수").last
    await tap(we, "승인", within=card)
    await expect(card).to_contain_text("승인됨")  # the market stands while the other one is open
    await we.picture("w7-approved")
    await we.next_day()
    await expect(card).to_contain_text("결과: 매수")
    await we.sees("회차는 주문하지 않고 지나갔습니다.", "마감까지 승인이 없었습니다.")
    await we.sees("10월 5일(월) 결과 · TQQQ", "T           0.00→1.00")
    await we.picture("w8-missed-and-result")


async def orders_what_was_skipped(we: Newcomer) -> None:
    card = we.page.locator(".row.bot", has_text="V4.0 20분할 · 전반전").last
    await tap(we, "건너뛰기", within=card)
    asked = await we.sees("이 회차를 건너뛸까요?")
    await tap(we, "건너뛰기", within=asked)
    await expect(card).to_contain_text("건너뜀: 오늘은 주문하지 않습니다.")
    await we.say("/buynow")
    asked = await we.sees("지금 주문할까요?", "누르면 이 표 그대로 나갑니다.")
    await we.picture("w9-buynow")
    await tap(we, "지금 주문", within=asked)
    await expect(card).to_contain_text("승인됨")
    await we.next_day()
    await expect(card).to_contain_text("결과:")


async def lives_more_days(we: Newcomer) -> None:
    waiting = we.page.locator(".row.bot", has_text="승인 마감")
    for number in range(MORE_DAYS):
        await expect(waiting).to_have_count(2)
        for left in (1, 0):
            await waiting.first.get_by_role("button", name="승인", exact=True).click()
            await expect(waiting).to_have_count(left)
        await we.picture(f"w10-day-{number + 3}")
        await we.next_day()
    await we.say("/cycles")
    await we.page.wait_for_timeout(1500)
    await we.say("/status")
    await we.sees("승인 방식 확인")
    await we.picture("w11-status")


async def sees_pictures_and_files(we: Newcomer) -> None:
    await we.say("/chart")
    asked = await we.sees("어느 사이클을 그릴까요?")
    await asked.get_by_role("button", name="TQQQ V4.0").last.click()
    drawn = await we.sees("TQQQ 1번째 사이클", "산 날 5일")
    picture = drawn.get_by_role("button", name="그림 크게 보기")
    await picture.scroll_into_view_if_needed()  # a letter of the day may have come below it
    await we.picture("w12-chart")
    await picture.click()
    await expect(we.page.get_by_role("dialog", name="그림")).to_be_visible()
    await we.picture("w13-chart-alone")
    await we.page.get_by_role("button", name="닫기").click()
    await we.say("/export")
    await we.sees("어떤 파일을 드릴까요?")
    await tap(we, "거래 CSV")
    await expect(we.page.locator(".file").last).to_be_visible()
    await we.picture("w14-file")


async def backtests(we: Newcomer) -> None:
    """A picture, and two files: a report for the browser, and every day as a table."""
    files = await we.page.locator(".file").count()
    await we.say("/backtest")
    card = await we.sees("백테스트 · TQQQ", "원금")
    await tap(we, "전체", within=card)
    await tap(we, "시작")
    await expect(we.page.locator(".file")).to_have_count(files + 2)
    await we.sees("백테스트 결과 · TQQQ", "존버", "적립식")
    await we.picture("w15-backtest")
