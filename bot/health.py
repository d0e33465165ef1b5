"""Says whether a running bot does its work: `python -m bot.health` exits 0 if so, else 1."""

import asyncio
import sys
import time

from bot.config import load_settings
from bot.errors import TidingsError
from bot.store.open import open_database
from bot.store.trial import longest_overdue
from bot.store.vitals import LONGEST_OVERDUE


async def overdue(database_url: str, now: int) -> int:
    """Return for how many seconds work has been left undone."""
    database = await open_database(database_url)
    try:
        return await longest_overdue(database, now)
    finally:
        await database.close()


def main() -> int:
    """Say in one line how the bot is."""
    try:
        late = asyncio.run(overdue(load_settings().database_url, int(time.time())))
    except TidingsError as error:
        sys.stderr.write(f"unhealthy: {error}\n")
        return 1
    healthy = late <= LONGEST_OVERDUE
    sys.stderr.write(f"{'healthy' if healthy else 'unhealthy'}: a feed is overdue by {late} s\n")
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main())
