"""`muhan doctor` against a real simulator process and a real chat server."""

import asyncio
import json
import re
import sys
from dataclasses import replace
from unittest.mock import ANY

import pytest

from bot.cli_doctor import _sum
from bot.clock import SystemClock
from bot.console_words import Words
from bot.counter import counter as counter_at
from bot.doctor.findings import Finding, Status, well
from bot.doctor.patient import Patient
from bot.doctor.visit import LOOKS, visit
from bot.instance import only_instance, running_process
from bot.settings import load
from bot.storage.database import DATABASE_NAME
from kis.wire import codes as wire
from tests.bot.chat.conftest import OWNER, TOKEN
from tests.bot.doctor.conftest import ACCOUNT, APP_KEY, HTS_ID, SECRET, Clinic
from tests.kis.counter import Answer, Counter, ok
from tests.kis.test_symbols import INFO

NAMES = [look.name for look in LOOKS]
UNSEEN = {"window", "backup", "service"}
"""What a demo that nobody installed as a service has not."""


def _of(found: dict[str, Finding], status: Status) -> set[str]:
    return {name for name, finding in found.items() if finding.status is status}


def _said(finding: Finding) -> str:
    return " ".join((*finding.what, *finding.why, *finding.remedy))


def test_every_look_has_a_name_of_its_own_and_needs_only_earlier_ones() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for number, look in enumerate(LOOKS):
        assert set(look.needs) <= set(NAMES[:number])


async def test_a_healthy_installation_is_well_in_everything(clinic: Clinic) -> None:
    found = await clinic.visit()
    assert list(found) == NAMES
    assert _of(found, Status.WARN) - {"fonts"} == {"journal"}, "no cycle runs yet"
    assert _of(found, Status.SKIPPED) == UNSEEN
    assert _of(found, Status.OK) | {"fonts"} == set(NAMES) - {"journal"} - UNSEEN
    assert "$20,000.00" in found["money"].what[0]
    assert "TQQQ" in found["symbols"].what[0]
    assert "아멕스" in found["symbols"].what[0], "SOXL's exchange is found, not assumed"
    assert len([told for told in clinic.told if told.startswith("[")]) == len(LOOKS)


# What is wrong, the look that says so, words of it, and what cannot be looked at for it.
WRONG: list[tuple[dict[str, str], str, str, set[str]]] = [
    (
        {"KIS_APP_KEY": "X" * 36},
        "keys",
        "EGW00103.*KIS_APP_KEY",
        {"token", "account", "money", "symbols", "notices"},
    ),
    (
        {"KIS_APP_SECRET": "X" * 180},
        "keys",
        "EGW00105.*KIS_APP_SECRET",
        {"token", "account", "money", "symbols", "notices"},
    ),
    ({"KIS_ACCOUNT": "81000001-01"}, "account", "INVALID_CHECK_ACNO.*KIS_ACCOUNT", {"money"}),
    ({"KIS_ACCOUNT": "81000000-29"}, "account", "29.*IRP.*01", {"money"}),
    ({"KIS_ACCOUNT": "81000000-22"}, "account", "22.*개인연금.*01", {"money"}),
    ({"KIS_ACCOUNT": "81000000-55"}, "account", "55.*퇴직연금 DC.*01", {"money"}),
    ({"KIS_ACCOUNT": "81000000-77"}, "account", "77.*01", {"money"}),
    ({"KIS_HTS_ID": "NOBODY01"}, "notices", "연결을 끊.*로그인", set()),
    ({"KIS_HTS_ID": ""}, "notices", "비어.*로그인", set()),
    (
        {"TELEGRAM_BOT_TOKEN": "42:another"},
        "telegram",
        "BotFather",
        {"owner", "webhook", "conflict"},
    ),
    ({"TELEGRAM_OWNER_ID": "77"}, "owner", "/start.*TELEGRAM_OWNER_ID", set()),
    (
        {"TELEGRAM_API_URL": "http://127.0.0.1:9"},
        "telegram",
        "TELEGRAM_API_URL",
        {"owner", "webhook", "conflict"},
    ),
    (
        {"KIS_REST_URL": "http://127.0.0.1:9"},
        "address",
        "muhan simulator",
        {"clock", "keys", "token", "account", "money", "symbols", "notices"},
    ),
]


