"""/pnl, /report, /risk, /compare and /export as a person sees them."""

import asyncio
import csv
import io
import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from inline_snapshot import snapshot

from bot.commands.asking import AskBars, AskOutlook, AskTax, Taxed
from bot.events import CycleChanged, FeesCharged, RateSeen
from bot.reports.outlook import Outlook, OutlookAsked, outlook
from bot.storage.people import LANGUAGE, Role
from bot.tax import Books, Gain
from bot.trading.model import CONSOLE
from bot.trading.refusal import Refusal, Why
from strategy import cycle
from strategy.bookkeeping import apply
from strategy.changes import ShareSplit
from strategy.cycle import charge_more
from strategy.model import ZERO, Bar
from tests.bot.reports.history import BEGIN, bars, played, rules
from tests.bot.reports.test_files import GAIN
from tests.bot.telegram.conftest import OWNER, TOKEN, House, captions
from tests.bot.telegram.past import journalled

D = Decimal
WORKING = ("소진 확률을 계산하고", "Working out the odds")
UP = ("100", "100", "97", "94", "96", "99", "103", "108", "115", "121", "128", "130", "126", "131")


def past(closes: Sequence[str] = UP) -> tuple[Bar, ...]:
    """Bars of a hundred sessions before the run, and of the run."""
    swing = [f"{100 + 4 * (n % 7) - 3 * (n % 5):.2f}" for n in range(100)]
    first = BEGIN.replace(year=2025)
    return (*bars(swing, first), *bars(closes))


def serve(house: House, known: tuple[Bar, ...] | None) -> None:
    """Answer for bars as the trading side does; None is a broker that says nothing."""

    async def answer(command: AskBars) -> tuple[Bar, ...]:
        if known is None:
            raise Refusal(Why.BROKER_SILENT, reason="time-out")
        return known[-command.count :]

    async def odds(command: AskOutlook) -> Outlook:
        view = await house.service.views.cycle(command.cycle_id)
        assert view is not None
        found = await answer(AskBars(symbol=view.symbol, count=500))
        *_, last = outlook(OutlookAsked(cycle=view.cycle, bars=found))
        assert last is not None
        return last

    house.service.bus.handle(AskBars, answer)
    house.service.bus.handle(AskOutlook, odds)


async def asked(house: House, text: str) -> str:
    """Say something; answer with the last message, once nothing is being worked out for it."""
    await house.chat.send(text)
    await house.settle()
    async with asyncio.timeout(60):
        while (said := str((await house.chat.last())["text"])).startswith(WORKING):  # noqa: ASYNC110 - a page looks
            await asyncio.sleep(0.01)
    return said


async def pressed(house: House, caption: str) -> dict[str, Any]:
    """Press the newest button of a caption; answer with what it became, or with what came."""
    message = await house.chat.having(caption)
    before = len(await house.chat.messages())
    await house.chat.press(caption, message=message)
    await house.settle()
    found = await house.chat.messages()
    if len(found) > before:
        return found[-1]
    return next(one for one in found if one["id"] == message["id"])


async def test_a_months_profit_with_the_way_to_all_others(house: House) -> None:
    await journalled(house, played(UP))
    await house.service.record(RateSeen(day=BEGIN, rate=D("1387.5")))
    assert await asked(house, "/pnl") == snapshot("""\
월간 손익 · 2026년 10월
실현      +$325.52
평가 포함 +3.90%
매수      $2,353.00
매도      $2,677.12
수수료    $12.60 (약정)
거래일    11일
졸업 #1 TQQQ +$325.56 (+3.26%)
원화로 약 ₩451,659 (9월 28일(월) 환율 1,387.5)
지금 미실현 +$49.00 (TQQQ +$49.00)\
""")
    assert captions(await house.chat.last()) == snapshot(
        ["일", "주", "월", "년", "◀ 이전", "그림", "사이클", "CSV"]
    )
    before = await pressed(house, "◀ 이전")
    assert before["text"] == snapshot("""\
월간 손익 · 2026년 9월
실현      -$2.47
평가 포함 -0.17%
매수      $985.00
매도      $0.00
수수료    $2.47 (약정)
거래일    2일
원화로 약 -₩3,427 (9월 28일(월) 환율 1,387.5)
지금 미실현 +$49.00 (TQQQ +$49.00)\
""")
    assert (await pressed(house, "다음 ▶"))["text"].startswith("월간 손익 · 2026년 10월")
    assert (await pressed(house, "주"))["text"] == snapshot("""\
주간 손익 · 10월 12일(월) ~ 10월 18일(일)
실현      -$1.30
평가 포함 +0.46%
매수      $515.00
매도      $0.00
수수료    $1.30 (약정)
거래일    4일
원화로 약 -₩1,804 (9월 28일(월) 환율 1,387.5)
지금 미실현 +$49.00 (TQQQ +$49.00)\
""")
    assert (await pressed(house, "일"))["text"] == snapshot("""\
하루 손익 · 10월 15일(목)
실현      -$0.33
평가 포함 +0.34%
매수      $131.00
매도      $0.00
수수료    $0.33 (약정)
거래일    1일
원화로 약 -₩458 (9월 28일(월) 환율 1,387.5)
지금 미실현 +$49.00 (TQQQ +$49.00)\
""")
    assert (await pressed(house, "년"))["text"].startswith("연간 손익 · 2026")


