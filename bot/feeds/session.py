"""The HTTP library as we want it: guarded, without cookies, within limits (aiohttp)."""

from collections.abc import Sequence

import aiohttp

from bot.feeds.addresses import Network, guarded_sockets
from bot.feeds.resolver import ThreadResolver

_CONNECT_TIMEOUT = 10.0
_KEEP_ALIVE = 15.0
_LONGEST_LINE, _LONGEST_FIELD, _MOST_HEADERS = 16_384, 65_536, 512  # as browsers: some policies fill 8 kB and more


def open_session(user_agent: str, concurrency: int, networks: Sequence[Network] | None) -> aiohttp.ClientSession:
    """A session that connects to public addresses only, and to those of `networks`; None for no guard at all."""
    connector = aiohttp.TCPConnector(
        limit=concurrency,
        keepalive_timeout=_KEEP_ALIVE,
        ttl_dns_cache=60,
        socket_factory=None if networks is None else guarded_sockets(networks),
        resolver=ThreadResolver(),
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_TIMEOUT),
        raise_for_status=False,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_FIELD,
        max_headers=_MOST_HEADERS,
    )
