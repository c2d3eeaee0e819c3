import asyncio
import json
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kis.client import Kis
from kis.errors import KisAuthError, KisBadAnswer, KisUnavailable
from kis.models import Exchange
from kis.wire import codes as wire
from tests.kis.counter import (
    CREDENTIALS,
    NOON,
    TOKEN_PATH,
    Answer,
    Counter,
    kis_at,
    ok,
    refused,
)

HOUR = timedelta(hours=1)
QUOTE = ok(output={"last": "77.62", "base": "76.38", "tvol": "5"})
TOO_OFTEN = Answer(status=403, body={"error_code": "EGW00133", "error_description": "1분당 1회"})


async def _issue(counter: Counter, file: Path, valid_for: timedelta = HOUR) -> None:
    async with kis_at(counter, file) as kis:
        await kis.ensure_token(valid_for)


async def test_a_token_outlives_the_process_in_a_file_that_only_its_owner_reads(
    counter: Counter, token_file: Path
) -> None:
    await _issue(counter, token_file)
    await _issue(counter, token_file)
    assert counter.tokens == 1
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    assert [path.name for path in token_file.parent.iterdir()] == [token_file.name]


async def test_the_file_is_made_private_again_when_it_was_not(
    counter: Counter, token_file: Path
) -> None:
    token_file.write_text("{}")
    token_file.chmod(0o644)
    await _issue(counter, token_file)
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600


async def test_a_token_is_asked_for_with_the_keys_in_the_body(
    counter: Counter, token_file: Path
) -> None:
    await _issue(counter, token_file)
    assert counter.to(TOKEN_PATH)[0].body == {
        "grant_type": "client_credentials",
        "appkey": CREDENTIALS.app_key,
        "appsecret": CREDENTIALS.app_secret,
    }


@pytest.mark.fault(17, level="U")
async def test_the_end_of_a_token_is_seoul_time_wherever_the_clock_stands(
    counter: Counter, token_file: Path
) -> None:
    counter.token_life = timedelta(hours=3)
    counter.clock.time = NOON.astimezone(ZoneInfo("UTC"))
    await _issue(counter, token_file)
    entry = next(iter(json.loads(token_file.read_text())["tokens"].values()))
    assert datetime.fromisoformat(entry["expires_at"]) == NOON + timedelta(hours=3)
    counter.clock.time += timedelta(hours=1, minutes=59)
    await _issue(counter, token_file)
    assert counter.tokens == 1
    counter.clock.time += timedelta(minutes=2)
    await _issue(counter, token_file)
    assert counter.tokens == 2


@pytest.mark.fault(15)
async def test_many_who_need_a_token_at_once_cause_one_issue(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.PRICE, QUOTE)
    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(kis.prices.quote("TQQQ", Exchange.NASDAQ))
    assert counter.tokens == 1


@pytest.mark.fault(15)
async def test_a_minute_passes_between_two_issues(kis: Kis, counter: Counter) -> None:
    await kis.ensure_token(HOUR)
    counter.clock.time += timedelta(seconds=20)
    kis._tokens.drop("CANARYtoken-1")
    await kis.ensure_token(HOUR)
    assert counter.clock.slept == [40]
    assert counter.tokens == 2


@pytest.mark.fault(15)
async def test_one_a_minute_is_waited_out_and_asked_again(kis: Kis, counter: Counter) -> None:
    counter.plays(TOKEN_PATH, TOO_OFTEN, counter.token())
    await kis.ensure_token(HOUR)
    assert counter.clock.slept == [60]
    assert len(counter.to(TOKEN_PATH)) == 2


async def test_one_a_minute_for_ever_ends_in_unavailable(kis: Kis, counter: Counter) -> None:
    counter.plays(TOKEN_PATH, TOO_OFTEN)
    with pytest.raises(KisUnavailable):
        await kis.ensure_token(HOUR)
    assert counter.clock.slept == [60, 60, 60]


async def test_while_waiting_a_token_that_another_process_fetched_is_taken(
    counter: Counter, token_file: Path
) -> None:
    counter.plays(TOKEN_PATH, TOO_OFTEN)

    async with kis_at(counter, token_file) as kis:
        wait = counter.clock.sleep

        async def sleep(seconds: float) -> None:
            await wait(seconds)
            counter.queues.pop(TOKEN_PATH, None)
            await _issue(counter, token_file)

        kis._tokens._sleep = sleep
        await kis.ensure_token(HOUR)
        assert await kis._tokens.get() == "CANARYtoken-1"
    assert len(counter.to(TOKEN_PATH)) == 2


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "{",
        "[]",
        "null",
        '{"tokens": 3}',
        '{"tokens": {"x": 1}}',
        '{"tokens": {"FINGERPRINT": {"token": 5, "expires_at": "2099-01-01T00:00:00+09:00"}}}',
        '{"tokens": {"FINGERPRINT": {"token": "t", "expires_at": "2099-01-01T00:00:00"}}}',
        '{"tokens": {"FINGERPRINT": {"token": "t", "expires_at": "soon"}}}',
        '{"tokens": {"FINGERPRINT": []}}',
        "\udcff",
    ],
)
@pytest.mark.fault(16, level="P")
async def test_a_spoilt_file_is_as_good_as_none(
    spoilt: str, counter: Counter, token_file: Path
) -> None:
    async with kis_at(counter, token_file) as kis:
        mark = kis._tokens._fingerprint
        text = spoilt.replace("FINGERPRINT", mark)
        token_file.write_bytes(text.encode(errors="surrogateescape"))
        await kis.ensure_token(HOUR)
    assert counter.tokens == 1
    await _issue(counter, token_file)
    assert counter.tokens == 1, "the file was made good again"


