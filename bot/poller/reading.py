"""Entries become texts: condensed in a worker process, with their articles' pages where those help."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.articles import unread
from bot.errors import FetchError, WorkerError
from bot.models import Condensed, Draft, Entry, Feed
from bot.ports import Web

logger = logging.getLogger(__name__)

PAGES_AT_ONCE = 4


class EntryReader:
    """Reads entries; one that cannot be read costs its neighbours nothing."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def texts(self, feed: Feed, entries: Sequence[Entry], *, with_pages: bool) -> list[Condensed]:
        """Return each entry condensed, with its article's page where that is asked for and would help."""
        drafts = [Draft(entry) for entry in entries]
        if with_pages:
            drafts = await self._with_pages(drafts)
        try:
            return await self._web.condense(drafts, feed.title, feed.language)
        except WorkerError:
            return [await self._condense_alone(feed, draft) for draft in drafts]

    async def _condense_alone(self, feed: Feed, draft: Draft) -> Condensed:
        """One entry that takes too long must not take its neighbours with it."""
        try:
            return (await self._web.condense([draft], feed.title, feed.language))[0]
        except WorkerError as error:
            logger.warning("entry not condensed: feed=%s link=%s error=%s", feed.url, draft.entry.link, error)
            return unread(draft)

    async def _with_pages(self, drafts: Sequence[Draft]) -> list[Draft]:
        try:
            wanted = await self._web.pages_wanted([draft.entry for draft in drafts])
        except WorkerError:
            return list(drafts)
        places = asyncio.Semaphore(PAGES_AT_ONCE)

        async def with_page(draft: Draft, *, is_wanted: bool) -> Draft:
            if not is_wanted:
                return draft
            async with places:
                return await self._with_page(draft)

        return list(
            await asyncio.gather(
                *(with_page(draft, is_wanted=want) for draft, want in zip(drafts, wanted, strict=True))
            )
        )

    async def _with_page(self, draft: Draft) -> Draft:
        try:
            page = await self._web.fetch_page(draft.entry.link)
        except FetchError as error:
            logger.info("page not fetched: link=%s error=%s", draft.entry.link, error)
            return draft
        return replace(draft, page=page.body, page_url=page.url)
