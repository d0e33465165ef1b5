"""What a subscription asks for, and whether an article is that; pure.

An interest is found by its anchors, words kept in an index: only interests one of whose anchors stands in the article
are looked at, however many there are (decision 0031).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.search_fold import fold, is_unspaced
from bot.search_query import LONGEST_QUERY, parse_query
from bot.search_text import index_words, normalise


class Kind(StrEnum):
    """What an interest goes by."""

    ALL = "all"
    SOURCE = "source"
    CATEGORY = "category"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Interest:
    """What a subscription asks for; `text` is a source's name, a category without '#', or a query."""

    kind: Kind = Kind.ALL
    text: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """An interest that a chat subscribed to."""

    id: int
    interest: Interest


class Outcome(StrEnum):
    """What became of the wish to subscribe."""

    ADDED = "added"
    HAD = "had"
    FULL = "full"


EVERYTHING = Interest()


def interest_of(text: str, sources: Iterable[str] = ()) -> Interest | None:
    """Return what a reader's words ask for: all, a '#category', one of the `sources`, or words; None for no sense."""
    plain = " ".join(text.split())[:LONGEST_QUERY]
    if not plain:
        return EVERYTHING
    if plain.startswith("#"):
        return Interest(Kind.CATEGORY, plain[1:].strip()) if key(plain[1:]) else None
    for source in sources:
        if key(source) == key(plain):
            return Interest(Kind.SOURCE, source)
    return Interest(Kind.WORDS, plain) if parse_query(plain).asks_for_something else None


def key(name: str) -> str:
    """Return a source's or category's name as it is compared: without case, diacritics, blanks and punctuation."""
    return "".join(character for character in fold(name) if character.isalnum())


def identity(interest: Interest) -> str:
    """Return the text by which two interests of a kind are the same."""
    if interest.kind is Kind.WORDS:
        return " ".join(interest.text.casefold().split())
    return key(interest.text)


def anchors(interest: Interest, crowd: Callable[[str], int] = lambda _anchor: 0) -> tuple[str, ...]:
    """Return the index words of an interest: one of them stands in each article that fits.

    Args:
        interest: what is subscribed to.
        crowd: how many interests have an anchor already; the least crowded word is taken, of equals the longest.
    """
    if interest.kind is Kind.ALL:
        return ()
    if interest.kind is Kind.SOURCE:
        return (f"s:{key(interest.text)}",)
    if interest.kind is Kind.CATEGORY:
        return (f"c:{key(interest.text)}",)
    query = parse_query(interest.text)
    prefix, terms = ("w", query.required) if query.required else ("n", query.sources)
    choices = [tuple(dict.fromkeys(f"{prefix}:{max(words, key=len)}" for words in term.variants)) for term in terms]
    return min(choices, key=lambda choice: (sum(map(crowd, choice)), -max(map(len, choice))))


def conditions(interest: Interest) -> str:
    """Return what an article has to meet beside having an anchor, in a form that is read quickly; '' for nothing.

    A line a condition: '+' words that must stand in it, '-' words that may not, '@' words of its source, '^' the
    beginning of a pair of characters; alternatives are separated by '|', the words of a phrase by blanks.
    """
    if interest.kind is not Kind.WORDS:
        return ""
    query = parse_query(interest.text)
    lines = [("^" if term.prefix else "+", term) for term in query.required]
    lines += [("-", term) for term in query.excluded]
    lines += [("@", term) for term in query.sources]
    if len(lines) == 1 and all(len(words) == 1 for words in lines[0][1].variants):
        return ""
    return "\n".join(sign + "|".join(" ".join(words) for words in term.variants) for sign, term in lines)


class Subject:
    """An article as the interests see it."""

    def __init__(
        self, *, headline: str, summary: str, body: str, source: str, language: str, categories: Iterable[str]
    ) -> None:
        # No phrase reaches from the headline into the text.
        text = index_words(f"{summary}\n{body}", language)
        words = f" {index_words(headline, language)} \n {text} "
        self._text = words
        self._words = frozenset(words.split())
        # A query of one character of Chinese finds the pairs that it begins.
        self._first = frozenset(word[0] for word in self._words if is_unspaced(word))
        self._source = f" {normalise(source)} "
        self._names = {f"s:{key(source)}", *(f"c:{key(category)}" for category in categories)}

    def anchors(self) -> frozenset[str]:
        """Return every anchor by which an interest may be found for this article."""
        words = (f"w:{word}" for word in self._words | self._first)
        return frozenset((*words, *(f"n:{word}" for word in self._source.split()), *self._names))

    def meets(self, kept: str) -> bool:
        """Say whether the article meets the `conditions` of an interest one of whose anchors it has."""
        return all(self._meets(line[0], line[1:].split("|")) for line in kept.split("\n")) if kept else True

    def _meets(self, sign: str, alternatives: list[str]) -> bool:
        if sign == "+":
            return self._holds(alternatives)
        if sign == "-":
            return not self._holds(alternatives)
        if sign == "@":
            return any(f" {words} " in self._source for words in alternatives)
        return not self._first.isdisjoint(alternatives)

    def _holds(self, alternatives: list[str]) -> bool:
        if not self._words.isdisjoint(alternatives):
            return True
        return any(" " in words and f" {words} " in self._text for words in alternatives)
