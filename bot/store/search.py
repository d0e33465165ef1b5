"""Full-text search: the one place where the two databases differ (decision 0030).

Both hold the words that `search_text.normalise` makes, in three fields: headline, body (summary and text) and source.
SQLite keeps them in a contentless FTS5 table, PostgreSQL in a `tsvector` with the weights A, B and C.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.search_query import Query, Term
from bot.search_text import index_words, normalise
from bot.store.database import Connection
from bot.store.search_widening import widened
from bot.store.vocabulary import forget_words, learn_words

NEWEST = 300
"""How many of the newest hits are ranked; a frequent word has hundreds of thousands."""

ENOUGH = 20
"""So many hits of the very words need no others behind them."""

FREQUENT = 5_000
"""A word that more articles have is left out of BM25."""

IN_HEADLINE = 4.0
TEXT = "- {source}"  # leaving one field out is quicker than naming two
YEAR = 365 * 86_400
LAST_POSITION = 16_383  # a tsvector knows none above

SQLITE_NEWEST = """
    SELECT article.id, article.published
    FROM article_search
    JOIN article ON article.id = article_search.rowid
    WHERE article_search MATCH ?
    AND article.published >= ?
    ORDER BY article_search.rowid DESC
    LIMIT ?
"""
SQLITE_RELEVANCE = """
    SELECT rowid, -bm25(article_search, 5.0, 1.0, 1.0)
    FROM article_search
    WHERE article_search MATCH ?
    AND rowid >= ?
"""
SQLITE_WHERE = (
    "SELECT rowid FROM article_search WHERE article_search MATCH ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?"
)
SQLITE_BEYOND = "SELECT 1 FROM article_search WHERE article_search MATCH ? LIMIT 1 OFFSET ?"
POSTGRESQL_NEWEST = """
    SELECT article.id, article.published
    FROM article_search
    JOIN article ON article.id = article_search.rowid
    WHERE document @@ CAST(? AS tsquery)
    AND article.published >= ?
    ORDER BY article_search.rowid DESC
    LIMIT ?
"""
POSTGRESQL_RELEVANCE = """
    SELECT rowid, ts_rank(document, CAST(? AS tsquery)) * 10
    FROM article_search
    WHERE document @@ CAST(? AS tsquery)
    AND rowid >= ?
"""
POSTGRESQL_BEYOND = "SELECT 1 FROM article_search WHERE document @@ CAST(? AS tsquery) LIMIT 1 OFFSET ?"

# Ids follow time, so most of the index need not be looked at.
SQLITE_COUNT = """
    SELECT COUNT(*)
    FROM article_search
    JOIN article ON article.id = article_search.rowid
    WHERE article_search MATCH ?
    AND article_search.rowid >= (SELECT MIN(id) FROM article WHERE published >= ?)
    AND article.published >= ?
"""
POSTGRESQL_COUNT = """
    SELECT COUNT(*)
    FROM article_search
    JOIN article ON article.id = article_search.rowid
    WHERE document @@ CAST(? AS tsquery)
    AND article_search.rowid >= (SELECT MIN(id) FROM article WHERE published >= ?)
    AND article.published >= ?
"""


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what a query finds.

    Attributes:
        ids: of the articles, best first.
        total: how many there are on all pages, at most `NEWEST`.
        missing: words of the query as typed that stand in no article: what was found has others in their place.
    """

    ids: list[int]
    total: int
    missing: tuple[str, ...] = ()


def index_article(
    connection: Connection,
    article_id: int,
    headline: str,
    summary: str,
    body: str,
    *,
    source: str = "",
    language: str = "",
) -> None:
    """Add an article to the index, in the caller's transaction."""
    fields = _fields(headline, summary, body, source, language)
    learn_words(connection, {word for field in fields for word in field.split()})
    if connection.dialect == "sqlite":
        connection.run(
            "INSERT INTO article_search (rowid, headline, body, source) VALUES (?, ?, ?, ?)", (article_id, *fields)
        )
        return
    connection.run(
        "INSERT INTO article_search (rowid, document) VALUES (?, CAST(? AS tsvector))", (article_id, _document(fields))
    )


def unindex_article(
    connection: Connection,
    article_id: int,
    headline: str,
    summary: str,
    body: str,
    *,
    source: str = "",
    language: str = "",
) -> None:
    """Take an article out of the index; every text must be the one it was indexed with."""
    if connection.dialect == "sqlite":
        fields = _fields(headline, summary, body, source, language)
        connection.run(
            "INSERT INTO article_search (article_search, rowid, headline, body, source) VALUES ('delete', ?, ?, ?, ?)",
            (article_id, *fields),
        )
        return
    connection.run("DELETE FROM article_search WHERE rowid = ?", (article_id,))


def empty_index(connection: Connection) -> None:
    """Take all articles out of the index at once."""
    forget_words(connection)
    if connection.dialect == "sqlite":
        connection.run("INSERT INTO article_search (article_search) VALUES ('delete-all')")
    else:
        connection.run("DELETE FROM article_search")


def search(connection: Connection, query: Query, limit: int, offset: int, *, now: int) -> Hits:
    """Return one page of hits.

    Where few have the very words, those follow that have words akin to them; where none has, words that may be meant.
    """
    if not query.asks_for_something:
        return Hits([], 0)
    hits = dict.fromkeys(_ranked(connection, query, now))
    missing: tuple[str, ...] = ()
    if len(hits) < ENOUGH:
        for wider in widened(
            connection, query, lambda term: _occurs_more_often(connection, term, 0), lambda: len(hits)
        ):
            more = _ranked(connection, wider.query, now)
            if more and not hits:
                missing = tuple(term.text for term in wider.given_up)
            hits.update(dict.fromkeys(more))
    best = list(hits)
    return Hits(best[offset : offset + limit], len(best), missing)


