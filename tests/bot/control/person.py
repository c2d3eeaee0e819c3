"""Somebody logged in at the dashboard, and the beginning that tests ask for."""

from decimal import Decimal
from typing import Any

from bot.control.client import ControlClient
from bot.control.errors import ControlRefused
from bot.control.model import Outcome, Preview
from tests.bot.control.office import Office

START: dict[str, Any] = {
    "symbol": "TQQQ",
    "method": "4.0",
    "splits": 40,
    "principal": Decimal(20000),
    "approval": "confirm",
}


class Person:
    """Somebody logged in at the dashboard."""

    def __init__(self, office: Office, session: str) -> None:
        self.office = office
        self.session = session
        self.client: ControlClient = office.client

    async def preview(self, name: str, /, **arguments: Any) -> Preview:
        return await self.office.ask(self.client.preview, self.session, name, **arguments)

    async def confirm(self, preview: Preview, *, code: str = "") -> Outcome:
        return await self.office.ask(self.client.confirm, self.session, preview.key, code=code)

    async def does(self, name: str, /, *, code: str = "", **arguments: Any) -> Outcome:
        return await self.confirm(await self.preview(name, **arguments), code=code)

    async def may_not(self, name: str, /, **arguments: Any) -> ControlRefused:
        return await self.office.refused(self.client.preview, self.session, name, **arguments)

    async def is_refused(self, preview: Preview, *, code: str = "") -> ControlRefused:
        return await self.office.refused(self.client.confirm, self.session, preview.key, code=code)
