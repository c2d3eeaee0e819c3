"""Bodies that come out wrong on purpose: blank, padded, missing, wordy and unexpected fields."""

import copy
from collections.abc import Callable, Iterator, Mapping

from aiohttp import web

from kis.simulator.desks.protocol import Json
from kis.simulator.desks.replies import kis_reply
from kis.simulator.faults import Fault, Faults

PAGE_OF_HTML = "<html><body><h1>서비스 점검 중입니다.</h1></body></html>"
Place = tuple[dict[str, object], str]


def mangled(body: Json, faults: Faults, fields: Mapping[str, str]) -> Json:
    """Give a body as the faults in waiting leave it; the one handed in stays as it is."""
    for name, change in CHANGES.items():
        if fault := faults.take(name, fields):
            body = copy.deepcopy(body)
            change(body, fault)
    return body


def spoiled(response: web.Response, faults: Faults, fields: Mapping[str, str]) -> web.Response:
    """Give an answer as the faults that concern HTTP rather than fields leave it."""
    if faults.take("html_instead_of_json", fields):
        return web.Response(text=PAGE_OF_HTML, content_type="text/html", charset="utf-8")
    if faults.take("truncated_json", fields):
        text = response.text or ""
        return web.Response(
            text=text[: len(text) * 2 // 3], headers=_own(response), content_type="application/json"
        )
    if faults.take("wrong_content_type", fields):
        return web.Response(text=response.text, headers=_own(response), content_type="text/html")
    if faults.take("response_header_missing", fields):
        return web.Response(text=response.text, content_type="application/json", charset="utf-8")
    return response


def reply(
    request: web.Request,
    body: Json,
    faults: Faults,
    fields: Mapping[str, str],
    tr_cont: str = "",
) -> web.Response:
    """Answer a call that was carried out, through every fault that may spoil its answer."""
    whole = kis_reply(request, mangled(body, faults, fields), tr_cont=tr_cont)
    return spoiled(whole, faults, fields)


def _own(response: web.Response) -> dict[str, str]:
    return {name: response.headers[name] for name in ("tr_id", "tr_cont", "gt_uid")}


def _places(body: Json) -> Iterator[Place]:
    """Give every text of the payload with the object that it stands in.

    The envelope (rt_cd, msg_cd, msg1) and the keys of a page stand in none.
    """
    for value in body.values():
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            if isinstance(row, dict):
                yield from ((row, key) for key, text in row.items() if isinstance(text, str))


def _chosen(body: Json, fault: Fault, wanted: Callable[[str], bool]) -> list[Place]:
    """Give the places of the fault's field, or one by its seed among those wanted."""
    places = list(_places(body))
    if fault.field:
        return [place for place in places if place[1] == fault.field]
    fitting = [place for place in places if wanted(str(place[0][place[1]]))]
    return [fault.rng.choice(fitting)] if fitting else []


def _blank(body: Json, fault: Fault) -> None:
    for row, name in list(_places(body)):
        if fault.field in {"", name}:
            row[name] = ""


def _pad(body: Json, fault: Fault) -> None:
    for row, name in list(_places(body)):
        if fault.field in {"", name}:
            row[name] = f"  {row[name]}   "


def _drop(body: Json, fault: Fault) -> None:
    for row, name in _chosen(body, fault, lambda _: True):
        del row[name]


def _word(body: Json, fault: Fault) -> None:
    for row, name in _chosen(body, fault, _is_number):
        row[name] = "N/A"


def _add(body: Json, _: Fault) -> None:
    for row in {id(row): row for row, _name in _places(body)}.values():
        row["unlisted_amt"] = "1234.50"
        row["unlisted_list"] = [{"unlisted_yn": "Y"}]
    body["output9"] = [{"unlisted_yn": "Y"}]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


CHANGES: dict[str, Callable[[Json, Fault], None]] = {
    "blank_fields": _blank,
    "missing_field": _drop,
    "padded_fields": _pad,
    "non_numeric_field": _word,
    "unexpected_fields": _add,
}
