import json
import re
import unicodedata
from dataclasses import replace

import pytest

from bot.calls import Call
from bot.commands import COMMANDS, Context, answer, menu
from bot.errors import StoreUnavailable
from bot.i18n import LANGUAGES, phrases
from bot.patience import Patience
from bot.ports import ChatInfo
from bot.store.readers import ReaderStore
from bot.store.search import index_article

NOW = 1_800_000_000
ANN = ChatInfo(10, "private")
GROUP = ChatInfo(-30, "supergroup", "Friends")


@pytest.fixture
async def context(database):
    def work(connection):
        connection.run("INSERT INTO feed (url) VALUES ('https://feed.example/')")
        feed = connection.row("SELECT id FROM feed")[0]
        for number in range(1, 24):
            connection.run(
                "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source)"
                " VALUES (?, ?, ?, ?, 'A summary of the storm.', '', ?, 0, 'Harbour')",
                (number, feed, f"https://example.com/{number}", f"Storm <{number}>", NOW - 3600 * number),
            )
            index_article(connection, number, f"Storm <{number}>", "A summary of the storm.", "", source="Harbour")

        connection.run("INSERT INTO feed (id, url) VALUES (99, 'https://other.example/')")
        connection.run(
            "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source, categories)"
            " VALUES (24, 99, 'https://example.com/24', 'Whale seen', '', '', ?, 0, 'Lighthouse', '[\"Big Whales\"]')",
            (NOW - 3600 * 9000,),
        )

    await database.write(work)
    return Context(ReaderStore(database), lambda: NOW + 0.5, channel="@harbour")


def call(name, argument="", chat=ANN, **more):
    return Call(chat, name, argument, user_id=10, language_code=more.pop("language_code", "en"), **more)


async def texts(context, *arguments, **more):
    reply = await answer(call(*arguments, **more), context)
    assert reply.edit is None
    return [message.plain for message in reply.messages]


async def text(context, *arguments, **more):
    (only,) = await texts(context, *arguments, **more)
    return only


async def test_start_greets_names_the_channel_and_says_how_to_go_on(context):
    said = await text(context, "start")

    assert "@harbour" in said
    assert "/subscribe" in said
    assert "/help" in said


async def test_help_explains_every_command(context):
    said = await text(context, "help")

    assert [command.name for command in COMMANDS if f"/{command.name}" not in said] == []
    assert "from:" in said
    assert "after:2026-01-31" in said


async def test_a_reader_subscribes_is_told_so_and_unsubscribes(context):
    assert await text(context, "subscribe") == phrases("en").say("subscribed")
    assert await text(context, "subscribe") == phrases("en").say("subscribed_before")
    assert phrases("en").say("already_here") in await text(context, "start")
    assert await text(context, "unsubscribe") == phrases("en").say("unsubscribed")
    assert await text(context, "unsubscribe") == phrases("en").say("not_subscribed")


async def test_start_brings_a_paused_reader_back(context):
    await text(context, "subscribe")
    await context.readers.pause(ANN.id, "blocked")

    assert phrases("en").say("already_here") in await text(context, "start")
    assert await context.readers.is_subscribed(ANN.id)


@pytest.mark.parametrize("name", ["subscribe", "unsubscribe"])
async def test_in_a_group_only_its_admins_subscribe(context, name):
    assert await text(context, name, chat=GROUP) == phrases("en").say("admins_only")
    assert await text(context, name, chat=GROUP, is_chat_admin=True) != phrases("en").say("admins_only")


async def test_whether_a_reader_is_an_admin_is_asked_only_where_it_matters(context):
    asked = []

    async def is_admin(chat_id, user_id):
        asked.append((chat_id, user_id))
        return True

    admins = replace(context, is_admin=is_admin)
    for name, chat in (("latest", GROUP), ("subscribe", ANN), ("help", GROUP)):
        await text(admins, name, chat=chat)
    assert asked == []

    assert await text(admins, "subscribe", chat=GROUP) == phrases("en").say("subscribed")
    assert asked == [(GROUP.id, ANN.id)]


async def test_a_flood_of_admins_commands_asks_nobody_once_it_is_no_longer_answered(context):
    asked = []

    async def is_admin(chat_id, _user_id):
        asked.append(chat_id)
        return False

    impatient = replace(context, is_admin=is_admin, patience_in_groups=Patience(burst=3, rate=0.1))
    for _ in range(20):
        await texts(impatient, "subscribe", chat=GROUP)

    assert len(asked) == 3


async def test_who_speaks_in_the_name_of_another_chat_is_no_admin(context):
    channel = Call(GROUP, "subscribe", user_id=0)

    assert (await answer(channel, context)).messages[0].plain == phrases("en").say("admins_only")


