"""Buttons: a button carries one nonce; what it means and whether it may act is in the database."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.clock import Clock
from bot.storage.chat import ChatStore, Tap, TapState
from bot.storage.people import Role

CONFIRM_FOR = timedelta(seconds=60)
SHARED_FOR = timedelta(days=30)
"""How long a question's key serves further messages: well under the days that a key is kept."""
MOST_SHARED = 1000


class Nonce(CallbackData, prefix="c"):
    """The whole of a button's callback data: "c:" and 22 characters."""

    nonce: str


class Kind(StrEnum):
    APPROVE = "approve"
    ASK_SKIP = "ask_skip"
    SKIP = "skip"
    SKIP_SELLS = "skip_sells"
    ASK_AGAIN = "ask_again"
    PLAN_AGAIN = "plan_again"
    ASK_RESTORE = "ask_restore"
    RESTORE = "restore"
    NOW = "now"
    ASK_CANCEL = "ask_cancel"
    CANCEL = "cancel"
    RECONCILE = "reconcile"
    REFRESH = "refresh"
    RESEND = "resend"
    LEAVE = "leave"
    THIS_ONE = "this_one"
    CORRECT = "correct"
    HAND_SHOW = "hand_show"
    HAND_ADOPT = "hand_adopt"
    HAND_ASIDE = "hand_aside"
    LATER = "later"
    MONEY_SHOW = "money_show"
    MONEY_ADOPT = "money_adopt"
    MONEY_LEAVE = "money_leave"
    SPLIT_SHOW = "split_show"
    SPLIT_BOOK = "split_book"
    SPLIT_NOT = "split_not"
    ACCEPT_SHOW = "accept_show"
    ACCEPT = "accept"
    PAUSE_BUYS = "pause_buys"
    PAUSE_ALL = "pause_all"
    RESUME = "resume"
    STOP_KEEP = "stop_keep"
    STOP_CANCEL = "stop_cancel"
    KILL_KEEP = "kill_keep"
    KILL_CANCEL = "kill_cancel"
    UNLOCK = "unlock"
    MODE_SET = "mode_set"
    REVOKE = "revoke"
    NEVER_MIND = "never_mind"
    ALERTS = "alerts"
    BACKUP = "backup"
    BACKTEST_RUN = "backtest_run"
    BACKTEST_STOP = "backtest_stop"
    BACKTEST_PRINCIPAL = "backtest_principal"
    PRICES_FETCH = "prices_fetch"
    SHOW = "show"
    AGAIN = "again"
    WHY = "why"
    SETTING = "setting"
    CHANGE = "change"
    AFTERWARDS = "afterwards"
    UNATTENDED = "unattended"
    SETUP = "setup"
    SETUP_START = "setup_start"
    SETUP_IMPORT = "setup_import"
    LESSON = "lesson"
    CONSENT = "consent"
    PANEL_CLOSE = "panel_close"


