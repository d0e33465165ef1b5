"""Small steps from a feed's text to ours: titles as plain text, absolute links, sensible times."""

import html
import re
from urllib.parse import quote, urljoin, urlsplit

from bot.condense.plain import scrub

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--|!\[CDATA\[|[!?][^<>]*)>", re.DOTALL)
SCRIPT = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li|/?h[1-6])\b[^<>]*>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_UNSAFE = re.compile(  # not allowed in a URL, or not seen in one, or turning it around for the eye
    r"[\x00-\x20\x7f-\xa0\xad\"<>\\^`{|}\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]"
)
_LINE_ENDS = re.compile(r"[\t\r\n]+")
_PATH = re.compile(r"[^?#]*")
_REFERENCE = re.compile(
    r"""(<[a-zA-Z][^<>]{0,2000}?\b(?:href|src)\s*=\s*)(["'])(?!https?:|data:|mailto:|#)([^"'<>]{1,2000})\2"""
)
_LONGEST_LINK = 4_000
_LONGEST_FRAGMENT = 500_000  # signs; of more the condenser reads no more, and it would cross between processes thrice
_LONGEST_TEXT = 20_000
_MOST_NAMES = 100
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{5000}[^<>]*+>?")
_MOST_ATTRIBUTES = 200  # of one tag: a reader of HTML compares each with all before it
_EARLIEST = 31_536_000  # 1971: what is dated before is an unset clock, not a date
_LATEST = 253_402_300_799  # the year 9999


def one_line(text: str) -> str:
    """Text without what is not seen or turns its neighbours around, and every run of white space as one space.

    At most 20,000 signs of it are read.
    """
    return _SPACE.sub(" ", scrub(_CONTROL.sub("", text[:_LONGEST_TEXT]))).strip()


def plain_from_markup(markup: str) -> str:
    """A short piece of HTML as one line of plain text: tags and scripts gone, entities decoded exactly once."""
    seen = SCRIPT.sub("", markup[:_LONGEST_TEXT])
    return one_line(html.unescape(_TAG.sub("", _BREAK.sub(" ", seen))))


def absolute_link(link: str, base: str) -> str:
    """`link` against `base` as an http(s) URL without user name or password, or '' where that gives none.

    What is longer than any server or reader takes is none.
    Line ends within it and backslashes are read as browsers do (url.spec.whatwg.org).
    """
    link = _PATH.sub(lambda found: found.group().replace("\\", "/"), _LINE_ENDS.sub("", link.strip()), count=1)
    link = _UNSAFE.sub(lambda found: quote(found.group(), safe="", errors="replace"), link)
    if link.lower().startswith("www."):
        link = f"https://{link}"
    try:
        resolved = urljoin(base, link) if link else ""
        parts = urlsplit(resolved)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or not port_is_valid
        or len(resolved) > _LONGEST_LINK
    ):
        return ""
    return resolved.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1) if "@" in parts.netloc else resolved


def fragment_of(markup: str) -> str:
    """As much of a piece of HTML as is ever read, without tags of thousands of attributes."""
    markup = markup[:_LONGEST_FRAGMENT]
    return _LONG_TAG.sub(lambda tag: "" if tag.group().count("=") > _MOST_ATTRIBUTES else tag.group(), markup)


def with_absolute_links(fragment: str, base: str) -> str:
    """An HTML fragment whose relative `href` and `src` are made absolute."""
    if "=" not in fragment:
        return fragment
    return _REFERENCE.sub(
        lambda found: (
            f"{found[1]}{found[2]}{html.escape(absolute_link(html.unescape(found[3]), base)) or found[3]}{found[2]}"
        ),
        fragment,
    )


def sensible_time(seconds: float) -> int | None:
    """Whole seconds UTC, or None for what can only be an unset or broken clock."""
    return int(seconds) if _EARLIEST <= seconds <= _LATEST else None


def distinct_names(names: list[str]) -> tuple[str, ...]:
    """The first hundred category names, cleaned, in order, each once whatever its letter case."""
    cleaned = (plain_from_markup(name).strip("#, ") for name in names[:_MOST_NAMES])
    return tuple({name.casefold(): name for name in reversed([n for n in cleaned if n])}.values())[::-1]
