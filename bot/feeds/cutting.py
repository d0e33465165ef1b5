"""A feed document cut into its items, so that only those not seen before need to be parsed, and how it ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_MARK = re.compile(r"<!\[CDATA\[|<!--|<(/?)(item|entry)(?=[\s/>])[^<>]*>")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_PREFIXED = re.compile(r"</?[\w.-]+:(?:item|entry)[\s/>]")

_ENTRY = re.compile(r"<(/?)(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|rdf|html|channel)\s*>", re.IGNORECASE)
_END_WITHIN = 1_000  # some servers add comments or scripts after the end


@dataclass(frozen=True, slots=True)
class Cut:
    """A document as what stands before its items, the items, and what stands after them.

    What stands between two items, if it is more than white space, belongs to `head`.
    """

    head: str
    items: tuple[str, ...]
    tail: str

    def with_only(self, items: Sequence[str]) -> str:
        """The same document with only these items."""
        return "".join((self.head, *items, self.tail))


def cut_items(text: str) -> Cut | None:
    """The document cut, or None where that cannot be done safely: it is no RSS or Atom, or its items are nested."""
    spans = _item_spans(text)
    if not spans or _PREFIXED.search(text) or "<!ENTITY" in text[: spans[0][0]]:
        return None
    if any(text[end:start].strip() for (_, end), (start, _) in pairwise(spans)):
        return None
    return Cut(text[: spans[0][0]], tuple(text[start:end] for start, end in spans), text[spans[-1][1] :])


def _item_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each item; [] where start and end tags do not alternate."""
    spans, begun, opened, at = [], -1, "", 0
    while mark := _MARK.search(text, at):
        closing, name = mark[1], mark[2]
        if not name:
            at = text.find(_ENDS[mark[0]], mark.end())
            if at < 0:
                return []
            continue
        if mark[0].endswith("/>") or (begun < 0) is bool(closing) or (closing and name != opened):
            return []
        at = mark.end()
        if closing:
            spans.append((begun, at))
            begun = -1
        else:
            begun, opened = mark.start(), name
    return spans if begun < 0 else []


def is_closed(text: str) -> bool:
    """Whether a document ends with the end of a feed, rather than being cut off on its way."""
    return _END.search(text[-_END_WITHIN:]) is not None


def ends_within_entry(text: str) -> bool:
    """Whether the last entry of a document that is cut off has no end."""
    ends = _ENTRY.findall(text)
    return bool(ends) and not ends[-1]
