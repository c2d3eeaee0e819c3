"""Books, trades, daytime codes, announcements, won rates and KRX quotes."""

from decimal import Decimal
from typing import Any

import pytest

from kis.simulator.model import Split

from .desk import PRICES, Desk, quick, running, week
from .wire import wired

SYMBOL = {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"}
DOMESTIC = "/uapi/domestic-stock/v1/quotations"


async def ask(desk: Desk, path: str, tr_id: str, **query: str) -> dict[str, Any]:
    return (await desk.get(path, tr_id, query))[0]


async def test_a_book_has_ten_levels_around_the_last_trade_and_seouls_clock() -> None:
    async with running() as desk:
        await desk.go("2026-10-07T12:00-04:00")
        answer = await ask(desk, f"{PRICES}/inquire-asking-price", "HHDFS76200100", **SYMBOL)
        head, levels = answer["output1"], answer["output2"]
        last = Decimal((await desk.price())["output"]["last"])
        assert (Decimal(head["last"]), head["dymd"], head["dhms"]) == (last, "20261008", "010000")
        bids = [Decimal(levels[f"pbid{place}"]) for place in range(1, 11)]
        asks = [Decimal(levels[f"pask{place}"]) for place in range(1, 11)]
        assert bids == sorted(bids, reverse=True)
        assert asks == sorted(asks)
        assert bids[0] < asks[0]
        assert bids[0] <= last <= asks[0]
        assert int(head["bvol"]) == sum(int(levels[f"vbid{place}"]) for place in range(1, 11))


async def test_the_book_is_the_websockets() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("HDFSASP0", "DNASTQQQ")
        await desk.go("2026-10-07T12:00-04:00")
        pushed = (await wire.records())[-1]
        answer = await ask(desk, f"{PRICES}/inquire-asking-price", "HHDFS76200100", **SYMBOL)
        levels = answer["output2"]
        first = [levels[name] for name in ("pbid1", "pask1", "vbid1", "vask1")]
        assert pushed[11:15] == first


async def test_the_latest_trades_come_newest_first_with_the_days_volume() -> None:
    async with running() as desk:
        await desk.go("2026-10-07T12:00-04:00")
        path = f"{PRICES}/inquire-ccnl"
        rows = (await ask(desk, path, "HHDFS76200300", **SYMBOL, TDAY="1"))["output2"]
        price = (await desk.price())["output"]
        assert (rows[0]["last"], rows[0]["tvol"]) == (price["last"], price["tvol"])
        assert int(rows[0]["tvol"]) - int(rows[0]["evol"]) == int(rows[1]["tvol"])
        await desk.go("2026-10-08T12:00-04:00")
        await desk.ask_token()
        before = (await ask(desk, path, "HHDFS76200300", **SYMBOL, TDAY="0"))["output2"]
        assert before[0]["khms"] == "045959"


@pytest.mark.parametrize(("code", "worked"), [("NAS", True), ("BAQ", True), ("BAY", False)])
async def test_a_symbol_is_quoted_under_its_exchange_by_night_and_by_day(
    code: str, worked: bool
) -> None:
    async with running() as desk:
        assert ((await desk.price(exchange=code))["rt_cd"] == "0") is worked


async def test_a_split_is_announced_under_its_code_and_ratio() -> None:
    sessions = week(6)
    splits = (Split("TQQQ", sessions[2].day, 4, 1), Split("SOXL", sessions[4].day, 1, 8))
    async with running(quick(splits=splits), sessions=sessions) as desk:
        query = {
            "RGHT_TYPE_CD": "%%", "INQR_DVSN_CD": "02", "INQR_STRT_DT": "20261001",
            "INQR_END_DT": "20261031", "PDNO": "", "PRDT_TYPE_CD": "",
            "CTX_AREA_FK50": "", "CTX_AREA_NK50": "",
        }  # fmt: skip
        path = f"{PRICES}/period-rights"
        rows = (await ask(desk, path, "CTRGT011R", **query))["output"]
        assert [
            (row["pdno"], row["rght_type_cd"], Decimal(row["stck_alct_rt"]), row["bass_dt"])
            for row in rows
        ] == [("TQQQ", "14", 400, "20261009"), ("SOXL", "15", Decimal("12.5"), "20261013")]
        assert {row["dfnt_yn"] for row in rows} == {"N"}
        mergers = await ask(desk, path, "CTRGT011R", **query | {"RGHT_TYPE_CD": "15"})
        assert [row["pdno"] for row in mergers["output"]] == ["SOXL"]
        nothing = await ask(desk, path, "CTRGT011R", **query | {"INQR_END_DT": "20261002"})
        assert (nothing["output"], nothing["msg_cd"]) == ([], "KIOK0560")
        ice = {"NCOD": "US", "SYMB": "TQQQ", "ST_YMD": "", "ED_YMD": ""}
        found = (await ask(desk, f"{PRICES}/rights-by-ice", "HHDFS78330900", **ice))["output1"]
        assert [(row["ca_title"], row["effective_dt"]) for row in found] == [
            ("액면분할", "20261009")
        ]


async def test_the_won_has_the_rate_that_every_answer_uses() -> None:
    async with running() as desk:
        query = {
            "FID_COND_MRKT_DIV_CODE": "X", "FID_INPUT_ISCD": "FX@KRW",
            "FID_INPUT_DATE_1": "20261001", "FID_INPUT_DATE_2": "20261231",
            "FID_PERIOD_DIV_CODE": "D",
        }  # fmt: skip
        path = f"{PRICES}/inquire-daily-chartprice"
        answer = await ask(desk, path, "FHKST03030100", **query)
        days = [row["stck_bsop_date"] for row in answer["output2"]]
        assert days == ["20261007", "20261006", "20261005", "20261002", "20261001"]
        detail = await ask(desk, f"{PRICES}/price-detail", "HHDFS76200200", **SYMBOL)
        rate = {row["ovrs_nmix_prpr"] for row in answer["output2"]}
        assert rate == {detail["output"]["t_rate"]}
        other = query | {"FID_COND_MRKT_DIV_CODE": "N", "FID_INPUT_ISCD": ".DJI"}
        assert (await ask(desk, path, "FHKST03030100", **other))["rt_cd"] != "0"


async def test_a_krx_code_is_quoted_in_won_as_the_websocket_shows_it() -> None:
    query = {"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": "005930"}
    async with running() as desk, wired(desk) as wire:
        await wire.ask("H0STCNT0", "005930")
        await desk.go("2026-10-07T23:00-04:00")
        pushed = (await wire.records())[-1]
        price = (await ask(desk, f"{DOMESTIC}/inquire-price", "FHKST01010100", **query))["output"]
        assert price["stck_prpr"] == pushed[2]
        assert int(price["stck_lwpr"]) <= int(price["stck_prpr"]) <= int(price["stck_hgpr"])
        assert int(price["stck_prpr"]) - int(price["stck_sdpr"]) == int(price["prdy_vrss"])
        assert int(price["stck_prpr"]) % int(price["aspr_unit"]) == 0
        book = await ask(desk, f"{DOMESTIC}/inquire-asking-price-exp-ccn", "FHKST01010200", **query)
        assert int(book["output1"]["bidp1"]) < int(book["output1"]["askp1"])
        unknown = query | {"FID_INPUT_ISCD": "999999"}
        answer = await ask(desk, f"{DOMESTIC}/inquire-price", "FHKST01010100", **unknown)
        assert answer["msg_cd"] == "APBK0656"


async def test_any_ticker_of_the_config_is_found_under_its_exchange() -> None:
    config = quick(symbols={"TQQQ": "NASD", "BRK.B": "NYSE", "TECL": "AMEX"})
    async with running(config, prices=None) as desk:
        for symbol, product, exchange in (
            ("TQQQ", "512", "NASD"),
            ("BRK.B", "513", "NYSE"),
            ("TECL", "529", "AMEX"),
        ):
            found = []
            for asked in ("512", "513", "529"):
                answer = await ask(
                    desk, f"{PRICES}/search-info", "CTPF1702R", PRDT_TYPE_CD=asked, PDNO=symbol
                )
                if answer["rt_cd"] == "0":
                    found.append((asked, answer["output"]["ovrs_excg_cd"]))
            assert found == [(product, exchange)]
        await desk.go("open")
        placed = await desk.order("buy", "00", 1, "900.00", symbol="BRK.B", exchange="NYSE")
        assert placed["rt_cd"] == "0"
