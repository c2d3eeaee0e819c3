"""`muhan setup`: a step for each thing that the bot needs, asked in the terminal and tried at once.

A step keeps its answer in `.env` as soon as it is known to be right, so a wizard that ended early
asks only what is left. Nothing is asked twice: what stands in `.env` is tried again, not typed.
Decision: docs/decisions/0034.
"""
