"""HTTP in and out of KIS's paths: bodies and queries as text fields, answers as JSON."""

import json
from typing import Any

from aiohttp import web

from kis.simulator.desks.protocol import Json, KisRefusalError

NOT_JSON = ("OPSQ2001", "ERROR : INPUT JSON FORMAT")
GT_UID = "0" * 32


def json_reply(
    body: Json, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Answer JSON as KIS encodes it, Korean unescaped."""
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(
        text=text, status=status, headers=headers, content_type="application/json", charset="utf-8"
    )


def kis_reply(
    request: web.Request, body: Json, *, status: int = 200, tr_cont: str = ""
) -> web.Response:
    """Answer a call with KIS's headers."""
    headers = {
        "tr_id": request.headers.get("tr_id", ""),
        "tr_cont": tr_cont,
        "gt_uid": GT_UID,
    }
    return json_reply(body, status=status, headers=headers)


def oauth_refusal(refusal: KisRefusalError) -> web.Response:
    """Answer a refusal in the words of /oauth2, which has an error_code and no msg_cd."""
    body: Json = {"error_description": refusal.msg1, "error_code": refusal.msg_cd}
    return json_reply(body, status=400 if refusal.status == 200 else refusal.status)


def hang_up(request: web.Request) -> web.Response:
    """Cut the connection instead of answering."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def parsed(request: web.Request) -> dict[str, Any]:
    """Read a body that must be a JSON object, or raise KIS's refusal."""
    try:
        body: Any = json.loads(await request.text())
    except (ValueError, RecursionError):
        raise KisRefusalError(*NOT_JSON, rt_cd="1", status=400) from None
    if not isinstance(body, dict):
        raise KisRefusalError(*NOT_JSON, rt_cd="1", status=400)
    return body


async def read_body(request: web.Request) -> dict[str, str]:
    """Read a body of plain values as text."""
    body = await parsed(request)
    if any(isinstance(value, dict | list | bool) for value in body.values()):
        raise KisRefusalError(*NOT_JSON, rt_cd="1", status=400)
    return {name: "" if value is None else str(value) for name, value in body.items()}


def read_query(request: web.Request) -> dict[str, str]:
    """Read a query; its names may come in either case, as KIS takes them."""
    return {name.upper(): value for name, value in request.query.items()}
