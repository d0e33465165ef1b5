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
MOST_FOR_PICTURES = 5
"""More new entries than these are a burst: their pages are not read for their pictures alone."""

PICTURE_SECONDS = 8.0
"""No post waits longer for a page that is read for its picture alone."""


class EntryReader:
    """Reads entries; one that cannot be read costs its neighbours nothing."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def texts(
        self, feed: Feed, entries: Sequence[Entry], *, with_pages: bool, with_pictures: bool = False
    ) -> list[Condensed]:
        """Return each entry condensed, with its article's page where that is asked for and would help.

        Where pictures are asked for, a few teasers without one get that of their articles' pages.
        """
        drafts = [Draft(entry) for entry in entries]
        wanted = await self._pages_wanted(entries) if with_pages else [False for _ in entries]
        drafts = await self._with_pages(drafts, wanted)
        try:
            texts = await self._web.condense(drafts, feed.title, feed.language)
        except WorkerError:
            texts = [await self._condense_alone(feed, draft) for draft in drafts]
        if not with_pictures or len(entries) > MOST_FOR_PICTURES:
            return texts
        bare = zip(drafts, wanted, texts, strict=True)
        return list(await asyncio.gather(*(self._with_picture(feed, *one) for one in bare)))

    async def _with_picture(self, feed: Feed, draft: Draft, was_asked: bool, text: Condensed) -> Condensed:  # noqa: FBT001
        """A feed that gives a teaser only may leave the picture out too; of the page nothing else is taken."""
        if was_asked or text.image or draft.entry.content or not text.link:
            return text
        try:
            async with asyncio.timeout(PICTURE_SECONDS):
                draft = await self._with_page(draft)
                if draft.page is None:
                    return text
                [whole] = await self._web.condense([draft], feed.title, feed.language)
        except (TimeoutError, WorkerError) as error:
            logger.info("page not read for its picture: link=%s error=%r", draft.entry.link, error)
            return text
        return replace(text, image=whole.image)

    async def _condense_alone(self, feed: Feed, draft: Draft) -> Condensed:
        """One entry that takes too long must not take its neighbours with it."""
        try:
            return (await self._web.condense([draft], feed.title, feed.language))[0]
        except WorkerError as error:
            logger.warning("entry not condensed: feed=%s link=%s error=%s", feed.url, draft.entry.link, error)
            return unread(draft)

    async def _pages_wanted(self, entries: Sequence[Entry]) -> list[bool]:
        try:
            return await self._web.pages_wanted(entries)
        except WorkerError:
            return [False for _ in entries]

    async def _with_pages(self, drafts: Sequence[Draft], wanted: Sequence[bool]) -> list[Draft]:
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
        return replace(draft, page=page.body, page_url=page.url, page_type=page.content_type)
