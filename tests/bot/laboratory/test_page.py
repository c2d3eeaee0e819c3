import base64
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from bot.laboratory.page import _section, page
from bot.laboratory.sheets import Sheet
from bot.laboratory.study import Study
from bot.laboratory.words import Language
from tests.bot.laboratory.studies import full, studied

PICTURES = {"equity": b"\x89PNG one", "starts": b"\x89PNG two"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
VOID = {"meta", "img"}


class Reader(HTMLParser):
    """Reads a page: its text, its attributes, and whether every tag is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.sources += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _read(study: Study, language: Language = Language.KO) -> tuple[str, Reader]:
    made = page(study, language, PICTURES)
    reader = Reader()
    reader.feed(made)
    assert reader.open == []
    return made, reader


def test_a_page_is_whole_and_carries_its_pictures_in_itself() -> None:
    made, reader = _read(full())
    assert made.startswith("<!DOCTYPE html>")
    sources = [
        f"data:image/png;base64,{base64.b64encode(each).decode()}" for each in PICTURES.values()
    ]
    assert reader.sources == sources


def test_a_page_asks_nobody_for_anything() -> None:
    made, _ = _read(full())
    assert "http:" not in made
    assert "https:" not in made
    assert "<script" not in made
    assert "@import" not in made
    assert "url(" not in made
    assert "default-src 'none'" in made


def test_a_page_fits_a_phone() -> None:
    made, _ = _read(full())
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in made
    tables = made.count("<table")
    assert made.count('<div class="scroll"><table') == tables > 5


def test_a_page_says_the_figures_the_years_the_cycles_and_the_limits() -> None:
    study = full()
    _, reader = _read(study)
    text = "\n".join(reader.text)
    assert f"{study.ledgers.final_equity:,.2f} USD" in text
    for title in (
        "연도별",
        "사이클",
        "존버·적립식과 비교",
        "시작일별 요약",
        "이 계산의 가정과 한계",
    ):
        assert title in text
    assert "2025" in text
    assert "종가에 전량 체결됩니다" in text
    assert study.question.data_sha256 in text


def test_long_tables_are_folded() -> None:
    made, _ = _read(studied())
    assert "<details>" not in made
    rows = full().starts
    longer, _ = _read(replace(full(), starts=rows * 10))
    assert f"{len(rows) * 10}개 모두 보기" in longer


def test_what_comes_from_outside_is_escaped() -> None:
    study = studied()
    rules = replace(study.rules, symbol="<b>&\"'")
    made, _ = _read(replace(study, question=replace(study.question, rules=rules)))
    assert "<b>" not in made
    assert "&lt;b&gt;&amp;&quot;&#x27;" in made
    sheet = Sheet(name="x", title="<i>", header=("<i>", "b", "c"), rows=(("<i>", "", ""),))
    assert _section(sheet, Language.EN, "").count("&lt;i&gt;") == 3


@pytest.mark.parametrize("language", list(Language))
def test_a_page_says_its_language(language: Language) -> None:
    made, reader = _read(full(), language)
    assert f'<html lang="{language.value}">' in made
    hangul = re.search("[가-힣]", "".join(reader.text))
    assert (hangul is None) == (language is Language.EN)


def test_lost_years_are_marked() -> None:
    made, _ = _read(studied())
    assert '<tr class="loss"><td>2025</td>' in made


@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
async def test_on_a_phone_only_tables_scroll_sideways_and_nothing_is_fetched(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run.html"
    path.write_text(page(full(cycles=2, stagger=5), Language.KO, PICTURES), encoding="utf-8")
    asked: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        shown = await browser.new_page(viewport={"width": 360, "height": 780})
        shown.on("request", lambda request: asked.append(request.url))
        await shown.goto(path.as_uri())
        width = await shown.evaluate("document.documentElement.scrollWidth")
        narrowest = await shown.evaluate(
            "Math.min(...[...document.querySelectorAll('td:first-child')]"
            ".filter(each => each.innerText.length > 2).map(each => each.offsetWidth))"
        )
        await browser.close()
    assert width == 360
    assert narrowest > 40
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
