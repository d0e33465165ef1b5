"""Digests as a reader meets them: chosen by buttons, due at an hour at which the program may be dead."""

import asyncio
import re
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest
from newssite import Site
from program import Program
from test_e2e_delivery import ready

from bot.i18n import phrases

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig
EN = phrases("en")
DIGEST = re.compile(r"\d+ new articles? for you\n")


def written(folder: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Carry out a statement on the running program's database."""
    with sqlite3.connect(folder / "tidings.db", timeout=10) as connection:
        return connection.execute(sql, values).fetchall()


async def stored(folder: Path, articles: int) -> None:
    """Wait until articles are announced."""
    for _ in range(200):
        if written(folder, "SELECT COUNT(DISTINCT article_id) FROM article_interest")[0][0] >= articles:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the articles were not announced")


def let_the_hour_come(folder: Path) -> None:
    """All that happened so far was an hour ago, and every digest is due now."""
    written(folder, "UPDATE subscription SET created_at = created_at - 3600")
    written(folder, "UPDATE article_interest SET announced_at = announced_at - 3600")
    written(folder, "UPDATE wishes SET held_from = held_from - 3600, next_at = ?", int(time.time()))


async def asked(world: object, user: object, text: str) -> object:
    """Say something and return the bot's answer."""
    await world.say(user, text)
    return await world.wait_message(user)


async def pressed(world: object, user: object, message: object, text: str) -> object:
    """Press the button with this text; return the message as it then is."""
    [button] = [button for button in message.buttons if button["text"].removeprefix("✓ ") == text]
    await world.press(user, message, button["callback_data"])
    return await world.wait_edit(user)


async def with_a_daily_digest(world: object, user: object) -> None:
    await asked(world, user, "/subscribe")
    page = await asked(world, user, "/settings Madrid")
    page = await pressed(world, user, page, EN.say("set_delivery"))
    page = await pressed(world, user, page, EN.say("mode_daily"))
    assert f"✓ {EN.say('mode_daily')}" in [button["text"] for button in page.buttons]


async def digests(world: object, user: object) -> list[object]:
    return [message for message in await world.messages(user, by_bot=True) if DIGEST.match(message.text)]


async def test_a_reader_chooses_a_digest_by_buttons_and_gets_it_instead_of_the_articles(tmp_path: Path) -> None:
    async with World() as world, Site() as site:
        await world.channel("@news")
        reader, other = await world.user("Ann"), await world.user("Ben")
        site.publish()
        async with Program(tmp_path, world, site.url("/feed/a")) as program:
            await ready(world, site)
            await with_a_daily_digest(world, reader)
            await asked(world, other, "/subscribe")
            numbers = site.publish(count=3)
            await world.wait_messages(other, 3, lambda message: "budget" in message.text, timeout=20)
            await stored(tmp_path, 3)
            assert not [message for message in await world.messages(reader, by_bot=True) if "budget" in message.text]

            let_the_hour_come(tmp_path)
            digest = await world.wait_message(reader, lambda message: DIGEST.match(message.text), timeout=15)

            assert digest.text.startswith("3 new articles for you\n\nTown Herald a\n• Town council")
            assert digest.links() == [site.url(f"/a/{number}") for number in numbers]
            page = await asked(world, reader, "/settings")
            assert "Madrid" in page.text
            await program.stop()
            await program.start()  # buttons of before still work
            await world.wait_bot()
            page = await pressed(world, reader, page, EN.say("set_quiet"))
            page = await pressed(world, reader, page, EN.say("quiet_silent"))
            assert f"✓ {EN.say('quiet_silent')}" in [button["text"] for button in page.buttons]
            assert len(await digests(world, reader)) == 1
            assert await digests(world, other) == []
        assert not await world.findings()


async def test_killed_before_the_hour_each_digest_comes_once_and_late(tmp_path: Path) -> None:
    async with World() as world, Site() as site:
        await world.channel("@news")
        readers = [await world.user(f"Reader {number}") for number in range(3)]
        site.publish()
        async with Program(tmp_path, world, site.url("/feed/a")) as program:
            await ready(world, site)
            for reader in readers:
                await with_a_daily_digest(world, reader)
            site.publish(count=2)
            await stored(tmp_path, 2)
            await program.kill()
            let_the_hour_come(tmp_path)
            await program.start()
            for reader in readers:
                await world.wait_message(reader, lambda message: DIGEST.match(message.text), timeout=20)
            await asyncio.sleep(2)
            assert [len(await digests(world, reader)) for reader in readers] == [1, 1, 1]


@pytest.mark.slow
async def test_killed_again_and_again_while_digests_go_out_nobody_is_left_out(tmp_path: Path) -> None:
    count, kills = 60, 5
    async with World(limits=False) as world, Site() as site:
        await world.channel("@news")
        readers = [await world.user(f"Reader {number}") for number in range(count)]
        site.publish()
        async with Program(tmp_path, world, site.url("/feed/a"), GLOBAL_RATE=15) as program:
            await ready(world, site)
            await with_a_daily_digest(world, readers[0])
            for table in ("chat", "subscription", "wishes"):
                names = [row[1] for row in written(tmp_path, f"PRAGMA table_info({table})")]
                key = "id" if table == "chat" else "chat_id"
                copied = ", ".join(name for name in names if name not in {"id", key})
                for reader in readers[1:]:
                    sql = f"INSERT INTO {table} ({key}, {copied}) SELECT ?, {copied} FROM {table} WHERE {key} = ?"
                    written(tmp_path, sql, reader.id, readers[0].id)
            site.publish(count=2)
            await stored(tmp_path, 2)
            let_the_hour_come(tmp_path)
            for _ in range(kills):
                before = await sent(world, readers)
                while await sent(world, readers) < min(before + 5, count):
                    await asyncio.sleep(0.1)
                await program.kill()
                await program.start()
            for reader in readers:
                await world.wait_message(reader, lambda message: DIGEST.match(message.text), timeout=30)
            await asyncio.sleep(2)
            in_doubt = sum(map(int, re.findall(r"in doubt after a kill: count=(\d+)", program.logged())))
            got = Counter([len(await digests(world, reader)) for reader in readers])
        assert set(got) <= {1, 2}
        assert got[2] <= in_doubt, "doubled beyond what no answer had come of"


async def sent(world: object, readers: list[object]) -> int:
    return sum([len(await digests(world, reader)) for reader in readers])
