from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory import fonts
from bot.laboratory.engines import REFERENCE
from bot.laboratory.sweeps import kept
from bot.laboratory.sweeps.chart import axes_of, draw, heat_of
from bot.laboratory.sweeps.crews import alone
from bot.laboratory.sweeps.question import Question
from bot.laboratory.sweeps.sweeping import Swept, swept
from bot.laboratory.words import Language
from strategy import sweep
from tests.bot.sweeps import called, question, write_prices


def played(asked: Question, folder: Path) -> Swept:
    with kept.opened(folder / "part", asked.identity()) as known:
        return swept(asked, REFERENCE, alone, known, lambda _: None)


def test_the_two_longest_axes_make_the_heat_map_and_the_rest_is_summed_up(tmp_path: Path) -> None:
    asked = question(every=20, target_percent=sweep.numbers("5:15:5"), ladder=[0])
    assert axes_of(asked) == ("target_percent", "splits")
    done = played(asked, tmp_path)
    laid = heat_of(done, "TQQQ")
    assert (laid.columns, laid.rows) == (sweep.numbers("5:15:5"), (20, 40))
    own = [
        found
        for run, found in zip(asked.runs, done.found, strict=True)
        if (run.rules.splits, run.rules.target_percent) == (40, Decimal(10))
    ]
    assert laid.cells[1][1] == sweep.summed(own)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_sweep_is_drawn_whatever_it_varies(tmp_path: Path, language: str) -> None:
    if language == "ko" and fonts.korean_family() is None:
        pytest.skip("no font with Hangul is installed (apt: fonts-nanum)")
    cases = [
        question(every=40),
        question(every=40, horizons=(20, None), ladder=[0, 8], two_floors=[False, True]),
        question(every=100),
        question(every=40, target_percent=sweep.numbers("5:17:1"), ladder=[0]),
    ]
    for place, asked in enumerate(cases):
        folder = tmp_path / str(place)
        folder.mkdir()
        draw(played(asked, folder), folder / "sweep.png", Language(language))
        assert (folder / "sweep.png").read_bytes().startswith(b"\x89PNG")


def test_one_agreement_alone_is_drawn_as_a_line_of_its_starts(tmp_path: Path) -> None:
    path = tmp_path / "sweep.png"
    result = called(write_prices(tmp_path), "--chart", str(path))
    assert result.exit_code == 0, result.output
    assert path.read_bytes().startswith(b"\x89PNG")
