from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis import environment, tr_ids
from kis.models import Credentials, Exchange, OrderKind, OrderRequest, Side
from kis.wire import codes, orders


@pytest.mark.parametrize(
    ("price", "text"),
    [
        ("145", "145.00"),
        ("145.0000", "145.00"),
        ("77.03", "77.03"),
        ("1", "1.00"),
        ("0.9999", "0.9999"),
        ("0.5", "0.5000"),
        ("1E+2", "100.00"),
        ("0", "0"),
        ("0.00", "0"),
    ],
)
def test_a_price_has_two_decimals_from_a_dollar_on_and_four_below(price: str, text: str) -> None:
    assert codes.price_text(Decimal(price)) == text


@pytest.mark.parametrize("price", ["77.035", "1.001", "0.00001", "-1", "NaN", "Infinity"])
def test_a_price_off_the_tick_is_an_error_and_never_rounded(price: str) -> None:
    with pytest.raises(ValueError, match=r"tick|not a price"):
        codes.price_text(Decimal(price))


@given(st.decimals(min_value="1", max_value="99999", places=2))
def test_a_price_in_cents_goes_out_as_itself(price: Decimal) -> None:
    written = codes.price_text(price)
    assert Decimal(written) == price
    assert written[-3] == "."
    assert "E" not in written


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"symbol": "tqqq"}, "symbol"),
        ({"symbol": ""}, "symbol"),
        ({"symbol": "TQQQ&X"}, "symbol"),
        ({"quantity": 0}, "whole shares"),
        ({"quantity": -1}, "whole shares"),
        ({"quantity": True}, "whole shares"),
        ({"price": None}, "needs a price"),
        ({"price": Decimal(0)}, "needs a price"),
        ({"price": Decimal("NaN")}, "needs a price"),
        ({"kind": OrderKind.MOC}, "sells only"),
        ({"kind": OrderKind.MOC, "side": Side.SELL}, "no price"),
    ],
)
def test_an_order_that_kis_would_never_take_cannot_be_written(
    changes: dict[str, object], words: str
) -> None:
    fields: dict[str, object] = {
        "symbol": "TQQQ",
        "exchange": Exchange.NASDAQ,
        "side": Side.BUY,
        "kind": OrderKind.LOC,
        "quantity": 1,
        "price": Decimal("77.03"),
    }
    with pytest.raises(ValueError, match=words):
        OrderRequest(**{**fields, **changes})  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("account", ["", "12345678", "1234567801", "12345678-1", "١٢٣٤٥٦٧٨-01"])
def test_an_account_reads_eight_dash_two(account: str) -> None:
    with pytest.raises(ValueError, match="12345678-01"):
        Credentials(app_key="k", app_secret="s", account=account, hts_id="")


def test_a_cancel_is_for_shares() -> None:
    credentials = Credentials(app_key="k", app_secret="s", account="12345678-01", hts_id="")
    with pytest.raises(ValueError, match="shares left"):
        orders.cancel_body(
            credentials, order_number="1", symbol="TQQQ", exchange=Exchange.NASDAQ, quantity=0
        )


def test_mock_ids_are_a_table_of_their_own() -> None:
    assert tr_ids.of(mock=True).sell == "VTTT1001U"
    assert tr_ids.of(mock=False).sell == "TTTT1006U"
    assert tr_ids.of(mock=True).open_orders is None


def test_the_known_environments_are_kis_own_and_encrypted() -> None:
    for known in (environment.REAL, environment.MOCK):
        assert known.rest_url.startswith("https://openapi")
        assert ".koreainvestment.com:" in known.rest_url
        assert known.websocket_url.startswith("ws://ops.koreainvestment.com:")
    assert (environment.REAL.calls_per_second, environment.MOCK.calls_per_second) == (5, 1)
    assert (environment.REAL.mock, environment.MOCK.mock) == (False, True)
    assert environment.at("http://127.0.0.1:1/", "ws://x").rest_url == "http://127.0.0.1:1"
