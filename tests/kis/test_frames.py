import base64
import json
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import example, given
from hypothesis import strategies as st

from kis import frames
from kis.frames import FrameError, FrameKey, FrameReader
from kis.frames_notices import us_notice
from kis.frames_trades import us_trade
from kis.models import (
    SEOUL,
    DomesticBook,
    DomesticNotice,
    DomesticTrade,
    Exchange,
    ExecutionNotice,
    Level,
    MarketHours,
    NoticeKind,
    OrderBook,
    Side,
    Trade,
)
from tests.kis.counter import SHARED

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data is not beside the repository"
)
RECEIVED = datetime(2026, 11, 20, 9, 30, 16, tzinfo=SEOUL)
KEY = FrameKey(key="k" * 32, iv="i" * 16)
TRADE = (
    "DNASTQQQ^TQQQ^4^20261120^20261120^093100^20261120^233100^76.5000^76.9000^76.4000^76.8800^2"
    "^0.5000^0.65^76.8700^76.8900^100^200^15^1203344^92345678^600000^603344^99.50^1"
)
FILL = (
    "HTSID001^8100000001^0030138295^^02^0^D^TQQQ^000000005^000769900^060003^0^2^2^01790^000000005"
    "^HONG^TQQQ^6^^^^^^000769900"
)
ACCEPT = (
    "HTSID001^8100000001^0030138295^^02^0^D^TQQQ^000000005^000770300^183005^0^1^1^01790^^HONG^TQQQ"
    "^6^^^^^^"
)

US_BOOK = (
    "DNASTQQQ^TQQQ^4^20261120^093100^20261120^233100^1000^1200^10^-5"
    "^76.8700^76.8900^100^200^0^0" + "^76.8600^76.9000^101^201^0^0" * 8 + "^0.0000^0.0000^0^0^0^0"
)
ONE_LEVEL_BOOK = "^".join(US_BOOK.split("^")[:17])
DOMESTIC_TRADE = (
    "005930^093015^71900^5^-100^-0.14^72023^72100^72400^71700^71900^71800^1^3052507^219853241700"
    "^5105^6937^1832^84.90^1366314^1159996^1^0.39^20.28^090020^5^-200^090820^5^-500^092619^2^200"
    "^20261120^20^N^65945^216924^1118750^2199206^0.05^2424142^125.92^0^^72100"
)
DOMESTIC_BOOK = "^".join(
    ["005930", "093015", "0"]
    + [str(71900 + 100 * step) for step in range(10)]
    + [str(71800 - 100 * step) for step in range(9)]
    + ["0"]
    + ["1000"] * 10
    + ["2000"] * 9
    + ["0"]
    + ["10000", "18000", *"0000005", "0.00", "3052507", *"00000"]
)
DOMESTIC_FILL = (
    "HTSID001^8100000001^0000117057^^02^0^00^0^005930^0000000010^000071900^093016^0^2^2^00950"
    "^000000010^HONG^0^1^Y^^10^^SAMSUNG^0000071900"
)


def sealed(text: str, key: FrameKey = KEY) -> str:
    """Encrypt the way KIS does."""
    pad = PKCS7(128).padder()
    padded = pad.update(text.encode()) + pad.finalize()
    closer = Cipher(algorithms.AES(key.key.encode()), modes.CBC(key.iv.encode())).encryptor()
    return base64.b64encode(closer.update(padded) + closer.finalize()).decode()


def _trades(text: str) -> tuple[Trade, ...]:
    return tuple(map(us_trade, frames.split(text, {}).records))


def _notice(record: str) -> ExecutionNotice:
    found = us_notice(tuple(record.split("^")))
    assert isinstance(found.notice, ExecutionNotice)
    return found.notice


def _with(record: str, **columns: str) -> str:
    fields = record.split("^")
    for place, value in columns.items():
        fields[int(place[1:])] = value
    return "^".join(fields)


def _shared_frames() -> Any:
    return json.loads((SHARED / "kis-samples" / "ws_frames.json").read_text())