async def test_profit_is_asked_for_in_any_order_and_language(house: House) -> None:
    await journalled(house, played(UP))
    week = await asked(house, "/pnl 주 2026-10-01")
    for text in ("손익 10/1 주간", "/손익 10월 1일 주", "pnl week 2026-10-01"):
        assert await asked(house, text) == week


async def test_profit_is_drawn_as_a_calendar_or_as_bars(house: House) -> None:
    await journalled(house, played(UP))
    await asked(house, "손익")
    month = await pressed(house, "그림")
    assert month["photo"]
    assert month["text"].startswith("월간 손익")
    await asked(house, "손익 주 그림")
    assert (await house.chat.last())["photo"]


async def test_several_symbols_are_told_apart(house: House) -> None:
    await journalled(house, played(UP))
    other = cycle.start(rules("SOXL"), D(5000))
    await journalled(house, played(UP[:9], cycle_id=2, cycle=other))
    assert await asked(house, "/pnl 월") == snapshot("""\
월간 손익 · 2026년 10월
실현      +$378.53
평가 포함 +3.69%
매수      $2,935.00
매도      $3,123.12
수수료    $15.19 (약정)
거래일    11일
종목별 TQQQ +$325.52 · SOXL +$53.01
졸업 #1 TQQQ +$325.56 (+3.26%)
지금 미실현 +$153.40 (TQQQ +$49.00 · SOXL +$104.40)\
""")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "/pnl soxl",
            snapshot("여기서는 'soxl'의 뜻을 모릅니다. 이렇게 써 주세요: 손익 주 10/7"),
        ),
        (
            "/pnl 2026-13-45",
            snapshot(
                "'2026-13-45'는 읽을 수 없는 숫자나 날짜입니다. 예: 1,234.5 · 2만 · 5% · 11/3"
            ),
        ),
        (
            "/pnl 1999-01-01",
            snapshot("""\
월간 손익 · 1999년 1월
이 기간에는 정산한 회차가 없습니다.
지금 미실현 -$45.00 (TQQQ -$45.00)\
"""),
        ),
        (
            "/pnl 2만",
            snapshot("여기서는 '2만'의 뜻을 모릅니다. 이렇게 써 주세요: 손익 주 10/7"),
        ),
        (
            "/report 🦄",
            snapshot("여기서는 '🦄'의 뜻을 모릅니다. 이렇게 써 주세요: 보고 월간 10/7"),
        ),
        (
            "/compare 1,234.5",
            snapshot("여기서는 '1,234.5'의 뜻을 모릅니다. 이렇게 써 주세요: 비교 soxl"),
        ),
        (
            "/export 그냥 다",
            snapshot("여기서는 '그냥'의 뜻을 모릅니다. 이렇게 써 주세요: 내보내기 거래 2026 엑셀"),
        ),
    ],
)
async def test_what_cannot_be_meant_gets_a_sentence(house: House, text: str, answer: str) -> None:
    await journalled(house, played(UP[:4]))
    assert await asked(house, text) == answer
    assert captions(await house.chat.last())


async def test_before_the_first_close_every_command_says_what_comes(house: House) -> None:
    serve(house, ())
    for text in ("/pnl", "/report", "/risk", "/compare", "/export 거래"):
        answer = await asked(house, text)
        assert answer.count("\n") == 0
        assert answer.endswith(".")
        assert captions(await house.chat.last()), text


