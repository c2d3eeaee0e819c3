import json
import time
import timeit
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import _registered, masked, masked_value, register_secret

SECRET = 'canary+/="plain"한글'


@pytest.fixture(autouse=True)
def _nothing_registered() -> None:
    _registered.clear()  # what fixtures of a whole run have registered


@pytest.mark.parametrize(
    "line",
    [
        "POST https://api.telegram.org/bot123456:CANARYabc-_/getUpdates failed",
        "http://127.0.0.1:8765/bot7:CANARY/getMe?offset=3",
        "GET /bot123456%3ACANARYabc/getMe",
        "token is 1234567890:CANARY-CANARY_CANARY-CANARY-abcdefg",
        "authorization: Bearer eyJ.CANARY.x-_",
        "Authorization='bearer CANARY'",
        "'authorization': 'Bearer CANARY'",
        '{"appkey": "CANARY", "appsecret": "CANARY+/=", "secretkey":"CANARY"}',
        '{\\"appsecret\\": \\"CANARY+/=\\"}',
        "{'approval_key': 'CANARY-1', 'access_token': 'CANARY'}",
        "approval_key=CANARY&appkey=CANARY",
        "KIS_APP_SECRET=CANARY TELEGRAM_BOT_TOKEN=CANARY",
        '{"output": {"iv": "CANARY", "key": "CANARY"}}',
        "refused: eyJ0eXAiOiJKV1Qi.CANARYpayload.CANARY-_sign is no good token",
    ],
)
def test_a_secret_is_masked_by_its_shape_or_its_name(line: str) -> None:
    assert "CANARY" not in masked(line)
    assert "***" in masked(line)


def test_the_websockets_key_is_masked_though_nothing_names_it() -> None:
    assert masked("no 0c1f2e3d-aaaa-4bbb-8ccc-0123456789ab here") == "no *** here"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("account 81000000-01.", "account ***-01."),
        ('{"CANO": "81000000", "ACNT_PRDT_CD": "01"}', '{"CANO": "***", "ACNT_PRDT_CD": "01"}'),
        ("CANO=81000000&ACNT_PRDT_CD=01", "CANO=***&ACNT_PRDT_CD=01"),
    ],
)
def test_of_an_account_number_the_last_two_digits_stay(line: str, shown: str) -> None:
    assert masked(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "session 2026-10-07 closes 2026-10-08T05:00:00+09:00",
        "order 0000117057 SOXL 28 @ 121.48, key figures: T 7.50",
        "20261007-20261008",
        "https://openapi.koreainvestment.com:9443/uapi/overseas-stock/v1/trading/order",
        "the key was pressed twice; iv is not a word",
        "",
    ],
)
def test_what_is_no_secret_stays_as_it_is(line: str) -> None:
    assert masked(line) == line


@pytest.mark.parametrize("spelling", [SECRET, quote(SECRET, safe=""), json.dumps(SECRET)[1:-1]])
def test_a_registered_value_is_masked_in_every_spelling(spelling: str) -> None:
    register_secret(SECRET)
    assert masked(f"x {spelling} y") == "x *** y"


# A secret that holds the mask's own character could be put together again by the mask.
@given(st.text(st.characters(exclude_characters="*"), min_size=6), st.text(), st.text())
def test_a_registered_value_never_survives(secret: str, before: str, after: str) -> None:
    register_secret(secret)
    assert secret not in masked(before + secret + after)
    _registered.clear()


def test_a_secret_that_is_not_utf_8_is_masked_like_any_other() -> None:
    register_secret("CANARY\udcff")
    assert masked("x CANARY\udcff y") == "x *** y"


def test_a_longer_secret_is_masked_before_a_shorter_one_inside_it() -> None:
    register_secret("81000000")
    register_secret("81000000-01", keep=2)
    assert masked("81000000-01 81000000") == "***01 ***"


def test_a_very_short_value_is_not_registered() -> None:
    register_secret("K")
    register_secret("")
    assert masked("OK Korea") == "OK Korea"


def test_nested_values_are_masked_by_content_and_by_name() -> None:
    register_secret("CANARYvalue")
    event = {
        "headers": [{"appkey": "A1", "tr_id": "TTTT1002U", "nested": ({"authorization": "B2"},)}],
        "account": "81000000-01",
        "token": 12345678901,
        "error": ValueError("went to /bot1:CANARY/x"),
        "CANARYvalue": {"CANARYvalue"},
        "bytes": b"CANARYvalue",
        "quantity": 3,
        "nothing": None,
        "yes": True,
    }
    assert masked_value(event) == {
        "headers": [{"appkey": "***", "tr_id": "TTTT1002U", "nested": [{"authorization": "***"}]}],
        "account": "***01",
        "token": "***",
        "error": "ValueError('went to /bot***/x')",
        "***": ["***"],
        "bytes": "b'***'",
        "quantity": 3,
        "nothing": None,
        "yes": True,
    }


def test_a_value_without_a_bottom_ends() -> None:
    endless: list[object] = ["CANARY appkey=CANARY"]
    endless.append(endless)
    assert "appkey=CANARY" not in str(masked_value(endless))


def test_a_registered_number_inside_a_token_does_not_spoil_the_tokens_shape() -> None:
    register_secret("12345678")
    text = "GET https://api.telegram.org/bot123456789:CANARY-CANARY_CANARY-12345678-x/getMe"
    assert masked(text) == "GET https://api.telegram.org/bot***/getMe"
    assert masked("is 1234567890:CANARY-CANARY_CANARY-CANARY-abc.") == "is ***."


def test_a_registered_secret_that_a_shape_would_cut_short_goes_whole() -> None:
    register_secret('CANARY"and, more')
    assert masked('appsecret=CANARY"and, more.') == "appsecret=***."


def test_two_registered_secrets_that_overlap_both_go() -> None:
    register_secret("CANARYab")
    register_secret("abCANARY")
    assert masked("x CANARYabCANARY y") == "x *** y"


@given(st.lists(st.text("ab1:-/", min_size=6, max_size=12), min_size=1, max_size=4), st.data())
def test_no_registered_secret_is_left_whatever_stands_beside_it(
    secrets: list[str], data: st.DataObject
) -> None:
    before = dict(_registered)
    for secret in secrets:
        register_secret(secret)
    text = "".join(data.draw(st.lists(st.sampled_from([*secrets, "ab", "1:", " "]), max_size=8)))
    try:
        assert not any(secret in masked(text) for secret in secrets)
    finally:
        _registered.clear()
        _registered.update(before)


def test_the_time_to_mask_a_word_grows_as_its_length() -> None:
    def seconds(length: int) -> float:
        word = "x" * length
        return min(timeit.repeat(lambda: masked(word), timer=time.process_time, number=1, repeat=3))

    assert seconds(16_000) < 8 * seconds(4_000)  # 4 by length; a square makes it 16


@pytest.mark.parametrize("name", ["my_app_key", "OLDSECRETKEY", "__access_token"])
def test_a_secrets_name_may_stand_behind_other_letters(name: str) -> None:
    assert masked(f"{name}=canary-value") == f"{name}=***"
    assert masked_value({name: "canary-value"}) == {name: "***"}
