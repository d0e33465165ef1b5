"""The outbox: which post goes to which chat, and what became of it."""

from collections.abc import Sequence

from bot.models import Post, PostState, Stray
from bot.pictures import Rung
from bot.ports import Sent
from bot.schedule import next_edit_at
from bot.store.chat_book import ChatBook
from bot.store.database import Connection
from bot.store.rows import ARTICLE_COLUMNS, POST_COLUMNS, post_from_row, whole_post

# A burst's posts share one message and so one fate.
SHARED = "(id = ? OR group_id = ?)"


class Outbox(ChatBook):
    """What the delivery worker reads and writes. Each call is one transaction."""

    async def waiting_chats(self) -> list[int]:
        """Return the chats that have posts waiting and are open, the one with the oldest post first."""
        rows = await self._database.read(
            lambda connection: connection.rows(
                "SELECT post.chat_id FROM post LEFT JOIN chat ON chat.id = post.chat_id"
                " WHERE post.state IN ('pending', 'sending') AND (chat.state IS NULL OR chat.state = 'open')"
                " GROUP BY post.chat_id ORDER BY MIN(post.id)"
            )
        )
        return [row[0] for row in rows]

    async def head(self, chat_id: int) -> Post | None:
        """Return the first waiting post of a chat: posts leave in the order of their ids."""
        return await self._database.read(lambda connection: _head(connection, chat_id))

    async def waiting(self, chat_id: int) -> list[Post]:
        """Return a chat's waiting posts that were never begun and belong to no burst, in order; without their texts."""
        rows = await self._database.read(
            lambda connection: connection.rows(
                f"SELECT {POST_COLUMNS}, {ARTICLE_COLUMNS} FROM post JOIN article ON article.id = post.article_id"
                " WHERE post.chat_id = ? AND post.state = 'pending' AND post.attempts = 0 AND post.group_id IS NULL"
                " AND post.thread_id = 0 ORDER BY post.id",
                (chat_id,),
            )
        )
        return [post_from_row(row) for row in rows]

    async def fold(self, groups: Sequence[Sequence[Post]]) -> None:
        """Let each group of posts share one message, that of its first post, from now on."""
        rows = [(group[0].id, post.id) for group in groups for post in group]
        sql = "UPDATE post SET group_id = ? WHERE id = ? AND state = 'pending'"
        await self._database.write(lambda connection: connection.run_many(sql, rows))

    async def unfold(self, post: Post) -> None:
        """Let the posts of a burst go out one by one; begun once, they are not folded again."""
        await self._run("UPDATE post SET group_id = NULL, state = 'pending', plain = 0 WHERE group_id = ?", (post.id,))

    async def begin(self, post: Post, now: int) -> bool:
        """Write down that the call begins now; the ids known in the chat so far are the base to look it up from.

        Returns False where the post does not wait any more: somebody else has begun it, and it is not to be sent.
        """
        begun = await self._run(
            "UPDATE post SET state = 'sending', sending_at = ?, attempts = attempts + 1, rung = ?,"
            " base_id = (SELECT highest_message_id FROM chat WHERE chat.id = post.chat_id)"
            f" WHERE {SHARED} AND state = 'pending'",
            (now, post.rung, post.id, post.id),
        )
        return begun > 0

    async def sent(self, post: Post, sent: Sent, now: int) -> None:
        """Write down that the post stands in the chat."""

        def work(connection: Connection) -> None:
            connection.run(
                # A group may have got a new id during the call; then this message has none there.
                "UPDATE post SET state = 'sent', message_id = CASE WHEN chat_id = ? THEN CAST(? AS BIGINT) END,"
                f" form = ?, sent_at = ?, error = '' WHERE {SHARED}",
                (post.chat_id, sent.message_id, "burst" if post.folded else sent.form, now, post.id, post.id),
            )
            # What changed while the picture was fetched or the turn was waited for does not stand in the message.
            connection.run(
                "UPDATE post SET edit_due_at = ? WHERE id = ? AND edit_due_at IS NULL"
                " AND (SELECT revision FROM article WHERE article.id = post.article_id) <> ?",
                (now, post.id, post.revision),
            )
            if post.rung != Rung.KNOWN:
                keep_photo(connection, post.article.id, sent.photo_id)
            _raise_highest(connection, post.chat_id, sent.message_id)

        await self._database.write(work)

    async def put_back(
        self, post: Post, *, due_at: int, error: str, plain: bool = False, rung: str | None = None
    ) -> None:
        """Write down that nothing was sent; the post waits until `due_at`, and then shows its picture by `rung`.

        A doubtful post stays as it is where it was settled or begun again meanwhile, by another process.
        """
        shown_by = post.rung if rung is None else rung
        where, which = _as_it_was(post)
        await self._run(
            f"UPDATE post SET state = 'pending', due_at = ?, error = ?, plain = ?, rung = ? WHERE {where}",
            (due_at, error, int(plain or post.plain), shown_by, *which),
        )

    async def show_by(self, post: Post, rung: str) -> None:
        """Write down in which form a post shows its picture if it has to be sent again."""
        await self._run("UPDATE post SET rung = ? WHERE id = ?", (rung, post.id))

    async def give_up(self, post: Post, state: PostState, error: str) -> None:
        """Write down that the post will never be sent; for a doubtful one as with `put_back`."""
        where, which = _as_it_was(post)
        await self._run(f"UPDATE post SET state = ?, error = ? WHERE {where}", (state.value, error, *which))

    async def is_known(self, chat_id: int, message_id: int) -> bool:
        """Tell whether a message of a chat is a post already recorded, or one of somebody else seen before."""
        row = await self._database.read(
            lambda connection: connection.row(
                "SELECT 1 FROM post WHERE chat_id = ? AND message_id = ?"
                " UNION ALL SELECT 1 FROM stray WHERE chat_id = ? AND message_id = ?",
                (chat_id, message_id, chat_id, message_id),
            )
        )
        return row is not None

    async def last_post(self, chat_id: int) -> int:
        """Return the highest id of a post of ours in a chat, 0 where there is none."""
        row = await self._database.read(
            lambda connection: connection.row("SELECT MAX(message_id) FROM post WHERE chat_id = ?", (chat_id,))
        )
        return int(row[0]) if row and row[0] is not None else 0

    async def keep_strays(self, chat_id: int, strays: Sequence[Stray], highest: int) -> None:
        """Keep messages that stand in a chat without a row of ours, and that ids up to `highest` were looked at."""
        rows = [(chat_id, stray.link, stray.headline, stray.message_id, stray.form) for stray in strays]

        def work(connection: Connection) -> None:
            connection.run_many(
                "INSERT INTO stray (chat_id, link, headline, message_id, form) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                rows,
            )
            _raise_highest(connection, chat_id, highest)

        await self._database.write(work)

    async def strays(self, chat_id: int, link: str) -> list[Stray]:
        """Return the messages of a chat without a row of ours that hold a link."""
        rows = await self._database.read(
            lambda connection: connection.rows(
                "SELECT link, headline, message_id, form FROM stray WHERE chat_id = ? AND link = ?", (chat_id, link)
            )
        )
        return [Stray(*row) for row in rows]

    async def saw_message(self, chat_id: int, message_id: int) -> None:
        """Keep that a message is somebody else's: it need not be looked at when a post of ours is looked for."""
        await self.keep_strays(chat_id, [Stray("", "", message_id, "")], message_id)

    async def drop_waiting(self, chat_id: int, reason: str) -> None:
        """Give up what waits for a chat that is gone for good."""
        await self._run(
            "UPDATE post SET state = 'skipped', error = ? WHERE chat_id = ? AND state IN ('pending', 'sending')",
            (reason, chat_id),
        )

    async def recent_sends(self, since: int) -> list[tuple[int, float]]:
        """Return chat and time of the posts sent since then, so that a restart keeps to the limits."""
        rows = await self._database.read(
            lambda connection: connection.rows(
                "SELECT chat_id, COALESCE(sent_at, sending_at) FROM post WHERE COALESCE(sent_at, sending_at) >= ?",
                (since,),
            )
        )
        return [(row[0], float(row[1])) for row in rows]

    async def edits_due(self, now: int, *, sent_since: int, limit: int = 20) -> list[Post]:
        """Return sent posts whose article has changed and that may still be edited, the longest due first.

        What stands in a chat that is closed to us waits until it is open again.
        """
        return await self._database.read(
            lambda connection: [
                whole_post(connection, row)
                for row in connection.rows(
                    f"SELECT {POST_COLUMNS}, {ARTICLE_COLUMNS} FROM post JOIN article ON article.id = post.article_id"
                    " LEFT JOIN chat ON chat.id = post.chat_id"
                    " WHERE post.edit_due_at <= ? AND post.state = 'sent' AND post.message_id IS NOT NULL"
                    " AND post.sent_at >= ? AND (chat.state IS NULL OR chat.state = 'open')"
                    " ORDER BY post.edit_due_at, post.id LIMIT ?",
                    (now, sent_since, limit),
                )
            ]
        )

    async def edited(self, post: Post, now: int) -> None:
        """Write down that a post shows its article as it was when the post was read; a later change is due again."""

        def work(connection: Connection) -> None:
            connection.run("UPDATE post SET edits = edits + 1, edit_due_at = NULL WHERE id = ?", (post.id,))
            row = connection.row(
                "SELECT edits FROM post JOIN article ON article.id = post.article_id"
                " WHERE post.id = ? AND article.revision <> ?",
                (post.id, post.revision),
            )
            if row is not None:
                connection.run("UPDATE post SET edit_due_at = ? WHERE id = ?", (next_edit_at(now, row[0]), post.id))

        await self._database.write(work)

    async def edit_later(self, post: Post, due_at: int) -> None:
        """Write down that a post was not edited for now."""
        await self._run("UPDATE post SET edit_due_at = ? WHERE id = ?", (due_at, post.id))

    async def leave_unedited(self, post: Post) -> None:
        """Write down that a post cannot be edited: its message was deleted, or is refused."""
        await self._run("UPDATE post SET edit_due_at = NULL WHERE id = ?", (post.id,))


