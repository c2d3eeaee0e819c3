from dataclasses import replace
from pathlib import Path
from struct import unpack

import pytest
from matplotlib import font_manager

from bot.charts import drawing, style, words
from bot.charts.cycle import cycle
from bot.charts.drawing import draw
from bot.charts.wire import packed, unpacked
from bot.laboratory import fonts
from bot.laboratory.words import Language
from tests.bot.charts import samples

needs_korean = pytest.mark.skipif(
    fonts.korean_family() is None, reason="no font with Hangul is installed (apt: fonts-nanum)"
)
EVERY = samples.every()


def _size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = unpack(">II", png[16:24])
    return width, height


@needs_korean
@pytest.mark.parametrize("name", EVERY)
def test_no_glyph_is_missing_from_a_korean_picture(name: str) -> None:
    # A missing glyph is a warning, and a warning is an error here.
    width, height = _size(draw(EVERY[name]))
    assert width == 1080
    assert 600 < height < 2560


@pytest.mark.parametrize("name", EVERY)
def test_every_picture_can_be_drawn_in_english_without_amounts(name: str) -> None:
    assert _size(draw(replace(samples.in_english(EVERY[name]), amounts=False)))


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_comes_through_the_wire_as_it_was(name: str) -> None:
    assert unpacked(packed(EVERY[name])) == EVERY[name]


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture of ours"):
        unpacked(b"Rules\n{}")
    with pytest.raises(ValueError, match="symbol"):
        unpacked(b'CyclePicture\n{"language": "ko"}')


def test_the_same_picture_is_drawn_the_same() -> None:
    picture = samples.in_english(samples.short_cycle())
    assert draw(picture) == draw(picture)


@needs_korean
def test_a_korean_font_has_every_word_of_ours() -> None:
    family = fonts.korean_family()
    assert family is not None
    path = font_manager.findfont(font_manager.FontProperties(family=family))
    assert fonts.has_glyphs(Path(path), words.all_words(Language.KO))


def test_without_a_korean_font_a_picture_is_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "language_of_pictures", lambda _: Language.EN)
    monkeypatch.setattr(style, "families", lambda _: [fonts.PLAIN])
    korean = samples.short_cycle()
    assert draw(korean) == draw(replace(korean, language="en"))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_few_days_are_named_by_day_and_never_by_hour(count: int) -> None:
    picture = samples.cycle_picture(samples.run(count + 1))
    below = cycle(picture, Language.EN).axes[1]
    assert [label.get_text() for label in below.get_xticklabels()] == [
        f"{day.day:%m-%d}" for day in picture.days
    ]
