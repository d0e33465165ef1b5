"""What a health check asks of the database: whether it takes writes, and what waits."""

from dataclasses import dataclass

from bot.store.database import Connection, Database

LONGEST_OVERDUE = 900
"""Seconds a feed may be overdue before the bot counts as stuck: more than a lease, less than anybody would wait."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """How things stand; seconds.

    Attributes:
        overdue: for how long the feed that waits longest has been due.
        waiting: posts that wait to be sent.
        oldest: for how long the oldest of them has been waiting.
    """

    overdue: int
    waiting: int
    oldest: int


async def take_vitals(database: Database, now: int) -> Vitals:
    """Write a word, durably, and count what waits.

    Raises:
        StoreUnavailable: the database takes no writes.
    """
    return await database.write(lambda connection: _take(connection, now))


def _take(connection: Connection, now: int) -> Vitals:
    connection.run(
        "INSERT INTO fact (name, value) VALUES ('health_asked_at', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (str(now),),
    )
    due = connection.row("SELECT MIN(next_poll_at) FROM feed WHERE active = 1 AND stopped = 0")
    posts = connection.row(
        "SELECT COUNT(*), MIN(article.found_at)"
        " FROM post JOIN article ON article.id = post.article_id"
        " WHERE post.state IN ('pending', 'sending')"
    )
    waiting, found_at = posts or (0, None)
    return Vitals(
        overdue=_age(due[0] if due else None, now),
        waiting=int(waiting),
        oldest=_age(found_at, now),
    )


def _age(moment: int | None, now: int) -> int:
    return 0 if moment is None else max(0, now - int(moment))
