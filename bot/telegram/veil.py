"""What a viewer does not see: amounts of money and numbers of shares; percentages and T stay.

It hangs before everything that leaves for a viewer, so that no message can forget it.
"""

import re

from bot.telegram.markup import Html

HIDDEN = "•••"

_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:[조억만천](?:\s?\d[\d,]*(?:\.\d+)?[조억만천])*)?"
_HIDDEN = (
    re.compile(rf"[+-]?(?:[$₩]\s?|(?:USD|KRW)\s){_NUMBER}"),
    re.compile(rf"[+-]?{_NUMBER}\s?(?=원|달러|won\b|dollars?\b)"),
    re.compile(r"[+-]?\d[\d,]*(?=\s?(?:주(?![일간식차년말])|sh(?:ares?)?\b))"),
)


def veiled(html: Html) -> Html:
    """Put dots in the place of every amount and every number of shares."""
    for pattern in _HIDDEN:
        html = Html(pattern.sub(HIDDEN, html))
    return html
