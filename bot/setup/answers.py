"""What `.env` and the environment say so far, and writing down what is known to be right."""

from collections.abc import Mapping
from pathlib import Path

from bot import env_file
from bot.errors import SettingsError
from bot.redaction import register_secret
from bot.settings import Settings, load, written
from bot.setup.shapes import SHAPES, fits

_SECRET = ("TELEGRAM_BOT_TOKEN", "KIS_APP_KEY", "KIS_APP_SECRET")
# Which addresses will do depends on the venue.
_OF_THE_VENUE = ("KIS_REST_URL", "KIS_WEBSOCKET_URL")
# In the place of what is not known yet, where a check needs only the rest.
_STAND_INS = {
    "TELEGRAM_BOT_TOKEN": "1000:not-known-yet",
    "TELEGRAM_OWNER_ID": "1",
    "KIS_APP_KEY": "not-known-yet",
    "KIS_APP_SECRET": "not-known-yet",
    "KIS_ACCOUNT": "00000000-01",
}


class Answers:
    """The settings as far as they are answered; the environment wins over the file.

    Reading raises SettingsError for a file that cannot be read or that others may read.
    """

    def __init__(self, env: Path, environ: Mapping[str, str]) -> None:
        self.env = env
        self.environ = environ

    def get(self, name: str) -> str:
        """Give a setting's word; "" when it is missing, or has not its shape."""
        value = written(self.env, self.environ).get(name, "")
        return value if name not in SHAPES or fits(name, value) else ""

    def may_keep(self, *names: str) -> None:
        """Raise SettingsError where writing a setting down would change nothing."""
        for name in names:
            if name in self.environ:
                raise SettingsError(
                    f"{name}은(는) 환경 변수에도 있어 {self.env}에 적은 것보다 먼저입니다: unset "
                    f"{name} 뒤에 muhan setup 을 다시 실행해 주세요.",
                    f"{name} is in the environment, which wins over {self.env}: run unset {name}, "
                    "then muhan setup again.",
                )

    def keep(self, values: Mapping[str, str]) -> None:
        """Write settings down at once. Raises SettingsError when that cannot be, or is no use."""
        self.may_keep(*values)
        try:
            env_file.write_all(self.env, values)
        except OSError as error:
            raise SettingsError(
                f"{self.env}에 쓸 수 없습니다 ({error.strerror}): 쓸 수 있는 폴더에서 다시 하거나 "
                "--env로 파일을 정해 주세요.",
                f"{self.env} cannot be written ({error.strerror}): run this in a folder you may "
                "write to, or name a file with --env.",
            ) from error

    def trial(self, values: Mapping[str, str]) -> Settings:
        """Make settings of what is known and of `values`, for a check of those.

        What is missing has a stand-in. Raises SettingsError for what stands wrongly in `.env`.
        """
        for name in _SECRET:
            register_secret(values.get(name, ""))
        words = written(self.env, self.environ)
        known = {name: word for name in words if (word := self.get(name))}
        if "MUHAN_VENUE" not in {**known, **values}:
            for name in _OF_THE_VENUE:
                known.pop(name, None)
        return load(None, {**_STAND_INS, **known, **values})

    def complete(self) -> Settings:
        """Read the settings as the bot will. Raises SettingsError with what is missing."""
        return load(self.env, self.environ)
