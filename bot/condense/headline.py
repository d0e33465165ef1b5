"""Headlines: one clean line, without the site's name, its sections and its shouting."""

import re
from collections import Counter

from .furniture import without_icons
from .plain import one_line, plain_line
from .sites import without_site

MAX_HEADLINE = 300
LONGEST_READ = 20_000  # a flood of combining marks is taken out before the headline is measured
_EDGES = " |¦│·•-–—_¶"
_CASED = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def clean_headline(title: str, *, site: str = "") -> str:
    """The headline in a title that may hold markup and entities, which are decoded exactly once.

    The name of the site (guessed by its form where `site` is not given) and of its sections are gone. '' for no text.
    """
    return tidy_headline(plain_line(title), site=site)


def tidy_headline(title: str, *, site: str = "", text: str = "") -> str:
    """The headline in a title that is plain text already; a shouted one takes its words' form from `text`."""
    line = one_line(title[:LONGEST_READ])[: 3 * MAX_HEADLINE]
    line = (without_icons(line) or line).strip(_EDGES) or line
    line = without_site(line, site)
    return _shortened(_calmed(line, text))


def is_shouted(line: str) -> bool:
    """Whether a line is written in capitals."""
    upper = sum(letter.isupper() for letter in line)
    lower = sum(letter.islower() for letter in line)
    return upper >= 12 and upper > 9 * lower and len(line.split()) >= 3


def _calmed(line: str, text: str) -> str:
    """A shouted line in the case its words have in the text, as far as the text shows most of them."""
    if not text or not is_shouted(line):
        return line
    start = text.casefold().find(line.casefold())
    if start >= 0 and not is_shouted(found := text[start : start + len(line)]):
        return found
    forms: dict[str, Counter[str]] = {}
    for word in _CASED.finditer(text[:20_000]):
        if is_shouted(word.group()) or re.search(r"(?:^|[.!?:\n]\W*)$", text[max(0, word.start() - 4) : word.start()]):
            continue
        forms.setdefault(word.group().casefold(), Counter())[word.group()] += 1
    words = [word.group() for word in _CASED.finditer(line)]
    if sum(word.casefold() in forms for word in words) < len(words) * 0.5:
        return line

    def calm(found: re.Match[str]) -> str:
        known = forms.get(found.group().casefold())
        return known.most_common(1)[0][0] if known else found.group().lower()

    calmed = _CASED.sub(calm, line)
    return calmed[:1].upper() + calmed[1:]


def _shortened(line: str) -> str:
    if len(line) <= MAX_HEADLINE:
        return line
    cut = line.rfind(" ", MAX_HEADLINE // 2, MAX_HEADLINE)
    return line[: cut if cut > 0 else MAX_HEADLINE - 1].rstrip(" ,;:-–—") + "…"
