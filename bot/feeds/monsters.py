"""Documents made to keep a parser busy: refused, or cut to size, before they reach one."""

import re
from typing import TypeVar
from xml.parsers import expat

from bot.errors import NotAFeed
from bot.feeds.cutting import cut_items

_T = TypeVar("_T")

_MOST_ITEMS = 5_000
_MOST_UNCUT_ITEMS = 10_000  # a document that cannot be cut is read whole: 10,000 entries take 2 s, 100,000 take 24
_MOST_ELEMENTS = 250_000  # feedparser takes 20 to 35 µs for one
_MOST_TAGS_TO_REPAIR = 200_000  # repairing is done in Python: 500,000 unclosed tags take 9 s
_MOST_ATTRIBUTES = 2_000  # in elements with many of them: feedparser's time grows with their square
_MANY_ATTRIBUTES = 200  # names and values
_MOST_LABELS = 1_000  # categories of one entry; feedparser compares each with all before it
_DEEPEST = 2_000
_ENTRIES = frozenset({"item", "entry"})
_LABELS = frozenset({"category", "subject"})
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{5000}[^<>]*")
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_KEYWORDS = re.compile(r"(<(?:[\w.-]+:)?keywords[^<>]*>[^<]{5000})[^<]*", re.IGNORECASE)
_LONGEST_WORD = 4_000
_LONG_WORD = re.compile(  # feedparser looks for e-mail addresses by trial, from each sign of a word to its end
    rf"(?<![\w.+-])([\w.+-]{{{_LONGEST_WORD}}})[\w.+-]++", re.ASCII
)


class _Shape:
    """What expat counts in a document, as far as it is well-formed.

    Raises:
        NotAFeed: there is far too much of something, and the rest does not matter.
    """

    def __init__(self, text: str) -> None:
        self.entries = self.elements = 0
        self.is_well_formed = True
        self._depth = self._attributes = self._labels = 0
        parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError:
            self.is_well_formed = False
            self.entries = sum(1 for _ in _ENTRY.finditer(text))

    def _start(self, name: str, attributes: list[str]) -> None:
        self.elements += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotAFeed("elements of the document are nested thousands deep")
        if len(attributes) > _MANY_ATTRIBUTES:
            self._count_attributes(len(attributes) // 2)
        kind = name.rpartition(":")[2].lower()
        if kind in _LABELS:
            self._count_label()
        elif kind in _ENTRIES:
            self._labels = 0
            self.entries += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _count_attributes(self, number: int) -> None:
        self._attributes += number
        if self._attributes > _MOST_ATTRIBUTES:
            raise NotAFeed("elements of the document have thousands of attributes")

    def _count_label(self) -> None:
        self._labels += 1
        if self._labels > _MOST_LABELS:
            raise NotAFeed("an entry of the document has thousands of categories")


def ends_of(items: list[_T]) -> list[_T]:
    """The first and the last of thousands of items, as nobody knows at which end the new ones are; else all."""
    half = _MOST_ITEMS // 2
    return items if len(items) <= _MOST_ITEMS else [*items[:half], *items[-half:]]


def tamed(text: str) -> str:
    """The document, with only its first and last items where it has thousands, and without words of thousands of signs.

    Raises:
        NotAFeed: reading it would take longer than any feed is worth.
    """
    text = _KEYWORDS.sub(r"\1", text)
    if max(map(len, text.split()), default=0) > _LONGEST_WORD:  # seldom, and quickly told
        text = _LONG_WORD.sub(r"\1", text)
    shape = _Shape(text)
    if not shape.is_well_formed:
        _refuse_broken(text)
    cut = cut_items(text) if shape.entries > _MOST_ITEMS else None
    if cut is not None:
        return cut.with_only(ends_of(list(cut.items)))
    if shape.entries > _MOST_UNCUT_ITEMS:
        raise NotAFeed(f"the document has {shape.entries} entries, and cannot be cut to size")
    if shape.elements > _MOST_ELEMENTS:
        raise NotAFeed(f"the document has {shape.elements} elements")
    return text


def _refuse_broken(text: str) -> None:
    if text.count("<") > _MOST_TAGS_TO_REPAIR:
        raise NotAFeed("the document is broken, and too large to be repaired")
    if _has_long_tag(text):
        raise NotAFeed("an element of the document has thousands of attributes")


def _has_long_tag(text: str) -> bool:
    if not _LONG_TAG.search(text):
        return False
    return any(tag[0].count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(_CDATA.sub("", text)))
