import asyncio
import os
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.commands import FetchPrices, PricesFetched
from bot.errors import MuhanError
from bot.laboratory.errand import Brought, Errand, ErrandFailed, Step
from bot.laboratory.workshop import PATIENCE, OnStep, Workshop
from bot.storage.people import LANGUAGE, Role
from bot.telegram.backtest_choice import Choice, agreement, chosen
from strategy import versions
from tests.bot.laboratory.stored import keep
from tests.bot.telegram.conftest import OWNER, House, captions
from tests.bot.telegram.samples import CYCLE, started

D = Decimal
TODAY = date(2026, 11, 24)


def _workers() -> list[str]:
    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return own.read_text(encoding="ascii").split()


async def _asked(house: House, text: str) -> str:
    await house.chat.send(text)
    await house.settle()
    said = await house.chat.last()
    return str(said["text"])


async def _done(house: House) -> None:
    """Wait until the bench is free, and the chat has what came out."""
    bench = house.front.desk.bench
    # The worker goes after everything else on the machine; it ends by itself when this has passed.
    async with asyncio.timeout(PATIENCE):
        for busy in (True, False):
            while (bench.running is not None) is not busy:  # noqa: ASYNC110 - a process is waited for
                await asyncio.sleep(0.01)
    await house.settle()


async def _fetched(house: House) -> str:
    """Wait until the prices are there, or are known not to be; give what is said of it."""
    async with asyncio.timeout(60):
        while True:
            said = str((await house.chat.last())["text"])
            if "받고 있습니다" not in said and "백테스트" not in said:
                return said
            await asyncio.sleep(0.01)


async def test_the_card_shows_what_would_be_run_and_changes_by_buttons(
    house: House, tmp_path: Path
) -> None:
    keep(tmp_path, count=600)
    assert await _asked(house, "/backtest") == snapshot("""\
백테스트 · SOXL V4.0 40분할
원금   $10,000.00
기간   5년
수수료 0%
시세   600일 (2024-08-05 ~ 2026-11-20)
버튼으로 바꾸고 [시작]을 누르세요. 주문과 장부는 그대로입니다.\
""")
    card = await house.chat.last()
    assert captions(card) == snapshot(
        [
            "✓ SOXL",
            "TQQQ",
            "V1.0",
            "V2.1",
            "V2.2",
            "V3.0",
            "✓ V4.0",
            "20분할",
            "30분할",
            "✓ 40분할",
            "1년",
            "3년",
            "✓ 5년",
            "10년",
            "전체",
            "✓ 수수료 0%",
            "수수료 0.07%",
            "수수료 0.25%",
            "원금 바꾸기",
            "시작",
            "시세 받기",
        ]
    )
    for caption in ("V3.0", "20분할", "1년", "수수료 0.25%"):
        await house.chat.press(caption)
        await house.settle()
    changed = await house.chat.last()
    assert changed["id"] == card["id"]
    assert changed["text"] == snapshot("""\
백테스트 · SOXL V3.0 20분할
원금   $10,000.00
기간   1년 (2025-11-20부터)
수수료 0.25%
시세   600일 (2024-08-05 ~ 2026-11-20)
버튼으로 바꾸고 [시작]을 누르세요. 주문과 장부는 그대로입니다.\
""")


async def test_a_run_tells_how_far_it_is_and_brings_picture_and_files(
    house: House, tmp_path: Path
) -> None:
    keep(tmp_path, count=600)
    await _asked(house, "백테스트 20분할 soxl 전체 v4 $20,000 0.25%")
    card = await house.chat.having("시작")
    await house.chat.press("시작")
    await _done(house)
    messages = await house.chat.messages()
    told, photo, page, days = [m for m in messages if m["from"] == "bot"][-4:]
    assert told["id"] == card["id"]
    assert told["text"] == snapshot("SOXL V4.0 20분할 백테스트를 마쳤습니다 (0초).")
    assert captions(told) == []
    assert photo["photo"]
    assert photo["text"] == snapshot("""\
백테스트 결과 · SOXL V4.0 20분할
2024-08-06 ~ 2026-11-20 · 599거래일 · 원금 $20,000.00 → $12,147.42
           수익률 연평균 최대낙폭
무한매수법 -39.3% -19.6%   -44.3%
존버       -65.5% -37.1%   -72.8%
적립식     -34.1% -16.7%   -47.8%
끝난 사이클 1번 (이익 0 · 손실 1) · 가장 긴 사이클 435일
원금 소진 4번 · 모두 8거래일
시작일에 따라 (한 달마다 시작, 252거래일씩 17번): 최저 -27.8% · 중앙값 +4.6% · 최고 +22.6% · 이익 10번 · 소진 2번
한 번 지나간 시세 하나의 결과이고, 세금과 환율은 빠져 있습니다. 앞날을 말하지 않습니다.\
""")  # noqa: E501 - a line as the chat has it
    assert captions(photo) == snapshot(["조건 바꾸기", "첫 화면"])
    assert [page["document"]["file_name"], days["document"]["file_name"]] == snapshot(
        ["backtest-SOXL-v4.0-20.html", "backtest-SOXL-v4.0-20.csv"]
    )
    assert not _workers()


