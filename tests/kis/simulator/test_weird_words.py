"""No word in a field breaks the simulator: every answer is KIS's JSON, with its code."""

import random
from typing import Any

import pytest

from .desk import ACCOUNT, TRADING, Desk, order_body, quick, running
from .test_table import READS

WORDS = (
    "", " ", "0", "-1", "NaN", "1e999", "1e-999", "9" * 40, "٣", "²", "00010101", "99991231",
    "20261332", "00010101000000", "99991231235959", "TQQQ", "%", "^", "null", "한글", "\x00",
    "'; DROP TABLE orders; --",
)  # fmt: skip
NO_TEXTS: tuple[object, ...] = (None, 7, 1.5, True, [], {}, -(10**30))
CHANGE = {"ORGN_ODNO": "0000000001", "RVSE_CNCL_DVSN_CD": "02", "ORD_SVR_DVSN_CD": "0"}
RESERVE = ACCOUNT | {
    "PDNO": "TQQQ", "OVRS_EXCG_CD": "NASD", "FT_ORD_QTY": "1", "FT_ORD_UNPR3": "45.00",
    "ORD_DVSN": "00",
}  # fmt: skip
POSTS = {
    "/order": ("TTTT1002U", order_body("00", 1, "45.00")),
    "/order-rvsecncl": ("TTTT1004U", order_body("00", 1, "45.00") | CHANGE),
    "/order-resv": ("TTTT3014U", RESERVE),
    "/order-resv-ccnl": (
        "TTTT3017U", ACCOUNT | {"RSVN_ORD_RCIT_DT": "20261007", "OVRS_RSVN_ODNO": "1"},
    ),
    "/daytime-order": ("TTTS6036U", order_body("00", 1, "45.00")),
    "/daytime-order-rvsecncl": ("TTTS6038U", order_body("00", 1, "45.00") | CHANGE),
}  # fmt: skip


async def said(desk: Desk, method: str, path: str, tr_id: str, fields: dict[str, Any]) -> None:
    """Ask, and hold that the answer is KIS's own and no failure of the server's."""
    asked: dict[str, Any] = {"params": fields} if method == "GET" else {"json": fields}
    for tr_cont in ("", "N"):
        async with desk.http.request(
            method, desk.url + path, headers=desk.headers(tr_id, tr_cont), **asked
        ) as response:
            words = f"{path} {fields}"
            assert response.content_type == "application/json", words
            answer = await response.json()
            assert {"rt_cd", "msg_cd", "msg1"} <= set(answer), words
            assert answer["rt_cd"] == "0" or answer["msg1"], words


@pytest.mark.parametrize("path", READS)
async def test_a_read_with_any_word_in_a_field_is_answered_by_kis(path: str) -> None:
    tr_id, query = READS[path]
    async with running() as desk:
        await desk.order("buy", "00", 1, "60.00")
        await desk.go("2026-10-07T12:00-04:00")
        for name in query:
            for word in WORDS:
                await said(desk, "GET", path, tr_id, query | {name: word})


@pytest.mark.parametrize("path", POSTS)
async def test_a_post_with_any_word_in_a_field_is_answered_by_kis(path: str) -> None:
    tr_id, body = POSTS[path]
    async with running(quick()) as desk:
        if path.startswith("/daytime"):
            await desk.go("2026-10-08T11:00+09:00")
        for name in body:
            for word in (*WORDS, *NO_TEXTS):
                await said(desk, "POST", TRADING + path, tr_id, body | {name: word})


async def test_a_post_of_many_words_at_once_is_answered_by_kis() -> None:
    rng = random.Random(4)
    async with running(quick()) as desk:
        for _ in range(300):
            path = rng.choice(sorted(POSTS))
            tr_id, body = POSTS[path]
            changed = {name: rng.choice((text, *WORDS)) for name, text in body.items()}
            await said(desk, "POST", TRADING + path, tr_id, changed)
