"""A small OpenAI-compatible server on loopback, in the test's own event loop; a test says what it answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

HANGS = "hangs"


@dataclass
class ModelServer:
    """Chat completions at /v1; `answer` gets what was asked and returns words, a response, or HANGS for none at all.

    Nothing is answered before `gathers` questions have stood open at once.
    """

    answer: Callable[[dict[str, Any]], str | web.Response] = lambda _asked: "Fine."
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    gathers: int = 1
    at_once: int = 0
    most_at_once: int = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._over, self._gathered = asyncio.Event(), asyncio.Event()
        self._server = TestServer(app, host="127.0.0.1")
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._server.close()

    @property
    def url(self) -> str:
        return str(self._server.make_url("/v1"))

    async def _complete(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked)
        self.keys.append(request.headers.get("Authorization", ""))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.at_once >= self.gathers:
            self._gathered.set()
        try:
            await self._gathered.wait()
            answer = self.answer(asked)
            if answer == HANGS:
                await self._over.wait()
        finally:
            self.at_once -= 1
        return completion(answer) if isinstance(answer, str) else answer


def completion(words: object, reason: str = "stop") -> web.Response:
    """The answer of a server that is well."""
    choice = {"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": reason}
    return web.json_response({"object": "chat.completion", "choices": [choice]})


def failure(status: int, said: str = "", **headers: str) -> web.Response:
    """The answer of a server that is not."""
    return web.json_response({"error": {"message": said}}, status=status, headers=headers)
