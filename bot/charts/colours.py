"""The colours that every picture and every figure shares; nothing is imported to draw with."""

from bot.laboratory.words import Language
from strategy.model import Phase

OURS, HOLD, DCA = "#1f5fbf", "#8a8f98", "#d08a1d"
OTHERS = ("#7b4fb5", "#2a8c55", "#b5543c", "#3a8fa0")
AVERAGE, STAR, TARGET, LOSS = "#d08a1d", "#2a8c55", "#7b4fb5", "#c0392b"
BOUGHT, SOLD = "#d63031", "#1f5fbf"
PHASES = {Phase.REVERSE: "#f8dfdb", Phase.QUARTER: "#faecce"}


def gain_colours(language: Language) -> tuple[str, str]:
    """Give the colours of a gain and a loss: red and blue in Korea, green and red elsewhere."""
    return ("#d63031", "#1f5fbf") if language is Language.KO else ("#2a8c55", "#c0392b")
