"""What one run came to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.case import Violation
from tests.simulation.facts import Died, Fact
from tests.simulation.faults import Fault
from tests.simulation.lives import Edge


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """A seed's run: `digest` names everything that happened, `points` the I/O points passed.

    `facts` and `log` are kept for whoever looks into it: among many runs they are empty.

    `seconds` are of the core that ran it; they are no part of what is replayed.
    """

    seed: int
    days: int
    digest: str
    points: int
    processes: int
    deaths: Sequence[Died]
    violations: Sequence[Violation]
    hits: Counter[Fault]
    edges: Counter[Edge]
    events: Counter[str]
    log: Sequence[str]
    facts: Sequence[Fact]
    seconds: float
    kill_at: int | None = None
    mutant: str | None = None

    @property
    def sound(self) -> bool:
        return not self.violations

    @property
    def replay(self) -> str:
        """The command that makes this run happen again."""
        words = [f"python -m tests.simulation --seed {self.seed} --days {self.days}"]
        if self.kill_at is not None:
            words.append(f"--kill-at {self.kill_at}")
        if self.mutant is not None:
            words.append(f"--mutant {self.mutant}")
        return " ".join(words)
