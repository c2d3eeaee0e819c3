"""Row 78 at its full size: a hundred thousand ticks over the websocket, and a /stop among them."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.simulation.drive import Life
from tests.simulation.facts import FaultStruck, MessageShown
from tests.simulation.faults import quiet
from tests.simulation.telegram.phone import Shown

TICKS = 100_000
STOP, STOPPED = "유지하고 정지", "정지했습니다"


@pytest.mark.fault(78)
def test_a_stop_among_a_hundred_thousand_ticks_is_carried_out_within_a_second(
    tmp_path: Path,
) -> None:
    life = Life(4, 1, tmp_path, quiet(), None)
    pressed: list[datetime] = []

    def press(shown: Shown) -> None:
        data = shown.button(STOP)
        if data is not None and not pressed:
            life.flood.pour(TICKS)
            life.telegram.press(shown.message_id, data)
            pressed.append(life.world.now)

    def stop() -> None:
        assert life.broker.pushes.heard
        life.telegram.phone.watch(press)
        life.telegram.say("/stop")

    life.world.later(12 * 3600.0, stop)
    life.run()
    (at,) = pressed
    done = [
        fact.at
        for fact in life.world.facts
        if isinstance(fact, MessageShown) and fact.text.startswith(STOPPED)
    ]
    assert done[0] - at < timedelta(seconds=1)
    assert any(isinstance(fact, FaultStruck) for fact in life.world.facts)
    assert life.processes == 1
    assert not life.verdict([], None)["violations"]
