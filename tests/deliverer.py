"""The delivery worker on a real database, a messenger in memory and a clock that a test moves."""

import asyncio
from dataclasses import dataclass, field, replace

from builders import CHANNEL, store_articles
from fakes import FakeAlerts, FakeClock, FakeGates, FakeMessenger

from bot.delivery.compose import Composed
from bot.delivery.doubt import Settler
from bot.delivery.lanes import Lanes
from bot.delivery.looking import Looker
from bot.delivery.strays import Strays
from bot.delivery.tools import Tools
from bot.format import burst_message, post_message
from bot.governor import Governor, Rates
from bot.models import Message, NewArticle, Post
from bot.pictures import Rung
from bot.store import Database
from bot.store.outbox import Outbox

SETTLED_WITHIN = 10.0


class YieldingClock(FakeClock):
    """A clock that lets the others run when somebody sleeps on it."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        await super().sleep(seconds)


@dataclass
class Delivery:
    """All parts of delivery; `facts` of `Settler` can be changed before the first use of `lanes`."""

    database: Database
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    clock: YieldingClock = field(default_factory=YieldingClock)
    gates: FakeGates = field(default_factory=FakeGates)
    moves: list[tuple[int, int]] = field(default_factory=list)
    channels: tuple[int, ...] = (CHANNEL,)
    policy: str | None = None
    doubt_wait: float = 0.0
    looks: bool = True
    rates: Rates = field(default_factory=lambda: Rates(1e6, 1e6, 1e6))
    burst_fold: int = 0

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.database)
        self.governor = Governor(self.rates, now=self.clock, gates=self.gates, sleep=self.clock.sleep)
        if not self.looks:
            self.messenger.through = 0
        looker = Looker(self.messenger, self.governor, self.outbox)
        self.settler = Settler(
            outbox=self.outbox,
            looker=looker,
            alerts=self.alerts,
            now=self.clock,
            same_link=str.__eq__,
            policy=self.policy,
            wait=self.doubt_wait,
        )
        tools = Tools(
            outbox=self.outbox,
            messenger=self.messenger,
            governor=self.governor,
            alerts=self.alerts,
            now=self.clock,
            compose=self.compose,
            chance=lambda: 0.0,
            channels=self.channels,
            on_moved=lambda old, new: self.moves.append((old, new)),
            burst_fold=self.burst_fold,
        )
        strays = Strays(outbox=self.outbox, looker=looker, alerts=self.alerts, link_key=str)
        self.lanes = Lanes(tools, self.settler, strays)

    async def compose(self, post: Post) -> Composed:
        message = self.render(post)
        return Composed(replace(message, html="") if post.plain else message, Rung.NONE)

    def render(self, post: Post) -> Message:
        return burst_message(post.folded) if post.folded else post_message(post.article)

    async def publish(self, *articles: NewArticle, channels: tuple[int, ...] = (CHANNEL,)) -> None:
        await store_articles(self.database, *articles, channels=channels)

    async def head(self, chat_id: int = CHANNEL) -> Post:
        post = await self.outbox.head(chat_id)
        assert post is not None
        return post

    async def step(self, chat_id: int = CHANNEL) -> bool:
        """Move a chat's first post one step on."""
        return await self.lanes._advance(await self.head(chat_id))

    async def work(self, *, until: int = 0) -> None:
        """Run until no more than `until` posts wait and no lane is at work."""
        running = asyncio.create_task(self.lanes.run())
        try:
            async with asyncio.timeout(SETTLED_WITHIN):
                await asyncio.sleep(0.01)
                while not running.done() and (await self._waiting() > until or self._at_work()):
                    await asyncio.sleep(0.002)
        finally:
            await self.lanes.stop()
            await self.governor.close()
        await running

    async def _waiting(self) -> int:
        return sum(state in {"pending", "sending"} for state in await self.states())

    def _at_work(self) -> bool:
        return any(not lane.done() for lane in self.lanes._lanes.values())

    async def states(self) -> list[str]:
        """The states of all posts, in order."""
        rows = await self.database.read(lambda connection: connection.rows("SELECT state FROM post ORDER BY id"))
        return [row[0] for row in rows]

    def headlines(self, chat_id: int = CHANNEL) -> list[str]:
        """The first lines of what stands in a chat, in order, without markup."""
        messages = self.messenger.chats[chat_id].values()
        return [message.plain.split("\n", 1)[0] for message in messages]
