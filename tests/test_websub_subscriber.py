"""Subscribing, verifying, delivering and ending, with real parts: HTTP on loopback, worker processes, a database."""

import asyncio
import hashlib
import hmac
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fakes import FakeAlerts

from bot.feeds.fetch import HttpFetcher
from bot.feeds.subscriber import Subscriber, SubscriberTools
from bot.feeds.web import HttpWeb
from bot.models import FeedSource
from bot.poller import LEAST_PING_SECONDS, Poller, PollSettings, PollTools
from bot.serving import PushGate
from bot.store.feeds import FeedStore
from bot.store.websub import WebSubStore
from bot.web.server import Health, WebServer
from bot.workers import Workers

SENTENCE = "The council has voted for a new harbour wall that will be built of local stone over the next three years. "
HOUR = 3600


@pytest.fixture(scope="module")
def workers():
    """Worker processes for all tests here: starting them is what takes time."""
    shared = Workers()
    yield shared
    asyncio.run(shared.rest())


@dataclass
class Publisher:
    """A site whose feed names a hub, and the hub: what it was asked, and what it delivers."""

    names: list[str] = field(default_factory=lambda: ["1"])
    asked: list[dict[str, str]] = field(default_factory=list)
    hub: str = "/hub"
    new_hub: str = "/hub"
    polls: int = 0
    hold: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def document(self, names):
        items = "".join(
            f"<item><guid>{n}</guid><link>/a/{n}</link><title>Title {n}</title><pubDate>{formatdate(time.time())}</pubDate>"
            f"<description>{SENTENCE * 4}</description></item>"
            for n in names
        )
        return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"

    async def feed(self, request):
        self.polls += 1
        document = self.document(self.names)
        if self.hold is not None:
            self.arrived.set()
            await self.hold.wait()
        headers = {"Link": f'<{self.hub}>; rel="hub", </feed>; rel="self"', "ETag": f'"{len(document)}"'}
        return web.Response(text=document, content_type="text/xml", headers=headers)

    async def ask(self, request):
        self.asked.append(dict(await request.post()))
        return web.Response(status=202)

    async def moved(self, _request):
        raise web.HTTPTemporaryRedirect(location=self.new_hub)


class Bench:
    """All parts, a clock to be moved, and the ways in which a hub calls."""

    def __init__(self, publisher, client):
        self.publisher = publisher
        self.client = client
        self.moment = time.time()

    async def poll(self):
        await self.poller.tick()
        await self.poller.drain()

    async def tick(self):
        await self.subscriber.tick()
        while self.subscriber._asking:
            await asyncio.gather(*self.subscriber._asking)

    async def verify(self, **changes):
        form = self.publisher.asked[-1]
        question = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "abc",
            "hub.lease_seconds": "1000000",
        }
        question |= {name.replace("_", ".", 1): value for name, value in changes.items()}
        async with self.client.get(form["hub.callback"], params=question) as answer:
            return answer.status, await answer.text()

    async def subscribe(self, **changes):
        await self.poll()
        await self.tick()
        assert (await self.verify(**changes))[0] == 200

    async def push(self, body, secret=None):
        form = next(form for form in reversed(self.publisher.asked) if "hub.secret" in form)
        body = body.encode()
        sign = hmac.new((secret or form["hub.secret"]).encode(), body, hashlib.sha512).hexdigest()
        headers = {"X-Hub-Signature": f"sha512={sign}", "Content-Type": "text/xml"}
        async with self.client.post(form["hub.callback"], data=body, headers=headers) as answer:
            status = answer.status
        while self.subscriber._taking:
            await asyncio.wait(self.subscriber._taking)
        return status

    async def stored(self):
        rows = await self.database.read(
            lambda connection: connection.rows(
                "SELECT article.link, COUNT(post.id) FROM article LEFT JOIN post ON post.article_id = article.id"
                " GROUP BY article.id, article.link ORDER BY article.id"
            )
        )
        return [(row[0].rpartition("/")[2], row[1]) for row in rows]

    async def wait(self):
        return await self.feeds.next_due() - int(self.moment)


