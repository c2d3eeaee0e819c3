"""Installing below another root: every step shown, every call recorded, systemd left alone."""

import os
import re
import socket
import stat
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.errors import SettingsError
from bot.instance import only_instance
from bot.service import installer, user_installer
from bot.service.errors import ServiceRefused, StepFailed
from bot.service.places import COMMAND, DASHBOARD_SETTINGS, MARK, PROGRAM, SETTINGS, Places
from bot.service.runner import MISSING, Done, run
from bot.service.steps import Step, move
from bot.storage.database import DATABASE_NAME

SOURCE = Path(__file__).parents[3]
PYTHON = Path("/usr/bin/python3")
SECRET = "the-app-secret-of-this-test"
ENV = f"""# mine
TELEGRAM_BOT_TOKEN=123456789:AAcanary-token_of_a_bot_0123456789abc
TELEGRAM_OWNER_ID=42
KIS_APP_KEY=PSappkeycanary
KIS_APP_SECRET={SECRET}
KIS_ACCOUNT=81000000-01
MUHAN_LANGUAGE=en
"""


class Recorder:
    """Stand in for systemctl, loginctl and python; `failing` names the word whose call fails."""

    def __init__(self, failing: str = "") -> None:
        self.calls: list[tuple[str, ...]] = []
        self.failing = failing

    def __call__(self, argv: Sequence[str]) -> Done:
        self.calls.append(tuple(argv))
        if argv[-1] == "--version":
            return Done(status=0, said="systemd 255 (255.4)\n+PAM")
        failed = bool(self.failing) and self.failing in argv
        return Done(status=int(failed), said="first\nno such thing\n")

    def lines(self) -> list[str]:
        return [" ".join(call) for call in self.calls if call[-1] != "--version"]


class Machine:
    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.root.mkdir()
        self.place = Places(root=self.root)
        self.home = folder / "state"
        self.env = folder / ".env"
        self.env.touch(0o600)
        self.env.write_text(f"{ENV}MUHAN_HOME={self.home}\n", encoding="utf-8")
        self.runner = Recorder()

    def wish(self, *, dashboard: bool = False, python: Path = PYTHON) -> installer.Wish:
        return installer.Wish(env=self.env, dashboard=dashboard, source=SOURCE, base_python=python)

    def steps(self, *, dashboard: bool = False) -> list[Step]:
        return installer.install(self.wish(dashboard=dashboard), self.place, self.runner, {})

    def install(self, *, dashboard: bool = False) -> None:
        for step in self.steps(dashboard=dashboard):
            step.do()

    def uninstall(self) -> None:
        for step in installer.uninstall(self.place, self.runner):
            step.do()

    def files(self) -> dict[str, int]:
        """Every file outside of the copied program, with its mode."""
        found = (path for path in self.root.rglob("*") if path.is_file())
        named = {str(path.relative_to(self.root)): path for path in found}
        return {
            name: stat.S_IMODE(path.stat().st_mode)
            for name, path in named.items()
            if not name.startswith("opt/muhan/source")
        }

    def read(self, inside: Path) -> str:
        return self.place.at(inside).read_text(encoding="utf-8")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_nothing_is_done_before_the_steps_are_carried_out(machine: Machine) -> None:
    steps = machine.steps(dashboard=True)
    assert machine.runner.lines() == []
    assert list(machine.root.iterdir()) == []
    assert all(step.what[0] and step.what[1] for step in steps)


def test_an_installation_writes_these_files_and_makes_these_calls_in_this_order(
    machine: Machine,
) -> None:
    machine.install()
    assert machine.files() == {
        "etc/muhan/muhan.env": 0o600,
        "etc/systemd/system/muhan.service": 0o644,
        "usr/local/bin/muhan": 0o755,
    }
    assert stat.S_IMODE((machine.root / "etc/muhan").stat().st_mode) == 0o700
    opt = machine.root / "opt/muhan"
    pip = f"{opt}/venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet"
    assert machine.runner.lines() == [
        f"{PYTHON} -m venv --clear {opt}/venv",
        f"{pip} --require-hashes -r {opt}/source/requirements.lock",
        f"{pip} --no-deps --no-build-isolation {opt}/source",
        "systemctl daemon-reload",
        "systemctl enable muhan.service",
        "systemctl restart muhan.service",
    ]
    assert machine.read(SETTINGS) == machine.env.read_text(encoding="utf-8")


