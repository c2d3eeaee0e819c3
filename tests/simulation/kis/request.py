"""One request on its way to the simulated KIS: a value that outlives the process that sent it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What left the process. `id` counts the world's requests, `process` the incarnations.

    `timeout` is the client's own time limit, in seconds from now.
    """

    id: int
    process: int
    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, str]
    timeout: float
