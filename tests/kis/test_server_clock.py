"""How far KIS's clock is from ours, by the Date of its answers."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from kis.server_clock import ServerClock

NOW = datetime(2026, 10, 7, 9, 30, tzinfo=UTC)


class Machine:
    """Our clock, which may be wrong, and the seconds that nobody sets."""

    def __init__(self) -> None:
        self.now = NOW
        self.steady = 1000.0
        self.server = ServerClock(lambda: self.now, lambda: self.steady)

    def answer(self, ahead: float, took: float = 0.2) -> None:
        """Let an answer arrive whose Date is so many seconds ahead of ours, cut to the second."""
        stamped = self.now - timedelta(seconds=took / 2) + timedelta(seconds=ahead)
        self.server.heard(format_datetime(stamped.replace(microsecond=0), usegmt=True), took)


def test_without_an_answer_nothing_is_known() -> None:
    machine = Machine()
    assert machine.server.ahead is None
    machine.server.heard("", 0.1)
    machine.server.heard("yesterday or so", 0.1)
    machine.server.heard("Fri, 27 Nov 99999999999 10:00:00 GMT", 0.1)
    machine.server.heard("Fri, 27 Nov 2026 10:00:00 +99999999999999999999", 0.1)
    assert machine.server.ahead is None


@given(st.floats(min_value=-3600, max_value=3600), st.floats(min_value=0, max_value=20))
def test_what_is_said_is_never_more_than_what_is_sure(ahead: float, took: float) -> None:
    machine = Machine()
    machine.answer(ahead, took)
    found = machine.server.ahead
    assert found is not None
    # At least so far: half the way and the second of the Date may explain the rest.
    assert abs(found.total_seconds()) <= abs(ahead) + 1e-3
    assert abs(ahead) - abs(found.total_seconds()) <= took / 2 + 1.5


def test_one_odd_answer_among_five_says_nothing() -> None:
    machine = Machine()
    for ahead in (0, 0, 600, 0, 0):
        machine.answer(ahead)
    assert machine.server.ahead == timedelta()


def test_an_answer_of_before_is_forgotten_though_our_clock_was_set_back() -> None:
    machine = Machine()
    machine.answer(0)
    machine.now -= timedelta(hours=1)
    machine.steady += 121
    found = machine.server.ahead
    assert found is None
    machine.answer(3600)
    found = machine.server.ahead
    assert found is not None
    assert found > timedelta(minutes=59)
