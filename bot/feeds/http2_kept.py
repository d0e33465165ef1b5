"""The HTTP/2 connections that are open, one a host to be shared."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.feeds.http2 import Http2Connection

Origin = tuple[str, int]  # host and port


class KeptConnections:
    """Holds connections until they are gone; each closes itself when it was idle for long enough."""

    def __init__(self) -> None:
        self._by_origin: dict[Origin, Http2Connection] = {}
        self._all: set[Http2Connection] = set()
        self._turns: WeakValueDictionary[Origin, asyncio.Lock] = WeakValueDictionary()

    def usable(self, origin: Origin) -> Http2Connection | None:
        """A connection that can take one more request."""
        kept = self._by_origin.get(origin)
        return kept if kept is not None and kept.is_usable else None

    def keep(self, origin: Origin, connection: Http2Connection) -> Http2Connection:
        """The connection to use after a handshake: this one, or the one that another request made meanwhile."""
        self._all.add(connection)
        connection.gone.add_done_callback(lambda _: self._forget(origin, connection))
        if earlier := self.usable(origin):
            connection.close()
            return earlier
        self._by_origin[origin] = connection
        return connection

    @asynccontextmanager
    async def turn(self, origin: Origin, *, is_shared: bool) -> AsyncIterator[None]:
        """Where connections are shared, one is made at a time: who comes second waits for it."""
        if not is_shared:
            yield
            return
        lock = self._turns.setdefault(origin, asyncio.Lock())
        async with lock:
            yield

    async def close(self) -> None:
        """End them all; requests on their way fail."""
        ending = [connection.gone for connection in self._all]
        for connection in list(self._all):
            connection.close()
        await asyncio.gather(*ending)

    def _forget(self, origin: Origin, connection: Http2Connection) -> None:
        self._all.discard(connection)
        if self._by_origin.get(origin) is connection:
            del self._by_origin[origin]
