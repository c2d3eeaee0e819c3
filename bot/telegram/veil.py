"""What a viewer does not see: amounts of money and numbers of shares; percentages and T stay.

It hangs before everything that leaves for a viewer, so that no message can forget it.
"""

import re

from bot.telegram.markup import Html

HIDDEN = "•••"

_MONEY = re.compile(r"[+-]?(?:[$₩]\s?|(?:USD|KRW|US\$)\s?)[\d,]+(?:\.\d+)?\s?[만억조천]?")
_WON = re.compile(
    r"[+-]?\d[\d,.]*\s?(?:[조억만천]\s?(?:\d[\d,.]*\s?)?)*(?:원|달러|won\b|dollars?\b)"
)
_SHARES = re.compile(r"[+-]?\d[\d,]*(?=\s?(?:주(?![일간식차년말])|sh(?:ares?)?\b))")


def veiled(html: Html) -> Html:
    """Put dots in the place of every amount and every number of shares."""
    for pattern in (_MONEY, _WON, _SHARES):
        html = Html(pattern.sub(HIDDEN, html))
    return html
