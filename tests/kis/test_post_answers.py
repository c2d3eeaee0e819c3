"""What an answer to a POST means: safety.md section 2, row by row, over real sockets.

One table for the four calls that change something at the broker: an order, its cancel, a
reservation and the cancel of one.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from kis import codes
from kis.client import Kis
from kis.errors import (
    OrderError,
    OrderGatewayRefused,
    OrderRefused,
    OrderUnknown,
)
from kis.wire import codes as wire
from tests.kis.counter import LOC_BUY, Answer, Counter, kis_at, ok, refused
from tests.kis.posts import NUMBERS, RECEIPT, Post, every_post

# safety.md section 2, row by row, and what else a server can do to an order.
TABLE: dict[str, tuple[Answer, type[OrderError]]] = {
    "a business code": (refused("APBK0918", "장운영시간이 아닙니다.", rt_cd="7"), OrderRefused),
    "rt_cd 7": (refused("APBK0952", "주문가능금액을 초과 했습니다", rt_cd="7"), OrderRefused),
    "a numeric code of mock's": (refused("40100000"), OrderRefused),
    "not a mock TR, HTTP 200": (refused("EGW00213"), OrderRefused),
    "not a mock TR, HTTP 500": (refused("EGW00213", status=500), OrderRefused),
    "wrong account": (refused("OPSQ2000"), OrderRefused),
    "invalid token, HTTP 200": (refused("EGW00121"), OrderRefused),
    "rate, HTTP 500": (refused("EGW00201", status=500), OrderGatewayRefused),
    "rate, HTTP 200": (refused("EGW00201"), OrderGatewayRefused),
    "rate, HTTP 429": (refused("EGW00201", status=429), OrderGatewayRefused),
    "token ended, HTTP 500": (refused("EGW00123", status=500), OrderGatewayRefused),
    "token ended, HTTP 200": (refused("EGW00123"), OrderGatewayRefused),
    "token ended, HTTP 401": (refused("EGW00123", status=401), OrderGatewayRefused),
    "routing error": (refused("EGW00202"), OrderUnknown),
    "routing error, HTTP 500": (refused("EGW00202", status=500), OrderUnknown),
    "OPS routing": (refused("EGW00203"), OrderUnknown),
    "server error code": (refused("EGW00002"), OrderUnknown),
    "look at the last trade 300": (refused("EGW00300"), OrderUnknown),
    "look at the last trade 301": (refused("EGW00301"), OrderUnknown),
    "look at the last trade 302": (refused("EGW00302", status=500), OrderUnknown),
    "a gateway code nobody knows": (refused("EGW00999"), OrderUnknown),
    "a gateway code nobody knows, HTTP 500": (refused("EGW00999", status=500), OrderUnknown),
    "a code nobody knows": (refused("APBK4711", "처음 보는 말"), OrderRefused),
    "a code nobody knows, HTTP 500": (refused("APBK4711", status=500), OrderUnknown),
    "not a mock TR by its other code, HTTP 500": (refused("EGW02006", status=500), OrderRefused),
    "a code nobody knows that says to look at the last trade": (
        refused("APBK4712", "거래시간 초과. 직전 거래를 반드시 확인하세요"),
        OrderUnknown,
    ),
    "closed for maintenance": (
        refused("OPSQ9999", "서비스 점검 중입니다. 잠시 후 다시 이용하시기 바랍니다."),
        OrderUnknown,
    ),
    "session error": (refused("OPSQ1002"), OrderUnknown),
    "a business code, HTTP 500": (refused("APBK0918", status=500), OrderUnknown),
    "a business code, HTTP 403": (refused("APBK0918", status=403), OrderUnknown),
    "invalid token, HTTP 500": (refused("EGW00121", status=500), OrderUnknown),
    "token not found, HTTP 500": (refused("EGW00122", status=500), OrderUnknown),
    "token ended, as the token desk words it": (
        Answer(status=500, body={"error_code": "EGW00123", "error_description": "기간이 만료된"}),
        OrderGatewayRefused,
    ),
    "one token a minute": (refused("EGW00133", status=403), OrderUnknown),
    "wrong secret": (refused("EGW00304"), OrderRefused),
    "wrong secret, HTTP 500": (refused("EGW00304", status=500), OrderUnknown),
    "wrong app key, HTTP 500": (refused("EGW00103", status=500), OrderUnknown),
    "no permission": (refused("EGW00206"), OrderRefused),
    "no such service": (refused("OPSQ0002"), OrderRefused),
    "routing at the gateway, HTTP 500": (refused("EGW00300", status=500), OrderUnknown),
    "a success code on a refusal": (refused("APBK0013"), OrderUnknown),
    "nothing found on a refusal": (refused("KIOK0560"), OrderUnknown),
    "no code": (refused(""), OrderUnknown),
    "a code that is none": (refused("시스템 점검"), OrderUnknown),
    "refused, with an order number": (
        Answer(body={"rt_cd": "1", "msg_cd": "APBK0918", "output": NUMBERS}),
        OrderUnknown,
    ),
    "no rt_cd": (Answer(body={"msg_cd": "APBK0918"}), OrderUnknown),
    "HTML 502": (Answer(status=502, raw=b"<html>Bad Gateway</html>"), OrderUnknown),
    "HTML 200": (Answer(raw=b"<html>maintenance</html>"), OrderUnknown),
    "HTML 503": (Answer(status=503, raw=b"<html>maintenance</html>"), OrderUnknown),
    "504 without a word": (Answer(status=504, raw=b""), OrderUnknown),
    "429 without JSON": (Answer(status=429, raw=b"slow down"), OrderUnknown),
    "empty 200": (Answer(raw=b""), OrderUnknown),
    "empty 500": (Answer(status=500, raw=b""), OrderUnknown),
    "JSON cut short": (Answer(raw=b'{"rt_cd":"0","output":{"ODNO":"0030'), OrderUnknown),
    "half the promised bytes": (Answer(raw=b'{"rt_cd":"0"}', promised=999), OrderUnknown),
    "a JSON list": (Answer(body=[]), OrderUnknown),
    "nested too deep": (Answer(raw=b"[" * 100_000), OrderUnknown),
    "not UTF-8": (Answer(raw=b"\xff\xfe"), OrderUnknown),
    "rt_cd 0 without ODNO": (ok(output={"ORD_TMD": "183005"}), OrderUnknown),
    "rt_cd 0 with a blank ODNO": (ok(output={"ODNO": "   "}), OrderUnknown),
    "rt_cd 0 with ODNO of zeros": (ok(output={"ODNO": "0000000000"}), OrderUnknown),
    "rt_cd 0 without output": (ok(), OrderUnknown),
    "rt_cd 0 with HTTP 500": (Answer(status=500, body=RECEIPT), OrderUnknown),
    "rt_cd 0 with a gateway code": (refused("EGW00201", rt_cd="0"), OrderUnknown),
    "redirect": (Answer(status=302, headers={"location": "/elsewhere"}, raw=b""), OrderUnknown),
    "reset": (Answer(reset=True), OrderUnknown),
    "silence": (Answer(silent=True), OrderUnknown),
}


@every_post
@pytest.mark.parametrize("row", TABLE)
@pytest.mark.fault(5, 6, 7, 8, 9, 10, 11)
async def test_an_answer_is_classed_as_the_table_says_and_the_call_made_once(
    row: str, post: Post, counter: Counter, token_file: Path
) -> None:
    answer, expected = TABLE[row]
    counter.plays(post.path, answer)
    async with kis_at(counter, token_file, order_timeout=0.5 if answer.silent else 15) as kis:
        with pytest.raises(OrderError) as caught:
            await post.make(kis)
    assert type(caught.value) is expected
    assert len(counter.to(post.path)) == 1, "it goes out once, whatever the answer"
    assert counter.to("/elsewhere") == []


@every_post
async def test_a_success_with_its_number_is_a_receipt(
    post: Post, kis: Kis, counter: Counter
) -> None:
    output = {post.number: "0030138295"}
    counter.plays(post.path, Answer(body={**RECEIPT, "output": output}))
    assert (await post.make(kis)).order_number == "30138295"


@every_post
async def test_the_number_of_another_call_is_no_receipt(
    post: Post, kis: Kis, counter: Counter
) -> None:
    other = {name: number for name, number in NUMBERS.items() if name != post.number}
    counter.plays(post.path, Answer(body={**RECEIPT, "output": other}))
    with pytest.raises(OrderUnknown):
        await post.make(kis)


@every_post
@pytest.mark.parametrize("code", sorted(codes.TOKEN))
@pytest.mark.fault(13)
async def test_a_token_that_kis_takes_no_more_is_dropped_and_the_next_order_goes_with_a_new_one(
    code: str, post: Post, kis: Kis, counter: Counter
) -> None:
    body = {**RECEIPT, "output": {post.number: "0030138295"}}
    counter.plays(post.path, refused(code, status=500), Answer(body=body))
    with pytest.raises(OrderGatewayRefused if code == "EGW00123" else OrderUnknown):
        await post.make(kis)
    assert len(counter.to(post.path)) == 1, "not sent again by the client"
    counter.clock.time += timedelta(minutes=1)
    await post.make(kis)
    used = [asked.headers["authorization"] for asked in counter.to(post.path)]
    assert used == ["Bearer CANARYtoken-1", "Bearer CANARYtoken-2"]


@pytest.mark.fault(10)
async def test_a_refusal_says_what_it_means(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.ORDER, refused("APBK0918", "매수가능금액이 부족합니다", rt_cd="7"))
    with pytest.raises(OrderRefused) as caught:
        await kis.orders.place(LOC_BUY)
    meaning = caught.value.meaning
    assert meaning is not None
    assert meaning.kind is codes.Kind.CASH
    counter.plays(wire.ORDER, refused("APBK4711", "처음 보는 말", rt_cd="7"))
    with pytest.raises(OrderRefused) as caught:
        await kis.orders.place(LOC_BUY)
    assert caught.value.meaning is None
