import warnings
from pathlib import Path
from struct import unpack

import pytest

from bot.charts import style
from bot.laboratory import fonts
from bot.laboratory.chart import draw, pictures
from bot.laboratory.words import Language
from tests.bot.laboratory.studies import full, studied

needs_korean = pytest.mark.skipif(
    fonts.korean_family() is None, reason="no font with Hangul is installed (apt: fonts-nanum)"
)


def _size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = unpack(">II", png[16:24])
    return width, height


def test_a_run_is_drawn_on_one_page_as_a_png(tmp_path: Path) -> None:
    path = tmp_path / "run.png"
    draw(studied(), path, Language.EN)
    width, height = _size(path.read_bytes())
    assert height > width > 1000


@needs_korean
def test_no_glyph_is_missing_from_the_korean_pictures(tmp_path: Path) -> None:
    draw(full(cycles=2, stagger=3), tmp_path / "run.png", Language.KO)
    assert len(pictures(full(method="3.0"), Language.KO)) == 5


def test_a_font_without_hangul_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(style, "families", lambda _: [fonts.PLAIN])
    with pytest.warns(UserWarning, match="missing from font"):
        draw(studied(), tmp_path / "run.png", Language.KO)


def test_each_panel_is_a_picture_of_its_own_for_a_phone() -> None:
    drawn = pictures(studied(), Language.EN)
    assert list(drawn) == ["equity", "price", "turn", "drawdown"]
    for png in drawn.values():
        width, height = _size(png)
        assert 1000 < width < 1200
        assert height < width
    assert list(pictures(full(), Language.EN))[-1] == "starts"


def test_the_same_run_gives_the_same_picture() -> None:
    assert pictures(studied(), Language.EN) == pictures(studied(), Language.EN)


def test_a_run_of_one_session_that_buys_nothing_can_be_drawn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures(studied(["40", "60"]), Language.EN)


def test_a_picture_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        draw(studied(), tmp_path / "nowhere" / "run.png", Language.EN)
