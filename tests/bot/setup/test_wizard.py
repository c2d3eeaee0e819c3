"""The wizard from the first question to the next command, against the simulator and a chat."""

import re
import stat
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.addresses import Venue
from bot.console import room
from bot.env_file import write_all
from bot.errors import SettingsError
from bot.settings import load
from bot.setup.chat import telegram
from bot.setup.first_cycle import approvals, cycle
from bot.setup.program import program
from bot.setup.sitting import Part
from bot.trading.model import Approval
from tests.bot.setup.conftest import (
    ACCOUNT,
    ANSWERS,
    APP_KEY,
    HTS_ID,
    OWNER,
    SECRET,
    SECRETS,
    TOKEN,
    Desk,
    PowerCut,
    Typist,
)

SETTLED = {
    "MUHAN_LANGUAGE": "ko",
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "TELEGRAM_OWNER_ID": str(OWNER),
    "MUHAN_VENUE": "mock",
    "KIS_APP_KEY": APP_KEY,
    "KIS_APP_SECRET": SECRET,
    "KIS_ACCOUNT": ACCOUNT,
    "KIS_HTS_ID": HTS_ID,
}


REHEARSAL = {**ANSWERS, "어디에 주문": "1"}
del REHEARSAL["HTS ID"]
"""The same with a rehearsal, which KIS answers five times as fast."""


def practising() -> Typist:
    return Typist(answers=dict(ANSWERS))


def rehearsing() -> Typist:
    return Typist(answers=dict(REHEARSAL))


def files_of(desk: Desk) -> list[Path]:
    return [path for path in desk.env.parent.rglob("*") if path.is_file()]


async def test_right_answers_make_a_bot_that_can_start_and_nothing_is_asked_twice(
    desk: Desk,
) -> None:
    typist = practising()
    assert await desk.sit(typist)
    assert typist.asked == list(ANSWERS)
    assert f"다음: {program()} run --env {desk.env}" in desk.said()
    assert Path(program()).exists()
    assert SETTLED.items() <= desk.settings().items()
    assert desk.env.read_text().startswith("# mine\nSOMETHING_ELSE='as it was'\n")
    assert stat.S_IMODE(desk.env.stat().st_mode) == 0o600
    async with room(load(desk.env, {})) as opened:
        (cycle,) = await opened.views.cycles()
    assert (cycle.symbol, cycle.approval) == ("TQQQ", Approval.CONFIRM)
    assert cycle.cycle.principal == 10000
    assert cycle.cycle.rules.fee_percent == Decimal("0.25")
    again = Typist(answers={})
    assert await desk.sit(again)
    assert again.asked == []


async def test_keys_are_typed_hidden_and_stand_nowhere_but_in_env(desk: Desk) -> None:
    typist = rehearsing()
    await desk.sit(typist)
    assert typist.hidden == ["봇 토큰", "앱키", "앱시크릿"]
    assert [secret for secret in SECRETS if secret in desk.said()] == []
    holding = {
        path.name
        for path in files_of(desk)
        for secret in SECRETS
        if secret.encode() in path.read_bytes()
    }
    assert holding == {".env"}


@pytest.mark.parametrize("question", ["봇 토큰", "어디에 주문", "앱시크릿", "계좌번호", "원금"])
async def test_after_a_power_cut_only_what_is_left_is_asked(desk: Desk, question: str) -> None:
    first = Typist(answers=dict(REHEARSAL), cut_at=question)
    with pytest.raises(PowerCut):
        await desk.sit(first)
    second = rehearsing()
    assert await desk.sit(second)
    order = list(REHEARSAL)
    began = {"앱시크릿": "앱키", "원금": "지금 시작"}.get(question, question)
    assert second.asked == order[order.index(began) :]
    assert desk.settings()["KIS_APP_SECRET"] == SECRET
    assert {path.name for path in files_of(desk) if path.name.startswith(".env")} == {".env"}


async def test_a_part_is_asked_again_when_that_is_said(desk: Desk) -> None:
    await desk.sit(rehearsing())
    typist = rehearsing()
    assert await desk.sit(typist, Part.ACCOUNT)
    assert typist.asked == ["계좌번호"]


async def test_what_is_wrong_is_told_and_asked_again(desk: Desk) -> None:
    typist = practising()
    typist.once = {
        "봇 토큰": ["nonsense", TOKEN[:-1] + "X"],
        "앱키": [SECRET],
        "앱시크릿": ["x" * 180],
        "계좌번호": ["1234", "81000001"],
        "HTS ID": ["WRONG"],
        "원금": ["많이"],
    }
    typist.answers["어떻게"] = "1"
    assert await desk.sit(typist)
    said = desk.said()
    for sentence in (
        "봇 토큰의 모양이 아닙니다",
        "텔레그램이 봇 토큰을 받지 않습니다",
        "앱키로는 너무 깁니다",
        "앱시크릿(KIS_APP_SECRET)이 틀립니다",
        "계좌번호는 8자리-2자리입니다",
        "계좌를 볼 수 없습니다",
        "한투는 HTS ID가 틀리면 말없이 끊습니다",
        "1 이상의 숫자로",
    ):
        assert said.count(sentence) == 1, sentence
    assert SETTLED.items() <= desk.settings().items()


