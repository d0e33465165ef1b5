"""New entries become stored articles, filtered, merged with the stories told already, in a model's words where set."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.articles import entry_hash
from bot.categories import telling_categories
from bot.dedupe import keys_of
from bot.filters import removed_by
from bot.merging import Merger
from bot.models import Condensed, Entry, Feed, NewArticle, Told
from bot.pictures import OFF, setting_for
from bot.poller.reading import EntryReader
from bot.poller.saving import save
from bot.poller.tools import PollSettings, PollTools

logger = logging.getLogger(__name__)

BATCH = 20
LONGEST_AUTHOR = 300


class ArticleStorer:
    """Stores what is new; two feeds that bring one story at the same time are told one after the other."""

    def __init__(self, tools: PollTools, settings: PollSettings, reader: EntryReader) -> None:
        self._tools = tools
        self._settings = settings
        self._reader = reader
        self._merger = Merger(settings.story_window)
        self._telling = asyncio.Lock()

    async def load(self) -> None:
        """Take up the stories told lately, so that a restart tells none of them again."""
        if self._merger.window:
            for told in await self._tools.feeds.told_since(int(self._tools.now()) - self._merger.window):
                self._merger.learn(told)

    async def store(self, feed: Feed, entries: Sequence[Entry], *, announce: bool) -> None:
        """Condense and store in batches, so that the first of many is posted while the last is still read."""
        pictures = announce and setting_for(self._settings.images, feed.options.images) != OFF
        for start in range(0, len(entries), BATCH):
            part = entries[start : start + BATCH]
            condensed = await self._reader.texts(feed, part, with_pages=announce, with_pictures=pictures)
            now = int(self._tools.now())
            articles = tuple(
                self._filtered(feed, _new_article(feed, entry, text, now, announce=announce), text)
                for entry, text in zip(part, condensed, strict=True)
            )
            articles = await self._retold(articles, condensed)
            # Two feeds that bring one story at the same time must not both be the first.
            async with self._telling:
                await self._tell(feed, articles, now)
            if announce:
                self._tools.on_articles()

    async def _tell(self, feed: Feed, articles: Sequence[NewArticle], now: int) -> None:
        channels = tuple(self._tools.channels_of(feed))
        merged = tuple(self._merger.merged(feed, article, channels, now) for article in articles)
        await save(self._tools, feed, articles=merged, last=False)
        announced = [article for article in merged if article.announce]
        for article in (article for article in merged if article.same_as is not None):
            logger.info("story known already: feed=%s link=%s first=%d", feed.url, article.link, article.same_as)
        if not announced or not self._merger.window:
            return
        known = await self._tools.feeds.known(feed.id, [article.keys[0] for article in announced])
        for article in announced:
            stored = known.get(article.keys[0])
            if stored:
                told = Told(stored.article_id, feed.id, article.link, article.headline, article.text, now, channels)
                self._merger.learn(told)

    def _filtered(self, feed: Feed, article: NewArticle, text: Condensed) -> NewArticle:
        """What a filter removes is remembered as seen, and is neither posted nor found by readers."""
        chosen = self._settings.filter.together_with(feed.options)
        reason = removed_by(chosen, text, source=feed.title, categories=article.categories)
        if not reason:
            return article
        logger.info("entry filtered: feed=%s link=%s by=%s", feed.url, article.link, reason)
        return replace(article, headline="", link="", announce=False)

    async def _retold(self, articles: tuple[NewArticle, ...], texts: Sequence[Condensed]) -> tuple[NewArticle, ...]:
        """The articles, those that are posted with the summariser's words."""
        posted = [(article, text) for article, text in zip(articles, texts, strict=True) if article.announce]
        if self._tools.summariser is None or not posted:
            return articles
        better = await self._tools.summariser.summarise([text for _, text in posted])
        retold = {
            article.keys: replace(
                article, headline=text.headline or article.headline, summary=text.summary, language=text.language
            )
            for (article, _), text in zip(posted, better, strict=True)
        }
        return tuple(retold.get(article.keys, article) for article in articles)


def _new_article(feed: Feed, entry: Entry, text: Condensed, now: int, *, announce: bool) -> NewArticle:
    published = text.published if text.published is not None and 0 < text.published <= now else now
    tags = tuple(dict.fromkeys((*feed.options.tags, *telling_categories(entry.categories))))
    if not text.headline and not text.link:
        logger.warning("entry has nothing to post: feed=%s key=%s", feed.url, entry.key)
    return NewArticle(
        keys=keys_of(entry),
        link=text.link,
        headline=text.headline or text.link,
        summary=text.summary,
        text=text.text,
        published=published,
        source=feed.title,
        language=text.language,
        categories=tags,
        image=text.image,
        announce=announce,
        entry_hash=entry_hash(entry),
        author=entry.author[:LONGEST_AUTHOR],
    )
