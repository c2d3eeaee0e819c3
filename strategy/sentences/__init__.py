"""The words of every reason: the names of its figures, the Korean sentence and the English one."""

from strategy.sentences.codes import ReasonCode, Texts
from strategy.sentences.figures import FIGURES
from strategy.sentences.orders import ORDERS
from strategy.sentences.skipped import SKIPPED

__all__ = ["TEXTS", "ReasonCode"]

TEXTS: Texts = {**ORDERS, **SKIPPED, **FIGURES}
