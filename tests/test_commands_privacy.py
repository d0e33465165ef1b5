from datetime import UTC

from bot.calls import Call
from bot.commands import Context, answer
from bot.commands.registry import COMMANDS
from bot.digests import Wishes
from bot.i18n import phrases
from bot.interest import EVERYTHING, Interest, Kind
from bot.models import NewArticle
from bot.patience import Patience
from bot.ports import ChatInfo
from bot.store.broadcasts import BroadcastStore
from bot.store.forget import BY_CHAT
from bot.store.interests import announce_to_subscribers
from bot.store.readers import ReaderStore

NOW = 1_800_000_000
READER = 987_654_321
ANN = ChatInfo(READER, "private")
BEN = ChatInfo(READER + 1, "private")
GROUP = ChatInfo(-30, "supergroup")
EN = phrases("en")


def call(name, argument="", chat=ANN, **more):
    return Call(chat, name, argument, user_id=READER, language_code="en", **more)


async def said(context, *arguments, **more):
    return [message.plain for message in (await answer(call(*arguments, **more), context)).messages]


def everything_stored(connection):
    """Every value of every table, as one text."""
    if connection.dialect == "sqlite":
        tables = connection.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'article_search%'"
        )
    else:
        tables = connection.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    return "\n".join(f"{name}: {row}" for (name,) in tables for row in connection.rows(f"SELECT * FROM {name}"))


async def use_everything(database, readers):
    """Leave a trace of the reader wherever a reader can."""
    for chat in (ANN, BEN):
        await readers.remember_chat(chat, language="en")
        for interest in (EVERYTHING, Interest(Kind.WORDS, f"storm {chat.id}")):
            await readers.subscribe(chat.id, interest, private=True, now=NOW, most=20)
        await readers.keep_query(chat.id, "storm", NOW)

    def work(connection):
        connection.run("INSERT INTO feed (id, url) VALUES (1, 'https://feed.example/')")
        connection.run(
            "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source)"
            " VALUES (1, 1, '', 'Storm', '', '', 0, 0, '')"
        )
        announce_to_subscribers(connection, 1, NewArticle((), "", "Storm", "", "", 0, ""), NOW)
        connection.run("INSERT INTO post (article_id, chat_id) VALUES (1, ?)", (READER,))
        connection.run("INSERT INTO saved (reader_id, article_id, saved_at) VALUES (?, 1, 0)", (READER,))
        connection.run("INSERT INTO reader (id, language) VALUES (?, 'en')", (READER,))
        connection.run("INSERT INTO gate (scope, closed_until) VALUES (?, 1)", (f"chat:{READER}",))
        connection.run("INSERT INTO alert (name, raised_at) VALUES (?, 1)", (f"chat {READER} closed",))

        connection.run(
            "INSERT INTO digest_message (chat_id, thread_id, html, plain, silent) VALUES (?, 0, '', 'Storm', 0)",
            (READER,),
        )

    await database.write(work)
    await readers.keep_wishes(READER, Wishes(pictures=False), now=NOW, zone=UTC)
    await BroadcastStore(database).claim(1)


async def test_forget_leaves_nothing_about_the_reader_and_everything_of_the_others(database):
    readers = ReaderStore(database)
    await use_everything(database, readers)
    before = await database.read(everything_stored)
    assert before.count(str(READER)) >= 13

    assert await said(Context(readers, lambda: NOW), "forget") == [EN.say("forgotten")]

    after = await database.read(everything_stored)
    assert str(READER) not in after
    assert len(await readers.subscriptions(BEN.id)) == 2
    assert await BroadcastStore(database).claim(10) == 1


async def test_every_table_that_names_a_reader_is_one_that_forget_empties(database):
    def naming_readers(connection):
        if connection.dialect == "sqlite":
            sql = (
                "SELECT DISTINCT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c"
                " WHERE m.type = 'table' AND c.name IN ('chat_id', 'reader_id', 'user_id')"
            )
        else:
            sql = (
                "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = current_schema()"
                " AND column_name IN ('chat_id', 'reader_id', 'user_id')"
            )
        return {row[0] for row in connection.rows(sql)}

    channels_only = {"channel"}
    assert await database.read(naming_readers) == {*BY_CHAT, "subscription", "saved"} | channels_only


async def test_forget_works_from_a_group_and_leaves_the_group_alone(database):
    readers = ReaderStore(database)
    await readers.remember_chat(ANN)
    await readers.remember_chat(GROUP)
    await readers.subscribe(GROUP.id, EVERYTHING, private=False, now=NOW, most=20)

    await said(Context(readers, lambda: NOW), "forget", chat=GROUP)

    assert str(READER) not in await database.read(everything_stored)
    assert await readers.is_subscribed(GROUP.id)


async def test_privacy_says_what_is_stored_and_how_to_end_it(database):
    (text,) = await said(Context(ReaderStore(database), lambda: NOW), "privacy")

    assert "/forget" in text


async def test_a_flood_of_commands_is_answered_at_most_at_a_set_rate(database):
    context = Context(ReaderStore(database), lambda: NOW, patience=Patience(burst=2, rate=0.1))

    answers = [await said(context, "help") for _ in range(5)]

    assert [len(one) for one in answers] == [1, 1, 1, 0, 0]
    assert answers[2] == [EN.say("slow_down")]


async def test_a_flood_of_presses_is_told_in_words_and_never_left_unanswered(database):
    context = Context(ReaderStore(database), lambda: NOW, patience=Patience(burst=1, rate=0.1))

    replies = [await answer(call("search", "x:1", pressed=True), context) for _ in range(3)]

    assert [reply.alert for reply in replies] == [EN.say("old_button"), EN.say("slow_down"), ""]


async def test_a_flood_in_a_group_leaves_room_for_its_other_members(database):
    context = Context(ReaderStore(database), lambda: NOW)
    flood = [len(await said(context, "help", chat=GROUP)) for _ in range(20)]

    assert sum(flood) < 10
    assert len((await answer(Call(GROUP, "help", user_id=READER + 1), context)).messages) == 1
    assert len(await said(context, "help")) == 1


async def test_those_who_speak_in_the_name_of_their_groups_share_no_patience(database):
    context = Context(ReaderStore(database), lambda: NOW, patience_in_groups=Patience(burst=1, rate=0.1))
    replies = [await answer(Call(ChatInfo(chat, "supergroup"), "help"), context) for chat in (-1, -2, -2)]

    assert [reply.messages[0].plain == EN.say("slow_down") for reply in replies] == [False, False, True]


async def test_talk_in_a_group_that_is_not_for_the_bot_costs_nobody_patience(database):
    context = Context(ReaderStore(database), lambda: NOW, patience_in_groups=Patience(burst=1, rate=0.1))
    for _ in range(5):
        await answer(call("", "hello", chat=GROUP, addressed=False), context)

    assert len(await said(context, "help", chat=GROUP)) == 1


def test_every_command_of_readers_is_in_the_menu_of_help():
    assert {"privacy", "forget", "subscriptions"} <= {command.name for command in COMMANDS}
