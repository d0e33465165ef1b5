"""The piece of an article that answers a search."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from bot.models import Article
from bot.search_fold import fold, is_unspaced
from bot.search_kin import arabic_forms, misspelled
from bot.search_query import Query, Term, is_word, typed_word
from bot.search_text import index_words

WIDTH = 160
BEFORE = 40
LONGEST_SCANNED = 20_000
SHORTEST_COMMON = 4
CHUNK = re.compile(r"\S+")

Match = Callable[[frozenset[str]], bool]


def passage(article: Article, query: Query) -> str:
    """Return the piece of summary or text that has most of the query's words, '' where none stands there.

    Where the very words do not occur, it is the piece with words that they may have been taken for.
    """
    if not query.required:
        return ""
    texts = (article.summary, article.text[:LONGEST_SCANNED])
    for way in (_very, _akin):
        matches = [way(term) for term in query.required]
        found = [(text, *_best_place(text, query.required, matches, article.language)) for text in texts]
        text, most, place = max(found, key=lambda one: one[1])  # of equals the summary
        if most:
            return _surroundings(text, place)
    return ""


def _very(term: Term) -> Match:
    first = {sequence[0] for sequence in term.variants}
    return lambda words: not words.isdisjoint(first)


def _akin(term: Term) -> Match:
    if not is_word(term):
        return lambda _words: False
    typed = typed_word(term)
    guesses = frozenset((*arabic_forms(typed), *misspelled(typed)))
    stems = [stem for (stem,) in (one for one in term.variants if len(one) == 1) if len(stem) >= SHORTEST_COMMON]
    roots = {stem[: max(SHORTEST_COMMON, len(stem) * 2 // 3)] for stem in stems}

    def match(words: frozenset[str]) -> bool:
        return not words.isdisjoint(guesses) or any(root in word for word in words for root in roots)

    return match


def _best_place(text: str, terms: Sequence[Term], matches: Sequence[Match], language: str) -> tuple[int, int]:
    """Return how many of the terms stand together in the best piece of a text, and where it begins."""
    hits = sorted(_hits(text, terms, matches, language))
    best = (0, 0)
    for number, (place, _) in enumerate(hits):
        end = bisect_left(hits, (place + WIDTH - BEFORE, 0), lo=number)
        together = {term for _, term in islice(hits, number, end)}
        if len(together) > best[0]:
            best = (len(together), place)
        if best[0] == len(terms):
            break
    return best


def _hits(text: str, terms: Sequence[Term], matches: Sequence[Match], language: str) -> Iterator[tuple[int, int]]:
    for chunk in CHUNK.finditer(text):
        words = _words_of(chunk.group(), language)
        for number, match in enumerate(matches):
            if match(words):
                yield chunk.start() + _place_within(chunk.group(), terms[number]), number


@lru_cache(maxsize=5_000)
def _words_of(chunk: str, language: str) -> frozenset[str]:
    return frozenset(index_words(chunk, language).split())


def _place_within(chunk: str, term: Term) -> int:
    # Where no blanks are written, a whole paragraph is one chunk.
    first = term.variants[0][0]
    if len(chunk) <= BEFORE or not is_unspaced(first):
        return 0
    folded = fold(chunk)
    return max(folded.find(first), 0) if len(folded) == len(chunk) else max(chunk.find(term.text), 0)


def _surroundings(text: str, place: int) -> str:
    start = _start(text, place)
    piece = text[start : start + WIDTH]
    if start + WIDTH < len(text):
        piece = piece[: max(piece.rfind(" "), WIDTH // 2)] + "…"
    return ("…" if start else "") + " ".join(piece.split())


def _start(text: str, place: int) -> int:
    """Return where to begin so that a little stands before `place`: at a word, in the same paragraph."""
    earliest = max(place - BEFORE, text.rfind("\n", 0, place) + 1)
    if earliest == 0 or text[earliest - 1].isspace():
        return earliest
    blank = text.find(" ", earliest, place)
    return earliest if blank < 0 else blank + 1
