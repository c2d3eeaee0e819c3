"""The control surface under /simulator/: the clock, faults, the true state, the owner's hand."""