async def test_a_topic_is_subscribed_apart_from_its_forum(context):
    await text(context, "subscribe", chat=GROUP, is_chat_admin=True, thread_id=7)

    assert await context.readers.is_subscribed(GROUP.id, thread_id=7)
    assert not await context.readers.is_subscribed(GROUP.id)


@pytest.mark.parametrize(("argument", "count"), [("", 5), ("1", 1), ("20", 20), ("07", 7), ("٣", 3)])
async def test_latest_shows_as_many_as_asked_for_newest_first(context, argument, count):
    said = "\n".join(await texts(context, "latest", argument))

    shown = [f"Storm <{number}>" in said for number in range(1, 24)]
    assert shown == [True] * count + [False] * (23 - count)
    assert said.index("Storm <1>") < said.index(f"Storm <{count}>") or count == 1
    assert "1 hour ago" in said


@pytest.mark.parametrize("argument", ["0", "21", "-1", "1.5", "5 5", "²", "#", "9" * 5000])
async def test_a_number_of_articles_that_makes_no_sense_gets_a_line_that_helps(context, argument):
    assert (await text(context, "latest", argument)).startswith("Write how many articles you want, from 1 to 20")


@pytest.mark.parametrize("argument", ["harbour", "3 Harbour", "harbour 3"])
async def test_latest_of_a_source_shows_only_its_articles(context, argument):
    said = await text(context, "latest", argument)

    assert "Storm <1>" in said
    assert "Lighthouse" not in said
    assert said.count("https://") == (3 if "3" in argument else 5)


async def test_latest_of_a_category_shows_only_its_articles(context):
    said = await text(context, "latest", "#big whales")

    assert said.count("https://") == 1
    assert "Whale" in said


@pytest.mark.parametrize(
    ("argument", "shown"),
    [("light", "Whale"), ("2 arb", "Storm <1>"), ("big whales", "Whale")],
)
async def test_a_part_of_a_name_that_only_one_source_has_and_a_bare_category_are_enough(context, argument, shown):
    assert shown in await text(context, "latest", argument)


@pytest.mark.parametrize(
    ("argument", "named", "offered"),
    [
        ("#whale", "#whale", ["#Big Whales"]),
        ("#harbor", "#harbor", ["Harbour"]),
        ("3 lighthose", "lighthose", ["Lighthouse"]),
        ("h", "h", ["Harbour", "Lighthouse", "#Big Whales"]),
        ("whales of today", "whales of today", []),
    ],
)
async def test_an_unknown_source_or_category_is_said_to_be_none_and_the_closest_are_offered(
    context, argument, named, offered
):
    (message,) = (await answer(call("latest", argument), context)).messages

    assert message.plain.startswith(f"There is no source or category {named} here.\n")
    if offered:
        assert [button.text for row in message.buttons for button in row] == offered
        assert phrases("en").say("latest_closest") in message.plain


@pytest.mark.parametrize(
    ("argument", "all_of_them"),
    [("xyz", ["Everything", "Harbour", "Lighthouse"]), ("#xyz", ["Everything", "#Big Whales"])],
)
async def test_where_nothing_is_close_all_that_there_are_can_be_chosen(context, argument, all_of_them):
    (message,) = (await answer(call("latest", argument), context)).messages
    buttons = [button for row in message.buttons for button in row]

    assert message.plain.endswith(phrases("en").say("latest_number", most=20, example=5))
    assert [button.text for button in buttons] == all_of_them

    shown = [
        (await answer(call("latest", button.data.partition(":")[2], pressed=True), context)).edit.plain
        for button in buttons
    ]
    assert shown[0].startswith("The newest articles\n")
    assert shown[1].startswith(f"The newest articles: {all_of_them[1]}\n")
    assert ("Whale" in shown[-1], "Storm" in shown[-1]) == (True, False)


async def test_of_many_categories_there_are_pages_to_choose_from(context, database):
    names = [f"Topic {number}" for number in range(12)]
    await database.write(lambda c: c.run("UPDATE article SET categories = ? WHERE id = 1", (json.dumps(names),)))
    (message,) = (await answer(call("latest", "#xyz"), context)).messages

    reply = await answer(call("latest", message.buttons[-1][-1].data.partition(":")[2], pressed=True), context)

    assert message.buttons[-1][-1].text == phrases("en").say("next")
    assert len([button for row in reply.edit.buttons for button in row if button.text.startswith("#")]) == 5
    assert len(message.buttons[1][0].data.encode()) <= 64


