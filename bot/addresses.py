"""Which addresses a venue may talk to: KIS's own for money, this machine for rehearsal.

`kis/environment.py` spells KIS's addresses too, on the other side of the counter; a test holds the
two together (kis.md section 1 is the source).
"""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

from bot.errors import SettingsError

TELEGRAM = "https://api.telegram.org"


class Venue(StrEnum):
    """Where orders go: 데모, 리허설, 한투 모의, 실전."""

    DEMO = "demo"
    PAPER = "paper"
    MOCK = "mock"
    REAL = "real"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counter:
    """KIS's two addresses for one kind of account."""

    rest: str
    websocket: str


KIS_REAL = Counter(
    rest="https://openapi.koreainvestment.com:9443",
    websocket="ws://ops.koreainvestment.com:21000/tryitout",
)
KIS_MOCK = Counter(
    rest="https://openapivts.koreainvestment.com:29443",
    websocket="ws://ops.koreainvestment.com:31000/tryitout",
)

_OWN: dict[Venue, Counter] = {
    Venue.MOCK: KIS_MOCK,
    Venue.REAL: KIS_REAL,
    Venue.PAPER: KIS_REAL,  # prices only: orders go to the rehearsal room (bot/paper)
}


def kis_addresses(venue: Venue, rest: str, websocket: str) -> Counter:
    """Return the addresses to use for a venue, from what was set; empty means not set.

    real: KIS's own for real accounts and nothing else. mock: KIS's own for practice accounts, or
    this machine. paper: where prices come from, KIS's own for real accounts or this machine. demo:
    this machine only, where the simulator listens. The websocket's address follows the REST
    address when it is not set. Raises `SettingsError`.
    """
    own = _OWN.get(venue)
    if not rest and own is None:
        raise SettingsError(
            f"MUHAN_VENUE={venue}에는 KIS_REST_URL이 필요합니다: "
            "시뮬레이터의 주소(예: http://127.0.0.1:8443)를 적어 주세요.",
            f"MUHAN_VENUE={venue} needs KIS_REST_URL: set the simulator's address, "
            "such as http://127.0.0.1:8443.",
        )
    rest = (rest or (own.rest if own else "")).rstrip("/")
    if not websocket:
        followed = _on_this_machine(rest, ("http", "https"))
        websocket = "ws" + rest.removeprefix("http") if followed or own is None else own.websocket
    own_rest, own_websocket = (own.rest, own.websocket) if own else (None, None)
    for name, address, ours, schemes in (
        ("KIS_REST_URL", rest, own_rest, ("http", "https")),
        ("KIS_WEBSOCKET_URL", websocket, own_websocket, ("ws", "wss")),
    ):
        if ours is not None and _same_counter(address, ours):
            continue
        if venue is Venue.REAL or not _on_this_machine(address, schemes):
            _refuse(name, venue, ours)
    return Counter(rest=rest, websocket=websocket.rstrip("/"))


def on_this_machine(address: str) -> bool:
    """Tell whether an http address is one of this machine."""
    return _on_this_machine(address, ("http", "https"))


def telegram_address(address: str) -> str:
    """Return a Bot API address; only https, or http on this machine, may carry the bot's token."""
    parts = _parts(address)
    if parts is None or not (
        (parts.scheme == "https" and parts.hostname) or _on_this_machine(address, ("http",))
    ):
        raise SettingsError(
            "TELEGRAM_API_URL을 쓸 수 없습니다: https:// 주소나 이 컴퓨터의 주소"
            "(http://127.0.0.1:포트)만 됩니다. 지우면 텔레그램 서버를 씁니다.",
            "TELEGRAM_API_URL cannot be used: only an https:// address or one of this machine "
            "(http://127.0.0.1:port) will do. Remove it to use Telegram's own.",
        )
    return address.rstrip("/")


def heartbeat_address(address: str) -> str:
    """Return the address of a dead-man monitor, "" for none: https, or http on this machine."""
    parts = _parts(address)
    if address and (
        parts is None
        or not ((parts.scheme == "https" and parts.hostname) or on_this_machine(address))
    ):
        raise SettingsError(
            "MUHAN_HEARTBEAT_URL을 쓸 수 없습니다: https:// 주소나 이 컴퓨터의 주소"
            "(http://127.0.0.1:포트)를 물음표 없이 적어 주세요.",
            "MUHAN_HEARTBEAT_URL cannot be used: write an https:// address, or one of this machine "
            "(http://127.0.0.1:port), without a query.",
        )
    return address.rstrip("/")


