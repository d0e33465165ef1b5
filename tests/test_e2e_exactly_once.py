"""Killed at random, with answers lost: what stands in the channel is exactly what was published."""

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from newssite import Site
from program import Program
from test_e2e_delivery import numbers, posts, ready

from bot.messengers.telegram.sender import TelegramProber, build_bot, connect, disconnect

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = [pytest.mark.rig, pytest.mark.slow]
KILLS = 50
ARTICLES_A_LIFE = 10


async def one_more_post(world: object, channel: object) -> None:
    """Wait until the program has got as far as posting again."""
    before = len(await world.posts(channel))
    await posts(world, channel, before + 1, timeout=30)


async def chaos(tmp_path: Path, **settings: object) -> tuple[list[int], list[int], object]:
    """Publish, kill and lose answers; return what was published, what stands in the channel, and what others posted."""
    dice = random.Random(4)
    async with World(limits=False, seed=7) as world, Site() as site:
        channel = await world.channel("@news")
        admin = await world.user("Admin")
        site.publish()
        known = {"ADMIN_IDS": admin.id} if settings.pop("admin", True) else {}
        facts = {"GLOBAL_RATE": 30, "CHAT_RATE": 100_000, "DOUBT_WAIT": 0.5, **known, **settings}
        async with Program(tmp_path, world, site.url("/feed/a"), **facts) as program:
            await ready(world, site)
            await asyncio.sleep(1)
            await world.fault("drop_after", "sendMessage", probability=0.03)
            await world.fault("drop_before", "sendMessage", probability=0.01)
            await world.fault("bad_gateway", "sendMessage", probability=0.01)
            published = site.publish(count=2 * ARTICLES_A_LIFE)
            others = []
            for kill in range(KILLS):
                await one_more_post(world, channel)
                published += site.publish(count=ARTICLES_A_LIFE)
                await asyncio.sleep(dice.uniform(0, 0.4))
                await program.kill()
                if kill % 10 == 0:
                    others.append(await world.post(channel, f"A word of the editor {kill}"))
                await program.start()
            await world.clear_faults()
            await posts(world, channel, len(published), timeout=120)
            await asyncio.sleep(2)
            assert program.logged().count("post doubtful") + program.logged().count("doubtful post") > 20
            found = numbers(await world.posts(channel))
            for post in others:
                now = await world.refresh(post)
                assert not now.deleted
                assert now.text == post.text
        # A kill between a copy in the admins' chat and its deletion leaves the copy there, and nowhere else.
        copies = [message for message in await world.messages(admin, by_bot=True) if "budget" in message.text]
        assert sum(not message.deleted for message in copies) <= KILLS // 10
    return published, found, others


async def test_fifty_kills_and_lost_answers_lose_and_double_nothing(tmp_path: Path) -> None:
    published, found, _ = await chaos(tmp_path)
    assert sorted(found) == published, "lost or doubled"
    assert found == published, "out of order"


async def test_with_skip_and_no_admin_nothing_is_doubled(tmp_path: Path) -> None:
    published, found, _ = await chaos(tmp_path, admin=False, DOUBTFUL="skip")
    assert len(found) == len(set(found))
    assert found == sorted(found)
    assert len(found) > len(published) * 0.97, "what did not arrive can mostly be told by what stands there"


@pytest.mark.parametrize("protected", [False, True])
async def test_whether_a_message_is_there_can_be_asked_without_sending_anything(protected: bool) -> None:
    async with World() as world:
        channel = await world.channel("@news", protected=protected)
        posted = await world.post(channel, "A word of the editor")
        bot = build_bot(world.token, world.url)
        await connect(bot)
        prober = TelegramProber(bot, [])
        assert await prober.exists(channel.id, posted.id)
        assert not await prober.exists(channel.id, posted.id + 1)
        await disconnect(bot)
        assert [message.id for message in await world.messages(channel)] == [posted.id]


async def test_a_restored_backup_posts_nothing_a_second_time(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        admin = await world.user("Admin")
        site.publish()
        facts = {"GLOBAL_RATE": 30, "CHAT_RATE": 100_000, "ADMIN_IDS": admin.id}
        async with Program(tmp_path, world, site.url("/feed/a"), **facts) as program:
            await ready(world, site)
            await asyncio.sleep(1)
            published = site.publish(count=10)
            await posts(world, channel, 5)
            live, backup = (sqlite3.connect(tmp_path / name) for name in ("tidings.db", "backup.db"))
            with closing(live), closing(backup):
                live.backup(backup)
            published += site.publish(count=10)
            await posts(world, channel, 20)
            await world.post(channel, "A word of the editor")
            await program.kill()
            for name in ("tidings.db", "tidings.db-wal", "tidings.db-shm"):
                (tmp_path / name).unlink(missing_ok=True)
            (tmp_path / "backup.db").rename(tmp_path / "tidings.db")
            await program.start()
            published += site.publish(count=5)
            await posts(world, channel, 26)
            await asyncio.sleep(2)
            found = [post for post in await world.posts(channel) if "budget" in post.text]
            assert numbers(found) == published


async def test_a_second_program_on_the_same_database_takes_over_and_doubles_nothing(
    tmp_path: Path, database_url: str
) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        admin = await world.user("Admin")
        site.publish()
        facts = {"GLOBAL_RATE": 20, "CHAT_RATE": 100_000, "ADMIN_IDS": admin.id, "DATABASE_URL": database_url}
        async with Program(tmp_path, world, site.url("/feed/a"), **facts) as older:
            await ready(world, site)
            await asyncio.sleep(1)
            published = site.publish(count=100)
            await posts(world, channel, 10)
            async with Program(tmp_path, world, site.url("/feed/a"), **facts):
                assert await older.exit_code() == 1
                assert "sends from this database" in older.logged()
                await posts(world, channel, 100)
                await asyncio.sleep(1)
                assert numbers(await world.posts(channel)) == published