def test_what_is_no_python_is_installed_with_the_program() -> None:
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]
    packed = {
        path
        for package, each in patterns.items()
        for pattern in each
        for path in (SOURCE / package).glob(pattern)
    }
    kept = subprocess.run(
        ["git", "ls-files", "bot", "kis", "strategy"],
        cwd=SOURCE,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not kept:
        pytest.skip("no clone of git: nothing says which files belong to the program")
    assert [name for name in kept if name[-3:] != ".py" and SOURCE / name not in packed] == []


def test_the_dashboards_packages_are_those_of_the_whole_lock(machine: Machine) -> None:
    machine.install(dashboard=True)
    lock = machine.root / "opt/muhan/source/requirements-dev.lock"
    assert lock.exists()
    assert any(
        line.endswith(f"--require-hashes -c {lock} streamlit plotly starlette")
        for line in machine.runner.lines()
    )
    pin = lock.with_name("pip.lock")
    calls = machine.runner.lines()
    first = next(at for at, line in enumerate(calls) if line.endswith(f"-r {pin}"))
    assert first < next(at for at, line in enumerate(calls) if f"-c {lock}" in line)
    assert re.fullmatch(
        r"pip==[\d.]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n", pin.read_text("utf-8")
    )
    extra = tomllib.loads((SOURCE / "pyproject.toml").read_text("utf-8"))["project"]
    named = {re.split(r"\W", each)[0] for each in extra["optional-dependencies"]["dashboard"]}
    assert named == set(installer.EXTRA)


def test_no_key_stands_in_a_unit_or_in_the_command_and_no_place_of_the_tests(
    machine: Machine,
) -> None:
    machine.install(dashboard=True)
    for name in machine.files():
        text = (machine.root / name).read_text(encoding="utf-8")
        assert (SECRET in text) == (name == "etc/muhan/muhan.env")
        assert str(machine.root) not in text
    shown = machine.read(DASHBOARD_SETTINGS).splitlines()
    assert shown[1:] == ["TELEGRAM_OWNER_ID=42", "MUHAN_LANGUAGE=en"]


def test_the_copied_program_is_the_whole_of_it_and_nothing_of_the_owners(machine: Machine) -> None:
    machine.install()
    source = machine.root / "opt/muhan/source"
    names = {path.name for path in source.iterdir()}
    assert names == {*installer.PARTS, installer.RUNTIME_LOCK}
    assert (source / "bot" / "service" / "muhan.service.in").exists()
    assert list(source.rglob("__pycache__")) == []


def test_the_state_moves_along_and_a_second_installation_leaves_it(machine: Machine) -> None:
    machine.home.mkdir(mode=0o700)
    (machine.home / DATABASE_NAME).write_text("journal")
    machine.install()
    moved = machine.root / "var/lib/muhan" / DATABASE_NAME
    assert moved.read_text() == "journal"
    assert not machine.home.exists()
    machine.home.mkdir()
    machine.runner.calls.clear()
    machine.install()
    assert machine.home.exists()
    assert moved.read_text() == "journal"
    # An update: no program is replaced under one that runs.
    assert machine.runner.lines()[0] == "systemctl stop muhan.service"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system than the tests' own."""
    shared = Path("/dev/shm")  # noqa: S108 - a file system of its own, and a folder with a random name
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has no second file system to move to")
    with TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


def test_the_state_is_taken_whole_to_another_file_system_and_a_dead_socket_is_left(
    tmp_path: Path, elsewhere: Path
) -> None:
    home, target = elsewhere / "state", tmp_path / "var" / "muhan"
    home.mkdir()
    (home / DATABASE_NAME).touch()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(home / "c.sock"))
    (home / "backups").mkdir()
    (home / "backups" / "one").write_bytes(b"kept")
    (home / DATABASE_NAME).chmod(0o600)
    move(home, target, ("", "")).do()
    assert not home.exists()
    assert sorted(path.name for path in target.iterdir()) == ["backups", DATABASE_NAME]
    assert (target / "backups" / "one").read_bytes() == b"kept"
    assert stat.S_IMODE((target / DATABASE_NAME).stat().st_mode) == 0o600
    assert list(target.parent.iterdir()) == [target]


