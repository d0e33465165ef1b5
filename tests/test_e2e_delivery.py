"""The real program against a Bot API server and a feed server: what stands in the channel is what was published."""

import asyncio
import time
from pathlib import Path

import pytest
from newssite import Site
from program import Program

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig


async def posts(world: object, channel: object, count: int, *, timeout: float = 60) -> list[object]:
    """The channel's posts once there are `count`, or whatever stands there when time is up."""
    deadline = time.monotonic() + timeout
    found: list[object] = []
    while time.monotonic() < deadline:
        found = await world.posts(channel)
        if len(found) >= count:
            break
        await asyncio.sleep(0.2)
    return found


def numbers(found: list[object]) -> list[int]:
    return [int(post.text.split("\n")[0].rsplit(" ", 1)[1]) for post in found]


async def ready(world: object, site: Site, name: str = "a") -> None:
    """Wait until the program has polled the feed for the first time."""
    await world.wait_bot()
    for _ in range(300):
        if any(feed == name for _, feed, _ in site.requests):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the feed was not polled")


async def test_a_new_article_stands_in_the_channel_soon_with_headline_summary_and_link(tmp_path: Path) -> None:
    async with World() as world, Site() as site:
        channel = await world.channel("@news")
        site.publish(count=3)
        async with Program(tmp_path, world, site.url("/feed/a")) as program:
            await ready(world, site)
            await asyncio.sleep(1.5)
            assert await world.posts(channel) == []
            [number] = site.publish(title="Storm closes the harbour of Aalsund 4")
            start = time.monotonic()
            [post] = await posts(world, channel, 1)
            assert time.monotonic() - start < 6
            assert post.text.startswith("Storm closes the harbour of Aalsund 4\n")
            assert "The town council approved budget number 4 on Tuesday" in post.text
            assert site.url(f"/a/{number}") in post.links()
            assert post.info.parse_mode == "HTML"
            code, seconds = await program.stop()
            assert code == 0
            assert seconds < 10
            assert world.token not in program.logged()
        assert not await world.findings()


