"""The poller with its real parts: HTTP on loopback, worker processes, SQLite."""

import time
from contextlib import asynccontextmanager

from fakes import FakeAlerts
from served_site import served_site

from bot.feeds.web import HttpWeb
from bot.models import FeedSource
from bot.poller import Poller, PollSettings, PollTools
from bot.store import open_database
from bot.store.feeds import FeedStore
from bot.workers import Workers

SENTENCE = "The council has voted for a new harbour wall that will be built of local stone over the next three years. "


def document(*names: str) -> str:
    items = "".join(
        f"<item><guid>{n}</guid><link>/a/{n}</link><title>Title {n}</title><description>{SENTENCE * 4}</description></item>"
        for n in names
    )
    return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"


@asynccontextmanager
async def polling(pages: dict[str, str], path: str, folder):
    """A poller for one address of a site with these pages; gives a function that polls now, and the feed as stored."""
    async with served_site(pages) as site, Workers() as workers:
        database = await open_database(f"sqlite:///{folder}/tidings.db")
        feeds = FeedStore(database)
        await feeds.configure([FeedSource(site.base + path)])
        moment = time.time()
        tools = PollTools(
            feeds=feeds,
            web=HttpWeb(site.fetcher, workers, summary_length=300),
            alerts=FakeAlerts(),
            now=lambda: moment,
            chance=lambda: 0.0,
            channels_of=lambda _: [-1001],
            on_articles=lambda: None,
        )
        poller = Poller(tools, PollSettings(interval=300, backfill=9, concurrency=5, edit_window=0))

        async def poll(*, cut=None):
            nonlocal moment
            site.cut = cut
            moment += 400
            site.asked.clear()
            await poller.tick()
            await poller.drain()
            rows = await database.read(lambda connection: connection.rows("SELECT link FROM article ORDER BY id", ()))
            return list(site.asked), [row[0].rpartition("/")[2] for row in rows]

        yield poll
        await database.close()


async def test_a_sites_address_leads_to_its_feed_which_is_polled_from_then_on(tmp_path):
    page = "<html><link rel='alternate' type='application/rss+xml' href='/news.xml'>"
    pages = {"/": page, "/news.xml": document("1")}
    async with polling(pages, "/", tmp_path) as poll:
        first, _ = await poll()
        pages["/news.xml"] = document("2", "1")
        second, found = await poll()
    assert first[:2] == ["/", "/news.xml"]
    assert second[0] == "/news.xml"
    assert found == ["1", "2"]


async def test_a_page_in_the_place_of_a_feed_that_worked_is_not_searched(tmp_path):
    pages = {"/feed": document("1"), "/other": document("2")}
    async with polling(pages, "/feed", tmp_path) as poll:
        await poll()
        pages["/feed"] = "<html><link rel='alternate' type='application/rss+xml' href='/other'>For sale"
        asked, found = await poll()
    assert (asked, found) == (["/feed"], ["1"])


async def test_a_feed_that_was_cut_off_is_read_whole_the_next_time(tmp_path):
    whole = document("1", "2", "3")
    async with polling({"/feed": whole}, "/feed", tmp_path) as poll:
        _, first = await poll(cut=whole.index("<item><guid>3"))
        _, found = await poll()
    assert (first, found) == (["2", "1"], ["2", "1", "3"])


async def test_entries_that_stand_unchanged_are_neither_lost_nor_stored_again(tmp_path):
    pages = {"/feed": document("3", "2", "1")}
    async with polling(pages, "/feed", tmp_path) as poll:
        await poll()
        for names in ("4321", "5432", "2543", "65432"):
            pages["/feed"] = document(*names)
            _, found = await poll()
    assert found == ["1", "2", "3", "4", "5", "6"]
