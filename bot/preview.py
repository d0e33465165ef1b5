"""Shows the posts that a feed, a site or an article's page would make, and sends nothing."""

import asyncio
import json
import re
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text

from bot.app import look_of
from bot.categories import telling_categories
from bot.condense import canonical_link
from bot.config import Settings
from bot.dedupe import posting_order
from bot.errors import FetchError, NotAFeed
from bot.feeds.discover import Found, find_feed
from bot.feeds.fetch import FEED_ACCEPT, Fetched, HttpFetcher, ports_of
from bot.feeds.web import HttpWeb
from bot.filters import Filter, removed_by
from bot.format import post_message
from bot.models import Article, Condensed, Draft, Entry, FeedOptions
from bot.workers import Workers

LEAST_ARTICLE_TEXT = 400
SAYS_IT_IS_NO_ARTICLE = re.compile(rb"""og:type["']?\s+content=["']?website""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Previewed:
    """What stands at an address: the feed it is or leads to ('' for a page alone), and its newest articles.

    Attributes:
        removed: for each article what filter keeps it from being posted, '' for none.
    """

    feed: str
    title: str
    articles: tuple[Article, ...]
    removed: tuple[str, ...] = ()


async def preview(settings: Settings, url: str, count: int) -> Previewed:
    """Fetch an address and condense its `count` newest articles.

    A page that is an article is shown as that article; any other page leads to its site's feed.

    Raises:
        FetchError: there is nothing to be had there.
        WorkerError: the document takes too much to read.
    """
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(
            HttpFetcher(
                user_agent=settings.http_user_agent,
                allowed_networks=settings.allowed_networks,
                allowed_ports=ports_of([url]),
                concurrency=settings.poll_concurrency,
                proxy=settings.http_proxy_url,
            )
        )
        workers = await stack.enter_async_context(Workers())
        web = HttpWeb(fetcher, workers, summary_length=settings.summary_length)
        previewed = await _preview(web, fetcher, url, count)
    options = next((feed.options for feed in settings.feeds if feed.url == url), FeedOptions())
    chosen = Filter(settings.include, settings.exclude).together_with(options)
    return replace(previewed, removed=tuple(_removed(article, chosen) for article in previewed.articles))


def _removed(article: Article, chosen: Filter) -> str:
    text = Condensed(article.headline, article.summary, article.link, article.text, article.language)
    return removed_by(chosen, text, source=article.source, categories=article.categories)


async def _preview(web: HttpWeb, fetcher: HttpFetcher, url: str, count: int) -> Previewed:
    first = await fetcher.fetch(url, accept=FEED_ACCEPT)

    async def fetch(address: str) -> Fetched:
        return first if address == url else await fetcher.fetch(address)

    try:
        found = await find_feed(fetch, web.read, url)
    except NotAFeed as error:
        return await _of_page(web, first, None) or _raise(error)
    if found.url == url:
        return await _of_feed(web, found, count)
    return await _of_page(web, first, found) or await _of_feed(web, found, count)


def _raise(error: NotAFeed) -> Previewed:
    raise error


async def _of_page(web: HttpWeb, page: Fetched, site_feed: Found | None) -> Previewed | None:
    """The page as one article; None where it is none: it has no text, or is a site's front page or section."""
    (text,) = await web.condense([Draft(Entry(key="", link=page.url), page.body, page.url, page.content_type)], "", "")
    if not text.text or (site_feed and not _is_article(text, site_feed, page)):
        return None
    return Previewed("", "", (_article(text, "", ()),))


def _is_article(text: Condensed, site_feed: Found, page: Fetched) -> bool:
    if any(canonical_link(entry.link) == text.link for entry in site_feed.parsed.entries):
        return True
    if len(text.text) < LEAST_ARTICLE_TEXT or urlsplit(page.url).path.strip("/") == "":
        return False
    return text.published is not None or SAYS_IT_IS_NO_ARTICLE.search(page.body) is None


async def _of_feed(web: HttpWeb, found: Found, count: int) -> Previewed:
    parsed = found.parsed
    newest = posting_order(parsed.entries, now=int(time.time()))[::-1][:count]
    wanted = await web.pages_wanted(newest)
    drafts = await asyncio.gather(
        *(_draft(web, entry, is_wanted=want) for entry, want in zip(newest, wanted, strict=True))
    )
    texts = await web.condense(drafts, parsed.title, parsed.language)
    articles = tuple(
        _article(text, parsed.title, telling_categories(entry.categories))
        for text, entry in zip(texts, newest, strict=True)
    )
    return Previewed(found.url, parsed.title, articles)


async def _draft(web: HttpWeb, entry: Entry, *, is_wanted: bool) -> Draft:
    if not is_wanted:
        return Draft(entry)
    try:
        page = await web.fetch_page(entry.link)
    except FetchError:
        return Draft(entry)  # as the bot does: the post is made of what the feed says
    return Draft(entry, page.body, page.url, page.content_type)


def _article(text: Condensed, source: str, categories: tuple[str, ...]) -> Article:
    return Article(
        id=0,
        feed_id=0,
        link=text.link,
        headline=text.headline or text.link,
        summary=text.summary,
        published=text.published or 0,
        source=source,
        language=text.language,
        categories=categories,
        image=text.image,
        text=text.text,
        characters=len(text.text),
    )


def as_json(previewed: Previewed, settings: Settings) -> str:
    """Return the posts as a JSON array, one object a line; times as ISO 8601, null where something is unknown."""
    lines = [
        json.dumps(_fields(article, settings) | {"removed_by": removed or None}, ensure_ascii=False)
        for article, removed in zip(previewed.articles, previewed.removed, strict=True)
    ]
    return "[\n" + ",\n".join(lines) + "\n]"


def _fields(article: Article, settings: Settings) -> dict[str, object]:
    return {
        "headline": article.headline,
        "summary": article.summary,
        "link": article.link,
        "source": article.source,
        "published": _date(article.published) or None,
        "language": article.language or None,
        "categories": list(article.categories),
        "image": article.image,
        "html": post_message(article, look=look_of(settings, article)).html,
    }


def as_panels(previewed: Previewed) -> RenderableType:
    """Return the posts as a person likes to see them in a terminal."""
    where = (
        f"{previewed.title or 'A feed'} ({previewed.feed})" if previewed.feed else "A page without a feed of its own"
    )
    panels = [
        Panel(
            Text.assemble(
                (article.headline, "bold"), "\n\n", article.summary or "(no summary)", "\n\n", (article.link, "blue")
            ),
            title=f"[red]not posted: {escape(removed)}" if removed else None,
            subtitle=_date(article.published),
            subtitle_align="right",
        )
        for article, removed in zip(previewed.articles, previewed.removed, strict=True)
    ]
    return Group(Text(where), *panels)


def _date(published: int) -> str:
    return datetime.fromtimestamp(published, UTC).isoformat(timespec="minutes") if published else ""
