"""RSS and Atom by feedparser, turned into our values."""

import calendar
import html
import io
import re
from collections.abc import Iterable
from typing import Any

import feedparser

from bot.errors import NotAFeed
from bot.feeds.cutting import cut_items, ends_within_entry, is_closed
from bot.feeds.dates import read_date, read_misread
from bot.feeds.document import ParsedFeed, RawEntry
from bot.feeds.pictures import picture_of
from bot.feeds.text import (
    SCRIPT,
    absolute_link,
    distinct_names,
    fragment_of,
    one_line,
    plain_from_markup,
    sensible_time,
    with_absolute_links,
)
from bot.models import Entry

_CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
_SKIP = re.compile(r"<skip(Hours|Days)>((?:\s*+<(hour|day)>[^<>]{1,30}</\3>)++)", re.IGNORECASE)
_SKIPPED = re.compile(r">\s*(\w{1,9})\s*<")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_RELATIVE_BASE = re.compile(r"""\bxml:base\s*=\s*["'](?!\s*(?:https?:|/))""", re.IGNORECASE)
_MOST_TRIES = 200  # pieces of one document
_LONGEST_TITLE = 20_000
_MAX_TTL = 525_600  # minutes in a year
_MARKUP_TYPES = {"text/html", "application/xhtml+xml"}
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def parse_xml(text: str, url: str) -> Any:
    """What feedparser makes of a decoded document; an entry on which it fails stands there as None.

    The text goes in as a stream of UTF-8 bytes: feedparser opens a string that looks like a path as a file.

    Raises:
        NotAFeed: feedparser cannot read the document at all.
    """
    found = _tried(text, url)
    if found is None:  # one impossible character reference makes feedparser raise whatever chr() raises
        text = _CHARACTER.sub(_possible_reference, text)
        found = _tried(text, url)
    return _read_in_pieces(text, url) if found is None else found


def _read_in_pieces(text: str, url: str) -> Any:
    """The document without the items on which feedparser fails, found by halving."""
    cut = cut_items(text)
    found = _tried(cut.with_only(()), url) if cut is not None else None
    if cut is None or found is None:
        raise NotAFeed("the document is too broken to be read")
    entries: list[Any] = []
    waiting, tries = [cut.items], 0
    while waiting and tries < _MOST_TRIES:
        items, tries = waiting.pop(), tries + 1
        piece = _tried(cut.with_only(items), url)
        if piece is not None:
            entries += piece["entries"]
        elif len(items) == 1:
            entries.append(None)
        else:
            half = len(items) // 2
            waiting += [items[half:], items[:half]]
    found["entries"] = entries + [None for items in waiting for _ in items]
    return found


def _tried(text: str, url: str) -> Any:
    """What feedparser makes of the text, None where it fails."""
    try:
        return _feedparser(text, url)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - it was not made to raise anything, so it may be anything
        return None


