from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from bot.addresses import KIS_MOCK, Venue
from bot.errors import SettingsError
from bot.redaction import masked
from bot.settings import NAMES, Language, Settings, load, written
from bot.settings import home as home_of

TOKEN = "123456789:AAcanary-token_of_a_bot_0123456789abc"
WORDS = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "TELEGRAM_OWNER_ID": "42",
    "KIS_APP_KEY": "PSappkeycanary",
    "KIS_APP_SECRET": "appsecretcanary+/=",
    "KIS_ACCOUNT": "81000000-01",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "state" / "muhan"


def env_file(folder: Path, words: dict[str, str], *, mode: int = 0o600) -> Path:
    path = folder / ".env"
    path.write_text("".join(f"{name}={value}\n" for name, value in words.items()))
    path.chmod(mode)
    return path


def from_environment(home: Path, **words: str) -> Settings:
    return load(None, WORDS | {"MUHAN_HOME": str(home)} | words)


def refusal(home: Path, **words: str) -> SettingsError:
    with pytest.raises(SettingsError) as refused:
        from_environment(home, **words)
    return refused.value


def test_the_settings_are_exactly_those_that_were_settled() -> None:
    assert NAMES == (
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_OWNER_ID",
        "TELEGRAM_ALLOWED_IDS",
        "TELEGRAM_API_URL",
        "KIS_APP_KEY",
        "KIS_APP_SECRET",
        "KIS_ACCOUNT",
        "KIS_HTS_ID",
        "KIS_REST_URL",
        "KIS_WEBSOCKET_URL",
        "MUHAN_VENUE",
        "MUHAN_HOME",
        "MUHAN_PAPER_CASH",
        "MUHAN_DAILY_LIMIT",
        "MUHAN_TOTAL_LIMIT",
        "MUHAN_USD_SHORT",
        "MUHAN_BLOCKED",
        "MUHAN_HEARTBEAT_URL",
        "MUHAN_HEARTBEAT_CHAT",
        "MUHAN_FORUM_CHAT",
        "MUHAN_BACKUP_PASSPHRASE",
        "MUHAN_BACKUP_FOLDER",
        "MUHAN_BACKUP_KEEP",
        "MUHAN_UPDATE_URL",
        "MUHAN_DASHBOARD_URL",
        "MUHAN_AIOGRAM",
        "MUHAN_PICTURES",
        "MUHAN_LANGUAGE",
    )


def test_the_environment_alone_is_enough_without_a_file(home: Path, tmp_path: Path) -> None:
    settings = load(tmp_path / ".env", WORDS | {"MUHAN_HOME": str(home)})
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert settings.telegram_owner_id == 42
    assert settings.allowed_ids == {42}
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.muhan_language is Language.KO


def test_a_file_is_read_and_the_environment_wins_over_it(home: Path, tmp_path: Path) -> None:
    path = env_file(tmp_path, WORDS | {"MUHAN_HOME": str(home), "MUHAN_LANGUAGE": "en"})
    settings = load(path, {"TELEGRAM_OWNER_ID": "7", "UNRELATED": "x"})
    assert settings.telegram_owner_id == 7
    assert settings.muhan_language is Language.EN
    assert settings.kis_app_secret.get_secret_value() == "appsecretcanary+/="


def test_nothing_is_read_from_the_surrounding_process(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUHAN_LANGUAGE", "en")
    assert from_environment(home).muhan_language is Language.KO


def test_without_a_word_about_the_venue_no_money_is_traded(home: Path) -> None:
    settings = from_environment(home)
    assert settings.muhan_venue is Venue.MOCK
    assert settings.kis_rest_url == KIS_MOCK.rest


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o606, 0o610])
def test_a_file_that_others_can_reach_is_refused_before_it_is_read(
    tmp_path: Path, mode: int
) -> None:
    path = env_file(tmp_path, {"KIS_ACCOUNT": "nonsense"}, mode=mode)
    with pytest.raises(SettingsError, match=f"chmod 600 {path}") as refused:
        load(path, WORDS)
    assert "chmod 600" in refused.value.english


def test_a_missing_file_is_said_when_the_environment_lacks_something(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="파일이 없습니다") as refused:
        load(tmp_path / "absent.env", {})
    assert "absent.env" in str(refused.value)
    assert ".env.example" in str(refused.value)


@pytest.mark.parametrize(
    "name", ["TELEGRAM_BOT_TOKEN", "KIS_APP_KEY", "KIS_APP_SECRET", "KIS_ACCOUNT"]
)
@pytest.mark.parametrize("how", ["absent", "empty", "blank"])
def test_a_missing_key_is_named(tmp_path: Path, name: str, how: str) -> None:
    words = {key: value for key, value in WORDS.items() if key != name}
    words |= {"empty": {name: ""}, "blank": {name: "  "}}.get(how, {})
    with pytest.raises(SettingsError, match=f"^{name} 값이 없습니다") as refused:
        load(env_file(tmp_path, words), {})
    assert not any(other in str(refused.value) for other in WORDS if other != name)


