"""The running bot: builds its parts, drives the ticks, and stops it all in order."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.answering import receiver_of
from bot.app.chats import Chats
from bot.app.delivering import broadcaster_of, composer_of, digests_of, editor_of, lanes_of
from bot.app.looks import Renderer
from bot.app.shared import Shared
from bot.app.web import fetcher_of, poller_of, summariser_of
from bot.config import Settings
from bot.delivery.alone import Alone
from bot.delivery.broadcast import Broadcaster
from bot.delivery.lanes import Lanes
from bot.errors import SendError, StoreUnavailable, TidingsError, TokenInUse, TokenRefused
from bot.feeds.subscriber import Subscriber
from bot.feeds.web import HttpWeb
from bot.messengers.telegram.sender import connect, disconnect
from bot.poller import Poller
from bot.serving import PushGate, subscriber_of, web_server
from bot.store import Database, open_database
from bot.store.websub import WebSubStore
from bot.workers import Workers

logger = logging.getLogger(__name__)

TICK_SECONDS = 1
EDIT_SECONDS = 5
CLOSED_CHANNEL_SECONDS = 30
CHANNELS_SECONDS = 10
NAMES_SECONDS = 86_400
DATABASE_SECONDS = 10
FIRST_PAUSE_SECONDS = 1.0
CONNECT_AGAIN_SECONDS = 15.0
LONGEST_STOP_SECONDS = 9.0
EXIT_FINE, EXIT_FAILED, EXIT_MISCONFIGURED = 0, 1, 2


def run(settings: Settings) -> int:
    """Run the bot until SIGTERM or SIGINT; return the program's exit code."""
    return asyncio.run(_run(settings))


async def _run(settings: Settings) -> int:
    async with AsyncExitStack() as stack:
        database = await open_database(settings.database_url)
        stack.push_async_callback(database.close)
        app = App(settings, database)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _stop_in_time, app)
        return await app.run()


def _stop_in_time(app: "App") -> None:
    """Stop in order; where that hangs (a locked database, DNS), leave as a kill would: it loses nothing."""
    app.request_stop()
    last_resort = threading.Timer(LONGEST_STOP_SECONDS, _leave)
    last_resort.daemon = True
    last_resort.start()


def _leave() -> None:
    logger.error("stopping takes too long, what is at work is left: seconds=%g", LONGEST_STOP_SECONDS)
    logging.shutdown()
    os._exit(EXIT_FINE)