async def test_five_hundred_entries_at_once_are_five_hundred_posts_in_order(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        site.publish()
        feeds = site.url("/feed/a")
        async with Program(tmp_path, world, feeds, GLOBAL_RATE=1000, CHAT_RATE=100_000) as program:
            await ready(world, site)
            await asyncio.sleep(1)
            published = site.publish(count=500)
            found = await posts(world, channel, 500)
            assert numbers(found) == published
            assert (await program.stop())[0] == 0
        assert len(await world.posts(channel)) == 500


async def test_a_limited_channel_gets_everything_without_one_violation(tmp_path: Path) -> None:
    limits = {"enabled": True, "group_per_minute": 1200, "group_burst": 20, "mode": "bucket"}
    async with World(limits=limits) as world, Site() as site:
        channel = await world.channel("@news")
        site.publish()
        async with Program(tmp_path, world, site.url("/feed/a"), GLOBAL_RATE=1000, CHAT_RATE=1200):
            await ready(world, site)
            await asyncio.sleep(1)
            published = site.publish(count=300)
            found = await posts(world, channel, 300)
            assert numbers(found) == published
        stats = await world.stats()
        assert stats.violations == 0
        assert stats.flood_answers <= 300 / 20, "more than one 429 a window"


async def test_a_bot_that_expects_more_than_it_may_still_honours_each_refusal(tmp_path: Path) -> None:
    limits = {"enabled": True, "group_per_minute": 600, "group_burst": 20}
    async with World(limits=limits) as world, Site() as site:
        channel = await world.channel("@news")
        site.publish()
        async with Program(tmp_path, world, site.url("/feed/a"), GLOBAL_RATE=1000, CHAT_RATE=100_000):
            await ready(world, site)
            await asyncio.sleep(1)
            published = site.publish(count=60)
            found = await posts(world, channel, 60)
            assert numbers(found) == published
        assert (await world.stats()).violations == 0


async def test_killed_in_mid_burst_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        admin = await world.user("Admin")
        site.publish()
        settings = {"GLOBAL_RATE": 60, "CHAT_RATE": 100_000, "DOUBT_WAIT": 1, "ADMIN_IDS": admin.id}
        async with Program(tmp_path, world, site.url("/feed/a"), **settings) as program:
            await ready(world, site)
            await asyncio.sleep(1)
            published = site.publish(count=100)
            await posts(world, channel, 30)
            await program.kill()
            await program.start()
            found = await posts(world, channel, 100)
            await asyncio.sleep(1)
            assert numbers(await world.posts(channel)) == published
            assert len(found) == 100


async def test_commands_are_answered_quickly_while_two_hundred_feeds_are_polled(tmp_path: Path) -> None:
    async with World() as world, Site() as site:
        await world.channel("@news")
        names = [f"f{number}" for number in range(200)]
        for name in names:
            site.publish(name, count=3)
        async with Program(tmp_path, world, "\n".join(site.url(f"/feed/{name}") for name in names)):
            await ready(world, site, "f0")
            seconds = []
            for number, command in enumerate(["/start", "/latest", "/search budget", "/subscribe", "/help"] * 2):
                reader = await world.user(f"Reader {number}")
                start = time.monotonic()
                await world.say(reader, command)
                answer = await world.wait_message(reader)
                seconds.append(time.monotonic() - start)
                assert answer.text
            assert sorted(seconds)[-2] < 0.3, seconds
        assert not await world.findings()


AWKWARD = {
    "no link": "<item><title>No link at all 1</title><guid isPermaLink='false'>x1</guid></item>",
    "no title": "<item><link>{link}</link><description>Only a text stands here. It is short.</description></item>",
    "no guid": "<item><title>No guid</title><link>{link}</link></item>",
    "less than": "<item><title>1 &lt; 2</title><link>{link}</link></item>",
    "twice escaped": "<item><title>Tag &amp;lt;b&amp;gt; shown</title><link>{link}</link></item>",
    "long title": "<item><title>" + "Long title words " * 400 + "</title><link>{link}</link></item>",
    "long body": "<item><title>Long body</title><link>{link}</link><description>"
    + "A sentence stands here. " * 8000
    + "</description></item>",
    "markdown": "<item><title>*bold* _under_ [x](y) `code` ~~</title><link>{link}</link></item>",
    "table": "<item><title>A table</title><link>{link}</link><description><![CDATA[<table><tr><td>1</td><td>2</td></tr></table>]]></description></item>",
    "image only": "<item><title>An image</title><link>{link}</link><description><![CDATA[<img src='{link}.jpg'>]]></description></item>",
    "right to left": "<item><title>المجلس يقر الميزانية الجديدة</title><link>{link}</link><description>أقر المجلس الميزانية الجديدة يوم الثلاثاء بعد نقاش طويل.</description></item>",
    "combining flood": "<item><title>Z" + "\u0301" * 5000 + "algo</title><link>{link}</link></item>",
    "year 2099": "<item><title>From the future</title><link>{link}</link><pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate></item>",
    "same guid one": "<item><title>First of the same guid</title><link>{link}</link><guid isPermaLink='false'>same</guid></item>",
    "same guid two": "<item><title>Second of the same guid</title><link>{link}</link><guid isPermaLink='false'>same</guid></item>",
    "nothing": "<item></item>",
}


async def test_awkward_entries_are_posted_and_stop_nothing(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        site.publish()
        async with Program(tmp_path, world, site.url("/feed/a"), GLOBAL_RATE=1000, CHAT_RATE=100_000) as program:
            await ready(world, site)
            await asyncio.sleep(1)
            for number, raw in enumerate(AWKWARD.values()):
                site.publish(raw=raw.replace("{link}", site.url(f"/a/{1000 + number}")))
            site.publish(title="After all the awkward ones 1")
            found = await posts(world, channel, len(AWKWARD), timeout=20)
            texts = [post.text for post in found]
            assert len(texts) == len(AWKWARD)  # all but the empty one, and the last
            assert any(text.startswith("1 < 2") for text in texts)
            assert any(text.startswith("Tag <b> shown\n") for text in texts)
            assert any(text.startswith("*bold* _under_ [x](y) `code` ~~") for text in texts)
            assert any(text.startswith("Only a text stands here\n\nIt is short.") for text in texts)
            assert all(len(text) <= 4096 for text in texts)
            assert any("المجلس" in text for text in texts)
            assert any(text.startswith("After all the awkward ones") for text in texts)
            assert "nothing to post" in program.logged()
        assert not [finding for finding in await world.findings() if finding.kind != "over_limit_in_utf16"]


async def test_a_database_restored_from_a_backup_doubles_nothing(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        admin = await world.user("Admin")
        site.publish()
        settings = {"GLOBAL_RATE": 1000, "CHAT_RATE": 100_000, "ADMIN_IDS": admin.id, "DOUBT_WAIT": 1}
        async with Program(tmp_path, world, site.url("/feed/a"), **settings) as program:
            await ready(world, site)
            await asyncio.sleep(1)
            published = site.publish(count=10)
            await posts(world, channel, 10)
            await program.stop()
            backup = (tmp_path / "tidings.db").read_bytes()
            await program.start()
            await ready(world, site)
            published += site.publish(count=12)
            await posts(world, channel, 22)
            await world.post(channel, "A word of the editor")
            await program.stop()
            for file in tmp_path.glob("tidings.db*"):
                file.unlink()
            (tmp_path / "tidings.db").write_bytes(backup)
            await program.start()
            published += site.publish(count=3)
            await posts(world, channel, 25)
            await asyncio.sleep(2)
            assert numbers(await world.posts(channel)) == published


async def test_a_burst_is_folded_into_posts_that_name_every_article_in_order(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        site.publish()
        settings = {"GLOBAL_RATE": 1000, "CHAT_RATE": 100_000, "BURST_FOLD": 5}
        async with Program(tmp_path, world, site.url("/feed/a"), **settings):
            await ready(world, site)
            await asyncio.sleep(1)
            published = site.publish(count=70)
            wanted = [site.url(f"/a/{number}") for number in published]
            linked: list[str] = []
            for _ in range(100):
                found = await world.posts(channel)
                linked = [link for post in found for link in post.links()]
                if len(linked) >= len(wanted):
                    break
                await asyncio.sleep(0.2)
            assert linked == wanted
            assert len(found) < 40
            assert all(len(post.text) <= 4096 for post in found)
            [single] = site.publish(count=1)
            found = await posts(world, channel, len(found) + 1)
            assert found[-1].links() == [site.url(f"/a/{single}")]
            assert "\n\n" in found[-1].text


async def test_a_changed_article_is_edited_in_place_and_never_posted_again(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        site.publish()
        settings = {"GLOBAL_RATE": 1000, "CHAT_RATE": 100_000}
        async with Program(tmp_path, world, site.url("/feed/a"), **settings):
            await ready(world, site)
            await asyncio.sleep(1)
            site.publish(title="Harbour closed by storm 2")
            [post] = await posts(world, channel, 1)
            site.feeds["a"][0].description += " "
            await asyncio.sleep(2)
            site.feeds["a"][0].title = "Harbour of Aalsund closed after heavy storm 2"
            edited = await world.wait_edit(channel, timeout=20)
            assert edited.id == post.id
            assert edited.text.startswith("Harbour of Aalsund closed after heavy storm 2\n")
            assert "updated " in edited.text
            reader = await world.user("Reader")
            await world.say(reader, "/search Aalsund")
            assert "Aalsund" in (await world.wait_message(reader)).text
            assert len(await world.posts(channel)) == 1
            assert len(edited.info.edits) == 1


STORY = (
    "No ferry will leave the outer harbour before Friday morning, the port office said on Wednesday, after a storm tore"
    " two mooring lines and pushed the swell over the breakwater. Gusts reached 104 kilometres an hour at the lighthouse"
    " shortly before dawn, and forty lorries wait on the quay for the first crossing of the week."
)


async def test_one_story_of_two_feeds_is_one_post_that_names_both(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        site.publish("a")
        site.publish("b")
        feeds = f"{site.url('/feed/a')} {site.url('/feed/b')} exclude=golf"
        async with Program(tmp_path, world, feeds, GLOBAL_RATE=1000, CHAT_RATE=100_000):
            await ready(world, site, "a")
            await ready(world, site, "b")
            await asyncio.sleep(1)
            site.publish("a", title="Storm keeps ferries in port 1", description=STORY)
            [post] = await posts(world, channel, 1)
            site.publish("b", title="Ferries in port after storm 1", description=STORY)
            edited = await world.wait_edit(channel, timeout=20)
            assert edited.id == post.id
            assert "also: Town Herald b" in edited.text
            site.publish("b", title="Golf club opens 3", description="The golf club opens its gates. It is the third.")
            site.publish("b", title="Library lends telescopes 4")
            await posts(world, channel, 2)
            await asyncio.sleep(1.5)
            assert numbers(await world.posts(channel)) == [1, 4]