@asynccontextmanager
async def bench(database, workers, publisher):
    application = web.Application()
    application.add_routes(
        [web.get("/feed", publisher.feed), web.post("/hub", publisher.ask), web.post("/moved", publisher.moved)]
    )

    async def well():
        return Health(is_well=True, facts={})

    gate = PushGate()
    server = WebServer(("127.0.0.1", 0), health=well, prefix="/bot", pushes=gate)
    await server.start()
    async with TestServer(application) as site, aiohttp.ClientSession() as client:
        made = Bench(publisher, client)
        networks, ports = (ip_network("127.0.0.0/8"),), (site.port,)
        made.database, made.feeds = database, FeedStore(database)
        await made.feeds.configure([FeedSource(str(site.make_url("/feed")))])
        async with HttpFetcher(user_agent="Tidings", allowed_networks=networks, allowed_ports=ports) as fetcher:
            tools = PollTools(
                feeds=made.feeds,
                web=HttpWeb(fetcher, workers, summary_length=300),
                alerts=FakeAlerts(),
                now=lambda: made.moment,
                chance=lambda: 0.0,
                channels_of=lambda _: [-1001],
                on_articles=lambda: None,
                on_hub=lambda: made.subscriber.look_again(),  # noqa: PLW0108 - it is made later
            )
            made.poller = Poller(tools, PollSettings(interval=300, backfill=0, concurrency=5, edit_window=0))
            made.subscriber = Subscriber(
                SubscriberTools(
                    store=WebSubStore(database),
                    post=fetcher.post,
                    run=workers.run,
                    push=made.poller.push,
                    now=lambda: made.moment,
                ),
                f"http://127.0.0.1:{server.port}/bot/websub/",
            )
            gate.open(made.subscriber)
            yield made
            await made.subscriber.stop()
            await made.poller.stop()
    await server.stop()


