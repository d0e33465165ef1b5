"""From the bytes a server sent to entries: RSS 0.9x/1.0/2.0, Atom and JSON Feed."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dedupe import Identity, entry_keys, share_identity
from bot.errors import NotAFeed
from bot.feeds import jsonfeed, xmlfeed
from bot.feeds.document import ParsedFeed, RawEntry
from bot.feeds.encoding import decoded, unpacked
from bot.feeds.monsters import tamed
from bot.feeds.sitemap import is_sitemap, read_sitemap
from bot.models import Entry

_HTML_START = re.compile(
    r"\s*+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FEED_WITHIN = re.compile(r"<(?:rss|feed|rdf:RDF)\b")
_SHOWN = 40


def parse_feed(body: bytes, *, url: str, content_type: str = "") -> list[Entry]:
    """The entries of a feed document, in its order.

    Args:
        body: as the server sent it, decompressed.
        url: the subscribed address; relative links are resolved against it.
        content_type: the server's Content-Type header.

    Raises:
        NotAFeed: with a reason that an admin understands.
    """
    return list(read_document(body, url, content_type).entries)


def read_feed(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
    """As `parse_feed`, with all that the document says about the feed itself."""
    return read_document(body, url, content_type)


def read_document(body: bytes, url: str, content_type: str = "") -> ParsedFeed:
    """As `read_feed`, by position: for calls that cross to a worker process."""
    return read_text(decoded(unpacked(body), content_type), url)


def read_text(text: str, url: str) -> ParsedFeed:
    """As `read_document`, of a body that was decoded already."""
    start = text.lstrip()[:_SHOWN]
    if not start:
        raise NotAFeed("the answer is empty")
    if _HTML_START.match(text) and not _FEED_WITHIN.search(text):
        raise NotAFeed("the answer is a web page (HTML), not a feed")
    if start[0] in "{[":
        document = jsonfeed.parse_json(text)
        return _complete(jsonfeed.feed_facts(document, url), *jsonfeed.raw_entries(document, url))
    if is_sitemap(text):
        facts, found = read_sitemap(text, url)
        return _complete(facts, found, 0)
    parsed = xmlfeed.parse_xml(tamed(text), url)
    if not parsed["version"] and not parsed["entries"]:
        raise NotAFeed(f"the answer is neither RSS nor Atom nor JSON Feed; it begins {start!r}")
    return _complete(xmlfeed.feed_facts(parsed, text, url), *xmlfeed.raw_entries(parsed, url))


def _complete(facts: ParsedFeed, raw: Sequence[RawEntry], unreadable: int) -> ParsedFeed:
    identities = [_identity(one) for one in raw]
    keys = entry_keys(identities)
    entries = tuple(replace(one.entry, key=own[0], other_keys=own[1:]) for one, own in zip(raw, keys, strict=True))
    independent = facts.is_well_formed and not unreadable and not share_identity(identities)
    return replace(facts, entries=entries, unreadable=unreadable, is_independent=independent)


def _identity(raw: RawEntry) -> Identity:
    entry = raw.entry
    text = entry.content or entry.summary
    return Identity(guid=raw.guid, link=entry.link, title=entry.title, text=text, published=entry.published)