async def test_the_report_is_the_last_day_with_its_picture(house: House) -> None:
    await journalled(house, played(UP))
    assert await asked(house, "/report") == snapshot("""\
10월 15일(목) 미국장 결과
매수 1주 · 매도 0주 · 실현 -$0.33 · 수수료 $0.33

TQQQ 2번째 사이클 · 5일째
T      3.00/20
소진율 15.0% · 최대 T 3.00
보유   8주 · 평단 $124.88
잔금   $9,324.05
실현   -$2.51 · 수수료 $2.51
평가   +4.90%

누적 13거래일 · 실현 +$323.05 · 수수료 $15.07
졸업 1번 (이익 1번) · 가장 길게 8일 · 원금 소진 0번\
""")
    said = await house.chat.last()
    assert said["photo"]
    assert captions(said) == snapshot(["주간 회고", "월간 회고", "손익", "사이클", "파일"])


async def test_a_week_and_a_month_are_looked_back_on_by_button(house: House) -> None:
    await journalled(house, played(UP))
    await asked(house, "/보고")
    week = await pressed(house, "주간 회고")
    assert week["text"] == snapshot("""\
주간 손익 · 10월 12일(월) ~ 10월 18일(일)
실현      -$1.30
평가 포함 +0.46%
매수      $515.00
매도      $0.00
수수료    $1.30 (약정)
거래일    4일
지난주 실현 +$329.20
낙폭 가장 깊게 -0.5% · 지금 고점에서 0.0%
TQQQ T 3.00/20 · 소진율 15.0% · 보유 8주\
""")
    assert week["photo"]
    month = await pressed(house, "월간 회고")
    assert month["text"].startswith("월간 손익 · 2026년 10월")
    assert month["photo"]


async def test_risk_in_plain_words(house: House) -> None:
    await journalled(house, played(UP))
    serve(house, past())
    assert await asked(house, "/risk") == snapshot("""\
TQQQ · T 3.00/20 · 소진율 15.0%
비슷한 날들로 그려 본 앞날 200번 중 0번(0.0%)은
60거래일 안에 원금이 소진됩니다. (뽑기의 95% 구간 0.0%~1.9%)
2025년 9월부터 2026년 10월까지 113거래일을 10일씩 이어 붙여 뽑았습니다.
과거에 없던 폭락은 들어 있지 않고, 과거가 되풀이된다는 뜻도 아닙니다.

낙폭: 시작부터 가장 깊게 -0.5% · 지금 고점에서 0.0%
TQQQ 10.1% $1,048.00
현금 89.9% $9,324.05
하루에 10% 내리면 -$104.80 (전체의 -1.0%)\
""")
    assert captions(await house.chat.last()) == snapshot(["비교", "사이클", "용어", "새로고침"])


async def test_risk_without_an_answer_of_the_broker_tells_the_rest(house: House) -> None:
    await journalled(house, played(UP))
    serve(house, None)
    assert await asked(house, "/위험") == snapshot("""\
TQQQ · T 3.00/20 · 소진율 15.0%
한투가 답하지 않아 소진 확률은 지금 낼 수 없습니다.

낙폭: 시작부터 가장 깊게 -0.5% · 지금 고점에서 0.0%
TQQQ 10.1% $1,048.00
현금 89.9% $9,324.05
하루에 10% 내리면 -$104.80 (전체의 -1.0%)\
""")


async def test_risk_over_a_short_past_says_that_it_is_short(house: House) -> None:
    await journalled(house, played(UP))
    serve(house, bars(UP))
    assert "과거 일봉이 13일뿐이라" in await asked(house, "/risk")


async def test_the_money_is_held_against_other_ways(house: House) -> None:
    await journalled(house, played(UP))
    serve(house, past())
    assert await asked(house, "/compare") == snapshot("""\
TQQQ · 9월 29일(화) ~ 10월 15일(목) · 13거래일
              수익률 최대낙폭
무한 V4.0/20  +3.72%    -0.5%
존버         +30.67%    -6.2%
적립식       +19.08%    -2.7%
V2.2/40       +1.80%    -0.2%
V3.0/20       +3.72%    -0.5%
V4.0/40       +1.80%    -0.2%
같은 날, 같은 돈, 같은 수수료로 셌습니다.
다른 버전은 저마다의 기본 규칙으로 첫날 현금만으로 시작합니다.\
""")
    said = await house.chat.last()
    assert said["photo"]
    assert captions(said) == snapshot(["위험", "사이클", "백테스트"])


