"""What a call led to is written down before anything else happens with its chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import StoreUnavailable

logger = logging.getLogger(__name__)

STORE_RETRY_SECONDS = 2.0

T = TypeVar("T")


async def recorded(write: Callable[[], Awaitable[T]]) -> T:
    """Return what `write` returns, once the database takes it; it is tried until then."""
    while True:
        try:
            return await write()
        except StoreUnavailable as error:
            logger.error("not recorded yet: error=%s", error)
            await asyncio.sleep(STORE_RETRY_SECONDS)