async def test_two_keys_share_a_file_but_never_a_token(counter: Counter, token_file: Path) -> None:
    other = replace(CREDENTIALS, app_key="CANARYother-key")
    for _ in range(2):
        await _issue(counter, token_file)
        async with kis_at(counter, token_file, credentials=other) as kis:
            assert await kis._tokens.get() == "CANARYtoken-2"
    assert counter.tokens == 2
    text = token_file.read_text()
    assert CREDENTIALS.app_key not in text
    assert other.app_key not in text


async def test_a_file_that_cannot_be_written_does_not_stop_the_work(
    counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    await _issue(counter, tmp_path / "file" / "token.json")
    assert counter.tokens == 1


async def test_a_life_too_short_for_the_wish_is_not_asked_for_again_at_once(
    kis: Kis, counter: Counter
) -> None:
    counter.token_life = timedelta(minutes=5)
    await kis.ensure_token(HOUR)
    await kis.ensure_token(HOUR)
    assert counter.tokens == 1
    assert counter.clock.slept == []


@pytest.mark.parametrize("code", ["EGW00121", "EGW00123", "EGW00122"])
@pytest.mark.parametrize("status", [200, 401, 500])
async def test_a_refused_token_is_renewed_once_and_the_question_asked_once_more(
    code: str, status: int, kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRICE, refused(code, status=status), QUOTE)
    await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    used = [asked.headers["authorization"] for asked in counter.to(wire.PRICE)]
    assert used == ["Bearer CANARYtoken-1", "Bearer CANARYtoken-2"]


async def test_an_auth_like_refusal_after_maintenance_renews_the_token_too(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRICE, refused("EGW09999", status=403), QUOTE)
    await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    assert counter.tokens == 2


async def test_a_new_token_that_is_refused_as_well_means_fix_the_keys(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.PRICE, refused("EGW00121"))
    with pytest.raises(KisAuthError):
        await kis.prices.quote("TQQQ", Exchange.NASDAQ)
    assert counter.tokens == 2
    assert len(counter.to(wire.PRICE)) == 2


async def test_a_token_refused_in_the_file_is_not_taken_from_there_again(kis: Kis) -> None:
    await kis.ensure_token(HOUR)
    kis._tokens.drop("CANARYtoken-1")
    assert await kis._tokens.get() == "CANARYtoken-2"


async def test_a_late_complaint_about_an_old_token_leaves_the_new_one(
    kis: Kis, counter: Counter
) -> None:
    await kis.ensure_token(HOUR)
    kis._tokens.drop("CANARYtoken-1")
    await kis.ensure_token(HOUR)
    held = kis._tokens._token
    kis._tokens.drop("CANARYtoken-1")
    assert kis._tokens._token is held
    assert counter.tokens == 2


BAD_ISSUES: dict[str, tuple[Answer, type[Exception]]] = {
    "wrong key": (
        Answer(status=403, body={"error_code": "EGW00103", "error_description": "AppKey"}),
        KisAuthError,
    ),
    "wrong secret, HTTP 500": (Answer(status=500, body={"error_code": "EGW00105"}), KisAuthError),
    "denied": (Answer(status=401, body={"error_code": "XYZ00001"}), KisAuthError),
    "rate": (Answer(status=403, body={"error_code": "EGW00201"}), KisUnavailable),
    "maintenance": (Answer(status=503, raw=b"<html>"), KisUnavailable),
    "a wall": (Answer(status=403, raw=b"<html>"), KisUnavailable),
    "reset": (Answer(reset=True), KisUnavailable),
    "a page of HTML": (Answer(raw=b"<html>"), KisUnavailable),
    "not JSON": (Answer(raw=b"OK"), KisBadAnswer),
    "no permission": (Answer(status=500, body={"error_code": "EGW00206"}), KisAuthError),
    "no token": (Answer(body={"token_type": "Bearer"}), KisBadAnswer),
    "a token that is no text": (Answer(body={"access_token": 5}), KisBadAnswer),
    "no end": (Answer(body={"access_token": "CANARYt"}), KisBadAnswer),
    "an end that is none": (
        Answer(body={"access_token": "CANARYt", "expires_in": "soon"}),
        KisBadAnswer,
    ),
    "ended": (
        Answer(
            body={
                "access_token": "CANARYt",
                "access_token_token_expired": "2026-11-23 11:59:59",
            }
        ),
        KisBadAnswer,
    ),
}


@pytest.mark.parametrize("case", BAD_ISSUES)
async def test_an_issue_that_fails_says_what_to_do(case: str, kis: Kis, counter: Counter) -> None:
    answer, expected = BAD_ISSUES[case]
    counter.plays(TOKEN_PATH, answer)
    with pytest.raises(expected) as caught:
        await kis.ensure_token(HOUR)
    assert type(caught.value) is expected
    assert len(counter.to(TOKEN_PATH)) == 1


async def test_a_token_without_a_date_lives_by_its_seconds(kis: Kis, counter: Counter) -> None:
    counter.plays(TOKEN_PATH, Answer(body={"access_token": "CANARYt", "expires_in": 7200}))
    await kis.ensure_token(HOUR)
    held = kis._tokens._token
    assert held is not None
    assert held.expires_at == NOON + timedelta(hours=2)
