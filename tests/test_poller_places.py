"""Who gets the places in which feeds are polled: a slow host leaves some, and free ones are filled at once."""

import asyncio

from polled import DAY, INTERVAL, names, stage

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


async def test_a_large_host_is_served_as_fast_as_it_answers(database):
    async with stage(database, dict.fromkeys(SLOW, "no feed"), concurrency=20) as s:
        await s.poll()
        await s.poll(after=CROWDED_SECONDS)
        assert {url for url, _ in s.web.asked} == set(SLOW)


async def test_no_feed_of_a_host_is_overtaken_for_ever_by_those_that_come_round_again(database):
    async with stage(database, {url: names(url[-2:]) for url in SLOW}, concurrency=20, interval=1) as s:
        answered, begun = s.web.fetch_feed, []

        async def fetch(url, validators):
            begun.append(url)
            if len(begun) % 8 == 0:  # the host takes its time: a second for eight answers, when they are all due again
                s.moment[0] += 1
                await s.poller.tick()
            return await answered(url, validators)

        s.web.fetch_feed = fetch
        s.moment[0] += 1
        await s.poller.tick()
        async with asyncio.timeout(20):
            while len(begun) < 2 * len(SLOW):
                await asyncio.sleep(0)
        s.poller._stopping = True
        await s.poller.drain()
        assert set(begun[: 2 * len(SLOW)]) == set(SLOW)


async def test_a_stop_gives_back_who_waits(database):
    async with stage(database, dict.fromkeys(SLOW, "no feed"), concurrency=20) as s:
        s.web.gate.clear()
        s.moment[0] += 1
        await s.poller.tick()
        assert (len(s.poller._running), s.poller._places.free) == (5, 15)
        await s.poller.stop(0)
        assert await s.rows("SELECT COUNT(*) FROM feed WHERE claim <> ''") == [(0,)]


async def test_an_article_pushed_for_a_feed_that_waits_its_turn_is_taken_at_once(database):
    async with stage(database, {url: names("old") for url in SLOW[:8]}, concurrency=20, story_window=0) as s:
        await s.poll()
        (waiting,) = await s.rows("SELECT MAX(id) FROM feed")
        s.web.gate.clear()
        s.moment[0] += 2 * INTERVAL
        await s.poller.tick()
        assert waiting[0] not in {feed.id for feed in s.poller._running.values()}

        async def read(feed):
            return await s.web.read(names("new", "old").encode(), feed.url, "")

        assert await s.poller.push(waiting[0], read, until=int(s.moment[0]) + DAY)
        assert await s.posts() == ["new"]
        assert s.poller._places.free == 15
        s.web.gate.set()
        await s.poller.drain()
        assert s.poller._places.free == 20


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
