"""What a reader does with buttons in a private chat, a group, a supergroup and a topic, and what is left after /forget."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from newssite import Site
from program import Program
from test_e2e_delivery import ready
from test_e2e_digests import asked, pressed, written

from bot.i18n import LANGUAGES, phrases

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig
TITLES = (
    "Ferries wait for the fog to lift",
    "New crane lifts its first container",
    "A whale rests between the piers",
    "Sailors' choir sings on Sunday",
    "The old lighthouse gets a lamp again",
    "Fishermen vote for smaller nets",
    "Ice breaks the jetty in two",
    "Customs officers find forty parrots",
    "A cook wins the rowing race",
)
EN, DE, FA = phrases("en"), phrases("de"), phrases("fa")


async def archived(folder: Path, articles: int) -> None:
    """Wait until the first articles are in the archive."""
    for _ in range(200):
        if written(folder, "SELECT COUNT(*) FROM article")[0][0] >= articles:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the articles were not stored")


async def test_settings_by_buttons_in_a_group_a_supergroup_and_a_topic_are_for_admins_and_for_that_place(
    tmp_path: Path,
) -> None:
    async with World(limits=False) as world, Site() as site:
        ann, ben = await world.user("Ann"), await world.user("Ben")
        await world.channel("@news")
        forum = await world.forum(owner=ann, members=[ben])
        topic = await world.topic(forum, "Ships")
        places = [
            (await world.group(owner=ann, members=[ben]), {}),
            (await world.supergroup(owner=ann, members=[ben]), {}),
            (forum, {"thread_id": topic.message_thread_id}),
        ]
        site.publish(count=2)
        async with Program(tmp_path, world, site.url("/feed/a"), GLOBAL_RATE=1000, CHAT_RATE=1000) as program:
            await ready(world, site)
            for chat, where in places:
                await world.say(ann, "/settings@emulated_test_bot", chat=chat, **where)
                page = await world.wait_message(chat)
                assert page.get("message_thread_id") == where.get("thread_id")
                assert [button["text"] for button in page.buttons] == [EN.say("set_delivery"), EN.say("set_zone")]
                meddled = await world.press(ben, page, text=EN.say("set_delivery"))
                assert (await world.answer(meddled)).text == EN.say("admins_only")
                await world.press(ann, page, text=EN.say("set_delivery"))
                page = await world.wait_edit(chat)
                await world.press(ann, page, text=EN.say("mode_weekly"))
                assert f"✓ {EN.say('mode_weekly')}" in [
                    button["text"] for button in (await world.wait_edit(chat)).buttons
                ]
            await world.say(ann, "/settings", chat=forum)
            assert EN.say("mode_instantly") in (await world.wait_message(forum)).text
            await world.say(ben, "/latest@another_bot", chat=forum)
            await world.say(ben, "just talking", chat=forum)
            await world.no_message(forum, seconds=1)
            assert (await program.stop())[0] == 0
        assert not await world.findings()


async def test_a_reader_chooses_a_language_saves_pages_removes_and_is_forgotten(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        ann, ben = await world.user("Ann", language_code="fa"), await world.user("Ben", language_code="xx")
        await world.channel("@news")
        group = await world.supergroup(owner=ben, members=[ann])
        await world.call("bot", token=world.token, supports_inline_queries=True)
        for title in TITLES:
            site.publish(title=title, description=f"{title}, says the harbour master of Aalsund. {'More of it. ' * 9}")
        async with Program(
            tmp_path, world, site.url("/feed/a"), GLOBAL_RATE=1000, PRIVATE_RATE=100, CHAT_RATE=1000, LANGUAGE="de"
        ) as program:
            await ready(world, site)
            await archived(tmp_path, len(TITLES))
            assert (await asked(world, ben, "/unsubscribe")).text == DE.say("not_subscribed")
            assert (await asked(world, ann, "/subscribe")).text == FA.say("subscribed")
            page = await asked(world, ann, "/settings")
            page = await pressed(world, ann, page, FA.say("set_language"))
            page = await pressed(world, ann, page, "English")
            assert EN.say("settings_title") in page.text
            page = await pressed(world, ann, page, EN.say("set_quiet"))
            page = await pressed(world, ann, page, EN.say("quiet_held"))
            assert EN.say("quiet_end") in "".join(button["text"] for button in page.buttons)

            hits = await asked(world, ann, "/search harbour")
            for button in [one for one in hits.buttons if one["text"].startswith("☆")]:
                said = await world.answer(await world.press(ann, hits, button["callback_data"]))
                assert said.text == EN.say("saved_added")
            hits = await pressed(world, ann, hits, EN.say("next"))
            await world.answer(await world.press(ann, hits, text="☆ 1"))
            saved = await asked(world, ann, "/saved")
            saved = await pressed(world, ann, saved, EN.say("next"))
            saved = await pressed(world, ann, saved, "✕ 1")
            assert sum(title in saved.text for title in TITLES) == 5
            await world.say(ann, "/saved", chat=group)
            meddled = await world.press(ben, await world.wait_message(group), text="✕ 1")
            assert (await world.answer(meddled)).text == DE.say("saved_of_another")

            query = await world.inline(ann, "harbour")
            found = await world.answer(query)
            await world.choose(query, found["results"][0]["id"], chat=ann)
            await world.no_message(ann, seconds=1)

            assert (await asked(world, ann, "/forget")).text == EN.say("forgotten")
            await world.block(ann)
            await world.wait_idle()
            assert (await program.stop())[0] == 0
            logged = program.logged()
        with sqlite3.connect(tmp_path / "tidings.db") as connection:
            stored = "\n".join(connection.iterdump())
        assert str(ann.id) not in stored
        assert "Ann" not in stored
        for typed in ("harbour", "Ann", "Ben", "saved"):
            assert typed not in logged.replace("tidings", "")
        assert not await world.findings()


async def test_telegram_is_told_the_menu_and_both_descriptions_in_every_language(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        await world.channel("@news")
        async with Program(tmp_path, world, site.url("/feed/a"), LANGUAGE="uk") as program:
            await ready(world, site)
            await world.wait_idle()
            registered = {one["language_code"]: one["commands"] for one in await world.commands()}
            assert set(registered) == {"", *LANGUAGES}
            assert registered[""] == registered["uk"]
            for language in LANGUAGES:
                for method, key, field in (
                    ("getMyDescription", "welcome", "description"),
                    ("getMyShortDescription", "short_description", "short_description"),
                ):
                    told = (await world.api(method, language_code=language))["result"][field]
                    assert told == phrases(language).say(key)
            assert (await program.stop())[0] == 0
