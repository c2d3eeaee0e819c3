"""What the owner set: `.env`, credentials and the environment, checked before anything starts.

The names are those of `.env.example`; which place wins over which stands in `bot/written.py`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.addresses import (
    DASHBOARD,
    TELEGRAM,
    Venue,
    dashboard_address,
    heartbeat_address,
    kis_addresses,
    telegram_address,
    update_address,
)
from bot.errors import SettingsError
from bot.logs import register_secret
from bot.setting_values import (
    Aiogram,
    Pictures,
    UsdShort,
    WhenBlocked,
    amount,
    backup_folder,
    chat,
    count,
    group,
    limit,
    one_of,
    passphrase,
    person,
)
from bot.written import words

DEFAULT_HOME = Path("~/.local/share/muhan")

_REQUIRED = ("TELEGRAM_BOT_TOKEN", "KIS_APP_KEY", "KIS_APP_SECRET", "KIS_ACCOUNT")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_ACCOUNT = re.compile(r"[0-9]{8}-[0-9]{2}")


class Language(StrEnum):
    """The language of the owner's texts: Korean or English."""

    KO = "ko"
    EN = "en"


_CHOICES: dict[str, type[StrEnum]] = {
    "muhan_venue": Venue,
    "muhan_usd_short": UsdShort,
    "muhan_blocked": WhenBlocked,
    "muhan_aiogram": Aiogram,
    "muhan_pictures": Pictures,
    "muhan_language": Language,
}


