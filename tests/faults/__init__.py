"""The fault catalogue: what goes wrong with a bot that trades, and the tests that hold it to it."""
