"""What else is looked for where few articles, or none, have the very words of a query."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.search_kin import is_near
from bot.search_query import Query, Term, begun, is_word, joined, kin, mistyped, parted, taken_apart, typed_word
from bot.store.database import Connection
from bot.store.vocabulary import SHORTEST_KEPT, SHORTEST_PIECE, known_words, words_with

SHORTEST_IN_OTHERS = 5
SHORTEST_ANYWHERE = 7
SHORTEST_MISSPELLED_TWICE = 8
SHORTEST_ROOT = 4
MOST_OTHERS = 60

Sequences = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Wider:
    """A query to try after the reader's own; `given_up` are the words in whose place others are guessed."""

    query: Query
    given_up: tuple[Term, ...] = ()


def widened(
    connection: Connection, query: Query, is_known: Callable[[Term], bool], found: Callable[[], int]
) -> Iterator[Wider]:
    """Yield wider and wider queries to try after `query`, the likeliest first.

    Args:
        connection: to the index.
        query: what was asked for.
        is_known: whether an article has a term.
        found: how many hits there are by now; guesses are made only where there are none.
    """
    unknown = tuple(term for term in query.required if not is_known(term))
    with_kin = {term: _with(term, _kin(connection, term)) for term in query.required}
    if any(with_kin[term] != term for term in unknown):
        yield Wider(_replaced(query, {term: with_kin[term] for term in unknown}))
    akin = {
        term: _with(with_kin[term], (_related if term in unknown else _compounds)(connection, term))
        for term in query.required
    }
    if akin != {term: term for term in query.required}:
        yield Wider(_replaced(query, akin), unknown)
    if found():
        return
    for guess in _guesses(connection, query, unknown, akin):
        yield guess
        if found():
            return
    for terms in joined(query.required):
        yield Wider(replace(query, required=terms), query.required)
    yield from _apart(query, unknown)


def _guesses(
    connection: Connection, query: Query, unknown: tuple[Term, ...], akin: dict[Term, Term]
) -> Iterator[Wider]:
    short = {term: begun(term) or term for term in unknown if is_word(term) and len(typed_word(term)) < SHORTEST_PIECE}
    if short:
        yield Wider(_replaced(query, akin | short), unknown)
    if not unknown or not all(map(is_word, unknown)):
        return
    for guess in (_misspelled, _misspelled_twice, _same_beginning):
        guessed = {term: _with(akin[term], guess(connection, term)) for term in unknown}
        yield Wider(_replaced(query, akin | guessed), unknown)


def _replaced(query: Query, others: dict[Term, Term]) -> Query:
    return replace(query, required=tuple(others.get(term, term) for term in query.required))


def _apart(query: Query, unknown: tuple[Term, ...]) -> Iterator[Wider]:
    for term in unknown:
        for parts in taken_apart(term):
            yield Wider(replace(query, required=(*(one for one in query.required if one != term), *parts)), unknown)


def _with(term: Term, others: Sequences) -> Term:
    return replace(term, variants=tuple(dict.fromkeys((*term.variants, *others)))) if others else term


def _compounds(connection: Connection, term: Term) -> Sequences:
    """Return the compounds of a word that stands in the index."""
    if not is_word(term):
        return ()
    compounds = [
        word
        for (own,) in term.variants
        if len(own) >= SHORTEST_IN_OTHERS
        for word in words_with(connection, own)
        if len(own) >= SHORTEST_ANYWHERE or word.startswith(own) or word.endswith(own)
    ]
    return tuple((word,) for word in compounds[:MOST_OTHERS])


def _kin(connection: Connection, term: Term) -> Sequences:
    forms = [form for (form,) in kin(term)]
    short = [form for form in forms if len(form) < SHORTEST_KEPT]
    return tuple((word,) for word in (*known_words(connection, forms), *short))


def _related(connection: Connection, term: Term) -> Sequences:
    """Return what contains a word that stands nowhere, and the two that it may have been put together of."""
    if not is_word(term):
        return ()
    pieces = {own for (own,) in (*term.variants, (typed_word(term),))}
    containing = dict.fromkeys(
        word for piece in sorted(pieces, key=len) for word in words_with(connection, piece) if _is_part(piece, word)
    )
    others = ((word,) for word in list(containing)[:MOST_OTHERS])
    return (*others, *parted(term))


def _is_part(piece: str, word: str) -> bool:
    """Say whether a longer word may be made of a piece and others: 'autobahn' of 'bahn', not 'million' of 'lion'."""
    if len(piece) >= SHORTEST_IN_OTHERS or word.startswith(piece):
        return True
    return word.endswith(piece) and len(word) - len(piece) >= SHORTEST_ROOT


def _misspelled(connection: Connection, term: Term) -> Sequences:
    meant = mistyped(term)
    return tuple((word,) for word in known_words(connection, [word for (word,) in meant.variants])) if meant else ()


def _misspelled_twice(connection: Connection, term: Term) -> Sequences:
    """Return words two letters of which are mistaken, if half of the word is right."""
    meant: dict[str, None] = {}
    for own in {own for (own,) in term.variants if len(own) >= SHORTEST_MISSPELLED_TWICE}:
        middle = len(own) // 2
        for piece in (own[:middle], own[-middle:]):
            meant.update((word, None) for word in words_with(connection, piece) if is_near(own, word, 2))
    return tuple((word,) for word in meant)


def _same_beginning(connection: Connection, term: Term) -> Sequences:
    """Return the words that share most with an unknown one from its beginning: another ending, or another compound."""
    shortest = min((own for (own,) in term.variants), key=len)
    for typed in dict.fromkeys((typed_word(term), shortest)):
        for length in range(len(typed) - 1, max(SHORTEST_ROOT, -(-len(typed) // 2)) - 1, -1):
            root = typed[:length]
            others = [word for word in words_with(connection, root) if word.startswith(root) or word.endswith(root)]
            if others or known_words(connection, [root]):
                return tuple((word,) for word in (root, *others[:MOST_OTHERS]))
    return ()
