"""Text from outside made fit to be shown: characters, length, direction, escaping, links, hashtags."""

import re
import unicodedata
from html import escape as escape_html
from urllib.parse import urlsplit

RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ku", "ps", "sd", "ug", "ur", "yi"})
RIGHT_TO_LEFT_MARK = "\u200f"
LEFT_TO_RIGHT_MARK = "\u200e"
FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
ZERO_WIDTH_NON_JOINER = "\u200c"
ELLIPSIS = "…"

# Line separators and the controls that turn the direction of everything after them.
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffc\ufff9-\ufffb\ud800-\udfff]+")
BLANKS = re.compile(r"[^\S\n]+")
BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")
MOST_MARKS = 6
LONGEST_LINK = 2048
LONGEST_TAG = 64
MOST_TAGS = 8
HOST = re.compile(r"(?!.*\.\.)[^\s.\"<>\\^`{|}/?#@\[\]:][^\s\"<>\\^`{|}/?#@\[\]:]*\.[^\s\"<>\\^`{|}/?#@\[\]:]+")


def shown(text: str) -> str:
    """Return text as it may stand in a message: no controls, no floods of combining marks, '' if nothing is visible."""
    without = BLANKS.sub(" ", CONTROLS.sub(" ", text.replace("\r", "")))
    lines = BLANK_LINES.sub("\n\n", "\n".join(line.strip() for line in without.split("\n")))
    calm = lines if lines.isascii() else _without_floods(lines)
    return calm.strip() if any(_is_visible(character) for character in calm) else ""


def one_line(text: str) -> str:
    """Return `shown` text on one line."""
    return " ".join(shown(text).split())


def length(text: str) -> int:
    """Return the length in UTF-16 units: Telegram counts characters, some of its clients these; so both are content."""
    return len(text) + sum(character > "\uffff" for character in text)


def shorten(text: str, most: int) -> str:
    """Return text of at most `most` units, cut between words where it can be, never inside a character."""
    if length(text) <= most:
        return text
    if most <= 0:
        return ""
    kept = _beginning(text, most - 1)
    return _whole_words(kept, text[len(kept) :]).rstrip() + ELLIPSIS


def escape(text: str) -> str:
    """Escape text for Telegram's HTML, which knows only lt, gt, amp and quot."""
    return escape_html(text, quote=False).replace('"', "&quot;")


def usable_link(link: str) -> str:
    """Return the link if Telegram takes it as one (http or https, a host with a dot), else ''.

    The rule is that of Telegram's own library: a link it does not like silently stays plain text.
    """
    if not link or len(link) > LONGEST_LINK or CONTROLS.search(link) or any(map(str.isspace, link)):
        return ""
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return ""
    good = parts.scheme in {"http", "https"} and "@" not in parts.netloc and port != 0
    return link if good and HOST.fullmatch(parts.hostname or "") else ""


def host_of(link: str) -> str:
    """Return the host a link leads to, without 'www.'."""
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def hashtags(categories: tuple[str, ...]) -> tuple[str, ...]:
    """Return the categories as hashtags that Telegram recognises whole, in any script.

    A hashtag is made of letters, digits, underscores and the joiner of Persian, with a letter among them, and of all
    signs of Sinhala (TDLib's MessageEntity.cpp). Other scripts whose vowels are combining marks cannot be written so:
    such a category is left out rather than cut in the middle.
    """
    found: dict[str, str] = {}
    for category in categories:
        tag = _tag(category)
        if tag:
            found.setdefault(tag.casefold(), f"#{tag}")
    return tuple(found.values())[:MOST_TAGS]


def is_right_to_left(text: str, language: str = "") -> bool:
    """Say which way a text runs: by its language, or where that is unknown by most of its letters."""
    if language:
        return language.partition("-")[0].lower() in RIGHT_TO_LEFT_LANGUAGES
    directions = [unicodedata.bidirectional(character) for character in text]
    return sum(way in {"R", "AL"} for way in directions) > directions.count("L")


def directed(line: str, *, right_to_left: bool) -> str:
    """Return a line that is shown in the direction of its message, whatever its first letter is."""
    first = next((way for way in map(unicodedata.bidirectional, line) if way in {"L", "R", "AL"}), None)
    if first is None or (first != "L") == right_to_left:
        return line
    return (RIGHT_TO_LEFT_MARK if right_to_left else LEFT_TO_RIGHT_MARK) + line


def isolated(text: str, *, right_to_left: bool) -> str:
    """Return a piece of a line that does not disturb the order of what stands beside it."""
    ways = {unicodedata.bidirectional(character) for character in text}
    strange = "L" in ways if right_to_left else bool(ways & {"R", "AL"})
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if strange else text


def _without_floods(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in "\u2800\u3164\uffa0\u115f\u1160"


def _beginning(text: str, most: int) -> str:
    used = 0
    for place, character in enumerate(text):
        used += length(character)
        if used > most:
            return text[:place]
    return text


def _whole_words(kept: str, rest: str) -> str:
    while rest and kept and _continues(kept[-1], rest[0]):
        kept, rest = kept[:-1], kept[-1] + rest
    if not rest or rest[0].isspace():
        return kept
    space = max(kept.rfind(" "), kept.rfind("\n"))
    return kept[:space] if space > len(kept) * 3 // 5 else kept


def _continues(last: str, following: str) -> bool:
    joiner = "\u200d"
    return (
        unicodedata.category(following)[0] == "M"
        or joiner in (last, following)
        or "\U0001f3fb" <= following <= "\U0001f3ff"
    )


def _is_tag_letter(character: str) -> bool:
    kind = unicodedata.category(character)
    sinhala = "\u0d80" <= character <= "\u0dff" and kind != "Cn"
    return kind[0] == "L" or kind == "Nd" or sinhala or character == ZERO_WIDTH_NON_JOINER


def _tag(category: str) -> str:
    plain = unicodedata.normalize("NFKC", category)
    plain = "".join(
        character for character in plain if not "\u064b" <= character <= "\u065f" and character not in "'’ـ"
    )
    if any(unicodedata.category(character)[0] == "M" and not _is_tag_letter(character) for character in plain):
        return ""
    words = "".join(character if _is_tag_letter(character) else " " for character in plain).split()
    tag = "_".join(filter(None, (word.strip(ZERO_WIDTH_NON_JOINER) for word in words)))
    return tag if len(tag) <= LONGEST_TAG and any(character.isalpha() for character in tag) else ""
