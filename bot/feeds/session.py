"""HTTP/1.1 as we want it: guarded, without cookies, within limits; it also finds out who speaks HTTP/2 (aiohttp)."""

import functools
import ssl
from asyncio import BaseTransport
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import aiohttp
from aiohttp.client_proto import ResponseHandler

from bot.feeds.addresses import Network, guarded_sockets
from bot.feeds.exchange import Answer
from bot.feeds.http2 import Http2Connection
from bot.feeds.http2_stream import Http2Error
from bot.feeds.resolver import ThreadResolver
from bot.feeds.unpacking import ACCEPT_ENCODING

_CONNECT_TIMEOUT = 10.0
_KEEP_ALIVE = 15.0
_LONGEST_LINE, _LONGEST_FIELD, _MOST_HEADERS = 16_384, 65_536, 512  # as browsers: some policies fill 8 kB and more


class Http2Chosen(Exception):  # noqa: N818 - no failure: the request takes the other way
    """The server chose HTTP/2; nothing was asked yet."""

    def __init__(self, connection: Http2Connection) -> None:
        super().__init__()
        self.connection = connection


@dataclass(frozen=True, slots=True)
class Offers:
    """What a TLS handshake offers to speak.

    Attributes:
        http1: HTTP/1.1 alone.
        either: HTTP/2 or HTTP/1.1, as the server likes.
    """

    http1: ssl.SSLContext
    either: ssl.SSLContext

    @classmethod
    @functools.lru_cache(maxsize=2)  # the system's authorities take a megabyte a context, and fetchers can share them
    def made_with(cls, trust: Callable[[], ssl.SSLContext]) -> Self:
        """Offers to servers whose certificates these contexts verify; the same for all who trust in the same way."""
        made = cls(trust(), trust())
        made.http1.set_alpn_protocols(["http/1.1"])
        made.either.set_alpn_protocols(["h2", "http/1.1"])
        return made


def open_session(user_agent: str, concurrency: int, networks: Sequence[Network] | None) -> aiohttp.ClientSession:
    """A session that connects to public addresses only, and to those of `networks`; None for no guard at all.

    Where its request offers HTTP/2 and the server chooses it, `Http2Chosen` is raised.
    """
    connector = _Connector(
        limit=concurrency,
        keepalive_timeout=_KEEP_ALIVE,
        ttl_dns_cache=60,
        socket_factory=None if networks is None else guarded_sockets(networks),
        resolver=ThreadResolver(),
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent, "Accept-Encoding": ACCEPT_ENCODING},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_TIMEOUT),
        raise_for_status=False,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_FIELD,
        max_headers=_MOST_HEADERS,
    )


def answer_of(response: aiohttp.ClientResponse) -> Answer:
    """The library's response as ours."""
    return Answer(response.status, response.reason or "", response.headers, response.content.readany)


class _Connector(aiohttp.TCPConnector):
    """Connects as ever; a connection whose handshake chose HTTP/2 is handed over instead of used."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._factory = functools.partial(_Chooser, loop=self._loop)  # type: ignore[assignment]  # makes what it should

    async def _create_connection(self, *arguments: Any, **options: Any) -> ResponseHandler:
        made = await super()._create_connection(*arguments, **options)
        if isinstance(made, _Chooser) and made.chosen:
            raise Http2Chosen(made.chosen)
        if made.transport is not None and _has_chosen_http2(made.transport):
            made.close()
            raise Http2Error("the HTTP library made the connection in a way we do not know")
        return made


class _Chooser(ResponseHandler):
    """Gives its place to HTTP/2 as soon as the handshake is over: the server's first words may come with its end."""

    chosen: Http2Connection | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        if not _has_chosen_http2(transport):
            super().connection_made(transport)
            return
        self.chosen = Http2Connection()
        transport.set_protocol(self.chosen)
        self.chosen.connection_made(transport)


def _has_chosen_http2(transport: BaseTransport) -> bool:
    tls = transport.get_extra_info("ssl_object")
    return tls is not None and tls.selected_alpn_protocol() == "h2"
