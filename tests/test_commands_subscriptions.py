from dataclasses import replace

import pytest

from bot.calls import Call
from bot.commands import Context, answer
from bot.i18n import phrases
from bot.interest import EVERYTHING, Interest, Kind
from bot.ports import ChatInfo
from bot.store.readers import ReaderStore
from bot.store.search import index_article

NOW = 1_800_000_000
ANN = ChatInfo(10, "private")
BEN = ChatInfo(20, "private")
GROUP = ChatInfo(-30, "supergroup")
EN = phrases("en")


@pytest.fixture
async def context(database):
    def work(connection):
        for number in range(1, 13):
            connection.run("INSERT INTO feed (id, url) VALUES (?, ?)", (number, f"https://{number}.example/"))
            connection.run(
                "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source, categories)"
                " VALUES (?, ?, '', 'Storm at sea', '', '', ?, 0, ?, '[\"Sea\"]')",
                (number, number, NOW - 3600, f"Source {number:02}"),
            )
            index_article(connection, number, "Storm at sea", "", "", source=f"Source {number:02}")

    await database.write(work)
    return Context(ReaderStore(database), lambda: NOW, most_subscriptions=3)


async def reply(context, name, argument="", *, chat=ANN, **more):
    return await answer(Call(chat, name, argument, language_code="en", **more), context)


async def said(context, *arguments, **more):
    return (await reply(context, *arguments, **more)).messages[0].plain


async def press(context, button, **more):
    name, _, argument = button.data.partition(":")
    assert len(button.data.encode()) <= 64
    return await reply(context, name, argument, pressed=True, **more)


async def held(context, chat=ANN, thread_id=0):
    return [one.interest for one in await context.readers.subscriptions(chat.id, thread_id=thread_id)]


def buttons(message):
    return {button.text: button for row in message.buttons for button in row}


async def test_words_are_subscribed_to_after_a_dry_run(context):
    text = await said(context, "subscribe", "storm  sea")

    assert "storm sea" in text
    assert "12 articles" in text
    assert await held(context) == [Interest(Kind.WORDS, "storm sea")]


@pytest.mark.parametrize(
    ("typed", "interest"),
    [("source 03", Interest(Kind.SOURCE, "Source 03")), ("#sea", Interest(Kind.CATEGORY, "sea"))],
)
async def test_a_source_or_category_is_subscribed_to_by_its_name(context, typed, interest):
    await said(context, "subscribe", typed)

    assert await held(context) == [interest]


async def test_what_makes_no_sense_is_explained_and_not_subscribed_to(context):
    assert "#category" in await said(context, "subscribe", "-storm")
    assert await held(context) == []


async def test_the_same_twice_and_one_too_many_are_told(context):
    assert EN.say("would_have_brought_none") in await said(context, "subscribe", "whale")
    assert await said(context, "subscribe", "Whale") == EN.say("interest_before", interest="Whale")
    await said(context, "subscribe", "one")
    await said(context, "subscribe", "two")
    assert await said(context, "subscribe", "three") == EN.say("subscriptions_full", most=3)
    assert len(await held(context)) == 3


async def test_a_reader_of_everything_is_told_that_a_choice_changes_nothing_yet(context):
    await said(context, "subscribe")

    assert EN.say("everything_too") in await said(context, "subscribe", "storm")


async def test_sources_are_chosen_by_buttons_page_by_page(context):
    first = (await reply(context, "subscribe")).messages[0]
    page = (await press(context, buttons(first)[EN.say("choose_sources")])).edit
    assert "✓ Everything" in buttons(page)
    assert "Source 08" in buttons(page)
    assert "Source 09" not in buttons(page)

    page = (await press(context, buttons(page)[EN.say("next")])).edit
    page = (await press(context, buttons(page)["Source 11"])).edit
    page = (await press(context, buttons(page)["✓ Everything"])).edit

    assert "✓ Source 11" in buttons(page)
    assert await held(context) == [Interest(Kind.SOURCE, "Source 11")]
    await press(context, buttons(page)["✓ Source 11"])
    assert await held(context) == []


async def test_categories_are_chosen_by_buttons(context):
    first = (await reply(context, "subscribe")).messages[0]
    page = (await press(context, buttons(first)[EN.say("choose_categories")])).edit

    await press(context, buttons(page)["#Sea"])

    assert await held(context) == [EVERYTHING, Interest(Kind.CATEGORY, "Sea")]


