"""What goes wrong around a call: before it is looked at, while it is carried out, after it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from aiohttp import web

from kis.simulator.desks.protocol import Answer, Call, KisRefusalError, Route
from kis.simulator.desks.replies import hang_up, kis_reply
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Fault, Faults
from kis.simulator.mangling import PAGE_OF_HTML
from kis.simulator.model import Order
from kis.simulator.tokens import Tokens

GATEWAY_TEXTS = {
    "EGW00202": "GW라우팅 중 오류가 발생했습니다.",
    "EGW00300": "연결 시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.",
    "EGW00301": "연결 시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.",
    "EGW00302": "거래시간을 초과하였습니다. 직전 거래를 반드시 확인하세요",
}
CLOSED = ("OPSQ9999", "서비스 점검 중입니다. 잠시 후 다시 이용하시기 바랍니다.")
FOREVER = 86400.0
LAG_SECONDS = 20.0
PAGING = ("CTX_AREA_", "KEYB", "NEXT", "BYMD")
AGAIN = "AGAIN"


class Mishaps:
    """Plays the faults in waiting on the calls of the gateway."""

    def __init__(self, faults: Faults, exchange: Exchange, tokens: Tokens) -> None:
        self._faults = faults
        self._exchange = exchange
        self._tokens = tokens

    def closed(self, request: web.Request, path: str) -> web.Response | None:
        """Answer for a KIS that is closed for maintenance, or None where it is open."""
        fields = {"path": path, "tr_id": request.headers.get("tr_id", "")}
        fault = self._faults.take("maintenance", fields)
        if fault is None:
            return None
        if fault.variant == "refused":
            return hang_up(request)
        if fault.variant == "json":
            refusal = KisRefusalError(*CLOSED, rt_cd="1")
            return kis_reply(request, refusal.body)
        return web.Response(text=PAGE_OF_HTML, status=503, content_type="text/html")

    def revoke(self, fields: Mapping[str, str]) -> None:
        """Let every token die before its time, where the fault waits."""
        if self._faults.take("token_revoked", fields):
            self._tokens.revoke_all()

    def refuse(self, fields: Mapping[str, str]) -> None:
        """Raise the gateway's refusal of a call that it has not looked at."""
        if fault := self._faults.take("gateway_before_accept", fields):
            raise gateway_refusal(fault)

    async def delay(self, fields: Mapping[str, str]) -> None:
        """Hold an answer back for the wall's seconds."""
        if fault := self._faults.take("slow_answer", fields):
            await asyncio.sleep(fault.seconds_or(1.0))

    async def instead(
        self, request: web.Request, route: Route, call: Call, fields: Mapping[str, str]
    ) -> web.StreamResponse | None:
        """Answer instead of the counter, which then never hears of the call."""
        if self._faults.take("connection_dropped", fields):
            return hang_up(request)
        if route.orders:
            if fault := self._faults.take("timeout_before_accept", fields):
                return await _held_back(request, fault)
            return _failure() if self._faults.take("error_500_before_accept", fields) else None
        if self._faults.take("call_fails", fields):
            return _failure()
        if _is_later_page(call) and self._faults.take("page_cut_short", fields):
            return _failure()
        return None

    def answer(self, route: Route, call: Call, fields: Mapping[str, str]) -> Answer:
        """Let the counter answer, the first page again where a listing never ends."""
        if route.orders or not self._faults.take("page_repeats_for_ever", fields):
            return route.handler(call)
        first = {k: "" if k.startswith(PAGING) else v for k, v in call.fields.items()}
        answer = route.handler(replace(call, tr_cont="", fields={**call.fields, **first}))
        keys = {
            name: AGAIN.ljust(len(str(text)))
            for name, text in answer.body.items()
            if name.startswith("ctx_area_nk")
        }
        if not keys:
            return answer
        mark = "M" if call.tr_cont == "N" else "F"
        return replace(answer, body={**answer.body, **keys}, tr_cont=mark)

    async def after(
        self, request: web.Request, answer: Answer, fields: Mapping[str, str]
    ) -> web.StreamResponse | None:
        """Answer wrongly for an order that has been taken in, or None where it goes well."""
        if answer.order is not None:
            self._spoil(answer.order, fields)
        if fault := self._faults.take("timeout_after_accept", fields):
            if fault.seconds is None:
                return await _held_back(request, fault)
            await asyncio.sleep(fault.seconds)
        if self._faults.take("error_500_after_accept", fields):
            return _failure()
        if self._faults.take("html_after_accept", fields):
            return web.Response(status=502, text="<html>502", content_type="text/html")
        if self._faults.take("cut_off_after_accept", fields):
            return web.Response(text='{"rt_cd": "0", "msg_c', content_type="application/json")
        if fault := self._faults.take("gateway_after_accept", fields):
            return kis_reply(request, gateway_refusal(fault).body, status=500)
        if self._faults.take("no_number_after_accept", fields):
            return kis_reply(request, {**answer.body, "output": {}}, tr_cont=answer.tr_cont)
        return None

    def _spoil(self, order: Order, fields: Mapping[str, str]) -> None:
        if fault := self._faults.take("refused_after_accept", fields):
            later = self._exchange.now + timedelta(seconds=fault.seconds_or(0))
            self._exchange.later(later, lambda: self._exchange.refuse(order))
        if fault := self._faults.take("hidden_after_accept", fields):
            seconds = fault.seconds_or(LAG_SECONDS)
            self._exchange.hide(order, self._exchange.now + timedelta(seconds=seconds))


def gateway_refusal(fault: Fault) -> KisRefusalError:
    return KisRefusalError(fault.variant, GATEWAY_TEXTS[fault.variant], rt_cd="1", status=500)


def _is_later_page(call: Call) -> bool:
    return call.tr_cont == "N" or call["NEXT"] == "1"


def _failure() -> web.Response:
    return web.Response(status=500, text="Internal Server Error")


async def _held_back(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Keep silent for the fault's seconds or until the client hangs up, then hang up too."""
    await asyncio.sleep(fault.seconds_or(FOREVER))
    return hang_up(request)