def test_an_allow_list_without_anybody_is_refused(tmp_path: Path) -> None:
    words = {key: value for key, value in WORDS.items() if key != "TELEGRAM_OWNER_ID"}
    with pytest.raises(SettingsError, match="허용 목록이 비어"):
        load(env_file(tmp_path, words), {})


def test_an_allow_list_that_is_written_down_empty_is_refused(home: Path) -> None:
    error = refusal(home, TELEGRAM_ALLOWED_IDS="")
    # Without a file the sentence is still about the list, not about the file.
    assert "허용 목록이 비어" in str(error)


def test_the_owner_is_always_on_the_allow_list(home: Path) -> None:
    assert from_environment(home, TELEGRAM_ALLOWED_IDS="7, 8").allowed_ids == {7, 8, 42}


def test_without_an_owner_the_first_of_the_allow_list_is_the_owner(home: Path) -> None:
    settings = from_environment(home, TELEGRAM_OWNER_ID="", TELEGRAM_ALLOWED_IDS="7,8")
    assert settings.telegram_owner_id == 7


@pytest.mark.parametrize("ids", ["0", "-5", "7,,8", ",", "7;8", "@owner", "1.5", "7,eight", "٧"])
def test_an_id_that_is_no_positive_whole_number_is_refused(home: Path, ids: str) -> None:
    assert "TELEGRAM_ALLOWED_IDS" in str(refusal(home, TELEGRAM_ALLOWED_IDS=ids))
    assert "TELEGRAM_OWNER_ID" in str(refusal(home, TELEGRAM_OWNER_ID=ids))


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("TELEGRAM_BOT_TOKEN", "canary"),
        ("TELEGRAM_BOT_TOKEN", "123456:"),
        ("TELEGRAM_BOT_TOKEN", "12:canary canary"),
        ("KIS_ACCOUNT", "8100000001"),
        ("KIS_ACCOUNT", "81000000-1"),
        ("KIS_ACCOUNT", "81000000-012"),
        ("KIS_ACCOUNT", "canary00-01"),
        ("MUHAN_VENUE", "canary"),
        ("MUHAN_VENUE", "REAL"),
        ("MUHAN_PAPER_CASH", "canary"),
        ("MUHAN_PAPER_CASH", "0.00"),
        ("MUHAN_PAPER_CASH", "1e9"),
        ("MUHAN_AIOGRAM", "canary"),
        ("MUHAN_PICTURES", "canary"),
        ("MUHAN_LANGUAGE", "canary"),
    ],
)
def test_a_malformed_value_is_refused_by_name_and_not_repeated(
    home: Path, name: str, word: str
) -> None:
    error = refusal(home, **{name: word})
    for sentence in (error.korean, error.english):
        assert sentence.startswith(name)
        assert word not in sentence
        assert "\n" not in sentence
    assert error.__cause__ is None


def test_every_refusal_is_one_line_in_both_languages(home: Path) -> None:
    for words in ({"KIS_ACCOUNT": "x"}, {"MUHAN_VENUE": "demo"}, {"TELEGRAM_API_URL": "x"}):
        error = refusal(home, **words)
        assert len({error.korean, error.english}) == 2
        assert "\n" not in error.korean + error.english


def test_neither_repr_nor_str_shows_a_secret_or_the_account(home: Path) -> None:
    settings = from_environment(home, KIS_HTS_ID="canaryhts")
    shown = f"{settings!r} {settings}"
    assert "canary" not in shown
    assert "81000000" not in shown


def test_what_was_loaded_is_masked_in_the_log_from_then_on(home: Path) -> None:
    from_environment(home, KIS_HTS_ID="canaryhts")
    line = masked(f"{TOKEN} PSappkeycanary appsecretcanary+/= 81000000 8100000001 canaryhts")
    assert "canary" not in line
    assert "81000000" not in line


def test_the_home_is_made_for_its_owner_alone(home: Path) -> None:
    from_environment(home)
    assert home.stat().st_mode & 0o777 == 0o700


def test_the_home_is_in_the_owners_data_folder_unless_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load(None, WORDS).muhan_home == tmp_path / ".local/share/muhan"


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "MUHAN_HOME" in str(refusal(tmp_path / "file" / "home"))


def test_a_file_that_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="UTF-8"):
        load(path, WORDS)
    with pytest.raises(SettingsError, match="읽을 수 없습니다"):
        load(tmp_path, WORDS)


