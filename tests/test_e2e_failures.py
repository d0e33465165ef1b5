"""Each failure of the world outside, met by the real program: what readers and admins see of it."""

import asyncio
import resource
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from newssite import Site
from program import Program
from test_e2e_delivery import numbers, posts, ready

from bot.i18n import phrases

World = pytest.importorskip("botapi.client", reason="the shared rig is not beside this checkout").World

pytestmark = pytest.mark.rig

FAST = {"GLOBAL_RATE": 1000, "CHAT_RATE": 100_000, "PRIVATE_RATE": 1000, "DOUBT_WAIT": 0.5}


@dataclass
class Scene:
    """The program at work between a Bot API server, a feed and the people."""

    world: object
    site: Site
    channel: object
    admin: object
    program: Program

    async def publish_and_see(self, count: int = 1, *, timeout: float = 15) -> None:
        """Publish, and see exactly that in the channel, after all that stood there before."""
        before = numbers(await self.world.posts(self.channel))
        published = self.site.publish(count=count)
        await posts(self.world, self.channel, len(before) + count, timeout=timeout)
        assert numbers(await self.world.posts(self.channel)) == before + published

    async def alerts(self) -> list[str]:
        return [message.text for message in await self.world.messages(self.admin, by_bot=True, deleted=False)]

    async def until_alerts(self, count: int, *, timeout: float = 15) -> None:
        async def are_there() -> bool:
            return len(await self.alerts()) >= count

        await self.until(are_there, f"{count} alerts", timeout=timeout)

    async def until(self, is_so: Callable[[], object], what: str, *, timeout: float = 15) -> None:
        """Wait until something is so; it may be asked asynchronously."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            answer = is_so()
            if await answer if asyncio.iscoroutine(answer) else answer:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"not so in {timeout} s: {what}\n{self.program.logged()[-3000:]}")

    async def until_logged(self, words: str, *, times: int = 1, timeout: float = 15) -> None:
        await self.until(lambda: self.program.logged().count(words) >= times, f"'{words}' in the log", timeout=timeout)


async def polled_twice(site: Site) -> None:
    """The second poll begins when the first is stored."""
    for _ in range(300):
        if len(site.requests) >= 2:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the feed was not polled twice")


@asynccontextmanager
async def scene(tmp_path: Path, *, limits: object = False, **settings: object) -> AsyncIterator[Scene]:
    async with World(limits=limits) as world, Site() as site:
        channel = await world.channel("@news")
        admin = await world.user("Admin")
        site.publish()
        facts = {**FAST, "ADMIN_IDS": admin.id, **settings}
        async with Program(tmp_path, world, site.url("/feed/a"), **facts) as program:
            await ready(world, site)
            await polled_twice(site)
            yield Scene(world, site, channel, admin, program)
        assert world.token not in program.logged()


async def test_a_limit_of_seconds_is_kept_across_a_kill_without_one_violation(tmp_path: Path) -> None:
    async with scene(tmp_path, limits=True) as s:
        await s.world.fault("flood", "sendMessage", count=1, skip=1, retry_after=6)
        start = time.monotonic()
        published = s.site.publish(count=4)
        await s.until_logged("chat closed by limit")
        await s.program.kill()
        await s.program.start()
        await posts(s.world, s.channel, 4)
        assert numbers(await s.world.posts(s.channel)) == published
        assert time.monotonic() - start >= 6
        stats = await s.world.stats()
        assert stats.violations == 0


async def test_a_limit_of_a_day_closes_the_channel_and_nothing_else(tmp_path: Path) -> None:
    async with scene(tmp_path, limits=True) as s:
        reader = await s.world.user("Ann")
        await s.world.say(reader, "/subscribe")
        await s.world.wait_message(reader)
        await s.world.fault("flood", "sendMessage", count=1, retry_after=86_400, chat=s.channel)
        [number] = s.site.publish()
        await s.until_logged("chat closed by limit")
        await s.until(lambda: received_by(s, reader, 1), "the article for Ann")
        assert await received(s, reader) == [number]
        assert await s.world.posts(s.channel) == []
        await s.program.kill()
        await s.program.start()
        await s.world.say(reader, "/help")
        await s.world.wait_message(reader)
        await s.until(lambda: s.site.requests[-1][0] > time.time() - 1, "a poll")
        assert (await s.world.stats()).violations == 0
        assert len(await s.world.requests("sendMessage", errors=True)) == 1


NO_ANSWER = ["error", "bad_gateway", "garbage", "truncate", "drop_before", "drop_after"]


async def test_every_way_to_get_no_answer_ends_in_each_post_once_and_in_order(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        await s.publish_and_see()
        for action in NO_ANSWER:
            await s.world.fault(action, "sendMessage", count=1, skip=1)
            await s.publish_and_see(3)
        await s.until_logged("doubtful post settled", times=len(NO_ANSWER))
        await s.world.fault("drop_after", "sendMessage", count=1)
        await s.world.fault("drop_after", "forwardMessage", count=1)
        await s.publish_and_see(2)
        copies = [message for message in await s.world.messages(s.admin, by_bot=True) if not message.deleted]
        assert len(copies) <= 1  # what it was looked up with; one whose answer was lost cannot be deleted


async def test_refused_markup_is_a_plain_post_at_once_and_our_bug_in_the_log(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        description = "Bad Request: can't parse entities: unsupported start tag"
        await s.world.fault("api_error", "sendMessage", count=1, code=400, description=description)
        await s.publish_and_see(2)
        first, second = await s.world.posts(s.channel)
        assert (first.info.parse_mode, second.info.parse_mode) == ("", "HTML")
        assert first.links()
        assert "our bug" in s.program.logged()
        assert await s.alerts() == []


async def test_a_post_that_is_never_accepted_is_told_to_the_admins_and_the_next_goes_out(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        description = "Bad Request: message is too long"
        await s.world.fault("api_error", "sendMessage", count=2, code=400, description=description, chat=s.channel)
        published = s.site.publish(count=2)
        await posts(s.world, s.channel, 1)
        await s.until(s.alerts, "an alert")
        assert numbers(await s.world.posts(s.channel)) == published[1:]
        [alert] = await s.alerts()
        assert "too long" in alert
        assert s.site.url(f"/a/{published[0]}") in alert


async def test_alerts_are_in_the_language_of_the_settings(tmp_path: Path) -> None:
    async with scene(tmp_path, LANGUAGE="ar") as s:
        description = "Bad Request: message is too long"
        await s.world.fault("api_error", "sendMessage", count=2, code=400, description=description, chat=s.channel)
        [number] = s.site.publish()
        await s.until(s.alerts, "an alert")
        [alert] = await s.world.messages(s.admin, by_bot=True, deleted=False)
        facts = {
            "chat": "\u2068@news\u2069",
            "error": "\u2068Message is too long\u2069",
            "headline": "",
            "link": s.site.url(f"/a/{number}"),
        }
        assert alert.text.startswith("⚠️ " + phrases("ar").say("alert_post_failed", **facts).partition("\n")[0])
        assert s.site.url(f"/a/{number}") in alert.links()
        assert "Telegram takes no post of this article in @news" in s.program.logged()


async def subscriber(s: Scene, name: str) -> object:
    reader = await s.world.user(name)
    await s.world.say(reader, "/subscribe")
    await s.world.wait_message(reader)
    return reader


async def received(s: Scene, reader: object) -> list[int]:
    messages = await s.world.messages(reader, by_bot=True, deleted=False)
    return numbers([message for message in messages if "budget number" in message.text])


async def test_who_blocks_the_bot_is_left_alone_and_gets_news_again_after_unblocking(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        blocker, other = await subscriber(s, "Ann"), await subscriber(s, "Bob")
        await s.world.block(blocker)
        first, second = s.site.publish(count=2)
        await s.until(lambda: received_by(s, other, 2), "two articles for Bob")
        assert await received(s, blocker) == []
        await s.world.unblock(blocker)
        await s.until_logged("chat open again")
        [third] = s.site.publish()
        await s.until(lambda: received_by(s, blocker, 1), "the next article for Ann")
        assert await received(s, blocker) == [third]
        await s.until(lambda: received_by(s, other, 3), "three articles for Bob")
        assert await received(s, other) == [first, second, third]


async def received_by(s: Scene, reader: object, count: int) -> bool:
    return len(await received(s, reader)) >= count


async def test_who_is_gone_costs_one_call_and_is_back_with_start(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        lost, gone, other = [await subscriber(s, name) for name in ("Ann", "Eve", "Bob")]
        await s.world.fault("api_error", "sendMessage", code=400, description="Bad Request: chat not found", chat=lost)
        await s.world.deactivate(gone)
        first = s.site.publish()
        await s.until(lambda: received_by(s, other, 1), "an article for Bob")
        second = s.site.publish()
        await s.until(lambda: received_by(s, other, 2), "two articles for Bob")
        assert await received(s, other) == first + second
        assert len(await s.world.requests("sendMessage", errors=True)) == 2
        await s.world.clear_faults()
        await s.world.say(lost, "/start")
        await s.world.wait_message(lost)
        third = s.site.publish()
        await s.until(lambda: received_by(s, lost, 1), "the next article for Ann")
        assert await received(s, lost) == third


@pytest.mark.parametrize("loss", ["kicked", "no right to post"])
async def test_a_channel_that_is_closed_keeps_its_posts_tells_the_admins_once_and_goes_on_by_itself(
    tmp_path: Path, loss: str
) -> None:
    async with scene(tmp_path) as s:
        await s.publish_and_see(2)
        if loss == "kicked":
            await s.world.kick(s.channel)
        else:
            await s.world.member(s.channel, "administrator", rights=["can_edit_messages"])
        waiting = s.site.publish(count=3)
        await s.until(s.alerts, "an alert")
        calls = len(await s.world.requests("sendMessage"))
        waiting += s.site.publish()
        await asyncio.sleep(2.5)
        assert len(await s.world.requests("sendMessage")) == calls, "it keeps knocking"
        assert len(await s.alerts()) == 1
        await s.program.kill()
        await s.program.start()
        await s.world.wait_bot()
        await s.world.promote(s.channel)
        await posts(s.world, s.channel, 6)
        assert numbers(await s.world.posts(s.channel))[2:] == waiting
        await s.until_alerts(2)
        closed, opened = await s.alerts()
        assert closed.startswith("⚠️ I cannot post to @news: ")
        assert "Make me an admin there" in closed
        assert opened.startswith("✅ I can post to @news again")


async def test_a_group_that_is_upgraded_takes_its_posts_along(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        owner = await world.user("Owner")
        group = await world.group("Newsroom", owner=owner)
        site.publish()
        facts = {**FAST, "TELEGRAM_CHANNEL": group.id, "GLOBAL_RATE": 20}
        async with Program(tmp_path, world, site.url("/feed/a"), **facts) as program:
            await ready(world, site)
            await polled_twice(site)
            published = site.publish(count=12)
            await posts(world, group, 4)
            supergroup = await world.migrate(group)
            await posts(world, supergroup, 1)
            for _ in range(100):
                both = [*await world.posts(group), *await world.posts(supergroup)]
                if len(both) >= 12:
                    break
                await asyncio.sleep(0.05)
            assert numbers(both) == published
            refused = len(await world.requests("sendMessage", errors=True))
            assert refused <= 1
            published += site.publish(count=2)
            await posts(world, supergroup, len(published) - len(await world.posts(group)))
            assert numbers([*await world.posts(group), *await world.posts(supergroup)]) == published
            assert len(await world.requests("sendMessage", errors=True)) == refused
            await program.kill()
            await program.start()
            published += site.publish()
            await posts(world, supergroup, len(published) - len(await world.posts(group)))
            assert numbers([*await world.posts(group), *await world.posts(supergroup)]) == published


async def test_a_channel_that_is_renamed_is_still_the_same_channel_after_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        await s.publish_and_see()
        await s.world.call("permissions", chat=s.channel.id, username="@herald")
        await s.publish_and_see()
        await s.program.kill()
        await s.program.start()
        await s.publish_and_see(2)


async def test_a_revoked_token_ends_the_program_with_a_clear_word_and_loses_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        await s.publish_and_see()
        await s.world.fault("api_error", "*", code=401, description="Unauthorized")
        before = len(await s.world.requests())
        published = s.site.publish(count=3)
        assert await s.program.exit_code() == 2
        assert len(await s.world.requests()) - before < 10, "a hot loop"
        assert "cannot go on" in s.program.logged()
        assert "Traceback" not in s.program.logged()
        await s.world.clear_faults()
        await s.program.start()
        await posts(s.world, s.channel, 4)
        assert numbers(await s.world.posts(s.channel))[1:] == published


async def test_a_wrong_token_ends_the_start_with_a_clear_word(tmp_path: Path) -> None:
    async with World() as world, Site() as site:
        await world.channel("@news")
        wrong = "999999:this-is-not-the-token"
        async with Program(tmp_path, world, site.url("/feed/a"), TELEGRAM_BOT_TOKEN=wrong) as program:
            assert await program.exit_code() == 2
            assert "BotFather" in program.logged()
            assert wrong not in program.logged()
            assert "Traceback" not in program.logged()


async def test_of_two_programs_with_one_token_the_older_yields_with_a_clear_word(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        (tmp_path / "second").mkdir()
        settings = {**FAST, "ADMIN_IDS": s.admin.id}
        async with Program(tmp_path / "second", s.world, s.site.url("/feed/a"), **settings) as second:
            assert await s.program.exit_code(30) == 1
            assert "another" in s.program.logged().lower() or "other getupdates" in s.program.logged().lower()
            assert "Traceback" not in s.program.logged()
            [alert] = await s.alerts()
            assert alert.startswith("⚠️ Another program has begun to work with my token")
            reader = await s.world.user("Ann")
            await s.world.say(reader, "/help")
            await s.world.wait_message(reader)
            await s.publish_and_see()
            assert (await second.stop())[0] == 0


async def test_on_a_full_disk_nothing_is_posted_that_cannot_be_recorded_and_then_everything(tmp_path: Path) -> None:
    async with scene(tmp_path, GLOBAL_RATE=4, LOG_LEVEL="WARNING") as s:
        published = s.site.publish(count=12)
        await posts(s.world, s.channel, 3)
        log = tmp_path / "tidings.db-wal"
        unlimited = resource.prlimit(s.program.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(s.program.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, unlimited[1]))
        await s.until_logged("unavailable")
        during = len(await s.world.posts(s.channel))
        await asyncio.sleep(2)
        assert len(await s.world.posts(s.channel)) <= during + 1
        await s.until(s.alerts, "an alert", timeout=30)
        resource.prlimit(s.program.pid, resource.RLIMIT_FSIZE, unlimited)
        await posts(s.world, s.channel, 12)
        assert numbers(await s.world.posts(s.channel)) == published
        await s.until_alerts(2, timeout=30)
        refused, well = await s.alerts()
        assert refused.startswith("⚠️ My database takes nothing: SQLite: ")
        assert well.startswith("✅ My database works again")


async def test_while_another_process_holds_the_database_the_channel_waits_and_loses_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path, GLOBAL_RATE=8) as s:
        published = s.site.publish(count=10)
        await posts(s.world, s.channel, 2)
        other = sqlite3.connect(tmp_path / "tidings.db", isolation_level=None)
        other.execute("PRAGMA busy_timeout=5000")
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.3)
        during = len(await s.world.posts(s.channel))
        reader = await s.world.user("Ann")
        await s.world.say(reader, "/latest")
        await asyncio.sleep(2)
        assert len(await s.world.posts(s.channel)) == during
        other.execute("ROLLBACK")
        other.close()
        await posts(s.world, s.channel, 10)
        assert numbers(await s.world.posts(s.channel)) == published
        await s.world.wait_message(reader)


@pytest.mark.slow
async def test_asked_to_stop_while_another_process_holds_the_database_it_is_gone_in_time_and_loses_nothing(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, GLOBAL_RATE=8) as s:
        published = s.site.publish(count=10)
        await posts(s.world, s.channel, 2)
        other = sqlite3.connect(tmp_path / "tidings.db", isolation_level=None)
        other.execute("PRAGMA busy_timeout=5000")
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(1)
        code, seconds = await s.program.stop()
        assert (code, seconds < 10) == (0, True), seconds
        other.execute("ROLLBACK")
        other.close()
        await s.program.start()
        await posts(s.world, s.channel, 10)
        assert numbers(await s.world.posts(s.channel)) == published


async def test_a_program_started_before_telegram_and_the_channel_are_there_works_once_they_are(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    world = World(limits=False, port=port)
    world.url = f"http://127.0.0.1:{port}"
    async with Site() as site:
        site.publish()
        async with Program(tmp_path, world, site.url("/feed/a"), **FAST) as program:
            world.url = None
            for _ in range(100):
                if "not reached, trying again: what=Telegram" in program.logged():
                    break
                await asyncio.sleep(0.1)
            assert "not reached, trying again: what=Telegram" in program.logged()
            async with world:
                await world.wait_bot(timeout=30)
                for _ in range(100):
                    if "what=channel @news" in program.logged():
                        break
                    await asyncio.sleep(0.1)
                assert "what=channel @news" in program.logged()
                reader = await world.user("Ann")
                await world.say(reader, "/help")
                await world.wait_message(reader)
                channel = await world.channel("@news", announce=True)
                await ready(world, site)
                await polled_twice(site)
                published = site.publish(count=2)
                found = await posts(world, channel, 2)
                assert numbers(found) == published
                assert (await program.stop())[0] == 0


async def test_a_channel_that_is_not_there_holds_up_no_other_and_its_feed_waits_for_it(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel, admin = await world.channel("@news"), await world.user("Admin")
        feeds = f"{site.url('/feed/a')} {site.url('/feed/b')} channel=@sports"
        site.publish("a")
        site.publish("b")
        async with Program(tmp_path, world, feeds, **FAST, ADMIN_IDS=admin.id) as program:
            await ready(world, site)
            await polled_twice(site)
            published = site.publish("a")
            await posts(world, channel, 1)
            assert numbers(await world.posts(channel)) == published
            assert not [name for _, name, _ in site.requests if name == "b"]
            sports = await world.channel("@sports", announce=True)
            await ready(world, site, "b")
            await asyncio.sleep(1.5)
            published = site.publish("b")
            await posts(world, sports, 1)
            assert numbers(await world.posts(sports)) == published
            missing, found = [message.text for message in await world.messages(admin, by_bot=True)]
            assert missing.startswith("⚠️ I cannot find @sports: ")
            assert found.startswith("✅ I have found @sports")
            assert (await program.stop())[0] == 0


async def test_a_log_chat_that_does_not_exist_stops_nothing_and_the_admins_are_told_all_the_same(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, LOG_CHAT_ID="@nowhere") as s:
        await s.publish_and_see()
        await s.world.kick(s.channel)
        s.site.publish()
        await s.until(s.alerts, "an alert")
        assert "LOG_CHAT_ID" in s.program.logged()


async def test_an_admin_who_never_started_the_bot_is_no_reason_to_stop(tmp_path: Path) -> None:
    async with World(limits=False) as world, Site() as site:
        channel = await world.channel("@news")
        stranger, admin = await world.user("Zoe", started=False), await world.user("Ann")
        site.publish()
        facts = {**FAST, "ADMIN_IDS": f"{stranger.id} {admin.id}"}
        async with Program(tmp_path, world, site.url("/feed/a"), **facts):
            await ready(world, site)
            await polled_twice(site)
            published = site.publish(count=2)
            await posts(world, channel, 2)
            await world.fault("drop_after", "sendMessage", count=1)
            published += site.publish(count=2)
            await posts(world, channel, 4)
            assert numbers(await world.posts(channel)) == published
