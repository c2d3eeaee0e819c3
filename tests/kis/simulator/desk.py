"""A customer of the simulator in the tests: starts one on port 0 and speaks KIS to it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import aiohttp

from kis.simulator import Bar, Session, SimulatorConfig, serve
from kis.simulator.model import NEW_YORK

TRADING = "/uapi/overseas-stock/v1/trading"
PRICES = "/uapi/overseas-price/v1/quotations"
ACCOUNT = {"CANO": "81000000", "ACNT_PRDT_CD": "01"}
WEDNESDAY = date(2026, 10, 7)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def session(day: date, close: time = time(16)) -> Session:
    return Session(
        day,
        datetime.combine(day, time(9, 30), NEW_YORK),
        datetime.combine(day, close, NEW_YORK),
    )


def week(count: int = 10, start: date = WEDNESDAY) -> list[Session]:
    days = [start + timedelta(days=index) for index in range(count * 2)]
    return [session(day) for day in days if day.weekday() < 5][:count]


def bar(day: date, prices: str = "50 52 48 51", volume: int = 1_000_000) -> Bar:
    opening, high, low, close = (Decimal(price) for price in prices.split())
    return Bar(day, opening, high, low, close, volume)


def flat_bars(sessions: Sequence[Session], prices: str = "50 52 48 51") -> list[Bar]:
    before = bar(sessions[0].day - timedelta(days=1), prices)
    return [before, *(bar(one.day, prices) for one in sessions)]


class Desk:
    """One customer with a token."""

    def __init__(self, http: aiohttp.ClientSession, url: str, config: SimulatorConfig) -> None:
        self.http = http
        self.url = url
        self.config = config
        self.token = ""

    async def request(
        self, method: str, path: str, **options: Any
    ) -> tuple[int, dict[str, Any], Mapping[str, str]]:
        async with self.http.request(method, self.url + path, **options) as response:
            body: dict[str, Any] = await response.json(content_type=None)
            return response.status, body, response.headers

    async def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        _, answer, _ = await self.request(method, f"/simulator/{path}", json=body)
        return answer

    async def go(self, to: str) -> dict[str, Any]:
        return await self.control("POST", "clock", {"to": to})

    async def ask_token(self) -> tuple[int, dict[str, Any]]:
        body = {
            "grant_type": "client_credentials",
            "appkey": self.config.app_key,
            "appsecret": self.config.app_secret,
        }
        status, answer, _ = await self.request("POST", "/oauth2/tokenP", json=body)
        self.token = answer.get("access_token", self.token)
        return status, answer

    def headers(self, tr_id: str, tr_cont: str = "") -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.token}",
            "appkey": self.config.app_key,
            "appsecret": self.config.app_secret,
            "tr_id": tr_id,
            "tr_cont": tr_cont,
            "custtype": "P",
        }

    async def post(self, path: str, tr_id: str, body: Mapping[str, str]) -> dict[str, Any]:
        _, answer, _ = await self.request(
            "POST", TRADING + path, json=dict(body), headers=self.headers(tr_id)
        )
        return answer

    async def get(
        self, path: str, tr_id: str, query: Mapping[str, str], tr_cont: str = ""
    ) -> tuple[dict[str, Any], str]:
        _, answer, headers = await self.request(
            "GET", path, params=dict(query), headers=self.headers(tr_id, tr_cont)
        )
        return answer, headers.get("tr_cont", "")

    async def order(  # noqa: PLR0917 - an order has as many words as it has
        self,
        side: str,
        division: str,
        quantity: int,
        price: str,
        symbol: str = "TQQQ",
        exchange: str = "NASD",
        tr_id: str = "",
    ) -> dict[str, Any]:
        tr_id = tr_id or {"buy": "TTTT1002U", "sell": "TTTT1006U"}[side]
        return await self.post(
            "/order", tr_id, order_body(division, quantity, price, symbol, exchange)
        )

    async def change(
        self, number: str, kind: str = "02", quantity: str = "0", price: str = "0"
    ) -> dict[str, Any]:
        body = ACCOUNT | {
            "OVRS_EXCG_CD": "NASD",
            "PDNO": "TQQQ",
            "ORGN_ODNO": number,
            "RVSE_CNCL_DVSN_CD": kind,
            "ORD_QTY": quantity,
            "OVRS_ORD_UNPR": price,
            "MGCO_APTM_ODNO": "",
            "ORD_SVR_DVSN_CD": "0",
        }
        return await self.post("/order-rvsecncl", "TTTT1004U", body)

    async def ccnl(
        self, tr_id: str = "TTTS3035R", tr_cont: str = "", **fields: str
    ) -> tuple[dict[str, Any], str]:
        return await self.get(f"{TRADING}/inquire-ccnl", tr_id, ccnl_query(**fields), tr_cont)

    async def rows(self, **fields: str) -> list[dict[str, str]]:
        answer, _ = await self.ccnl(**fields)
        output = answer["output"]
        return output if isinstance(output, list) else []

    async def nccs(self, tr_cont: str = "", **fields: str) -> tuple[dict[str, Any], str]:
        query = ACCOUNT | {"OVRS_EXCG_CD": "NASD", "SORT_SQN": "DS"}
        query |= {"CTX_AREA_FK200": "", "CTX_AREA_NK200": ""} | fields
        return await self.get(f"{TRADING}/inquire-nccs", "TTTS3018R", query, tr_cont)

    async def balance(self, tr_id: str = "TTTS3012R", exchange: str = "NASD") -> dict[str, Any]:
        query = ACCOUNT | {"OVRS_EXCG_CD": exchange, "TR_CRCY_CD": "USD"}
        query |= {"CTX_AREA_FK200": "", "CTX_AREA_NK200": ""}
        return (await self.get(f"{TRADING}/inquire-balance", tr_id, query))[0]

    async def psamount(self, price: str = "50", tr_id: str = "TTTS3007R") -> dict[str, str]:
        query = ACCOUNT | {"OVRS_EXCG_CD": "NASD", "OVRS_ORD_UNPR": price, "ITEM_CD": "TQQQ"}
        answer, _ = await self.get(f"{TRADING}/inquire-psamount", tr_id, query)
        output: dict[str, str] = answer["output"]
        return output

    async def price(self, symbol: str = "TQQQ", exchange: str = "NAS") -> dict[str, Any]:
        query = {"AUTH": "", "EXCD": exchange, "SYMB": symbol}
        return (await self.get(f"{PRICES}/price", "HHDFS00000300", query))[0]

    async def daily(self, by: str = "", unit: str = "0") -> list[dict[str, str]]:
        query = {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ", "GUBN": unit, "BYMD": by, "MODP": "1"}
        answer, _ = await self.get(f"{PRICES}/dailyprice", "HHDFS76240000", query)
        rows: list[dict[str, str]] = answer["output2"]
        return rows

    async def approval(self) -> str:
        body = {
            "grant_type": "client_credentials",
            "appkey": self.config.app_key,
            "secretkey": self.config.app_secret,
        }
        _, answer, _ = await self.request("POST", "/oauth2/Approval", json=body)
        return str(answer["approval_key"])


def order_body(
    division: str, quantity: int, price: str, symbol: str = "TQQQ", exchange: str = "NASD"
) -> dict[str, str]:
    return ACCOUNT | {
        "OVRS_EXCG_CD": exchange,
        "PDNO": symbol,
        "ORD_QTY": str(quantity),
        "OVRS_ORD_UNPR": price,
        "CTAC_TLNO": "",
        "MGCO_APTM_ODNO": "",
        "ORD_SVR_DVSN_CD": "0",
        "ORD_DVSN": division,
    }


def ccnl_query(**fields: str) -> dict[str, str]:
    query = ACCOUNT | {
        "PDNO": "%",
        "ORD_STRT_DT": "20261001",
        "ORD_END_DT": "20261231",
        "SLL_BUY_DVSN": "00",
        "CCLD_NCCS_DVSN": "00",
        "OVRS_EXCG_CD": "NASD",
        "SORT_SQN": "DS",
        "ORD_DT": "",
        "ORD_GNO_BRNO": "",
        "ODNO": "",
        "CTX_AREA_FK200": "",
        "CTX_AREA_NK200": "",
    }
    return query | fields


def quick(**settings: Any) -> SimulatorConfig:
    """A simulator that stands at five in the morning of its first session, in no hurry."""
    defaults: dict[str, Any] = {
        "at": new_york("2026-10-07T05:00"),
        "calls_per_second": 100_000,
        "mock_calls_per_second": 100_000,
    }
    return SimulatorConfig(**(defaults | settings))


@asynccontextmanager
async def running(
    config: SimulatorConfig | None = None,
    *,
    sessions: Sequence[Session] | None = None,
    prices: str | None = "50 52 48 51",
    with_token: bool = True,
) -> AsyncIterator[Desk]:
    """Run a simulator on port 0 in this loop; every bar is the one of `prices`, None seeds."""
    config = quick() if config is None else config
    sessions = week() if sessions is None else sessions
    rows = None if prices is None else flat_bars(sessions, prices)
    bars = None if rows is None else {"TQQQ": rows, "SOXL": rows}
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(
            serve(
                config,
                sessions=sessions,
                bars=bars,
                on_ready=lambda said: ready.set_result(said["listening"]),
            )
        )
        url = await ready
        async with aiohttp.ClientSession() as http:
            desk = Desk(http, url, config)
            if with_token:
                await desk.ask_token()
            yield desk
        task.cancel()