async def test_with_several_cycles_it_asks_which_to_compare(house: House) -> None:
    serve(house, past())
    await journalled(house, played(UP))
    other = cycle.start(rules(method="2.2"), D(20000))
    await journalled(house, played(UP, cycle_id=2, cycle=other))
    assert await asked(house, "비교 tqqq") == snapshot("어느 사이클을 비교할까요?")
    second = await pressed(house, "TQQQ V2.2")
    assert "무한 V2.2/20" in second["text"]


async def test_a_run_over_a_split_is_not_compared(house: House) -> None:
    await journalled(house, played(UP))
    known = list(past())
    known[-5] = bars(["45"], known[-5].day)[0]
    serve(house, tuple(known))
    assert await asked(house, "/compare TQQQ") == snapshot(
        "TQQQ 일봉에 주식 분할이 있어 그 앞뒤를 비교하지 않습니다."
    )


async def test_a_silent_broker_is_told_and_nothing_is_compared(house: House) -> None:
    await journalled(house, played(UP))
    serve(house, None)
    await asked(house, "/compare")
    assert captions(await house.chat.last())
    assert not (await house.chat.last()).get("photo")


async def test_a_file_is_chosen_by_button_and_holds_the_trades(house: House) -> None:
    await journalled(house, played(UP))
    assert await asked(house, "/export") == snapshot(
        "어떤 파일을 드릴까요? 이 계좌에서 봇이 아는 거래만 들어 있고, 금액이 그대로 보입니다."
    )
    assert captions(await house.chat.last()) == snapshot(
        ["거래 CSV", "사이클 CSV", "세금 CSV", "전부 엑셀"]
    )
    sent = await pressed(house, "거래 CSV")
    assert sent["text"] == snapshot("""\
거래 · 19줄
수수료는 한투가 뗀 금액이고, 한투가 알리기 전에는 약정 요율입니다.\
""")
    assert sent["document"]["file_name"] == "muhan-trades.csv"
    content = await _content(house, sent["document"]["file_id"])
    _, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == int(sent["text"].split("줄")[0].split(" · ")[1])


async def test_what_the_broker_took_is_in_the_profit_and_in_the_file(house: House) -> None:
    rounds = played(UP)
    await journalled(house, rounds)
    await asked(house, "/pnl 월")
    by_rate = (await house.chat.last())["text"]
    assert "(약정)" in by_rate
    last = rounds[7]
    assert last.settlement is not None
    fees = last.settlement.fees
    ledger = rounds[-1].settlement
    assert ledger is not None
    await house.service.record(
        FeesCharged(
            round_id=last.round_id,
            cycle_id=1,
            session=last.session,
            booked=fees,
            bought=ZERO,
            sold=D("3.11"),
            before=ledger.after,
            after=charge_more(ledger.after, D("3.11") - fees),
        )
    )
    assert await asked(house, f"/pnl 일 {last.session.isoformat()}") == snapshot("""\
하루 손익 · 10월 8일(목)
실현      +$271.76
평가 포함 +0.78%
매수      $0.00
매도      $2,029.12
수수료    $3.11 (한투)
거래일    1일
졸업 #1 TQQQ +$325.56 (+3.26%)
지금 미실현 +$49.00 (TQQQ +$49.00)\
""")
    assert "그중 약정" in await asked(house, "/pnl 월")
    await asked(house, "/export 거래 csv")
    content = await _content(house, (await house.chat.last())["document"]["file_id"])
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    charged = [row for row in rows if row["수수료 기준"] == "한투"]
    assert {row["미국 거래일"] for row in charged} == {last.session.isoformat()}
    assert sum(D(row["수수료 USD"]) for row in charged) == D("3.11")
    assert {row["수수료 기준"] for row in rows} == {"한투", "약정"}


async def _content(house: House, file_id: str) -> bytes:
    address = f"{house.chat.address}/file/bot{TOKEN}/files/{file_id}"
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return await answer.read()


