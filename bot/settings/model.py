"""Every setting with its default, and what its word has to look like."""

import re
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

DEFAULT_HOME = Path("~/.local/share/muhan")

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