DASHBOARD = "http://127.0.0.1:8501"
_TAILNET = ipaddress.ip_network("100.64.0.0/10")


def dashboard_address(address: str) -> str:
    """Return the address under which people open the dashboard; this machine's for none.

    https anywhere; http only on this machine and to addresses of private networks (a tailnet's
    too), because a session's cookie goes over it. Raises SettingsError.
    """
    parts = _parts(address)
    if address and (
        parts is None
        or parts.path not in {"", "/"}
        or not ((parts.scheme == "https" and parts.hostname) or _in_private(address))
    ):
        raise SettingsError(
            "MUHAN_DASHBOARD_URL을 쓸 수 없습니다: https:// 주소나 이 컴퓨터 또는 사설망의 주소"
            "(http://127.0.0.1:8501, http://100.64.0.7:8501)를 뒤에 아무것도 붙이지 말고 적어 "
            "주세요.",
            "MUHAN_DASHBOARD_URL cannot be used: write an https:// address, or one of this machine "
            "or a private network (http://127.0.0.1:8501, http://100.64.0.7:8501), with nothing "
            "behind it.",
        )
    return address.rstrip("/") or DASHBOARD


def _in_private(address: str) -> bool:
    """Tell whether http to an address stays on this machine or in a private network."""
    parts = _parts(address)
    if on_this_machine(address):
        return True
    if parts is None or parts.scheme != "http" or parts.hostname is None:
        return False
    try:
        host = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return False
    return host.is_private or host in _TAILNET


def update_address(address: str, name: str = "MUHAN_UPDATE_URL") -> str:
    """Return the address that is asked for the latest release, "" for none.

    https, or http on this machine. Raises SettingsError.
    """
    parts = _parts(address)
    if address and (
        parts is None
        or not ((parts.scheme == "https" and parts.hostname) or on_this_machine(address))
    ):
        raise SettingsError(
            f"{name}을 쓸 수 없습니다: https:// 주소나 이 컴퓨터의 주소(http://127.0.0.1:포트)를 "
            "물음표 없이 적어 주세요.",
            f"{name} cannot be used: write an https:// address, or one of this machine "
            "(http://127.0.0.1:port), without a query.",
        )
    return address.rstrip("/")


def _refuse(name: str, venue: Venue, ours: str | None) -> NoReturn:
    if venue is Venue.REAL:
        raise SettingsError(
            f"MUHAN_VENUE=real은 한국투자증권의 주소만 씁니다: {name} 줄을 지우거나 "
            f"{ours}(으)로 고쳐 주세요.",
            f"MUHAN_VENUE=real talks to KIS's own address only: remove {name} or set it to {ours}.",
        )
    also, also_english = (f" 또는 {ours}", f" or {ours}") if ours else ("", "")
    raise SettingsError(
        f"MUHAN_VENUE={venue}에 쓸 수 없는 {name}입니다: 이 컴퓨터의 주소"
        f"(127.0.0.1){also}만 됩니다.",
        f"{name} cannot be used with MUHAN_VENUE={venue}: only an address of this machine "
        f"(127.0.0.1){also_english} will do.",
    )


def _same_counter(address: str, ours: str) -> bool:
    """Compare scheme, host and port; KIS's websocket also answers under /tryitout."""
    parts, own = _parts(address), urlsplit(ours)
    return (
        parts is not None
        and (parts.scheme, parts.hostname, parts.port) == (own.scheme, own.hostname, own.port)
        and parts.path in {"", "/"} | ({"/tryitout", "/tryitout/"} if own.scheme == "ws" else set())
    )


def _on_this_machine(address: str, schemes: tuple[str, ...]) -> bool:
    parts = _parts(address)
    if parts is None or parts.scheme not in schemes or parts.hostname is None:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def _parts(address: str) -> SplitResult | None:
    """Split an address; None when it is malformed or carries a user, a query or a fragment."""
    try:
        parts = urlsplit(address)
        port_given = parts.port
    except ValueError:
        return None
    odd = "@" in parts.netloc or parts.query or parts.fragment or port_given == 0
    return None if odd else parts
