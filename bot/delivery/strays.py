"""At start: finds posts of ours that the database does not know of, because it was restored from a backup.

Without this, a backup of yesterday would post today's articles a second time. What stands in the channel above the
last id known is looked at once, before the first post; a post that is found there is recorded instead of sent again.
"""

import logging
from collections.abc import Callable

from bot.delivery.looking import Looker, TooManyStrangers
from bot.errors import SendRefused
from bot.models import Article, Post, Stray
from bot.ports import Alerts, Outbox, Probed, Sent

logger = logging.getLogger(__name__)

COMPARED_CHARACTERS = 300
HEADLINE_CHARACTERS = 60
PROBED_KINDS = ("channel", "supergroup")


class Strays:
    """Looks for posts that an old database forgot.

    Args:
        link_key: brings a link into the form in which two of the same article are equal.
    """

    def __init__(
        self, *, outbox: Outbox, looker: Looker | None, alerts: Alerts, link_key: Callable[[str], str]
    ) -> None:
        self._outbox = outbox
        self._looker = looker
        self._alerts = alerts
        self._link_key = link_key
        self._looked: set[int] = set()

    async def look(self, chat_id: int) -> None:
        """Look a chat over once in this process; a chat that was never posted to has nothing to find."""
        if chat_id in self._looked or self._looker is None or not self._looker.sees:
            return
        base = await self._outbox.last_post(chat_id)
        if base and await self._outbox.chat_kind(chat_id) in PROBED_KINDS:
            await self._walk(chat_id, base, self._looker)
        self._looked.add(chat_id)

    async def _walk(self, chat_id: int, base: int, looker: Looker) -> None:
        found: list[Stray] = []
        highest = base
        try:
            async for message_id, probed in looker.strangers(chat_id, base):
                highest = message_id
                found += self._strays_of(message_id, probed)
        except TooManyStrangers as error:
            await self._alerts.tell(
                f"chat {chat_id} strangers",
                f"In {chat_id} {error}. If my database was restored from an old backup, posts made since may be"
                " doubled; if not, all is well.",
            )
        except SendRefused as error:
            logger.warning("channel not looked over: chat=%d error=%s", chat_id, error)
        await self._outbox.keep_strays(chat_id, found, highest)
        logger.info("channel looked over: chat=%d base=%d strangers=%d", chat_id, base, len(found))

    def _strays_of(self, message_id: int, probed: Probed) -> list[Stray]:
        headline = _first_line(probed.text)
        return [Stray(self._link_key(link), headline, message_id, probed.form) for link in dict.fromkeys(probed.links)]

    async def find(self, post: Post) -> Sent | None:
        """Return the message of ours that already shows this post's article, if one was found."""
        if not post.article.link:
            return None
        for stray in await self._outbox.strays(post.chat_id, self._link_key(post.article.link)):
            if _is_same(stray, post.article):
                return Sent(stray.message_id, stray.form)
        return None


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0][:COMPARED_CHARACTERS]


def _is_same(stray: Stray, article: Article) -> bool:
    # A link alone may be somebody else's word about the article; our post has its headline in the first line, and
    # perhaps words of POST_TEMPLATE before it.
    headline = _first_line(article.headline)[:HEADLINE_CHARACTERS]
    return bool(headline) and headline in stray.headline