async def test_a_choice_too_many_is_told_and_not_made(context):
    for word in ("one", "two", "three"):
        await said(context, "subscribe", word)

    chosen = await reply(context, "subscribe", "c:0:all", pressed=True)

    assert chosen.alert == EN.say("subscriptions_full", most=3)
    assert len(await held(context)) == 3


@pytest.mark.parametrize("data", ["", "x", "s", "s:", "x:0", "s:-1", "s:²", "s:99999", "s:0:made-up"])
async def test_made_up_choices_are_answered_with_a_word_only(context, data):
    assert (await reply(context, "subscribe", data, pressed=True)).alert == EN.say("old_button")
    assert await held(context) == []


async def test_a_page_far_beyond_the_last_is_the_last(context):
    assert "Source 12" in buttons((await reply(context, "subscribe", "s:999", pressed=True)).edit)


async def test_subscriptions_are_listed_and_each_has_a_button_that_ends_it(context):
    await said(context, "subscribe", "storm")
    await said(context, "subscribe", "#Sea")
    listed = (await reply(context, "subscriptions")).messages[0]
    assert "• storm\n• #Sea" in listed.plain

    left = (await press(context, buttons(listed)["✕ storm"])).edit

    assert "• #Sea" in left.plain
    assert await held(context) == [Interest(Kind.CATEGORY, "Sea")]
    empty = (await press(context, buttons(left)["✕ #Sea"])).edit
    assert empty.plain == EN.say("not_subscribed")


async def test_a_button_of_another_readers_list_ends_nothing(context):
    await said(context, "subscribe", "storm")
    listed = (await reply(context, "subscriptions")).messages[0]

    foreign = await press(context, buttons(listed)["✕ storm"], chat=BEN)

    assert foreign.alert == EN.say("old_button_here")
    assert await held(context) == [Interest(Kind.WORDS, "storm")]


@pytest.mark.parametrize("data", ["", "x", "-1", "9" * 40, "²", "0"])
async def test_a_made_up_number_ends_nothing(context, data):
    assert (await reply(context, "subscriptions", data, pressed=True)).alert == EN.say("old_button_here")


async def test_one_or_all_are_ended_by_command(context):
    for wanted in ("storm", "#sea", ""):
        await said(context, "subscribe", wanted)

    assert await said(context, "unsubscribe", "STORM") == EN.say("interest_removed", interest="storm")
    assert await said(context, "unsubscribe", "whale") == EN.say("no_such_interest")
    assert await said(context, "unsubscribe", "everything") == EN.say("interest_removed", interest="Everything")
    assert await held(context) == [Interest(Kind.CATEGORY, "sea")]
    assert await said(context, "unsubscribe") == EN.say("unsubscribed")
    assert await held(context) == []


@pytest.mark.parametrize("argument", ["s:0:all", "1"])
@pytest.mark.parametrize("name", ["subscribe", "subscriptions"])
async def test_in_a_group_only_admins_press_the_buttons(context, name, argument):
    pressed = await reply(context, name, argument, chat=GROUP, pressed=True)

    assert pressed.alert == EN.say("admins_only")
    assert pressed.edit is None


async def test_each_topic_has_its_own_subscriptions(context):
    await said(context, "subscribe", "storm", chat=GROUP, thread_id=7, is_chat_admin=True)
    await said(context, "subscribe", "sea", chat=GROUP, thread_id=8, is_chat_admin=True)

    assert await held(context, GROUP, 7) == [Interest(Kind.WORDS, "storm")]
    assert "• sea" in await said(context, "subscriptions", chat=GROUP, thread_id=8, is_chat_admin=True)


async def test_a_very_long_list_has_no_more_buttons_than_telegram_takes(context):
    many = replace(context, most_subscriptions=200)
    for number in range(120):
        await context.readers.remember_chat(ANN)
        await context.readers.subscribe(
            ANN.id, Interest(Kind.WORDS, f"word{number}"), private=True, now=NOW, most=many.most_subscriptions
        )

    (message,) = (await reply(many, "subscriptions")).messages

    assert sum(len(row) for row in message.buttons) <= 100
    assert "word119" in message.plain
