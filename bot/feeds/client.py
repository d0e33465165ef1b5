"""Asks one address once: over HTTP/2 where the server offers it, over HTTP/1.1 else, and where HTTP/2 fails."""

import logging
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import TypeVar

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from bot.feeds.addresses import Network
from bot.feeds.exchange import Answer
from bot.feeds.http2 import Http2Connection
from bot.feeds.http2_kept import KeptConnections, Origin
from bot.feeds.http2_stream import Http2Error, Http2Stream
from bot.feeds.learnt import Learnt
from bot.feeds.session import Http2Chosen, Offers, answer_of, open_session
from bot.feeds.unpacking import ACCEPT_ENCODING, UnpackError, unpacking

_T = TypeVar("_T")
_Read = Callable[[Answer], Awaitable[_T]]

_DAY = 86_400.0
_MOST_ORIGINS = 5_000
_MOST_HEADERS = 512
_STATUS = re.compile("[1-9][0-9]{2}")

logger = logging.getLogger(__name__)


class Client:
    """Asks over whatever protocol works. It is made in a running event loop, and has to be closed.

    What a host speaks costs no request to find out: the handshake of a connection tells. aiohttp makes all connections,
    so that one guard sees them; one whose handshake chose HTTP/2 is taken over before a byte of a request is sent.

    Args:
        user_agent: sent with every request.
        concurrency: connections over HTTP/1.1 at once, at most.
        networks: private networks that may be reached; None for no guard at all.
        proxy: URL of an HTTP proxy; HTTP/1.1 alone is spoken through it.
        trust: makes a TLS context that knows whose certificates are good.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        concurrency: int,
        networks: Sequence[Network] | None,
        proxy: str | None,
        trust: Callable[[], ssl.SSLContext],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._user_agent = user_agent
        self._proxy = proxy
        self._offers = Offers.made_with(trust)
        self._session = open_session(user_agent, concurrency, networks)
        self._kept = KeptConnections()
        self._speaks_http2: Learnt[Origin, bool] = Learnt(_MOST_ORIGINS, _DAY, clock)

    async def close(self) -> None:
        """End all connections; requests on their way fail."""
        await self._kept.close()
        await self._session.close()

    async def ask(self, url: str, headers: Mapping[str, str], read: _Read[_T]) -> _T:
        """What `read` makes of the answer to a GET; redirects are answers like others.

        `read` is called a second time, with another answer, where the first broke off because of HTTP/2.

        Raises:
            OSError, ValueError, aiohttp.ClientError: no answer, or a broken one (see `failures`).
        """
        origin = self._asked_over_http2(url)
        if origin is None:
            return await self._over_http1(url, headers, read, self._offers.http1)
        try:
            return await self._over_either(origin, url, headers, read)
        except (Http2Error, UnpackError, aiohttp.ClientConnectorSSLError) as error:
            logger.info("http/2 failed, http/1.1 for a day: host=%s reason=%s", origin[0], error)
            self._speaks_http2.remember(origin, False)
        return await self._over_http1(url, headers, read, self._offers.http1)

    def distrust(self, url: str) -> None:
        """No answer came in time: a host that speaks HTTP/2 is asked over HTTP/1.1 from now on, for a day."""
        origin = self._asked_over_http2(url)
        if origin is not None and self._speaks_http2.recall(origin):
            self._speaks_http2.remember(origin, False)

    async def post(self, url: str, fields: Mapping[str, str], read: _Read[_T]) -> _T:
        """The same for a form that is sent, over HTTP/1.1."""
        async with self._session.post(
            url, data=dict(fields), allow_redirects=False, proxy=self._proxy, ssl=self._offers.http1
        ) as response:
            return await read(answer_of(response))

    def _asked_over_http2(self, url: str) -> Origin | None:
        """The origin of an address that may be asked over HTTP/2, else None."""
        parts = URL(url)
        if self._proxy or parts.scheme != "https" or parts.raw_host is None:
            return None
        origin = parts.raw_host, parts.port or 443
        return None if self._speaks_http2.recall(origin) is False else origin

    async def _over_either(self, origin: Origin, url: str, headers: Mapping[str, str], read: _Read[_T]) -> _T:
        if kept := self._kept.usable(origin):
            with suppress(Http2Error):  # the server may have ended it while the request was on its way
                return await self._over_http2(kept, url, headers, read)
        is_known = self._speaks_http2.recall(origin) is True
        async with self._kept.turn(origin, is_shared=is_known):
            connection = self._kept.usable(origin)
            if connection is None:
                try:
                    return await self._over_http1(url, headers, read, self._offers.either)
                except Http2Chosen as chosen:
                    connection = self._kept.keep(origin, chosen.connection)
                    self._speaks_http2.remember(origin, True)
        return await self._over_http2(connection, url, headers, read)

    async def _over_http1(self, url: str, headers: Mapping[str, str], read: _Read[_T], offer: ssl.SSLContext) -> _T:
        async with self._session.get(
            url, headers=headers, allow_redirects=False, proxy=self._proxy, ssl=offer
        ) as response:
            return await read(answer_of(response))

    async def _over_http2(
        self, connection: Http2Connection, url: str, headers: Mapping[str, str], read: _Read[_T]
    ) -> _T:
        stream = connection.ask(_fields_of(url, {"User-Agent": self._user_agent, **headers}))
        try:
            return await read(await _answer_of(stream))
        finally:
            stream.close()


def _fields_of(url: str, headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """A GET as HTTP/2 writes it (RFC 9113, 8.3.1)."""
    parts = URL(url)
    request = [
        (":method", "GET"),
        (":scheme", parts.scheme),
        (":authority", parts.host_port_subcomponent or ""),
        (":path", parts.raw_path_qs),
        ("accept-encoding", ACCEPT_ENCODING),
    ]
    return request + [(name.lower(), value) for name, value in headers.items()]


async def _answer_of(stream: Http2Stream) -> Answer:
    fields = await stream.head()
    if len(fields) > _MOST_HEADERS:
        raise Http2Error("too many header fields")
    headers = CIMultiDict((name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in fields)
    status = headers.get(":status", "")
    if not _STATUS.fullmatch(status):
        raise Http2Error("the answer has no status")
    if int(status) == HTTPStatus.MISDIRECTED_REQUEST:
        raise Http2Error("the server wants another connection for this")
    more = unpacking(stream.more, headers.get("Content-Encoding", ""))
    return Answer(int(status), _reason(int(status)), headers, more)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
