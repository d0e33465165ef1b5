"""The chats that the bot knows: their names and states, what is closed by a limit, and which alerts stand."""

from collections.abc import Sequence

from bot.ports import ChatInfo
from bot.store.database import Connection, Database


class ChatBook:
    """What is kept of chats, whatever is sent there. Each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember_chat(self, info: ChatInfo) -> None:
        """Keep a chat; its state and what is known of its ids stay."""
        await self._run(
            "INSERT INTO chat (id, kind, title, username) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
            " SET kind = excluded.kind, title = excluded.title, username = excluded.username",
            (info.id, info.kind, info.title, info.username),
        )

    async def chat_kind(self, chat_id: int) -> str:
        """Return private, group, supergroup or channel; '' where the chat was never seen."""
        row = await self._database.read(
            lambda connection: connection.row("SELECT kind FROM chat WHERE id = ?", (chat_id,))
        )
        return "" if row is None else str(row[0])

    async def chat_name(self, chat_id: int) -> str:
        """Return what a person calls a chat: its @name, else its title, else its id."""
        row = await self._database.read(
            lambda connection: connection.row("SELECT username, title FROM chat WHERE id = ?", (chat_id,))
        )
        username, title = row or ("", "")
        return f"@{username}" if username else title or str(chat_id)

    async def close_chat(self, chat_id: int, reason: str) -> bool:
        """Pause a chat's lane; its posts wait. Return whether it was open before."""
        changed = await self._run(
            "UPDATE chat SET state = 'paused', reason = ? WHERE id = ? AND state = 'open'", (reason, chat_id)
        )
        return changed > 0

    async def open_chat(self, chat_id: int) -> bool:
        """Resume a chat's lane. Return whether it was paused before."""
        return (
            await self._run("UPDATE chat SET state = 'open', reason = '' WHERE id = ? AND state <> 'open'", (chat_id,))
            > 0
        )

    async def paused_chats(self) -> list[tuple[int, str]]:
        """Return the paused chats that have posts waiting, with the reason."""
        rows = await self._database.read(
            lambda connection: connection.rows(
                "SELECT DISTINCT chat.id, chat.reason FROM chat JOIN post ON post.chat_id = chat.id"
                " WHERE chat.state = 'paused' AND post.state IN ('pending', 'sending')"
            )
        )
        return [(row[0], row[1]) for row in rows]

    async def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: its posts, subscriptions and channel name follow; nothing is doubled."""

        def work(connection: Connection) -> None:
            # The new chat counts its messages from 1: what stands in the old one can be neither edited nor looked up.
            connection.run(
                "UPDATE post SET message_id = NULL, base_id = NULL, edit_due_at = NULL WHERE chat_id = ?", (old,)
            )
            connection.run(
                "INSERT INTO chat (id, kind, title, username, language)"
                " SELECT CAST(? AS BIGINT), 'supergroup', title, username, language FROM chat WHERE id = ?"
                " ON CONFLICT (id) DO UPDATE SET kind = 'supergroup'",
                (new, old),
            )
            for table, same in (
                ("post", "post.article_id = other.article_id AND post.thread_id = other.thread_id"),
                (
                    "subscription",
                    "subscription.thread_id = other.thread_id AND subscription.interest_id = other.interest_id",
                ),
                ("wishes", "wishes.thread_id = other.thread_id"),
            ):
                connection.run(
                    f"DELETE FROM {table} WHERE chat_id = ? AND EXISTS"
                    f" (SELECT 1 FROM {table} AS other WHERE other.chat_id = ? AND {same})",
                    (old, new),
                )
                connection.run(f"UPDATE {table} SET chat_id = ? WHERE chat_id = ?", (new, old))
            connection.run("UPDATE digest_message SET chat_id = ? WHERE chat_id = ?", (new, old))
            connection.run("UPDATE channel SET chat_id = ? WHERE chat_id = ?", (new, old))

        await self._database.write(work)

    async def load_gates(self) -> dict[str, float]:
        """Return until when each scope is closed (`governor.Gates`)."""
        rows = await self._database.read(lambda connection: connection.rows("SELECT scope, closed_until FROM gate"))
        return {row[0]: float(row[1]) for row in rows}

    async def close_gate(self, scope: str, until: float) -> None:
        """Remember that a scope is closed until then (`governor.Gates`)."""
        await self._run(
            "INSERT INTO gate (scope, closed_until) VALUES (?, ?)"
            " ON CONFLICT (scope) DO UPDATE SET closed_until = excluded.closed_until",
            (scope, int(until) + 1),
        )

    async def channel_id(self, name: str) -> int | None:
        """Return the id a channel's name was resolved to once; a renamed channel keeps it."""
        row = await self._database.read(
            lambda connection: connection.row("SELECT chat_id FROM channel WHERE name = ?", (name,))
        )
        return None if row is None else int(row[0])

    async def keep_channel(self, name: str, info: ChatInfo) -> None:
        """Keep what a channel's name was resolved to."""
        await self.remember_chat(info)
        await self._run(
            "INSERT INTO channel (name, chat_id) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", (name, info.id)
        )

    async def raise_alert(self, name: str, now: int) -> bool:
        """Return True the first time; False while the alert stands."""
        sql = "INSERT INTO alert (name, raised_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
        return await self._run(sql, (name, now)) > 0

    async def lower_alert(self, name: str) -> bool:
        """Return True where the alert stood."""
        return await self._run("DELETE FROM alert WHERE name = ?", (name,)) > 0

    async def _run(self, sql: str, parameters: Sequence[object]) -> int:
        return await self._database.write(lambda connection: connection.run(sql, parameters))