class Settings(BaseSettings):
    """Everything that `.env` can say; a value that exists is a value that may be used.

    Secrets are `SecretStr`, and neither `str` nor `repr` shows them or the account. A field left
    out of `.env` has the default named there; addresses left out follow the venue. Raises
    `SettingsError` with one sentence for anything the program should not start with.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    telegram_bot_token: SecretStr
    telegram_owner_id: int
    telegram_allowed_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    telegram_api_url: str = TELEGRAM
    kis_app_key: SecretStr
    kis_app_secret: SecretStr
    kis_account: str = Field(repr=False)
    kis_hts_id: str = Field(default="", repr=False)
    kis_rest_url: str = ""
    kis_websocket_url: str = ""
    # Without a word about the venue no money is traded: KIS's practice account.
    muhan_venue: Venue = Venue.MOCK
    muhan_home: Path = DEFAULT_HOME
    # USD that the rehearsal room's account begins with.
    muhan_paper_cash: Decimal = Decimal(100_000)
    # USD that a session's buys, and all cycles at once, may cost; None is no limit.
    muhan_daily_limit: Decimal | None = None
    muhan_total_limit: Decimal | None = None
    muhan_usd_short: UsdShort = UsdShort.REPORT
    muhan_blocked: WhenBlocked = WhenBlocked.PAUSE
    # The address is the monitor's key: whoever has it can send the sign of life.
    muhan_heartbeat_url: SecretStr = SecretStr("")
    muhan_heartbeat_chat: int | None = None
    muhan_forum_chat: int | None = None
    # Opens every encrypted backup: the owner has to know it without this machine.
    muhan_backup_passphrase: SecretStr = SecretStr("")
    muhan_backup_folder: Path | None = None
    # So many daily backups are kept; 0 makes none.
    muhan_backup_keep: int = 7
    muhan_update_url: str = ""
    muhan_dashboard_url: str = DASHBOARD
    muhan_aiogram: Aiogram = Aiogram.LAZY
    muhan_pictures: Pictures = Pictures.ON
    muhan_language: Language = Language.KO

    @property
    def allowed_ids(self) -> frozenset[int]:
        """The numeric Telegram user ids that may command; the owner's is always one of them."""
        return self.telegram_allowed_ids | {self.telegram_owner_id}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what is handed in: `load` has read the file and the environment."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @field_validator("telegram_bot_token", mode="after")
    @classmethod
    def _token_has_its_shape(cls, token: SecretStr) -> SecretStr:
        if _TOKEN.fullmatch(token.get_secret_value()) is None:
            raise SettingsError(
                "TELEGRAM_BOT_TOKEN이 봇 토큰 모양이 아닙니다: "
                "BotFather가 준 '숫자:문자' 토큰을 그대로 적어 주세요.",
                "TELEGRAM_BOT_TOKEN is not shaped like a bot token: "
                "copy the 'digits:letters' token that BotFather gave you.",
            )
        return token

    @field_validator("telegram_owner_id", mode="before")
    @classmethod
    def _owner_is_aperson(cls, owner: Any) -> int:
        return person("TELEGRAM_OWNER_ID", str(owner))

    @field_validator("telegram_allowed_ids", mode="before")
    @classmethod
    def _allowed_are_people(cls, allowed: Any) -> frozenset[int]:
        words = allowed.split(",") if isinstance(allowed, str) else [str(one) for one in allowed]
        return frozenset(person("TELEGRAM_ALLOWED_IDS", word.strip()) for word in words)

    @field_validator("kis_account", mode="after")
    @classmethod
    def _account_has_its_shape(cls, account: str) -> str:
        if _ACCOUNT.fullmatch(account) is None:
            raise SettingsError(
                "KIS_ACCOUNT가 계좌번호 모양이 아닙니다: "
                "8자리-2자리(예: 12345678-01)로 적어 주세요.",
                "KIS_ACCOUNT is not shaped like an account number: "
                "write 8 digits, a dash and 2 digits, such as 12345678-01.",
            )
        return account

    @field_validator(*_CHOICES, mode="before")
    @classmethod
    def _word_is_one_of_its_kind(cls, word: Any, info: ValidationInfo) -> StrEnum:
        field = str(info.field_name)
        return one_of(_CHOICES[field], field.upper(), str(word))

    @field_validator("muhan_paper_cash", mode="before")
    @classmethod
    def _cash_is_an_amount(cls, cash: Any) -> Decimal:
        return amount("MUHAN_PAPER_CASH", cash, "100000")

    @field_validator("muhan_daily_limit", "muhan_total_limit", mode="before")
    @classmethod
    def _limit_is_an_amount(cls, word: Any, info: ValidationInfo) -> Decimal | None:
        return limit(str(info.field_name).upper(), word)

    @field_validator("muhan_heartbeat_url", mode="after")
    @classmethod
    def _heartbeat_is_sent_safely(cls, address: SecretStr) -> SecretStr:
        return SecretStr(heartbeat_address(address.get_secret_value()))

    @field_validator("muhan_heartbeat_chat", mode="before")
    @classmethod
    def _heartbeat_has_a_chat(cls, word: Any) -> int | None:
        return chat("MUHAN_HEARTBEAT_CHAT", word)

    @field_validator("muhan_forum_chat", mode="before")
    @classmethod
    def _forum_is_a_group(cls, word: Any) -> int | None:
        return group("MUHAN_FORUM_CHAT", word)

    @field_validator("muhan_backup_passphrase", mode="after")
    @classmethod
    def _passphrase_is_long(cls, word: SecretStr) -> SecretStr:
        return SecretStr(passphrase("MUHAN_BACKUP_PASSPHRASE", word.get_secret_value()))

    @field_validator("muhan_backup_folder", mode="after")
    @classmethod
    def _elsewhere_is_encrypted(cls, folder: Path | None, info: ValidationInfo) -> Path | None:
        secret = info.data["muhan_backup_passphrase"].get_secret_value()
        return backup_folder(folder, encrypted=bool(secret))

    @field_validator("muhan_backup_keep", mode="before")
    @classmethod
    def _keep_is_a_count(cls, word: Any) -> int:
        return count("MUHAN_BACKUP_KEEP", word, most=365)

    @field_validator("muhan_update_url", mode="after")
    @classmethod
    def _updates_are_asked_safely(cls, address: str) -> str:
        return update_address(address)

    @field_validator("muhan_dashboard_url", mode="after")
    @classmethod
    def _dashboard_is_opened_safely(cls, address: str) -> str:
        return dashboard_address(address)

    @field_validator("telegram_api_url", mode="after")
    @classmethod
    def _telegram_is_reached_safely(cls, address: str) -> str:
        return telegram_address(address)

    @field_validator("muhan_home", mode="after")
    @classmethod
    def _home_is_one_place(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @model_validator(mode="before")
    @classmethod
    def _venue_decides_the_addresses(cls, given: Any) -> Any:
        venue = one_of(Venue, "MUHAN_VENUE", str(given.get("muhan_venue", Venue.MOCK)))
        counter = kis_addresses(
            venue, str(given.get("kis_rest_url", "")), str(given.get("kis_websocket_url", ""))
        )
        return given | {"kis_rest_url": counter.rest, "kis_websocket_url": counter.websocket}


NAMES: tuple[str, ...] = tuple(field.upper() for field in Settings.model_fields)
"""The settings as they are written in `.env`, in its order."""


def load(env_file: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings, make MUHAN_HOME (0700), and have the log mask every secret among them.

    `env_file` may be missing when the environment alone says enough. An empty value counts as
    missing, but an allow list that is written down and empty is refused. Raises `SettingsError`
    with one sentence: what, why, and what to do.
    """
    settings = checked(env_file, environ)
    _make_home(settings.muhan_home)
    return settings


def checked(env_file: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings as `load` does, and leave the disk as it is."""
    found = written(env_file, environ)
    _refuse_gaps(found, env_file)
    owner = found.get("TELEGRAM_OWNER_ID") or found["TELEGRAM_ALLOWED_IDS"].split(",")[0]
    given = {name.lower(): value for name, value in found.items() if value}
    settings = Settings(**given | {"telegram_owner_id": owner.strip()})  # type: ignore[arg-type]  # the validators read strings
    _mask(settings)
    return settings


def written(env_file: Path | None, environ: Mapping[str, str]) -> dict[str, str]:
    """Read the settings' words as they stand, wherever. Raises `SettingsError`."""
    return words(NAMES, env_file, environ)


def language(env_file: Path | None, environ: Mapping[str, str]) -> str:
    """Name the language that was set, also where the other settings cannot be used."""
    try:
        word = words(("MUHAN_LANGUAGE",), env_file, environ).get("MUHAN_LANGUAGE")
    except SettingsError:
        word = environ.get("MUHAN_LANGUAGE")
    return word or Language.KO.value


def home(env_file: Path | None, environ: Mapping[str, str]) -> Path:
    """Name MUHAN_HOME alone, for what needs no keys. Raises `SettingsError`."""
    word = words(("MUHAN_HOME",), env_file, environ).get("MUHAN_HOME")
    return Path(word or DEFAULT_HOME).expanduser().absolute()


def _refuse_gaps(written: Mapping[str, str], env_file: Path | None) -> None:
    people = written.get("TELEGRAM_OWNER_ID") or written.get("TELEGRAM_ALLOWED_IDS")
    missing = [name for name in _REQUIRED if not written.get(name)]
    if (missing or not people) and (env_file is None or not env_file.exists()):
        raise SettingsError(
            f"{env_file or '.env'} 파일이 없습니다: muhan setup 을 실행하거나, .env.example을 "
            ".env로 복사해 채우고 chmod 600 .env 뒤에 다시 시작해 주세요.",
            f"There is no {env_file or '.env'}: run muhan setup, or copy .env.example to .env, "
            "fill it in, run chmod 600 .env and start again.",
        )
    if missing:
        names = ", ".join(missing)
        raise SettingsError(
            f"{names} 값이 없습니다: {env_file}에 적어 주세요 (뜻은 .env.example에 있습니다).",
            f"{names} missing: write it into {env_file} (.env.example says what it means).",
        )
    if not people or written.get("TELEGRAM_ALLOWED_IDS") == "":
        raise SettingsError(
            "허용 목록이 비어 있어 시작하지 않습니다: TELEGRAM_OWNER_ID에 본인의 텔레그램 "
            "숫자 ID를 적고(모르면 muhan pair가 적어 줍니다), 더 허용할 사람이 없으면 "
            "TELEGRAM_ALLOWED_IDS 줄을 지워 주세요.",
            "The allow list is empty, so nothing starts: set TELEGRAM_OWNER_ID to your numeric id "
            "(muhan pair finds it), and remove TELEGRAM_ALLOWED_IDS if nobody else may command.",
        )


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"MUHAN_HOME({home}) 폴더를 만들 수 없습니다({error.strerror}): "
            "쓸 수 있는 경로로 바꿔 주세요.",
            f"MUHAN_HOME ({home}) cannot be made ({error.strerror}): set a path you may write to.",
        ) from None


def _mask(settings: Settings) -> None:
    for secret in (settings.telegram_bot_token, settings.kis_app_key, settings.kis_app_secret):
        register_secret(secret.get_secret_value())
    register_secret(settings.muhan_backup_passphrase.get_secret_value())
    beat = settings.muhan_heartbeat_url.get_secret_value()
    register_secret(beat)
    register_secret(beat.rpartition("/")[2])
    account, product = settings.kis_account.split("-")
    register_secret(settings.kis_account, keep=2)
    register_secret(account + product, keep=2)
    register_secret(account)
    register_secret(settings.kis_hts_id)