def test_a_trade_is_read_by_place() -> None:
    assert _trades(f"0|HDFSCNT0|001|{TRADE}") == (
        Trade(
            symbol="TQQQ",
            exchange=Exchange.NASDAQ,
            price=Decimal("76.88"),
            quantity=15,
            day_volume=1203344,
            at=datetime(2026, 11, 20, 23, 31, tzinfo=SEOUL),
            hours=MarketHours.REGULAR,
        ),
    )


def test_two_records_in_a_frame_are_two_trades() -> None:
    other = _with(TRADE, _0="DAMSSOXL", _1="SOXL", _11="30.1000")
    one, two = _trades(f"0|HDFSCNT0|002|{TRADE}^{other}")
    assert (one.symbol, two.symbol, two.exchange) == ("TQQQ", "SOXL", Exchange.AMEX)
    assert two.price == Decimal("30.1")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_columns_added_at_the_end_of_a_record_are_tolerated(count: int) -> None:
    wider = "^".join([f"{TRADE}^new^newer"] * count)
    assert len(_trades(f"0|HDFSCNT0|{count:03}|{wider}")) == count


@pytest.mark.parametrize("columns", [16, 21, 24, 25, 45])
def test_notices_of_every_width_seen_are_read(columns: int) -> None:
    fields = (FILL.split("^") + ["x"] * 45)[:columns]
    assert _notice("^".join(fields)).quantity == 5


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "0|HDFSCNT0|001",
        f"0|HDFSCNT0|000|{TRADE}",
        f"0|HDFSCNT0|-01|{TRADE}",
        f"0|HDFSCNT0|x|{TRADE}",
        f"0|HDFSCNT0|99999|{TRADE}",
        f"0|HDFSCNT0|002|{TRADE}^lonely",
        f"2|HDFSCNT0|001|{TRADE}",
        f"1|HDFSCNT0|001|{TRADE}",
        "0|HDFSCNT0|001|" + TRADE.removeprefix("DNASTQQQ^"),
        "0|HDFSCNT0|001|" + "^".join(TRADE.split("^")[:24]),
        "0|HDFSCNT0|001|" + _with(TRADE, _0="XNASTQQQ"),
        "0|HDFSCNT0|001|" + _with(TRADE, _0="DTYOTQQQ"),
        "0|HDFSCNT0|001|" + _with(TRADE, _0="DNASSOXL"),
        "0|HDFSCNT0|001|" + _with(TRADE, _11=""),
        "0|HDFSCNT0|001|" + _with(TRADE, _11="0.0000"),
        "0|HDFSCNT0|001|" + _with(TRADE, _11="-1"),
        "0|HDFSCNT0|001|" + _with(TRADE, _11="1e5"),
        "0|HDFSCNT0|001|" + _with(TRADE, _11="NaN"),
        "0|HDFSCNT0|001|" + _with(TRADE, _19=""),
        "0|HDFSCNT0|001|" + _with(TRADE, _7="256100"),
        "0|HDFSCNT0|001|" + _with(TRADE, _6="2026112"),
    ],
)
def test_a_malformed_trade_is_an_error(broken: str) -> None:
    with pytest.raises(FrameError):
        _trades(broken)


@pytest.mark.parametrize("text", ["0|X|002|a^b^c", "0|X|003|a^b", "0|X|002|a"])
def test_fields_that_do_not_fill_the_records_are_an_error(text: str) -> None:
    with pytest.raises(FrameError):
        frames.split(text, {})


def test_one_malformed_record_spoils_its_frame() -> None:
    bad = _with(TRADE, _11="")
    with pytest.raises(FrameError):
        _trades(f"0|HDFSCNT0|002|{TRADE}^{bad}")


def test_a_fill_has_four_implied_decimals_and_its_own_quantity() -> None:
    notice = _notice(_with(FILL, _8="000000002", _9="001480100"))
    assert notice == ExecutionNotice(
        order_number="30138295",
        original_number=None,
        symbol="TQQQ",
        side=Side.BUY,
        kind=NoticeKind.FILLED,
        quantity=2,
        price=Decimal("148.01"),
        order_quantity=5,
    )


