"""The second composition root: the same parts as the real bot's, with packaged feeds and a terminal around them."""

import asyncio
import operator
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.alerts import AdminAlerts
from bot.commands import Call, Context, Reply, answer
from bot.config import Settings
from bot.delivery.compose import Composed
from bot.delivery.doubt import Settler
from bot.delivery.lanes import Lanes
from bot.delivery.strays import Strays
from bot.delivery.tools import Tools
from bot.demo.web import FEEDS, PackagedWeb
from bot.format import post_message
from bot.governor import Governor, Rates
from bot.messengers.console import ConsoleMessenger, Write, converse, lines_of
from bot.models import Post
from bot.patience import Patience
from bot.pictures import Rung
from bot.poller import Poller, PollSettings, PollTools
from bot.ports import Clock
from bot.store import Database, open_database
from bot.store.feeds import FeedStore
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore

CHANNEL = -100
CHANNEL_NAME = "The demo's channel"
THE_DAY = 1_768_384_800
"""2026-01-14 10:00 UTC, when the packaged news was new: the demo's clock begins here, so that ages are right."""

NO_LIMIT = Rates(overall=1e6, chat=1e6, private=1e6)
MOST_CALLS = 1_000_000
HINT = "Type /latest, /search storm or /help. End with Ctrl-D."
A_MOMENT = 0.01


def run_demo(settings: Settings, commands: TextIO, write: Write) -> int:
    """Print the channel's posts, then answer `commands` until they end; return the program's exit code."""
    asyncio.run(_run(settings, commands, write))
    return 0


@dataclass(frozen=True, slots=True)
class _Stage:
    """What all parts of the demo share."""

    database: Database
    messenger: ConsoleMessenger
    settings: Settings
    now: Clock


async def _run(settings: Settings, commands: TextIO, write: Write) -> None:
    began = time.monotonic()

    def now() -> float:
        return THE_DAY + time.monotonic() - began

    with tempfile.TemporaryDirectory(prefix="tidings-demo-") as folder:
        database = await open_database(f"sqlite:///{Path(folder) / 'demo.db'}")
        try:
            stage = _Stage(database, ConsoleMessenger(write, {CHANNEL: CHANNEL_NAME}), settings, now)
            await _publish(stage)
            write(HINT)
            await _converse(stage, commands, write)
        finally:
            await database.close()


async def _publish(stage: _Stage) -> None:
    """Poll each feed once, and wait until the channel has all posts."""
    feeds, outbox = FeedStore(stage.database), Outbox(stage.database)
    governor = Governor(NO_LIMIT, now=stage.now, gates=outbox)
    alerts = AdminAlerts(store=outbox, messenger=stage.messenger, governor=governor, chats=(), now=stage.now)
    await feeds.configure(FEEDS)
    async with _delivery(stage, outbox, governor, alerts) as wake:
        poller = _poller(stage, feeds, alerts, wake)
        try:
            await (
                poller.tick()
            )  # one place: one feed after the other, so that the posts stand in the same order each time
            await poller.drain()
        finally:
            await poller.stop(0)
        while await outbox.waiting_chats():  # noqa: ASYNC110 - the outbox is a table; it has no bell for 'empty'
            await asyncio.sleep(A_MOMENT)
    await governor.close()


def _poller(stage: _Stage, feeds: FeedStore, alerts: AdminAlerts, on_articles: Callable[[], None]) -> Poller:
    tools = PollTools(
        feeds=feeds,
        web=PackagedWeb(stage.settings.summary_length),
        alerts=alerts,
        now=stage.now,
        chance=random.random,
        channels_of=lambda _feed: [CHANNEL],
        on_articles=on_articles,
    )
    interval = stage.settings.poll_interval
    return Poller(tools, PollSettings(interval=interval, backfill=100, concurrency=1, edit_window=0))


@asynccontextmanager
async def _delivery(
    stage: _Stage, outbox: Outbox, governor: Governor, alerts: AdminAlerts
) -> AsyncIterator[Callable[[], None]]:
    """Run the delivery worker; gives the call that says there may be new posts."""
    settler = Settler(
        outbox=outbox,
        looker=None,
        alerts=alerts,
        now=stage.now,
        same_link=operator.eq,
        policy=None,
        wait=0,
    )
    tools = Tools(
        outbox=outbox,
        messenger=stage.messenger,
        governor=governor,
        alerts=alerts,
        now=stage.now,
        compose=_compose,
        chance=random.random,
        channels=frozenset({CHANNEL}),
    )
    lanes = Lanes(tools, settler, Strays(outbox=outbox, looker=None, alerts=alerts, link_key=str))
    running = asyncio.create_task(lanes.run())
    try:
        yield lanes.wake
    finally:
        await lanes.stop()
        await running


async def _compose(post: Post) -> Composed:
    return Composed(post_message(post.article), Rung.NONE)  # a terminal shows no pictures


async def _converse(stage: _Stage, commands: TextIO, write: Write) -> None:
    language = stage.settings.language
    # Whoever sits at the terminal takes nothing from anybody, however fast the lines come.
    patience = Patience(burst=MOST_CALLS)
    context = Context(readers=ReaderStore(stage.database), clock=stage.now, language=language, patience=patience)

    async def reply(call: Call) -> Reply:
        return await answer(call, context)

    await converse(stage.messenger, reply, lines_of(commands), write=write, language_code=language)