class App:
    """The running bot. Build it inside a running event loop."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self._try_again = asyncio.Event()
        self._shared = Shared(settings, database)
        self._renderer = Renderer(settings, lambda: self._shared.bot.username)
        self._chats = Chats(
            settings,
            outbox=self._shared.outbox,
            readers=self._shared.readers,
            messenger=self._shared.messenger,
            alerts=self._shared.alerts,
            admin_chats=self._shared.admin_chats,
            on_open=self._wake,
            on_hope=self._try_again.set,
        )
        self._pushes = PushGate()
        self._subscriber: Subscriber | None = None
        self._exit_code = EXIT_FINE
        self._wakers: list[Callable[[], None]] = []

    def request_stop(self) -> None:
        """Ask the bot to stop; safe to call from a signal handler."""
        self._stop.set()
        self._try_again.set()

    async def run(self) -> int:
        """Run until asked to stop, or until the token turns out to be wrong or in use elsewhere."""
        bot = self._shared.bot
        try:
            await self._prepare()
            async with AsyncExitStack() as stack:
                stack.push_async_callback(disconnect, bot)
                if await self._until_it_works("Telegram", lambda: connect(bot)):
                    await self._work(stack)
        except TokenRefused as error:
            self._fail(error, EXIT_MISCONFIGURED)
        logger.info("stopped: code=%d", self._exit_code)
        return self._exit_code

    async def _prepare(self) -> None:
        shared, now = self._shared, int(time.time())
        await shared.feeds.configure(self._settings.feeds)
        await shared.feeds.release_stale(now)
        await WebSubStore(shared.database).end_all_pushes(now)
        await shared.governor.load()

    async def _work(self, stack: AsyncExitStack) -> None:
        """Answer readers at once, and poll and post as soon as the channels are known."""
        receiver = receiver_of(self._shared, self._chats)
        server = web_server(self._settings, self._shared.database, receiver, self._pushes)
        if server is not None:
            await server.start()
        answering = asyncio.create_task(self._guard(receiver.run()), name="receiver")
        stack.push_async_callback(_ended, answering)
        stack.push_async_callback(receiver.stop)
        if server is not None:
            stack.push_async_callback(server.stop)
        stack.push_async_callback(self._shared.governor.close)
        if await self._find_chats(stack):
            await self._publish()

    async def _find_chats(self, stack: AsyncExitStack) -> bool:
        """Find the log chat, however long it takes, and look for the channels; False when asked to stop meanwhile.

        A channel that is not found in a moment is looked for further on, and does not stop the others.
        """
        log_chat = self._settings.log_chat_id
        find_log_chat = partial(self._chats.find_log_chat, log_chat or "")
        if log_chat and not await self._until_it_works("LOG_CHAT_ID", find_log_chat):
            return False
        searches = [asyncio.create_task(self._guard(self._find_channel(name))) for name in self._settings.channels]
        for search in searches:
            stack.push_async_callback(_ended, search)
        await asyncio.wait(searches, timeout=CHANNELS_SECONDS)
        return not self._stop.is_set()

    async def _find_channel(self, name: str) -> None:
        await self._until_it_works(f"channel {name}", partial(self._chats.find_channel, name))

    async def _publish(self) -> None:
        async with AsyncExitStack() as stack:
            composer = await composer_of(self._shared, self._renderer, stack)
            lanes = lanes_of(self._shared, self._chats, composer)
            broadcaster = broadcaster_of(self._shared, self._chats, composer)
            digests = digests_of(self._shared, self._chats)
            self._wakers = [lanes.wake, broadcaster.wake]
            poller = await self._poller(stack)
            senders: tuple[Lanes | Broadcaster, ...] = (lanes, broadcaster, digests)
            alone = Alone(self._shared.database.may_send, self._shared.take_over)
            works = [alone.run(), *(alone.then(sender.run) for sender in senders)]
            tasks = [asyncio.create_task(self._guard(work)) for work in works]
            scheduler = self._scheduler(poller, partial(alone.only, editor_of(self._shared, self._renderer).tick))
            logger.info("running: feeds=%d channels=%d", len(self._settings.feeds), len(self._chats.ids))
            await self._stop.wait()
            logger.info("stopping: reason=%s", "asked to" if self._exit_code == EXIT_FINE else "error")
            scheduler.remove_all_jobs()
            await self._stop_parts(poller, senders)
            alone.stop()
            await asyncio.gather(*tasks)
            scheduler.shutdown(wait=False)

    async def _stop_parts(self, poller: Poller, senders: Sequence[Lanes | Broadcaster]) -> None:
        stops = [poller.stop(), *(sender.stop() for sender in senders)]
        if self._subscriber is not None:
            stops.append(self._subscriber.stop())
        await asyncio.gather(*stops)

    async def _poller(self, stack: AsyncExitStack) -> Poller:
        """Return the poller, ready to tick; where hubs can reach us, its feeds' pushes have a subscriber too."""
        settings, shared = self._settings, self._shared
        fetcher = await stack.enter_async_context(fetcher_of(settings, settings.poll_concurrency))
        workers = await stack.enter_async_context(Workers())
        large_workers = await stack.enter_async_context(Workers())
        poller = poller_of(
            shared,
            HttpWeb(fetcher, workers, summary_length=settings.summary_length, large_workers=large_workers),
            await summariser_of(shared, stack),
            channels_of=self._chats.of,
            on_articles=self._wake,
            on_hub=lambda: self._subscriber.look_again() if self._subscriber else None,
        )
        await poller.load()
        self._subscriber = subscriber_of(
            settings, shared.database, post=fetcher.post, workers=workers, push=poller.push
        )
        return poller

    def _scheduler(self, poller: Poller, edit: Callable[[], Awaitable[None]]) -> AsyncIOScheduler:
        """The metronome: it only calls; all state lives in the database."""
        scheduler = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
        scheduler.add_job(poller.tick, "interval", seconds=TICK_SECONDS)
        scheduler.add_job(edit, "interval", seconds=EDIT_SECONDS)
        if self._subscriber is not None:
            self._pushes.open(self._subscriber)
            scheduler.add_job(self._subscriber.tick, "interval", seconds=TICK_SECONDS)
        scheduler.add_job(self._chats.reopen_closed, "interval", seconds=CLOSED_CHANNEL_SECONDS)
        at_once = datetime.now(UTC)
        scheduler.add_job(self._chats.refresh_names, "interval", seconds=NAMES_SECONDS, next_run_time=at_once)
        scheduler.add_job(self._shared.watch_database, "interval", seconds=DATABASE_SECONDS)
        scheduler.start()
        return scheduler

    async def _until_it_works(self, what: str, attempt: Callable[[], Awaitable[object]]) -> bool:
        """Try again and again, with one line in the log each time. Return False when asked to stop."""
        pause = FIRST_PAUSE_SECONDS
        while not self._stop.is_set():
            self._try_again.clear()
            try:
                await attempt()
            except (SendError, StoreUnavailable) as error:
                logger.error("not reached, trying again: what=%s error=%s retry_in=%gs", what, error, pause)
            else:
                return True
            if not self._stop.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._try_again.wait(), pause)
            pause = min(pause * 2, CONNECT_AGAIN_SECONDS)
        return False

    async def _guard(self, work: Awaitable[None]) -> None:
        """Run a part; what makes the whole bot senseless ends it with a clear word."""
        try:
            await work
        except TokenRefused as error:
            self._fail(error, EXIT_MISCONFIGURED)
        except TokenInUse as error:
            self._fail(error, EXIT_FAILED)
            await self._shared.alerts.tell(f"token in use {datetime.now(UTC).date()}", "alert_token_shared")
        except Exception:
            logger.exception("a part of the bot has failed")
            self._exit_code = EXIT_FAILED
            self.request_stop()

    def _fail(self, error: TidingsError, code: int) -> None:
        logger.error("cannot go on: error=%s", error)
        self._exit_code = code
        self.request_stop()

    def _wake(self) -> None:
        for wake in self._wakers:
            wake()


async def _ended(task: "asyncio.Task[None]") -> None:
    await asyncio.gather(task, return_exceptions=True)
