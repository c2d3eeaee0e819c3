"""Rounds and orders: from a plan to the counter and back into the ledger."""
