"""Somebody else polls with our token: another instance, or a thief (safety.md section 3).

A minute of it holds new orders back; a minute of undisturbed polling lets them go again. A webhook
is somebody's too: it is removed and told of at once.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from bot.bus import Bus
from bot.clock import Clock
from bot.commands import FreeOrders, HoldOrders, NoteWebhook
from bot.storage.failing import StorageFailing
from bot.trading.holds import Hold

REVOKED = "revoked"
PATIENCE = timedelta(seconds=60)
REVOKE = "if it is not you, revoke the token: @BotFather, /revoke, then write the new one into .env"

log = structlog.get_logger(__name__)


class Contest:
    """Hear of every poll's fate; what has to be asked of trading goes over the bus."""

    def __init__(self, bot: Bot, bus: Bus, wall: Clock) -> None:
        self._bot = bot
        self._bus = bus
        self._wall = wall
        self._since: datetime | None = None
        self._calm_from = wall.now()
        self._may_hold = True  # a hold may be left from the process before
        self._told = False

    async def met(self) -> None:
        """Take note of a conflict; hold orders back when they have lasted."""
        now = self._wall.now()
        if self._since is None or now < self._since:
            self._since = now
            log.error("another program polls with this bot token, or the token was stolen")
        self._calm_from = now
        await self.look_for_webhook()
        if now - self._since >= PATIENCE:
            if not self._told:
                self._told = True
                log.error("new orders wait while somebody else polls", now=REVOKE)
            await self._hold()

    async def revoked(self) -> None:
        """Take note that Telegram does not know our token any more; nobody can say /stop."""
        log.error("Telegram does not know this token: check TELEGRAM_BOT_TOKEN and start again")
        self._calm_from = self._wall.now()
        await self._hold(REVOKED)

    async def undisturbed(self) -> None:
        """Take note of a poll that was answered; end the contest when that has lasted."""
        now = self._wall.now()
        self._calm_from = min(self._calm_from, now)  # the clock may be set back
        if (self._since is None and not self._may_hold) or now - self._calm_from < PATIENCE:
            return
        try:
            await self._bus.ask(FreeOrders(why=Hold.TOKEN))
        except StorageFailing as failing:
            log.error("orders stay held: it cannot be written down", reason=failing.reason)  # noqa: TRY400 - the trace would say no more
            return
        if self._since is not None:
            log.warning("nobody else polls with this bot token any more")
        self._since, self._may_hold, self._told = None, False, False

    async def look_for_webhook(self) -> None:
        """Tell of a webhook and remove it: with one, nothing that the owner says arrives here."""
        try:
            webhook = await self._bot.get_webhook_info()
            if webhook.url:
                host = urlsplit(webhook.url).hostname or "?"
                log.error("a webhook was set on this bot, and is removed", host=host, now=REVOKE)
                await self._bus.ask(NoteWebhook(host=host))
                await self._bot.delete_webhook(drop_pending_updates=False)
        except (TelegramAPIError, ClientDecodeError, StorageFailing) as error:
            log.warning("could not look for a webhook", error=type(error).__name__)

    async def _hold(self, detail: str = "") -> None:
        self._may_hold = True
        try:
            await self._bus.ask(HoldOrders(why=Hold.TOKEN, detail=detail))
        except StorageFailing as failing:
            log.error("orders are held, but it cannot be written down", reason=failing.reason)  # noqa: TRY400 - the same
