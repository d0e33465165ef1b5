"""Detection and politeness against the rig's feed server, which misbehaves on demand and keeps score."""

import asyncio
import time
from dataclasses import replace
from ipaddress import ip_network

import pytest

from bot.dedupe import all_keys, announce_split, new_entries
from bot.errors import FetchError, FetchForbidden, NotAFeed
from bot.feed_facts import Outcome, last_entry_date, next_state, previous_total, validators_to_send
from bot.feeds.discover import find_feed
from bot.feeds.fetch import HttpFetcher
from bot.feeds.parse import read_document
from bot.feeds.reader import FeedReader
from bot.models import Feed

pytestmark = [pytest.mark.rig, pytest.mark.slow]

FEEDS, HOSTS = 90, 30
TRANSPORT_FAULTS = {
    "status": {"status": 500},
    "hang": {},
    "close": {},
    "reset": {},
    "garbage": {},
    "html": {},
    "empty": {},
    "truncated": {},
    "long_clen": {},
    "bad_chunk": {},
    "bad_gzip": {},
    "gzip_bomb": {"mb": 50},
    "slow_header": {"gap": 0.2},
    "slow_body": {"gap": 0.2, "step": 10},
    "endless": {},
    "big": {"mb": 20},
    "redirect_loop": {},
    "redirect_self": {},
}


@pytest.fixture(scope="module")
def server():
    client = pytest.importorskip("feedserver")
    with client.FeedServer(feeds=FEEDS, hosts=HOSTS) as running:
        yield running


@pytest.fixture
async def fetcher(server):
    async with HttpFetcher(
        user_agent="Tidings/test (+https://tidings.example)",
        allowed_networks=(ip_network("127.0.1.0/24"),),
        allowed_ports=(server.port,),
    ) as running:
        yield running


class Bot:
    """Poller, store and channel in one: what is polled by our parts, what was seen, and what was posted when."""

    def __init__(self, server, fetcher: HttpFetcher) -> None:
        self.server, self.fetcher = server, fetcher
        self.reader = FeedReader(self._run)
        self.feeds = {n: Feed(id=n, url=server.url(n)) for n in range(FEEDS)}
        self.known: dict[int, set[str]] = {n: set() for n in range(FEEDS)}
        self.posts: list[tuple[float, str]] = []

    @staticmethod
    async def _run(function, *args):
        return function(*args)

    async def poll_all(self) -> None:
        await asyncio.gather(*(self.poll(number) for number in self.feeds))

    async def poll(self, number: int) -> None:
        feed, now = self.feeds[number], int(time.time())
        answer = await self.fetcher.fetch(feed.url, validators=validators_to_send(now, feed))
        if answer.status == 304 or answer.validators.body_hash == feed.validators.body_hash:
            outcome = Outcome(status=answer.status)
        else:
            parsed = await self.reader.read(answer.body, feed.url, answer.content_type, feed.validators.body_hash)
            dates = tuple(entry.published for entry in parsed.entries if entry.published is not None)
            outcome = Outcome(parsed=True, total=parsed.total, published=dates)
            self._post(number, feed, parsed, now)
        validators = replace(answer.validators, body_hash=answer.validators.body_hash or feed.validators.body_hash)
        self.feeds[number] = replace(
            feed,
            validators=validators,
            first_polled_at=feed.first_polled_at or now,
            last_success_at=now,
            state=next_state(now, feed, outcome),
        )

    def _post(self, number: int, feed: Feed, parsed, now: int) -> None:
        new = new_entries(parsed.entries, self.known[number], now=now)
        split = announce_split(
            new,
            total=parsed.total,
            previous_total=previous_total(feed),
            first_poll=feed.first_polled_at is None,
            backfill=0,
            last_entry_date=last_entry_date(feed),
            last_poll_at=feed.last_success_at,
            catch_up=None,
            now=now,
        )
        self.known[number].update(all_keys(parsed.entries))
        self.posts += [(time.time(), entry.title) for entry in split.announced]


async def test_every_new_entry_of_every_kind_of_feed_is_found_once_and_politely(server, fetcher):
    bot = Bot(server, fetcher)
    await bot.poll_all()
    assert bot.posts == []
    for amount in (1, 0, 2, 1):
        if amount:
            server.publish_many(range(FEEDS), amount)
        await bot.poll_all()
    checked, score = server.check(bot.posts), server.score()
    assert (checked["missed"], checked["repeated"], checked["unknown"]) == ([], [], [])
    assert checked["delivered"] == 4 * FEEDS
    assert score["conditional"]["wrong_validator"] == 0
    assert not score["canary"]


async def fetch_and_read(fetcher: HttpFetcher, url: str):
    answer = await fetcher.fetch(url, timeout=1.5)
    return read_document(answer.body, url, answer.content_type)


@pytest.mark.parametrize("kind", TRANSPORT_FAULTS)
async def test_a_fault_fails_in_time_and_the_feed_heals(server, fetcher, kind):
    server.fault([3], kind, **TRANSPORT_FAULTS[kind])
    begun = time.monotonic()
    with pytest.raises(FetchError):
        await fetch_and_read(fetcher, server.url(3))
    assert time.monotonic() - begun < 2.5
    server.clear()
    assert (await fetch_and_read(fetcher, server.url(3))).entries


async def test_a_redirect_to_the_inside_never_gets_there(server, fetcher):
    server.fault([4], "redirect_internal")
    with pytest.raises(FetchForbidden):
        await fetcher.fetch(server.url(4))
    server.clear()
    assert not server.ctl("stats").get("canary")


async def test_a_host_that_sends_429_is_not_asked_again_too_early(server, fetcher):
    server.ctl("reset_log")
    server.fault([5], "status", status=429, retry_after=30)
    for _ in range(3):
        with pytest.raises(FetchError):
            await fetcher.fetch(server.url(5))
    assert server.score()["retry_after_violations"] == 0
    server.clear()


async def test_a_sites_feed_is_found_past_the_trap_of_its_comments(server, fetcher):
    async def read(body, url, content_type):
        return read_document(body, url, content_type)

    found = await find_feed(fetcher.fetch, read, server.site(7))
    assert found.url == server.url(7)


async def test_an_empty_channel_is_a_feed_and_a_maintenance_page_is_none(server, fetcher):
    server.fault([8], "empty_channel", 1)
    answer = await fetcher.fetch(server.url(8))
    assert read_document(answer.body, server.url(8)).entries == ()
    server.fault([8], "html", 1)
    answer = await fetcher.fetch(server.url(8))
    with pytest.raises(NotAFeed):
        read_document(answer.body, server.url(8))