class Counting(Workshop):
    """A workshop that tells of a session a second, and then has no result."""

    def __init__(self, home: Path, house: House) -> None:
        super().__init__(home)
        self._house = house

    async def run(self, errand: Errand, on_step: OnStep) -> Brought:
        for done in range(1, 31):
            self._house.wall.at += timedelta(seconds=1)
            await on_step(Step(name="backtest", done=done, total=30))
        await on_step(Step(name="draw", done=0, total=0))
        raise ErrandFailed(f"{errand.rules.symbol} 계산이 멈췄습니다.")


async def test_it_edits_its_message_at_most_once_in_three_seconds(
    house: House, tmp_path: Path
) -> None:
    keep(tmp_path, count=600)
    house.front.desk.bench.workshop = Counting(tmp_path, house)
    await _asked(house, "/backtest all")
    before = len(await house.chat.calls("editMessageText"))
    await house.chat.press("시작")
    await house.settle()
    async with asyncio.timeout(60):
        while "멈췄습니다" not in (await house.chat.last())["text"]:  # noqa: ASYNC110 - as a page would
            await asyncio.sleep(0.01)
    edits = [each["text"] for each in (await house.chat.calls("editMessageText"))[before:]]
    assert [text.splitlines()[-1] for text in edits] == snapshot(
        [
            "시세를 읽고 있습니다.",
            "3 / 30거래일 (10%)",
            "6 / 30거래일 (20%)",
            "9 / 30거래일 (30%)",
            "12 / 30거래일 (40%)",
            "15 / 30거래일 (50%)",
            "18 / 30거래일 (60%)",
            "21 / 30거래일 (70%)",
            "24 / 30거래일 (80%)",
            "27 / 30거래일 (90%)",
            "30 / 30거래일 (100%)",
            "SOXL 계산이 멈췄습니다.",
        ]
    )
    assert edits[3] == snapshot("""\
SOXL V4.0 40분할 백테스트 중입니다.
<code>████░░░░░░░░</code>
9 / 30거래일 (30%)\
""")
    assert captions(await house.chat.last()) == ["조건 바꾸기"]


async def test_a_run_that_is_given_up_leaves_no_worker(house: House, tmp_path: Path) -> None:
    keep(tmp_path, count=4000)
    await _asked(house, "/backtest all")
    await house.chat.press("시작")
    await house.settle()
    told = await house.chat.having("그만두기")
    assert told["text"] == snapshot("""\
SOXL V4.0 40분할 백테스트 중입니다.
시세를 읽고 있습니다.\
""")
    assert _workers()
    await house.chat.press("그만두기")
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot("백테스트를 그만두었습니다.")
    assert not _workers()
    assert house.front.desk.bench.running is None


async def test_only_one_runs_at_a_time(house: House, tmp_path: Path) -> None:
    keep(tmp_path, count=4000)
    await _asked(house, "/backtest all")
    await house.chat.press("시작")
    await house.settle()
    await _asked(house, "/backtest v3 20분할")
    await house.chat.press("시작")
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot(
        "다른 백테스트가 돌고 있습니다: SOXL V4.0 40분할. 한 번에 하나만 돌립니다. "
        "끝난 뒤에 다시 눌러 주세요."
    )
    assert len(_workers()) == 1
    await house.front.desk.bench.stop()


async def test_a_worker_ends_with_the_bot(house: House, tmp_path: Path) -> None:
    keep(tmp_path, count=4000)
    await _asked(house, "/backtest all")
    await house.chat.press("시작")
    await house.settle()
    assert _workers()
    await house.nursery.__aexit__()
    assert not _workers()


