"""What can be wrong with a question put to the book."""


class StrategyError(ValueError):
    """The state or the market given is not one the method can plan for."""