@pytest.mark.parametrize("data", ["", "s", "x:0", "s:-1", "s:0:000000000000", "c:9999"])
async def test_a_choice_that_is_none_any_more_is_answered_with_a_word(context, data):
    reply = await answer(call("latest", data, pressed=True), context)

    assert (reply.alert, reply.edit) == (phrases("en").say("old_button"), None)


async def test_latest_of_an_empty_archive_says_so(database):
    empty = Context(ReaderStore(database), lambda: NOW)

    assert await text(empty, "latest") == phrases("en").say("nothing_yet")
    assert await text(empty, "latest", "#whales") == phrases("en").say("nothing_yet")


async def test_a_search_shows_the_first_page_and_its_buttons_turn_to_the_others(context):
    first = (await answer(call("search", "storm"), context)).messages[0]
    seen, buttons = first.plain.count("https://"), first.buttons
    assert "Page 1 of 5" in first.plain
    while buttons[-1][-1].text == phrases("en").say("next"):
        name, _, argument = buttons[-1][-1].data.partition(":")
        turned = await answer(call(name, argument, pressed=True), context)
        assert turned.messages == ()
        seen += turned.edit.plain.count("https://")
        buttons = turned.edit.buttons
    assert "Page 5 of 5" in turned.edit.plain
    assert seen == 23
    assert [button.text for button in buttons[-1]] == [phrases("en").say("previous")]


async def test_buttons_work_after_a_restart_and_fit_telegrams_64_bytes(context, database):
    (message,) = (await answer(call("search", "storm " * 30), context)).messages
    data = message.buttons[-1][0].data
    restarted = Context(ReaderStore(database), lambda: NOW)

    reply = await answer(call("search", data.partition(":")[2], pressed=True), restarted)

    assert len(data.encode()) <= 64
    assert "Page 2" in reply.edit.plain


@pytest.mark.parametrize("data", ["", ":", "x:1", "x:-1", "x:²", "TOKEN:", "TOKEN:x", "TOKEN:99999", "TOKEN:²"])
async def test_made_up_button_data_is_answered_with_a_word_only(context, data):
    (message,) = (await answer(call("search", "storm"), context)).messages
    token = message.buttons[-1][0].data.split(":")[1]

    reply = await answer(call("search", data.replace("TOKEN", token), pressed=True), context)

    assert reply.alert == phrases("en").say("old_button")
    assert reply.edit is None


async def test_a_page_beyond_the_last_shows_nothing_found(context):
    (message,) = (await answer(call("search", "storm"), context)).messages
    token = message.buttons[-1][0].data.split(":")[1]

    reply = await answer(call("search", f"{token}:999", pressed=True), context)

    assert "Nothing found" in reply.edit.plain


async def test_the_button_of_another_chat_is_of_no_use(context):
    (message,) = (await answer(call("search", "storm"), context)).messages
    data = message.buttons[-1][0].data.partition(":")[2]

    reply = await answer(call("search", data, chat=ChatInfo(11, "private"), pressed=True), context)

    assert reply.alert
    assert reply.edit is None


@pytest.mark.parametrize("name", ["latest", "nonsense", "", "subscribe"])
async def test_a_button_that_no_command_knows_is_answered(context, name):
    assert (await answer(call(name, "1", pressed=True), context)).alert == phrases("en").say("old_button")


async def test_a_search_for_nothing_explains_itself(context):
    assert "/search election results" in await text(context, "search", "  ")
    assert "at least one word" in await text(context, "search", "-storm")


async def test_a_search_without_a_hit_says_so_and_repeats_the_words(context):
    assert await text(context, "search", "volcano <b>") == "Nothing found for: volcano <b>"


@pytest.mark.parametrize(
    ("argument", "title"),
    [
        ("storms", "Found for: storms"),
        ("strom", "Nothing with “strom”. Showing what comes closest."),
        ("sumary of the strom", "Nothing with “sumary strom”. Showing what comes closest."),
    ],
)
async def test_a_search_that_had_to_guess_says_so_on_every_page(context, argument, title):
    (message,) = (await answer(call("search", argument), context)).messages
    turned = await answer(call("search", message.buttons[-1][-1].data.partition(":")[2], pressed=True), context)

    assert message.plain.startswith(f"{title}\n23 articles")
    assert turned.edit.plain.startswith(f"{title}\n23 articles")


async def test_a_few_hits_have_no_pages_and_show_the_passage(context):
    (message,) = (await answer(call("search", "summary from:harbour 7"), context)).messages

    assert [[button.text for button in row] for row in message.buttons] == [["☆ 1"]]
    assert "<i>A summary of the storm.</i>" in message.html
    assert "Storm &lt;7&gt;" in message.html


