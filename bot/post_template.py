"""POST_TEMPLATE: how a post looks, as words with placeholders and Telegram's HTML, checked when the program starts.

Lines whose placeholders are all empty are left out, and so are the parts of a line between ' · ' and the like; tags
around them stay in pairs. What is put in is escaped by the caller; the template's own words are escaped here.
Tags: core.telegram.org/bots/api#html-style.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Literal

DEFAULT = "<b>{headline}</b>\n\n{summary}\n\n{source} · {reading_time}\n{tags}"
PLACES = ("headline", "summary", "source", "link", "tags", "reading_time", "date", "author", "updated")
MOST_WORDS = 200
"""Characters of the template's own words, so that the headline has room under a picture too."""

Kind = Literal["html", "text", "plain"]

_TAGS = frozenset({"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "blockquote", "tg-spoiler", "a", "code"})
_ALONE = frozenset({"a", "blockquote", "code"})  # Telegram takes none of them within itself
_TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[a-zA-Z-]+)(?P<rest>[^<>]*)>|\{(?P<place>[^{}]*)\}|(?P<stray>[<{}])")
_HREF = re.compile(r"""\s+href\s*=\s*(?:"([^"]*)"|'([^']*)')\s*""")
_ADDRESS = re.compile(r"https?://[^\s\"'<>{}]+\.[^\s\"'<>{}]+")
_SEPARATOR = re.compile(r"(\s+[·|•∙–—/-]\s+)")
_EMPTY_PAIR = re.compile(r"<([a-z-]+)[^<>]*></\1>")
_NOWHERE = re.compile(r'<a href="">(.*?)</a>', re.DOTALL)
_HIDDEN = "address"


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in for a placeholder: as HTML, as it is shown, and as it stands in a message without markup."""

    html: str = ""
    text: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    separates: bool = False


@dataclass(frozen=True, slots=True)
class _Tag:
    html: str
    links: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    name: str


_Piece = _Words | _Tag | _Place


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read; `fill` makes a post of it. Its lines are its pieces in order."""

    lines: tuple[tuple[_Piece, ...], ...]

    def fill(self, values: Mapping[str, Value], kind: Kind) -> str:
        """Return the post; `values` holds one for each of `PLACES`, for 'href' and for 'address'.

        'href' is what <a href="{link}"> leads to; 'address' stands below the link where that cannot be pressed.
        """
        filled: list[str] = []
        carried = ""
        for line in self.lines:
            shown, has_words = _filled(line, values, kind)
            if has_words or not line:
                filled.append(carried + shown if has_words else "")
                carried = "" if has_words else carried
            else:
                carried += shown
        joined = re.sub(r"\n{3,}", "\n\n", "\n".join(filled)).strip() + carried
        return _tidy(joined) if kind == "html" else joined


def read_template(words: str) -> Template:
    r"""Read a template; '\n' in it is a new line too.

    Raises:
        ValueError: what is wrong with it, in words.
    """
    lines = words.replace("\\n", "\n").strip().split("\n")
    pieces = [tuple(_pieces(line.strip())) for line in lines]
    everything = [piece for line in pieces for piece in line]
    _check_tags(everything)
    _check_places(pieces)
    own = sum(len(piece.text) for piece in everything if isinstance(piece, _Words))
    if own > MOST_WORDS:
        raise ValueError(f"its own words are {own} characters, {MOST_WORDS} are the most")
    return Template(_with_hidden(pieces))


def _pieces(line: str) -> Iterator[_Piece]:
    position = 0
    for found in _TOKEN.finditer(line):
        yield from _words(line[position : found.start()])
        position = found.end()
        if found["stray"]:
            raise ValueError(_about_stray(found["stray"]))
        if found["tag"]:
            yield _tag(found)
        elif found["place"] in PLACES:
            yield _Place(found["place"])
        else:
            known = ", ".join(f"{{{name}}}" for name in PLACES)
            raise ValueError(f"there is no {{{found['place']}}}; there are {known}")
    yield from _words(line[position:])


def _about_stray(character: str) -> str:
    if character == "<":
        return "'<' begins no tag; write &lt; for the sign"
    return f"'{character}' stands alone; a placeholder is a name between braces, such as {{headline}}"


def _words(text: str) -> Iterator[_Words]:
    for part in _SEPARATOR.split(unescape(text)):
        if part:
            yield _Words(part, separates=_SEPARATOR.fullmatch(part) is not None)


def _tag(found: "re.Match[str]") -> _Tag:
    name, rest = found["tag"].lower(), found["rest"]
    if name not in _TAGS:
        raise ValueError(f"<{name}> is no tag for a post; there are {', '.join(sorted(_TAGS))}")
    if found["end"]:
        return _Tag(f"</{name}>")
    if name == "a":
        return _link_tag(rest)
    if rest.strip() and (name, rest.strip()) != ("blockquote", "expandable"):
        raise ValueError(f"<{name}> takes no attributes")
    return _Tag(f"<{name}{' expandable' if rest.strip() else ''}>")


def _link_tag(rest: str) -> _Tag:
    found = _HREF.fullmatch(rest)
    address = (found[1] or found[2] or "") if found else ""
    if address == "{link}":
        return _Tag('<a href="{link}">', links=True)
    if not _ADDRESS.fullmatch(unescape(address)):
        raise ValueError('write <a href="{link}">words</a>, or an address that begins with http:// or https://')
    return _Tag(f'<a href="{_escaped(unescape(address))}">')


def _check_tags(pieces: Sequence[_Piece]) -> None:
    open_tags: list[str] = []
    for piece in pieces:
        if isinstance(piece, _Place) and piece.name == "source" and {"a", "code"} & set(open_tags):
            raise ValueError("{source} is a link itself, and cannot stand within <a> or <code>")
        if not isinstance(piece, _Tag):
            continue
        name = re.findall(r"[a-z-]+", piece.html)[0]
        if piece.html.startswith("</"):
            if not open_tags or open_tags.pop() != name:
                raise ValueError(f"</{name}> closes what is not open; tags are closed in the reverse of their order")
        elif (name in _ALONE and name in open_tags) or "code" in open_tags:
            raise ValueError(f"<{name}> cannot stand within <{'code' if 'code' in open_tags else name}>")
        else:
            open_tags.append(name)
    if open_tags:
        raise ValueError(f"<{open_tags[-1]}> is not closed")


def _check_places(lines: Sequence[Sequence[_Piece]]) -> None:
    names = [piece.name for line in lines for piece in line if isinstance(piece, _Place)]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise ValueError(f"{{{twice}}} stands in it twice")
    if _Place("headline") not in lines[0]:
        raise ValueError("{headline} must stand in the first line: by it a post is known again after a crash")
    if not any(_leads(piece) for line in lines for piece in line):
        raise ValueError('there is no link in it: write {source}, {link} or <a href="{link}">words</a>')


def _leads(piece: _Piece) -> bool:
    return piece in {_Place("source"), _Place("link")} or (isinstance(piece, _Tag) and piece.links)


def _with_hidden(lines: Sequence[tuple[_Piece, ...]]) -> tuple[tuple[_Piece, ...], ...]:
    """The lines with the mark of a correction and the bare address behind the link, where it has no place for them."""
    found = list(lines)
    pieces = {piece for line in lines for piece in line}
    leading = [index for index, line in enumerate(found) if any(map(_leads, line))]
    at = next((index for index in leading if _Place("source") in found[index]), leading[0])
    if _Place("updated") not in pieces:
        found[at] = (*found[at], _Words(" · ", separates=True), _Place("updated"))
    if _Place("link") not in pieces:
        found.insert(at + 1, (_Place(_HIDDEN),))
    return tuple(found)


def _filled(line: Sequence[_Piece], values: Mapping[str, Value], kind: Kind) -> tuple[str, bool]:
    """A line as it is shown, and whether more than tags is left of it."""
    shown, has_words = "", False
    for segment in _segments(line):
        kept = _is_kept(segment, values, kind)
        separator = segment[0] if isinstance(segment[0], _Words) and segment[0].separates else None
        inner = "".join(_shown(piece, values, kind, kept=kept) for piece in segment if piece is not separator)
        if kept and has_words and separator is not None:
            shown += _shown(separator, values, kind, kept=True)
        shown += inner
        has_words = has_words or kept
    return shown, has_words


def _segments(line: Sequence[_Piece]) -> list[list[_Piece]]:
    """The parts of a line, each but the first with the separator before it."""
    segments: list[list[_Piece]] = [[]]
    for piece in line:
        if isinstance(piece, _Words) and piece.separates:
            segments.append([])
        segments[-1].append(piece)
    return [segment for segment in segments if segment]


def _is_kept(segment: Sequence[_Piece], values: Mapping[str, Value], kind: Kind) -> bool:
    """A part is left out where all it would show is words around nothing, or around a link that leads nowhere."""
    places = [piece.name for piece in segment if isinstance(piece, _Place)]
    if places:
        return any(getattr(values[name], kind) for name in places)
    if any(isinstance(piece, _Tag) and piece.links for piece in segment):
        return bool(values["href"].html)
    return any(isinstance(piece, _Words) and not piece.separates for piece in segment)


def _shown(piece: _Piece, values: Mapping[str, Value], kind: Kind, *, kept: bool) -> str:
    if isinstance(piece, _Tag):
        return piece.html.replace("{link}", values["href"].html) if kind == "html" else ""
    if not kept:
        return ""
    if isinstance(piece, _Words):
        return _escaped(piece.text) if kind == "html" else piece.text
    return str(getattr(values[piece.name], kind))


def _tidy(html: str) -> str:
    """Without links to nowhere, and without tags around nothing."""
    before, html = "", _NOWHERE.sub(r"\1", html)
    while before != html:
        before, html = html, _EMPTY_PAIR.sub("", html)
    return html


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
