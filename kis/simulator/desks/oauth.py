"""KIS's keys: access tokens, their revocation, websocket approvals and hash keys."""

import hashlib
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from kis.simulator.config import SimulatorConfig
from kis.simulator.desks.protocol import KisRefusalError
from kis.simulator.desks.replies import json_reply, oauth_refusal, parsed, read_body
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.model import SEOUL
from kis.simulator.tokens import LIFE, Tokens

TOKEN_PATH = "/oauth2/tokenP"  # noqa: S105 - a path
REVOKE_PATH = "/oauth2/revokeP"
APPROVAL_PATH = "/oauth2/Approval"
HASHKEY_PATH = "/uapi/hashkey"
INVALID = ("EGW00121", "유효하지 않은 token 입니다.")
WRONG_KEY = ("EGW00103", "유효하지 않은 AppKey입니다.")
WRONG_SECRET = ("EGW00105", "유효하지 않은 AppSecret입니다.")
TOO_OFTEN = ("EGW00133", "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)")


Handler = Callable[[web.Request], Awaitable[web.Response]]


class OAuth:
    """Answers the four paths of authentication; its handlers raise KIS's refusals."""

    def __init__(
        self, config: SimulatorConfig, exchange: Exchange, tokens: Tokens, faults: Faults
    ) -> None:
        self._config = config
        self._exchange = exchange
        self._tokens = tokens
        self._faults = faults

    def handlers(self) -> dict[str, Handler]:
        """Give the paths and who answers them, refusals in /oauth2's own words."""
        return {
            TOKEN_PATH: _worded(self.token, oauth_refusal),
            REVOKE_PATH: _worded(self.revoke, oauth_refusal),
            APPROVAL_PATH: _worded(self.approval, oauth_refusal),
            HASHKEY_PATH: _worded(self.hashkey, _refusal),
        }

    async def token(self, request: web.Request) -> web.Response:
        """Answer tokenP: a day's token, at most one a minute."""
        self._check_keys(await read_body(request), "appsecret")
        too_often = self._faults.take("token_too_often", {"path": TOKEN_PATH})
        token = None if too_often else self._tokens.issue()
        if token is None:
            raise KisRefusalError(*TOO_OFTEN, status=403)
        left = token.expires - self._exchange.now
        expires = token.expires.astimezone(SEOUL)
        return json_reply(
            {
                "access_token": token.token,
                "access_token_token_expired": f"{expires:%Y-%m-%d %H:%M:%S}",
                "token_type": "Bearer",
                "expires_in": min(int(left.total_seconds()), int(LIFE.total_seconds())),
            }
        )

    async def revoke(self, request: web.Request) -> web.Response:
        """Answer revokeP: the token is worth nothing afterwards."""
        body = await read_body(request)
        self._check_keys(body, "appsecret")
        if not self._tokens.revoke(body.get("token", "")):
            raise KisRefusalError(*INVALID, status=403)
        return json_reply({"code": 200, "message": "접근토큰 폐기에 성공하였습니다"})

    async def approval(self, request: web.Request) -> web.Response:
        """Answer Approval: a key for the websocket."""
        self._check_keys(await read_body(request), "secretkey")
        return json_reply({"approval_key": self._tokens.approve()})

    async def hashkey(self, request: web.Request) -> web.Response:
        """Answer hashkey: the body again, and a hash of it."""
        self.check_headers(request)
        body = await parsed(request)
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        return json_reply({"BODY": body, "HASH": hashlib.sha256(text.encode()).hexdigest()})

    def check_headers(self, request: web.Request) -> None:
        """Raise KIS's refusal for an app key or secret that is not the simulator's."""
        if request.headers.get("appkey") != self._config.app_key:
            raise KisRefusalError(*WRONG_KEY, rt_cd="1", status=500)
        if request.headers.get("appsecret") != self._config.app_secret:
            raise KisRefusalError(*WRONG_SECRET, rt_cd="1", status=500)

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


def _worded(handle: Handler, words: Callable[[KisRefusalError], web.Response]) -> Handler:
    async def handle_or_refuse(request: web.Request) -> web.Response:
        try:
            return await handle(request)
        except KisRefusalError as refusal:
            return words(refusal)

    return handle_or_refuse


def _refusal(refusal: KisRefusalError) -> web.Response:
    return json_reply(refusal.body, status=refusal.status)
