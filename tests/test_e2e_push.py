"""The real program with its web server: pushed articles, Telegram's webhook, health."""

import asyncio
import hashlib
import hmac
import json
import socket
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from newssite import Site
from program import Program

from bot.webhooks import derived_secret

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World
FeedServer = pytest.importorskip("feedserver", reason="the shared rig is not beside this checkout").FeedServer

pytestmark = pytest.mark.rig

ENTRY = "<item><title>Forged news</title><guid>forged</guid><link>{link}</link><description>No.</description></item>"
SECRET = "X-Telegram-Bot-Api-Secret-Token"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def until(condition, seconds=20.0):
    """Wait for what `condition` returns once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := await condition():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


class Hub:
    """The rig's feed server with its hub, asked from the event loop."""

    def __init__(self, server):
        self._server = server
        self.feed, self.other_feed = server.url(0), server.url(1)

    async def publish(self):
        [entry] = await asyncio.to_thread(self._server.publish, 0)
        return entry

    async def callbacks(self):
        found = await asyncio.to_thread(self._server.ctl, "hub")
        return [one["callback"] for one in found["subs"] if one["topic"] == self.feed]

    async def polls(self):
        log = await asyncio.to_thread(self._server.ctl, "log", feed=0)
        return len(log["t"]) if log else 0


@asynccontextmanager
async def hub_and_world():
    server = FeedServer(feeds=2, hosts=1, quirk="hub", format="rss")
    await asyncio.to_thread(server.start)
    try:
        async with World(limits=False) as world:
            await world.channel("@news")
            yield Hub(server), world
    finally:
        await asyncio.to_thread(server.stop)


def webhooks(port, **more):
    return {"WEBHOOK_URL": f"http://127.0.0.1:{port}/tidings", "WEBHOOK_LISTEN": f"127.0.0.1:{port}", **more}


async def test_a_pushed_article_stands_in_the_channel_within_two_seconds_and_a_forged_one_never(tmp_path):
    port = free_port()
    async with hub_and_world() as (hub, world), aiohttp.ClientSession() as client:
        async with Program(tmp_path, world, hub.feed, POLL_INTERVAL=3600, **webhooks(port)) as program:
            [callback] = await until(hub.callbacks)
            assert callback.startswith(f"http://127.0.0.1:{port}/tidings/websub/")
            polls = await hub.polls()

            forged = ENTRY.format(link=f"{hub.feed}/forged").join(("<rss version='2.0'><channel>", "</channel></rss>"))
            signed = f"sha256={hmac.new(b'guessed', forged.encode(), hashlib.sha256).hexdigest()}"
            for headers in ({"X-Hub-Signature": signed}, {}):
                async with client.post(callback, data=forged.encode(), headers=headers) as answer:
                    assert answer.status == 202
            async with client.post(callback[:-4] + "AAAA", data=forged.encode()) as answer:
                assert answer.status == 404
            async with client.get(callback, params={"hub.mode": "subscribe", "hub.challenge": "x"}) as answer:
                assert answer.status == 404

            for _ in range(3):
                entry = await hub.publish()
                start = time.monotonic()
                await until(lambda wanted=entry["title"]: standing(world, wanted), 5)
                assert time.monotonic() - start < 2

            found = await world.posts("@news")
            assert len(found) == 3
            assert not any("Forged" in post.text for post in found)
            assert await hub.polls() == polls
            code, seconds = await program.stop()
            assert (code, seconds < 10) == (0, True)

        # A restart looks for what was pushed meanwhile, posts that once, and knows its subscription again.
        missed = await hub.publish()
        async with Program(tmp_path, world, hub.feed, POLL_INTERVAL=3600, **webhooks(port)):
            await until(lambda: standing(world, missed["title"]))
            assert await hub.callbacks() == [callback]
        assert len(await world.posts("@news")) == 4

        # A feed that is taken out of FEEDS is not pushed any more.
        async with Program(tmp_path, world, hub.other_feed, **webhooks(port)):
            await until(lambda: none_left(hub))


