"""How settled rounds are asked for, in the words that their indexes are made of."""

# As migration 0019 has them, word for word: SQLite takes no other expression for the same.
NUMBER = "iif(json_valid(settlement), json_extract(settlement, '$.before.number'), NULL)"
FINISHED = "iif(json_valid(settlement), json_extract(settlement, '$.finished'), NULL) IS NOT NULL"


def of_cycle(cycle_id: int | None) -> tuple[str, tuple[int, ...]]:
    """Narrow a question to a run, or to none: what a planner can follow has no "or" in it."""
    return ("", ()) if cycle_id is None else (" AND cycle_id = ?", (cycle_id,))
