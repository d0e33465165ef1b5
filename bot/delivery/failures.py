"""What becomes of a post that was not delivered: each failure has its own way."""

import logging

from bot.delivery.tools import Tools
from bot.errors import (
    ChatClosed,
    ChatGone,
    ChatMoved,
    Doubtful,
    MarkupRefused,
    NotSent,
    PictureRefused,
    SendError,
    SendLater,
)
from bot.models import Post, PostState
from bot.pictures import Rung, next_rung, rung_after_silence
from bot.schedule import retry_delay

logger = logging.getLogger(__name__)


class Failures:
    """Takes failed posts over from the lanes."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def take(self, post: Post, error: SendError) -> bool:
        """Write down what becomes of a post; return whether its lane can go on. Safe to repeat."""
        tools, now = self._tools, int(self._tools.now())
        match error:
            case SendLater():
                await tools.governor.refused(post.chat_id, error.retry_after)
                await tools.outbox.put_back(post, due_at=now, error=str(error))
                logger.warning("chat closed by limit: chat=%d seconds=%g", post.chat_id, error.retry_after)
            case NotSent():
                delay = retry_delay(post.attempts + 1, chance=tools.chance())
                await tools.outbox.put_back(post, due_at=now + int(delay), error=str(error))
                logger.warning("post not sent: post=%d retry_in=%.0f error=%s", post.id, delay, error)
            case Doubtful():
                # The row stays 'sending': the lane finds it there and settles it before anything else goes out.
                await self._try_another_form(post)
                logger.warning("post doubtful: post=%d chat=%d error=%s", post.id, post.chat_id, error)
            case ChatMoved():
                await tools.outbox.put_back(post, due_at=now, error=str(error))
                await tools.outbox.move_chat(post.chat_id, error.chat_id)
                tools.on_moved(post.chat_id, error.chat_id)
                logger.info("chat moved: from=%d to=%d", post.chat_id, error.chat_id)
                return False
            case PictureRefused() if not post.plain and post.rung not in {"", Rung.NONE}:
                rung = next_rung(Rung(post.rung))
                await tools.outbox.put_back(post, due_at=now, error=str(error), rung=rung)
                logger.info("picture refused: post=%d from=%s to=%s error=%s", post.id, post.rung, rung, error)
            case ChatClosed() | ChatGone():
                await self._close(post, error)
                return False
            case _:
                await self._refused(post, error)
        return True

    async def _try_another_form(self, post: Post) -> None:
        """Let a post that did not arrive show its picture in a safer form, or none could ever arrive."""
        rung = Rung(post.rung) if post.rung else Rung.NONE
        safer = rung_after_silence(rung, post.attempts + 1)
        if safer is not rung:
            await self._tools.outbox.show_by(post, safer)

    async def _close(self, post: Post, error: SendError) -> None:
        tools = self._tools
        await tools.outbox.put_back(post, due_at=0, error=str(error))
        await tools.outbox.close_chat(post.chat_id, str(error))
        logger.error("chat closed to us: chat=%d error=%s", post.chat_id, error)
        if post.chat_id in tools.channels:
            name = await tools.outbox.chat_name(post.chat_id)
            await tools.alerts.tell(f"chat {post.chat_id} closed", "alert_chat_closed", chat=name, error=error)
        else:
            await tools.outbox.drop_waiting(post.chat_id, str(error))

    async def _refused(self, post: Post, error: SendError) -> None:
        tools, now = self._tools, int(self._tools.now())
        if not post.plain:
            if isinstance(error, MarkupRefused):
                logger.error("markup refused, this is our bug: post=%d error=%s", post.id, error)
            await tools.outbox.put_back(post, due_at=now, error=str(error), plain=True)
            return
        if post.folded:
            logger.error("burst refused, its posts go out one by one: post=%d error=%s", post.id, error)
            await tools.outbox.unfold(post)
            return
        await tools.outbox.give_up(post, PostState.FAILED, str(error))
        logger.error("post failed: post=%d chat=%d error=%s", post.id, post.chat_id, error)
        name = await tools.outbox.chat_name(post.chat_id)
        await tools.alerts.tell(
            f"post {post.id} failed",
            "alert_post_failed",
            chat=name,
            error=error,
            headline=post.article.headline,
            link=post.article.link,
        )
