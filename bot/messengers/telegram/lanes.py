"""Lanes for updates: what one reader does in one chat is handled in order, all else side by side.

Handling comes in two steps. Working out what to answer is quick, and a pressed button or an inline query is answered in
it. Sending the answer waits for its turn with Telegram's limits; a second call does not wait for that, so a reader who
calls much is judged, and told so, at the time of the calls.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from telegram import Update

logger = logging.getLogger(__name__)

MOST_AT_WORK = 256
LONGEST_STOP = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer that waits to be sent.

    Attributes:
        send: sends it, when Telegram's limits leave room for it.
        overtakes: goes before the answers to earlier calls; only what takes its place in no order may.
    """

    send: Callable[[], Awaitable[None]]
    overtakes: bool = False


Handle = Callable[[Update], Awaitable[Delivery | None]]


@dataclass(frozen=True, slots=True)
class _Last:
    """The last update that entered a lane: being answered, and its answer being delivered."""

    answering: asyncio.Task[Delivery | None]
    delivering: asyncio.Task[None]


class UpdateLanes:
    """Both ways in, long polling and webhook, hand their updates to the same lanes.

    Args:
        handle: handles one update and returns its answer's delivery, None for none; what either raises ends that update
            alone.
    """

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._lanes: dict[tuple[int, int], _Last] = {}

    @property
    def is_full(self) -> bool:
        """Whether so much is at work that nothing more should be taken for now."""
        return len(self._lanes) >= MOST_AT_WORK

    async def take(self, updates: Sequence[Update], patience: float) -> None:
        """Let updates enter their lanes, and wait for them to be handled for `patience` seconds at most."""
        tasks = [self._enter(update) for update in updates]
        await asyncio.wait(tasks, timeout=patience)

    async def wait_for_place(self) -> None:
        """Wait until one more of the lanes is empty."""
        await asyncio.wait(self._at_work(), return_when=asyncio.FIRST_COMPLETED)

    async def finish(self) -> None:
        """Let what is at work end, within a few seconds."""
        if self._lanes:
            await asyncio.wait(self._at_work(), timeout=LONGEST_STOP)

    def cancel(self) -> None:
        """End what is still at work."""
        for last in list(self._lanes.values()):
            last.answering.cancel()
            last.delivering.cancel()

    def _at_work(self) -> list[asyncio.Task[None]]:
        return [last.delivering for last in self._lanes.values()]

    def _enter(self, update: Update) -> asyncio.Task[None]:
        chat, user = update.effective_chat, update.effective_user  # an inline query tells no chat
        lane = (chat.id if chat else 0, user.id if user else 0)
        earlier = self._lanes.get(lane)
        answering = asyncio.create_task(self._answered(earlier, update))
        last = _Last(answering, asyncio.create_task(self._delivered(earlier, answering, update)))
        self._lanes[lane] = last
        last.delivering.add_done_callback(lambda _: self._lanes.pop(lane) if self._lanes.get(lane) is last else None)
        return last.delivering

    async def _answered(self, earlier: _Last | None, update: Update) -> Delivery | None:
        if earlier is not None:
            await asyncio.wait([earlier.answering])
        try:
            return await self._handle(update)
        except Exception:  # the bulkhead: one update may fail, the others go on
            logger.exception("update failed: update=%d", update.update_id)
            return None

    async def _delivered(self, earlier: _Last | None, answering: asyncio.Task[Delivery | None], update: Update) -> None:
        delivery = await answering
        before, after = (None, earlier) if delivery is not None and delivery.overtakes else (earlier, None)
        if before is not None:
            await asyncio.wait([before.delivering])
        try:
            if delivery is not None:
                await delivery.send()
        except Exception:  # the bulkhead, as above
            logger.exception("update failed: update=%d", update.update_id)
        if after is not None:  # or what comes next would overtake too
            await asyncio.wait([after.delivering])