def test_an_acceptance_carries_the_order_in_the_columns_of_the_fill() -> None:
    notice = _notice(ACCEPT)
    assert notice.kind is NoticeKind.ACCEPTED
    assert (notice.quantity, notice.order_quantity) == (5, 5)
    assert notice.price == Decimal("77.03")


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"_11": "1"}, NoticeKind.REFUSED),
        ({"_5": "2", "_13": "2", "_3": "0000000007"}, NoticeKind.CANCELLED),
        ({"_5": "2", "_13": "1", "_3": "0000000007"}, NoticeKind.ACCEPTED),
        ({"_13": "3"}, NoticeKind.CANCELLED),
        ({"_5": "1"}, NoticeKind.REVISED),
        ({"_4": "01"}, NoticeKind.ACCEPTED),
    ],
)
def test_the_kind_of_a_notice(columns: dict[str, str], kind: NoticeKind) -> None:
    notice = _notice(_with(ACCEPT, **columns))
    assert notice.kind is kind
    assert notice.original_number == ("7" if "_3" in columns else None)


@pytest.mark.parametrize(
    "columns",
    [
        {"_2": ""},
        {"_2": "0000000000"},
        {"_4": "03"},
        {"_7": ""},
        {"_8": ""},
        {"_8": "0"},
        {"_9": ""},
        {"_9": "000000000"},
        {"_9": "148.01"},
        {"_11": ""},
        {"_12": "3"},
        {"_15": "five"},
    ],
)
def test_a_malformed_notice_is_an_error(columns: dict[str, str]) -> None:
    with pytest.raises(FrameError):
        _notice(_with(FILL, **columns))


def test_a_short_notice_is_an_error() -> None:
    with pytest.raises(FrameError):
        _notice("^".join(FILL.split("^")[:15]))


def test_an_encrypted_frame_opens_with_the_key_of_its_own_tr() -> None:
    text = f"1|H0GSCNI0|001|{sealed(FILL)}"
    assert frames.split(text, {"H0GSCNI0": KEY}).records == (tuple(FILL.split("^")),)
    with pytest.raises(FrameError):
        frames.split(text, {"H0GSCNI9": KEY})


@pytest.mark.parametrize(
    "payload",
    ["", "???", "YWJj", sealed(FILL)[:-4], sealed(FILL, FrameKey(key="z" * 32, iv="z" * 16))],
)
def test_what_cannot_be_decrypted_is_an_error(payload: str) -> None:
    with pytest.raises(FrameError):
        frames.split(f"1|H0GSCNI0|001|{payload}", {"H0GSCNI0": KEY})


def test_a_key_of_the_wrong_length_is_an_error() -> None:
    with pytest.raises(FrameError):
        frames.decrypt(sealed(FILL), FrameKey(key="short", iv="i" * 16))


def test_the_repr_of_a_key_shows_nothing() -> None:
    assert "kkk" not in repr(KEY)


@pytest.mark.parametrize("text", ["{", "[]", "5", '{"header": []}', "{}", "[" * 100_000])
def test_a_message_that_is_no_control_message_is_an_error(text: str) -> None:
    with pytest.raises(FrameError):
        frames.control(text)


@needs_shared
def test_the_sample_frames_split_into_their_columns() -> None:
    shared = _shared_frames()
    keys = dict.fromkeys(("H0GSCNI0", "H0STCNI0"), FrameKey(key=shared["key"], iv=shared["iv"]))
    for name, text in shared["frames"].items():
        frame = frames.split(text, keys)
        tr_id = name.removesuffix("_two_records").removesuffix("_fill").removesuffix("_accept")
        assert frame.tr_id == tr_id
        assert {len(record) for record in frame.records} == {shared["expected_columns"][tr_id]}
        assert len(frame.records) == (2 if name.endswith("two_records") else 1)


@needs_shared
def test_the_sample_notices_parse() -> None:
    shared = _shared_frames()
    keys = {"H0GSCNI0": FrameKey(key=shared["key"], iv=shared["iv"])}
    fill, accept = (
        us_notice(frames.split(shared["frames"][f"H0GSCNI0_{name}"], keys).records[0])
        for name in ("fill", "accept")
    )
    assert (fill.notice.kind, fill.notice.price) == (NoticeKind.FILLED, Decimal("76.99"))
    assert (accept.notice.kind, accept.notice.price) == (NoticeKind.ACCEPTED, Decimal("77.03"))
    assert fill.account == "8100000001"


