"""The poller's manners as a publisher sees them: every request that reaches a server on loopback is counted.

The clock is the test's: days pass between two polls.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fakes import FakeAlerts
from polled import item

from bot.feeds.fetch import HttpFetcher
from bot.feeds.web import HttpWeb
from bot.models import FeedSource
from bot.poller import Poller, PollSettings, PollTools
from bot.store import Database, open_database
from bot.store.feeds import FeedStore

NOW, MINUTE, HOUR, DAY = 1_772_452_800, 60, 3_600, 86_400  # Monday 2026-03-02 12:00 GMT
INTERVAL = 300

Answer = Callable[[web.Request], web.Response]


def feed(*names: str, head: str = "", items: str = "", **headers: str) -> Answer:
    """A feed of entries with these names, or of these items, whatever is asked."""
    items = items or "".join(item(name) for name in names)
    text = f"<rss version='2.0'><channel><title>News</title>{head}{items}</channel></rss>"
    return lambda _: web.Response(text=text, content_type="application/rss+xml", headers=headers)


def conditional(answer: Answer, etag: str = "", modified: str = "") -> Answer:
    """The same with validators, and 304 for one that is as it was."""

    def handle(request: web.Request) -> web.Response:
        sent = {"ETag": etag, "Last-Modified": modified}
        headers = {name: value for name, value in sent.items() if value}
        asked = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        if asked == (etag or None, modified or None):
            return web.Response(status=304, headers=headers)
        response = answer(request)
        response.headers.update(headers)
        return response

    return handle


def status(code: int, **headers: str) -> Answer:
    return lambda _: web.Response(status=code, headers={name.replace("_", "-"): text for name, text in headers.items()})


class Here:
    """Workers that work where they are called."""

    async def run(self, function: Callable, *arguments: object) -> object:
        return function(*arguments)


@dataclass
class Stage:
    """A server whose paths answer as the test says, the poller of some of them, and the clock."""

    site: dict[str, Answer]
    base: str = ""
    database: Database | None = None
    poller: Poller | None = None
    moment: float = NOW
    asked: list[web.Request] = field(default_factory=list)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    async def poll(self, after: int = INTERVAL) -> list[str]:
        """Poll what is due so many seconds later; return the paths that were asked for."""
        self.moment += after
        self.asked.clear()
        await self.poller.tick()
        await self.poller.drain()
        return [request.path for request in self.asked]

    async def rows(self, sql: str) -> list[tuple]:
        return await self.database.read(lambda connection: connection.rows(sql))

    async def wait(self) -> int:
        """Seconds until the only feed is polled next."""
        [[next_at]] = await self.rows("SELECT next_poll_at FROM feed")
        return next_at - int(self.moment)

    async def posts(self) -> list[str]:
        sql = "SELECT headline FROM post JOIN article ON article.id = article_id ORDER BY post.id"
        return [row[0].removeprefix("Title ") for row in await self.rows(sql)]


@asynccontextmanager
async def polled(folder, site: dict[str, Answer], *paths: str) -> AsyncIterator[Stage]:
    """A poller of these paths of the site, of the first where none is named."""
    stage = Stage(site)

    async def handle(request: web.Request) -> web.Response:
        stage.asked.append(request)
        return stage.site.get(request.path, status(404))(request)

    application = web.Application()
    application.router.add_get("/{path:.*}", handle)
    async with (
        TestServer(application) as server,
        HttpFetcher(
            user_agent="Tidings/1 (+https://tidings.example)",
            allowed_networks=(ip_network("127.0.0.0/8"),),
            allowed_ports=(server.port,),
            clock=lambda: stage.moment,
        ) as fetcher,
    ):
        stage.base = str(server.make_url("")).rstrip("/")
        stage.database = await open_database(f"sqlite:///{folder}/tidings.db")
        feeds = FeedStore(stage.database)
        await feeds.configure([FeedSource(stage.base + path) for path in paths or list(site)[:1]])
        tools = PollTools(
            feeds=feeds,
            web=HttpWeb(fetcher, Here(), summary_length=300),
            alerts=stage.alerts,
            now=lambda: stage.moment,
            chance=lambda: 0.0,
            channels_of=lambda _: [-1001],
            on_articles=lambda: None,
        )
        stage.poller = Poller(tools, PollSettings(interval=INTERVAL, backfill=9, concurrency=9, edit_window=0))
        yield stage
        await stage.poller.stop(0)
        await stage.database.close()


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        ('"a b\\c;é"', ""),
        ('W/"weak"', "Mon, 02 Mar 2026 08:00:00 GMT"),
        ("no quotes at all", ""),
        ("", "02.03.2026 um acht"),
    ],
)
async def test_validators_go_back_as_they_came_and_304_brings_nothing(tmp_path, etag, modified):
    async with polled(tmp_path, {"/feed": conditional(feed("1"), etag, modified)}) as stage:
        await stage.poll()
        await stage.poll()
        [request] = stage.asked
        assert request.headers.get("If-None-Match", "") == etag
        assert request.headers.get("If-Modified-Since", "") == modified
        assert await stage.posts() == ["1"]


async def test_validators_that_a_feed_does_not_send_any_more_are_dropped(tmp_path):
    async with polled(tmp_path, {"/feed": conditional(feed("1"), '"1"')}) as stage:
        await stage.poll()
        stage.site["/feed"] = feed("2", "1")
        await stage.poll()
        await stage.poll()
        assert "If-None-Match" not in stage.asked[0].headers


async def test_a_server_that_says_304_for_ever_is_found_out_in_a_day_and_not_believed_for_a_week(tmp_path):
    def lying(request: web.Request) -> web.Response:
        return web.Response(status=304) if "If-None-Match" in request.headers else stage.site["/real"](request)

    async with polled(tmp_path, {"/feed": lying}, "/feed") as stage:
        stage.site["/real"] = feed("1", ETag='"always"')
        await stage.poll()
        stage.site["/real"] = feed("2", "1", ETag='"always"')
        for _ in range(25):
            await stage.poll(HOUR)
        assert await stage.posts() == ["1", "2"]
        stage.site["/real"] = feed("3", "2", "1", ETag='"always"')
        await stage.poll()
        assert await stage.posts() == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (feed("1"), INTERVAL),
        (feed("1", **{"Cache-Control": "max-age=900"}), 900),
        (feed("1", **{"Cache-Control": "max-age=900", "Age": "600"}), INTERVAL),
        (feed("1", **{"Cache-Control": "max-age=99999999"}), DAY),
        (feed("1", **{"Cache-Control": "no-cache, max-age=900"}), INTERVAL),
        (feed("1", Expires=formatdate(NOW + INTERVAL + 1200, usegmt=True)), 1200),
        (feed("1", head="<ttl>20</ttl>"), 1200),
        (feed("1", head="<ttl>999999</ttl>"), INTERVAL),
        (feed("1", head="<skipHours><hour>12</hour><hour>13</hour></skipHours>"), 2 * HOUR - INTERVAL),
        (feed("1", head="<skipDays><day>Monday</day></skipDays>"), 12 * HOUR - INTERVAL),
    ],
)
async def test_the_next_poll_waits_for_what_server_and_feed_ask(tmp_path, answer, seconds):
    def dated(request: web.Request) -> web.Response:
        response = answer(request)
        response.headers["Date"] = formatdate(stage.moment, usegmt=True)
        return response

    async with polled(tmp_path, {"/feed": dated}) as stage:
        await stage.poll()
        assert await stage.wait() == seconds
        assert await stage.poll(seconds - 2) == []
        assert await stage.poll(2) == ["/feed"]


async def test_no_part_of_a_second_is_taken_off_what_was_asked(tmp_path):
    async with polled(tmp_path, {"/feed": feed("1", **{"Cache-Control": "max-age=900"})}) as stage:
        stage.moment += 0.9
        await stage.poll()
        assert await stage.wait() >= 900.9


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (status(429, Retry_After="900"), 900),
        (status(503, Retry_After="900"), 900),
        (status(503, Retry_After=formatdate(NOW + INTERVAL + 900, usegmt=True), Date=formatdate(NOW + INTERVAL)), 901),
        (status(429), HOUR),
    ],
)
async def test_a_host_that_asks_to_be_left_alone_is_with_all_its_feeds(tmp_path, answer, seconds):
    async with polled(tmp_path, {"/busy": answer}) as stage:
        assert await stage.poll() == ["/busy"]
        assert await stage.wait() == seconds
        await FeedStore(stage.database).configure([FeedSource(stage.base + path) for path in ("/busy", "/other")])
        assert await stage.poll() == []


async def test_errors_are_asked_ever_less_often_and_a_success_begins_anew(tmp_path):
    waits = []
    async with polled(tmp_path, {"/feed": status(500)}) as stage:
        for _ in range(4):
            await stage.poll(waits[-1] if waits else INTERVAL)
            waits.append(await stage.wait())
        stage.site["/feed"] = feed("1")
        await stage.poll(waits[-1])
        assert [*waits, await stage.wait()] == [300, 600, 1200, 2400, INTERVAL]


async def test_the_admin_is_told_when_a_feed_has_failed_for_a_day_and_when_it_is_back(tmp_path):
    async with polled(tmp_path, {"/feed": status(500)}) as stage:
        begun = stage.moment + INTERVAL
        await stage.poll()
        while not stage.alerts.told:
            await stage.poll(await stage.wait())
        assert stage.moment - begun == DAY
        await stage.poll(await stage.wait())
        stage.site["/feed"] = feed("1")
        await stage.poll(DAY)
        await stage.poll(DAY)
        assert [text.removeprefix(stage.base + "/feed ") for text in stage.alerts.told] == [
            "has failed for a day: 127.0.0.1 answers 500 Internal Server Error. I keep trying.",
            "works again.",
        ]


@pytest.mark.parametrize(
    ("code", "is_remembered"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
async def test_a_feed_that_has_moved_for_good_is_asked_at_its_new_place_after_a_day(tmp_path, code, is_remembered):
    async with polled(tmp_path, {"/old": status(code, Location="/new"), "/new": feed("1")}) as stage:
        for after in (INTERVAL, 12 * HOUR, 11 * HOUR):
            assert await stage.poll(after) == ["/old", "/new"]
        await stage.poll(HOUR)
        stage.site["/new"] = feed("2", "1")
        assert await stage.poll(HOUR) == (["/new"] if is_remembered else ["/old", "/new"])
        assert await stage.posts() == ["1", "2"]


async def test_a_feed_that_is_gone_is_asked_once_more_and_then_never(tmp_path):
    async with polled(tmp_path, {"/feed": status(410)}) as stage:
        assert await stage.poll() == ["/feed"]
        assert await stage.poll(HOUR - 1) == []
        assert await stage.poll(1) == ["/feed"]
        assert stage.alerts.told == [f"{stage.base}/feed is gone for good (410). I have stopped asking for it."]
        assert await stage.poll(99 * DAY) == []


async def test_that_a_failing_feed_is_gone_is_told_too(tmp_path):
    async with polled(tmp_path, {"/feed": status(500)}) as stage:
        await stage.poll()
        await stage.poll(DAY)
        stage.site["/feed"] = status(410)
        await stage.poll(DAY)
        await stage.poll(DAY)
        assert ["a day" in text or "for good" in text for text in stage.alerts.told] == [True, True]


async def test_a_feed_that_moves_and_changes_all_its_ids_floods_nobody(tmp_path):
    def entries(host: str, *names: str) -> str:
        return "".join(item(n, guid=f"{host} {n}", link=f"https://{host}/{n}", minute=ord(n)) for n in names)

    site = {"/old": feed(items=entries("old.example", *"dcba")), "/new": feed(items=entries("new.example", *"edcba"))}
    async with polled(tmp_path, site) as stage:
        await stage.poll()
        stage.site["/old"] = status(301, Location="/new")
        await stage.poll()
        assert await stage.posts() == [*"abcd", "e"]


async def test_two_addresses_that_lead_to_one_feed_are_read_and_posted_as_one(tmp_path):
    site = {"/feed": feed("1"), "/rss": status(301, Location="/feed"), "/alias": status(302, Location="/feed")}
    async with polled(tmp_path, site, *site) as stage:
        await stage.poll()
        stage.site["/feed"] = feed("2", "1")
        assert await stage.poll() == ["/feed"]
        assert await stage.posts() == ["1", "2"]


async def test_a_request_names_the_program_asks_for_packed_answers_and_tells_nothing_else(tmp_path):
    async with polled(tmp_path, {"/feed": feed("1", **{"Set-Cookie": "id=1"})}) as stage:
        await stage.poll()
        await stage.poll()
        [request] = stage.asked
        assert request.headers["User-Agent"] == "Tidings/1 (+https://tidings.example)"
        assert {"gzip", "br"} <= {name.strip() for name in request.headers["Accept-Encoding"].split(",")}
        assert not {"Cookie", "Referer", "From"} & set(request.headers)


async def test_the_feed_of_a_site_is_looked_for_anew_where_its_place_was_lost(tmp_path):
    def page(_: web.Request) -> web.Response:
        return web.Response(
            text=f"<link rel=alternate type=application/rss+xml href={place[0]}>", content_type="text/html"
        )

    place = ["/old.xml"]
    async with polled(tmp_path, {"/": page, "/old.xml": feed("1")}) as stage:
        await stage.poll()
        assert await stage.poll() == ["/old.xml"]
        del stage.site["/old.xml"]
        place[0], stage.site["/new.xml"] = "/new.xml", feed("2", "1")
        while "/new.xml" not in await stage.poll(await stage.wait()):
            assert stage.moment < NOW + 2 * DAY
        assert await stage.poll() == ["/new.xml"]
        assert await stage.posts() == ["1", "2"]
