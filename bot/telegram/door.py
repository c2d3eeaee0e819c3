"""The door: a live pairing code lets its sender in, whoever that is; nothing else is answered."""

from dataclasses import dataclass

import structlog
from aiogram.types import Message

from bot.commands import Join
from bot.storage.pairing import PairingCodes
from bot.storage.people import Role
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.people import MAY, ROLES
from bot.trading.refusal import Refusal

LONGEST_NAME = 40

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Hear codes; `desk` is anybody's."""

    desk: Desk
    codes: PairingCodes

    async def entered(self, message: Message) -> bool:
        """Let the sender of a live code in and say so; answer False for every other message."""
        person = message.from_user
        if person is None or person.id == self.desk.people.owner_id:
            return False
        code = await self.codes.live(message.text, self.desk.wall.now())
        if not code:
            return False
        name = person.full_name[:LONGEST_NAME]
        try:
            role = Role[await self.desk.bus.ask(Join(user_id=person.id, name=name, code=code))]
        except Refusal:
            return False  # somebody else was faster
        await self.desk.people.load()
        log.info("somebody was let in", user=person.id, role=role.name)
        desk = self.desk.of(person.id)
        html = desk.words.say(
            "들어오셨습니다: {role}\n{may}",
            role=desk.words.plain(ROLES[role]),
            may=desk.words.plain(MAY[role]),
        )
        await desk.say(person.id, html, [[show(desk, "첫 화면", "start")]])
        return True
