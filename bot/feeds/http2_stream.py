"""One request on an HTTP/2 connection, as its reader sees it: the head, then the body piece by piece."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

Fields = Sequence[tuple[bytes, bytes]]


class Http2Error(Exception):
    """HTTP/2 did not bring an answer; the same request over HTTP/1.1 may."""


class Http2Stream:
    """Filled by its connection, read by one reader, who closes it in any case.

    Args:
        number: of the stream.
        on_read: told the stream and how many bytes of its window are free again.
        on_close: told the stream when nobody reads it any more.
    """

    def __init__(
        self, number: int, *, on_read: Callable[[int, int], None], on_close: Callable[["Http2Stream"], None]
    ) -> None:
        self.number = number
        self.is_ended = False
        self._on_read = on_read
        self._on_close = on_close
        self._fields: Fields | None = None
        self._pieces: deque[tuple[bytes, int]] = deque()
        self._failure: str | None = None
        self._news = asyncio.Event()

    async def head(self) -> Fields:
        """The header fields, pseudo-headers included.

        Raises:
            Http2Error: the stream or its connection failed.
        """
        while self._fields is None:
            await self._wait()
        return self._fields

    async def more(self) -> bytes:
        """The next bytes of the body as they came, b'' at its end.

        Raises:
            Http2Error: the stream or its connection failed.
        """
        while not self._pieces:
            if self.is_ended:
                return b""
            await self._wait()
        piece, size = self._pieces.popleft()
        self._on_read(self.number, size)
        return piece

    def close(self) -> None:
        """Nobody reads any further. What nobody read gives its room back, or the connection would run dry."""
        while self._pieces:
            self._on_read(self.number, self._pieces.popleft()[1])
        self._on_close(self)

    def take_head(self, fields: Fields) -> None:
        """The server's header fields have come."""
        self._fields = fields
        self._news.set()

    def take_piece(self, piece: bytes, size: int) -> None:
        """A piece of the body has come that took so many bytes of the window."""
        if piece:
            self._pieces.append((piece, size))
            self._news.set()
        elif size:  # padding alone
            self._on_read(self.number, size)

    def end(self) -> None:
        """The answer is whole."""
        self.is_ended = True
        self._news.set()

    def fail(self, reason: str) -> None:
        """Nothing more will come."""
        if not self.is_ended:
            self._failure = self._failure or reason
            self._news.set()

    async def _wait(self) -> None:
        if self._failure is not None:
            raise Http2Error(self._failure)
        self._news.clear()
        await self._news.wait()
