"""What a hub pushed is stored like what a poll brought."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from bot.dedupe import all_keys, new_entries
from bot.errors import FetchError, StoreUnavailable, WorkerError
from bot.models import Feed, Validators
from bot.poller.corrections import Corrector
from bot.poller.saving import save
from bot.poller.storing import ArticleStorer
from bot.poller.tools import PollSettings, PollTools
from bot.ports import Document
from bot.schedule import after_push

logger = logging.getLogger(__name__)

LEAST_PING_SECONDS = 10


class FeedPush:
    """Takes what is pushed for a claimed feed."""

    def __init__(self, tools: PollTools, settings: PollSettings, storer: ArticleStorer, corrector: Corrector) -> None:
        self._tools = tools
        self._settings = settings
        self._storer = storer
        self._corrector = corrector

    async def take(self, feed: Feed, read: Callable[[Feed], Awaitable[Document]], until: int) -> None:
        """The bulkhead of a push; one that fails leaves it to the next poll, which is due then."""
        try:
            document = await read(feed)
            if document.entries:
                await self._store(feed, document, until)
                return
        except (FetchError, WorkerError) as error:
            logger.info("push is no document: feed=%s error=%s", feed.url, error)
        except StoreUnavailable as error:
            logger.error("push not stored: feed=%s error=%s", feed.url, error)
        except Exception:
            logger.exception("push failed: feed=%s", feed.url)
        soon = max(int(self._tools.now()), (feed.last_success_at or 0) + LEAST_PING_SECONDS)
        with suppress(StoreUnavailable):
            await self._tools.feeds.release_all([feed], soon)

    async def _store(self, feed: Feed, document: Document, until: int) -> None:
        """The same way as a poll's; but a hub may push only what changed, so the document stands for no whole feed."""
        now = int(self._tools.now())
        known = await self._tools.feeds.known(feed.id, all_keys(document.entries))
        new = new_entries(document.entries, known, now=now)
        await self._storer.store(feed, new, announce=True)
        corrections = await self._corrector.corrections(feed, document.entries, known)
        dates = [entry.published for entry in document.entries if entry.published is not None]
        interval = self._settings.interval_of(feed)
        next_at, state = after_push(now, feed, dates, until=until, interval=interval, chance=self._tools.chance())
        last_entry_at = now if new else feed.last_entry_at
        after = replace(feed, next_poll_at=next_at, state=state, last_entry_at=last_entry_at, last_success_at=now)
        if not corrections.are_all:  # the poll finds the others, and must not be told that nothing was modified
            after = replace(after, validators=Validators())
        await save(self._tools, after, corrections.made)
        logger.info("feed pushed: feed=%s entries=%d announced=%d", feed.url, len(document.entries), len(new))
