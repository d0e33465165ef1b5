"""The words that stand in the index, found by a piece of them.

SQLite keeps the groups of three letters in an FTS5 table of their own, PostgreSQL in a `tsvector`.
"""

from collections.abc import Collection, Iterable

from bot.search_fold import is_unspaced
from bot.store.database import Connection, placeholders

SHORTEST_PIECE = 4
SHORTEST_KEPT = 3
LONGEST_KEPT = 40
MOST_FOUND = 400
A_QUERY = 500
GROUP = 3


def learn_words(connection: Connection, words: Iterable[str]) -> None:
    """Keep those of the index's words that are not known yet; numbers and pairs of characters are none."""
    candidates = sorted(word for word in words if SHORTEST_KEPT <= len(word) <= LONGEST_KEPT and _is_kept(word))
    new = sorted(set(candidates).difference(known_words(connection, candidates)))
    if connection.dialect == "postgresql":
        connection.run_many(
            "INSERT INTO search_word (word, parts) VALUES (?, CAST(? AS tsvector))",
            [(word, " ".join(f"'{part}'" for part in _groups(word))) for word in new],
        )
        return
    connection.run_many("INSERT INTO search_word (word) VALUES (?)", [(word,) for word in new])
    for part in _queries(new):
        connection.run(
            "INSERT INTO search_word_part (rowid, word)"
            f" SELECT id, word FROM search_word WHERE word IN ({placeholders(len(part))})",
            part,
        )


def known_words(connection: Connection, words: Collection[str]) -> list[str]:
    """Return those of the words that stand in the index."""
    found: dict[str, None] = {}
    for part in _queries(list(words)):
        rows = connection.rows(f"SELECT word FROM search_word WHERE word IN ({placeholders(len(part))})", part)
        found.update((str(row[0]), None) for row in rows)
    return list(found)


def words_with(connection: Connection, piece: str) -> list[str]:
    """Return longer words that contain `piece`: those that end or begin with it first, then the shortest."""
    if len(piece) < SHORTEST_PIECE or not _is_kept(piece):
        return []
    groups = _groups(piece)
    if connection.dialect == "sqlite":
        rows = connection.rows(
            "SELECT search_word.word FROM search_word_part JOIN search_word ON search_word.id = search_word_part.rowid"
            " WHERE search_word_part MATCH ? LIMIT ?",
            (" AND ".join(f'"{group}"' for group in groups), MOST_FOUND),
        )
    else:
        rows = connection.rows(
            "SELECT word FROM search_word WHERE parts @@ CAST(? AS tsquery) LIMIT ?",
            (" & ".join(f"'{group}'" for group in groups), MOST_FOUND),
        )
    found = {str(row[0]) for row in rows if piece in row[0] and row[0] != piece}
    return sorted(found, key=lambda word: (not (word.endswith(piece) or word.startswith(piece)), len(word), word))


def forget_words(connection: Connection) -> None:
    """Forget all words."""
    connection.run("DELETE FROM search_word")
    if connection.dialect == "sqlite":
        connection.run("INSERT INTO search_word_part (search_word_part) VALUES ('delete-all')")


def _queries(words: list[str]) -> list[list[str]]:
    return [words[start : start + A_QUERY] for start in range(0, len(words), A_QUERY)]


def _groups(word: str) -> list[str]:
    return list(dict.fromkeys(word[place : place + GROUP] for place in range(len(word) - GROUP + 1)))


def _is_kept(word: str) -> bool:
    return word[0].isalpha() and (word.isascii() or not is_unspaced(word))
