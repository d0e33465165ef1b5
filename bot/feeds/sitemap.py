"""A news sitemap (Google's `news:news` extension of sitemaps.org) read as a feed."""

import re
from datetime import UTC, datetime

from lxml import etree

from bot.errors import NotAFeed
from bot.feeds.document import ParsedFeed, RawEntry
from bot.feeds.monsters import ends_of
from bot.feeds.text import absolute_link, distinct_names, one_line, sensible_time
from bot.feeds.xmltree import named, read_tree, text_of
from bot.models import Entry

_URLSET = re.compile(r"^\s*+(?:(?><\?[^>]*>|<!--.*?-->)\s*+)*+<(?:\w+:)?(urlset|sitemapindex)\b", re.DOTALL)
_NEWS = re.compile(r"sitemap-news/0\.9|<\w+:news\b")
_LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)", re.IGNORECASE)


def is_sitemap(text: str) -> bool:
    """Whether a document is a sitemap or an index of sitemaps."""
    return _URLSET.match(text) is not None


def indexed_sitemaps(text: str) -> list[str]:
    """The addresses that an index of sitemaps lists, those of news first; [] for any other document."""
    found = _URLSET.match(text)
    if not found or found[1] != "sitemapindex":
        return []
    return sorted(_LOCATION.findall(text[:1_000_000]), key=lambda address: "news" not in address.lower())


def read_sitemap(text: str, url: str) -> tuple[ParsedFeed, list[RawEntry]]:
    """The news of a sitemap as entries, without their keys.

    Raises:
        NotAFeed: it holds no news.
    """
    if indexed_sitemaps(text):
        raise NotAFeed("the answer is an index of sitemaps, not a feed")
    root = read_tree(text) if _NEWS.search(text) else None
    if root is None:
        raise NotAFeed("the answer is a sitemap without news")
    pages = ends_of(list(named(root, "url")))
    entries = [_raw_entry(page, url) for page in pages if next(named(page, "news"), None) is not None]
    if pages and not entries:
        raise NotAFeed("the answer is a sitemap without news")
    publication = next(named(root, "publication"), root)
    facts = ParsedFeed(
        entries=(),
        kind="sitemap",
        title=one_line(text_of(publication, "name")),
        language=text_of(publication, "language"),
    )
    return facts, entries


def _raw_entry(page: etree._Element, url: str) -> RawEntry:
    news = next(named(page, "news"))
    image = next(named(page, "image"), None)
    entry = Entry(
        key="",
        link=absolute_link(text_of(page, "loc"), url),
        title=one_line(text_of(news, "title")),
        published=_seconds(text_of(news, "publication_date")),
        categories=distinct_names(text_of(news, "keywords").split(",")),
        image=absolute_link(text_of(image, "loc"), url) or None if image is not None else None,
    )
    return RawEntry(guid="", entry=entry)


def _seconds(moment: str) -> int | None:
    """A W3C date, with or without time and zone, in seconds UTC."""
    try:
        parsed = datetime.fromisoformat(moment)
        return sensible_time((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
