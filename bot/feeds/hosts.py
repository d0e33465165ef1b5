"""Good manners towards hosts: few requests at once, and none while a host asked to be left alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.errors import FetchError, FetchForbidden, FetchTooLarge

_AT_ONCE = 2
_DEAD_AFTER = 2  # requests in a row that met with no answer
_FORGET_ABOVE = 10_000  # hosts; beyond, those whose time is over are dropped
_LONGEST_CLOSED = 86_400.0


@dataclass(slots=True)
class _Lane:
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    users: int = 0
    unanswered: int = 0


class Hosts:
    """Counts the requests to each host and overall, and remembers which host is closed until when.

    Args:
        concurrency: requests at once, at most.
        clock: seconds that only go forward.
        pause: seconds for which a host is closed that has had too many requests and does not say how long to wait;
            doubled each time until it gives an answer.
    """

    def __init__(self, concurrency: int, clock: Callable[[], float], *, pause: float = 3_600.0) -> None:
        self._pause = pause
        self._refusals: dict[str, int] = {}
        self._overall = asyncio.Semaphore(concurrency)
        self._lanes: dict[str, _Lane] = {}
        self._closed_until: dict[str, float] = {}
        self._clock = clock

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a place at this host.

        Those who wait are sent away when the requests before them met with no answer: a hundred feeds of a dead host
        must not keep places from the others for a hundred time-outs.

        Raises:
            FetchError: the host asked to be left alone for a time that is not over, or does not answer.
        """
        lane = self._lanes.setdefault(host, _Lane())
        lane.users += 1
        try:
            async with lane.slots, self._overall:
                self._refuse(host, lane)
                yield
                lane.unanswered = 0
                self._refusals.pop(host, None)
        except FetchError as error:
            lane.unanswered = lane.unanswered + 1 if _is_unanswered(error) else 0
            raise
        finally:
            lane.users -= 1
            if not lane.users:
                self._lanes.pop(host, None)

    def close(self, host: str, seconds: float | None) -> None:
        """No request to this host for so many seconds; None where it did not say how many."""
        now = self._clock()
        if seconds is None:
            if self._closed_until.get(host, 0.0) > now:  # said by a request that ran beside the first refused one
                return
            count = self._refusals[host] = self._refusals.get(host, 0) + 1
            seconds = self._pause * 2 ** min(count - 1, 30)
        if len(self._closed_until) > _FORGET_ABOVE:
            self._closed_until = {name: until for name, until in self._closed_until.items() if until > now}
            self._refusals = {name: count for name, count in self._refusals.items() if name in self._closed_until}
        self._closed_until[host] = now + min(seconds, _LONGEST_CLOSED)

    def _refuse(self, host: str, lane: _Lane) -> None:
        if lane.unanswered >= _DEAD_AFTER:
            raise FetchError(f"{host} does not answer")
        rest = self._closed_until.get(host, 0.0) - self._clock()
        if rest > 0:
            raise FetchError(f"{host} asked to be left alone for now", status=429, retry_after=int(rest) + 1)


def _is_unanswered(error: FetchError) -> bool:
    return error.status is None and not isinstance(error, FetchForbidden | FetchTooLarge)
