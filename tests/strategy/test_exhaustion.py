from strategy import exhaustion
from strategy.ledgers import Ledgers, begin, run
from strategy.model import Cycle, Phase
from tests.strategy.states import D, fresh, of, series


def _falling(days: int, step: str = "0.97") -> list[str]:
    price, closes = D(100), ["100"]
    for _ in range(days):
        price = (price * D(step)).quantize(D("0.01"))
        closes.append(str(price))
    return closes


def _run(cycle: Cycle, closes: list[str], count: int = 1, stagger: int = 0) -> Ledgers:
    return run(begin(cycle.rules, cycle.principal, count), series(closes), stagger=stagger)


def test_a_spell_lasts_from_the_first_to_the_last_session_with_less_than_a_unit_left() -> None:
    played = _run(fresh(splits=20), [*_falling(40), *["60"] * 6, *_falling(40)])
    found = exhaustion.spells(played)
    (result,) = played.results
    used_up = [session for session in result.sessions if session.plan.used_up]
    assert sum(spell.sessions for spell in found) == len(used_up) == result.exhausted_sessions
    assert len(found) > 1
    assert found[0].start == used_up[0].day
    assert found[-1].end == used_up[-1].day
    days = [session.day for session in result.sessions]
    for spell in found:
        between = days[days.index(spell.start) : days.index(spell.end) + 1]
        assert len(between) == spell.sessions


def test_a_run_that_never_runs_out_has_no_spell() -> None:
    assert exhaustion.spells(_run(fresh(), ["40", "41", "42"])) == ()


def test_a_version_that_only_waits_is_used_up_in_its_normal_phase() -> None:
    played = _run(of("1.0"), ["100", *["99"] * 90])
    assert exhaustion.phases(played)[Phase.NORMAL] == 90
    (spell,) = exhaustion.spells(played)
    assert spell.sessions > 10
    assert exhaustion.used_up_cycles(played.first) == {1}


def test_every_session_is_counted_in_one_phase() -> None:
    played = _run(of("3.0"), [*_falling(60), *["90"] * 9])
    counted = exhaustion.phases(played)
    assert sum(counted.values()) == len(played.days)
    assert counted[Phase.QUARTER] > 0
    assert counted[Phase.REVERSE] == 0


def test_the_longest_cycle_may_be_one_that_still_runs() -> None:
    ended = exhaustion.longest_cycle(_run(fresh(), ["40", "40", "39", "60", "60"]))
    assert (ended.number, ended.sessions) == (1, 3)
    assert ended.ended is not None
    running = exhaustion.longest_cycle(_run(fresh(), ["40", "40", "60", "60", "60", "60"]))
    assert (running.number, running.sessions, running.ended) == (2, 3, None)


def test_spells_name_their_ledger() -> None:
    played = _run(fresh(splits=20), _falling(40), count=2, stagger=3)
    assert {spell.ledger for spell in exhaustion.spells(played)} == {1, 2}
