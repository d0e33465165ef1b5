"""Unpacks bodies step by step, so that a bomb never unfolds further than its reader wants (RFC 9110, 8.4).

aiohttp does this for HTTP/1.1 itself; here it is done for what comes over HTTP/2.
"""

import sys
import zlib
from collections.abc import Awaitable, Callable
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_STEP = 65_536  # bytes that one step unpacks, about
_WIDEST_ZSTD = 23  # 8 MiB: no more may a content coding ask for (RFC 9659)


class UnpackError(Exception):
    """The body is not what its Content-Encoding says."""


class _Unpacker(Protocol):
    """Takes packed bytes, gives unpacked ones.

    Attributes:
        is_hungry: whether all that can be unpacked of what was fed was given.
        is_complete: whether the packed bytes may end here.
    """

    is_hungry: bool
    is_complete: bool

    def step(self, packed: bytes) -> bytes: ...


class _Zlib:
    """gzip of any number of members, and deflate with or without the header that it should have."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._window = zlib.MAX_WBITS + 16 if is_gzip else zlib.MAX_WBITS
        self._is_gzip = is_gzip
        self._inner = zlib.decompressobj(self._window)
        self._rest = b""
        self._is_begun = False
        self.is_hungry = self.is_complete = True

    def step(self, packed: bytes) -> bytes:
        if packed and not self._is_begun:
            self._begin(packed[0])
        if self._inner.eof:
            self._inner = zlib.decompressobj(self._window)
        unpacked = self._inner.decompress(self._rest + packed, _STEP)
        self._rest = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
        self.is_complete = self._inner.eof
        self.is_hungry = not self._rest and (self._inner.eof or len(unpacked) < _STEP)
        return unpacked

    def _begin(self, first: int) -> None:
        self._is_begun = True
        if not self._is_gzip and first & 0x0F != 8:  # noqa: PLR2004 - RFC 1950: the method of every zlib header
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self.is_hungry = self.is_complete = True

    def step(self, packed: bytes) -> bytes:
        unpacked: bytes = self._inner.process(packed, output_buffer_limit=_STEP)
        self.is_complete = self._inner.is_finished()
        self.is_hungry = self.is_complete or not unpacked  # it takes more while it still holds some back
        return unpacked


class _Zstandard:
    """Any number of frames."""

    def __init__(self) -> None:
        self._inner = self._anew()
        self._rest = b""
        self.is_hungry = self.is_complete = True

    def step(self, packed: bytes) -> bytes:
        if self._inner.eof:
            self._inner = self._anew()
        unpacked = self._inner.decompress(self._rest + packed, _STEP)
        self._rest = self._inner.unused_data
        self.is_complete = self._inner.eof
        self.is_hungry = not self._rest and (self._inner.eof or self._inner.needs_input)
        return unpacked

    @staticmethod
    def _anew() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WIDEST_ZSTD})


def unpacking(more: Callable[[], Awaitable[bytes]], coding: str) -> Callable[[], Awaitable[bytes]]:
    """The same body without its content coding; as it came where that is none we asked for, as aiohttp does.

    Args:
        more: the next packed bytes, b'' at the end.
        coding: the header Content-Encoding.
    """
    unpacker = _unpacker(coding.strip().lower())
    return more if unpacker is None else _Unpacked(more, unpacker).more


def _unpacker(coding: str) -> _Unpacker | None:
    if coding in {"gzip", "deflate"}:
        return _Zlib(is_gzip=coding == "gzip")
    if coding == "br":
        return _Brotli()
    return _Zstandard() if coding == "zstd" else None


class _Unpacked:
    def __init__(self, more: Callable[[], Awaitable[bytes]], unpacker: _Unpacker) -> None:
        self._more = more
        self._unpacker = unpacker

    async def more(self) -> bytes:
        """The next unpacked bytes, b'' at the end.

        Raises:
            UnpackError: the packed ones are damaged or cut short.
        """
        while True:
            packed = await self._more() if self._unpacker.is_hungry else b""
            if not packed and self._unpacker.is_hungry:
                if not self._unpacker.is_complete:
                    raise UnpackError("the packed body is cut short")
                return b""
            if unpacked := self._step(packed):
                return unpacked

    def _step(self, packed: bytes) -> bytes:
        try:
            return self._unpacker.step(packed)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise UnpackError("the body cannot be unpacked") from error
