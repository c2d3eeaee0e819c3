"""A bundle for whoever is to help: what happened and how things are, and no secret.

By construction: of the settings only harmless words are told and of all others whether they are
there; of the state file counts, types and times, no figure of the owner's; people are numbered.
What is left passes the mask of the log once more.
"""

import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from pydantic import SecretStr

from bot.clock import SEOUL
from bot.redaction import masked, masked_value
from bot.settings import NAMES, Settings

# Words out of a short list each: they cannot be a secret.
TOLD = frozenset(
    {"MUHAN_VENUE", "MUHAN_LANGUAGE", "MUHAN_USD_SHORT", "MUHAN_BLOCKED", "MUHAN_PICTURES"}
)
EVENTS = 300
DEAD = 50

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What goes into a bundle; `people` are numeric ids that are numbered instead of named."""

    made_at: datetime
    program: Document
    settings: Document
    condition: Document
    state: Document
    people: tuple[int, ...]
    log: tuple[str, ...]


def bundle_name(now: datetime) -> str:
    """Name a bundle by its moment in Seoul."""
    return f"muhan-diag-{now.astimezone(SEOUL):%Y%m%d-%H%M%S}.zip"


def told_settings(settings: Settings) -> Document:
    """Tell the harmless settings, and of every other whether it is set."""
    found: Document = {"told": {}, "set": [], "not set": []}
    for name in NAMES:
        value = getattr(settings, name.lower())
        if name in TOLD:
            found["told"][name] = str(value.value)
            continue
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        found["set" if text else "not set"].append(name)
    return found


def bundle(findings: Findings) -> bytes:
    """Pack the findings into a zip of two text files."""
    document = {
        "made_at": findings.made_at.isoformat(),
        "program": findings.program,
        "settings": findings.settings,
        "condition": findings.condition,
        "state": findings.state,
    }
    told = json.dumps(masked_value(document), ensure_ascii=False, indent=1, default=str)
    packed = BytesIO()
    with ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("diagnosis.json", _anonymous(told, findings.people))
        archive.writestr("log.jsonl", _anonymous("\n".join(findings.log), findings.people))
    return packed.getvalue()


def _anonymous(text: str, people: Iterable[int]) -> str:
    """Put numbers in the place of people, and mask what was still to be masked."""
    for number, person in enumerate(people, start=1):
        text = re.sub(rf"(?<![0-9.]){person}(?![0-9.])", f"person-{number}", text)
    return masked(text)
