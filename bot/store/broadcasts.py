"""Broadcasts: an article to every private subscriber as one row with a cursor, and rows only for who is in hand."""

from datetime import UTC, tzinfo

from bot.digests import Wishes, is_silent, zone_of
from bot.models import Errand
from bot.store.database import Connection, Database, Row
from bot.store.interests import forget_matches, recipients
from bot.store.outbox import keep_photo
from bot.store.rows import ARTICLE_COLUMNS, article_from_row
from bot.store.together import Together
from bot.store.wishes import COUNT, WISHES, wishes_from

MOST_PAGES_IN_HAND = 4


class BroadcastStore:
    """What the broadcaster reads and writes. Each call is stored as a whole; calls made side by side share a commit.

    A recipient's row is made when the cursor passes over them and deleted when they have the message, so that a kill
    loses nobody; a row that stays tells of a failure.
    """

    def __init__(self, database: Database, zone: tzinfo = UTC) -> None:
        self._database = database
        self._zone = zone
        self._together = Together(database)

    async def claim(self, limit: int) -> int:
        """Move the oldest broadcast's cursor over up to `limit` recipients; return how many it took in hand."""
        return await self._database.write(lambda connection: _claim(connection, limit))

    async def due(self, now: int, limit: int) -> list[Errand]:
        """Return recipients to be served now, older broadcasts first.

        Nobody gets an article before one that was to come earlier: a recipient of an older broadcast who still
        waits holds back the newer one, for this recipient alone.
        """
        rows = await self._database.read(
            lambda connection: connection.rows(
                "SELECT recipient.broadcast_id, recipient.chat_id, recipient.attempts, recipient.plain,"
                f" {WISHES}, {ARTICLE_COLUMNS} FROM broadcast_recipient AS recipient"
                " LEFT JOIN wishes ON wishes.chat_id = recipient.chat_id AND wishes.thread_id = 0"
                " JOIN broadcast ON broadcast.id = recipient.broadcast_id"
                " JOIN article ON article.id = broadcast.article_id"
                " WHERE recipient.state = 'pending' AND recipient.due_at <= ? AND NOT EXISTS ("
                " SELECT 1 FROM broadcast_recipient AS older WHERE older.chat_id = recipient.chat_id"
                " AND older.broadcast_id < recipient.broadcast_id AND older.state IN ('pending', 'sending'))"
                " ORDER BY recipient.broadcast_id, recipient.chat_id LIMIT ?",
                (now, limit),
            )
        )
        return [self._errand(row[:4], wishes_from(row[4 : 4 + COUNT]), row[4 + COUNT :], now) for row in rows]

    async def begin(self, errand: Errand) -> None:
        """Write down that the call to this recipient begins."""
        await self._set(errand, "state = 'sending', attempts = attempts + 1")

    async def sent(self, errand: Errand, photo_id: str = "") -> None:
        """Write down that this recipient has the message, and keep the id of a photo new to Telegram."""

        def work(connection: Connection) -> None:
            connection.run(
                "DELETE FROM broadcast_recipient WHERE broadcast_id = ? AND chat_id = ?",
                (errand.broadcast_id, errand.chat_id),
            )
            connection.run("UPDATE broadcast SET sent = sent + 1 WHERE id = ?", (errand.broadcast_id,))
            if errand.article is not None:
                keep_photo(connection, errand.article.id, photo_id)

        await self._together.write(work)

    async def put_back(self, errand: Errand, *, due_at: int, error: str, plain: bool = False) -> None:
        """Write down that nothing was sent; the recipient waits until `due_at`."""
        await self._set(
            errand, "state = 'pending', due_at = ?, error = ?, plain = ?", due_at, error, int(plain or errand.plain)
        )

    async def give_up(self, errand: Errand, error: str) -> None:
        """Write down that this recipient does not get the message."""

        def work(connection: Connection) -> None:
            connection.run(
                "UPDATE broadcast_recipient SET state = 'failed', error = ? WHERE broadcast_id = ? AND chat_id = ?",
                (error, errand.broadcast_id, errand.chat_id),
            )
            connection.run("UPDATE broadcast SET failed = failed + 1 WHERE id = ?", (errand.broadcast_id,))

        await self._together.write(work)

    async def recover(self, *, repeat: bool) -> int:
        """At start: settle what was in flight when the last process died; return how many there were."""
        return await self._database.write(lambda connection: _recover(connection, repeat=repeat))

    async def finish(self, now: int) -> None:
        """Close broadcasts that have nobody left in hand."""
        await self._database.write(
            lambda connection: connection.run(
                "UPDATE broadcast SET finished_at = ? WHERE finished_at IS NULL AND exhausted = 1 AND NOT EXISTS ("
                " SELECT 1 FROM broadcast_recipient WHERE broadcast_id = broadcast.id"
                " AND state IN ('pending', 'sending'))",
                (now,),
            )
        )

    def _errand(self, facts: Row, wishes: Wishes, article: Row, now: int) -> Errand:
        broadcast_id, chat_id, attempts, plain = facts
        silent = is_silent(now, wishes, zone_of(wishes, self._zone))
        told = article_from_row(article)
        return Errand(broadcast_id, chat_id, attempts, bool(plain), told, silent=silent, pictures=wishes.pictures)

    async def _set(self, errand: Errand, change: str, *values: object) -> None:
        await self._together.write(
            lambda connection: connection.run(
                f"UPDATE broadcast_recipient SET {change} WHERE broadcast_id = ? AND chat_id = ?",
                (*values, errand.broadcast_id, errand.chat_id),
            )
        )


def _recover(connection: Connection, *, repeat: bool) -> int:
    if repeat:
        return connection.run("UPDATE broadcast_recipient SET state = 'pending' WHERE state = 'sending'")
    connection.run(
        "UPDATE broadcast SET failed = failed + (SELECT COUNT(*) FROM broadcast_recipient"
        " WHERE broadcast_id = broadcast.id AND state = 'sending') WHERE finished_at IS NULL"
    )
    return connection.run(
        "UPDATE broadcast_recipient SET state = 'failed', error = 'no answer came; skipped by setting'"
        " WHERE state = 'sending'"
    )


def _claim(connection: Connection, limit: int) -> int:
    """Claim from the oldest open broadcast; one that has nobody left is closed on the way to the next.

    However many wait because their chats are closed for a while, there are never more than a few pages of rows.
    """
    waiting = connection.row("SELECT COUNT(*) FROM broadcast_recipient WHERE state IN ('pending', 'sending')")
    if waiting and waiting[0] >= MOST_PAGES_IN_HAND * limit:
        return 0
    while True:
        row = connection.row(
            "SELECT id, article_id, recipient_cursor FROM broadcast WHERE exhausted = 0 ORDER BY id LIMIT 1"
        )
        if row is None:
            return 0
        claimed = _claim_from(connection, row, limit)
        if claimed:
            return claimed


def _claim_from(connection: Connection, broadcast: Row, limit: int) -> int:
    broadcast_id, article_id, cursor = broadcast
    chats = recipients(connection, article_id, cursor, limit)
    connection.run_many(
        "INSERT INTO broadcast_recipient (broadcast_id, chat_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(broadcast_id, chat_id) for chat_id in chats],
    )
    connection.run(
        "UPDATE broadcast SET recipient_cursor = ?, exhausted = ? WHERE id = ?",
        (chats[-1] if chats else cursor, int(len(chats) < limit), broadcast_id),
    )
    if len(chats) < limit:
        forget_matches(connection, article_id)
    return len(chats)
