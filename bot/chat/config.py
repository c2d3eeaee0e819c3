"""What a chat server is started with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatConfig:
    """Describe one server: its bot, its owner, where it listens and what it keeps.

    `port` 0 takes a free one. `links` is handed to the page as it is; the key `clock` is the
    address that market time is read from (GET) and moved with (POST); the server forwards both.
    `messages_per_second` is the rate per chat above which sends and edits get 429; None never does.
    """

    token: str = field(repr=False)
    owner_id: int
    state: Path
    owner_name: str = "주인"
    host: str = "127.0.0.1"
    port: int = 0
    title: str = "무한매수 봇"
    bot_username: str = "muhan_demo_bot"
    language: str = "ko"
    links: Mapping[str, str] = field(default_factory=dict)
    messages_per_second: float | None = None

    def __post_init__(self) -> None:
        if self.host not in LOOPBACK:
            raise ValueError(f"the chat server listens on loopback only, not on {self.host}")
        number, colon, secret = self.token.partition(":")
        if not (number.isdecimal() and colon and secret):
            raise ValueError("a bot token looks like 123456:letters-and-digits")

    @property
    def bot_id(self) -> int:
        return int(self.token.partition(":")[0])
