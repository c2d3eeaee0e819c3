"""Two steps for everything: a preview makes a one-use key, and only that key does it.

A key is a row of the same table as the chat's buttons, so it is used up in the transaction of its
effect; it is bound to the session that asked and to exactly what was shown.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.control import cycle_acts, round_acts, safety_acts
from bot.control.acts import Act, Order, Tools
from bot.control.arguments import Given
from bot.control.errors import ControlRefused
from bot.control.logins import not_allowed
from bot.control.model import Login, Outcome, Preview
from bot.storage.chat import ChatStore, TapState
from bot.storage.panel_sessions import digest
from bot.trading.model import Actor

CONFIRM_FOR = timedelta(seconds=60)
KIND = "dashboard"
"""What the journal calls whoever acts from here."""

ACTS: dict[str, Act] = {**safety_acts.ACTS, **cycle_acts.ACTS, **round_acts.ACTS}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Agreed:
    """What a key stands for."""

    name: str
    session: str
    fixed: dict[str, Any]


class Confirming:
    """Show what a command would do, and do it. `wall` is the machine's clock."""

    def __init__(self, tools: Tools, store: ChatStore, wall: Clock) -> None:
        self._tools = tools
        self._store = store
        self._wall = wall

    async def preview(self, login: Login, name: str, given: Given) -> Preview:
        """Show what would be done, with a key for it. Raises ControlRefused, Refusal."""
        act = _act(name, login)
        told = await act.preview(self._tools, given)
        until = self._wall.now() + CONFIRM_FOR
        agreed = {"panel": name, "session": digest(login.session), "fixed": dict(told.fixed)}
        key = await self._store.offer(login.user_id, json.dumps(agreed), expires_at=until)
        return Preview(
            name=name,
            words_ko=told.words[0],
            words_en=told.words[1],
            key=key,
            valid_until=until,
            needs_code=told.needs_code,
        )

    async def confirm(self, login: Login, key: str, code: str) -> Outcome:
        """Do what a key stands for, once. Raises ControlRefused and what trading raises."""
        tap = await self._store.look(key, login.user_id, self._wall.now())
        agreed = _agreed(tap.action)
        if tap.state is not TapState.FRESH or agreed is None:
            raise _key_over()
        if agreed.session != digest(login.session):
            raise _key_over()
        act = _act(agreed.name, login)
        by = Actor(kind=KIND, user_id=login.user_id)
        done = await act.do(
            self._tools, Order(fixed=Given(agreed.fixed), by=by, tap=key, code=code)
        )
        return Outcome(words_ko=done[0], words_en=done[1])


def _act(name: str, login: Login) -> Act:
    act = ACTS.get(name)
    if act is None:
        raise ControlRefused(
            "unknown_act",
            "모르는 명령입니다: 봇과 대시보드의 판이 다르면 둘 다 다시 시작해 주세요.",
            "There is no such command: if bot and dashboard are of two versions, restart both.",
        )
    if login.role < act.role:
        raise not_allowed(act.role)
    return act


def _agreed(action: str) -> _Agreed | None:
    """Read what a key stands for; None for a button of the chat's."""
    found = json.loads(action) if action else {}
    if "panel" not in found:
        return None
    return _Agreed(name=found["panel"], session=found["session"], fixed=found["fixed"])


def _key_over() -> ControlRefused:
    return ControlRefused(
        "key_over",
        "60초가 지났거나 이미 확인한 일입니다. 아무것도 하지 않았습니다: 다시 눌러 주세요.",
        "That was confirmed already, or its 60 seconds are over. Nothing was done: press again.",
    )
