"""The opening of a text that was taken from a page in one piece: the words of the page before the article's own."""

import re

from .furniture import NAMED_ICON, RELATIVE_DATE_FIRST
from .phrases import LINES

_MOST_PIECES = 14
_MOST_WORDS = 6
_ICONS_WITHIN = 250
_LEAST_TITLE_WORDS = 5
_BETWEEN = " …·|•–—-:،,;"
_BARE = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_INNER = re.compile(r"\s*[,،:|–—-]\s+")


def is_known_line(line: str) -> bool:
    """Whether a short line is a known phrase of a page, or several in a row ('Share Tweet Print')."""
    words = _phrase(line).split()
    reached = {0}
    for end in range(1, len(words) + 1):
        if any(start in reached and " ".join(words[start:end]) in LINES for start in range(max(0, end - 8), end)):
            reached.add(end)
    return bool(words) and len(words) in reached


def without_opening(paragraph: str, title: str) -> str:
    """The paragraph without the headline, icons, labels and dates that it begins with, where it plainly does.

    It plainly does where it begins with the whole headline and then with a sentence, with names of icons, or with the
    words for pages without scripts. What follows these may be any known phrase; elsewhere a phrase may be a word.
    """
    rest, has_begun = paragraph, False
    for _ in range(_MOST_PIECES):
        end = _opening_end(rest, title, has_begun=has_begun)
        if not end or len(rest) - end < 20:
            break
        rest, has_begun = rest[end:].lstrip(_BETWEEN), True
    return rest


def _opening_end(rest: str, title: str, *, has_begun: bool) -> int:
    icons = list(NAMED_ICON.finditer(rest[:_ICONS_WITHIN]))
    if icons:
        return icons[-1].end()
    if title and rest[: len(title)].casefold() == title.casefold():
        return len(title) if has_begun or _begins_anew(rest[len(title) :], title) else 0
    if not has_begun and not rest.casefold().startswith("no script"):
        return 0
    date = RELATIVE_DATE_FIRST.match(rest)
    return date.end() if date else _phrase_end(rest)


def _begins_anew(after: str, title: str) -> bool:
    """Whether what follows a headline is not the rest of a sentence that begins with the same words."""
    following = after.lstrip(_BETWEEN)
    if following[: len(title)].casefold() == title.casefold():
        return True
    return after[:1].isspace() and following[:1].isupper() and len(title.split()) >= _LEAST_TITLE_WORDS


def _phrase_end(rest: str) -> int:
    """How many characters of a text are a known phrase it begins with; a phrase of one word needs a mark after it."""
    words = list(re.finditer(r"\S+", rest[:120]))[:_MOST_WORDS]
    for count in range(len(words), 0, -1):
        end = words[count - 1].end()
        if _phrase(rest[:end]) in LINES and (count > 1 or rest[end - 1] in "…:|."):
            return end
    return 0


def _phrase(line: str) -> str:
    """A short line as it stands in the list of phrases: bare of what surrounds its words."""
    return _INNER.sub(" ", _BARE.sub("", line.casefold()))
