"""The poller on a real database, its web a dictionary: what stands at an address, and what was asked for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from builders import CHANNEL, NOW
from fakes import FakeAlerts

from bot.condense.drafts import condense_drafts
from bot.errors import FetchError, NotAFeed, WorkerError
from bot.feeds.answer import Fetched
from bot.feeds.document import ParsedFeed
from bot.feeds.parse import read_document
from bot.models import Condensed, Draft, Entry, Feed, FeedOptions, FeedSource, Validators
from bot.poller import Poller, PollSettings, PollTools
from bot.store import Database
from bot.store.feeds import FeedStore

FEED = "https://news.example/feed"
INTERVAL = 300
DAY = 86_400


def item(
    name: str, *, guid: str | None = None, link: str | None = None, text: str = "", minute: int | None = None
) -> str:
    """An entry; its words are its own, so that no two of them are one story."""
    letters = blake2b(name.encode(), digest_size=20).hexdigest()
    own = " ".join(letters[at : at + 4] for at in range(0, 40, 4))
    date = "" if minute is None else f"<pubDate>Tue, 14 Nov 2023 {minute // 60:02}:{minute % 60:02}:00 GMT</pubDate>"
    return (
        f"<item><guid isPermaLink='false'>{guid or f'id {name}'}</guid><link>{link or f'https://news.example/{name}'}</link>"
        f"<title>Title {name}</title>{date}<description>{text or f'Of {own} it was said that {own}.'}</description></item>"
    )


def feed_of(*items: str, head: str = "") -> str:
    return f"<rss version='2.0'><channel><title>Example News</title>{head}{''.join(items)}</channel></rss>"


def names(*wanted: str) -> str:
    """A feed of entries with these names."""
    return feed_of(*(item(name) for name in wanted))


@dataclass
class FakeWeb:
    """What stands at each address: a feed, an error, or another address in `moved` that answers for it for good."""

    pages: dict[str, str | FetchError]
    moved: dict[str, str] = field(default_factory=dict)
    left_alone: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, Validators | None]] = field(default_factory=list)
    asked_pages: list[str] = field(default_factory=list)
    read_bodies: int = 0
    killer: str = "\0"
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def leave_alone(self, url: str, seconds: int) -> None:
        self.left_alone[url] = seconds

    async def fetch_feed(self, url: str, validators: Validators | None) -> Fetched:
        self.asked.append((url, validators))
        await self.gate.wait()
        reached = self.moved.get(url, url)
        page = self.pages.get(reached, FetchError("there is nothing", status=404))
        if isinstance(page, FetchError):
            raise page
        body = page.encode()
        etag = f'"{blake2b(body).hexdigest()[:8]}"'
        if validators is not None and validators.etag == etag:
            return Fetched(304, reached, validators=validators)
        own = Validators(etag, "", blake2b(body, digest_size=16).hexdigest())
        permanent = reached if reached != url else ""
        return Fetched(200, reached, body, "application/rss+xml", own, permanent_url=permanent)

    async def fetch_page(self, url: str) -> Fetched:
        self.asked_pages.append(url)
        page = self.pages.get(url)
        if not isinstance(page, str):
            raise FetchError("there is no such page", status=404)
        return Fetched(200, url, page.encode(), "text/html")

    async def read(self, body: bytes, url: str, content_type: str, stored_hash: str = "") -> ParsedFeed:
        self.read_bodies += 1
        return read_document(body, url, content_type)

    async def find(self, url: str, page: object) -> object:
        raise NotAFeed("there is no feed")

    async def pages_wanted(self, entries: Sequence[Entry]) -> list[bool]:
        return [False for _ in entries]

    async def condense(self, drafts: Sequence[Draft], site: str, language: str) -> list[Condensed]:
        if any(self.killer in draft.entry.title for draft in drafts):
            raise WorkerError("reading it ended its worker process")
        return condense_drafts(drafts, site, language, 300)


@dataclass
class Stage:
    """A poller, its clock and its world."""

    database: Database
    web: FakeWeb
    poller: Poller
    feeds: FeedStore
    alerts: FakeAlerts
    moment: list[float]
    posted_to: dict[str, Sequence[int]]
    settings: PollSettings

    async def poll(self, *, after: int = 2 * INTERVAL) -> None:
        """Poll what is due so many seconds later, to the end."""
        self.moment[0] += after
        await self.poller.tick()
        await self.poller.drain()

    async def rows(self, sql: str) -> list[tuple]:
        return await self.database.read(lambda connection: connection.rows(sql))

    async def posts(self) -> list[str]:
        """The headlines that were put into the outbox, in order."""
        sql = "SELECT headline FROM post JOIN article ON article.id = article_id ORDER BY post.id"
        return [row[0].removeprefix("Title ") for row in await self.rows(sql)]

    async def archive(self) -> list[str]:
        sql = "SELECT headline FROM article ORDER BY id"
        return [row[0].removeprefix("Title ") for row in await self.rows(sql)]

    async def restarted(self, **settings: object) -> "Stage":
        """The same world with another poller, as after a kill, and other settings; leases are given back."""
        await self.feeds.release_stale(int(self.moment[0]))
        chosen = replace(self.settings, **settings)
        poller = Poller(self.poller._tools, chosen)
        await poller.load()
        return replace(self, poller=poller, settings=chosen)


@asynccontextmanager
async def stage(
    database: Database,
    pages: dict[str, str | FetchError],
    *,
    options: dict[str, FeedOptions] | None = None,
    store: Callable[[Database], FeedStore] = FeedStore,
    **settings: object,
) -> AsyncIterator[Stage]:
    """A poller of all addresses in `pages`; each feed is posted to `CHANNEL`, or to what `posted_to` says."""
    feeds, alerts, moment = store(database), FakeAlerts(), [float(NOW)]
    posted_to: dict[str, Sequence[int]] = {}
    web = FakeWeb(pages)
    await feeds.configure([FeedSource(url, (options or {}).get(url, FeedOptions())) for url in pages])
    chosen = PollSettings(**{"interval": INTERVAL, "backfill": 0, "concurrency": 5, "edit_window": 0, **settings})

    def channels_of(feed: Feed) -> Sequence[int]:
        return posted_to.get(feed.url, (CHANNEL,))

    tools = PollTools(feeds, web, alerts, lambda: moment[0], lambda: 0.0, channels_of, lambda: None)
    poller = Poller(tools, chosen)
    await poller.load()
    yield Stage(database, web, poller, feeds, alerts, moment, posted_to, chosen)
    await poller.stop(0)