@needs_shared
def test_the_sample_frames_of_every_kind_are_read_without_a_drop() -> None:
    shared = _shared_frames()
    reader = FrameReader(lambda: RECEIVED)
    for tr_id in ("H0GSCNI0", "H0STCNI0"):
        reader.keys[tr_id] = FrameKey(key=shared["key"], iv=shared["iv"])
    kinds = {name: type(reader.read(text)[0]) for name, text in shared["frames"].items()}
    assert not reader.malformed
    assert kinds["HDFSASP0"] is OrderBook
    assert kinds["H0STASP0"] is DomesticBook
    assert kinds["H0STCNT0"] is DomesticTrade
    assert {kinds["H0STCNI0"], kinds["H0GSCNI0_fill"]} == {frames.AccountNotice}


@needs_shared
@pytest.mark.parametrize(
    ("file", "count"), [("ws_hdfscnt0_2023-05-02.txt", 5), ("ws_hdfscnt0_2024-12-27.txt", 1)]
)
def test_the_recorded_frames_parse(file: str, count: int) -> None:
    found: list[Trade] = []
    for line in (SHARED / "kis-recorded" / file).read_text().splitlines():
        if line.startswith("{"):
            assert frames.control(line).tr_id == frames.PINGPONG
        elif line:
            found += _trades(line)
    assert len(found) == count
    assert {trade.symbol for trade in found} == {"AAPL"}
    assert {trade.at.tzinfo for trade in found} == {SEOUL}


@needs_shared
def test_the_sample_messages_are_control_messages() -> None:
    shared = _shared_frames()
    ack = frames.control(json.dumps(shared["ack_encrypted"]))
    assert ack.frame_key == FrameKey(key=shared["key"], iv=shared["iv"])
    assert (ack.tr_id, ack.result, ack.code) == ("H0GSCNI0", "0", "OPSP0000")
    in_use = frames.control(json.dumps(shared["error_in_use"]))
    assert (in_use.result, in_use.code, in_use.frame_key) == ("9", "OPSP8996", None)


def _read(text: str) -> tuple[list[Any], dict[str, int]]:
    """Read a frame with a reader of its own that has seen nothing yet."""
    reader = FrameReader(lambda: RECEIVED)
    return list(reader.read(text)), dict(reader.malformed)


def test_a_us_book_has_ten_levels_and_empty_ones_are_none() -> None:
    ((book,), dropped) = _read(f"0|HDFSASP0|001|{US_BOOK}")
    assert not dropped
    assert (book.symbol, book.exchange) == ("TQQQ", Exchange.NASDAQ)
    assert book.at == datetime(2026, 11, 20, 23, 31, tzinfo=SEOUL)
    assert (len(book.bids), len(book.asks)) == (9, 9)
    assert book.bids[0] == Level(price=Decimal("76.87"), quantity=100)
    assert book.asks[1] == Level(price=Decimal("76.90"), quantity=201)


def test_an_older_us_book_has_one_level() -> None:
    (books, dropped) = _read(f"0|HDFSASP0|002|{ONE_LEVEL_BOOK}^{ONE_LEVEL_BOOK}")
    assert not dropped
    assert [(len(book.bids), len(book.asks)) for book in books] == [(1, 1), (1, 1)]


def test_a_korean_trade_is_in_won_and_dated_by_its_own_column() -> None:
    ((trade,), _) = _read(f"0|H0STCNT0|001|{DOMESTIC_TRADE}")
    assert trade == DomesticTrade(
        symbol="005930",
        price=Decimal(71900),
        quantity=1,
        day_volume=3052507,
        at=datetime(2026, 11, 20, 9, 30, 15, tzinfo=SEOUL),
        hours=MarketHours.REGULAR,
    )


