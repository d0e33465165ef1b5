"""From a site's address to its feed: what its page declares, then the usual places, then its news sitemap."""

import html
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from bot.errors import FetchError, NotAFeed, WorkerError
from bot.feeds.document import ParsedFeed
from bot.feeds.encoding import decoded
from bot.feeds.sitemap import indexed_sitemaps
from bot.feeds.text import absolute_link
from bot.ports import Fetched

__all__ = ["Found", "declared_feeds", "find_feed"]

Fetch = Callable[[str], Awaitable[Fetched]]
Read = Callable[[bytes, str, str], Awaitable[ParsedFeed]]

_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:text|application)/xml", re.IGNORECASE)
_TAG = re.compile(r"<(link|a|base)\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(href|rel|type|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|kommentar|comentario|коммент|تعليق|replies|trackback", re.IGNORECASE)
_FEED_LIKE = re.compile(r"(?:/|\.|=)(?:rss|feed|atom|rdf)(?:2|/|\.xml|\.json|\.php|$|\?)", re.IGNORECASE)
_USUAL_PLACES = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "feeds/posts/default")
_NAMED_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)
_NEWS_SITEMAPS = ("news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "sitemap.xml")
_MOST_DECLARED = 5
_MOST_SITEMAPS = 4
_READ_OF_PAGE = 500_000


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was found: where, the answer it came in, and what it says."""

    url: str
    fetched: Fetched
    parsed: ParsedFeed


@dataclass(slots=True)
class _Search:
    fetch: Fetch
    read: Read
    tried: dict[str, str] = field(default_factory=dict)
    empty: Found | None = None

    async def attempt(self, url: str) -> Found | None:
        """The feed at this address, or None with the reason noted."""
        if url in self.tried:
            return None
        try:
            fetched = await self.fetch(url)
            found = Found(url, fetched, await self.read(fetched.body, url, fetched.content_type))
        except (FetchError, WorkerError) as error:
            self.tried[url] = str(error)
            return None
        if not found.parsed.entries:
            self.tried[url] = "a feed without entries"
            self.empty = self.empty or found
            return None
        return found


async def find_feed(fetch: Fetch, read: Read, url: str) -> Found:
    """The feed at an address: the document itself, or the feed of the site that the address leads to.

    Args:
        fetch: fetches an address.
        read: reads a body as a feed; takes body, address and content type.
        url: of a feed or of a site's page.

    Raises:
        FetchError: the address itself cannot be fetched.
        NotAFeed: there is no feed; the reason lists all that was tried.
        WorkerError: the document takes too much to read.
    """
    fetched = await fetch(url)
    search = _Search(fetch, read)
    try:
        return Found(url, fetched, await read(fetched.body, url, fetched.content_type))
    except NotAFeed as error:
        search.tried[url] = str(error)
    page = decoded(fetched.body, fetched.content_type)[:_READ_OF_PAGE]
    for candidate in (*declared_feeds(page, fetched.url)[:_MOST_DECLARED], *_usual_places(fetched.url)):
        if found := await search.attempt(candidate):
            return found
    if found := await _news_sitemap(search, fetched.url) or search.empty:
        return found
    raise NotAFeed("no feed was found; tried " + "; ".join(f"{tried}: {why}" for tried, why in search.tried.items()))


def declared_feeds(page: str, url: str) -> list[str]:
    """The feeds that a page names, best first: `link rel=alternate`, then plain links that look like feeds.

    Feeds of comments are left out.
    """
    base, alternates, links = url, [], []
    for tag, text in _TAG.findall(page):
        attributes = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(text)}
        href = attributes.get("href", "")
        if tag.lower() == "base":
            base = absolute_link(href, url) or url
        elif _COMMENTS.search(href) or _COMMENTS.search(attributes.get("title", "")):
            continue
        elif tag.lower() == "link" and _is_alternate(attributes):
            alternates.append(absolute_link(href, base))
        elif tag.lower() == "a" and _FEED_LIKE.search(href):
            links.append(absolute_link(href, base))
    return [link for link in dict.fromkeys([*alternates, *links]) if link]


def _is_alternate(attributes: dict[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    return ("alternate" in relations or "feed" in relations) and bool(_FEED_TYPES.search(attributes.get("type", "")))


def _usual_places(url: str) -> Iterator[str]:
    """The addresses where software puts its feed: beside the page, then at the root of the site."""
    root = urljoin(url, "/")
    folder = url.split("?", 1)[0].rstrip("/") + "/"
    last = urlsplit(folder).path.rstrip("/").rpartition("/")[2]
    for base in dict.fromkeys([root] if "." in last else [folder, root]):
        yield from (base + place for place in (_USUAL_PLACES if base == root else _USUAL_PLACES[:3]))


async def _news_sitemap(search: _Search, url: str) -> Found | None:
    """The site's news sitemap, where it has one; indexes of sitemaps are looked into."""
    root = urljoin(url, "/")
    named = await _named_sitemaps(search, root + "robots.txt")
    waiting = [*filter(_is_of_news, named), *(root + name for name in _NEWS_SITEMAPS), *named]
    looked_into = 0
    while waiting:
        address = waiting.pop(0)
        if found := await search.attempt(address):
            return found
        if looked_into < _MOST_SITEMAPS and "an index of sitemaps" in search.tried.get(address, ""):
            looked_into += 1
            fetched = await search.fetch(address)
            listed = indexed_sitemaps(decoded(fetched.body, fetched.content_type))
            waiting = [absolute_link(item, address) for item in listed[:_MOST_SITEMAPS]] + waiting
    return None


async def _named_sitemaps(search: _Search, url: str) -> list[str]:
    """The sitemaps that a site's robots.txt names (sitemaps.org); [] where it has none."""
    try:
        fetched = await search.fetch(url)
    except FetchError as error:
        search.tried[url] = str(error)
        return []
    named = _NAMED_SITEMAP.findall(decoded(fetched.body, fetched.content_type)[:_READ_OF_PAGE])
    if not named:
        search.tried[url] = "it names no sitemap"
    links = (absolute_link(link, url) for link in named)
    return [link for link in dict.fromkeys(links) if link][:_MOST_SITEMAPS]


def _is_of_news(address: str) -> bool:
    return "news" in urlsplit(address).path.lower()
