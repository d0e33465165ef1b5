"""Receives from Telegram: commands, pressed buttons, and what becomes of the bot in its chats.

By long polling, the next poll confirms the updates of the last one; by webhook, the answer confirms the update. Either
waits a moment for them to be handled: what a kill can lose is a command still at work.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.calls import Call, Reply
from bot.errors import SendLater, TidingsError, TokenInUse, TokenRefused
from bot.messengers.telegram.errors import translate
from bot.messengers.telegram.handler import Hooks, UpdateHandler
from bot.messengers.telegram.inline import Offering
from bot.messengers.telegram.introduction import Introductions, introduce
from bot.messengers.telegram.lanes import UpdateLanes
from bot.ports import Messenger

logger = logging.getLogger(__name__)

POLL_SECONDS = 30
ALLOWED = [Update.MESSAGE, Update.CHANNEL_POST, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER]
HANDLED_BEFORE_CONFIRMED = 0.2
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
CONFLICT_PAUSE = 3.0
CONFLICTS_TO_STOP = 2
WATCH_SECONDS = 300.0
REMEMBERED_UPDATES = 1000


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram shall bring its updates, and what it shows there with each."""

    url: str
    secret: str = field(repr=False)


class Receiver:
    """The inbound side of the bot.

    Args:
        bot: as `sender.build_bot` makes it; this class initialises it, its maker shuts it down.
        answer: answers a call.
        messenger: sends the answers, paced.
        hooks: told of what happens to the bot's chats.
        introductions: how the bot presents itself by language, the first of them in all other languages too.
        offering: finds what a reader may share from any chat.
        webhook: Telegram brings its updates there, to be handed to `take`; None asks Telegram for them.
    """

    def __init__(
        self,
        bot: Bot,
        *,
        answer: Callable[[Call], Awaitable[Reply]],
        messenger: Messenger,
        hooks: Hooks,
        introductions: Introductions,
        offering: Offering,
        webhook: Webhook | None = None,
    ) -> None:
        self._bot = bot
        handler = UpdateHandler(
            bot,
            answer=answer,
            messenger=messenger,
            hooks=hooks,
            offering=offering,
        )
        self._lanes = UpdateLanes(handler.handle)
        self._introductions = introductions
        self._webhook = webhook
        self._taken: deque[int] = deque(maxlen=REMEMBERED_UPDATES)
        self._poll: asyncio.Task[tuple[Update, ...]] | None = None
        self._stopping = asyncio.Event()
        self._bot_is_known = False
        self._offset = 0
        self._confirmed = 0

    async def run(self) -> None:
        """Receive until `stop`; while Telegram is out of reach, keep trying.

        Raises:
            TokenRefused: the token is wrong or was revoked.
            TokenInUse: another process receives with the same token.
        """
        introduction = asyncio.create_task(self._patiently("introduce", self._introduce))
        try:
            await self._patiently("connect", self._connect)
            if self._webhook is None:
                await self._receive()
            else:
                await self._watch(self._webhook)
            await self._finish()
        finally:
            introduction.cancel()
            with suppress(asyncio.CancelledError, TokenRefused):
                await introduction
            self._lanes.cancel()

    async def take(self, body: bytes) -> bool:
        """Take an update that Telegram brought to the webhook; one brought again is taken, and not handled again.

        Returns:
            False where it should be brought again later: the bot is stopping, or has too much at work.
        """
        if self._stopping.is_set() or not self._bot_is_known or self._lanes.is_full:
            return False
        update = _update(body, self._bot)
        if update is None:
            logger.warning("webhook: what came is no update: bytes=%d", len(body))
        elif update.update_id not in self._taken:
            self._taken.append(update.update_id)
            await self._lanes.take([update], HANDLED_BEFORE_CONFIRMED)
        return True

    async def stop(self) -> None:
        """Let `run` finish the calls in hand, within a few seconds, and return."""
        self._stopping.set()
        if self._poll is not None:
            self._poll.cancel()

    async def _connect(self) -> None:
        await self._bot.initialize()
        self._bot_is_known = True
        if self._webhook is None:
            await self._bot.delete_webhook()
        else:
            await self._bot.set_webhook(self._webhook.url, secret_token=self._webhook.secret, allowed_updates=ALLOWED)
            logger.info("webhook set: url=%s", self._webhook.url)

    async def _introduce(self) -> None:
        """Register the commands and the bot's description in each language."""
        await introduce(self._bot, self._introductions)

    async def _patiently(self, what: str, act: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                await act()
            except TelegramError as error:
                ours = translate(error)
                if isinstance(ours, TokenRefused):
                    raise ours from error
                logger.warning("telegram out of reach: step=%s error=%s retry_in=%gs", what, ours, pause)
                await self._rest(ours.retry_after if isinstance(ours, SendLater) else pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    async def _receive(self) -> None:
        pause = FIRST_PAUSE
        conflicts = 0
        while not self._stopping.is_set():
            try:
                updates = await self._next_updates()
            except TelegramError as error:
                ours = translate(error)
                conflicts += isinstance(ours, TokenInUse)
                if isinstance(ours, TokenRefused) or conflicts >= CONFLICTS_TO_STOP:
                    raise ours from error
                await self._rest(_pause_after(ours, pause))
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause, conflicts = FIRST_PAUSE, 0
                await self._take(updates)

    async def _next_updates(self) -> tuple[Update, ...]:
        self._confirmed = self._offset
        self._poll = asyncio.create_task(
            self._bot.get_updates(offset=self._offset or None, timeout=POLL_SECONDS, allowed_updates=ALLOWED)
        )
        try:
            return await self._poll
        except asyncio.CancelledError:
            if self._stopping.is_set():
                return ()
            raise
        finally:
            self._poll = None

    async def _take(self, updates: Sequence[Update]) -> None:
        if not updates:
            return
        self._offset = updates[-1].update_id + 1
        await self._lanes.take(updates, HANDLED_BEFORE_CONFIRMED)
        while self._lanes.is_full and not self._stopping.is_set():
            await self._lanes.wait_for_place()

    async def _watch(self, webhook: Webhook) -> None:
        """Until stopped, look now and then whether Telegram still has the webhook, and whether it reaches us."""
        told = 0
        while not self._stopping.is_set():
            await self._rest(WATCH_SECONDS)
            try:
                found = await self._bot.get_webhook_info()
            except TelegramError as error:
                ours = translate(error)
                if isinstance(ours, TokenRefused):
                    raise ours from error
                continue
            if found.url != webhook.url:
                raise TokenInUse("another process with this token has taken the webhook away")
            failed_at = int(found.last_error_date.timestamp()) if found.last_error_date else 0
            if failed_at > told:
                told = failed_at
                logger.warning("telegram does not reach the webhook: error=%s", found.last_error_message)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _finish(self) -> None:
        await self._lanes.finish()
        if self._offset == self._confirmed:
            return
        # What was answered is confirmed, or it would be answered again after the restart.
        with suppress(TelegramError):
            await self._bot.get_updates(offset=self._offset, limit=1, timeout=0, allowed_updates=ALLOWED)


def _update(body: bytes, bot: Bot) -> Update | None:
    """The update in a webhook's call; None for anything else, as what comes from outside may be."""
    try:
        facts = json.loads(body)
        return Update.de_json(facts, bot) if isinstance(facts, dict) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _pause_after(error: TidingsError, usual: float) -> float:
    if isinstance(error, SendLater):
        pause = error.retry_after
    elif isinstance(error, TokenInUse):
        pause = CONFLICT_PAUSE  # a process that is being replaced may still hold its last poll
    else:
        pause = usual
    logger.warning("no updates: error=%s retry_in=%gs", error, pause)
    return pause