async def test_the_workbook_holds_the_taxed_sales_too(house: House) -> None:
    await journalled(house, played(UP))
    _taxed(house, (GAIN,))
    await asked(house, "/내보내기 엑셀")
    sent = await house.chat.last()
    assert sent["document"]["file_name"] == "muhan-all.xlsx"
    assert sent["text"] == snapshot("""\
거래 · 사이클 · 양도세 · 21줄
수수료는 한투가 뗀 금액이고, 한투가 알리기 전에는 약정 요율입니다.
세금 계산은 참고용입니다.\
""")
    await asked(house, "/export 2026 세금")
    assert (await house.chat.last())["document"]["file_name"] == "muhan-tax-2026.csv"
    assert "넣을 매도가 없습니다" in await asked(house, "/export tax 2027")


def _taxed(house: House, gains: tuple[Gain, ...]) -> None:
    async def answer(_command: AskTax) -> Taxed:
        day = GAIN.session
        return Taxed(
            year=2026, books=Books(gains=gains), last_session=day, day=day, rate=D(1), settles=day
        )

    house.service.bus.handle(AskTax, answer)


async def test_a_viewer_sees_percentages_and_gets_no_file(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journalled(house, played(UP))
    serve(house, past())
    monkeypatch.setitem(house.front.desk.people._named, OWNER, Role.VIEWER)
    for text in ("/pnl", "/report", "/cycle 1", "/cycles", "/risk", "/compare"):
        said = await asked(house, text)
        assert "%" in said, text
        assert "$" not in said.replace("$•••", ""), said
    assert await asked(house, "/export 거래 csv") == snapshot(
        """\
보기 전용이라 할 수 없는 일입니다. 바뀐 것은 없습니다.
주인에게 알렸습니다.\
"""
    )
    assert not (await house.chat.last()).get("document")


async def test_an_english_reader_gets_english(house: House) -> None:
    await journalled(house, played(UP))
    serve(house, past())
    await house.front.desk.people.set(OWNER, LANGUAGE, "en")
    for text in ("/cycle", "/cycles", "/cycle 1", "/pnl", "/report week", "/risk", "/compare"):
        said = await asked(house, text)
        assert not re.search("[가-힣]", said), said
        assert not any(re.search("[가-힣]", each) for each in captions(await house.chat.last()))
    assert await asked(house, "/pnl week") == snapshot("""\
The week · Mon 12 Oct ~ Sun 18 Oct
Realized  -$1.30
With held +0.46%
buy       $515.00
sell      $0.00
Fees      $1.30 (agreed)
Sessions  4
Not realized now: +$49.00 (TQQQ +$49.00)\
""")
    assert (await pressed(house, "Month"))["text"].startswith("The month · Oct 2026")


async def test_a_split_on_the_eve_of_its_first_close_is_no_gain_and_no_loss(house: House) -> None:
    rounds = played(UP[:6])
    await journalled(house, rounds)
    serve(house, past())
    texts = ("/pnl", "/report", "/risk")
    before = [await asked(house, text) for text in texts]
    last = rounds[-1].settlement
    assert last is not None
    split = ShareSplit(new=2, old=1)
    await house.service.record(
        CycleChanged(
            cycle_id=1,
            change=split,
            from_session=last.session + timedelta(days=1),
            before=last.after,
            after=apply(last.after, split),
            by=CONSOLE,
        )
    )
    after = [await asked(house, text) for text in texts]
    unrealized = [line for line in before[0].splitlines() if "미실현" in line]
    assert unrealized
    assert [line for line in after[0].splitlines() if "미실현" in line] == unrealized
    worth = [line for line in before[1].splitlines() if line.startswith("평가")]
    assert worth
    assert [line for line in after[1].splitlines() if line.startswith("평가")] == worth
    spread = [line for line in before[2].splitlines() if line.startswith(("TQQQ  ", "TQQQ $"))]
    assert [line for line in after[2].splitlines() if line in spread] == spread


FILES = {"CSV", "파일", "거래 CSV", "사이클 CSV", "세금 CSV", "전부 엑셀"}


async def test_a_viewer_is_offered_no_file(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await journalled(house, played(UP))
    serve(house, past())
    texts = ("/pnl", "/report", "/cycle 1", "/cycles")
    for text in texts:
        await asked(house, text)
        assert FILES & set(captions(await house.chat.last())), text
    monkeypatch.setitem(house.front.desk.people._named, OWNER, Role.VIEWER)
    for text in texts:
        await asked(house, text)
        offered = captions(await house.chat.last())
        assert offered, text
        assert not FILES & set(offered), text
