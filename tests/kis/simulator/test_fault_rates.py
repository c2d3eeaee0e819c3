"""How often a fault happens: by count, by rate and seed; and how it must be asked for."""

from typing import Any

import pytest

from kis.simulator.faults import NAMES, VARIANTS, Faults, UnknownFaultError

from .desk import TRADING, ccnl_query, order_body, quick, running


def hits(seed: int, rate: float = 0.3, **more: object) -> list[bool]:
    faults = Faults()
    faults.add({"name": "rate_limited", "rate": rate, "seed": seed, **more})
    return [faults.take("rate_limited", {}) is not None for _ in range(400)]


def test_a_rate_hits_its_share_of_calls_the_same_for_a_seed() -> None:
    assert hits(1) == hits(1) != hits(2)
    assert 80 < sum(hits(1)) < 160
    assert all(hits(1, rate=1))


def test_a_count_ends_a_rate_and_without_one_it_stands() -> None:
    assert sum(hits(1, count=5)) == 5
    faults = Faults()
    described = faults.add({"name": "rate_limited", "rate": 0.5}).described()
    assert (described["count"], described["rate"]) == (None, 0.5)


def test_a_fault_without_a_seed_has_the_simulators() -> None:
    assert Faults(9).add({"name": "rate_limited"}).seed == 9


def test_calls_that_do_not_match_leave_the_draws_as_they_are() -> None:
    faults = Faults()
    faults.add({"name": "rate_limited", "rate": 0.3, "seed": 1, "match": {"PDNO": "TQQQ"}})
    for _ in range(50):
        assert faults.take("rate_limited", {"PDNO": "SOXL"}) is None
    drawn = [faults.take("rate_limited", {"PDNO": "TQQQ"}) is not None for _ in range(400)]
    assert drawn == hits(1)


@pytest.mark.parametrize(
    "raw",
    [
        {"rate": 0},
        {"rate": 1.5},
        {"rate": True},
        {"rate": "often"},
        {"seed": "seven"},
        {"seed": True},
        {"seconds": "long"},
        {"seconds": float("nan")},
        {"name": "maintenance", "variant": "fire"},
        {"name": "slow_answer", "variant": "html"},
        {"percentage": 10},
    ],
)
def test_a_malformed_rate_seed_or_variant_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(UnknownFaultError):
        Faults().add({"name": "rate_limited", **raw})


def test_every_fault_has_its_sentence_and_every_variant_its_fault() -> None:
    assert all(sentence.endswith(".") for sentence in NAMES.values())
    assert set(VARIANTS) <= set(NAMES)


NOISE = (
    "rate_limited",
    "missing_field",
    "non_numeric_field",
    "truncated_json",
    "rows_twice",
    "lagging_listings",
    "partial_fill",
    "page_repeats_for_ever",
)


async def evening(seed: int) -> list[str]:
    """Trade through an evening in which much goes wrong, and give every answer."""
    said = []
    async with running(quick(seed=5)) as desk:
        for name in NOISE:
            await desk.control("POST", "faults", {"name": name, "rate": 0.3, "seed": seed})
        for at in ("05:00", "06:00", "open", "11:00", "13:00", "close"):
            await desk.go(f"2026-10-07T{at}-04:00" if ":" in at else at)
            calls: list[tuple[str, str, dict[str, Any]]] = [
                ("order", "POST", {"json": order_body("00", 2, "49.00")}),
                ("order", "POST", {"json": order_body("00", 1, "60.00")}),
                ("inquire-ccnl", "GET", {"params": ccnl_query()}),
            ]
            for path, method, words in calls:
                tr_id = "TTTT1002U" if method == "POST" else "TTTS3035R"
                async with desk.http.request(
                    method, f"{desk.url}{TRADING}/{path}", headers=desk.headers(tr_id), **words
                ) as response:
                    said.append(f"{response.status} {await response.text()}")
    return said


async def test_a_seed_makes_the_same_evening_twice_and_another_seed_another() -> None:
    first, again, other = await evening(1), await evening(1), await evening(2)
    assert first == again
    assert first != other