def test_a_korean_book_has_its_date_from_its_receipt() -> None:
    ((book,), _) = _read(f"0|H0STASP0|001|{DOMESTIC_BOOK}")
    assert book.at == datetime(2026, 11, 20, 9, 30, 15, tzinfo=SEOUL)
    assert (len(book.bids), len(book.asks)) == (9, 10)
    assert book.asks[0] == Level(price=Decimal(71900), quantity=1000)
    assert book.bids[0] == Level(price=Decimal(71800), quantity=2000)


MIDNIGHT = datetime(2026, 11, 21, tzinfo=SEOUL)


@pytest.mark.parametrize(("received", "time", "second"), [(1, "235959", -1), (-1, "000001", 1)])
def test_a_korean_book_around_midnight_keeps_its_own_day(
    received: int, time: str, second: int
) -> None:
    reader = FrameReader(lambda: MIDNIGHT + timedelta(seconds=received))
    (book,) = reader.read(f"0|H0STASP0|001|{_with(DOMESTIC_BOOK, _1=time)}")
    assert isinstance(book, DomesticBook)
    assert book.at == MIDNIGHT + timedelta(seconds=second)


def test_a_korean_fill_is_in_won_without_implied_decimals() -> None:
    reader = FrameReader(lambda: RECEIVED)
    reader.keys["H0STCNI0"] = KEY
    (found,) = reader.read(f"1|H0STCNI0|001|{sealed(DOMESTIC_FILL)}")
    assert isinstance(found, frames.AccountNotice)
    assert found.notice == DomesticNotice(
        order_number="117057",
        original_number=None,
        symbol="005930",
        side=Side.BUY,
        kind=NoticeKind.FILLED,
        quantity=10,
        price=Decimal(71900),
        order_quantity=10,
    )


@pytest.mark.parametrize(
    ("tr_id", "record", "columns"),
    [
        ("HDFSASP0", US_BOOK, {"_11": "x"}),
        ("HDFSASP0", US_BOOK, {"_11": "0", "_13": "5"}),
        ("HDFSASP0", US_BOOK, {"_1": "SOXL"}),
        ("HDFSASP0", US_BOOK, {"_6": "996100"}),
        ("H0STCNT0", DOMESTIC_TRADE, {"_2": "0"}),
        ("H0STCNT0", DOMESTIC_TRADE, {"_2": "719.5"}),
        ("H0STCNT0", DOMESTIC_TRADE, {"_0": "5930"}),
        ("H0STCNT0", DOMESTIC_TRADE, {"_12": "-1"}),
        ("H0STCNT0", DOMESTIC_TRADE, {"_33": ""}),
        ("H0STASP0", DOMESTIC_BOOK, {"_1": "250000"}),
        ("H0STASP0", DOMESTIC_BOOK, {"_3": ""}),
        ("HDFSCNT0", TRADE, {"_25": "TQQQ"}),
    ],
)
def test_a_malformed_record_of_any_kind_is_dropped_and_counted_and_the_others_are_read(
    tr_id: str, record: str, columns: dict[str, str]
) -> None:
    bad = _with(record, **columns)
    found, dropped = _read(f"0|{tr_id}|003|{record}^{bad}^{record}")
    assert len(found) == 2
    assert dropped == {tr_id: 1}


@pytest.mark.parametrize("tr_id", ["HDFSCNT0", "H0STCNT0", "HDFSASP0"])
def test_two_records_that_are_counted_as_one_are_not_read_as_one(tr_id: str) -> None:
    record = {"HDFSCNT0": TRADE, "H0STCNT0": DOMESTIC_TRADE, "HDFSASP0": ONE_LEVEL_BOOK}[tr_id]
    assert _read(f"0|{tr_id}|001|{record}^{record}") == ([], {tr_id: 1})


def test_a_record_without_its_first_column_is_dropped() -> None:
    short = TRADE.removeprefix("DNASTQQQ^")
    assert _read(f"0|HDFSCNT0|001|{short}") == ([], {"HDFSCNT0": 1})


def test_frames_of_another_tr_tell_nothing() -> None:
    assert _read("0|H0IFCNT0|001|a^b") == ([], {})


