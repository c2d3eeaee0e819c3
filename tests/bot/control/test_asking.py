"""Questions that need no preview: how the bot is, and what its log says, for whom."""

import json
from datetime import timedelta

import structlog

from bot import logs
from bot.commands.upkeep import AskCondition, Condition
from bot.redaction import masked, register_secret
from bot.storage.people import Role
from tests.bot.control.office import FRIEND, NOON, Office


async def test_whoever_is_logged_in_hears_how_the_bot_is(office: Office) -> None:
    told = Condition(at=NOON, up_for=timedelta(hours=3), wrong=("disk",), memory=96_000_000)

    async def answer(_: AskCondition) -> Condition:
        return told

    office.floor.bus.handle(AskCondition, answer)
    await office.let_in(FRIEND, Role.VIEWER)
    assert await office.ask(office.client.health, await office.session(FRIEND)) == told


async def test_the_log_is_the_owners_alone_and_masked(office: Office) -> None:
    logs.configure("INFO")
    register_secret("the-bots-own-secret")
    structlog.get_logger("here").info("a line", said="the-bots-own-secret")
    await office.let_in(FRIEND, Role.OPERATOR)
    refusal = await office.refused(office.client.logs, await office.session(FRIEND))
    assert refusal.code == "not_allowed"
    session = await office.session()
    found = await office.ask(office.client.logs, session)
    lines = [json.loads(line) for line in found]
    assert "a line" in [line["event"] for line in lines]
    assert "the-bots-own-secret" not in "".join(found)
    assert session not in "".join(found)


async def test_a_link_to_the_dashboard_is_masked_wherever_it_would_be_logged(
    office: Office,
) -> None:
    key = await office.key()
    for link in (f"http://127.0.0.1:8501/login#{key}", f"x/login%23{key}"):
        assert key not in masked(f"could not send {link} to 42")
