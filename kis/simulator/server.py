"""The REST side: KIS's gateway (keys, token, calls per second, required fields) and its paths."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from aiohttp import web

from kis.simulator.config import SimulatorConfig
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Fault, Faults
from kis.simulator.model import SEOUL
from kis.simulator.protocol import Answer, Call, Json, KisRefusalError, Route
from kis.simulator.rate import Rate
from kis.simulator.tokens import LIFE, Standing, Tokens

TOO_FAST = ("EGW00201", "초당 거래건수를 초과하였습니다.")
EXPIRED = ("EGW00123", "기간이 만료된 token 입니다.")
INVALID = ("EGW00121", "유효하지 않은 token 입니다.")
WRONG_KEY = ("EGW00103", "유효하지 않은 AppKey입니다.")
WRONG_SECRET = ("EGW00105", "유효하지 않은 AppSecret입니다.")
NOT_JSON = ("OPSQ2001", "ERROR : INPUT JSON FORMAT")
NO_SERVICE = ("OPSQ0002", "없는 서비스 코드 입니다.")
NOT_ON_MOCK = ("90000000", "모의투자에서는 해당업무가 제공되지 않습니다.")
TIMED_OUT = ("EGW00302", "거래시간을 초과하였습니다. 직전 거래를 반드시 확인하세요")
FOREVER = 86400.0


class Gateway:
    """Answers KIS's paths, with the faults in waiting."""

    def __init__(
        self,
        config: SimulatorConfig,
        exchange: Exchange,
        tokens: Tokens,
        faults: Faults,
        routes: list[Route],
    ) -> None:
        self._config = config
        self._exchange = exchange
        self._tokens = tokens
        self._faults = faults
        self._routes = routes
        self._rates: dict[bool, Rate] | None = None

    def routes(self) -> list[web.RouteDef]:
        """Give aiohttp the paths of KIS."""
        return [
            web.post("/oauth2/tokenP", self._token),
            web.post("/oauth2/revokeP", self._revoke),
            web.post("/oauth2/Approval", self._approval),
            web.post("/uapi/hashkey", self._hashkey),
            *(web.route(route.method, route.path, self._handler(route)) for route in self._routes),
        ]

    # -- authentication ---------------------------------------------------------------------

    async def _token(self, request: web.Request) -> web.Response:
        try:
            self._check_keys(await _body(request), "appsecret")
        except KisRefusalError as refusal:
            return _oauth_refusal(refusal)
        token = self._tokens.issue()
        if token is None:
            text = "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)"
            return _json({"error_description": text, "error_code": "EGW00133"}, status=403)
        left = token.expires - self._exchange.now
        expires = token.expires.astimezone(SEOUL)
        return _json(
            {
                "access_token": token.token,
                "access_token_token_expired": f"{expires:%Y-%m-%d %H:%M:%S}",
                "token_type": "Bearer",
                "expires_in": min(int(left.total_seconds()), int(LIFE.total_seconds())),
            }
        )

    async def _revoke(self, request: web.Request) -> web.Response:
        try:
            body = await _body(request)
            self._check_keys(body, "appsecret")
        except KisRefusalError as refusal:
            return _oauth_refusal(refusal)
        if not self._tokens.revoke(body.get("token", "")):
            return _oauth_refusal(KisRefusalError(*INVALID, status=403))
        return _json({"code": 200, "message": "접근토큰 폐기에 성공하였습니다"})

    async def _approval(self, request: web.Request) -> web.Response:
        try:
            self._check_keys(await _body(request), "secretkey")
        except KisRefusalError as refusal:
            return _oauth_refusal(refusal)
        return _json({"approval_key": self._tokens.approve()})

    async def _hashkey(self, request: web.Request) -> web.Response:
        try:
            self._check_headers(request)
            body = await _parsed(request)
        except KisRefusalError as refusal:
            return _json(refusal.body, status=refusal.status)
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        return _json({"BODY": body, "HASH": hashlib.sha256(text.encode()).hexdigest()})

    def _check_keys(self, body: dict[str, str], secret: str) -> None:
        for name in ("appkey", secret):
            if name not in body:
                raise KisRefusalError("EGW00100", f"{name}가 없습니다.", status=400)
        if body.get("grant_type", "client_credentials") != "client_credentials":
            raise KisRefusalError("EGW00101", "유효하지 않은 grant_type입니다.", status=400)
        if body["appkey"] != self._config.app_key:
            raise KisRefusalError(*WRONG_KEY, status=403)
        if body[secret] != self._config.app_secret:
            raise KisRefusalError(*WRONG_SECRET, status=403)

    def _check_headers(self, request: web.Request) -> None:
        if request.headers.get("appkey") != self._config.app_key:
            raise KisRefusalError(*WRONG_KEY, rt_cd="1", status=500)
        if request.headers.get("appsecret") != self._config.app_secret:
            raise KisRefusalError(*WRONG_SECRET, rt_cd="1", status=500)

    # -- the paths of trading and quotes ----------------------------------------------------

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                call = await self._call(request, route)
                return await self._answer(request, route, call)
            except KisRefusalError as refusal:
                return self._reply(request, refusal.body, status=refusal.status)

        return handle

    async def _call(self, request: web.Request, route: Route) -> Call:
        """Let a request through the gateway, or raise KIS's refusal."""
        fields = await _body(request) if route.method == "POST" else _query(request)
        tr_id = request.headers.get("tr_id", "")
        self._check_headers(request)
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        standing = self._tokens.standing(token.strip()) if kind == "Bearer" else Standing.UNKNOWN
        matched = {**fields, "tr_id": tr_id, "path": route.path}
        if standing is Standing.EXPIRED or self._faults.take("token_expired", matched):
            raise KisRefusalError(*EXPIRED, rt_cd="1", status=500)
        if standing is Standing.UNKNOWN:
            raise KisRefusalError(*INVALID, rt_cd="1", status=500)
        mock = route.trs.get(tr_id)
        limited = not self._within_rate(mock=tr_id.startswith("V"))
        if limited or self._faults.take("rate_limited", matched):
            raise KisRefusalError(*TOO_FAST, rt_cd="1", status=500)
        if mock is None:
            code = NOT_ON_MOCK if tr_id.startswith("V") else NO_SERVICE
            raise KisRefusalError(*code, rt_cd="1")
        for name in route.required:
            if name not in fields:
                raise KisRefusalError(
                    "OPSQ2001", f"ERROR INPUT FIELD NOT FOUND [{name}]", rt_cd="2"
                )
        if "CANO" in route.required:
            account = (fields["CANO"], fields["ACNT_PRDT_CD"])
            if account != self._config.account_parts:
                raise KisRefusalError("OPSQ2000", "ERROR : INPUT INVALID_CHECK_ACNO", rt_cd="2")
        return Call(
            tr_id=tr_id, mock=mock, tr_cont=request.headers.get("tr_cont", ""), fields=fields
        )

    def _within_rate(self, *, mock: bool) -> bool:
        if self._rates is None:
            clock = asyncio.get_running_loop().time
            self._rates = {
                False: Rate(self._config.calls_per_second, clock),
                True: Rate(self._config.mock_calls_per_second, clock),
            }
        return self._rates[mock].take()

    async def _answer(self, request: web.Request, route: Route, call: Call) -> web.StreamResponse:
        matched = {**call.fields, "tr_id": call.tr_id, "path": route.path}
        if self._faults.take("connection_dropped", matched):
            return _hang_up(request)
        if not route.orders:
            if self._faults.take("call_fails", matched):
                return web.Response(status=500, text="Internal Server Error")
            answer = route.handler(call)
            return self._reply(request, answer.body, tr_cont=answer.tr_cont)
        if fault := self._faults.take("timeout_before_accept", matched):
            return await _held_back(request, fault)
        if self._faults.take("error_500_before_accept", matched):
            return web.Response(status=500, text="Internal Server Error")
        answer = route.handler(call)
        return await self._after_order(request, answer, matched)

    async def _after_order(
        self, request: web.Request, answer: Answer, matched: dict[str, str]
    ) -> web.StreamResponse:
        """Answer an order that has been taken in, or fail to."""
        order = answer.order
        if order is not None and self._faults.take("refused_after_accept", matched):
            self._exchange.refuse(order)
        if order is not None and (fault := self._faults.take("hidden_after_accept", matched)):
            seconds = 20.0 if fault.seconds is None else fault.seconds
            self._exchange.hide(order, self._exchange.now + timedelta(seconds=seconds))
        if fault := self._faults.take("timeout_after_accept", matched):
            if fault.seconds is None:
                return await _held_back(request, fault)
            await asyncio.sleep(fault.seconds)
        if self._faults.take("error_500_after_accept", matched):
            return web.Response(status=500, text="Internal Server Error")
        if self._faults.take("html_after_accept", matched):
            return web.Response(status=502, text="<html>502", content_type="text/html")
        if self._faults.take("cut_off_after_accept", matched):
            return web.Response(text='{"rt_cd": "0", "msg_c', content_type="application/json")
        if self._faults.take("gateway_after_accept", matched):
            refusal = KisRefusalError(*TIMED_OUT, rt_cd="1", status=500)
            return self._reply(request, refusal.body, status=500)
        body = answer.body
        if self._faults.take("no_number_after_accept", matched):
            body = {**body, "output": {}}
        return self._reply(request, body, tr_cont=answer.tr_cont)

    @staticmethod
    def _reply(
        request: web.Request, body: Json, *, status: int = 200, tr_cont: str = ""
    ) -> web.Response:
        headers = {
            "tr_id": request.headers.get("tr_id", ""),
            "tr_cont": tr_cont,
            "gt_uid": "00000000000000000000000000000000",
        }
        return _json(body, status=status, headers=headers)


