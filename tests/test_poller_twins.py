"""Two addresses that are one feed are one; two that only look like it stay two."""

import pytest
from builders import CHANNEL
from polled import DAY, FEED, feed_of, item, names, stage

from bot.errors import FetchError
from bot.models import FeedOptions, FeedSource

SECOND = "https://news.example/rss.xml"
SELF = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='{FEED}'/>"


def both(*wanted: str) -> str:
    return feed_of(*(item(name) for name in wanted), head=SELF)


@pytest.mark.parametrize("way", ["a redirect", "the self link"])
async def test_two_addresses_of_one_feed_post_and_archive_once(database, way):
    pages = {FEED: both("2", "1"), SECOND: both("2", "1")}
    async with stage(database, pages, backfill=9) as s:
        if way == "a redirect":
            s.web.moved[SECOND] = FEED
            pages[FEED] = names("2", "1")
        s.web.gate.clear()  # both are read at the same time
        s.moment[0] += 1
        await s.poller.tick()
        s.web.gate.set()
        await s.poller.drain()
        assert (await s.posts(), await s.archive()) == (["1", "2"], ["1", "2"])
        assert len(s.alerts.told) == 1
        assert "the same feed" in s.alerts.told[0]
        s.web.asked.clear()
        for wanted in ("321", "4321"):
            pages[FEED] = both(*wanted)
            pages[SECOND] = both(*wanted)
            s.poller = (await s.restarted()).poller
            await s.poll()
        assert {url for url, _ in s.web.asked} == {FEED}
        await s.poll(after=DAY)
        assert {url for url, _ in s.web.asked} == {FEED, SECOND}
        assert await s.posts() == ["1", "2", "3", "4"]
        assert len(s.alerts.told) == 1


async def test_feeds_with_the_same_wrong_self_link_stay_two(database):
    async with stage(database, {FEED: both("1", "2"), SECOND: both("3", "4")}, backfill=9) as s:
        await s.poll()
        assert sorted(await s.posts()) == ["1", "2", "3", "4"]
        assert s.alerts.told == []


@pytest.mark.parametrize("difference", ["channel", "filter"])
async def test_one_feed_given_twice_for_two_purposes_is_posted_for_both(database, difference):
    options = {SECOND: FeedOptions(exclude=("lottery",))} if difference == "filter" else {}
    async with stage(database, {FEED: both("1"), SECOND: both("1")}, backfill=9, options=options) as s:
        if difference == "channel":
            s.posted_to.update({FEED: (CHANNEL,), SECOND: (CHANNEL - 1,)})
        await s.poll()
        assert await s.posts() == ["1", "1"]


@pytest.mark.parametrize("reason", ["it was taken away", "it fails", "it is gone"])
async def test_when_the_first_ends_the_second_goes_on_where_it_was(database, reason):
    pages = {FEED: both("2", "1"), SECOND: both("2", "1")}
    async with stage(database, pages, backfill=9) as s:
        await s.poll()
        pages[FEED] = pages[SECOND] = both("3", "2", "1")
        await s.poll()
        assert await s.posts() == ["1", "2", "3"]
        pages[SECOND] = both("4", "3", "2", "1")
        if reason == "it was taken away":
            await s.feeds.configure([FeedSource(SECOND)])
            s.poller = (await s.restarted()).poller
            await s.poll()
        else:
            pages[FEED] = FetchError("no", status=410 if reason == "it is gone" else 500)
            for _ in range(4):
                await s.poll(after=DAY)
        assert await s.posts() == ["1", "2", "3", "4"]
        pages[SECOND] = both("5", "4", "3", "2", "1")
        await s.poll(after=DAY)
        assert await s.posts() == ["1", "2", "3", "4", "5"]


async def test_when_an_address_stops_leading_to_the_other_feed_each_is_its_own_again(database):
    pages = {FEED: names("1"), SECOND: names("3", "2", "1")}
    async with stage(database, pages) as s:
        s.web.moved[FEED] = SECOND
        await s.poll()
        assert await s.archive() == ["1", "2", "3"]
        del s.web.moved[FEED]
        for wanted in ("4", "5"):
            pages[SECOND] = names(wanted, "3", "2", "1")
            await s.poll(after=DAY)
        assert "5" in await s.posts()