@pytest.mark.parametrize("added", [0, 1, 3])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_reader_gets_used_to_columns_that_kis_adds(count: int, added: int) -> None:
    reader = FrameReader(lambda: RECEIVED)
    record = TRADE + "^new" * added
    text = f"0|HDFSCNT0|{count:03}|" + "^".join([record] * count)
    first, second = reader.read(text), reader.read(text)
    assert first == second == list(_trades(text))
    assert len(first) == count


def test_hours_that_change_are_read_as_they_are() -> None:
    reader = FrameReader(lambda: RECEIVED)
    texts = [f"0|HDFSCNT0|001|{_with(TRADE, _25=kind)}" for kind in "1223913"]
    hours = [trade.hours for text in texts for trade in reader.read(text)]  # type: ignore[union-attr]
    expected = [MarketHours.REGULAR, MarketHours.PRE, MarketHours.PRE, MarketHours.AFTER]
    assert hours == [*expected, None, MarketHours.REGULAR, MarketHours.AFTER]


_FIELD = st.text(alphabet="^|0123456789.ABCDNASTQ\u0661-+eE \n", max_size=12)


@given(st.text(max_size=200))
@example("1|H0GSCNI0|001|" + "A" * 43)
def test_no_text_breaks_the_splitter(text: str) -> None:
    try:
        frame = frames.split(text, {"H0GSCNI0": KEY})
    except FrameError:
        return
    assert len({len(record) for record in frame.records}) == 1


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_of_messages(text: str) -> None:
    try:
        assert frames.control(text).tr_id
    except FrameError:
        return


@given(st.integers(0, 25), _FIELD)
def test_a_trade_with_any_column_spoilt_is_a_price_above_zero_or_an_error(
    place: int, value: str
) -> None:
    try:
        found = _trades("0|HDFSCNT0|001|" + _with(TRADE, **{f"_{place}": value}))
    except FrameError:
        return
    assert all(trade.price > 0 and trade.quantity >= 0 and trade.at.tzinfo for trade in found)


@given(st.integers(0, 24), _FIELD)
def test_a_notice_with_any_column_spoilt_is_sound_or_an_error(place: int, value: str) -> None:
    record = _with(FILL, **{f"_{place}": value})
    try:
        notice = _notice(record)
    except FrameError:
        return
    assert notice.order_number.isascii()
    assert notice.order_number.isdigit()
    assert notice.kind is not NoticeKind.FILLED or (notice.quantity > 0 and notice.price > 0)


@given(st.text(max_size=100), st.integers(0, 200), st.binary(max_size=8))
def test_encryption_undone_is_the_text_and_damage_is_an_error_or_other_text(
    text: str, place: int, damage: bytes
) -> None:
    assert frames.decrypt(sealed(text), KEY) == text
    raw = bytearray(base64.b64decode(sealed(text)))
    raw[place % len(raw) : place % len(raw) + len(damage)] = damage
    try:
        frames.decrypt(base64.b64encode(raw).decode(), KEY)
    except FrameError:
        return


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 26), _FIELD), max_size=2), min_size=1, max_size=4),
    st.sampled_from(["", "^new"]),
)
def test_a_frame_read_at_once_is_the_frame_read_record_by_record(
    damages: list[list[tuple[int, str]]], added: str
) -> None:
    records = []
    for damage in damages:
        fields = (TRADE + added).split("^")
        for place, word in damage:
            fields[min(place, len(fields) - 1)] = word
        records.append("^".join(fields))
    text = f"0|HDFSCNT0|{len(records):03}|" + "^".join(records)
    reader = FrameReader(lambda: RECEIVED)
    reader.read("0|HDFSCNT0|002|" + "^".join([TRADE + added] * 2))
    try:
        frame = frames.split(text, {})
    except FrameError:
        assert list(reader.read(text)) == []
        return
    expected: list[Trade] = []
    for record in frame.records:
        with suppress(FrameError):
            if len(record) < 52:
                expected.append(us_trade(record))
    assert list(reader.read(text)) == expected
    assert reader.malformed.total() == len(frame.records) - len(expected)
