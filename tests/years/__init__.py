"""Years of the whole program in one process: what grows, and what must not."""
