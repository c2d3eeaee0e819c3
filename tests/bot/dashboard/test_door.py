"""Who gets to the dashboard's pages: by a name of ours, from our own pages, with a session."""

import json

import pytest

from bot.dashboard.doorkeeper import COOKIE, REMEMBERED
from bot.storage.people import Role
from tests.bot.control.office import FRIEND, OWNER, Office
from tests.bot.dashboard.web import HOST, ORIGIN, Web

PAGE = "text/html"


def with_session(session: str) -> str:
    return f"other=1; {COOKIE}={session}"


async def came_in(door: Web, office: Office, user_id: int = OWNER) -> str:
    body = json.dumps({"key": await office.key(user_id)}).encode()
    answer = await door.post("/login", body)
    assert answer.status == 204
    return answer.cookie


async def test_a_key_becomes_a_cookie_that_no_script_reads_and_no_other_site_sends(
    door: Web, office: Office
) -> None:
    body = json.dumps({"key": await office.key()}).encode()
    answer = await door.post("/login", body)
    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    assert "path=/" in told
    assert (await door.post("/login", body)).status == 403, "a key opens once"
    page = await door.get("/today-s-data", cookie=with_session(answer.cookie))
    assert (page.status, page.body) == (200, b"a page")


@pytest.mark.parametrize(
    "session",
    ["", "f" * 32, "'; DROP TABLE panel_session; --", r'"\012X: y"', r'"\377"', "f" * 200],
)
async def test_without_a_session_there_is_a_login_page_and_nothing_else(
    door: Web, session: str
) -> None:
    cookie = with_session(session)
    page = await door.get("/controls", cookie=cookie, accept=PAGE)
    assert page.status == 401
    assert "/panel" in page.body.decode()
    assert (await door.get("/media/picture.png", cookie=cookie)).status == 401
    assert (await door.post("/_stcore/upload_file", b"{}", cookie=cookie)).status == 401
    assert (await door.connect(origin=ORIGIN, cookie=cookie)).status == 1008
    assert door.reached == []


async def test_only_names_of_ours_are_answered(door: Web, office: Office) -> None:
    cookie = with_session(await came_in(door, office))
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:8501", "", "[", "a b"):
        answer = await door.get("/", host=host, cookie=cookie)
        assert (answer.status, host) == (421, host)
    assert (await door.get("/", host="localhost:8501", cookie=cookie)).status == 200


async def test_another_sites_page_writes_nothing_and_opens_no_stream(
    door: Web, office: Office
) -> None:
    cookie = with_session(await came_in(door, office))
    body = json.dumps({"key": await office.key()}).encode()
    strange = ("http://evil.example", "null", f"{ORIGIN}.evil.example", "http://localhost:1")
    for origin in (*strange, "http://[", ""):
        assert (await door.post("/login", body, origin=origin)).status == 403
        assert (await door.connect(origin=origin, cookie=cookie)).status == 1008
        assert (await door.get("/", origin=origin, cookie=cookie)).status == 403
    assert (await door.connect(cookie=cookie)).status == 1008, "a browser names its origin"
    assert door.reached == []
    assert (await door.connect(origin=ORIGIN, cookie=cookie)).status == 101


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"key=0123", "application/x-www-form-urlencoded"),
        (b'{"key": "0123"}', "text/plain"),
        (b'{"key": 7}', "application/json"),
        (b'["key"]', "application/json"),
        (b"{", "application/json"),
        (b'{"key": "' + b"0" * 5000 + b'"}', "application/json"),
        (b'{"key": "\\ud800"}', "application/json"),
        (b"[" * 1024, "application/json"),
    ],
)
async def test_a_login_that_is_none_is_told_so(door: Web, body: bytes, kind: str) -> None:
    answer = await door.post("/login", body, content_type=kind)
    assert answer.status == 400
    assert "링크" in json.loads(answer.body)["korean"]
    assert answer.cookie == ""


async def test_five_wrong_keys_shut_the_door_for_a_minute(door: Web, office: Office) -> None:
    wrong = json.dumps({"key": "0" * 32}).encode()
    assert [(await door.post("/login", wrong)).status for _ in range(5)] == [403] * 5
    right = json.dumps({"key": await office.key()}).encode()
    assert (await door.post("/login", right)).status == 429


async def test_who_leaves_is_out_at_once(door: Web, office: Office) -> None:
    session = await came_in(door, office)
    cookie = with_session(session)
    assert (await door.get("/session", cookie=cookie)).status == 204
    left = await door.get("/leave", cookie=cookie)
    assert left.status == 303
    assert left.cookie == ""
    assert (await door.get("/session", cookie=cookie)).status == 401


async def test_who_is_let_out_by_the_owner_is_out_within_two_seconds(
    door: Web, office: Office
) -> None:
    await office.let_in(FRIEND, Role.VIEWER)
    cookie = with_session(await came_in(door, office, FRIEND))
    assert (await door.get("/", cookie=cookie)).status == 200
    office.people.shut_out(FRIEND)
    office.wall.at += REMEMBERED
    assert (await door.get("/", cookie=cookie)).status == 401


async def test_the_other_language_is_kept_and_leads_only_to_pages_of_ours(
    door: Web, office: Office
) -> None:
    cookie = with_session(await came_in(door, office))
    answer = await door.get("/language/en", cookie=cookie)
    assert answer.headers["location"] == "/"
    assert "muhan_language=en" in answer.headers["set-cookie"]
    assert "set-cookie" not in (await door.get("/language/xx", cookie=cookie)).headers


async def test_every_answer_forbids_frames_and_tells_no_address_on(
    door: Web, office: Office
) -> None:
    cookie = with_session(await came_in(door, office))
    for answer in (
        await door.get("/", cookie=cookie),
        await door.get("/login"),
        await door.get("/", host="evil.example"),
    ):
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_only_the_login_pages_own_script_runs_on_it(door: Web) -> None:
    first, second = await door.get("/login"), await door.get("/login")
    policy = first.headers["content-security-policy"]
    assert policy != second.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert HOST not in first.body.decode()
