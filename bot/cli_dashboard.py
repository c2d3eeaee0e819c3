"""`muhan dashboard`: the pages in a browser, in a process of their own beside the bot."""

import ipaddress
import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot import cli_options as options
from bot import logs, settings
from bot.addresses import Venue, dashboard_address
from bot.clock import SystemClock
from bot.console_words import Words
from bot.errors import MuhanError
from bot.setting_values import one_of, person
from bot.settings import Language

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
EXTRA = ("streamlit", "plotly")


def dashboard(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen.")] = 8501,
    address: Annotated[
        str, typer.Option("--address", help="The address to listen on.")
    ] = "127.0.0.1",
    expose: Annotated[
        bool,
        typer.Option(
            "--expose", help="Let --address be another than this machine's own: be sure of it."
        ),
    ] = False,
    env: Annotated[Path, typer.Option("--env", help="File with the settings.")] = Path(".env"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON line once it listens.")
    ] = False,
) -> None:
    """Show the bot in a browser on this machine; who may look asks the bot for a link: /panel."""
    logs.configure("WARNING")
    try:
        told = settings.written(env, os.environ)
        words = Words(_language(told.get("MUHAN_LANGUAGE", "")))
    except MuhanError as error:
        options.refuse_error(error)
    try:
        refuse_exposure(address, expose=expose)
        refuse_without(EXTRA)
        _serve(told, env, address, port, words, as_json=as_json)
    except MuhanError as error:
        options.refuse(words.error(error))


def _serve(
    told: dict[str, str], env: Path, address: str, port: int, words: Words, *, as_json: bool
) -> None:
    # Here, because they need the extra, and take half a second that --help is not to take.
    from bot.control.client import GLANCE, ControlClient  # noqa: PLC0415 - above
    from bot.dashboard.doorkeeper import Doorkeeper, Named  # noqa: PLC0415
    from bot.dashboard.house import House  # noqa: PLC0415
    from bot.dashboard.reading import Reading  # noqa: PLC0415
    from bot.dashboard.serving import serve  # noqa: PLC0415
    from bot.sessions import load_calendar  # noqa: PLC0415

    home, clock = settings.home(env, os.environ), SystemClock()
    reading, control = Reading(home), ControlClient(home, glance=GLANCE)
    url = told.get("MUHAN_DASHBOARD_URL", "")
    if url:
        url = dashboard_address(url)
    named = _named(told, words.language)
    house = House(
        home=home,
        clock=clock,
        venue=one_of(Venue, "MUHAN_VENUE", told.get("MUHAN_VENUE") or "mock").value,
        calendar=load_calendar(home),
        reading=reading,
        control=control,
        doorkeeper=Doorkeeper(
            control, reading, clock, Named(owner_id=named[0], operators=named[1], language=named[2])
        ),
    )

    def listening(at: int) -> None:
        here = f"http://{f'[{address}]' if ':' in address else address}:{at}"
        if as_json:
            typer.echo(json.dumps({"listening": here}))
            return
        typer.echo(
            words.say(
                f"대시보드: {url or here} (텔레그램에서 /panel 로 로그인 링크를 받으세요)",
                f"Dashboard: {url or here} (send /panel in Telegram for a login link)",
            )
        )

    serve(
        house,
        address=address,
        port=port,
        hosts=LOOPBACK | {address.lower()} | _host_of(url),
        clock=clock,
        secure=url.startswith("https://"),
        listening=listening,
    )


def _language(word: str) -> str:
    return one_of(Language, "MUHAN_LANGUAGE", word or "ko").value


def _named(told: dict[str, str], language: str) -> tuple[int, frozenset[int], str]:
    """Read who the settings name: nobody, where they name nobody."""
    allowed = told.get("TELEGRAM_ALLOWED_IDS", "")
    operators = [person("TELEGRAM_ALLOWED_IDS", one.strip()) for one in allowed.split(",") if one]
    owner = told.get("TELEGRAM_OWNER_ID", "")
    first = person("TELEGRAM_OWNER_ID", owner) if owner else next(iter(operators), 0)
    return first, frozenset(operators), language


def _host_of(url: str) -> frozenset[str]:
    host = urlsplit(url).hostname if url else None
    return frozenset({host}) if host else frozenset()


def refuse_exposure(address: str, *, expose: bool) -> None:
    """Refuse an address that other machines reach, unless that is wanted. Raises MuhanError."""
    try:
        inside = address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        raise MuhanError(
            f"{address}은(는) 주소가 아닙니다: 127.0.0.1처럼 적어 주세요.",
            f"{address} is no address: write one such as 127.0.0.1.",
        ) from None
    if not inside and not expose:
        raise MuhanError(
            f"{address}에서는 다른 컴퓨터도 이 화면에 닿습니다. ssh 터널이나 tailnet을 쓰고, "
            "그래도 열어야 하면 --expose를 붙여 주세요.",
            f"Other machines would reach the dashboard at {address}. Use an ssh tunnel or a "
            "tailnet; if it has to be open all the same, add --expose.",
        )


def refuse_without(packages: tuple[str, ...]) -> None:
    """Refuse to start while a package is not installed. Raises MuhanError."""
    if any(find_spec(name) is None for name in packages):
        raise MuhanError(
            "대시보드에 쓰는 패키지가 없습니다: make dashboard 로 설치하고 시작해 주세요.",
            "The dashboard's packages are not installed: make dashboard installs and starts it.",
        )
