"""A broadcast by the real program, killed in the middle: nobody is lost, and the channel and the answers never wait."""

import asyncio
import time
from pathlib import Path

import pytest
from builders import subscribe_to_everything
from newssite import Site
from program import Program
from test_e2e_delivery import numbers, ready

from bot.delivery.broadcast import IN_FLIGHT
from bot.store import open_database

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig

READERS, ARTICLES = 200, 3
RATE = 60
FIRST = 10_000_000


async def subscribers(world: object, folder: Path) -> range:
    """People who subscribed before the program starts."""
    readers = range(FIRST, FIRST + READERS)
    await asyncio.gather(*(world.user("Reader", id=reader) for reader in readers))
    database = await open_database(f"sqlite:///{folder}/tidings.db")
    await subscribe_to_everything(database, readers)
    await database.close()
    return readers


async def count(world: object) -> int:
    return int((await world.stats())["requests"].get("sendMessage", 0))


async def until_sent(world: object, messages: int) -> None:
    for _ in range(1200):
        if await count(world) >= messages:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{await count(world)} of {messages} messages in a minute")


async def received(world: object, reader: int) -> list[int]:
    return numbers(await world.messages(reader, by_bot=True))


async def test_a_broadcast_survives_a_kill_and_delays_neither_the_channel_nor_an_answer(tmp_path: Path) -> None:
    limits = {"global_per_second": RATE, "global_burst": RATE}
    async with World(limits=limits) as world, Site() as site:
        channel = await world.channel("@news")
        readers = await subscribers(world, tmp_path)
        site.publish()
        async with Program(tmp_path, world, site.url("/feed/a"), GLOBAL_RATE=RATE) as program:
            await ready(world, site)
            while len(site.requests) < 2:
                await asyncio.sleep(0.05)
            published = site.publish(count=ARTICLES - 1)
            await until_sent(world, READERS // 2)

            asker = await world.user("Ann")
            start = time.monotonic()
            await world.say(asker, "/latest")
            await world.wait_message(asker)
            assert time.monotonic() - start < 3  # the broadcast takes longer

            published += site.publish()
            start = time.monotonic()
            await world.wait_message(channel, lambda post: numbers([post]) == published[-1:], after=0)
            assert time.monotonic() - start < 5  # the poll, and its turn

            await program.kill()
            await program.start()
            await until_sent(world, READERS * ARTICLES)
            await world.wait_idle(quiet=2, timeout=30)

        surplus = 0
        for reader in readers:
            got = await received(world, reader)
            assert list(dict.fromkeys(got)) == published, "lost, or out of order"
            surplus += len(got) - ARTICLES
        assert surplus <= IN_FLIGHT
        assert numbers(await world.posts(channel)) == published
        assert (await world.stats()).violations == 0
