"""The door's own addresses: in with a key, who is in, out again, and the other language."""

import asyncio
import json
from contextlib import suppress
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.control.client import ControlClient
from bot.control.errors import BotDown, ControlError, ControlRefused
from bot.control.model import Login
from bot.dashboard.door import SECRET, session_of
from bot.dashboard.doorkeeper import COOKIE, LANGUAGE_COOKIE, Doorkeeper
from bot.dashboard.login_page import login_page
from bot.dashboard.pages import PAGES
from bot.dashboard.words import ENGLISH, KOREAN
from bot.errors import MuhanError

LONGEST_BODY = 1024
YEAR = 365 * 24 * 3600

STATUSES = {
    "locked_out": HTTPStatus.TOO_MANY_REQUESTS,
    "other_version": HTTPStatus.BAD_GATEWAY,
}


class Entrance:
    """Let people in and out. `secure`: the dashboard is reached over https only."""

    def __init__(
        self, control: ControlClient, doorkeeper: Doorkeeper, clock: Clock, *, secure: bool
    ) -> None:
        self._control = control
        self._doorkeeper = doorkeeper
        self._clock = clock
        self._secure = secure

    def routes(self) -> list[Route]:
        """Give the addresses, for the web server."""
        return [
            Route("/login", self._page, methods=["GET"]),
            Route("/login", self._login, methods=["POST"]),
            Route("/session", self._who, methods=["GET"]),
            Route("/leave", self._leave, methods=["GET"]),
            Route("/language/{language}", self._language, methods=["GET"]),
            Route(f"/{PAGES[0].name}", self._first, methods=["GET"]),
        ]

    async def _page(self, _request: Request) -> Response:
        return login_page()

    async def _login(self, request: Request) -> Response:
        key = await _key_of(request)
        if not key:
            return _told(
                HTTPStatus.BAD_REQUEST,
                MuhanError(
                    "로그인 링크가 온전하지 않습니다: 텔레그램의 링크를 그대로 열어 주세요.",
                    "The login link is not whole: open the one in Telegram as it is.",
                ),
            )
        try:
            login = await asyncio.to_thread(self._control.login, key)
        except BotDown as error:
            return _told(HTTPStatus.SERVICE_UNAVAILABLE, error)
        except ControlRefused as error:
            return _told(STATUSES.get(error.code, HTTPStatus.FORBIDDEN), error)
        answer = Response(status_code=HTTPStatus.NO_CONTENT)
        self._give_session(answer, login)
        return answer

    def _give_session(self, answer: Response, login: Login) -> None:
        left = login.valid_until - self._clock.now()
        answer.set_cookie(
            COOKIE,
            login.session,
            max_age=max(0, int(left.total_seconds())),
            httponly=True,
            samesite="strict",
            secure=self._secure,
        )

    async def _who(self, request: Request) -> Response:
        session = session_of(request.headers)
        login = await asyncio.to_thread(self._doorkeeper.known, session)
        return Response(status_code=HTTPStatus.NO_CONTENT if login else HTTPStatus.UNAUTHORIZED)

    async def _leave(self, request: Request) -> Response:
        session = session_of(request.headers)
        # Without an answer the cookie goes all the same; the session ends with its time.
        with suppress(ControlError):
            await asyncio.to_thread(self._control.logout, session)
        self._doorkeeper.forget(session)
        answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=self._secure)
        return answer

    async def _first(self, _request: Request) -> Response:
        """Lead to the first page, whose address is the dashboard's own."""
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)

    async def _language(self, request: Request) -> Response:
        page = request.query_params.get("page", "")
        known = page if page in {each.name for each in PAGES} else ""
        answer = RedirectResponse(f"/{known}", HTTPStatus.SEE_OTHER)
        language = request.path_params["language"]
        if language in {KOREAN, ENGLISH}:
            answer.set_cookie(
                LANGUAGE_COOKIE, language, max_age=YEAR, samesite="strict", secure=self._secure
            )
        return answer


async def _key_of(request: Request) -> str:
    """Read the key that was posted, "" for anything else."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return ""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return ""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    key = told.get("key") if isinstance(told, dict) else None
    return key if isinstance(key, str) and SECRET.fullmatch(key) else ""


def _told(status: HTTPStatus, error: MuhanError) -> Response:
    return JSONResponse({"korean": error.korean, "english": error.english}, status_code=status)
