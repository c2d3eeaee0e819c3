"""What every path under /simulator/ shares: bodies are JSON objects, a refusal is a sentence."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from kis.simulator.desks.protocol import KisRefusalError
from kis.simulator.faults import UnknownFaultError
from kis.simulator.ledger import LedgerBusyError
from kis.simulator.parties import ClockRefusalError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BadRequestError(Exception):
    """The words of a request are wrong; the text is the sentence to answer."""


class ConflictError(Exception):
    """What is asked does not go with the state; the text is the sentence to answer."""


@web.middleware
async def sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals of the control surface into one sentence with its status."""
    try:
        return await handler(request)
    except (BadRequestError, UnknownFaultError) as refusal:
        return web.json_response({"error": str(refusal)}, status=400)
    except (ClockRefusalError, ConflictError, KisRefusalError, LedgerBusyError) as refusal:
        return web.json_response({"error": str(refusal)}, status=409)


async def json_of(request: web.Request) -> dict[str, Any]:
    """Read a body that must be a JSON object."""
    try:
        body: Any = json.loads(await request.text())
    except (ValueError, RecursionError):
        raise BadRequestError("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise BadRequestError("The body is not a JSON object.")
    return body