async def test_a_feeds_hub_is_asked_and_only_what_was_asked_is_verified(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.poll()
        await parts.tick()
        [form] = parts.publisher.asked
        assert form["hub.mode"] == "subscribe"
        assert form["hub.topic"].endswith("/feed")
        assert len(form["hub.secret"]) >= 32
        assert len(form["hub.callback"].rpartition("/")[2]) >= 32
        assert await parts.verify(hub_topic="https://news.example/other") == (404, "")
        assert await parts.verify(hub_mode="unsubscribe") == (404, "")
        assert await parts.verify() == (200, "abc")
        assert await parts.verify() == (404, "")
        await parts.tick()
        assert len(parts.publisher.asked) == 1


async def test_a_push_is_stored_and_posted_once_and_leaves_the_polls_facts_alone(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        before = await database.read(
            lambda connection: connection.row('SELECT etag, body_hash, state LIKE \'%"total": "1"%\' FROM feed')
        )
        many = [f"new{number}" for number in range(10)]
        assert await parts.push(parts.publisher.document(many)) == 202
        assert await parts.push(parts.publisher.document(many)) == 202
        assert await parts.stored() == [("1", 0), *((name, 1) for name in reversed(many))]
        after = await database.read(
            lambda connection: connection.row('SELECT etag, body_hash, state LIKE \'%"total": "1"%\' FROM feed')
        )
        assert before == after
        assert await parts.wait() == 6 * HOUR

        parts.moment += 6 * HOUR + 1
        parts.publisher.names = [*many, "1"]
        await parts.poll()
        assert len(await parts.stored()) == 11
        assert await parts.wait() == 6 * HOUR


async def test_what_only_a_poll_finds_brings_the_usual_interval_back_until_the_next_push(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        await parts.push(parts.publisher.document(["2"]))
        parts.moment += 6 * HOUR + 1
        parts.publisher.names = ["3", "2", "1"]
        await parts.poll()
        assert await parts.stored() == [("1", 0), ("2", 1), ("3", 1)]
        assert await parts.wait() == 300
        await parts.push(parts.publisher.document(["4"]))
        assert await parts.wait() == 6 * HOUR


@pytest.mark.parametrize("body", ["", "something has changed", "<rss version='2.0'><channel></channel></rss>"])
async def test_a_ping_without_articles_makes_the_feed_due(database, workers, body):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        parts.moment += 60
        assert await parts.wait() > 0
        assert await parts.push(body) == 202
        assert await parts.wait() == 0
        parts.publisher.names = ["2", "1"]
        await parts.poll()
        assert await parts.stored() == [("1", 0), ("2", 1)]


async def test_pings_do_not_make_a_feed_that_was_just_read_due_again_and_again(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        parts.moment += 3
        for _ in range(2):
            await parts.push("")
            assert await parts.wait() == LEAST_PING_SECONDS - 3


async def test_a_wrong_signature_is_answered_like_a_right_one_and_stores_nothing(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        assert await parts.push(parts.publisher.document(["2"]), secret="guessed") == 202
        assert await parts.stored() == [("1", 0)]
        assert await parts.wait() == 300


async def test_a_push_during_a_poll_of_the_same_feed_doubles_nothing(database, workers):
    publisher = Publisher()
    async with bench(database, workers, publisher) as parts:
        await parts.subscribe()
        parts.moment += 400
        publisher.names, publisher.hold = ["2", "1"], asyncio.Event()
        await parts.poller.tick()
        await publisher.arrived.wait()
        pushed = asyncio.create_task(parts.push(publisher.document(["3", "2"])))
        while not parts.subscriber._taking:
            await asyncio.sleep(0)
        publisher.hold.set()
        await pushed
        assert await parts.stored() == [("1", 0), ("2", 1), ("3", 1)]
        claims = await database.read(lambda connection: connection.rows("SELECT claim FROM feed"))
        assert claims == [("",)]


async def test_a_lease_is_renewed_before_it_ends_and_pushes_go_on_meanwhile(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe(hub_lease_seconds="10000")
        parts.moment += 7_999
        await parts.tick()
        assert len(parts.publisher.asked) == 1
        parts.moment += 1
        await parts.tick()
        first, renewal = parts.publisher.asked
        assert renewal == first
        await parts.push(parts.publisher.document(["2"]))
        assert await parts.stored() == [("1", 0), ("2", 1)]
        assert (await parts.verify())[0] == 200


async def test_a_hub_that_never_renews_leaves_the_feed_to_the_polls(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe(hub_lease_seconds="10000")
        await parts.push(parts.publisher.document(["2"]))
        assert await parts.wait() == 10_000
        parts.moment += 8_001
        await parts.tick()
        parts.moment += 2_000
        await parts.poll()
        assert await parts.wait() == 300


async def test_a_hub_that_refuses_is_believed_and_asked_again_the_next_day(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        await parts.push(parts.publisher.document(["2"]))
        assert (await parts.verify(hub_mode="denied"))[0] == 200
        assert await parts.wait() == 0
        await parts.tick()
        parts.moment += 24 * HOUR
        await parts.tick()
        assert len(parts.publisher.asked) == 2


async def test_a_feed_taken_out_of_feeds_is_unsubscribed(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        await parts.feeds.configure([FeedSource("https://other.example/feed")])
        parts.subscriber.look_again()
        await parts.tick()
        assert parts.publisher.asked[-1]["hub.mode"] == "unsubscribe"
        assert await parts.push(parts.publisher.document(["2"])) == 404
        assert (await parts.verify())[0] == 200
        assert await WebSubStore(database).all() == []


async def test_a_feed_that_names_another_hub_goes_over_to_that_and_is_polled_as_usual_until_it_pushes(
    database, workers
):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        await parts.push(parts.publisher.document(["2"]))
        parts.moment += 6 * HOUR + 1
        parts.publisher.hub, parts.publisher.names = "/moved", ["2", "1"]
        await parts.poll()
        await parts.tick()
        assert sorted(form["hub.mode"] for form in parts.publisher.asked[1:]) == ["subscribe", "unsubscribe"]
        assert parts.publisher.asked[1]["hub.callback"] != parts.publisher.asked[2]["hub.callback"]
        assert await parts.wait() == 0
        await parts.poll()
        assert await parts.wait() == 300


async def test_a_feed_is_claimed_for_a_push_only_while_nobody_else_holds_it(database):
    feeds = FeedStore(database)
    await feeds.configure([FeedSource("https://news.example/feed")])
    [polled] = await feeds.claim_due(1000, lease=600, limit=1)
    assert await feeds.claim(polled.id, 1599, lease=600) is None
    taken = await feeds.claim(polled.id, 1600, lease=600)
    assert taken.next_poll_at == 1600
    assert taken.claim not in {"", polled.claim}
    await feeds.release_all([taken], 1700)
    assert (await feeds.claim(polled.id, 1650, lease=600)).next_poll_at == 1700
    await feeds.configure([])
    assert await feeds.claim(polled.id, 9000, lease=600) is None


async def test_a_hub_inside_is_not_asked(database, workers, caplog):
    async with bench(database, workers, Publisher(hub="http://10.0.0.1/hub")) as parts:
        await parts.poll()
        await parts.tick()
        assert "hub not asked" in caplog.text
        assert "not on the public internet" in caplog.text
        await parts.tick()
        assert caplog.text.count("hub not asked") == 1


async def test_a_hub_that_has_moved_is_followed_but_not_inside(database, workers, caplog):
    async with bench(database, workers, Publisher(hub="/moved")) as parts:
        await parts.subscribe()
        assert parts.publisher.asked[0]["hub.mode"] == "subscribe"
        parts.publisher.new_hub = "http://10.0.0.1/hub"
        parts.moment += 10 * 24 * HOUR
        await parts.tick()
        assert len(parts.publisher.asked) == 1
        assert "not on the public internet" in caplog.text


async def test_after_a_restart_a_pushed_feed_is_due_at_once(database, workers):
    async with bench(database, workers, Publisher()) as parts:
        await parts.subscribe()
        await parts.push(parts.publisher.document(["2"]))
        await WebSubStore(database).end_all_pushes(int(parts.moment))
        assert await parts.wait() == 0
        await parts.poll()
        assert await parts.wait() == 300
