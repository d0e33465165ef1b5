"""Takes everything about one reader out of the database, for /forget."""

from bot.store.database import Connection
from bot.store.interests import drop_unwanted

BY_CHAT = ("wishes", "digest_message", "search_page", "broadcast_recipient", "post", "stray")


def forget_reader(connection: Connection, reader_id: int) -> None:
    """Delete every row about a reader's private chat; a table that comes to name readers is named here too."""
    rows = connection.rows("DELETE FROM subscription WHERE chat_id = ? RETURNING interest_id", (reader_id,))
    drop_unwanted(connection, [row[0] for row in rows])
    for table in BY_CHAT:
        connection.run(f"DELETE FROM {table} WHERE chat_id = ?", (reader_id,))
    connection.run("DELETE FROM reader WHERE id = ?", (reader_id,))
    connection.run("DELETE FROM saved WHERE reader_id = ?", (reader_id,))
    connection.run("DELETE FROM chat WHERE id = ?", (reader_id,))
    connection.run("DELETE FROM gate WHERE scope IN (?, ?)", (f"chat:{reader_id}", f"edit:{reader_id}"))
    connection.run("DELETE FROM alert WHERE name = ?", (f"chat {reader_id} closed",))
    # A broadcast that has just passed this reader goes on behind the one before.
    connection.run(
        "UPDATE broadcast SET recipient_cursor = recipient_cursor - 1 WHERE recipient_cursor = ?", (reader_id,)
    )