@pytest.mark.parametrize(
    ("changes", "name", "words", "unseen"), WRONG, ids=[str(one[0]) for one in WRONG]
)
async def test_what_is_wrong_is_named_with_its_remedy_and_the_rest_is_looked_at_all_the_same(
    changes: dict[str, str], name: str, words: str, unseen: set[str], clinic: Clinic
) -> None:
    found = await clinic.visit(changes=changes)
    assert _of(found, Status.FAIL) == {name}
    assert _of(found, Status.SKIPPED) - UNSEEN == unseen
    finding = found[name]
    assert re.search(words, _said(finding))
    assert all((*finding.what, *finding.why, *finding.remedy)), "in both languages"


async def test_a_token_that_is_kept_hides_no_secret_that_is_wrong_by_now(clinic: Clinic) -> None:
    assert (await clinic.visit())["token"].status is Status.OK
    found = await clinic.visit(KIS_APP_SECRET="X" * 180)
    assert _of(found, Status.FAIL) == {"keys"}


async def test_settings_that_others_can_read_stop_everything(clinic: Clinic) -> None:
    clinic.env.chmod(0o644)
    found = await visit(clinic.env, {}, tell=lambda *_: None)
    states = {look.name: finding.status for look, finding in found}
    assert states.pop("settings") is Status.FAIL
    for name in ("versions", "fonts", "service"):  # which need no settings
        states.pop(name)
    assert set(states.values()) == {Status.SKIPPED}


async def test_a_running_bot_is_told_and_its_websocket_left_alone(clinic: Clinic) -> None:
    clinic.home.mkdir(mode=0o700)
    with only_instance(clinic.home):
        assert running_process(clinic.home).isdigit()
        found = await clinic.visit(KIS_HTS_ID="NOBODY01")
    assert found["instance"].status is Status.OK
    assert "돌고 있습니다" in found["instance"].what[0]
    assert found["conflict"].status is Status.SKIPPED, "ours would be pushed away"
    assert found["notices"].status is Status.SKIPPED
    assert "두 번째를 열지 않았습니다" in found["notices"].what[0]
    assert running_process(clinic.home) == ""


async def test_a_second_websocket_on_the_key_is_named(clinic: Clinic) -> None:
    kis = await counter_at(load(clinic.env, {}), now=SystemClock().now, sleep=asyncio.sleep)
    async with kis, kis.stream(notices=True) as stream:
        await anext(stream)
        found = await clinic.visit()
    assert _of(found, Status.FAIL) == {"notices"}
    assert "OPSP8996" in found["notices"].what[0]


async def test_a_symbol_of_a_cycle_that_kis_does_not_know_is_named(clinic: Clinic) -> None:
    async def ledger(patient: Patient) -> Finding:
        patient.symbols = ("TQQQ", "ZZZZ")
        return well("", "")

    looks = tuple(replace(look, look=ledger) if look.name == "journal" else look for look in LOOKS)
    found = await clinic.visit(looks)
    assert _of(found, Status.FAIL) == {"symbols"}
    assert "ZZZZ" in found["symbols"].what[0]


async def test_the_cycles_symbols_are_those_that_are_looked_at(clinic: Clinic) -> None:
    words = "cycle start --symbol SOXL --splits 20 --principal 10000"
    assert await _muhan(clinic, *words.split()) == (0, ANY, ANY)
    found = await clinic.visit()
    assert _of(found, Status.WARN) <= {"fonts"}
    assert found["journal"].what[0] == "사이클: SOXL"
    assert "TQQQ" not in found["symbols"].what[0]


async def test_a_ledger_that_does_not_open_is_wrong_and_the_rest_is_looked_at(
    clinic: Clinic,
) -> None:
    clinic.home.mkdir(mode=0o700)
    (clinic.home / DATABASE_NAME).write_bytes(b"no database" * 1000)
    (clinic.home / DATABASE_NAME).chmod(0o600)
    found = await clinic.visit()
    assert _of(found, Status.FAIL) == {"state"}
    assert _of(found, Status.SKIPPED) - UNSEEN == {"journal"}
    assert "muhan restore" in found["state"].remedy[0]


async def test_a_rehearsal_looks_at_its_prices_and_at_no_account(
    counter: Counter, clinic: Clinic
) -> None:
    counter.clock.time = SystemClock().now()
    counter.plays("/simulator/", Answer(body={"calls_per_second": 1000}))
    counter.plays(wire.SYMBOL_INFO, ok(output=INFO))
    counter.plays(wire.PRICE, ok(output={"last": "77.62", "base": "76.38", "tvol": "5"}))
    found = await clinic.visit(MUHAN_VENUE="paper", KIS_REST_URL=counter.url)
    assert _of(found, Status.SKIPPED) == {"clock", "account", "money", "notices", "service"}
    assert _of(found, Status.FAIL) == set()
    assert "$77.62" in found["symbols"].what[0]
    assert not [asked for asked in counter.asked if "/trading/" in asked.path]


