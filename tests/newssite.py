"""A feed server on loopback, in the test's own event loop: feeds whose entries a test adds, and their pages."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from email.utils import formatdate
from html import escape
from typing import Self

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Item:
    """One entry; `raw` is its whole XML, where a test wants to write it itself."""

    number: int
    title: str
    description: str
    published: float
    raw: str = ""


@dataclass
class Site:
    """Feeds at /feed/<name>, pages at /a/<number>; `status` makes a feed answer with that code."""

    feeds: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[str, str] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[float, str, int]] = field(default_factory=list)
    count: int = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/feed/{name}", self._feed)
        app.router.add_get("/{path:.*}", self._page)
        self._server = TestServer(app, host="127.0.0.1")
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    def url(self, path: str) -> str:
        return str(self._server.make_url(path))

    def publish(self, name: str = "a", count: int = 1, **facts: str) -> list[int]:
        """Add entries to a feed, newest first as feeds have them; return their numbers."""
        numbers = []
        for _ in range(count):
            self.count += 1
            title = facts.get("title") or f"Town council approves budget number {self.count}"
            description = facts.get("description") or (
                f"The town council approved budget number {self.count} on Tuesday after a long debate about the library"
                " and its opening hours. The mayor said that the vote had been closer than anybody expected. Work on"
                " the new roof of the market hall will begin in the spring of next year, the council decided."
            )
            self.feeds[name].insert(0, Item(self.count, title, description, time.time(), facts.get("raw", "")))
            numbers.append(self.count)
        return numbers

    def _entry(self, item: Item) -> str:
        return item.raw or (
            f"<item><title>{escape(item.title)}</title><link>{self.url(f'/a/{item.number}')}</link>"
            f"<guid isPermaLink='false'>guid-{item.number}</guid>"
            f"<pubDate>{formatdate(item.published, usegmt=True)}</pubDate>"
            f"<description>{escape(item.description)}</description></item>"
        )

    async def _feed(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name in self.status:
            self.requests.append((time.time(), name, self.status[name]))
            return web.Response(status=self.status[name])
        items = "".join(map(self._entry, self.feeds[name]))
        body = (
            self.bodies.get(name)
            or (
                f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Town Herald {name}</title>"
                f"<link>{self.url('/')}</link><description>News</description>{items}</channel></rss>"
            ).encode()
        )
        etag = f'"{hash(body)}"'
        code = 304 if request.headers.get("If-None-Match") == etag else 200
        self.requests.append((time.time(), name, code))
        if code == 304:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": etag})

    async def _page(self, request: web.Request) -> web.Response:
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        return web.Response(text=page, content_type="text/html")
