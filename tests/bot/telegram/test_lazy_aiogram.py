"""aiogram does the same whether its models are built at once or at their first use."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.peers import ROOT
from tests.stage import environment

# A library that is called aiogram and rebuilds its models otherwise than the one we know.
ODD = """
from pydantic import BaseModel, ConfigDict

class Thing(BaseModel):
    model_config = ConfigDict(frozen=True)
    other: "Elsewhere"

class Other(BaseModel):
    model_config = ConfigDict(frozen=True)
    number: int

at_once = Other.__pydantic_complete__
for model in (Thing, Other):
    model.model_rebuild(_types_namespace={"Elsewhere": Other, "model": model})
"""

LOADING = """
import sys
from bot.telegram import lazy_aiogram
lazy_aiogram.TRIED = {series!r}
lazy = lazy_aiogram.load(lazy=True)
import aiogram
print(lazy, aiogram.at_once, aiogram.Thing(other=aiogram.Other(number=1)).other.number)
"""


TAP = """
from bot.telegram import lazy_aiogram
assert lazy_aiogram.load(lazy=True)
lazy_aiogram.build_for_taps()
from aiogram import methods, types
from pydantic import BaseModel
from tests.bot.telegram.imported import counted
_, before = counted()
someone = dict(id=1, is_bot=False, first_name="a")
keys = dict(inline_keyboard=[[dict(text="Yes", callback_data="yes")]])
there = dict(message_id=1, date=1, chat=dict(id=1, type="private"), text="?", reply_markup=keys)
query = dict(id="1", chat_instance="1", data="yes", message=there)
query["from"] = someone
update = types.Update.model_validate(dict(update_id=1, callback_query=query))
methods.AnswerCallbackQuery(callback_query_id=update.callback_query.id)
button = types.InlineKeyboardButton(text="No", callback_data="no")
markup = types.InlineKeyboardMarkup(inline_keyboard=[[button]])
methods.EditMessageText(text="!", chat_id=1, message_id=1, reply_markup=markup)
_, after = counted()
print(after - before)
"""


def run(*words: str, first: Path | None = None) -> str:
    paths = [str(ROOT)] if first is None else [str(first), str(ROOT)]
    done = subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment() | {"PYTHONPATH": ":".join(paths)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()[-1]


def conversation(way: str) -> dict[str, Any]:
    heard: dict[str, Any] = json.loads(run("-m", "tests.bot.telegram.imported", way))
    return heard


def test_a_conversation_is_the_same_either_way_and_few_models_were_needed_for_it() -> None:
    lazy, plain = conversation("lazy"), conversation("plain")
    kinds = [kind for kind, _ in plain["said"]]
    assert {"User", "Update", "Message", "CallbackQuery", "str"} <= set(kinds)
    assert lazy["said"] == plain["said"]
    assert (lazy["lazy"], plain["lazy"]) == (True, False)
    assert plain["at once"] == plain["models"] == lazy["models"]
    assert lazy["at once"] < lazy["built"] < plain["models"] / 4


def test_a_tap_finds_what_it_needs_built_ahead() -> None:
    assert run("-c", TAP) == "0"


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    package = tmp_path / "aiogram"
    package.mkdir()
    (package / "__init__.py").write_text(ODD)
    return tmp_path


def test_models_that_are_not_as_expected_are_built_after_the_import(odd: Path) -> None:
    series = {"aiogram": "3.", "pydantic": "2."}
    assert run("-c", LOADING.format(series=series), first=odd) == "False False 1"


def test_a_version_that_nobody_tried_is_imported_as_anybody_would(odd: Path) -> None:
    series = {"aiogram": "3.", "pydantic": "1."}
    assert run("-c", LOADING.format(series=series), first=odd) == "False True 1"
