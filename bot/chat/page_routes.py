"""The page itself: its own files, nothing from elsewhere."""

from pathlib import Path

from aiohttp import web

PAGE = Path(__file__).parent / "page"
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def add_page(app: web.Application) -> None:
    """Serve index.html at / and its neighbours under /page/."""
    app.router.add_get("/", _index)
    app.router.add_get("/favicon.ico", _icon)
    app.router.add_get("/page/{name}", _part)


async def _index(_request: web.Request) -> web.Response:
    return _file("index.html")


async def _icon(_request: web.Request) -> web.Response:
    return _file("icon.svg")


async def _part(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in {path.name for path in PAGE.iterdir()}:
        raise web.HTTPNotFound(text="no such file")
    return _file(name)


def _file(name: str) -> web.Response:
    path = PAGE / name
    kind = TYPES.get(path.suffix[1:], "application/octet-stream")
    return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8")
