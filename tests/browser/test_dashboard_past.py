"""The pages that look back, in a real browser over a state file of some months; no bot runs.

`MUHAN_SCREENSHOTS=folder` keeps a picture of each step, for somebody to look at.
"""

from pathlib import Path

from playwright.async_api import Locator, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

from bot.storage.database import DATABASE_NAME, opened
from tests.bot.laboratory.stored import keep
from tests.browser.looking_back import VIEWER, write_state
from tests.browser.panel import Visitor, dashboard, let_in, visitor
from tests.browser.test_demo_page import (
    DESKTOP,
    PHONE,
    pytestmark,  # noqa: F401 - skips without a browser
)

TALL = (PHONE[0], 2400)
MANY_DAYS = 900
PRESSES = 4
"""Enough prices for a grid that is still running when it is stopped."""


async def test_the_past_is_looked_at_on_a_phone_and_by_a_viewer(tmp_path: Path) -> None:
    home = tmp_path / "home"
    await write_state(home)
    keep(home, count=MANY_DAYS)
    owner, guest = await let_in(home), await let_in(home, VIEWER)
    # The kernel would be done before anybody could stop it; so numba is one that cannot be loaded.
    broken = tmp_path / "packages"
    broken.mkdir()
    (broken / "numba.py").write_text('raise ImportError("broken")\n', encoding="ascii")
    async with dashboard(home, packages=str(broken)) as address:
        async with visitor(address, tmp_path, session=owner, size=TALL) as we:
            await looks_at_cycles(we)
            await looks_at_performance(we)
            await works_in_the_laboratory(we)
        async with visitor(address, tmp_path, session=guest, language="en", size=DESKTOP) as viewer:
            await sees_no_amounts(viewer)


async def looks_at_cycles(we: Visitor) -> None:
    await we.goes("cycles")
    await we.sees("사이클", "12.00/20", "67주", "$98.82")
    await expect(chooser(we)).to_have_value("TQQQ 4번째 · V4.0 20분할 · 진행 중")
    await we.sees("끝난 사이클", "TQQQ V4.0/20", "2026-11-16 ~ 2027-01-12", "+$738.04")
    await drawn(we, 1)
    await expect(legend(we)).to_contain_text("평단")
    await we.page.get_by_text("체결 36건").click()
    await we.sees("매수 첫LOC", "매도 쿼터LOC")
    await we.fits()
    await we.picture("p1-cycles")
    await choose(we, "#2 TQQQ 2번째")
    await expect(chooser(we)).to_have_value("#2 TQQQ 2번째 · V4.0 20분할 · +7.09%")
    await expect(we.page.locator("dl.muhan dd").first).to_have_text("+7.09%")
    await we.page.get_by_text("체결 49건").click()
    await expect(we.page.locator(".stDownloadButton")).to_have_count(2)
    trades = await downloaded(we, 0)
    head, *rows = trades.splitlines()
    assert head.startswith("\ufeff미국 거래일,종목,사이클")
    assert rows
    assert all(",TQQQ,2,V4.0," in row for row in rows)
    cycles = await downloaded(we, 1)
    assert len(cycles.splitlines()) == 1 + 3
    await we.picture("p2-a-finished-cycle")


async def looks_at_performance(we: Visitor) -> None:
    await we.goes("performance")
    await we.sees("성과", "전체", "수익률", "최대 낙폭", "환율은 따로", "판 것 (실현)", "₩")
    await drawn(we, 3)
    await we.picture("p3-performance")
    await pick(we, "TQQQ (1)")
    await expect(legend(we)).to_contain_text("존버")
    await expect(legend(we)).to_contain_text("적립식")
    await we.sees("적립식은 이 기간 전체에 똑같이 나누어 삽니다.")
    await pick(we, "년")
    await choose(we, "2026")
    await we.sees("2026년 · 합계")
    await we.fits()
    await we.picture("p4-a-run-beside-others")
    years = await downloaded(we, 0)
    assert [row.partition(",")[0] for row in years.splitlines()[1:]] == ["2026", "2027"]


