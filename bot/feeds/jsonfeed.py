"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), read by ourselves: feedparser does not."""

import html
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.errors import NotAFeed
from bot.feeds.document import ParsedFeed, RawEntry
from bot.feeds.monsters import ends_of
from bot.feeds.pictures import first_image
from bot.feeds.text import absolute_link, distinct_names, fragment_of, one_line, sensible_time, with_absolute_links
from bot.models import Entry


def parse_json(text: str) -> Mapping[str, Any]:
    """The feed object of a JSON Feed document, its numbers as they are written: some are ids longer than any integer.

    Raises:
        NotAFeed: it is no JSON, or no feed.
    """
    try:
        document = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("the answer looks like JSON but cannot be read as such") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotAFeed("the answer is JSON, but no JSON Feed: it has no list of 'items'")
    if "jsonfeed.org" not in str(document.get("version", "")) and "title" not in document:
        raise NotAFeed("the answer is JSON, but no JSON Feed: it names no version and no title")
    return document


def feed_facts(document: Mapping[str, Any], url: str) -> ParsedFeed:
    """All that a document says about the feed itself; no entries."""
    hubs = document.get("hubs")
    hub = next((part for part in hubs if isinstance(part, dict)), {}) if isinstance(hubs, list) else {}
    return ParsedFeed(
        entries=(),
        kind="json" + _text(document, "version").rpartition("/")[2].replace(".", ""),
        title=one_line(_text(document, "title")),
        language=_text(document, "language"),
        link=absolute_link(_text(document, "home_page_url"), url),
        hub=absolute_link(_text(hub, "url"), url),
        self_link=absolute_link(_text(document, "feed_url"), url),
    )


def raw_entries(document: Mapping[str, Any], url: str) -> tuple[list[RawEntry], int]:
    """The entries of a document, and how many were too strange to be read."""
    found = ends_of(document["items"])
    items = [item for item in found if isinstance(item, dict)]
    return [_raw_entry(item, url) for item in items], len(found) - len(items)


def _raw_entry(item: Mapping[str, Any], url: str) -> RawEntry:
    link = absolute_link(_text(item, "url") or _text(item, "external_url"), url)
    base = link or url
    content = with_absolute_links(_text(item, "content_html"), base) or html.escape(
        _text(item, "content_text"), quote=False
    )
    image = absolute_link(_text(item, "image") or _text(item, "banner_image"), base)
    entry = Entry(
        key="",
        link=link,
        title=one_line(_text(item, "title")),
        summary=html.escape(_text(item, "summary"), quote=False),
        content=content,
        published=_seconds(_text(item, "date_published")) or _seconds(_text(item, "date_modified")),
        categories=distinct_names([html.escape(tag) for tag in _list(item, "tags") if isinstance(tag, str)]),
        image=image or first_image(content, base),
        author=_author(item),
    )
    return RawEntry(guid=one_line(_text(item, "id")), entry=entry)


def _text(item: Mapping[str, Any], name: str) -> str:
    """The text under a name, a number included; half a character (a lone surrogate) is none."""
    value = item.get(name)
    return fragment_of(value).encode("utf-8", "ignore").decode("utf-8") if isinstance(value, str) else ""


def _list(item: Mapping[str, Any], name: str) -> list[Any]:
    value = item.get(name)
    return value if isinstance(value, list) else []


def _author(item: Mapping[str, Any]) -> str:
    authors = [*_list(item, "authors"), item.get("author")]
    names = [_text(author, "name") for author in authors if isinstance(author, dict)]
    return one_line(", ".join(name for name in names if name))


def _seconds(moment: str) -> int | None:
    try:
        parsed = datetime.fromisoformat(moment.strip())
    except ValueError:
        return None
    try:
        return sensible_time((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())
    except (OverflowError, ValueError):
        return None