async def _muhan(clinic: Clinic, *words: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, "--env", str(clinic.env),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_the_console_ends_with_0_when_all_is_well_and_prints_one_json_document(
    clinic: Clinic,
) -> None:
    status, out, err = await _muhan(clinic, "doctor", "--json")
    assert status == 0, err
    told = json.loads(out.splitlines()[-1])
    assert told["ok"] is True
    assert [check["name"] for check in told["checks"]] == NAMES
    assert all(
        set(check) == {"name", "status", "what", "why", "remedy"} for check in told["checks"]
    )
    assert f"[{len(LOOKS)}/{len(LOOKS)}]" in err, "progress goes to stderr"
    assert not _secrets_in(out + err)


@pytest.mark.parametrize(
    "changes",
    [
        {"KIS_APP_KEY": "CANARYwrong" + "w" * 25},
        {"KIS_APP_SECRET": "CANARYwrong" + "w" * 169},
        {"KIS_ACCOUNT": "82345678-01"},
        {"KIS_HTS_ID": "CANARYid"},
        {"TELEGRAM_BOT_TOKEN": "42:CANARYtoken"},
        {"KIS_REST_URL": "http://127.0.0.1:9"},
    ],
)
async def test_no_secret_is_printed_whatever_is_wrong(
    changes: dict[str, str], clinic: Clinic
) -> None:
    clinic.write(**changes)
    status, out, err = await _muhan(clinic, "doctor")
    assert status == 3
    assert "고칠 것이 1가지 있습니다." in out
    assert not _secrets_in(out + err)


def _secrets_in(text: str) -> list[str]:
    secrets = ("CANARY", TOKEN, TOKEN[3:], SECRET, APP_KEY, HTS_ID, ACCOUNT[:8], "82345678")
    return [secret for secret in secrets if secret in text]


def test_the_last_line_calls_a_warning_neither_wrong_nor_well() -> None:
    words = Words("ko")
    assert _sum(words, [Status.OK, Status.SKIPPED]) == "모두 괜찮습니다."
    assert "살펴볼 것(!)이 2가지" in _sum(words, [Status.WARN, Status.OK, Status.WARN])
    assert "고칠 것이 1가지" in _sum(words, [Status.WARN, Status.FAIL])


async def test_the_console_speaks_english_when_it_is_set(clinic: Clinic) -> None:
    clinic.write(MUHAN_LANGUAGE="en", KIS_HTS_ID="")
    status, out, _ = await _muhan(clinic, "doctor")
    assert status == 3
    assert "KIS_HTS_ID is empty" in out
    assert "1 to mend." in out
    assert not re.search("[가-힣]", re.sub("고객 ID|통합증거금", "", out))


async def test_a_webhook_is_told(counter: Counter, clinic: Clinic) -> None:
    me = {"ok": True, "result": {"username": "muhan_bot"}}
    hook = {"ok": True, "result": {"url": "https://thief.example/"}}
    counter.plays(f"/bot{TOKEN}/getMe", Answer(body=me))
    counter.plays(f"/bot{TOKEN}/getChat", Answer(body={"ok": True, "result": {"id": OWNER}}))
    counter.plays(f"/bot{TOKEN}/getWebhookInfo", Answer(body=hook))
    found = await clinic.visit(TELEGRAM_API_URL=counter.url)
    assert found["telegram"].what[0] == "@muhan_bot"
    assert _of(found, Status.FAIL) == {"webhook"}
    assert "thief" not in _said(found["webhook"])


@pytest.mark.parametrize("answer", [Answer(raw=b"<html>"), Answer(body=[]), Answer(reset=True)])
async def test_a_telegram_that_talks_nonsense_is_no_fault_of_ours(
    answer: Answer, counter: Counter, clinic: Clinic
) -> None:
    counter.plays(f"/bot{TOKEN}/getMe", answer)
    found = await clinic.visit(TELEGRAM_API_URL=counter.url)
    assert found["webhook"].status in {Status.SKIPPED, Status.WARN}
    assert found["symbols"].status is Status.OK
