"""Live mode: the exchange on the wall clock, fed with what really happened at KIS."""