async def test_a_key_that_stopped_being_right_is_asked_for_again(desk: Desk) -> None:
    await desk.sit(rehearsing())
    text = desk.env.read_text().replace(SECRET, "s" * 180)
    desk.env.write_text(text)
    typist = rehearsing()
    typist.answers["어떻게"] = "1"
    assert await desk.sit(typist)
    assert typist.asked == ["어떻게", "앱키", "앱시크릿"]
    assert desk.settings()["KIS_APP_SECRET"] == SECRET


async def test_enter_alone_makes_a_rehearsal(desk: Desk) -> None:
    english = {
        "Language": "2",
        "Bot token": TOKEN,
        "Where shall": "",
        "App key": APP_KEY,
        "App secret": SECRET,
        "Account": ACCOUNT,
        "Begin the first": "",
        "Symbol": "",
        "Version": "",
        "Splits": "",
        "Principal": "5000",
        "Approval": "",
        "Fee": "",
        "Begin it so": "",
    }
    typist = Typist(answers=english)
    assert await desk.sit(typist)
    assert typist.asked == list(english)
    assert desk.settings()["MUHAN_VENUE"] == Venue.PAPER
    assert "KIS_HTS_ID" not in desk.settings()
    assert re.search(r"Next: \S*muhan run", desk.said())
    korean = [word for word in ("니다", "세요", "할까요") if word in desk.said()]
    assert korean == []


async def test_what_the_environment_says_is_not_written_over(desk: Desk) -> None:
    desk.environ = {"MUHAN_VENUE": "nonsense"}
    with pytest.raises(SettingsError, match="unset MUHAN_VENUE"):
        await desk.sit(rehearsing())
    assert "MUHAN_VENUE" not in desk.settings()


async def test_beside_a_service_the_end_names_what_hands_the_settings_to_it(desk: Desk) -> None:
    unit = desk.env.parent / "etc/systemd/system/muhan.service"
    unit.parent.mkdir(parents=True)
    unit.touch()
    assert await desk.sit(rehearsing())
    assert f"다음: sudo {program()} service install --env {desk.env}" in desk.said()
    assert "/etc/muhan/muhan.env" in desk.said()
    assert f"{program()} run" not in desk.said()


async def test_later_leaves_a_step_open_and_the_end_names_it(desk: Desk) -> None:
    typist = rehearsing()
    typist.once = {"앱시크릿": ["x" * 180]}
    typist.answers["어떻게"] = "3"
    assert not await desk.sit(typist)
    assert typist.asked.count("앱시크릿") == 1
    assert "아직 남은 것: 한투 앱키" in desk.said()
    assert f"다음: {program()} setup --env {desk.env}" in desk.said()
    typist = rehearsing()
    typist.answers["어떻게"] = "1"
    assert await desk.sit(typist)
    assert typist.asked == ["어떻게", "앱키", "앱시크릿"]


@pytest.mark.parametrize("obedient", [True, False])
async def test_a_webhook_in_the_way_is_removed_when_the_owner_says_so(
    desk: Desk, *, obedient: bool
) -> None:
    hooks = ["https://elsewhere.example/"]

    async def telegrams(request: web.Request) -> web.Response:
        match request.path.rpartition("/")[2]:
            case "getMe":
                result: object = {"id": 1, "is_bot": True, "first_name": "m", "username": "my_bot"}
            case "getWebhookInfo":
                result = {"url": hooks[-1]}
            case "deleteWebhook":
                if not obedient:
                    refusal = {"ok": False, "error_code": 500, "description": "Internal"}
                    return web.json_response(refusal, status=500)
                hooks.append("")
                result = True
        return web.json_response({"ok": True, "result": result})

    server = web.Application()
    server.router.add_route("*", "/{path:.*}", telegrams)
    async with TestServer(server) as telegram_there:
        desk.environ = {"TELEGRAM_API_URL": str(telegram_there.make_url("")).rstrip("/")}
        typist = Typist(answers={"봇 토큰": TOKEN, "웹훅": "y"})
        assert await desk.sit(typist, take=telegram) is obedient
    expected = "웹훅이 없습니다" if obedient else "웹훅을 지우지 못했습니다"
    assert expected in desk.said()
    assert "elsewhere" not in desk.said()


async def test_shares_that_the_account_holds_are_left_aside(desk: Desk, simulator: str) -> None:
    write_all(desk.env, SETTLED)
    typist = practising()
    typist.answers["따로 두고"] = "y"
    async with aiohttp.ClientSession() as http:
        place = f"{simulator}/simulator/holdings/TQQQ"
        await http.put(place, json={"quantity": 3, "average": "50"}, raise_for_status=True)
        assert await desk.sit(typist, take=cycle)
        await http.put(place, json={"quantity": 0, "average": "0"}, raise_for_status=True)
    assert "TQQQ 3주가 있습니다" in desk.said()
    async with room(load(desk.env, {})) as opened:
        assert await opened.views.set_aside("TQQQ") == 3


def test_automatic_is_no_beginning_with_real_money() -> None:
    offered = {venue: [each for each, _ in approvals(venue)] for venue in Venue}
    assert Approval.AUTO in offered[Venue.PAPER]
    assert offered[Venue.REAL] == [Approval.CONFIRM, Approval.ALERT]
