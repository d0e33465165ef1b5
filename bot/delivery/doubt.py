"""Settles the doubtful post: one whose call died without an answer is looked up, never guessed.

A doubtful post is the last thing that was begun in its chat, and ids in a channel or supergroup rise: if it arrived,
it has an id above the highest one known when the call began. The protocol and its failure modes: decision 0003.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from enum import Enum

from bot.delivery.likeness import is_post_of
from bot.delivery.looking import Looker, Unclear
from bot.errors import CannotLook, SendRefused
from bot.models import Post
from bot.ports import Alerts, Clock, Outbox, Sent

logger = logging.getLogger(__name__)

# Where answers are lost again and again, each call may have sent it once more: to a channel or to a reader.
MOST_REPEATS = 4

PROBED_KINDS = ("channel", "supergroup")
UPDATES_SECONDS = 5.0


class Verdict(Enum):
    """What is to be done with a post that was not found."""

    REPEAT = "repeat"
    SKIP = "skip"


class Settler:
    """Decides what became of a doubtful post.

    Args:
        looker: looks at messages; None where there are none to be looked at.
        same_link: tells whether two links lead to the same article.
        policy: for posts that cannot be looked up: 'repeat' or 'skip'; None is repeat in channels and groups and skip
            in private chats.
        wait: seconds from the call before looking, since an answerless message can still arrive.
    """

    def __init__(
        self,
        *,
        outbox: Outbox,
        looker: Looker | None,
        alerts: Alerts,
        now: Clock,
        same_link: Callable[[str, str], bool],
        policy: str | None,
        wait: float,
    ) -> None:
        self._outbox = outbox
        self._looker = looker
        self._alerts = alerts
        self._now = now
        self._same_link = same_link
        self._policy = policy
        self._wait = wait
        self._repeated: Counter[int] = Counter()

    async def settle(self, post: Post) -> Sent | Verdict:
        """Return the post's message where it arrived, else whether to repeat or to skip it."""
        rest = (post.sending_at or 0) + self._wait - self._now()
        if rest > 0:
            await asyncio.sleep(min(rest, self._wait))
        if self._looker is None or await self._outbox.chat_kind(post.chat_id) not in PROBED_KINDS:
            return await self._by_policy(post, CannotLook("the ids of such a chat do not tell", "doubt_ids"))
        try:
            found = await self._look_up(post, self._looker)
        except Unclear as error:
            return await self._by_policy(post, error)
        except SendRefused as error:
            return await self._by_traces(post, self._looker, error)
        logger.info("doubtful post settled: post=%d arrived=%s", post.id, found is not None)
        return Verdict.REPEAT if found is None else found

    async def _by_traces(self, post: Post, looker: Looker, reason: SendRefused) -> Verdict:
        """Where messages cannot be seen, none that is not accounted for is proof that the post did not arrive."""
        base = post.base_id or 0
        try:
            if base and (await looker.is_empty(post.chat_id, base) or await self._is_told_of_all(post, looker)):
                logger.info("doubtful post settled: post=%d arrived=False, nothing stands there", post.id)
                return Verdict.REPEAT
        except SendRefused as error:
            return await self._by_policy(post, reason, error)
        return await self._by_policy(post, reason)

    async def _is_told_of_all(self, post: Post, looker: Looker) -> bool:
        """Say the same a moment later: what others posted while the program was away, it is told once it runs again."""
        await asyncio.sleep(min(UPDATES_SECONDS, self._wait))
        return await looker.is_empty(post.chat_id, post.base_id or 0)

    async def _by_policy(self, post: Post, *reasons: SendRefused) -> Verdict:
        chosen = self._policy or ("skip" if post.chat_id > 0 else "repeat")
        if self._repeated[post.id] == MOST_REPEATS:
            times = MOST_REPEATS + 1
            chosen, reasons = "skip", (*reasons, CannotLook(f"it was sent {times} times", "doubt_sent_often", times))
        self._repeated[post.id] += 1
        logger.warning(
            "doubtful post not looked up: post=%d choice=%s reason=%s", post.id, chosen, "; ".join(map(str, reasons))
        )
        await self._alerts.tell(
            f"post {post.id} doubtful {chosen}",
            "alert_post_repeated" if chosen == "repeat" else "alert_post_left_out",
            chat=await self._outbox.chat_name(post.chat_id),
            reason=reasons,
            link=post.article.link,
        )
        return Verdict(chosen)

    async def _look_up(self, post: Post, looker: Looker) -> Sent | None:
        base, seen = post.base_id or 0, 0
        async for message_id, probed in looker.strangers(post.chat_id, base):
            if is_post_of(probed, post.article, self._same_link):
                return Sent(message_id, probed.form)
            seen += 1
        if not base and not seen:
            # Its first messages were deleted, it seems: where its present ids stand is unknown.
            raise Unclear("no message of that chat is known yet", "doubt_nothing_known")
        return None
