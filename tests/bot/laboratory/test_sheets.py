import pytest

from bot.laboratory import sheets
from bot.laboratory.sheets import Sheet
from bot.laboratory.study import Study
from bot.laboratory.words import Language
from tests.bot.laboratory.studies import bars, fall_and_rise, full, studied

KO, EN = Language.KO, Language.EN


def _sheet(study: Study, name: str, language: Language = EN) -> Sheet:
    (found,) = [each for each in sheets.sheets(study, language) if each.name == name]
    return found


@pytest.mark.parametrize("language", [KO, EN])
@pytest.mark.parametrize("method", ["1.0", "2.1", "2.2", "3.0", "4.0"])
def test_every_row_is_as_wide_as_its_header(method: str, language: Language) -> None:
    splits = {"3.0": 20, "4.0": 20}.get(method, 40)
    for study in (full(method=method, splits=splits), studied(["40", "60"])):
        for sheet in sheets.sheets(study, language):
            assert sheet.title
            assert {len(row) for row in sheet.rows} == {len(sheet.header)}
            assert all(place < len(sheet.rows) for place in sheet.losses)


def test_the_figures_say_how_it_ended_and_what_it_cost() -> None:
    study = full()
    rows = dict(row for row in _sheet(study, "figures").rows if len(row) == 2)
    assert rows["final equity"] == f"{study.ledgers.final_equity:,.2f} USD"
    assert rows["fees, SEC fee included"] == f"{study.ledgers.fees:,.2f} USD"
    assert rows["wins / losses, after fees"] == f"{study.wins} / {len(study.finished) - study.wins}"
    assert rows["sessions in each mode"].startswith("normal ")
    assert "quarter" not in rows["sessions in each mode"]
    assert rows["exhausted"].startswith(f"{len(study.spells)} times, {study.exhausted_sessions} ")
    assert rows["odds of exhaustion in 40 sessions"].endswith(" of 20)")


def test_nothing_that_was_not_asked_is_shown() -> None:
    names = [sheet.name for sheet in sheets.sheets(studied(["40", "41"]), KO)]
    assert names == ["figures", "comparison", "years"]
    assert [sheet.name for sheet in sheets.sheets(full(), KO)][-2:] == ["starts_summary", "starts"]


def test_the_three_ways_stand_beside_each_other() -> None:
    study = studied()
    own, hold, dca = _sheet(study, "comparison", KO).rows
    assert (own[0], hold[0], dca[0]) == ("무한매수법", "존버", "적립식 (85거래일)")
    assert hold[1] == f"{study.hold.final_equity:,.2f}"


def test_cycles_lost_and_years_lost_are_marked() -> None:
    study = studied()
    lost = _sheet(study, "cycles").losses
    assert lost == {n for n, (_, cycle) in enumerate(study.finished) if cycle.realized <= 0}
    years = _sheet(study, "years")
    assert years.losses == {n for n, year in enumerate(study.years) if year.return_percent < 0}
    assert years.losses


def test_ledgers_are_numbered_where_there_are_several() -> None:
    study = studied(cycles=2, stagger=5)
    cycles, spells = _sheet(study, "cycles"), _sheet(study, "spells")
    assert (cycles.header[0], spells.header[0]) == ("ledger", "ledger")
    assert {row[0] for row in cycles.rows} == {"1", "2"}


def test_a_used_up_cycle_says_so() -> None:
    study = studied()
    out = [row for row in _sheet(study, "cycles", KO).rows if row[-1] == "예"]
    assert out
    assert len(out) == sum(cycle.exhausted for _, cycle in study.finished)


def test_skipped_sessions_are_named_the_first_of_many() -> None:
    every = bars(fall_and_rise())
    assert sheets.named([bar.day for bar in every[:2]]) == "2: 2025-11-03, 2025-11-04"
    assert sheets.named([bar.day for bar in every[:9]]).endswith(", ...")


def test_a_loss_carries_its_sign_and_nothing_lost_does_not() -> None:
    flat = studied(["40", "60", "60"])
    (own, *_) = _sheet(flat, "comparison").rows
    assert own[-1] == "0.0 %"
    (fallen, *_) = _sheet(studied(), "comparison").rows
    assert fallen[-1].startswith("-")