def _feedparser(text: str, url: str) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8"}
    if _RELATIVE_BASE.search(text):  # not otherwise: it would resolve the ids, too
        headers["content-location"] = url
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _possible_reference(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    code = int(digits, 16 if found[1] else 10) if len(digits) <= 8 else _LAST_CHARACTER + 1  # noqa: PLR2004
    return "\ufffd" if code == 0 or code > _LAST_CHARACTER or code in _SURROGATES else found[0]


def feed_facts(parsed: Any, text: str, url: str) -> ParsedFeed:
    """All that a document says about the feed itself; no entries."""
    feed = parsed["feed"]
    links, is_complete = _links(feed), is_closed(text)
    return ParsedFeed(
        entries=(),
        kind=parsed["version"] or "unknown",
        title=_title(feed),
        language=one_line(_text(feed, "language")),
        link=absolute_link(_text(feed, "link"), url),
        hub=_first_link(links, "hub", url),
        self_link=_first_link(links, "self", url),
        ttl=_ttl(_text(feed, "ttl")),
        update_period=_update_period(_text(feed, "sy_updateperiod"), _text(feed, "sy_updatefrequency")),
        skip_hours=_skipped_hours(text),
        skip_days=_skipped_days(text),
        is_complete=is_complete,
        ends_within_entry=not is_complete and ends_within_entry(text),
        is_well_formed=not parsed["bozo"],
    )


def raw_entries(parsed: Any, url: str) -> tuple[list[RawEntry], int]:
    """The entries of a parsed document, and how many were too strange to be read."""
    entries, unreadable = [], 0
    for item in parsed["entries"]:
        try:
            entries.append(_raw_entry(item, url))
        except Exception:  # noqa: BLE001 - the bulkhead: a bad entry never stops its feed
            unreadable += 1
    return entries, unreadable


def _raw_entry(item: dict[str, Any], url: str) -> RawEntry:
    summary, content = _bodies(item, url)
    entry = Entry(
        key="",
        link=_entry_link(item, url),
        title=_title(item),
        summary=summary,
        content=content,
        published=_published(item),
        categories=distinct_names([tag.get("label") or tag.get("term") or "" for tag in _list(item, "tags")]),
        image=picture_of(item, (content, summary), url),
        author=plain_from_markup(_text(item, "author")),
    )
    return RawEntry(guid=one_line(_text(item, "id")), entry=entry)


def _bodies(item: dict[str, Any], url: str) -> tuple[str, str]:
    """Teaser and full content as HTML; what is no longer than the teaser (a picture's caption) is no content."""
    contents = _list(item, "content")
    copied = {**contents[0], "value": _text(item, "summary")} if contents else {"value": _text(item, "summary")}
    teaser = _fragment(dict.get(item, "summary_detail") or copied, url)
    content = max((_fragment(part, url) for part in contents), key=len, default="")
    if content == teaser:
        return "", content
    return (teaser, content) if len(content) > len(teaser) else (teaser, "")


def _fragment(detail: dict[str, Any], url: str) -> str:
    value = fragment_of(detail.get("value") or "")
    kind = detail.get("type") or "text/html"
    if kind not in _MARKUP_TYPES:
        return html.escape(value, quote=False) if kind.startswith("text/") else ""
    return with_absolute_links(value, absolute_link(detail.get("base") or "", url) or url)


def _title(item: dict[str, Any]) -> str:
    value = _text(item, "title")
    detail = dict.get(item, "title_detail") or {}
    # feedparser takes markup for plain text where a tag of it is one that it would not show.
    is_markup = detail.get("type") in _MARKUP_TYPES or SCRIPT.search(value[:_LONGEST_TITLE]) is not None
    return plain_from_markup(value) if is_markup else one_line(value)


def _entry_link(item: dict[str, Any], url: str) -> str:
    links = _links(item)
    candidates = [_text(item, "feedburner_origlink"), _text(item, "link")]
    candidates += [link.get("href") or "" for link in links if link.get("rel") == "alternate"]
    candidates.append(_text(item, "id") if dict.get(item, "guidislink") else "")
    return next((link for candidate in candidates if (link := absolute_link(candidate, url))), "")


def _published(item: dict[str, Any]) -> int | None:
    for name in ("published", "updated", "created"):
        text = _text(item, name)
        for seconds in (read_misread(text), _parsed_date(item, name), read_date(text)):
            if seconds is not None and (sensible := sensible_time(seconds)) is not None:
                return sensible
    return None


def _parsed_date(item: dict[str, Any], name: str) -> float | None:
    """What feedparser reads as the date; MySQL's 0000-00-00 becomes a year that no clock has."""
    moment = dict.get(item, f"{name}_parsed")
    return calendar.timegm(moment) if moment and moment[0] > 0 else None


def _text(item: dict[str, Any], name: str) -> str:
    """The value under exactly this name: feedparser's own look-up answers for other names, too."""
    value = dict.get(item, name)
    return value if isinstance(value, str) else ""


def _list(item: dict[str, Any], name: str) -> list[Any]:
    value = dict.get(item, name)
    return value if isinstance(value, list) else []


def _links(item: dict[str, Any]) -> list[dict[str, str]]:
    return _list(item, "links")


def _first_link(links: Iterable[dict[str, str]], relation: str, url: str) -> str:
    found = (link.get("href") or "" for link in links if relation in (link.get("rel") or "").lower().split())
    return next((link for href in found if (link := absolute_link(href, url))), "")


def _ttl(minutes: str) -> int | None:
    digits = minutes.strip()
    return int(digits) * 60 if digits.isascii() and digits.isdigit() and 0 < int(digits[:9]) <= _MAX_TTL else None


def _update_period(period: str, frequency: str) -> int | None:
    seconds = _PERIODS.get(period.strip().lower())
    times = frequency.strip()
    if seconds is None:
        return None
    return seconds // max(1, int(times[:6])) if times.isascii() and times.isdigit() else seconds


def _skipped_hours(text: str) -> tuple[int, ...]:
    hours = [int(hour) for hour in _skipped(text, "hours") if hour.isascii() and hour.isdigit()]
    return tuple(sorted({hour % 24 for hour in hours if hour <= 24}))  # noqa: PLR2004 - RSS 0.91 counts 1 to 24


def _skipped_days(text: str) -> tuple[int, ...]:
    return tuple(sorted({_DAYS.index(day.lower()) for day in _skipped(text, "days") if day.lower() in _DAYS}))


def _skipped(text: str, what: str) -> list[str]:
    return [name for block in _SKIP.finditer(text) if block[1].lower() == what for name in _SKIPPED.findall(block[2])]
