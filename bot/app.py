"""The composition root: builds every part, owns the clock, drives the ticks, and stops it all in order."""

import asyncio
import logging
import os
import random
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.alerts import AdminAlerts
from bot.calls import InlineCall, Offers
from bot.commands import COMMANDS, Call, Context, Reply, answer, menu, offer
from bot.condense import canonical_link
from bot.config import Settings
from bot.delivery.broadcast import Broadcaster, BroadcastTools
from bot.delivery.compose import Composer
from bot.delivery.doubt import Settler
from bot.delivery.editions import Editions
from bot.delivery.edits import Editor, EditTools
from bot.delivery.lanes import Lanes
from bot.delivery.looking import Looker
from bot.delivery.paced import PacedMessenger
from bot.delivery.strays import Strays
from bot.delivery.tools import Tools
from bot.errors import (
    ChatClosed,
    ChatGone,
    SendError,
    SendRefused,
    StoreUnavailable,
    TidingsError,
    TokenInUse,
    TokenRefused,
)
from bot.feeds.fetch import HttpFetcher, ports_of
from bot.feeds.pictures_web import PictureSource
from bot.feeds.subscriber import Subscriber
from bot.feeds.web import HttpWeb
from bot.feeds.workers import Workers
from bot.filters import Filter
from bot.format import burst_groups, post_message, save_link
from bot.governor import Governor, Rates
from bot.i18n import LANGUAGES, closest, phrases
from bot.messengers.telegram.handler import Hooks
from bot.messengers.telegram.receiver import Receiver
from bot.messengers.telegram.sender import TelegramMessenger, TelegramProber, build_bot, connect, disconnect
from bot.messengers.telegram.updates import Membership
from bot.models import Article, Feed, Message, Post
from bot.pictures import Rung, standing_rung
from bot.poller import Poller, PollSettings, PollTools
from bot.ports import Broadcasts, Summariser
from bot.post_text import STANDARD, Look, minutes_to_read
from bot.schedule import host_pause
from bot.serving import PushGate, subscriber_of, web_server, webhook_of
from bot.store import Database, open_database
from bot.store.broadcasts import BroadcastStore
from bot.store.digests import DigestStore
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore
from bot.store.status import StatusStore
from bot.store.summaries import SummaryStore
from bot.store.websub import WebSubStore
from bot.summarisers.model import ModelSettings, ModelSummariser
from bot.summarisers.openai import OpenAiModel
from bot.summary_check import Wish

logger = logging.getLogger(__name__)