def count_since(connection: Connection, query: Query, since: int) -> int:
    """Return how many articles published at `since` or later hold the very words of a query."""
    if not query.asks_for_something:
        return 0
    if connection.dialect == "sqlite":
        row = connection.row(SQLITE_COUNT, (fts5_expression(query), since, since))
    else:
        row = connection.row(POSTGRESQL_COUNT, (tsquery_expression(query), since, since))
    return int(row[0]) if row else 0


def _ranked(connection: Connection, query: Query, now: int) -> list[int]:
    if connection.dialect == "sqlite":
        rows = connection.rows(SQLITE_NEWEST, (fts5_expression(query), query.after or 0, NEWEST))
        relevance = _sqlite_relevance(connection, query, rows[-1][0]) if rows else {}
    else:
        expression = tsquery_expression(query)
        rows = connection.rows(POSTGRESQL_NEWEST, (expression, query.after or 0, NEWEST))
        relevance = dict(connection.rows(POSTGRESQL_RELEVANCE, (expression, expression, rows[-1][0]))) if rows else {}
    best = sorted(rows, key=lambda row: (-_score(relevance.get(row[0], 0.0), now - row[1]), -row[0]))
    return [int(row[0]) for row in best]


def _sqlite_relevance(connection: Connection, query: Query, oldest: int) -> dict[int, float]:
    """Return the relevance of articles from `oldest` on.

    BM25 has to count all articles with each word, which takes long for a frequent one; and just those hardly weigh in
    it. So it is asked about the rarer words, and for the frequent ones the headline decides.
    """
    relevance: dict[int, float] = defaultdict(float)
    rare = tuple(term for term in query.required if not _occurs_more_often(connection, term, FREQUENT))
    if rare:
        expression = fts5_expression(Query(required=rare))
        relevance.update(connection.rows(SQLITE_RELEVANCE, (expression, oldest)))
    if query.required:
        for (article_id,) in connection.rows(
            SQLITE_WHERE, (_fts5_fields("{headline}", query.required), oldest, NEWEST)
        ):
            relevance[article_id] += IN_HEADLINE
    return relevance


def _occurs_more_often(connection: Connection, term: Term, number: int) -> bool:
    """Say whether more than `number` articles have a term."""
    if connection.dialect == "sqlite":
        return connection.row(SQLITE_BEYOND, (fts5_expression(Query(required=(term,))), number)) is not None
    return connection.row(POSTGRESQL_BEYOND, (tsquery_expression(Query(required=(term,))), number)) is not None


def _score(relevance: float, age: int) -> float:
    # Half the weight after a year: an old article has to fit twice as well.
    return (1 + relevance) / (1 + max(age, 0) / YEAR)


def _fields(headline: str, summary: str, body: str, source: str, language: str) -> tuple[str, str, str]:
    return (
        index_words(headline, language),
        index_words(f"{summary}\n{body}", language),
        normalise(source),
    )


def _document(fields: tuple[str, str, str]) -> str:
    """Return the text form of a tsvector; search words hold letters, digits and marks only, so nothing is escaped."""
    lexemes: dict[str, list[str]] = {}
    position = 0
    for weight, field in zip("ABC", fields, strict=True):
        for word in field.split():
            position += 1
            lexemes.setdefault(word, []).append(f"{min(position, LAST_POSITION)}{weight}")
        position += 1  # no phrase reaches from one field into the next
    return " ".join(f"'{word}':{','.join(places)}" for word, places in lexemes.items())


def fts5_expression(query: Query) -> str:
    """Return the query in the language of SQLite's FTS5; every word stands in quotes, so none is an operator."""
    fields = ((TEXT, query.required), ("{source}", query.sources))
    wanted = " AND ".join(_fts5_fields(names, terms) for names, terms in fields if terms)
    if not query.excluded:
        return wanted
    return f"({wanted}) NOT {TEXT} : ({' OR '.join(map(_fts5_term, query.excluded))})"


def _fts5_fields(fields: str, terms: Sequence[Term]) -> str:
    return f"{fields} : ({' AND '.join(map(_fts5_term, terms))})"


def _fts5_term(term: Term) -> str:
    star = " *" if term.prefix else ""
    return "(" + " OR ".join(f'"{" ".join(sequence)}"{star}' for sequence in term.variants) + ")"


def tsquery_expression(query: Query) -> str:
    """Return the query as the text of a tsquery; every word stands in quotes, so none is an operator."""
    parts = [_tsquery_term(term, "AB") for term in query.required]
    parts += [_tsquery_term(term, "C") for term in query.sources]
    parts += ["!" + _tsquery_term(term, "AB") for term in query.excluded]
    return " & ".join(parts)


def _tsquery_term(term: Term, weights: str) -> str:
    return "(" + " | ".join(_tsquery_phrase(sequence, weights, prefix=term.prefix) for sequence in term.variants) + ")"


def _tsquery_phrase(sequence: Sequence[str], weights: str, *, prefix: bool) -> str:
    words = [f"'{word}':{weights}" for word in sequence]
    if prefix:
        words[-1] += "*"
    return "(" + " <-> ".join(words) + ")"
