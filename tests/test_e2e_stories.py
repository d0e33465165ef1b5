"""The real program reads the labelled pairs from two feeds: what tells one story stands in the channel once."""

import asyncio
import time
import tomllib
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from program import Program

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig


class Papers:
    """Two newspapers, each with a feed; the newest article stands first in it."""

    def __init__(self) -> None:
        self.articles: dict[str, list[tuple[str, str]]] = {"one": [], "other": []}
        self.asked: list[str] = []

    async def feed(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.asked.append(name)
        items = "".join(
            f"<item><guid isPermaLink='false'>{name} {number}</guid><title>{escape(title)}</title>"
            f"<link>{request.url.with_path(f'/{name}/{number}')}</link><description>{escape(text)}</description></item>"
            for number, (title, text) in reversed(list(enumerate(self.articles[name])))
        )
        rss = f"<rss version='2.0'><channel><title>The {name} paper</title>{items}</channel></rss>"
        return web.Response(text=rss, content_type="application/rss+xml")


async def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


async def test_each_story_of_two_papers_is_posted_once_and_different_ones_each(tmp_path: Path) -> None:
    pairs = tomllib.loads((Path(__file__).parent / "story_pairs.toml").read_text("utf-8"))["pair"]
    retold = sum(pair["same"] for pair in pairs)
    first = {tuple(pair["one"]) for pair in pairs if pair["same"]}
    papers, application = Papers(), web.Application()
    application.router.add_get("/{name}", papers.feed)
    async with World(limits=False) as world, TestServer(application) as server:
        channel = await world.channel("@news")
        feeds = " ".join(str(server.make_url(f"/{name}")) for name in papers.articles)
        async with Program(tmp_path, world, feeds, GLOBAL_RATE=1000, CHAT_RATE=100_000) as program:
            await until(lambda: papers.asked.count("one") > 1 and papers.asked.count("other") > 1)
            for name in papers.articles:
                papers.articles[name] += [tuple(pair[name]) for pair in pairs]
                await until(lambda: f"announced={len(pairs)}" in program.logged().split("feed polled")[-1])
                program.log.write_text("")
            expected = 2 * len(pairs) - retold
            async with asyncio.timeout(60):
                posts = await world.posts(channel)
                while len(posts) < expected or named(posts) < len(first):
                    await asyncio.sleep(0.2)
                    posts = await world.posts(channel)
        assert len(posts) == expected


def named(posts: list[object]) -> int:
    """How many posts name the other paper, too."""
    return sum("also: The other paper" in post.text for post in posts)
