import pytest

from bot.addresses import (
    KIS_MOCK,
    KIS_REAL,
    Counter,
    Venue,
    dashboard_address,
    kis_addresses,
    telegram_address,
)
from bot.errors import SettingsError
from kis.environment import MOCK, REAL, Environment

LOOPBACK = ["http://127.0.0.1:8443", "http://localhost:1", "http://[::1]:8443", "https://127.9.9.9"]
FOREIGN = [
    "http://10.0.0.1:8443",
    "https://openapi.koreainvestment.com.evil.example:9443",
    "https://openapi.koreainvestment.com:9443@evil.example",
    "https://127.0.0.1@evil.example",
    "https://openapi.koreainvestment.com",
    "http://openapi.koreainvestment.com:9443",
    "https://openapi.koreainvestment.com:9443/elsewhere",
    "https://openapi.koreainvestment.com:9443?x=1",
    "https://openapi.koreainvestment.com:99999",
    "openapi.koreainvestment.com:9443",
    "ftp://127.0.0.1",
    "http://[::1",
    "nonsense",
]


@pytest.mark.parametrize(
    ("venue", "own"),
    [(Venue.REAL, KIS_REAL), (Venue.MOCK, KIS_MOCK), (Venue.PAPER, KIS_REAL)],
)
def test_kis_own_addresses_are_the_default_and_may_be_written_out(
    venue: Venue, own: Counter
) -> None:
    assert kis_addresses(venue, "", "") == own
    assert kis_addresses(venue, f"{own.rest}/", own.websocket) == own
    root = own.websocket.removesuffix("/tryitout")
    assert kis_addresses(venue, own.rest, root).websocket == root


@pytest.mark.parametrize(("own", "theirs"), [(KIS_REAL, REAL), (KIS_MOCK, MOCK)])
def test_both_sides_of_the_counter_spell_kis_addresses_alike(
    own: Counter, theirs: Environment
) -> None:
    assert (own.rest, own.websocket) == (theirs.rest_url, theirs.websocket_url)


@pytest.mark.parametrize("address", [*LOOPBACK, *FOREIGN, KIS_MOCK.rest])
def test_real_refuses_every_address_but_kis_own(address: str) -> None:
    with pytest.raises(SettingsError, match=r"MUHAN_VENUE=real.*KIS_REST_URL"):
        kis_addresses(Venue.REAL, address, "")


@pytest.mark.parametrize("address", ["ws://127.0.0.1:8443", KIS_MOCK.websocket, "ws://evil:21000"])
def test_real_refuses_every_websocket_but_kis_own(address: str) -> None:
    with pytest.raises(SettingsError, match="KIS_WEBSOCKET_URL"):
        kis_addresses(Venue.REAL, "", address)


@pytest.mark.parametrize("venue", [Venue.DEMO, Venue.PAPER, Venue.MOCK])
@pytest.mark.parametrize("address", LOOPBACK)
def test_the_other_venues_may_talk_to_this_machine_and_the_websocket_follows(
    venue: Venue, address: str
) -> None:
    counter = kis_addresses(venue, address, "")
    assert counter.rest == address
    assert counter.websocket == address.replace("http", "ws", 1)


@pytest.mark.parametrize("venue", [Venue.DEMO, Venue.PAPER, Venue.MOCK])
@pytest.mark.parametrize("address", FOREIGN)
def test_no_rehearsal_talks_to_a_stranger(venue: Venue, address: str) -> None:
    with pytest.raises(SettingsError, match="KIS_REST_URL"):
        kis_addresses(venue, address, "")


@pytest.mark.parametrize("venue", [Venue.DEMO, Venue.MOCK])
def test_neither_demo_nor_mock_talks_to_the_counter_for_real_money(venue: Venue) -> None:
    with pytest.raises(SettingsError, match="KIS_REST_URL"):
        kis_addresses(venue, KIS_REAL.rest, "")


def test_paper_asks_the_counter_for_real_money_for_prices_and_no_practice_counter() -> None:
    assert kis_addresses(Venue.PAPER, "", "") == KIS_REAL
    with pytest.raises(SettingsError, match="KIS_REST_URL"):
        kis_addresses(Venue.PAPER, KIS_MOCK.rest, "")


def test_the_demo_needs_its_simulators_address() -> None:
    with pytest.raises(SettingsError, match="MUHAN_VENUE=demo에는 KIS_REST_URL"):
        kis_addresses(Venue.DEMO, "", "")
    with pytest.raises(SettingsError, match="KIS_REST_URL"):
        kis_addresses(Venue.DEMO, KIS_MOCK.rest, "")


def test_a_websocket_of_its_own_is_kept_beside_the_rest_address() -> None:
    counter = kis_addresses(Venue.DEMO, "http://127.0.0.1:1", "ws://127.0.0.1:2/")
    assert counter == Counter(rest="http://127.0.0.1:1", websocket="ws://127.0.0.1:2")


@pytest.mark.parametrize("address", ["https://api.telegram.org/", "https://bots.example:8081"])
def test_the_bot_api_may_be_anywhere_behind_tls(address: str) -> None:
    assert telegram_address(address) == address.rstrip("/")


def test_the_bot_api_may_be_on_this_machine_without_tls() -> None:
    assert telegram_address("http://127.0.0.1:8765") == "http://127.0.0.1:8765"


@pytest.mark.parametrize("address", ["http://api.telegram.org", "https://", "https://a@b", "x", ""])
def test_the_bots_token_never_goes_out_in_clear_text(address: str) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_API_URL"):
        telegram_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8501",
        "http://localhost:8501",
        "http://192.168.0.7:8501",
        "http://100.64.0.7:8501",
        "https://home.tail1234.ts.net",
    ],
)
def test_the_dashboard_may_be_opened_here_in_a_private_network_or_over_https(address: str) -> None:
    assert dashboard_address(f"{address}/") == address


@pytest.mark.parametrize(
    "address",
    [
        "http://203.0.113.9.example",
        "http://8.8.8.8:8501",
        "https://me@home.example",
        "https://home.example/panel",
        "https://home.example?x=1",
        "home.example:8501",
        "ftp://127.0.0.1",
        "nonsense",
    ],
)
def test_any_other_address_of_the_dashboard_is_refused(address: str) -> None:
    with pytest.raises(SettingsError) as refused:
        dashboard_address(address)
    assert "MUHAN_DASHBOARD_URL" in refused.value.english


def test_the_dashboard_is_opened_on_this_machine_where_nothing_is_said() -> None:
    assert dashboard_address("") == "http://127.0.0.1:8501"
