"""A picture server on loopback, and pictures of every kind made on the spot."""

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Self

from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def picture(kind: str, width: int = 640, height: int = 360, *, mode: str = "RGB", **options: object) -> bytes:
    """A file of this kind with some structure in it."""
    written = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(written, kind, **options)
    return written.getvalue()


def moving_picture(width: int = 400, height: int = 300) -> bytes:
    """An animated GIF of three pictures."""
    frames = [Image.new("RGB", (width, height), colour) for colour in ("red", "green", "blue")]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:], duration=100, loop=0)
    return written.getvalue()


def size_of(body: bytes) -> tuple[str | None, int, int]:
    with Image.open(BytesIO(body)) as image:
        image.load()
        return image.format, image.width, image.height


class Gallery:
    """Pictures at the paths of `answers`; who asked for what is kept in `asked` as path and User-Agent.

    An answer is a file, a status, an address to redirect to, or a function.
    """

    def __init__(self, answers: dict[str, bytes | int | str | Answer], *, host: str = "127.0.0.1", port: int = 0):
        self._answers = answers
        self._host, self._port = host, port
        self.asked: list[tuple[str, str]] = []

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._server = TestServer(app, host=self._host, port=self._port or None)
        await self._server.start_server()
        self.port = self._server.port
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    def url(self, path: str) -> str:
        return f"http://{self._host}:{self.port}{path}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("User-Agent", "")))
        answer = self._answers.get(request.path, 404)
        if isinstance(answer, int):
            return web.Response(status=answer)
        if isinstance(answer, str):
            return web.Response(status=302, headers={"Location": answer})
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="image/jpeg")
        return await answer(request)


def only_for(agent: str, body: bytes) -> Answer:
    """A file for those whose User-Agent begins like this; 403 for all others."""

    async def answer(request: web.Request) -> web.StreamResponse:
        is_wanted = request.headers.get("User-Agent", "").startswith(agent)
        return web.Response(body=body, content_type="image/png") if is_wanted else web.Response(status=403)

    return answer


async def never(_request: web.Request) -> web.StreamResponse:
    """No answer for longer than anybody waits."""
    await asyncio.sleep(3600)
    raise web.HTTPGone
