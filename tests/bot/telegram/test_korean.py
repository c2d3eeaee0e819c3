import pytest

from bot.telegram.korean import with_particle
from bot.telegram.markup import Html, fill, fill_plain


@pytest.mark.parametrize(
    ("word", "particle", "joined"),
    [
        ("주문", "은", "주문은"),
        ("회차", "은", "회차는"),
        ("회차", "이", "회차가"),
        ("사이클", "을", "사이클을"),
        ("서울", "으로", "서울로"),
        ("부산", "로", "부산으로"),
        ("TQQQ", "은", "TQQQ는"),
        ("SOXL", "은", "SOXL은"),
        ("SOXL", "으로", "SOXL로"),
        ("3", "이", "3이"),
        ("2", "이", "2가"),
        ("T 7.50)", "과", "T 7.50)과"),
        ("", "은", "는"),
    ],
)
def test_a_particle_follows_the_sound_before_it(word: str, particle: str, joined: str) -> None:
    assert with_particle(word, particle) == joined


def test_a_template_takes_a_particle_as_its_format() -> None:
    assert fill_plain("{leg:이} 없습니다", leg="평단LOC") == "평단LOC가 없습니다"


def test_every_value_is_escaped_unless_it_is_html_already() -> None:
    assert fill("<b>{a}</b>{b}", a="<script>&", b=Html("<i>x</i>")) == (
        "<b>&lt;script&gt;&amp;</b><i>x</i>"
    )
