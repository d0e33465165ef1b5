"""Pictures of the web for posts: fetched, read in a worker process, kept for a moment, never waited for long."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from bot.errors import FetchError, WorkerError
from bot.feeds.fetch import IMAGE_ACCEPT, HttpFetcher
from bot.pictures import Seen
from bot.workers import Workers, call

DOWNLOAD_SECONDS = 8.0
LOOK_SECONDS = 2.0
"""What is left for the look at a picture, at least, when its download took all of its time."""

READ_SECONDS = 5.0
MOST_BYTES = 20 * 2**20
KEPT_BYTES = 8 * 2**20
MOST_KEPT = 16
SLOW_HOST_SECONDS = 300.0
"""So long a host whose picture took all of its time is not asked again: many posts do not wait for it one by one."""

IDLE_SECONDS = 60.0
READER = "bot.picture_file"


@dataclass(frozen=True, slots=True)
class _Found:
    """A picture as it was found: its file and what it says, or why there is none and the server's status."""

    body: bytes = b""
    seen: Seen | None = None
    reason: str = ""
    status: int | None = None


class PictureSource:
    """Looks at pictures and fetches them (`ports.Pictures`). Use it as an async context manager.

    Its worker process starts with the first picture, and ends when none came for a minute; then no picture is kept.

    Args:
        fetcher: best one of its own, so that pictures do not wait for feeds.
        stays_ready: the worker starts at once and stays: a process takes a second to start, of which an article that is
            pushed has two.
        download_seconds: most for one download.
        clock: seconds that only go on.
    """

    def __init__(
        self,
        fetcher: HttpFetcher,
        *,
        stays_ready: bool = False,
        download_seconds: float = DOWNLOAD_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._stays_ready = stays_ready
        self._workers = Workers(time_limit=READ_SECONDS, preload=(READER,))
        self._download_seconds = download_seconds
        self._clock = clock
        self._kept: OrderedDict[str, _Found] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}
        self._slow_until: dict[str, float] = {}
        self._rest: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._stays_ready:
            self._warming = asyncio.create_task(self._warm_up(), name="pictures warm up")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in (self._rest, self._warming):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self._workers.rest()

    async def look(self, url: str) -> Seen:
        """Return what the picture's file says of itself."""
        return _seen(await self._found(url))

    async def file(self, url: str) -> bytes:
        """Return the picture as a JPEG that fits Telegram's limits for an upload."""
        found = await self._found(url)
        _seen(found)
        try:
            async with asyncio.timeout(READ_SECONDS):
                written: bytes = await self._read("as_jpeg", found.body)
        except TimeoutError as error:
            raise FetchError("the worker that reads pictures is too busy") from error
        return written

    async def _found(self, url: str) -> _Found:
        """One download for all who ask at the same time or soon after."""
        lock = self._locks.setdefault(url, asyncio.Lock())
        async with lock:
            found = self._kept.pop(url, None) or await self._fetched(url)
            self._keep(url, found)
        self._locks.pop(url, None)
        return found

    async def _fetched(self, url: str) -> _Found:
        begun = self._clock()
        try:
            async with asyncio.timeout(self._download_seconds + LOOK_SECONDS):
                body = await self._download(url)
                return _Found(body, await self._read("see", body))
        except TimeoutError:
            return _Found(reason="it takes too long to read")
        except WorkerError as error:
            return _Found(reason=str(error))
        except FetchError as error:
            if self._clock() - begun >= self._download_seconds:
                self._slow_until[_host(url)] = self._clock() + SLOW_HOST_SECONDS
            return _Found(reason=str(error), status=error.status)

    async def _download(self, url: str) -> bytes:
        seconds, now = self._download_seconds, self._clock()
        self._slow_until = {host: until for host, until in self._slow_until.items() if until > now}
        if _host(url) in self._slow_until:
            raise FetchError(f"{_host(url)} was too slow a moment ago")
        try:
            async with asyncio.timeout(seconds):
                answer = await self._fetcher.fetch(url, accept=IMAGE_ACCEPT, limit=MOST_BYTES, timeout=seconds)
        except TimeoutError as error:
            raise FetchError(f"no whole picture within {seconds:g} s") from error
        return answer.body

    async def _read(self, name: str, body: bytes) -> Any:
        if self._rest is not None:
            self._rest.cancel()
        try:
            return await self._workers.run(call, READER, name, body)
        finally:
            self._rest = asyncio.create_task(self._rest_later(), name="pictures rest")

    async def _warm_up(self) -> None:
        with suppress(WorkerError):  # whoever needs a picture will see it
            await self._workers.run(len, b"")

    async def _rest_later(self) -> None:
        await asyncio.sleep(IDLE_SECONDS)
        self._kept.clear()
        if not self._stays_ready:
            await self._workers.rest()

    def _keep(self, url: str, found: _Found) -> None:
        self._kept[url] = found
        while len(self._kept) > MOST_KEPT or sum(len(kept.body) for kept in self._kept.values()) > KEPT_BYTES:
            self._kept.popitem(last=False)


def _seen(found: _Found) -> Seen:
    if found.seen is None:
        raise FetchError(found.reason, status=found.status)
    return found.seen


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
