"""The addresses and limits of KIS: real, 모의투자 (mock), or a server of ours."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """Where KIS is spoken to, and how often.

    `calls_per_second` is held by even spacing. `mock` selects the TR ids and the habits of
    모의투자: limit orders only, no open-orders listing, no overseas quotes on the websocket.
    """

    name: str
    rest_url: str
    websocket_url: str
    calls_per_second: float
    mock: bool


REAL = Environment(
    name="real",
    rest_url="https://openapi.koreainvestment.com:9443",
    websocket_url="ws://ops.koreainvestment.com:21000/tryitout",
    calls_per_second=5,
    mock=False,
)
MOCK = Environment(
    name="mock",
    rest_url="https://openapivts.koreainvestment.com:29443",
    websocket_url="ws://ops.koreainvestment.com:31000/tryitout",
    calls_per_second=1,
    mock=True,
)


def at(
    rest_url: str, websocket_url: str, *, calls_per_second: float = 5, mock: bool = False
) -> Environment:
    """Name another server that speaks KIS's protocol, such as the simulator."""
    return Environment(
        name="at",
        rest_url=rest_url.rstrip("/"),
        websocket_url=websocket_url,
        calls_per_second=calls_per_second,
        mock=mock,
    )
