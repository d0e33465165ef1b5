import pytest

from bot.calls import InlineCall
from bot.commands import Context, offer
from bot.store.readers import ReaderStore
from bot.store.search import index_article

NOW = 1_800_000_000


@pytest.fixture
async def context(database):
    def work(connection):
        connection.run("INSERT INTO feed (id, url) VALUES (1, 'https://feed.example/')")
        for number in range(1, 124):
            headline = f"Storm <{number}>" if number <= 45 else f"Calm {number}"
            connection.run(
                "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source, image)"
                " VALUES (?, 1, ?, ?, 'What happened.', '', ?, 0, 'Harbour', 'https://example.com/sea.jpg')",
                (number, f"https://example.com/{number}", headline, NOW - 3600 * number),
            )
            index_article(connection, number, headline, "What happened.", "", source="Harbour")

    await database.write(work)
    return Context(ReaderStore(database), lambda: NOW)


async def all_pages(context, text):
    """The ids of all pages, each with its number of offers."""
    offset, ids, sizes = "", [], []
    while True:
        page = await offer(InlineCall(text, offset, 1, "en"), context)
        ids += [one.id for one in page.offers]
        sizes.append(len(page.offers))
        offset = page.next_offset
        if not offset:
            return ids, sizes


async def test_words_offer_what_they_find_page_by_page(context):
    ids, sizes = await all_pages(context, "storm")

    assert sizes == [20, 20, 5]
    assert sorted(map(int, ids)) == list(range(1, 46))


async def test_no_words_offer_the_newest_hundred(context):
    ids, sizes = await all_pages(context, " ")

    assert sizes == [20] * 5
    assert ids == [str(number) for number in range(1, 101)]


async def test_an_offer_tells_source_and_age_and_sends_the_post(context):
    first = (await offer(InlineCall("", "", 1, "de"), context)).offers[0]

    assert first.title == "Storm <1>"
    assert first.description == "Harbour · vor 1 Stunde\nWhat happened."
    assert "<b>Storm &lt;1&gt;</b>" in first.message.html
    assert first.link == "https://example.com/1"
    assert first.image == "https://example.com/sea.jpg"


@pytest.mark.parametrize("text", ["volcano", "-storm", "?!", "after:2026-01-01"])
async def test_what_finds_nothing_offers_nothing(context, text):
    assert (await offer(InlineCall(text, "", 1), context)).offers == ()


@pytest.mark.parametrize("offset", ["x", "-1", "²", "99999", "9999"])
async def test_a_made_up_offset_offers_nothing_and_ends(context, offset):
    page = await offer(InlineCall("storm", offset, 1), context)

    assert (page.offers, page.next_offset) == ((), "")


async def test_a_query_that_fails_is_answered_with_nothing(caplog):
    assert (await offer(InlineCall("storm"), Context(None, lambda: NOW))).offers == ()
    assert "inline query failed" in caplog.text