def keep_photo(connection: Connection, article_id: int, photo_id: str) -> None:
    """Keep Telegram's id of an article's picture: what it has once need not be fetched or uploaded again."""
    if photo_id:
        connection.run("UPDATE article SET photo_id = ? WHERE id = ?", (photo_id, article_id))


def _as_it_was(post: Post) -> tuple[str, tuple[int | str, ...]]:
    """Return the condition for a post's rows, and that a doubtful one is still the call that was in doubt."""
    if post.state is PostState.SENDING:
        return f"{SHARED} AND state = ? AND attempts = ?", (post.id, post.id, post.state.value, post.attempts)
    return SHARED, (post.id, post.id)


def _raise_highest(connection: Connection, chat_id: int, message_id: int) -> None:
    connection.run(
        "UPDATE chat SET highest_message_id = ? WHERE id = ? AND highest_message_id < ?",
        (message_id, chat_id, message_id),
    )


def _head(connection: Connection, chat_id: int) -> Post | None:
    row = connection.row(
        f"SELECT {POST_COLUMNS}, {ARTICLE_COLUMNS}"
        " FROM post JOIN article ON article.id = post.article_id"
        " WHERE post.chat_id = ? AND post.state IN ('pending', 'sending') ORDER BY post.id LIMIT 1",
        (chat_id,),
    )
    return None if row is None else whole_post(connection, row)