def test_a_state_that_is_half_way_to_another_file_system_is_no_state_there(
    tmp_path: Path, elsewhere: Path
) -> None:
    """The disk is full half way: the second try must not take the half for the service's own."""
    home, target = elsewhere / "state", tmp_path / "var" / "muhan"
    home.mkdir()
    (home / DATABASE_NAME).touch()
    os.mkfifo(home / "full")  # nothing that can be copied
    with pytest.raises(StepFailed):
        move(home, target, ("", "")).do()
    assert not target.exists()
    assert (home / DATABASE_NAME).exists()
    (home / "full").unlink()
    move(home, target, ("", "")).do()
    assert (target / DATABASE_NAME).exists()
    assert list(target.parent.iterdir()) == [target]
    assert list(elsewhere.iterdir()) == []


def test_an_update_keeps_the_settings_that_are_installed_and_the_dashboard(
    machine: Machine,
) -> None:
    machine.install(dashboard=True)
    installed = machine.place.at(SETTINGS)
    edited = installed.read_text(encoding="utf-8").replace("LANGUAGE=en", "LANGUAGE=ko")
    installed.write_text(edited, encoding="utf-8")
    again = installer.wish(None, machine.place, dashboard=False)
    assert (again.env, again.dashboard) == (installed, True)
    wish = replace(machine.wish(dashboard=again.dashboard), env=again.env)
    for step in installer.install(wish, machine.place, machine.runner, {}):
        step.do()
    assert installed.read_text(encoding="utf-8") == edited
    assert "MUHAN_LANGUAGE=ko" in machine.read(DASHBOARD_SETTINGS)


def test_settings_that_are_named_replace_those_that_are_installed(machine: Machine) -> None:
    machine.install()
    named = installer.wish(machine.env, machine.place, dashboard=False)
    assert named.env == machine.env
    assert installer.wish(None, Places(root=Path("/nowhere")), dashboard=False).env.name == ".env"


def test_a_bot_that_runs_keeps_its_state(machine: Machine) -> None:
    machine.home.mkdir(mode=0o700)
    with only_instance(machine.home), pytest.raises(ServiceRefused, match="실행 중"):
        machine.steps()


@pytest.mark.parametrize("word", ["venv", "--require-hashes", "daemon-reload", "restart"])
def test_a_call_that_fails_is_the_last_one_and_is_told_with_its_words(
    machine: Machine, word: str
) -> None:
    machine.runner.failing = word
    with pytest.raises(StepFailed, match="no such thing"):
        machine.install()
    assert word in machine.runner.calls[-1]


def test_a_failed_installation_is_undone_by_the_uninstallation(machine: Machine) -> None:
    machine.runner.failing = "restart"
    with pytest.raises(StepFailed):
        machine.install()
    machine.uninstall()
    assert machine.files() == {"etc/muhan/muhan.env": 0o600}


def test_an_uninstallation_takes_all_away_but_settings_and_state(machine: Machine) -> None:
    machine.home.mkdir(mode=0o700)
    (machine.home / DATABASE_NAME).write_text("journal")
    machine.install(dashboard=True)
    machine.runner.calls.clear()
    machine.uninstall()
    assert machine.runner.lines() == [
        "systemctl disable --now muhan.service muhan-dashboard.service",
        "systemctl daemon-reload",
    ]
    assert sorted(machine.files()) == [
        "etc/muhan/dashboard.env",
        "etc/muhan/muhan.env",
        f"var/lib/muhan/{DATABASE_NAME}",
    ]
    with pytest.raises(ServiceRefused, match="설치된 서비스가 없어"):
        machine.uninstall()


def test_somebody_elses_command_is_neither_overwritten_nor_removed(machine: Machine) -> None:
    path = machine.place.at(COMMAND)
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    with pytest.raises(ServiceRefused, match="다른 프로그램"):
        machine.steps()
    with pytest.raises(ServiceRefused, match="다른 프로그램"):
        machine.uninstall()
    assert path.read_text() == "#!/bin/sh\n"


def test_settings_that_do_not_start_are_not_installed(machine: Machine) -> None:
    machine.env.write_text(ENV.replace("KIS_APP_KEY", "# KIS_APP_KEY"), encoding="utf-8")
    with pytest.raises(SettingsError, match="KIS_APP_KEY"):
        machine.steps()


def test_a_python_that_the_service_could_not_read_is_refused(machine: Machine) -> None:
    wish = machine.wish(python=Path("/home/somebody/.pyenv/bin/python3"))
    with pytest.raises(ServiceRefused, match="홈 폴더"):
        installer.install(wish, machine.place, machine.runner, {})