# Questions: they change nothing, so one key serves every message, pressed as often as one likes.
QUESTIONS = frozenset(
    {Kind.SHOW, Kind.AGAIN, Kind.WHY, Kind.REFRESH, Kind.SETTING, Kind.SETUP, Kind.LESSON}
)
# What must not wait behind another update.
URGENT = frozenset(
    {
        Kind.PAUSE_BUYS,
        Kind.PAUSE_ALL,
        Kind.STOP_KEEP,
        Kind.STOP_CANCEL,
        Kind.KILL_KEEP,
        Kind.KILL_CANCEL,
    }
)
# Who may press: an operator, where nothing else is said. A question asks for its command's role.
NEEDED: dict[Kind, Role] = {
    **dict.fromkeys(QUESTIONS, Role.VIEWER),
    Kind.NEVER_MIND: Role.VIEWER,
    Kind.ALERTS: Role.VIEWER,
    Kind.PANEL_CLOSE: Role.VIEWER,
    Kind.BACKUP: Role.OWNER,
    Kind.BACKTEST_RUN: Role.VIEWER,
    Kind.BACKTEST_STOP: Role.VIEWER,
    Kind.BACKTEST_PRINCIPAL: Role.VIEWER,
    **dict.fromkeys((Kind.UNLOCK, Kind.MODE_SET, Kind.REVOKE), Role.OWNER),
    **dict.fromkeys(
        (
            Kind.SETTING,
            Kind.CHANGE,
            Kind.AFTERWARDS,
            Kind.UNATTENDED,
            Kind.SETUP,
            Kind.SETUP_START,
            Kind.SETUP_IMPORT,
            Kind.CONSENT,
        ),
        Role.OWNER,
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """What a button asks for; `command` and `text` are the command that a question stands for.

    `number` is the broker's order that a slot is said to be, "" for none of them; with `session`
    it names an order of nobody's. `figure` is the T, ratio or trade that is agreed to.
    """

    kind: Kind
    round_id: str = ""
    digest: str = ""
    slot: str = ""
    command: str = ""
    text: str = ""
    number: str = ""
    session: str = ""
    symbol: str = ""
    cycle: int = 0
    figure: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """A caption in the owner's language and what it asks for."""

    caption: str
    action: Action


def needed(kind: Kind) -> Role:
    """Say as what somebody must be let in to press a button."""
    return NEEDED.get(kind, Role.OPERATOR)


def packed(action: Action) -> str:
    return json.dumps({name: value for name, value in asdict(action).items() if value})


def unpacked(text: str) -> Action:
    fields = json.loads(text)
    return Action(**{**fields, "kind": Kind(fields["kind"])})


@dataclass(frozen=True, slots=True)
class _Shared:
    """The key of a question that every message offers, and since when."""

    nonce: str
    since: datetime


class Taps:
    """Make keyboards whose buttons are keys of one person, and look pressed keys up.

    A key is used once, and under its own message; a question's is not used up.
    """

    def __init__(self, store: ChatStore, wall: Clock) -> None:
        self._store = store
        self._wall = wall
        self._questions: dict[tuple[int, str], _Shared] = {}

    async def keyboard(
        self,
        user_id: int,
        rows: Iterable[Sequence[Button]],
        *,
        valid_for: timedelta | None = None,
    ) -> InlineKeyboardMarkup:
        """Make a keyboard for a person; `valid_for` None means as long as its round allows."""
        until = self._wall.now() + valid_for if valid_for else None
        laid = [list(row) for row in rows]
        keys = await self._keys(user_id, [button for row in laid for button in row], until)
        return InlineKeyboardMarkup(
            inline_keyboard=[
                [
                    InlineKeyboardButton(
                        text=button.caption, callback_data=Nonce(nonce=next(keys)).pack()
                    )
                    for button in row
                ]
                for row in laid
            ]
        )

    async def _keys(
        self, user_id: int, buttons: Sequence[Button], until: datetime | None
    ) -> Iterator[str]:
        """Give a key for each button: a question's known one, or one that is made now."""
        actions = [packed(button.action) for button in buttons]
        known = self._shared() if until is None else {}
        fresh = [action for action in actions if (user_id, action) not in known]
        made = iter(await self._store.offer_all(user_id, fresh, expires_at=until) if fresh else ())
        found = [known.get((user_id, action)) or next(made) for action in actions]
        if until is None:
            for button, action, nonce in zip(buttons, actions, found, strict=True):
                if button.action.kind in QUESTIONS:
                    key = _Shared(nonce=nonce, since=self._wall.now())
                    self._questions.setdefault((user_id, action), key)
        return iter(found)

    def _shared(self) -> dict[tuple[int, str], str]:
        """Give the keys of questions that further messages may carry; forget the others."""
        oldest = self._wall.now() - SHARED_FOR
        latest = list(self._questions.items())[-MOST_SHARED:]
        self._questions = {asked: key for asked, key in latest if key.since >= oldest}
        return {asked: key.nonce for asked, key in self._questions.items()}

    async def bind(self, keyboard: InlineKeyboardMarkup, message_id: int) -> None:
        """Tie a keyboard's keys to the message that they stand under; a question's serve all."""
        asked = {key.nonce for key in self._questions.values()}
        found = [
            nonce
            for row in keyboard.inline_keyboard
            for button in row
            if (nonce := _nonce(button.callback_data)) and nonce not in asked
        ]
        if found:
            await self._store.bind(found, message_id)

    async def look(
        self, data: str | None, user_id: int, message_id: int | None = None
    ) -> tuple[str, Tap]:
        """Find the nonce in callback data and what it means; foreign data is an unknown tap."""
        nonce = _nonce(data)
        now = self._wall.now()
        tap = await self._store.look(nonce, user_id, now, message_id=message_id)
        # A button of another version may mean what this one does not know.
        return nonce, tap if _is_known(tap.action) else Tap(state=TapState.UNKNOWN)

    async def use(self, nonce: str) -> bool:
        """Use a tap up that is no command."""
        return await self._store.use(nonce, self._wall.now())


def _is_known(action: str) -> bool:
    try:
        return not action or bool(unpacked(action))
    except (KeyError, TypeError, ValueError):
        return False


def _nonce(data: str | None) -> str:
    try:
        return Nonce.unpack(data or "").nonce
    except (TypeError, ValueError):
        return ""