async def test_the_button_of_a_run_from_before_a_restart_says_that_it_is_over(
    house: House, tmp_path: Path
) -> None:
    keep(tmp_path, count=4000)
    await _asked(house, "/backtest all")
    await house.chat.press("시작")
    await house.settle()
    await house.front.desk.bench.stop()
    await house.restart()
    await house.chat.press("그만두기")
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot(
        "이미 끝났거나, 봇이 다시 시작되어 멈춘 백테스트입니다."
    )


async def test_without_prices_it_offers_to_fetch_them(house: House, tmp_path: Path) -> None:
    async def fetch(command: FetchPrices) -> PricesFetched:
        keep(tmp_path, command.symbol, count=600)
        return PricesFetched(
            symbol=command.symbol,
            first=date(2024, 8, 5),
            last=date(2026, 11, 20),
            days=600,
            added=600,
            reason="",
        )

    house.service.bus.handle(FetchPrices, fetch)
    assert await _asked(house, "/backtest") == snapshot("""\
백테스트 · SOXL V4.0 40분할
원금   $10,000.00
기간   5년
수수료 0%
시세   없음
[시세 받기]를 누르면 한투에서 일봉을 받아 둡니다. 몇 분 걸릴 수 있습니다.\
""")
    assert "시작" not in captions(await house.chat.last())
    await house.chat.press("시세 받기")
    await house.settle()
    assert await _fetched(house) == snapshot(
        "SOXL 일봉 600일치가 있습니다 (2024-08-05 ~ 2026-11-20). 새로 받은 것은 600일치입니다."
    )
    await house.chat.press("조건 바꾸기")
    await house.settle()
    assert "시작" in captions(await house.chat.last())


async def test_prices_that_cannot_be_fetched_are_told(house: House) -> None:
    async def fetch(_: FetchPrices) -> PricesFetched:
        raise MuhanError("한투에서 시세를 받지 못했습니다.")

    house.service.bus.handle(FetchPrices, fetch)
    await _asked(house, "/backtest")
    await house.chat.press("시세 받기")
    await house.settle()
    assert await _fetched(house) == "한투에서 시세를 받지 못했습니다."


async def test_the_principal_is_typed(house: House, tmp_path: Path) -> None:
    keep(tmp_path, count=600)
    await _asked(house, "/backtest")
    await house.chat.press("원금 바꾸기")
    await house.settle()
    assert (await house.chat.last())["text"] == snapshot(
        "원금을 달러로 적어 주세요. 예: $10,000 · 2만"
    )
    assert "$20,000.00" in await _asked(house, "2만")


async def test_it_begins_with_the_rules_of_the_running_cycle(house: House, tmp_path: Path) -> None:
    keep(tmp_path, "TQQQ", count=600)
    await house.service.record(started())
    await house.settle()
    assert (await _asked(house, "/backtest")).startswith("백테스트 · TQQQ V4.0 40분할")
    choice = Choice(symbol="TQQQ")
    assert agreement(choice, CYCLE.rules) == CYCLE.rules


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "/backtest aapl",
            snapshot(
                "V4.0에 AAPL 40분할은 돌릴 수 없습니다: 이 판이 정한 종목은 "
                "TQQQ와 SOXL, 분할은 20, 30, 40입니다."
            ),
        ),
        ("/backtest v9", snapshot("V9 판은 없습니다. 있는 판: 1.0, 2.1, 2.2, 3.0, 4.0.")),
        (
            "/backtest 7분할",
            snapshot(
                "V4.0에 SOXL 7분할은 돌릴 수 없습니다: 이 판이 정한 종목은 "
                "TQQQ와 SOXL, 분할은 20, 30, 40입니다."
            ),
        ),
        ("/backtest $5", snapshot("원금은 달러로 $100부터 $100,000,000까지 적어 주세요.")),
        ("/backtest 2억원", snapshot("원금은 달러로 $100부터 $100,000,000까지 적어 주세요.")),
        ("/backtest 12%", snapshot("수수료는 0%부터 5%까지 적어 주세요.")),
        (
            "/backtest 🚀",
            snapshot(
                """\
백테스트가 모르는 말입니다: 🚀
종목, 판(v4), 분할(40분할), 기간(5년), 원금($10,000), 수수료(0.25%)를 읽습니다.\
"""
            ),
        ),
        (
            "/backtest 1,23",
            snapshot("'1,23'은 읽을 수 없는 숫자나 날짜입니다. 예: 1,234.5 · 2만 · 5% · 11/3"),
        ),
        (
            "/backtest " + "9" * 300,
            snapshot("글이 너무 깁니다(200자까지). 종목, 날짜, 금액만 적어 주세요."),
        ),
    ],
)
async def test_what_cannot_be_run_is_answered_by_a_sentence(
    house: House, text: str, answer: str
) -> None:
    assert await _asked(house, text) == answer


