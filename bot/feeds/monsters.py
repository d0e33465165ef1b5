"""Documents made to keep a parser busy: refused, or cut to size, before they reach one."""

import re
from xml.parsers import expat

from bot.errors import NotAFeed
from bot.feeds.cutting import cut_items

_MOST_ITEMS = 5_000
_MOST_TAGS_TO_REPAIR = 200_000  # repairing is done in Python: 500,000 unclosed tags take 9 s
_MOST_ATTRIBUTES = 2_000
_LONG_TAG = re.compile(r"<[^<>]{50000}[^<>]*")


def tamed(text: str) -> str:
    """The document, with only its first and last items where it has thousands.

    Raises:
        NotAFeed: reading it would take longer than any feed is worth.
    """
    if any(tag[0].count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        raise NotAFeed("an element of the document has thousands of attributes")
    if text.count("<") > _MOST_TAGS_TO_REPAIR and not _is_well_formed(text):
        raise NotAFeed("the document is broken, and too large to be repaired")
    if text.count("<item") + text.count("<entry") <= _MOST_ITEMS:
        return text
    cut = cut_items(text)
    if cut is None or len(cut.items) <= _MOST_ITEMS:
        return text
    half = _MOST_ITEMS // 2  # nobody knows at which end the new ones are
    return cut.with_only((*cut.items[:half], *cut.items[-half:]))


def _is_well_formed(text: str) -> bool:
    try:
        expat.ParserCreate().Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return False
    return True
