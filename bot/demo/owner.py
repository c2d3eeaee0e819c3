"""The headless demo's owner: reads the chat and taps, through the same page's door."""

import asyncio
from typing import Any

import aiohttp
import structlog

log = structlog.get_logger(__name__)

RESEND = "다시 보내기"
APPROVE = "승인"


class TappingOwner:
    """Press [승인] (when asked to) and [다시 보내기] as soon as they are offered."""

    def __init__(self, chat_url: str, *, approves: bool) -> None:
        self._url = chat_url.rstrip("/")
        self._wanted = (APPROVE, RESEND) if approves else (RESEND,)
        self._pressed: set[str] = set()

    async def play(self) -> None:
        """Follow the chat until cancelled."""
        seen = 0
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    seen = await self._look(http, seen)
                except (aiohttp.ClientError, TimeoutError):
                    await asyncio.sleep(0.2)

    async def _look(self, http: aiohttp.ClientSession, seen: int) -> int:
        query = {"after": str(seen), "timeout": "25"}
        async with http.get(f"{self._url}/chat/messages", params=query) as answer:
            changes: dict[str, Any] = await answer.json()
        for message in changes.get("messages", []):
            for button in _buttons(message):
                await self._press(http, message, button)
        return int(changes["rev"])

    async def _press(
        self, http: aiohttp.ClientSession, message: dict[str, Any], button: dict[str, Any]
    ) -> None:
        data = str(button.get("callback_data", ""))
        wanted = any(word in str(button.get("text", "")) for word in self._wanted)
        if not wanted or not data or data in self._pressed:
            return
        body = {"message_id": message["id"], "data": data}
        async with http.post(f"{self._url}/chat/press", json=body) as answer:
            if answer.status == 200:
                self._pressed.add(data)


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    markup = message.get("reply_markup") or {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]