@pytest.mark.parametrize(
    ("kind", "username", "state", "is_linked"),
    [
        ("channel", "harbour", "sent", True),
        ("channel", "", "sent", False),
        ("channel", "harbour", "pending", False),
        ("supergroup", "harbour", "sent", False),
    ],
)
async def test_a_hit_leads_to_its_post_in_a_public_channel(context, database, kind, username, state, is_linked):
    def post(connection):
        connection.run("INSERT INTO chat (id, kind, username) VALUES (-50, ?, ?)", (kind, username))
        connection.run("INSERT INTO post (article_id, chat_id, state, message_id) VALUES (7, -50, ?, 77)", (state,))

    await database.write(post)
    (message,) = (await answer(call("search", "storm 7"), context)).messages

    assert ("https://t.me/harbour/77" in message.html) is is_linked
    assert "https://example.com/7" in message.html


async def test_what_is_no_command_gets_a_line_that_helps(context):
    assert "/nonsense" in await text(context, "nonsense")
    assert "/help" in await text(context, "", "hello there")


async def test_in_a_group_the_bot_speaks_only_when_it_is_meant(context):
    assert await texts(context, "", "hello", chat=GROUP, addressed=False) == []
    assert await texts(context, "nonsense", chat=GROUP, addressed=False) == []
    assert len(await texts(context, "nonsense", chat=GROUP, addressed=True)) == 1
    assert len(await texts(context, "latest", chat=GROUP, addressed=False)) == 1


async def test_a_reader_is_answered_in_their_language(context):
    assert await text(context, "subscribe", language_code="ar-EG") == phrases("ar").say("subscribed")


async def test_a_reader_whose_language_is_not_there_is_answered_in_the_configured_one(context):
    arabic = Context(context.readers, context.clock, language="ar")

    assert await text(arabic, "subscribe", language_code="xx") == phrases("ar").say("subscribed")


async def test_a_command_that_fails_says_so_and_nothing_of_why(context, caplog):
    broken = Context(context.readers, lambda: float("nan"))

    assert await text(broken, "latest") == phrases("en").say("something_failed")
    assert (await answer(call("search", "x:1", pressed=True), Context(None, context.clock))).alert
    assert "command failed: command='latest'" in caplog.text


async def test_while_the_database_refuses_a_reader_is_told_so_and_the_log_gets_one_line(context, caplog, monkeypatch):
    async def refused(*_arguments, **_facts):
        raise StoreUnavailable("SQLite: database or disk is full")

    monkeypatch.setattr(context.readers, "latest", refused)
    assert await text(context, "latest") == phrases("en").say("something_failed")
    [record] = caplog.records
    assert (record.levelname, record.exc_info) == ("ERROR", None)


async def test_what_a_reader_typed_is_never_logged(context, caplog):
    broken = Context(None, context.clock)

    await answer(call("my_secret", "and more of it", pressed=True), broken)
    await answer(call("my_secret", "and more of it"), broken)
    await answer(call("search", "and more of it"), broken)

    assert caplog.text.count("command failed") == 3
    assert "secret" not in caplog.text
    assert "more of it" not in caplog.text


@pytest.mark.parametrize("language", ["ar", "fa"])
async def test_in_languages_from_right_to_left_every_line_of_help_runs_so(context, language):
    said = await text(context, "help", language_code=language)
    lines = said.splitlines()
    ways = [unicodedata.bidirectional(line[0]) for line in lines if line]

    assert len(ways) > len(COMMANDS)
    assert set(ways) <= {"R", "AL"}
    # Of marks that stand side by side Telegram keeps only the last.
    assert re.search("[\u200e\u200f]{2}", said) is None
    assert "\N{FIRST STRONG ISOLATE}@harbour\N{POP DIRECTIONAL ISOLATE}" in await text(
        context, "start", language_code=language
    )


@pytest.mark.parametrize("language", ["ar", "fa"])
async def test_in_languages_from_right_to_left_latin_names_of_a_list_stand_at_the_right(context, language):
    for words in ("storm", "#weather"):
        await text(context, "subscribe", words, language_code=language)

    listed = (await text(context, "subscriptions", language_code=language)).splitlines()[1:]

    assert [line[0] for line in listed] == ["\N{RIGHT-TO-LEFT MARK}"] * 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_fits_telegrams_limits_in_every_language(language):
    listed = menu(language)

    assert [name for name, _ in listed] == [command.name for command in COMMANDS]
    assert all(1 <= len(meaning) <= 256 for _, meaning in listed)
