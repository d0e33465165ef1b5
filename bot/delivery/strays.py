"""At start: finds posts of ours that the database does not know of, because it was restored from a backup.

Without this, a backup of yesterday would post today's articles a second time. What stands in the channel above the
last id known is looked at once, before the first post; a post that is found there is recorded instead of sent again.
"""

import logging
from collections.abc import Callable

from bot.delivery.likeness import becomes_a_link, first_line, is_stray_of
from bot.delivery.looking import Looker, TooManyStrangers
from bot.errors import SendRefused
from bot.models import Post, Stray
from bot.ports import Alerts, Outbox, Probed, Sent

logger = logging.getLogger(__name__)

WITHOUT_LINK = ""
MANY = 100
MOST_LOOKED_OVER = 3000


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
        """Look a channel over once in this process; one that was never posted to has nothing to find.

        A group is not looked over: what its members write is not for the admins' eyes without need.
        """
        if chat_id in self._looked or self._looker is None or not self._looker.sees:
            return
        base = await self._outbox.last_post(chat_id)
        if base and await self._outbox.chat_kind(chat_id) == "channel":
            await self._walk(chat_id, base, self._looker)
        self._looked.add(chat_id)

    async def _walk(self, chat_id: int, base: int, looker: Looker) -> None:
        count, alert, name = 0, f"chat {chat_id} strangers", await self._outbox.chat_name(chat_id)
        try:
            async for message_id, probed in looker.strangers(chat_id, base, most=MOST_LOOKED_OVER):
                # Kept one by one: a restart goes on where this one was, and asks for none of them again.
                await self._outbox.keep_strays(chat_id, self._strays_of(message_id, probed), message_id)
                count += 1
                if count == MANY:
                    await self._alerts.tell(alert, "alert_strangers", chat=name, count=count)
        except TooManyStrangers as error:
            await self._alerts.tell(f"{alert} without end", "alert_strangers_endless", chat=name, count=error.count)
        except SendRefused as error:
            logger.warning("channel not looked over: chat=%d error=%s", chat_id, error)
        else:
            await self._alerts.clear(alert, "alert_strangers_over", chat=name, count=count)
        logger.info("channel looked over: chat=%d base=%d strangers=%d", chat_id, base, count)

    def _strays_of(self, message_id: int, probed: Probed) -> list[Stray]:
        headline, keys = first_line(probed.text), [self._link_key(link) for link in probed.links]
        return [Stray(key, headline, message_id, probed.form) for key in dict.fromkeys(keys or [WITHOUT_LINK])]

    async def find(self, post: Post) -> Sent | None:
        """Return the message of ours that already shows this post's article, if one was found."""
        link = post.article.link
        key = self._link_key(link) if becomes_a_link(link) else WITHOUT_LINK
        for stray in await self._outbox.strays(post.chat_id, key):
            if is_stray_of(stray, post.article):
                return Sent(stray.message_id, stray.form)
        return None
