"""Settings read from `.env`, credentials and the environment; what may not start is refused."""

from collections.abc import Mapping
from pathlib import Path

from bot.errors import SettingsError
from bot.logs import register_secret
from bot.settings.model import DEFAULT_HOME, NAMES, Language, Settings
from bot.written import words

_REQUIRED = ("TELEGRAM_BOT_TOKEN", "KIS_APP_KEY", "KIS_APP_SECRET", "KIS_ACCOUNT")


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
