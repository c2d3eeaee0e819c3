"""KIS in the simulated world: the broker and the ways to it."""
