"""The server: its routes, its guard at the door, its start and its stop."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.chat.bot_routes import BotRoutes
from bot.chat.config import LOOPBACK, ChatConfig
from bot.chat.errors import OwnerMistake
from bot.chat.market_clock import MarketClock
from bot.chat.owner_routes import OwnerRoutes
from bot.chat.page_routes import add_page
from bot.chat.polling import Polling
from bot.chat.room import Room
from bot.chat.state import State

BODY_BYTES = 50 * 1024 * 1024  # Telegram's limit for files of bots
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve(
    config: ChatConfig, *, now: Callable[[], datetime], on_ready: Callable[[dict[str, Any]], None]
) -> None:
    """Serve until cancelled.

    `now` gives the time that messages carry (aware). `on_ready` gets what the ready line says, once
    the port is open. Long polls that wait at the end are answered and do not delay it.
    """
    state = State(config.state)
    room = Room(config, state, now)
    runner = web.AppRunner(
        build_app(room),
        handle_signals=False,
        shutdown_timeout=1.0,
        access_log=None,
        handler_cancellation=True,
    )
    try:
        await runner.setup()
        site = web.TCPSite(runner, config.host, config.port)
        await site.start()
        host, port = runner.addresses[0][:2]
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        on_ready(
            {
                "listening": address,
                "page": f"{address}/",
                "owner_id": config.owner_id,
                "bot": room.me(),
            }
        )
        await asyncio.Event().wait()
    finally:
        room.close()
        await runner.cleanup()
        state.close()


def build_app(room: Room) -> web.Application:
    """Join the routes of both sides and the page."""
    app = web.Application(middlewares=[_guard], client_max_size=BODY_BYTES)
    polling = Polling(room)
    BotRoutes(room, polling).add_to(app)
    OwnerRoutes(room, polling).add_to(app)
    MarketClock(room.config).add_to(app)
    add_page(app)
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in who names this machine as the host, and pages only from this very server."""
    if _host_name(f"//{request.host}") not in LOOPBACK:
        return web.json_response({"error": "the Host header is not loopback"}, status=403)
    origin = request.headers.get("Origin")
    own = origin is None or urlsplit(origin).netloc == request.host
    if request.method not in {"GET", "HEAD"} and not own:
        return web.json_response({"error": "another origin may not act here"}, status=403)
    try:
        response = await handler(request)
    except OwnerMistake as mistake:
        response = web.json_response({"error": str(mistake)}, status=400)
    except web.HTTPException as error:
        body = {"ok": False, "error_code": error.status, "description": error.reason}
        response = web.json_response(body, status=error.status)
    response.headers.update(HEADERS)
    return response


def _host_name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
