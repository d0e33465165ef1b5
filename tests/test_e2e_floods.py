"""Readers who flood the real program: they are slowed down, once told so, and nobody else has to wait."""

import time
from pathlib import Path

import pytest
from newssite import Site
from program import Program
from test_e2e_delivery import ready

from bot.i18n import phrases

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig
EN = phrases("en")


async def test_a_flood_in_a_private_chat_is_slowed_down_once_and_delays_neither_others_nor_a_button(
    tmp_path: Path,
) -> None:
    async with World(limits=False) as world, Site() as site:
        await world.channel("@news")
        ann, ben = await world.user("Ann"), await world.user("Ben")
        await world.call("bot", token=world.token, supports_inline_queries=True)
        site.publish(count=2)
        async with Program(tmp_path, world, site.url("/feed/a")) as program:
            await ready(world, site)
            await world.say(ann, "/settings")
            page = await world.wait_message(ann)
            start = time.monotonic()
            for _ in range(200):
                await world.say(ann, "/privacy")
            flooded = time.monotonic() - start
            await world.say(ben, "/help")
            await world.wait_message(ben, timeout=3)
            assert "results" in await world.answer(await world.inline(ann, "storm"), timeout=3)
            await world.answer(await world.press(ann, page, text=EN.say("set_zone")), timeout=3)
            await world.wait_message(ann, contains=EN.say("slow_down"), after=0, timeout=30)
            await world.wait_idle(quiet=3, timeout=60)
            texts = [message.text for message in await world.messages(ann, by_bot=True)]
            assert texts.count(EN.say("slow_down")) == 1
            # A burst of twenty, then one a second: the flood may take its time on a busy machine.
            assert 10 < texts.count(EN.say("privacy")) <= 30 + flooded
            assert "flood" not in program.logged()
            assert (await program.stop())[0] == 0


async def test_a_flood_in_a_group_leaves_room_for_its_other_members_and_its_articles(tmp_path: Path) -> None:
    async with World() as world, Site() as site:
        await world.channel("@news")
        ann, ben = await world.user("Ann"), await world.user("Ben")
        group = await world.supergroup(owner=ben, members=[ann])
        site.publish(count=2)
        async with Program(tmp_path, world, site.url("/feed/a")) as program:
            await ready(world, site)
            await world.say(ben, "/subscribe", chat=group)
            await world.wait_message(group)
            for number in range(80):
                await world.say(ann, "/subscribe" if number % 2 else "/privacy", chat=group)
            await world.say(ben, "/subscriptions", chat=group)
            await world.wait_message(group, contains=EN.say("subscriptions_title"), timeout=5)
            site.publish(title="Storm closes the harbour of Aalsund 3")
            await world.wait_message(group, contains="Storm closes", timeout=15)
            texts = [message.text for message in await world.messages(group, by_bot=True)]
            assert texts.count(EN.say("slow_down")) == 1
            assert texts.count(EN.say("privacy")) + texts.count(EN.say("admins_only")) < 15
            assert len(await world.requests("getChatMember")) < 15
            assert (await program.stop())[0] == 0
        assert (await world.stats()).violations == 0
