"""Plain text: markup, entities, invisible characters and floods of marks taken out of what others wrote."""

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree, html

MAX_CHARACTERS = 500_000  # more of a fragment is not read: an answer in bounded time for any input
_MARKS_PER_BASE = 4  # Hebrew, Thai and Tibetan need up to four; more is a flood

_DROPPED = ("script", "style", "iframe", "noscript", "template", "object", "svg", "math", "head", "form", "select")
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure "
    "footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul "
    "video audio "
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_PARSER = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, recover=True)
_STRAY_LESS = re.compile(r"<(?![a-zA-Z/!?])")
_TAG = re.compile(r"<[^<>]{0,5000}>")
_XML_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# C0 and C1 controls, soft hyphen, zero-width space, word joiners, BOM, interlinear marks, noncharacters, surrogates,
# and the embeddings, overrides and isolates that could turn the text after ours around.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u180b-\u180e\u200b\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef"
    "\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e001f]"
)
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800"
_BLANK_LETTERS = re.compile(f"[{_BLANKS}]+")
_JOINERS = re.compile("[\u200c\u200d\u200e\u200f\u061c]{2,}")
_EDGE_JOINERS = re.compile("(?:(?<=\\s)|^)[\u200c\u200d]+|[\u200c\u200d]+(?=\\s|$)")
_TAG_CHARACTERS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]{1,8})|[\U000e0020-\U000e007f]+")
_SHORTEST_WRAPPED, _LONGEST_WRAPPED = 50, 5_000
_SPACES = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n\s*\n")
# Encoded once too often by many publishing systems; nobody means to show its name to a reader.
_NAMED_SPACE = re.compile(r"&nbsp;?(?![a-zA-Z])")


def _mark_ranges() -> Iterator[str]:
    """The combining marks as ranges of a character class."""
    start = None
    for code in (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F1)):
        is_mark = unicodedata.category(chr(code))[0] == "M" and not 0xFE00 <= code <= 0xFE0F
        if is_mark and start is None:
            start = code
        elif not is_mark and start is not None:
            yield f"{chr(start)}-{chr(code - 1)}"
            start = None


_MARK_RANGES = tuple(_mark_ranges())
_MARKS = "".join(_MARK_RANGES)
_FLOOD = re.compile(f"([{_MARKS}]{{{_MARKS_PER_BASE}}})[{_MARKS}\ufe00-\ufe0f]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f]{2,}")
# A blank letter, or two marks in a row. It begins with one class of letters, where all beyond the first plane are one
# range: that is looked for twenty times as fast as two alternatives and a hundred ranges.
_COMMON_MARKS = "".join(marks for marks in _MARK_RANGES if marks[0] < "\U00010000")
_SUSPECT = re.compile(
    f"[{_BLANKS}{_COMMON_MARKS}\ufe00-\ufe0f\U00010000-\U0010ffff]"
    f"(?:(?<=[{_BLANKS}])|(?<=[{_MARKS}\ufe00-\ufe0f])[{_MARKS}\ufe00-\ufe0f])"
)


def scrub(text: str) -> str:
    """The text without control characters, direction overrides, zero-width floods and floods of combining marks.

    Emoji joined by ZWJ, flags spelt with tag characters, and the ZWNJ of Persian stay whole.
    """
    if text.isprintable() and (text.isascii() or not _SUSPECT.search(text)):
        return text
    text = _INVISIBLE.sub("", text)
    text = _BLANK_LETTERS.sub(" ", text)
    text = _TAG_CHARACTERS.sub(lambda found: found.group(1) or "", text)
    text = _SELECTORS.sub(lambda found: found.group()[0], text)
    text = _JOINERS.sub(lambda found: found.group()[0], text)
    return _FLOOD.sub(r"\1", _EDGE_JOINERS.sub("", text))


def one_line(text: str) -> str:
    """The scrubbed text with every run of white space as one space."""
    return " ".join(scrub(text).split())


def paragraphs_of(text: str) -> list[str]:
    """The non-empty lines of a text, each scrubbed and on one line."""
    return [line for part in text.splitlines() if (line := one_line(part))]


def unbroken(lines: list[str], *, shortest: int = _SHORTEST_WRAPPED) -> list[str]:
    """The lines with those joined that are only wrapped: they go on with a small letter in the next.

    Args:
        lines: as `paragraphs_of` gives them.
        shortest: characters of a line that may be wrapped; where labels and items of a list stand, short lines end.
    """
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        goes_on = line[:1].islower() and not line[1:2].isupper()  # 'iPhone' begins a line of its own
        if goes_on and shortest <= len(before) <= _LONGEST_WRAPPED and (before[-1].isalnum() or before[-1] in ",;"):
            joined[-1] = f"{before} {line}"
        else:
            joined.append(line)
    return joined


def plain_text(markup: str) -> str:
    """An HTML fragment as plain paragraphs, separated by blank lines.

    Scripts, styles and frames are gone, block elements are paragraph breaks, entities are decoded exactly once; a
    no-break space whose name is left then is a space.
    Never raises; at most MAX_CHARACTERS of the fragment are read.
    """
    markup = _XML_FORBIDDEN.sub("", markup[:MAX_CHARACTERS])
    if "<" not in markup and "&" not in markup:
        blocks = (paragraphs_of(block) for block in _BLANK_LINE.split(markup))
        return "\n\n".join(line for block in blocks for line in unbroken(block, shortest=1))
    return "\n\n".join(paragraphs_of(_NAMED_SPACE.sub(" ", _decoded(_STRAY_LESS.sub("&lt;", markup)))))


def plain_line(markup: str) -> str:
    """An HTML fragment as one line of plain text."""
    return one_line(plain_text(markup))


def _decoded(markup: str) -> str:
    try:
        root = html.document_fromstring(f"<html><body><div>{markup}</div></body></html>".encode(), parser=_PARSER)
    except (etree.LxmlError, ValueError):
        root = None
    text = "" if root is None else _text_with_breaks(root)
    if not text.strip():  # libxml2 gives up on nesting deeper than some hundred elements
        bare = _TAG.sub("\n", markup)
        text = str(html.document_fromstring(f"<p>{bare}</p>".encode(), parser=_PARSER).xpath("string()"))
    return text


def _text_with_breaks(root: html.HtmlElement) -> str:
    """The text with each block on lines of its own; white space in the source is only white space."""
    parts: list[str] = []
    skipping: html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if skipping is None and event == "start":
            if tag in _DROPPED:
                skipping = element
                continue
            if tag in _BLOCKS or tag == "br":
                parts.append("\n")
            elif tag in {"td", "th"}:
                parts.append(" ")
            parts.append(_flat(element.text, tag))
        elif event == "end" and skipping in (None, element):
            if skipping is None and tag in _BLOCKS:
                parts.append("\n")
            skipping = None
            parts.append(_flat(element.tail, ""))
    return "".join(parts)


def _flat(text: str | None, tag: str) -> str:
    if not text:
        return ""
    return text if tag == "pre" else _SPACES.sub(" ", text)
