"""What a viewer does not see: amounts of money and numbers of shares; percentages and T stay.

It hangs before everything that leaves for a viewer, so that no message can forget it.
"""

import re

from bot.telegram.markup import Html

HIDDEN = "•••"

_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:[조억만천](?:\s?\d[\d,]*(?:\.\d+)?[조억만천])*)?"
_SHARES = r"\d[\d,]*"
_HIDDEN = (
    re.compile(rf"[+-]?(?:[$₩]\s?|(?:USD|KRW)\s){_NUMBER}"),
    re.compile(rf"[+-]?{_NUMBER} ?(?=원(?!금)|달러|won\b|dollars?\b)"),
    # Shares, also those before a change: "37→40주".
    re.compile(rf"[+-]?{_SHARES}(?=(?:→{_SHARES})* ?(?:주(?![일간식차년말])|sh(?:ares?)?\b))"),
    # How much of an order was filled, where its state is told.
    re.compile(rf"(?:(?<=[^미]체결 )|(?<=filled )){_SHARES}(?=\s*(?:$|<|·|/|\n))"),
)
# A line that works a figure out has bare numbers: "평단 50 x 1.15; 1회매수금 500.00 / 50.00 = 9".
_WORKED_OUT = re.compile(
    r"(?:1회매수금|1회분|1/4|남은|잔금|평단|현금|별지점|목표|큰수|기준선|종가|수량|원금|시드"
    r"|\b(?:[Uu]nit|[Cc]ash|[Aa]verage|[Ss]tar price|[Tt]arget|[Bb]ig number|[Cc]lose|[Ll]ine"
    r"|[Ss]hares|[Qq]uantity|[Pp]rincipal|[Ss]eed|a round|cash,)) +[+-]?\d"
    rf"|\d left\b|{HIDDEN}.* = | = .*{HIDDEN}"
)
_BARE = re.compile(
    r"(?<![\w.,:/])(?<!x )(?<!T )(?!0\.01\b)[+-]?\d[\d,]*(?:\.\d+)?"
    r"(?![\d/%]|[.:,]\d|건|회|일|개|분할|년|월|번| splits?\b| closes\b| sessions?\b)"
)


def veiled(html: Html) -> Html:
    """Put dots in the place of every amount and every number of shares."""
    for pattern in _HIDDEN:
        html = Html(pattern.sub(HIDDEN, html))
    return Html("\n".join(_line(line) for line in html.split("\n")))


def _line(line: str) -> str:
    return _BARE.sub(HIDDEN, line) if _WORKED_OUT.search(line) else line
