"""Builds the search index and the anchors of interests anew after a change of the normaliser.

It works in parts, each a transaction that notes how far it came, so a kill in the middle only interrupts it.
"""

import logging

from bot.interest import Interest, Kind, anchors, conditions
from bot.search_text import VERSION
from bot.store.database import Connection, Database
from bot.store.search import empty_index, index_article

logger = logging.getLogger(__name__)

PART = 1000


async def refresh_search(database: Database) -> None:
    """Bring the index to the present normaliser; returns at once where it is."""
    built = await database.read(lambda connection: connection.row("SELECT version FROM search_build"))
    if built != (VERSION,):
        logger.info("search index to be built anew: version=%d", VERSION)
        await database.write(_begin)
    while await database.write(_rebuild_part):
        pass


def _begin(connection: Connection) -> None:
    empty_index(connection)
    connection.run("DELETE FROM interest_anchor")
    for interest_id, kind, wanted in connection.rows("SELECT id, kind, wanted FROM interest"):
        interest = Interest(Kind(kind), wanted)
        connection.run("UPDATE interest SET conditions = ? WHERE id = ?", (conditions(interest), interest_id))
        connection.run_many(
            "INSERT INTO interest_anchor (anchor, interest_id) VALUES (?, ?)",
            [(anchor, interest_id) for anchor in anchors(interest)],
        )
    connection.run("DELETE FROM search_build")
    connection.run("INSERT INTO search_build (version, rebuilt_to) VALUES (?, 0)", (VERSION,))


def _rebuild_part(connection: Connection) -> bool:
    """Index the next articles; return whether there may be more."""
    reached = connection.row("SELECT rebuilt_to FROM search_build WHERE rebuilt_to IS NOT NULL")
    if reached is None:
        return False
    rows = connection.rows(
        "SELECT id, headline, summary, body, source, language FROM article WHERE id > ? ORDER BY id LIMIT ?",
        (*reached, PART),
    )
    for article_id, headline, summary, body, source, language in rows:
        index_article(connection, article_id, headline, summary, body, source=source, language=language)
    may_be_more = len(rows) == PART
    connection.run("UPDATE search_build SET rebuilt_to = ?", (rows[-1][0] if may_be_more else None,))
    return may_be_more
