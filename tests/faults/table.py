"""`python -m tests.faults.table`: write docs/faults.md from the catalogue and the marked tests."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.faults import results
from tests.faults.catalogue import CATALOGUE, Level, Row
from tests.faults.collecting import Proof, collected

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"

HEAD = """# The fault catalogue

What can go wrong between an order and the account, and the tests that prove what Muhan does then.
Made by `python -m tests.faults.table`; a test holds it to the catalogue and to the tests.

Level: **S** seeded in the simulated world (`make simulate`), **W** a server on loopback, **P** real
processes, signals, disks and files, **U** the rule itself. "Last run" is what became of a row's
tests when they last ran before this page was made; "hits" is how often the fault struck in the last
`make simulate`. A dash is a run that has not been.

| # | fault | level | what must happen | tests | last run | hits |
|--:|---|---|---|---|---|--:|
"""
NO_RUN = "-"


def page(
    proofs: Iterable[Proof],
    outcomes: Mapping[str, str] | None = None,
    struck: Mapping[int, int] = {},
) -> str:
    """Lay the page out."""
    tests: dict[int, list[Proof]] = {}
    for proof in proofs:
        tests.setdefault(proof.row, []).append(proof)
    lines = [_line(row, tests.get(row.number, []), outcomes or {}, struck) for row in CATALOGUE]
    return HEAD + "\n".join(lines) + "\n"


def without_results(text: str) -> list[str]:
    """Give a page's lines without the two columns that a run fills."""
    return [line.rsplit("|", 3)[0] if line.startswith("| ") else line for line in text.splitlines()]


def _line(
    row: Row, proofs: list[Proof], outcomes: Mapping[str, str], struck: Mapping[int, int]
) -> str:
    seen = [outcomes[proof.test] for proof in proofs if proof.test in outcomes]
    last = NO_RUN
    for outcome in seen:
        last = outcome if last == NO_RUN else results.worse(last, outcome)
    hits = str(struck.get(row.number, NO_RUN)) if Level.SIMULATION in row.levels else ""
    cells = (
        str(row.number),
        row.fault,
        "".join(row.levels),
        row.must,
        "<br>".join(f"{proof.level} `{proof.test.removeprefix('tests/')}`" for proof in proofs),
        last,
        hits,
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write the page and say which rows still lack a test."""
    PAGE.write_text(page(collected(), results.read(), results.hits()), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(PAGE.parents[1])}\n")


if __name__ == "__main__":
    main()
