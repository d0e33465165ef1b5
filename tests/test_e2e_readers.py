"""Readers of the real program: private chat, group, supergroup and forum topic, with commands and buttons."""

from pathlib import Path

import pytest
from newssite import Site
from program import Program
from test_e2e_delivery import ready

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig


async def test_each_place_gets_what_it_subscribed_to_once_and_where_it_asked(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        ann, ben = await world.user("Ann"), await world.user("Ben")
        news = await world.channel("@news")
        group = await world.group(owner=ann, members=[ben])
        supergroup = await world.supergroup(owner=ann, members=[ben])
        forum = await world.forum(owner=ann, members=[ben])
        topic = await world.topic(forum, "Ships")
        site.publish(count=2)
        async with Program(tmp_path, world, site.url("/feed/a"), GLOBAL_RATE=1000, PRIVATE_RATE=100) as program:
            await ready(world, site)
            for chat, words, place in (
                (ann, "storm", {}),
                (ann, "harbour", {}),
                (ben, "whale", {}),
                (group, "storm -whale", {"chat": group}),
                (supergroup, "whale", {"chat": supergroup}),
                (forum, "storm", {"chat": forum, "thread_id": topic.message_thread_id}),
            ):
                await world.say(ben if chat is ben else ann, f"/subscribe {words}", **place)
                said = await world.wait_message(chat)
                assert words in said.text
                assert "last week" in said.text
            await world.say(ben, "/subscribe", chat=group)
            assert "admins" in (await world.wait_message(group)).text

            site.publish(title="Storm closes the harbour of Aalsund 3")
            in_topic = await world.wait_message(forum, contains="Storm closes")
            at_anns = await world.wait_message(ann, contains="Storm closes")
            await world.wait_message(group, contains="Storm closes")
            site.publish(title="A whale was seen at the lighthouse 4")
            await world.wait_message(ben, contains="A whale")
            await world.wait_message(supergroup, contains="A whale")
            await world.wait_idle()

            assert in_topic.message_thread_id == topic.message_thread_id
            for chat, storms, whales in (
                (ann, 1, 0),
                (ben, 0, 1),
                (group, 1, 0),
                (supergroup, 0, 1),
                (forum, 1, 0),
                (news, 1, 1),
            ):
                texts = [post.text for post in await world.posts(chat)]
                assert sum("Storm closes" in text for text in texts) == storms
                assert sum("A whale was seen" in text for text in texts) == whales

            pressed = await world.press(ann, at_anns, text="☆")
            assert "/saved" in (await world.answer(pressed)).text
            await world.say(ann, "/saved")
            assert "Storm closes" in (await world.wait_message(ann)).text
            await world.say(ann, "/subscriptions")
            pressed = await world.press(ann, await world.wait_message(ann), text="✕ storm")
            await world.answer(pressed)
            assert "storm" not in (await world.wait_edit(ann)).text
            await world.say(ann, "/search stroms")
            assert "Storm closes" in (await world.wait_message(ann)).text
            await world.say(ann, "/forget")
            assert "deleted" in (await world.wait_message(ann)).text
            assert (await program.stop())[0] == 0
        assert not await world.findings()


async def test_a_channels_star_is_a_link_that_puts_the_article_by(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        ann = await world.user("Ann", language_code="ar")
        news = await world.channel("@news")
        async with Program(tmp_path, world, site.url("/feed/a"), BACKFILL=1) as program:
            site.publish(title="Storm closes the harbour of Aalsund 1")
            post = await world.wait_message(news)
            address = post.buttons[0]["url"]
            assert address.startswith("https://t.me/emulated_test_bot?start=")
            await world.say(ann, f"/start {address.partition('start=')[2]}")
            assert "/saved" in (await world.wait_message(ann)).text
            await world.say(ann, "/saved")
            assert "Storm closes" in (await world.wait_message(ann)).text
            assert (await program.stop())[0] == 0
