import multiprocessing
import os
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory.engines import REFERENCE
from bot.laboratory.sweeps import crews, kept
from bot.laboratory.sweeps.crews import Coming, alone, side_by_side
from bot.laboratory.sweeps.errors import SweepRefused
from bot.laboratory.sweeps.question import Parcel, Question
from bot.laboratory.sweeps.sweeping import Swept, swept
from strategy import sweep
from strategy.errors import StrategyError
from strategy.sweep import Outcome
from tests.bot.sweeps import question

D = Decimal
ASKED = question()


def played(asked: Question, path: Path, crew: crews.Crew = alone) -> Swept:
    with kept.opened(path, asked.identity()) as known:
        return swept(asked, REFERENCE, crew, known, lambda _: None)


def one_of_each(asked: Question, engine: str, _: Iterable[Parcel]) -> Coming:
    """Play one run of a parcel at a time, and stop as Ctrl-C does after three."""
    for done, (parcel, outcomes) in enumerate(alone(asked, engine, asked.parcels((), 1))):
        if done == 3:
            raise KeyboardInterrupt
        yield parcel, outcomes


def test_runs_stand_in_the_order_of_agreements_horizons_and_starts() -> None:
    asked = question(every=40, horizons=(40, None))
    order = [(run.rules.splits, run.span.horizon, run.span.first) for run in asked.runs]
    each = [(40, 1), (40, 41), (None, 1), (None, 41), (None, 81)]
    assert order == [(splits, *start) for splits in (20, 40) for start in each]


def test_every_run_that_is_not_done_is_in_one_parcel_of_about_the_size_asked_for() -> None:
    parcels = list(ASKED.parcels({0, 3, 7}, 80))
    numbers = [number for parcel in parcels for number in parcel.numbers]
    assert numbers == [n for n in range(len(ASKED.runs)) if n not in {0, 3, 7}]
    assert {len(parcel.jobs) for parcel in parcels[:-1]} == {2}
    job = parcels[0].jobs[0]
    run = ASKED.runs[1]
    assert job == (run.rules, D(20000), run.span.first, run.span.last)


def test_what_was_stopped_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    whole = played(ASKED, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        played(ASKED, tmp_path / "part", one_of_each)
    again = played(ASKED, tmp_path / "part")
    assert again.outcomes == whole.outcomes == tuple(_alone(ASKED))
    assert (whole.played, again.played) == (len(ASKED.runs), len(ASKED.runs) - 3)


def _alone(asked: Question) -> list[Outcome]:
    (parcel,) = question_in_one(asked)
    return sweep.reference(asked.prices["TQQQ"].bars, parcel.jobs)


def question_in_one(asked: Question) -> list[Parcel]:
    return list(asked.parcels((), 1_000_000))


@pytest.mark.parametrize(
    "tail", [b"[[5,", b"\0\0\0\0\n", b'[[1,"x","2",0,0]]\n', b"[[1]]\n[[2]]\n"]
)
def test_a_torn_or_damaged_end_is_cut_off_and_played_again(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "part"
    with pytest.raises(KeyboardInterrupt):
        played(ASKED, path, one_of_each)
    good = path.read_bytes()
    path.write_bytes(good + tail)
    with kept.opened(path, ASKED.identity()) as known:
        assert sorted(known.known) == [0, 1, 2]
    assert path.read_bytes() == good
    assert played(ASKED, path).played == len(ASKED.runs) - 3


@pytest.mark.parametrize(
    "other",
    [
        question(every=11),
        question(horizons=(41,)),
        question(ladder=[3]),
        replace(ASKED, principal=D(20001)),
        replace(ASKED, prices={"TQQQ": replace(ASKED.prices["TQQQ"], sha256="b" * 64)}),
        replace(
            ASKED,
            prices={"TQQQ": replace(ASKED.prices["TQQQ"], bars=ASKED.prices["TQQQ"].bars[:-1])},
        ),
    ],
)
def test_what_was_kept_of_another_question_is_refused_and_left_alone(
    tmp_path: Path, other: Question
) -> None:
    path = tmp_path / "part"
    with pytest.raises(KeyboardInterrupt):
        played(ASKED, path, one_of_each)
    before = path.read_bytes()
    with pytest.raises(SweepRefused, match="다른 질문"):
        played(other, path)
    assert path.read_bytes() == before


def test_a_question_of_which_nothing_was_played_makes_room_for_another(tmp_path: Path) -> None:
    path = tmp_path / "part"
    with kept.opened(path, ASKED.identity()):
        pass
    other = replace(ASKED, principal=D(30000))
    with kept.opened(path, other.identity()) as begun:
        assert begun.known == {}
    with kept.opened(path, other.identity()):
        assert path.read_bytes().count(b"\n") == 1


def test_two_sweeps_do_not_write_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "part"
    with (
        kept.opened(path, ASKED.identity()),
        pytest.raises(SweepRefused, match="다른 스윕이"),
        kept.opened(path, ASKED.identity()),
    ):
        pass


def test_worker_processes_come_to_the_same_and_a_killed_one_loses_nothing(tmp_path: Path) -> None:
    def killing(asked: Question, engine: str, _: Iterable[Parcel]) -> Coming:
        parcels = asked.parcels((), 80)
        for number, each in enumerate(side_by_side(2)(asked, engine, parcels)):
            if number == 1:
                multiprocessing.active_children()[0].kill()
            yield each

    hurt = played(ASKED, tmp_path / "hurt", killing)
    assert hurt.outcomes == tuple(_alone(ASKED))
    assert hurt.played == len(ASKED.runs)
    assert multiprocessing.active_children() == []


def exiting(*_: object) -> None:
    os._exit(9)


def test_workers_that_die_again_and_again_end_it_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "MOST_LOSSES", 1)
    monkeypatch.setattr("bot.laboratory.sweeps.crews.play", exiting)
    with pytest.raises(SweepRefused, match="거듭 죽어서"):
        played(ASKED, tmp_path / "part", side_by_side(1))
    assert multiprocessing.active_children() == []


def test_the_sums_are_those_of_the_runs_they_name(tmp_path: Path) -> None:
    asked = question(horizons=(20, 40), ladder=[0, 8])
    done = played(asked, tmp_path / "part")
    assert len(done.by_agreement) == 8
    run, summary = done.by_agreement[3]
    assert (run.rules.splits, run.rules.ladder, run.span.horizon) == (20, 8, 40)
    own = [
        found
        for each, found in zip(asked.runs, done.found, strict=True)
        if (each.rules, each.span.horizon) == (run.rules, 40)
    ]
    assert summary == sweep.summed(own)
    by_splits = dict(done.by("splits"))
    assert sorted(by_splits) == [20, 40]
    assert by_splits[20].runs + by_splits[40].runs == len(asked.runs)
    assert by_splits[20].exhausted > by_splits[40].exhausted
    assert [value for value, _ in done.by("horizon")] == [20, 40]


def test_more_runs_than_a_small_machine_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strategy.sweep.MOST_RUNS", 9)
    with pytest.raises(StrategyError, match="these are 10 runs, and one sweep takes 9"):
        question().check()


def test_a_principal_that_cannot_begin_is_refused_before_the_first_run() -> None:
    with pytest.raises(StrategyError, match="principal"):
        replace(ASKED, principal=D(-1)).check()
