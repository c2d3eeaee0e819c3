"""Every word in English too, and a word for every code."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import bot.telegram
from bot.telegram import texts
from bot.telegram.catalogue import LOCALES, Words
from bot.telegram.compiled import catalogue
from bot.trading.model import Approval, OrderState
from bot.trading.refusal import Refusal, Why
from strategy.cycle import PARTIAL_WITHOUT_CREDIT
from strategy.model import Half, Leg, Phase, Side

# Who says a text, and which argument it is.
SAYING = {"say": 0, "plain": 0, "mark": 0, "show": 1, "_button": 1}


def said() -> Iterator[str]:
    for path in sorted(Path(bot.telegram.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = SAYING.get(name, len(node.args))
            captions = [word.value for word in node.keywords if word.arg == "caption"]
            for argument in [*node.args[place : place + 1], *captions]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def english() -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for entry in catalogue(LOCALES / "en" / "LC_MESSAGES"):
        forms = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        for form in forms if entry.id else ():
            korean = entry.id if isinstance(entry.id, str) else entry.id[0]
            found[korean, str(form)] = None
    return list(found)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_text_has_an_english_translation_and_none_is_left_over() -> None:
    found = set(said())
    assert len(found) > 150
    assert found == {korean for korean, _ in english()}


def test_a_text_that_two_families_say_has_one_translation() -> None:
    found: dict[str, set[str]] = {}
    for source in sorted((LOCALES / "en" / "LC_MESSAGES").glob("*.po")):
        with source.open("rb") as file:
            for entry in read_po(file):
                found.setdefault(str(entry.id), set()).add(str(entry.string))
    assert {korean: said for korean, said in found.items() if korean and len(said) > 1} == {}


@pytest.mark.parametrize(("korean", "translated"), sorted(english()))
def test_a_translation_uses_the_same_figures(korean: str, translated: str) -> None:
    assert translated
    assert fields(korean) == fields(translated)


def test_a_clean_clone_speaks_english_without_a_build_step() -> None:
    assert Words("en").say("승인") == "Approve"
    assert Words("ko").say("승인") == "승인"


def test_every_reason_of_a_refusal_is_a_sentence() -> None:
    words = Words()
    for why in Why:
        sentence = texts.refusal(words, Refusal(why))
        assert sentence.endswith(".")
        assert why.value not in sentence


def test_every_code_of_the_trade_has_a_word() -> None:
    assert set(texts.LEGS) == set(Leg)
    assert set(texts.STATES) == set(OrderState)
    assert set(texts.APPROVALS) == set(Approval)
    assert set(texts.PHASES) == set(Phase)
    assert set(texts.HALVES) == set(Half)
    assert set(texts.SIDES) == set(Side)
    assert set(texts.NOTES) == {PARTIAL_WITHOUT_CREDIT}


def test_a_reason_with_figures_is_known_by_its_first_word() -> None:
    words = Words()
    assert texts.withheld(words, "band 150.00 100.00") == "현재가에서 너무 먼 가격입니다"
    assert texts.withheld(words, "something new") == "something"


def test_a_note_of_the_settlement_names_its_leg() -> None:
    words = Words()
    assert texts.note(words, "star partial_without_credit") == (
        "매수 별LOC: 절반 미만 체결이라 T에 더하지 않았습니다"
    )
    assert texts.note(words, "no such note") == "no such note"
