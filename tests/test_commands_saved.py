import pytest

from bot.calls import Call
from bot.commands import Context, answer
from bot.format import save_button
from bot.i18n import phrases
from bot.ports import ChatInfo
from bot.store.readers import ReaderStore
from bot.store.search import index_article

NOW = 1_800_000_000
ANN, BEN = 10, 20
EN = phrases("en")


@pytest.fixture
async def context(database):
    def work(connection):
        connection.run("INSERT INTO feed (id, url) VALUES (1, 'https://feed.example/')")
        for number in range(1, 9):
            connection.run(
                "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source)"
                " VALUES (?, 1, ?, ?, '', '', ?, 0, 'Harbour')",
                (number, f"https://example.com/{number}", f"Storm {number}", NOW - number),
            )
            index_article(connection, number, f"Storm {number}", "", "", source="Harbour")

    await database.write(work)
    return Context(ReaderStore(database), lambda: NOW)


async def reply(context, name, argument="", *, reader=ANN, **more):
    return await answer(
        Call(ChatInfo(reader, "private"), name, argument, user_id=reader, language_code="en", **more), context
    )


async def press(context, button, **more):
    name, _, argument = button.data.partition(":")
    return await reply(context, name, argument, pressed=True, **more)


async def listed(context, reader=ANN):
    return (await reply(context, "saved", reader=reader)).messages[0]


def named(message, text):
    return next(button for row in message.buttons for button in row if button.text == text)


async def test_a_star_puts_an_article_by_and_once_more_takes_it_out(context):
    ((star,),) = save_button(3)

    assert (await press(context, star)).toast == EN.say("saved_added")
    assert "Storm 3" in (await listed(context)).plain
    assert (await press(context, star)).toast == EN.say("saved_removed")
    assert (await listed(context)).plain == EN.say("saved_nothing")


async def test_each_reader_has_a_list_of_their_own(context):
    await press(context, save_button(3)[0][0])

    assert (await listed(context, BEN)).plain == EN.say("saved_nothing")


async def test_search_hits_are_numbered_and_have_a_star_each(context):
    hits = (await reply(context, "search", "storm")).messages[0]
    third = hits.plain.split("3. ")[1].split("\n")[0]

    await press(context, named(hits, "☆ 3"))

    assert third in (await listed(context)).plain


async def test_the_list_is_paged_and_articles_are_taken_out_of_it(context):
    for number in range(1, 8):
        await press(context, save_button(number)[0][0])
    first = await listed(context)
    assert "Page 1 of 2" in first.plain

    second = (await press(context, named(first, EN.say("next")))).edit
    assert second.plain.count("https://") == 2
    left = (await press(context, named(second, "✕ 1"))).edit
    assert left.plain.count("https://") == 1
    back = (await press(context, named(left, "✕ 1"))).edit

    assert "Page" not in back.plain
    assert back.plain.count("https://") == 5


async def test_a_link_under_a_channels_post_puts_it_by_once(context):
    for _ in range(2):
        said = (await reply(context, "start", "save_3")).messages[0].plain
        assert said == EN.say("saved_added")

    assert (await listed(context)).plain.count("Storm 3") == 1


@pytest.mark.parametrize("argument", ["save_", "save_x", "save_-1", "save_999", "save_" + "9" * 40])
async def test_a_made_up_link_puts_nothing_by(context, argument):
    assert (await reply(context, "start", argument)).messages[0].plain == EN.say("saved_unknown")


@pytest.mark.parametrize(
    "data", ["", "s", "s:", "s:x", "s:1:2", "d:1", "d:x:0", "d:1:²", "p:", "p:-1", "x:1", "s:" + "9" * 40]
)
async def test_made_up_button_data_does_nothing(context, data):
    assert (await reply(context, "saved", data, pressed=True)).alert == EN.say("old_button")


async def test_an_article_that_does_not_exist_is_told_so(context):
    assert (await reply(context, "saved", "s:999", pressed=True)).toast == EN.say("saved_unknown")
    assert (await reply(context, "saved", "p:999", pressed=True)).edit.plain == EN.say("saved_nothing")


GROUP = ChatInfo(-30, "supergroup")


async def in_the_group(context, name, argument="", *, reader=ANN, **more):
    return await answer(Call(GROUP, name, argument, user_id=reader, language_code="en", **more), context)


async def test_in_a_group_nobody_turns_or_changes_the_list_of_another(context):
    for number in range(1, 8):
        await press(context, save_button(number)[0][0])
    await press(context, save_button(8)[0][0], reader=BEN)
    shown = (await in_the_group(context, "saved")).messages[0]

    for text in (EN.say("next"), "✕ 1"):
        data = named(shown, text).data.partition(":")[2]
        meddled = await in_the_group(context, "saved", data, reader=BEN, pressed=True)
        assert (meddled.alert, meddled.edit) == (EN.say("saved_of_another"), None)
        assert "Page" in (await in_the_group(context, "saved", data, pressed=True)).edit.plain
    assert "Storm 8" in (await listed(context, BEN)).plain


@pytest.mark.parametrize("data", ["p:0", "p:", "p", "d:1:0", "d:1", "d:1:0:x"])
async def test_made_up_data_in_a_group_shows_no_list(context, data):
    await press(context, save_button(1)[0][0])

    reply = await in_the_group(context, "saved", data, pressed=True)

    assert reply.alert
    assert reply.edit is None


async def test_who_speaks_in_the_name_of_a_group_has_no_list(context):
    reply = await in_the_group(context, "start", "save_3", reader=0)

    assert reply.messages[0].plain == EN.say("saved_unknown")
    assert (await in_the_group(context, "saved", reader=0)).messages[0].plain == EN.say("saved_nothing")