async def _held_back(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Keep silent for the fault's seconds or until the client hangs up, then hang up too."""
    await asyncio.sleep(FOREVER if fault.seconds is None else fault.seconds)
    return _hang_up(request)


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _json(body: Json, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(
        text=text, status=status, headers=headers, content_type="application/json", charset="utf-8"
    )


def _oauth_refusal(refusal: KisRefusalError) -> web.Response:
    body: Json = {"error_description": refusal.msg1, "error_code": refusal.msg_cd}
    return _json(body, status=400 if refusal.status == 200 else refusal.status)


async def _parsed(request: web.Request) -> dict[str, Any]:
    try:
        body: Any = json.loads(await request.text())
    except ValueError:
        raise KisRefusalError(*NOT_JSON, rt_cd="1", status=400) from None
    if not isinstance(body, dict):
        raise KisRefusalError(*NOT_JSON, rt_cd="1", status=400)
    return body


async def _body(request: web.Request) -> dict[str, str]:
    body = await _parsed(request)
    if any(isinstance(value, dict | list | bool) for value in body.values()):
        raise KisRefusalError(*NOT_JSON, rt_cd="1", status=400)
    return {name: "" if value is None else str(value) for name, value in body.items()}


def _query(request: web.Request) -> dict[str, str]:
    return {name.upper(): value for name, value in request.query.items()}
