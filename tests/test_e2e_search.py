"""Search of the real program: in every kind of chat, its buttons after a restart, and its links."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from newssite import Site
from program import Program
from test_e2e_delivery import ready
from test_e2e_digests import asked, pressed, written

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(150):
        if is_so():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("not so in 15 s")


async def test_a_search_is_answered_where_it_was_asked_and_its_buttons_outlive_the_program(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        ann = await world.user("Ann")
        news = await world.channel("@news")
        group, supergroup = await world.group(owner=ann), await world.supergroup(owner=ann)
        forum = await world.forum(owner=ann)
        topic = await world.topic(forum, "Ships")
        for number in range(7):
            site.publish(title=f"Storm closes the harbour of Aalsund {number}")
        async with Program(
            tmp_path, world, site.url("/feed/a"), BACKFILL=7, GLOBAL_RATE=1000, CHAT_RATE=6000
        ) as program:
            await world.wait_messages(news, 7)
            places = [(ann, {}), (group, {"chat": group}), (supergroup, {"chat": supergroup})]
            places.append((forum, {"chat": forum, "thread_id": topic.message_thread_id}))
            pages = []
            for chat, place in places:
                await world.say(ann, "/search stroms harbors", **place)
                page = await world.wait_message(chat, contains="Page 1 of 2")
                assert sum(link.startswith("https://t.me/news/") for link in page.links()) == 5
                assert sum("/a/" in link for link in page.links()) == 5
                pages.append(page)
            assert pages[-1].message_thread_id == topic.message_thread_id
            assert (await program.stop())[0] == 0
            await program.start()
            await ready(world, site)
            for (chat, _), page in zip(places, pages, strict=True):
                await world.answer(await world.press(ann, page, text="More ›"))
                turned = await world.wait_edit(chat)
                assert "Page 2 of 2" in turned.text
                assert len(turned.links()) == 4
            assert (await program.stop())[0] == 0
        assert not await world.findings()


async def test_links_to_posts_follow_a_channel_that_is_renamed_and_end_where_it_is_private(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        ann, news = await world.user("Ann"), await world.channel("@news")
        site.publish(title="Storm closes the harbour of Aalsund 1")

        async def leads_to(beginning: str) -> bool:
            links = (await asked(world, ann, "/search storm")).links()
            assert any("/a/" in link for link in links)
            return any(link.startswith(beginning) for link in links)

        def username() -> object:
            return written(tmp_path, "SELECT username FROM chat WHERE id = ?", news.id)[0][0]

        async with Program(tmp_path, world, site.url("/feed/a"), BACKFILL=1, PRIVATE_RATE=100) as program:
            await world.wait_messages(news, 1)
            assert await leads_to("https://t.me/news/")

            await world.call("permissions", chat=news.id, username="@herald")
            await world.fault("api_error", "getChat", code=400, description="Bad Request: chat not found")
            assert (await program.stop())[0] == 0
            await program.start()
            await until(lambda: "channel's name not refreshed" in program.logged())
            assert await leads_to("https://t.me/news/")

            await world.clear_faults()
            assert (await program.stop())[0] == 0
            await program.start()
            await until(lambda: username() == "herald")
            assert await leads_to("https://t.me/herald/")

            await world.call("permissions", chat=news.id, username="")
            assert (await program.stop())[0] == 0
            await program.start()
            await until(lambda: username() == "")
            assert not await leads_to("https://t.me/")
            site.publish()
            await world.wait_messages(news, 1)
            assert (await program.stop())[0] == 0
        assert not await world.findings()


async def test_who_asks_for_a_source_that_does_not_exist_is_offered_the_closest_and_gets_it_by_its_button(
    tmp_path: Path,
) -> None:
    async with World(limits=False) as world, Site() as site:
        ann, news = await world.user("Ann"), await world.channel("@news")
        site.publish(title="Storm closes the harbour of Aalsund 1")
        async with Program(tmp_path, world, site.url("/feed/a"), BACKFILL=1, PRIVATE_RATE=100) as program:
            await world.wait_messages(news, 1)
            assert "Nothing with “strom”" in (await asked(world, ann, "/search strom")).text
            unknown = await asked(world, ann, "/latest #Heralds")
            assert unknown.text.startswith("There is no source or category #Heralds here.")
            [button] = unknown.buttons
            shown = await pressed(world, ann, unknown, button["text"])
            assert shown.text.startswith(f"The newest articles: {button['text']}\n")
            assert "Storm closes the harbour" in shown.text
            assert (await program.stop())[0] == 0
        assert not await world.findings()