async def standing(world, title):
    return any(post.text.startswith(title) for post in await world.posts("@news"))


async def none_left(hub):
    return not await hub.callbacks()


async def test_telegram_brings_its_updates_to_the_webhook_and_nobody_else_does(tmp_path):
    port = free_port()
    async with World(limits=False) as world, Site() as site, aiohttp.ClientSession() as client:
        await world.channel("@news")
        ann = await world.user("Ann")
        site.publish()
        update = {
            "update_id": 77,
            "message": {
                "message_id": 5000,
                "date": int(time.time()),
                "text": "/help",
                "chat": {"id": ann.id, "type": "private", "first_name": "Ann"},
                "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
            },
        }
        address = f"http://127.0.0.1:{port}/tidings/telegram"
        settings = webhooks(port, TELEGRAM_MODE="webhook", BACKFILL=1)
        async with Program(tmp_path, world, site.url("/feed/a"), **settings) as program:
            await world.wait_bot()
            await until(lambda: has_posts(world))
            await world.say(ann, "/latest")
            answer = await world.wait_message(ann)
            assert "Town council approves budget number 1" in answer.text

            for headers in ({}, {SECRET: "wrong"}, {SECRET: "é"}):
                async with client.post(address, json=update, headers=headers) as refused:
                    assert refused.status == 403
            right = {SECRET: derived_secret(world.token)}
            for _ in range(3):  # Telegram brings an update again where our answer was lost
                async with client.post(address, json=update, headers=right) as taken:
                    assert taken.status == 200
            async with client.post(address, data=b'["no update"]', headers=right) as taken:
                assert taken.status == 200
            await world.wait_message(ann, lambda message: "/search" in message.text)
            await world.say(ann, "/start")
            await world.wait_message(ann)
            helped = [one for one in await world.messages(ann) if one.text and "/unsubscribe" in one.text]
            assert len(helped) == 1
            assert (await program.stop())[0] == 0
            assert right[SECRET] not in program.logged()

        # Back to polling, the webhook is taken away.
        async with Program(tmp_path, world, site.url("/feed/a")):
            await until(lambda: no_webhook(world))
            await world.say(ann, "/latest")
            await world.wait_message(ann)
        assert not await world.findings()


async def has_posts(world):
    return await world.posts("@news")


async def no_webhook(world):
    return not (await world.api("getWebhookInfo"))["result"]["url"]


async def test_health_is_told_in_numbers_and_the_rest_of_the_paths_are_not_there(tmp_path):
    port = free_port()
    async with World(limits=False) as world, Site() as site, aiohttp.ClientSession() as client:
        await world.channel("@news")
        site.publish()
        settings = {"WEBHOOK_LISTEN": f"127.0.0.1:{port}"}
        async with Program(tmp_path, world, site.url("/feed/a"), **settings) as program:
            await world.wait_bot()
            async with client.get(f"http://127.0.0.1:{port}/healthz") as answer:
                facts = json.loads(await answer.text())
                assert answer.status == 200
            assert facts["status"] == "ok"
            assert facts["database_writable"] is True
            assert set(facts) == {
                "status",
                "database_writable",
                "feed_overdue_seconds",
                "posts_waiting",
                "oldest_post_seconds",
            }
            for path in ("/", "/telegram", "/websub/" + "a" * 43, "/metrics"):
                async with client.post(f"http://127.0.0.1:{port}{path}", data=b"x") as answer:
                    assert answer.status == 404
            assert (await program.stop())[0] == 0


async def test_an_address_that_is_taken_ends_the_program_with_a_clear_word(tmp_path):
    async with World(limits=False) as world, Site() as site:
        await world.channel("@news")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            place = f"127.0.0.1:{taken.getsockname()[1]}"
            async with Program(tmp_path, world, site.url("/feed/a"), WEBHOOK_LISTEN=place) as program:
                assert await program.exit_code() == 2
                assert f"WEBHOOK_LISTEN: cannot listen on {place}" in program.logged()
