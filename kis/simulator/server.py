"""The REST side: KIS's gateway (keys, token, calls per second, required fields) and its paths."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web

from kis.simulator.config import SimulatorConfig
from kis.simulator.desks.oauth import INVALID, OAuth
from kis.simulator.desks.protocol import Call, KisRefusalError, Route
from kis.simulator.desks.replies import kis_reply, read_body, read_query
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.mangling import reply
from kis.simulator.mishaps import Mishaps
from kis.simulator.rate import Rate
from kis.simulator.tokens import Standing, Tokens

TOO_FAST = ("EGW00201", "초당 거래건수를 초과하였습니다.")
EXPIRED = ("EGW00123", "기간이 만료된 token 입니다.")
NO_SERVICE = ("OPSQ0002", "없는 서비스 코드 입니다.")
NOT_ON_MOCK = ("90000000", "모의투자에서는 해당업무가 제공되지 않습니다.")
# What KIS says at 모의투자's host to an id that is not 모의투자's.
NOT_MOCKS = ("EGW02006", "모의투자 TR 이 아닙니다.")
MOCK_HOST = "/mock"
SLASHES = re.compile("//+")
# Two slashes in a row, wherever they stand.
DOUBLED = "/{path:(?:/.*|.*//.*)}"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


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
        self._tokens = tokens
        self._faults = faults
        self._mishaps = Mishaps(faults, exchange, tokens)
        self._oauth = OAuth(config, exchange, tokens, faults)
        self._rates: dict[bool, Rate] | None = None
        self._paths: dict[tuple[str, str], Handler] = {
            (method, host + path): self._unless_closed(path, handle)
            for host in ("", MOCK_HOST)
            for method, path, handle in self._under(host, routes)
        }

    def _under(self, host: str, routes: list[Route]) -> Iterator[tuple[str, str, Handler]]:
        """Give the paths of KIS as one of its hosts answers them."""
        for path, handle in self._oauth.handlers().items():
            yield "POST", path, handle
        for route in routes:
            yield route.method, route.path, self._handler(route, mock=host == MOCK_HOST)

    def routes(self) -> list[web.RouteDef]:
        """Give aiohttp the paths of KIS, and any of them spelled with doubled slashes.

        Under /mock they are those of 모의투자's host, which knows its own ids only; without it
        both kinds of ids are answered.
        """
        return [
            *(web.route(method, path, handle) for (method, path), handle in self._paths.items()),
            web.route("*", DOUBLED, self._respelled),
        ]

    async def _respelled(self, request: web.Request) -> web.StreamResponse:
        """Answer a path with doubled slashes, as KIS does."""
        path = SLASHES.sub("/", request.path)
        handle = self._paths.get((request.method, path))
        if handle is None:
            raise web.HTTPNotFound
        return await handle(request)

    def _unless_closed(self, path: str, handle: Handler) -> Handler:
        async def handle_or_not(request: web.Request) -> web.StreamResponse:
            return self._mishaps.closed(request, path) or await handle(request)

        return handle_or_not

    def _handler(self, route: Route, *, mock: bool) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            matched = {"tr_id": request.headers.get("tr_id", ""), "path": route.path}
            response: web.StreamResponse
            try:
                fields = await (read_body if route.method == "POST" else _query)(request)
                matched = {**fields, **matched}
                call = self._call(request, route, fields, matched, at_mock=mock)
                response = await self._answer(request, route, call, matched)
            except KisRefusalError as refusal:
                response = kis_reply(request, refusal.body, status=refusal.status)
            await self._mishaps.delay(matched)
            return response

        return handle

    def _call(
        self,
        request: web.Request,
        route: Route,
        fields: dict[str, str],
        matched: dict[str, str],
        *,
        at_mock: bool,
    ) -> Call:
        """Let a request through the gateway, or raise KIS's refusal."""
        tr_id = request.headers.get("tr_id", "").strip().upper()
        self._oauth.check_headers(request)
        self._mishaps.revoke(matched)
        self._check_token(request.headers.get("authorization", ""), matched)
        limited = not self._within_rate(mock=at_mock or tr_id.startswith("V"))
        if limited or self._faults.take("rate_limited", matched):
            raise KisRefusalError(*TOO_FAST, rt_cd="1", status=500)
        self._mishaps.refuse(matched)
        mock = route.trs.get(tr_id)
        if mock is None:
            code = NOT_ON_MOCK if tr_id.startswith("V") else NO_SERVICE
            raise KisRefusalError(*code, rt_cd="1")
        if at_mock and not (mock or route.shared):
            raise KisRefusalError(*NOT_MOCKS, rt_cd="1", status=500)
        self._check_fields(route, fields)
        tr_cont = request.headers.get("tr_cont", "").strip().upper()
        return Call(tr_id=tr_id, mock=mock, tr_cont=tr_cont, fields=fields, path=route.path)

    def _check_token(self, authorization: str, matched: dict[str, str]) -> None:
        kind, _, token = authorization.partition(" ")
        bearer = kind.lower() == "bearer"
        standing = self._tokens.standing(token.strip()) if bearer else Standing.UNKNOWN
        if standing is Standing.EXPIRED or self._faults.take("token_expired", matched):
            raise KisRefusalError(*EXPIRED, rt_cd="1", status=500)
        if standing is Standing.UNKNOWN:
            raise KisRefusalError(*INVALID, rt_cd="1", status=500)

    def _check_fields(self, route: Route, fields: dict[str, str]) -> None:
        for name in route.required:
            if name not in fields:
                raise KisRefusalError(
                    "OPSQ2001", f"ERROR INPUT FIELD NOT FOUND [{name}]", rt_cd="2"
                )
        if "CANO" in route.required:
            account = (fields["CANO"], fields["ACNT_PRDT_CD"])
            if account != self._config.account_parts:
                raise KisRefusalError("OPSQ2000", "ERROR : INPUT INVALID_CHECK_ACNO", rt_cd="2")

    def _within_rate(self, *, mock: bool) -> bool:
        if self._rates is None:
            clock = asyncio.get_running_loop().time
            self._rates = {
                False: Rate(self._config.calls_per_second, clock),
                True: Rate(self._config.mock_calls_per_second, clock),
            }
        return self._rates[mock].take()

    async def _answer(
        self, request: web.Request, route: Route, call: Call, matched: dict[str, str]
    ) -> web.StreamResponse:
        instead = await self._mishaps.instead(request, route, call, matched)
        if instead is not None:
            return instead
        answer = self._mishaps.answer(route, call, matched)
        wrong = await self._mishaps.after(request, answer, matched) if route.orders else None
        if wrong is not None:
            return wrong
        return reply(request, answer.body, self._faults, matched, answer.tr_cont)


async def _query(request: web.Request) -> dict[str, str]:
    return read_query(request)