def test_the_settings_cannot_be_changed_afterwards(home: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        from_environment(home).muhan_venue = Venue.REAL


def test_a_limit_is_an_amount_or_is_not_set(home: Path) -> None:
    settings = from_environment(home, MUHAN_DAILY_LIMIT="500", MUHAN_TOTAL_LIMIT="")
    assert (settings.muhan_daily_limit, settings.muhan_total_limit) == (Decimal(500), None)
    assert "MUHAN_TOTAL_LIMIT" in str(refusal(home, MUHAN_TOTAL_LIMIT="-3"))
    assert "MUHAN_DAILY_LIMIT" in str(refusal(home, MUHAN_DAILY_LIMIT="NaN"))


@pytest.mark.parametrize("address", ["http://example.com/x", "ftp://a/b", "https://a/b?key=1"])
def test_a_heartbeat_goes_over_https_or_stays_on_this_machine(home: Path, address: str) -> None:
    assert "MUHAN_HEARTBEAT_URL" in str(refusal(home, MUHAN_HEARTBEAT_URL=address))
    from_environment(home, MUHAN_HEARTBEAT_URL="http://127.0.0.1:9/ping")


def test_the_heartbeats_address_is_a_secret_and_never_logged(home: Path) -> None:
    address = "https://hc.example/0b6b-canary-4711"
    settings = from_environment(home, MUHAN_HEARTBEAT_URL=address)
    assert "canary" not in repr(settings)
    assert "canary" not in masked(f"calling {address} failed; key 0b6b-canary-4711")


def test_a_second_chat_may_be_a_group(home: Path) -> None:
    assert from_environment(home, MUHAN_HEARTBEAT_CHAT="-100123").muhan_heartbeat_chat == -100123
    assert "MUHAN_HEARTBEAT_CHAT" in str(refusal(home, MUHAN_HEARTBEAT_CHAT="@me"))


def test_a_forum_is_a_group(home: Path) -> None:
    assert from_environment(home, MUHAN_FORUM_CHAT="-100123").muhan_forum_chat == -100123
    assert from_environment(home, MUHAN_FORUM_CHAT="").muhan_forum_chat is None
    assert "그룹" in str(refusal(home, MUHAN_FORUM_CHAT="4242"))


@pytest.mark.parametrize("word", ["-1", "1.5", "many", "366", "٣"])
def test_the_number_of_backups_is_a_small_whole_number(home: Path, word: str) -> None:
    assert "MUHAN_BACKUP_KEEP" in refusal(home, MUHAN_BACKUP_KEEP=word).english
    assert from_environment(home, MUHAN_BACKUP_KEEP="0").muhan_backup_keep == 0


def test_a_passphrase_is_long_masked_and_told_by_nothing(home: Path) -> None:
    assert "12" in refusal(home, MUHAN_BACKUP_PASSPHRASE="short words").english
    word = "canary horse battery"
    settings = from_environment(home, MUHAN_BACKUP_PASSPHRASE=word)
    assert settings.muhan_backup_passphrase.get_secret_value() == word
    assert word not in f"{settings!r}{settings}{masked(word)}"


def test_backups_outside_the_home_have_to_be_encrypted(home: Path) -> None:
    assert "PASSPHRASE" in refusal(home, MUHAN_BACKUP_FOLDER="/mnt/usb").english
    words = {"MUHAN_BACKUP_FOLDER": "/mnt/usb", "MUHAN_BACKUP_PASSPHRASE": "four words that differ"}
    assert from_environment(home, **words).muhan_backup_folder == Path("/mnt/usb")


@pytest.mark.parametrize("address", ["http://example.org/latest", "ftp://x", "https://a@b", "x"])
def test_the_address_of_releases_is_safe_or_refused(home: Path, address: str) -> None:
    assert "MUHAN_UPDATE_URL" in refusal(home, MUHAN_UPDATE_URL=address).english


def as_systemd_hands_them_over(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Lay credentials out; their group's right is the access list of a dynamic user."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o440)
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def test_settings_come_from_credentials_alone_in_a_sheet_or_one_by_one(tmp_path: Path) -> None:
    words = WORDS | {"MUHAN_HOME": str(tmp_path / "home")}
    secret = words.pop("KIS_APP_SECRET")
    sheet = "".join(f"{name}={value}\n" for name, value in words.items())
    environ = as_systemd_hands_them_over(
        tmp_path / "given", {"muhan.env": sheet, "KIS_APP_SECRET": f"{secret}\n"}
    )
    settings = load(tmp_path / "none", environ)
    assert settings.kis_app_secret.get_secret_value() == secret
    assert home_of(tmp_path / "none", environ) == settings.muhan_home == tmp_path / "home"


def test_the_environment_wins_over_credentials_and_these_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.touch(0o600)
    path.write_text(
        "MUHAN_LANGUAGE=ko\nMUHAN_VENUE=demo\nMUHAN_BLOCKED=keep\nMUHAN_USD_SHORT=drop\n"
    )
    environ = as_systemd_hands_them_over(
        tmp_path / "given",
        {
            "muhan.env": "MUHAN_VENUE=paper\nMUHAN_BLOCKED=pause\nMUHAN_USD_SHORT=drop\n",
            "MUHAN_USD_SHORT": "report",
        },
    )
    found = written(path, environ | {"MUHAN_VENUE": "mock"})
    assert found == {
        "MUHAN_VENUE": "mock",
        "MUHAN_BLOCKED": "pause",
        "MUHAN_USD_SHORT": "report",
        "MUHAN_LANGUAGE": "ko",
    }


def test_a_credential_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    environ = as_systemd_hands_them_over(tmp_path / "given", {"muhan.env": ""})
    (tmp_path / "given" / "KIS_APP_KEY").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="KIS_APP_KEY"):
        load(None, environ)
