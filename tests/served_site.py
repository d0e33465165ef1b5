"""A small web site on loopback."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.feeds.fetch import HttpFetcher


@dataclass
class Site:
    """Its address without the last '/', a fetcher that may reach it, and the paths that were asked for.

    While `cut` is set, bodies end after so many characters, under the ETag of the whole.
    """

    base: str
    fetcher: HttpFetcher
    asked: list[str] = field(default_factory=list)
    cut: int | None = None


@asynccontextmanager
async def served_site(pages: Mapping[str, str]) -> AsyncIterator[Site]:
    """A site with these pages, all of them said to be HTML; 404 for any other."""

    async def handle(request: web.Request) -> web.Response:
        site.asked.append(request.path)
        if request.path not in pages:
            return web.Response(status=404)
        text = pages[request.path]
        headers = {"ETag": f'"{hash(text)}"'}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(text=text[: site.cut], content_type="text/html", headers=headers)

    application = web.Application()
    application.router.add_get("/{path:.*}", handle)
    async with TestServer(application) as server:
        networks, ports = (ip_network("127.0.0.0/8"),), (server.port,)
        async with HttpFetcher(user_agent="Tidings", allowed_networks=networks, allowed_ports=ports) as fetcher:
            site = Site(str(server.make_url("")).rstrip("/"), fetcher)
            yield site
