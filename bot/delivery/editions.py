"""An article's message for many readers: composed once for all of them, and its picture falls a rung for all."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from bot.delivery.compose import Composed, bare
from bot.errors import StoreUnavailable
from bot.models import Article
from bot.pictures import Rung, next_rung

logger = logging.getLogger(__name__)

MOST_KEPT = 8

V = TypeVar("V")
Key = tuple[int, str, int | None, str]


class Editions:
    """Keeps the newest few messages that are being broadcast.

    Args:
        compose: makes an article's message, its picture on the rung named or, for '', on the first possible.
    """

    def __init__(self, compose: Callable[[Article, str], Awaitable[Composed]]) -> None:
        self._compose = compose
        self._rungs: OrderedDict[int, Rung] = OrderedDict()
        self._photo_ids: OrderedDict[int, str] = OrderedDict()
        self._composing: OrderedDict[Key, asyncio.Future[Composed]] = OrderedDict()

    async def of(self, article: Article, *, pictures: bool = True) -> Composed:
        """Return the message as it goes out now, for readers who want no pictures without one."""
        # Who waits in a queue was read from the database before the picture was known to the server.
        article = replace(article, photo_id=article.photo_id or self._photo_ids.get(article.id, ""))
        rung = self._rungs.get(article.id, "") if pictures else Rung.NONE
        key = (article.id, article.photo_id, article.updated_at, str(rung))
        if key not in self._composing:
            self._composing[key] = asyncio.ensure_future(self._compose(article, rung))
            _forget_oldest(self._composing)
        try:
            return await asyncio.shield(self._composing[key])
        except StoreUnavailable:
            self._composing.pop(key, None)
            raise
        except Exception:  # the bulkhead of one article: those who come after are not to wait for it
            logger.exception("article not composed, this is our bug: article=%d", article.id)
            return bare((article,))

    def refused(self, article: Article, rung: Rung) -> None:
        """Say that the server does not take the picture on this rung; the next one is tried, once for all readers."""
        if self._rungs.get(article.id, rung) == rung:
            self._rungs[article.id] = next_rung(rung)
            _forget_oldest(self._rungs)

    def shown(self, article: Article, photo_id: str) -> None:
        """Say that the server has taken the picture; the next readers get it by the id that the server gave it."""
        self._rungs.pop(article.id, None)
        self._photo_ids[article.id] = photo_id
        _forget_oldest(self._photo_ids)
        for key in [key for key in self._composing if key[:2] == (article.id, article.photo_id)]:
            del self._composing[key]  # its file need not be kept


def _forget_oldest(kept: OrderedDict[int, V] | OrderedDict[Key, V]) -> None:
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