async def test_an_english_reader_gets_english(house: House, tmp_path: Path) -> None:
    keep(tmp_path, count=600)
    await house.front.desk.people.set(OWNER, LANGUAGE, "en")
    assert await _asked(house, "/backtest all") == snapshot("""\
Backtest · SOXL V4.0, 40 splits
Principal $10,000.00
time      All
Fees      0%
prices    days: 600 (2024-08-05 to 2026-11-20)
Change it by the buttons and press [Run]. Orders and ledger stay as they are.\
""")
    await house.chat.press("Run")
    await _done(house)
    photo = next(m for m in reversed(await house.chat.messages()) if "photo" in m)
    assert photo["text"] == snapshot("""\
Backtest result · SOXL V4.0, 40 splits
2024-08-06 to 2026-11-20 · sessions: 599 · principal $10,000.00 → $6,469.80
            Return a year Drawdown
this method -35.3% -17.3%   -40.9%
Hold        -65.4% -37.1%   -72.8%
DCA         -34.0% -16.6%   -47.7%
cycles finished: 1 (won 0 · lost 1) · longest in sessions: 435
times that the units were used up: 2 · sessions in all: 20
by start date (one a month, 17 of 252 sessions): worst -25.6% · median +10.3% · best +27.2% · 11 gained · 5 ran out of units
This is what one past gave, without taxes and exchange rates. It does not tell the future.\
""")  # noqa: E501 - a line as the chat has it


async def test_a_viewer_gets_the_picture_and_no_file(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, count=600)
    monkeypatch.setitem(house.front.desk.people._named, OWNER, Role.VIEWER)
    await _asked(house, "/backtest all")
    assert "시세 받기" not in captions(await house.chat.having("시작"))
    await house.chat.press("시작")
    await _done(house)
    said = await house.chat.last()
    assert said["photo"]
    assert "$" not in said["text"]


_CHOICES = st.builds(
    Choice,
    symbol=st.sampled_from(("SOXL", "TQQQ", "FNGU")),
    method=st.sampled_from(tuple(versions.METHODS)),
    splits=st.integers(1, 100),
    principal=st.decimals(100, 100_000_000, places=2),
    years=st.integers(0, 30),
    start=st.none() | st.dates(date(1990, 1, 1), TODAY),
    fee_percent=st.decimals(0, 5, places=3),
)


@given(_CHOICES, _CHOICES)
def test_what_a_button_carries_is_read_as_it_was_meant(choice: Choice, other: Choice) -> None:
    read = chosen(choice.text(), other, today=TODAY)
    if choice.start is not None:
        assert read.start == choice.start
    else:
        assert (read.years, read.start) == (choice.years, None)
    assert read.text() == choice.text()


@pytest.mark.parametrize(
    "text",
    ["soxl v3 20 3년 $5,000 0.1%", "0.1% 20분할 3y v3.0 5,000 SOXL", "$5000 0.1% soxl 20 3년 v3"],
)
def test_the_order_of_words_is_free(text: str) -> None:
    assert chosen(text, Choice(symbol="TQQQ"), today=TODAY) == Choice(
        symbol="SOXL", method="3.0", splits=20, principal=D(5000), years=3, fee_percent=D("0.1")
    )


def test_a_year_with_a_dash_begins_there() -> None:
    assert chosen("2015-", Choice(symbol="SOXL"), today=TODAY).start == date(2015, 1, 1)
    assert chosen("2015-03-02", Choice(symbol="SOXL"), today=TODAY).start == date(2015, 3, 2)


def test_years_count_back_from_the_last_stored_day() -> None:
    assert Choice(symbol="SOXL", years=1).first_day(date(2024, 2, 29)) == date(2023, 2, 28)
    assert Choice(symbol="SOXL", years=0).first_day(date(2024, 2, 29)) is None