TICK_SECONDS = 1
EDIT_SECONDS = 5
CLOSED_CHANNEL_SECONDS = 30
FIRST_PAUSE_SECONDS = 1.0
CONNECT_AGAIN_SECONDS = 15.0
LONGEST_STOP_SECONDS = 9.0
RECENT_SECONDS = 60
PICTURES_AT_ONCE = 8
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
        self._database = database
        self._pushes = PushGate()
        self._subscriber: Subscriber | None = None
        self._feeds = FeedStore(database)
        self._outbox = Outbox(database)
        self._readers = ReaderStore(database)
        self._broadcasts = BroadcastStore(database, settings.timezone)
        token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
        self._bot = build_bot(token, settings.telegram_api_url, settings.http_proxy_url)
        self._messenger = TelegramMessenger(self._bot, paid_broadcast=settings.paid_broadcast)
        self._status = StatusStore(database)
        self._summaries = SummaryStore(database)
        self._rates = Rates(settings.global_rate, settings.chat_rate, settings.private_rate)
        self._governor = Governor(self._rates, now=time.time, gates=self._outbox)
        self._admin_chats = list(settings.admin_ids)
        self._alerts = AdminAlerts(
            store=self._outbox,
            messenger=self._messenger,
            governor=self._governor,
            chats=self._admin_chats,
            now=time.time,
        )
        self._stop = asyncio.Event()
        self._try_again = asyncio.Event()
        self._exit_code = EXIT_FINE
        self._channels: dict[str, int] = {}
        self._wakers: list[Callable[[], None]] = []

    def request_stop(self) -> None:
        """Ask the bot to stop; safe to call from a signal handler."""
        self._stop.set()
        self._try_again.set()

    async def run(self) -> int:
        """Run until asked to stop, or until the token turns out to be wrong or in use elsewhere."""
        try:
            await self._prepare()
            async with AsyncExitStack() as stack:
                stack.push_async_callback(disconnect, self._bot)
                if await self._until_it_works("Telegram", lambda: connect(self._bot)):
                    await self._work(stack)
        except TokenRefused as error:
            self._fail(error, EXIT_MISCONFIGURED)
        logger.info("stopped: code=%d", self._exit_code)
        return self._exit_code

    async def _prepare(self) -> None:
        now = int(time.time())
        await self._feeds.configure(self._settings.feeds)
        await self._feeds.release_stale(now)
        await WebSubStore(self._database).end_all_pushes(now)
        await self._governor.load()
        for chat_id, sent_at in await self._outbox.recent_sends(now - RECENT_SECONDS):
            self._governor.seed(chat_id, [sent_at])

    async def _work(self, stack: AsyncExitStack) -> None:
        """Answer readers at once, and poll and post as soon as the channels are known."""
        receiver = self._receiver()
        server = web_server(self._settings, self._database, receiver, self._pushes)
        if server is not None:
            await server.start()
        answering = asyncio.create_task(self._guard(receiver.run()), name="receiver")
        stack.push_async_callback(_ended, answering)
        stack.push_async_callback(receiver.stop)
        if server is not None:
            stack.push_async_callback(server.stop)
        stack.push_async_callback(self._governor.close)
        log_chat = self._settings.log_chat_id
        if log_chat and not await self._until_it_works("LOG_CHAT_ID", partial(self._find_log_chat, log_chat)):
            return
        names = {name for name in (self._settings.telegram_channel, *self._own_channels()) if name}
        for name in sorted(names):
            if not await self._until_it_works(f"channel {name}", partial(self._find_channel, name)):
                return
        await self._publish()

    async def _publish(self) -> None:
        settings = self._settings
        async with AsyncExitStack() as stack:
            fetcher = await stack.enter_async_context(self._fetcher(settings.poll_concurrency))
            workers = await stack.enter_async_context(Workers())
            composer = await self._composer(stack)
            lanes, broadcaster = self._lanes(composer), self._broadcaster(self._broadcasts, Editions(composer.show))
            digests = self._broadcaster(self._digests(), None)
            self._wakers = [lanes.wake, broadcaster.wake]
            web = HttpWeb(fetcher, workers, summary_length=settings.summary_length)
            poller = self._poller(web, await self._summariser(stack))
            await poller.load()
            self._subscriber = subscriber_of(
                settings, self._database, post=fetcher.post, workers=workers, push=poller.push
            )
            tasks = [
                asyncio.create_task(self._guard(lanes.run()), name="lanes"),
                asyncio.create_task(self._guard(broadcaster.run()), name="broadcaster"),
                asyncio.create_task(self._guard(digests.run()), name="digests"),
            ]
            scheduler = self._scheduler(poller, self._editor())
            logger.info("running: feeds=%d channels=%d", len(settings.feeds), len(self._channels))
            await self._stop.wait()
            logger.info("stopping: reason=%s", "asked to" if self._exit_code == EXIT_FINE else "error")
            scheduler.remove_all_jobs()
            stops = [poller.stop(), lanes.stop(), broadcaster.stop(), digests.stop()]
            if self._subscriber is not None:
                stops.append(self._subscriber.stop())
            await asyncio.gather(*stops)
            await asyncio.gather(*tasks)
            scheduler.shutdown(wait=False)

    def _fetcher(self, concurrency: int) -> HttpFetcher:
        settings = self._settings
        return HttpFetcher(
            user_agent=settings.http_user_agent,
            allowed_networks=settings.allowed_networks,
            allowed_ports=ports_of(feed.url for feed in settings.feeds),
            concurrency=concurrency,
            pause=host_pause(settings.poll_interval),
            proxy=settings.http_proxy_url,
        )

    def _scheduler(self, poller: Poller, editor: Editor) -> AsyncIOScheduler:
        """The metronome: it only calls; all state lives in the database."""
        scheduler = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
        scheduler.add_job(poller.tick, "interval", seconds=TICK_SECONDS)
        scheduler.add_job(editor.tick, "interval", seconds=EDIT_SECONDS)
        if self._subscriber is not None:
            self._pushes.open(self._subscriber)
            scheduler.add_job(self._subscriber.tick, "interval", seconds=TICK_SECONDS)
        scheduler.add_job(self._reopen_channels, "interval", seconds=CLOSED_CHANNEL_SECONDS)
        scheduler.start()
        return scheduler

    async def _summariser(self, stack: AsyncExitStack) -> Summariser | None:
        settings = self._settings
        if settings.summariser != "llm":
            return None
        model = await stack.enter_async_context(model_of(settings))
        chosen = ModelSettings(
            model=settings.llm_model or "",
            wish=Wish(settings.summary_length, settings.summary_language or ""),
            daily_budget=settings.llm_daily_budget,
            timeout=settings.llm_timeout,
        )
        return ModelSummariser(model.ask, self._summaries, chosen, now=time.time)

    def _poller(self, web: HttpWeb, summariser: Summariser | None) -> Poller:
        settings = self._settings
        tools = PollTools(
            feeds=self._feeds,
            web=web,
            alerts=self._alerts,
            now=time.time,
            chance=random.random,
            channels_of=self._channels_of,
            on_articles=self._wake,
            summariser=summariser,
            on_hub=lambda: self._subscriber.look_again() if self._subscriber else None,
        )
        return Poller(
            tools,
            PollSettings(
                interval=settings.poll_interval,
                backfill=settings.backfill,
                concurrency=settings.poll_concurrency,
                edit_window=int(settings.edit_window),
                filter=Filter(settings.include, settings.exclude),
                story_window=settings.story_window if settings.story_merge else 0,
                catch_up=int(settings.catch_up) if settings.catch_up else None,
            ),
        )

    async def _composer(self, stack: AsyncExitStack) -> Composer:
        """Pictures have a fetcher of their own: posts do not wait because feeds are polled."""
        fetcher = await stack.enter_async_context(self._fetcher(PICTURES_AT_ONCE))
        pictures = await stack.enter_async_context(PictureSource(fetcher))
        return Composer(
            pictures=pictures,
            images=self._settings.images,
            images_of=self._feeds.images_of,
            render=self._render_article,
        )

    def _lanes(self, composer: Composer) -> Lanes:
        settings = self._settings
        prober = TelegramProber(self._bot, self._admin_chats) if self._admin_chats else None
        looker = Looker(prober, self._governor, self._outbox) if prober else None
        settler = Settler(
            outbox=self._outbox,
            looker=looker,
            alerts=self._alerts,
            now=time.time,
            same_link=lambda one, other: _link_key(one) == _link_key(other),
            policy=settings.doubtful,
            wait=settings.doubt_wait,
        )
        tools = Tools(
            outbox=self._outbox,
            messenger=self._messenger,
            governor=self._governor,
            alerts=self._alerts,
            now=time.time,
            compose=composer.compose,
            chance=random.random,
            channels=self._channels.values(),
            on_moved=self._moved,
            burst_fold=settings.burst_fold,
            groups_of=burst_groups,
        )
        return Lanes(
            tools, settler, Strays(outbox=self._outbox, looker=looker, alerts=self._alerts, link_key=_link_key)
        )

    def _digests(self) -> DigestStore:
        settings = self._settings
        return DigestStore(self._database, now=time.time, zone=settings.timezone, language=settings.language)

    def _broadcaster(self, store: Broadcasts, editions: Editions | None) -> Broadcaster:
        return Broadcaster(
            BroadcastTools(
                store=store,
                messenger=self._messenger,
                governor=self._governor,
                now=time.time,
                chance=random.random,
                editions=editions,
                on_gone=self._on_gone,
                on_moved=self._on_moved,
                policy=self._settings.doubtful,
            )
        )

    def _editor(self) -> Editor:
        return Editor(
            EditTools(
                outbox=self._outbox,
                messenger=self._messenger,
                governor=self._governor,
                now=time.time,
                render=self._render,
                window=int(self._settings.edit_window),
            )
        )

    def _receiver(self) -> Receiver:
        settings = self._settings
        context = Context(
            readers=self._readers,
            clock=time.time,
            language=settings.language,
            channel=settings.telegram_channel or "",
            most_subscriptions=settings.subscription_limit,
            owners=frozenset(settings.admin_ids),
            zone=settings.timezone,
            status=lambda: self._status.status(int(time.time())),
            rates=self._rates,
        )

        async def reply(call: Call) -> Reply:
            return await answer(call, context)

        async def find_offers(call: InlineCall) -> Offers:
            return await offer(call, context)

        return Receiver(
            self._bot,
            answer=reply,
            messenger=PacedMessenger(self._messenger, self._governor),
            hooks=Hooks(
                on_membership=self._on_membership,
                on_gone=self._on_gone,
                on_moved=self._on_moved,
                on_message=self._outbox.saw_message,
            ),
            admin_commands=frozenset(command.name for command in COMMANDS if command.admins_only),
            offering=find_offers,
            menus={language: menu(language) for language in LANGUAGES},
            descriptions={language: phrases(language).say("welcome") for language in LANGUAGES},
            webhook=webhook_of(settings),
        )

    def _render(self, post: Post) -> Message:
        """Return what a sent post says now, in the form in which it stands."""
        return self._render_article(post.article, standing_rung(post))

    def _render_article(self, article: Article, rung: Rung, upload: bytes | None = None) -> Message:
        marks = self._marks(article)
        message = post_message(article, rung=rung, upload=upload, updated=marks, look=look_of(self._settings, article))
        return replace(message, buttons=save_link(self._bot.username, article.id))

    def _marks(self, article: Article) -> str:
        """Name the other sources of a story, and the time of its correction."""
        speak = phrases(closest(self._settings.language))
        marks = [speak.say("post_also", sources=", ".join(article.also))] if article.also else []
        if article.updated_at is not None:
            zone = self._settings.timezone
            when, now = (datetime.fromtimestamp(second, zone) for second in (article.updated_at, time.time()))
            marks.append(speak.say("post_updated", time=speak.moment(when, now)))
        return " · ".join(marks)

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

    async def _find_channel(self, name: str) -> None:
        """A channel's name is resolved once and its id kept: a rename does not lose it."""
        kept = await self._outbox.channel_id(name)
        if kept is None:
            info = await self._messenger.resolve(name)
            await self._outbox.keep_channel(name, info)
            kept = info.id
        self._channels[name] = kept

    async def _find_log_chat(self, name: str) -> None:
        """Send alerts to LOG_CHAT_ID; where that is no chat of ours, ADMIN_IDS keep getting them."""
        try:
            info = await self._messenger.resolve(name)
        except (ChatGone, ChatClosed, SendRefused) as error:
            logger.error("LOG_CHAT_ID cannot be used, alerts go to ADMIN_IDS: error=%s", error)
        else:
            self._admin_chats[:] = [info.id]

    async def _reopen_channels(self) -> None:
        """A channel that took the right to post away is asked again now and then."""
        try:
            for chat_id, _ in await self._outbox.paused_chats():
                if chat_id in self._channels.values() and await self._messenger.can_post(chat_id):
                    await self._open(chat_id)
        except (SendError, StoreUnavailable) as error:
            logger.warning("closed channels not checked: error=%s", error)

    async def _open(self, chat_id: int) -> None:
        if await self._outbox.open_chat(chat_id):
            logger.info("chat open again: chat=%d", chat_id)
            text = f"I can post to {chat_id} again; what waited goes out now."
            await self._alerts.clear(f"chat {chat_id} closed", text)
            self._wake()

    async def _on_membership(self, membership: Membership) -> None:
        chat = membership.chat
        await self._outbox.remember_chat(chat)
        if membership.can_post:
            self._try_again.set()  # perhaps it is the channel that was not found
            await self._open(chat.id)
        elif chat.id not in self._channels.values():
            await self._on_gone(chat.id, membership.status)

    async def _on_moved(self, old: int, new: int) -> None:
        await self._outbox.move_chat(old, new)
        self._moved(old, new)
        self._wake()

    def _moved(self, old: int, new: int) -> None:
        """A configured channel's name leads to its new id from now on."""
        self._channels.update({name: new for name, chat_id in self._channels.items() if chat_id == old})

    async def _on_gone(self, chat_id: int, reason: str) -> None:
        """A reader's chat that does not want us is left alone until it comes back."""
        await self._readers.pause(chat_id, reason)
        await self._outbox.drop_waiting(chat_id, reason)

    async def _guard(self, work: Awaitable[None]) -> None:
        """Run a part; what makes the whole bot senseless ends it with a clear word."""
        try:
            await work
        except TokenRefused as error:
            self._fail(error, EXIT_MISCONFIGURED)
        except TokenInUse as error:
            self._fail(error, EXIT_FAILED)
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

    def _own_channels(self) -> list[str]:
        return [feed.options.channel for feed in self._settings.feeds if feed.options.channel]

    def _channels_of(self, feed: Feed) -> list[int]:
        name = feed.options.channel or self._settings.telegram_channel or ""
        return [self._channels[name]] if name in self._channels else []


def look_of(settings: Settings, article: Article) -> Look:
    """Return how an article's post looks: the template, and what stands in it in the channel's language."""
    speak = phrases(closest(settings.language))
    minutes = minutes_to_read(article)
    when = datetime.fromtimestamp(article.published, settings.timezone)
    return Look(
        template=settings.post_template or STANDARD,
        reading_time=speak.count("reading_time", minutes) if minutes else "",
        date=speak.day(when) if article.published else "",
    )


def model_of(settings: Settings) -> OpenAiModel:
    """Return the language model that the settings name."""
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    return OpenAiModel(settings.llm_api_url or "", settings.llm_model or "", key, proxy=settings.http_proxy_url)


async def _ended(task: "asyncio.Task[None]") -> None:
    await asyncio.gather(task, return_exceptions=True)


def _link_key(link: str) -> str:
    return canonical_link(link).rstrip("/")
