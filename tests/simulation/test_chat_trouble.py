"""A chat in trouble is the chat's trouble: trading goes on as if nothing were, and is told later.

Each world is lived through twice, with a healthy chat and with an ill one, by an owner who begins
the cycles (which go out by themselves) and then only reads. What goes to the broker is the same.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.events import RoundSettled
from bot.sessions import load_calendar
from bot.setting_values import WhenBlocked
from bot.storage.database import DATABASE_NAME
from bot.trading.model import Approval
from tests.simulation.drive import SECRETS, Life
from tests.simulation.evidence import Evidence, gather
from tests.simulation.facts import Fact, MessageShown, OrderFilled, OrderPosted
from tests.simulation.faults import Fault, Swarm, quiet
from tests.simulation.owner_habits import cycles_of
from tests.simulation.scenario import scenario_of
from tests.simulation.world import World

DAYS = 2
TROUBLE_FROM = timedelta(hours=9, minutes=10)  # UTC: 18:10 in Seoul, before the evening's plan
NUMBER = re.compile(r"#(\d+)(?:-\d+)?$")

Trouble = Callable[[Life], None]


def down_for_two_hours(life: Life) -> None:
    life.telegram.trouble.go_down()


def storm_of_429(life: Life) -> None:
    """Have half of all calls refused with retry_after, until the calm day at the end."""
    life.world.swarm.rates[Fault.TOO_MANY_REQUESTS] = 0.5


AT_LEAST: dict[Trouble, int] = {down_for_two_hours: 1, storm_of_429: 10}
"""How often each must truly have struck."""


def blocked_until_next_noon(life: Life) -> None:
    life.telegram.trouble.block()
    life.world.later(18 * 3600.0, life.telegram.come_back)


@cache
def seed_for(blocked: WhenBlocked) -> int:
    """Find the first world whose cycles all go out without a tap and whose owner sets no limits."""
    calendar = load_calendar(Path())
    for seed in range(1000):
        scenario = scenario_of(seed, calendar)
        starts = cycles_of(World(seed, scenario.start, quiet()).chance("owner cycles"))
        alone = all(start.approval is Approval.AUTO for start in starts)
        free = scenario.daily_limit is None and scenario.total_limit is None
        if alone and free and scenario.blocked is blocked:
            return seed
    raise LookupError(blocked)


def lived(seed: int, home: Path, trouble: Trouble | None = None) -> tuple[Life, Evidence]:
    """Live a seed's days without any other fault; the trouble comes on the first evening."""
    life = Life(seed, DAYS, home, Swarm(rates={}), None)
    life.owner.only_read()
    if trouble is not None:
        midnight = life.scenario.start.replace(hour=0, minute=0)
        life.world.at(midnight + TROUBLE_FROM, lambda: trouble(life))
    life.run()
    evidence = gather(
        life.world.facts,
        home / DATABASE_NAME,
        end=life.world.now,
        calendar=life.calendar,
        logs=[],
        secrets=SECRETS,
        daily_limit=None,
        total_limit=None,
    )
    return life, evidence


def to_the_broker(life: Life) -> list[tuple[object, ...]]:
    """List what was posted and what was filled, in its order, without the instants."""
    told: list[tuple[object, ...]] = []
    for fact in life.world.facts:
        if isinstance(fact, OrderPosted):
            told.append((fact.sent, fact.symbol, fact.side, fact.kind, fact.quantity, fact.price))
        elif isinstance(fact, OrderFilled):
            told.append((fact.number, fact.quantity, fact.price))
    return told


def happened(life: Life, kind: type[Fact]) -> list[Fact]:
    """List the facts of a kind in the two hours after the trouble began."""
    begins = life.scenario.start.replace(hour=0, minute=0) + TROUBLE_FROM
    ends = begins + timedelta(hours=2)
    found = (fact for fact in life.world.facts if isinstance(fact, kind))
    return [fact for fact in found if begins < fact.at < ends]


def numbers_shown(life: Life) -> list[int]:
    """List the numbers of the letters as the phone first showed each."""
    seen: list[int] = []
    for fact in life.world.facts:
        if isinstance(fact, MessageShown) and not fact.edited:
            found = NUMBER.search(fact.text)
            if found is not None and int(found[1]) not in seen:
                seen.append(int(found[1]))
    return seen


@pytest.mark.fault(67)
@pytest.mark.fault(68)
@pytest.mark.parametrize("trouble", [down_for_two_hours, storm_of_429])
def test_trading_is_untouched_and_every_letter_comes_later_in_order(
    tmp_path: Path, trouble: Trouble
) -> None:
    seed = seed_for(WhenBlocked.KEEP)
    healthy, _ = lived(seed, folder(tmp_path, "healthy"))
    ill, evidence = lived(seed, folder(tmp_path, "ill"), trouble)
    assert sum(ill.world.swarm.hits.values()) >= AT_LEAST[trouble]
    assert to_the_broker(ill) == to_the_broker(healthy)
    assert len(to_the_broker(ill)) > 10
    assert all(state == "sent" for state in evidence.letters.values())
    if trouble is down_for_two_hours:
        assert happened(ill, OrderPosted), "orders went out while the chat was down"
        assert not happened(ill, MessageShown), "and nothing could be shown"
    shown = numbers_shown(ill)
    assert shown == sorted(shown)
    assert len(shown) >= len(list(evidence.of(RoundSettled))) > 0
    assert not ill.verdict([], None)["violations"]


@pytest.mark.fault(69)
def test_a_blocked_chat_touches_no_order_where_its_owner_chose_so_and_is_told_what_it_missed(
    tmp_path: Path,
) -> None:
    seed = seed_for(WhenBlocked.KEEP)
    healthy, _ = lived(seed, folder(tmp_path, "healthy"))
    ill, evidence = lived(seed, folder(tmp_path, "ill"), blocked_until_next_noon)
    assert to_the_broker(ill) == to_the_broker(healthy)
    assert set(evidence.letters.values()) == {"sent"}
    missed = [
        fact.text
        for fact in ill.world.facts
        if isinstance(fact, MessageShown) and "막혀 있어 소식" in fact.text
    ]
    assert len(missed) == 1
    assert not ill.verdict([], None)["violations"]


def folder(path: Path, name: str) -> Path:
    made = path / name
    made.mkdir()
    return made