def test_backups_go_where_the_service_may_write_or_it_is_not_installed(machine: Machine) -> None:
    def naming(folder: str) -> None:
        text = f"{ENV}MUHAN_BACKUP_PASSPHRASE=correct horse battery\n"
        machine.env.write_text(f"{text}MUHAN_BACKUP_FOLDER={folder}\n", encoding="utf-8")

    naming("/mnt/disk")
    with pytest.raises(ServiceRefused, match="/mnt/disk"):
        machine.steps()
    naming("/var/lib/muhan/backups")
    assert machine.steps()


def test_a_folder_that_cannot_be_written_is_one_sentence(machine: Machine) -> None:
    (machine.root / "etc").write_text("a file where a folder should be")
    with pytest.raises(StepFailed, match="에 쓸 수 없습니다"):
        machine.install()


def test_a_users_own_service_is_one_file_and_four_calls_and_goes_again(machine: Machine) -> None:
    environ = {"HOME": str(machine.root)}
    program = machine.root / "muhan"
    program.touch()
    for step in user_installer.install(machine.env, program, machine.runner, environ):
        step.do()
    unit = machine.root / ".config/systemd/user/muhan.service"
    text = unit.read_text(encoding="utf-8")
    assert f"ExecStart={program} run --env {machine.env}\n" in text
    assert "ExecReload=/bin/kill -HUP $MAINPID\n" in text
    assert SECRET not in text
    assert machine.runner.lines() == [
        "loginctl enable-linger",
        "systemctl --user daemon-reload",
        "systemctl --user enable muhan.service",
        "systemctl --user restart muhan.service",
    ]
    for step in user_installer.uninstall(machine.runner, environ):
        step.do()
    assert not unit.exists()
    with pytest.raises(ServiceRefused):
        user_installer.uninstall(machine.runner, environ)


def test_a_users_own_service_is_not_installed_by_sudo(machine: Machine) -> None:
    environ = {"HOME": "/root", "SUDO_USER": "owner"}
    with pytest.raises(ServiceRefused, match="sudo 없이"):
        user_installer.install(machine.env, PROGRAM, machine.runner, environ)


def test_a_program_that_is_not_there_is_told_as_a_shell_would() -> None:
    assert run(("no-such-program-of-muhan", "x")).status == MISSING
    assert run(("sh", "-c", "echo one; echo two >&2; exit 4")) == Done(status=4, said="one\ntwo\n")


@contextmanager
def commands(folder: Path, *, uid: int) -> Iterator[dict[str, str]]:
    """A PATH on which id, sudo and systemd-run only say how they were called."""
    folder.mkdir()
    (folder / "id").write_text(f"#!/bin/sh\necho {uid}\n")
    for name in ("sudo", "systemd-run"):
        (folder / name).write_text(f'#!/bin/sh\nprintf "%s\\n" {name} "$@"\n')
    for path in folder.iterdir():
        path.chmod(0o755)
    yield {"PATH": f"{folder}:/usr/bin:/bin"}


@pytest.mark.parametrize(("uid", "starts"), [(0, "systemd-run"), (1000, "sudo")])
def test_the_command_runs_as_the_services_user_and_asks_for_root_when_it_must(
    machine: Machine, tmp_path: Path, uid: int, starts: str
) -> None:
    machine.install()
    command = machine.place.at(COMMAND)
    assert MARK in command.read_text(encoding="utf-8")
    with commands(tmp_path / "bin", uid=uid) as environ:
        done = subprocess.run(
            [command, "cycle", "start", "--symbol", "A B"],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    said = done.stdout.splitlines()
    assert said[0] == starts
    assert said[-4:] == ["cycle", "start", "--symbol", "A B"]
    if uid == 0:
        assert {"--pipe", "--property=DynamicUser=yes", "--property=User=muhan"} <= set(said)
        assert "--property=LoadCredential=muhan.env:/etc/muhan/muhan.env" in said
        assert said[-5] == str(PROGRAM)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("word", ["setup", "run"])
def test_the_command_refuses_what_would_pass_the_services_settings_by(
    machine: Machine, tmp_path: Path, word: str, language: str
) -> None:
    machine.install()
    with commands(tmp_path / "bin", uid=0) as environ:
        done = subprocess.run(
            [machine.place.at(COMMAND), word],
            env=environ | {"MUHAN_LANGUAGE": language},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (3, "")
    assert "/etc/muhan/muhan.env" in done.stderr
    assert f"muhan {word}" in done.stderr
    assert done.stderr.isascii() == (language == "en")
