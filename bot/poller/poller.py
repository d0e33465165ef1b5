"""Claims due feeds, and keeps each poll and each push to itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

from bot.errors import StoreUnavailable
from bot.feed_facts import Outcome, left_alone_until
from bot.models import Feed
from bot.poller.corrections import Corrector
from bot.poller.places import Places
from bot.poller.poll import FeedPoll
from bot.poller.push import FeedPush
from bot.poller.reading import EntryReader
from bot.poller.storing import ArticleStorer
from bot.poller.tools import PollSettings, PollTools
from bot.poller.twins import Twins
from bot.ports import Document

logger = logging.getLogger(__name__)

LEASE_SECONDS = 600
# A feed whose channel is not found yet is not asked: there is nowhere to put what it brings.
NO_CHANNEL_SECONDS = 15
CROWDED_SECONDS = 1
CLAIMS_A_TICK = 5


class Poller:
    """Polls what is due, so many at once, and keeps each failure to its feed."""

    def __init__(self, tools: PollTools, settings: PollSettings) -> None:
        reader = EntryReader(tools.web)
        corrector = Corrector(tools, settings.edit_window, reader)
        self._storer = ArticleStorer(tools, settings, reader)
        self._twins = Twins(tools)
        self._poll = FeedPoll(tools, settings, self._storer, corrector, self._twins)
        self._push = FeedPush(tools, settings, self._storer, corrector)
        self._tools = tools
        self._places = Places(settings.concurrency)
        self._running: dict[asyncio.Task[None], Feed] = {}
        self._stopping = False
        self._claiming = asyncio.Lock()
        self._has_more = False
        self._refilling: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Take up what a restart must not forget: stories told lately, which feeds are one, hosts to be left alone."""
        await self._storer.load()
        await self._twins.load()
        for feed in sorted(await self._tools.feeds.active(), key=left_alone_until):
            rest = left_alone_until(feed) - int(self._tools.now())
            if rest > 0:
                self._tools.web.leave_alone(feed.fetch_url or feed.url, rest)

    async def tick(self) -> None:
        """Start polls of due feeds in the free places; returns at once."""
        try:
            async with self._claiming:
                if not self._stopping:
                    await self._claim_due()
        except StoreUnavailable as error:
            logger.error("feeds unavailable: error=%s", error)

    async def _claim_due(self) -> None:
        now = int(self._tools.now())
        due = await self._tools.feeds.next_due()
        self._has_more = due is not None and due <= now
        for _ in range(CLAIMS_A_TICK):
            free = self._places.free
            if free <= 0 or self._stopping or not self._has_more:
                break
            claimed = await self._tools.feeds.claim_due(now, lease=LEASE_SECONDS, limit=free)
            self._has_more = len(claimed) == free
            ready = [feed for feed in claimed if self._tools.channels_of(feed)]
            if len(ready) < len(claimed):
                waiting = [feed for feed in claimed if not self._tools.channels_of(feed)]
                await self._tools.feeds.release_all(waiting, now + NO_CHANNEL_SECONDS)
            # Who was read longest ago waits first, so that nobody is overtaken for ever.
            ready.sort(key=lambda feed: (feed.last_success_at or 0, feed.id))
            crowded = [feed for feed in ready if not self._places.queue(feed)]
            if crowded:
                await self._tools.feeds.release_all(crowded, now + CROWDED_SECONDS)
            self._start_waiting()
        self._start_waiting()

    def _start_waiting(self) -> None:
        while not self._stopping and (feed := self._places.take()):
            self._start(feed, self._poll_alone(feed))

    def _start(self, feed: Feed, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=f"feed {feed.id}")
        self._running[task] = feed
        task.add_done_callback(self._finished)
        return task

    async def push(self, feed_id: int, read: Callable[[Feed], Awaitable[Document]], *, until: int) -> bool:
        """Store and post what a hub pushed, just as if it had been polled; return when that is done.

        A poll of the same feed that runs meanwhile is waited for. What cannot be read as a feed with entries is taken
        as a hint: the feed is due at once.

        Args:
            feed_id: the feed that the document belongs to.
            read: reads the document, given the feed; raises as `Web.read` does.
            until: end of the subscription's lease.

        Returns:
            False where the feed is not polled any more, or the bot is stopping.
        """
        while not self._stopping:
            async with self._claiming:
                running = next((task for task, feed in self._running.items() if feed.id == feed_id), None)
                if running is None:
                    now = int(self._tools.now())
                    if waiting := self._places.withdraw(feed_id):
                        await self._tools.feeds.release_all([waiting], now)
                    feed = await self._tools.feeds.claim(feed_id, now, lease=LEASE_SECONDS)
                    if feed is None:
                        return False
                    self._places.hold(feed)
                    running = self._start(feed, self._push.take(feed, read, until))
                    break
            await asyncio.wait([running])
        else:
            return False
        await asyncio.wait([running])
        return True

    async def drain(self) -> None:
        """Wait until all running polls have ended."""
        while self._running or self._refilling:
            refilling = [self._refilling] if self._refilling else []
            await asyncio.gather(*self._running, *refilling, return_exceptions=True)

    async def stop(self, grace: float = 3.0) -> None:
        """Start nothing more, let running polls end for `grace` seconds, and give the rest of the feeds back."""
        self._stopping = True
        async with self._claiming:  # what is just being claimed is given back
            pass
        if self._refilling is not None:
            await asyncio.wait([self._refilling])
        waiting = self._places.dismiss()
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        left = dict(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if left or waiting:
            with suppress(StoreUnavailable):
                await self._tools.feeds.release_all([*left.values(), *waiting], int(self._tools.now()))

    def _finished(self, task: asyncio.Task[None]) -> None:
        """With more feeds due than places, free ones are filled at once: the next tick is up to a second away."""
        self._places.leave(self._running.pop(task))
        if self._stopping or not self._places.has_room:
            return
        self._start_waiting()
        if self._has_more and self._refilling is None and self._places.has_room:
            self._refilling = asyncio.create_task(self._refill(), name="refill")

    async def _refill(self) -> None:
        try:
            await self.tick()
        finally:
            self._refilling = None

    async def _poll_alone(self, feed: Feed) -> None:
        """The bulkhead: whatever one feed brings, the others go on."""
        try:
            await self._poll.poll(feed)
        except StoreUnavailable as error:
            logger.error("poll not stored: feed=%s error=%s", feed.url, error)
        except Exception as error:
            logger.exception("poll failed: feed=%s", feed.url)
            with suppress(StoreUnavailable):
                await self._poll.failed(feed, Outcome(failed=True, status=None), f"internal error: {error}")
