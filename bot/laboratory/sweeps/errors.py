"""What ends a sweep with a sentence."""

from bot.errors import MuhanError


class SweepRefused(MuhanError):
    """A sweep cannot be begun, or cannot go on; what was kept stays."""