async def works_in_the_laboratory(we: Visitor) -> None:
    await we.goes("laboratory")
    await we.sees("실험실", "목표 %")
    await expect(chooser(we)).to_have_value("SOXL")
    await we.presses("돌리기")
    await drawn(we, 2)
    await we.sees("SOXL V4.0/40 +20%", "존버", "적립식", "연평균", "2026", "한 달마다 시작")
    await we.fits()
    await we.picture("p5-a-run")
    assert (await downloaded(we, 0)).startswith("date,close,phase,turn")
    await we.page.get_by_role("tab", name="분할 × 목표").click()
    await we.presses("표 만들기")
    await drawn(we, 3)
    await we.sees("SOXL V4.0", "21칸", "기본 엔진", "가장 좋은 칸이 앞으로도")
    numbers = we.page.locator(".js-plotly-plot").first
    await expect(numbers).to_contain_text("-50.8%")  # the return of 40 splits at 5 %
    await pick(we, "최대 낙폭")
    await expect(numbers).not_to_contain_text("-50.8%")
    await we.fits()
    await we.picture("p6-a-grid")
    await pick(we, "V2.2")
    await expect(we.page.get_by_role("button", name="표 만들기")).to_be_enabled()
    await we.presses("표 만들기")
    await expect(we.page.get_by_role("button", name="그만두기")).to_be_visible()
    await we.picture("p7-on-its-way")
    await we.presses("그만두기")
    await we.sees("SOXL V2.2: 그만두었습니다.")
    await expect(we.page.get_by_role("button", name="표 만들기")).to_be_enabled()


async def sees_no_amounts(viewer: Visitor) -> None:
    main = viewer.page.locator(".stMain")
    for page, title, figures in (("cycles", "Cycles", 1), ("performance", "Performance", 3)):
        await viewer.goes(page)
        await viewer.sees(title, "•••")
        await drawn(viewer, figures)
        text = await main.inner_text()
        assert "$" not in text
        assert "₩" not in text
        await expect(main.get_by_text("Download CSV")).to_have_count(0)
        await viewer.fits()
        await viewer.picture(f"p8-viewer-{page}")


async def test_pages_without_a_past_say_what_to_do(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    async with opened(home / DATABASE_NAME):
        pass
    owner = await let_in(home)
    async with (
        dashboard(home) as address,
        visitor(address, tmp_path, session=owner, language="en") as we,
    ):
        await we.goes("cycles")
        await we.sees("No session is settled yet. Start a cycle in the chat with /setup")
        await we.goes("performance")
        await we.sees("No session is settled yet.", "/setup")
        await we.goes("laboratory")
        await we.sees("No prices are stored.", "muhan prices TQQQ")
        await we.fits()
        await we.picture("p9-nothing-yet")


async def drawn(we: Visitor, count: int) -> None:
    """Wait until so many figures are drawn."""
    await expect(we.page.locator(".js-plotly-plot .main-svg .draglayer")).to_have_count(count)


def legend(we: Visitor) -> Locator:
    return we.page.locator(".js-plotly-plot .legend").first


def chooser(we: Visitor) -> Locator:
    """Find a page's only list."""
    return we.page.locator(".stSelectbox input").first


async def choose(we: Visitor, text: str) -> None:
    """Choose from a page's only list by the beginning of a line."""
    await chooser(we).click()
    await we.page.get_by_role("option", name=text).click()


async def pick(we: Visitor, caption: str) -> None:
    """Pick from choices that stand side by side."""
    await we.page.get_by_role("radio", name=caption, exact=True).click()


async def downloaded(we: Visitor, place: int) -> str:
    """Read the file behind one of the page's download buttons."""
    button = we.page.locator(".stDownloadButton button").nth(place)
    for _ in range(PRESSES):  # a press while the page is drawn anew goes nowhere: press again
        try:
            async with we.page.expect_download(timeout=15_000) as waited:
                await button.click()
        except PlaywrightTimeout:
            continue
        path = await (await waited.value).path()
        return Path(path).read_bytes().decode("utf-8")
    raise AssertionError(f"download {place} did not come")
