"""What a reader typed after /search, as a value: any text is a query, none is a mistake."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from bot.search_fold import fold, is_unspaced, plain
from bot.search_kin import arabic_forms, halves, misspelled
from bot.search_stem import stem
from bot.search_text import spellings, variants, words_of

LONGEST_QUERY = 200
MOST_TERMS = 12
SHORTEST_BEGINNING = 3
SHORTEST_APART = 4
LONGEST_APART = 12
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"–": "-", "—": "-", "−": "-", "：": ":"})
PART = re.compile(
    r'(?P<minus>-?)(?:(?P<key>from|after):\s*)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))', re.IGNORECASE
)


YEAR_OR_MONTH = re.compile(r"\d{4}(-\d{2})?")


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


def is_word(term: Term) -> bool:
    """Say whether a term is one word, of a script written with blanks: only of such others are tried."""
    return len(term.variants[0]) == 1 and not is_unspaced(term.variants[0][0])


def typed_word(term: Term) -> str:
    """Return the word that was typed, folded: without signs before or behind it."""
    return words_of(term.text)[0]


def kin(term: Term) -> tuple[tuple[str, ...], ...]:
    """Return the other forms a word may have that no stemmer brings together with it, such as Arabic plurals."""
    if not is_word(term):
        return ()
    spelled = dict.fromkeys(word for spelling in spellings(term.text) for word in words_of(spelling))
    return tuple((form,) for word in spelled for form in arabic_forms(word))


def begun(term: Term) -> Term | None:
    """Return the term as the beginning of a word, None where it is too short to say anything."""
    typed = typed_word(term)
    if not is_word(term) or len(typed) < SHORTEST_BEGINNING:
        return None
    return Term((*term.variants, (typed,)), prefix=True, text=term.text)


def mistyped(term: Term) -> Term | None:
    """Return the term in every way that it may be meant with one letter mistyped, None where that says nothing."""
    meant = misspelled(typed_word(term)) if is_word(term) else ()
    return Term(tuple((word,) for word in meant), text=term.text) if meant else None


def parted(term: Term) -> tuple[tuple[str, ...], ...]:
    """Return the two words that a reader may have written as one, in every way to part it."""
    if not is_word(term):
        return ()
    return tuple((stem(left), stem(right)) for left, right in halves(typed_word(term)))


def joined(terms: tuple[Term, ...]) -> tuple[tuple[Term, ...], ...]:
    """Return the terms with two neighbours as one word, for each such pair: 'car maker' may be 'carmaker'."""
    made = []
    for place, (left, right) in enumerate(pairwise(terms)):
        one = _term(left.text + right.text) if is_word(left) and is_word(right) else None
        if one:
            made.append((*terms[:place], one, *terms[place + 2 :]))
    return tuple(made)


def taken_apart(term: Term) -> tuple[tuple[Term, ...], ...]:
    """Return the words that may have been typed as one in a script without blanks: two by two, and as two parts."""
    typed = plain(term.text).strip()
    if len(typed) < SHORTEST_APART or len(typed) > LONGEST_APART or not all(map(is_unspaced, typed)):
        return ()
    pairs = tuple(typed[place : place + 2] for place in range(0, len(typed), 2))
    parts = (pairs, *((typed[:place], typed[place:]) for place in range(2, len(typed) - 1)))
    return tuple(tuple(found for piece in part if (found := _term(piece))) for part in dict.fromkeys(parts))


def _term(value: str) -> Term | None:
    sequences = variants(value)
    if not sequences:
        return None
    last = sequences[0][-1]
    return Term(sequences, prefix=len(last) == 1 and is_unspaced(last), text=value)


def _midnight(text: str) -> int | None:
    written = fold(text)
    if YEAR_OR_MONTH.fullmatch(written):
        written += "-01-01"[len(written) - len("2026-01-01") :]
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
