"""What a reader typed after /search, as a value: any text is a query, none is a mistake."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.search_text import fold, is_unspaced, near_misses, stems, variants

LONGEST_QUERY = 200
MOST_TERMS = 12
SHORTEST_BEGINNING = 3
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"–": "-", "—": "-", "−": "-", "：": ":"})
PART = re.compile(
    r'(?P<minus>-?)(?:(?P<key>from|after):)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase.

    Attributes:
        variants: sequences of search words, one of which must stand in the article.
        prefix: the last search word may be the beginning of a longer one.
        text: as the reader typed it.
    """

    variants: tuple[tuple[str, ...], ...]
    prefix: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What an article must be to be found.

    Attributes:
        required: all of these stand in it.
        excluded: none of these does.
        sources: all of these stand in its source's name.
        after: published at this second UTC or later, or None.
    """

    required: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    sources: tuple[Term, ...] = ()
    after: int | None = None

    @property
    def asks_for_something(self) -> bool:
        """Say whether there is a word to look for: exclusions and dates alone find nothing."""
        return bool(self.required or self.sources)


def parse_query(text: str) -> Query:
    """Read `words`, `"a phrase"`, `-word`, `from:name` and `after:2026-01-31`; whatever makes no sense is a word."""
    required: list[Term] = []
    excluded: list[Term] = []
    sources: list[Term] = []
    after: int | None = None
    for match in PART.finditer(text[:LONGEST_QUERY].translate(QUOTES)):
        key = (match["key"] or "").lower()
        value = match["phrase"] if match["phrase"] is not None else match["word"]
        moment = _midnight(value) if key == "after" else None
        if moment is not None:
            after = moment
            continue
        term = _term(f"{key} {value}" if key == "after" else value)
        if term is None:
            continue
        if match["minus"] and key != "from":
            excluded.append(term)
        else:
            (sources if key == "from" else required).append(term)
    return Query(tuple(required[:MOST_TERMS]), tuple(excluded[:MOST_TERMS]), tuple(sources[:MOST_TERMS]), after)


def begun(term: Term) -> Term | None:
    """Return the term as the beginning of a word, None where it is too short to say anything."""
    typed = fold(term.text)
    if len(term.variants[0]) > 1 or len(typed) < SHORTEST_BEGINNING:
        return None
    return Term((*term.variants, (typed,)), prefix=True, text=term.text)


def mistyped(term: Term) -> Term | None:
    """Return the term in every way that it may be meant with one letter mistyped, None where that says nothing."""
    if len(term.variants[0]) > 1:
        return None
    meant = dict.fromkeys((stem,) for word in near_misses(term.text) for stem in stems(word))
    return Term(tuple(meant), text=term.text) if meant else None


def _term(value: str) -> Term | None:
    sequences = variants(value)
    if not sequences:
        return None
    last = sequences[0][-1]
    return Term(sequences, prefix=len(last) == 1 and is_unspaced(last), text=value)


def _midnight(text: str) -> int | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
