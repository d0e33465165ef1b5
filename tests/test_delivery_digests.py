"""Digests: what was announced since the last one, made once and sent once, at the governor's pace."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field

import pytest
from deliverer import YieldingClock
from fakes import LOST, FakeGates, FakeMessenger

from bot.delivery import broadcast as broadcast_module
from bot.delivery.broadcast import Broadcaster, BroadcastTools
from bot.digests import STORED_WITHIN, Mode, Quiet, Wishes
from bot.errors import ChatGone, ChatMoved, MarkupRefused, SendLater
from bot.governor import HEADROOM, Governor, Rates
from bot.i18n import phrases
from bot.interest import EVERYTHING, Interest, Kind
from bot.models import Message, NewArticle
from bot.ports import ChatInfo, Sent
from bot.store import Database
from bot.store.broadcasts import BroadcastStore
from bot.store.digests import MATCHES_KEPT_FOR, MOST_IN_DIGEST, DigestStore
from bot.store.interests import announce_to_subscribers
from bot.store.outbox import Outbox
from bot.store.readers import ReaderStore

HOUR = 3600
NOON = 1_778_500_800  # 2026-05-11 12:00 UTC, a Monday
EIGHT = NOON + 20 * HOUR
ANN, BEN, GROUP = 10, 20, -30
DAILY = Wishes(Mode.DAILY, 8)
FAST = Rates(1e6, 1e6, 1e6)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_module, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(broadcast_module, "IDLE_SECONDS", 0.01)


@dataclass
class Topics(FakeMessenger):
    """Chats whose messages are known by the topics they went to."""

    threads: list[tuple[int, int]] = field(default_factory=list)

    async def send(self, chat_id: int, message: Message, *, thread_id: int = 0) -> Sent:
        self.threads.append((chat_id, thread_id))
        return await super().send(chat_id, message, thread_id=thread_id)


@dataclass
class Digesting:
    """All parts that make and send digests, and what a test does with them."""

    database: Database
    rates: Rates = FAST
    policy: str | None = None
    messenger: Topics = field(default_factory=Topics)
    clock: YieldingClock = field(default_factory=lambda: YieldingClock(NOON))
    moved: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.readers = ReaderStore(self.database)
        self.restart()

    def restart(self) -> None:
        """A new process on the same database."""
        self.store = DigestStore(self.database, now=self.clock)
        self.governor = Governor(self.rates, now=self.clock, gates=FakeGates(), sleep=self.clock.sleep)
        self.sender = Broadcaster(
            BroadcastTools(
                store=self.store,
                messenger=self.messenger,
                governor=self.governor,
                now=self.clock,
                chance=lambda: 0.0,
                editions=None,
                on_gone=self.readers.pause,
                on_moved=self._on_moved,
                policy=self.policy,
            )
        )

    async def _on_moved(self, old: int, new: int) -> None:
        self.moved.append((old, new))
        await Outbox(self.database).move_chat(old, new)

    async def reader(self, chat_id=ANN, wishes=DAILY, interest=EVERYTHING, *, thread_id=0, language="en", at=NOON):
        kind = "private" if chat_id > 0 else "supergroup"
        await self.readers.remember_chat(ChatInfo(chat_id, kind), language=language)
        facts = {"thread_id": thread_id, "private": chat_id > 0, "now": at, "most": 20}
        await self.readers.subscribe(chat_id, interest, **facts)
        await self.wish(chat_id, wishes, at, thread_id=thread_id)

    async def wish(self, chat_id, wishes, at, *, thread_id=0):
        from_now = {"thread_id": thread_id, "now": at, "zone": self.store._zone}
        await self.readers.keep_wishes(chat_id, wishes, **from_now)

    async def announce(self, number, at=NOON + HOUR, *, source="Herald", headline=""):
        headline = headline or f"Headline {number}"
        facts = (f"https://news.example/{number}", headline, at, at, source)

        def work(connection):
            connection.run("INSERT INTO feed (id, url) VALUES (1, 'https://feed.example/') ON CONFLICT DO NOTHING")
            row = connection.row(
                "INSERT INTO article (feed_id, link, headline, summary, body, published, found_at, source)"
                " VALUES (1, ?, ?, '', '', ?, ?, ?) RETURNING id",
                facts,
            )
            announce_to_subscribers(connection, row[0], NewArticle((), "", headline, "", "", at, source), at)
            return row[0]

        return await self.database.write(work)

    async def work(self, *, until=None) -> None:
        """Start, and run until nothing is due or waits, or until told."""
        self.restart()
        running = asyncio.create_task(self.sender.run())
        try:
            async with asyncio.timeout(60):
                while not running.done() and not (until() if until else await self._done()):
                    await asyncio.sleep(0.002)
        finally:
            await self.sender.stop()
            await self.governor.close()
        await running

    async def _done(self):
        now = int(self.clock())
        row = await self.database.read(
            lambda c: c.row(
                "SELECT (SELECT COUNT(*) FROM wishes WHERE next_at <= ?) + (SELECT COUNT(*) FROM digest_message)",
                (now,),
            )
        )
        return row == (0,)

    async def at(self, second, **more):
        self.clock.time = second
        await self.work(**more)

    async def instant(self):
        """Whom broadcasts reach, and with which articles."""
        while await BroadcastStore(self.database).claim(100):
            pass
        return await self.database.read(
            lambda c: c.rows(
                "SELECT chat_id, article_id FROM broadcast_recipient"
                " JOIN broadcast ON broadcast.id = broadcast_recipient.broadcast_id ORDER BY article_id"
            )
        )


@pytest.fixture
def digesting(database):
    return Digesting(database)


async def test_a_digest_brings_what_fitted_since_the_last_one_by_source_with_links(digesting):
    await digesting.reader()
    for number, source in ((1, "Herald"), (2, "Argus"), (3, "Herald")):
        await digesting.announce(number, source=source)

    await digesting.at(EIGHT)

    (text,) = digesting.messenger.texts(ANN)
    assert text == (
        "3 new articles for you\n\n<b>Argus</b>\n"
        '<a href="https://news.example/2">• Headline 2</a>\n\n<b>Herald</b>\n'
        '<a href="https://news.example/1">• Headline 1</a>\n\n<a href="https://news.example/3">• Headline 3</a>'
    )
    await digesting.announce(4, EIGHT + HOUR)
    await digesting.at(EIGHT + 24 * HOUR)
    assert ["Headline 4" in text for text in digesting.messenger.texts(ANN)] == [False, True]


async def test_an_empty_digest_is_not_sent_and_the_next_one_is_planned(digesting):
    await digesting.reader()
    await digesting.at(EIGHT)
    assert digesting.messenger.texts(ANN) == []

    await digesting.announce(1, EIGHT + HOUR)
    await digesting.at(EIGHT + 24 * HOUR)
    assert len(digesting.messenger.texts(ANN)) == 1


async def test_a_digest_has_only_what_its_reader_subscribed_to_and_since_then(digesting):
    await digesting.reader(BEN, interest=Interest(Kind.WORDS, "storm"))
    await digesting.announce(1, headline="A storm before")
    await digesting.announce(2, headline="Calm")
    await digesting.reader(ANN, interest=Interest(Kind.WORDS, "storm"), at=NOON + 2 * HOUR)
    await digesting.announce(3, NOON + 3 * HOUR, headline="A storm after")

    await digesting.at(EIGHT)

    assert ["A storm after" in text for text in digesting.messenger.texts(ANN)] == [True]
    (text,) = digesting.messenger.texts(BEN)
    assert ("before" in text, "after" in text, "Calm" in text) == (True, True, False)


async def test_who_has_a_digest_gets_no_article_at_once_and_the_other_way_round(digesting):
    await digesting.reader(ANN)
    await digesting.reader(BEN, Wishes())
    await digesting.announce(1)

    assert [chat for chat, _ in await digesting.instant()] == [BEN]
    await digesting.at(EIGHT)
    assert digesting.messenger.texts(BEN) == []


async def test_who_goes_back_to_instant_articles_gets_each_once_the_waiting_ones_together(digesting):
    await digesting.reader()
    await digesting.announce(1)
    await digesting.wish(ANN, Wishes(), NOON + 2 * HOUR)
    at_once = await digesting.announce(2, NOON + 2 * HOUR + 1)

    await digesting.at(NOON + 2 * HOUR + STORED_WITHIN)

    (text,) = digesting.messenger.texts(ANN)
    assert ("Headline 1" in text, "Headline 2" in text) == (True, False)
    assert await digesting.instant() == [(ANN, at_once)]


async def test_a_group_s_topic_has_its_own_digest_and_no_posts_meanwhile(digesting, database):
    await digesting.reader(GROUP, DAILY, thread_id=7)
    await digesting.reader(GROUP, Wishes(), thread_id=8)
    await digesting.announce(1)

    posts = await database.read(lambda c: c.rows("SELECT thread_id FROM post"))
    await digesting.at(EIGHT)

    assert posts == [(8,)]
    assert digesting.messenger.threads == [(GROUP, 7)]


async def test_killed_at_the_hour_before_anything_was_sent_the_digest_comes_once_and_late(digesting):
    await digesting.reader()
    await digesting.announce(1)
    digesting.clock.time = EIGHT
    assert await digesting.store.claim(10) == 1  # and here it dies

    await digesting.at(EIGHT + 3 * HOUR)

    assert len(digesting.messenger.texts(ANN)) == 1


@pytest.mark.parametrize(("policy", "count"), [("repeat", 2), (None, 2), ("skip", 1)])
async def test_what_was_in_flight_at_a_kill_follows_the_rule_of_doubtful_messages(database, policy, count):
    digesting = Digesting(database, policy=policy)
    await digesting.reader()
    await digesting.announce(1)
    digesting.clock.time = EIGHT
    await digesting.store.claim(10)
    (errand,) = await digesting.store.due(EIGHT, 10)
    await digesting.store.begin(errand)
    await digesting.messenger.send(ANN, errand.message)  # arrived, and nobody wrote it down

    await digesting.at(EIGHT + 60)

    assert len(digesting.messenger.texts(ANN)) == count


async def test_after_days_of_standstill_there_is_one_digest_with_everything(digesting):
    await digesting.reader(wishes=Wishes(Mode.HOURLY))
    await digesting.announce(1)

    await digesting.at(NOON + 72 * HOUR + 100)

    assert len(digesting.messenger.texts(ANN)) == 1


async def test_two_processes_that_find_a_digest_due_make_it_once(digesting, database):
    await digesting.reader()
    await digesting.announce(1)
    digesting.clock.time = EIGHT
    other = DigestStore(database, now=digesting.clock)

    await asyncio.gather(digesting.store.claim(10), other.claim(10))

    assert len(await other.due(EIGHT, 10)) == 1


async def test_a_long_digest_is_split_between_articles_and_sent_in_order(digesting):
    await digesting.reader()
    for number in range(70):
        await digesting.announce(number, headline=f"{number:03} " + "word " * 30)

    await digesting.at(EIGHT)

    texts = digesting.messenger.texts(ANN)
    found = re.findall(r"• (\d{3})", "".join(texts))
    assert len(texts) > 2
    assert found == [f"{number:03}" for number in range(70)]
    assert all(len(message.plain) <= 4096 for message in digesting.messenger.chats[ANN].values())


async def test_of_very_many_articles_the_older_ones_are_counted(digesting, monkeypatch):
    monkeypatch.setattr("bot.store.digests.MOST_IN_DIGEST", 3)
    await digesting.reader()
    for number in range(5):
        await digesting.announce(number)

    await digesting.at(EIGHT)

    (text,) = digesting.messenger.texts(ANN)
    assert MOST_IN_DIGEST == 300
    assert "Headline 1<" not in text
    assert "Headline 2<" in text
    assert text.endswith(phrases("en").count("digest_more", 2))


async def test_a_digest_is_in_the_language_of_its_reader(digesting):
    await digesting.reader(language="de")
    await digesting.reader(BEN, language="de")
    await digesting.readers.choose_language(BEN, "ar")
    await digesting.announce(1, source="Herald")

    await digesting.at(EIGHT)

    assert digesting.messenger.texts(ANN)[0].startswith(phrases("de").count("digest_title", 1))
    arabic = digesting.messenger.texts(BEN)[0]
    assert arabic.startswith(phrases("ar").count("digest_title", 1))
    assert "\N{RIGHT-TO-LEFT MARK}• Headline 1" in arabic


async def test_held_quiet_hours_bring_everything_together_in_the_morning(digesting):
    await digesting.reader(wishes=Wishes(quiet=Quiet.HELD))
    evening = await digesting.announce(1, NOON + 9 * HOUR)
    await digesting.announce(2, NOON + 11 * HOUR)
    await digesting.announce(3, NOON + 18 * HOUR)
    morning = await digesting.announce(4, NOON + 19 * HOUR)

    await digesting.at(NOON + 19 * HOUR + STORED_WITHIN)

    (text,) = digesting.messenger.texts(ANN)
    assert [f"Headline {number}<" in text for number in (1, 2, 3, 4)] == [False, True, True, False]
    assert await digesting.instant() == [(ANN, evening), (ANN, morning)]


async def test_in_silent_quiet_hours_articles_come_without_a_sound_and_pictures_only_if_wanted(digesting, database):
    await digesting.reader(wishes=Wishes(quiet=Quiet.SILENT, pictures=False))
    await digesting.announce(1)
    store = BroadcastStore(database)
    await store.claim(10)

    (night,) = await store.due(NOON + 11 * HOUR, 10)
    (day,) = await store.due(NOON, 10)

    assert (night.silent, day.silent, day.pictures) == (True, False, False)


async def test_a_group_that_became_a_supergroup_gets_its_digest_there(digesting):
    await digesting.reader(GROUP, DAILY)
    await digesting.announce(1)
    digesting.messenger.trouble = lambda chat, _message: ChatMoved(GROUP - 1) if chat == GROUP else None

    await digesting.at(EIGHT)

    assert digesting.moved == [(GROUP, GROUP - 1)]
    assert len(digesting.messenger.texts(GROUP - 1)) == 1
    assert (await digesting.readers.wishes(GROUP - 1)).mode is Mode.DAILY


async def test_a_reader_who_blocked_the_bot_is_left_alone_and_nobody_waits_for_them(digesting):
    for reader in (ANN, BEN):
        await digesting.reader(reader)
    await digesting.announce(1)
    digesting.messenger.trouble = lambda chat, _message: ChatGone("blocked") if chat == ANN else None
    await digesting.at(EIGHT)
    await digesting.announce(2, EIGHT + HOUR)

    await digesting.at(EIGHT + 24 * HOUR)

    assert len(digesting.messenger.texts(BEN)) == 2
    assert digesting.messenger.calls == 3


async def test_refused_markup_goes_as_plain_text_and_a_429_is_waited_for(digesting):
    await digesting.reader()
    await digesting.announce(1)
    troubles = iter([SendLater(3), MarkupRefused("no"), None])
    digesting.messenger.trouble = lambda _chat, _message: next(troubles)

    def arrived():
        digesting.clock.time += 1
        return digesting.messenger.texts(ANN)

    await digesting.at(EIGHT, until=arrived)

    (message,) = digesting.messenger.chats[ANN].values()
    assert message.html == ""
    assert "Headline 1" in message.plain


@pytest.mark.slow
async def test_three_thousand_digests_of_one_hour_go_out_at_the_governors_pace_each_once(database):
    rates = Rates(overall=30, chat=20, private=1)
    digesting = Digesting(database, rates=rates)
    await digesting.reader(1)
    await digesting.announce(1)

    def copies(connection):
        others = [(number,) for number in range(2, 3001)]
        connection.run_many("INSERT INTO chat (id, kind) VALUES (?, 'private')", others)
        for table in ("subscription", "wishes"):
            names = "thread_id, private, interest_id, created_at"
            if table == "wishes":
                names = (
                    "thread_id, mode, hour, weekday, zone, quiet, quiet_from, quiet_to, pictures,"
                    " held_from, held_to, done_from, done_to, next_at, served"
                )
            connection.run_many(
                f"INSERT INTO {table} (chat_id, {names}) SELECT CAST(? AS BIGINT), {names} FROM {table} WHERE chat_id = 1",
                others,
            )

    await database.write(copies)
    await digesting.at(EIGHT)

    counted = Counter({chat: len(messages) for chat, messages in digesting.messenger.chats.items()})
    assert counted == Counter(dict.fromkeys(range(1, 3001), 1))
    assert digesting.clock() - EIGHT >= 2900 / (30 * HEADROOM)


async def test_which_interests_old_articles_fit_is_forgotten(digesting, database):
    await digesting.reader()
    await digesting.announce(1)
    await digesting.announce(2, NOON + HOUR + 100)
    await digesting.instant()

    await digesting.store.finish(NOON + HOUR + MATCHES_KEPT_FOR + 50)

    assert await database.read(lambda c: c.rows("SELECT announced_at FROM article_interest")) == [(NOON + HOUR + 100,)]


async def test_a_lost_answer_is_sent_again_where_that_is_the_rule(database):
    digesting = Digesting(database, policy="repeat")
    await digesting.reader()
    await digesting.announce(1)
    troubles = iter([LOST])
    digesting.messenger.trouble = lambda _chat, _message: next(troubles, None)

    await digesting.at(EIGHT)

    assert len(digesting.messenger.texts(ANN)) == 2
