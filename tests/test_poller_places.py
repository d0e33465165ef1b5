"""Who gets the places in which feeds are polled: a slow host leaves some, and free ones are filled at once."""

import asyncio

from polled import stage

from bot.poller.poller import CROWDED_SECONDS

SLOW = [f"https://slow.example/{number}" for number in range(60)]
QUICK = [f"https://host{number}.example/feed" for number in range(40)]


async def test_a_slow_host_holds_its_share_of_the_places_and_the_others_go_on(database):
    async with stage(database, dict.fromkeys([*SLOW, *QUICK], "no feed"), concurrency=20) as s:
        answered, never = s.web.fetch_feed, asyncio.Event()

        async def fetch(url, validators):
            if url in SLOW:
                await never.wait()
            return await answered(url, validators)

        s.web.fetch_feed = fetch
        for _ in range(4):
            s.moment[0] += CROWDED_SECONDS
            await s.poller.tick()
            while len(s.poller._running) > 5:
                await asyncio.sleep(0)
        assert {url for url, _ in s.web.asked} == set(QUICK)
        assert {feed.url for feed in s.poller._running.values()} <= set(SLOW)
        assert len(s.poller._running) == 5


async def test_more_due_feeds_than_places_need_one_tick(database):
    async with stage(database, dict.fromkeys(QUICK, "no feed"), concurrency=4) as s:
        await s.poll()
        assert len(s.web.asked) == len(QUICK)


async def test_every_feed_of_a_large_host_gets_its_turn(database):
    async with stage(database, dict.fromkeys(SLOW, "no feed"), concurrency=4) as s:
        for _ in range(30):
            await s.poll(after=CROWDED_SECONDS)
        assert {url for url, _ in s.web.asked} == set(SLOW)


async def test_a_stop_while_feeds_are_being_claimed_gives_them_back(database):
    async with stage(database, dict.fromkeys(QUICK[:4], "no feed"), concurrency=4) as s:
        s.moment[0] += 1
        ticking = asyncio.create_task(s.poller.tick())
        while not s.poller._claiming.locked():
            await asyncio.sleep(0)
        await s.poller.stop(0)
        await ticking
        assert await s.rows("SELECT COUNT(*) FROM feed WHERE claim <> ''") == [(0,)]
        assert s.web.asked == []
