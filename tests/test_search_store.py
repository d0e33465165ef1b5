import pytest

from bot.interest import Interest, Kind
from bot.ports import ChatInfo
from bot.search_query import parse_query
from bot.store.readers import ReaderStore
from bot.store.reindex import refresh_search
from bot.store.search import NEWEST, index_article, search, unindex_article

NOW = 1_800_000_000
DAY = 86_400


async def fill(database, articles):
    """Store articles given as (headline, summary, body, language, source, published), with ids from 1."""

    def work(connection):
        connection.run("INSERT INTO feed (url) VALUES ('https://feed.example/')")
        feed = connection.row("SELECT id FROM feed")[0]
        for number, (headline, summary, body, language, source, published) in enumerate(articles, 1):
            connection.run(
                "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source, language)"
                " VALUES (?, ?, '', ?, ?, ?, ?, 0, ?, ?)",
                (number, feed, headline, summary, body, published, source, language),
            )
            index_article(connection, number, headline, summary, body, source=source, language=language)

    await database.write(work)


def one(headline, summary="", body="", *, language="en", source="Harbour News", published=NOW - DAY):
    return (headline, summary, body, language, source, published)


async def hits(database, text, limit=10, offset=0):
    found = await database.read(lambda connection: search(connection, parse_query(text), limit, offset, now=NOW))
    return found.ids


ARCHIVE = [
    one("Café owners protest", "The elections are near.", "A running dog. The North Sea was calm."),
    one("كتاب جديد", "صدر الكِتَابُ في المكتبة", language="ar", source="الميناء"),
    one("人民日报发布新闻", "今天北京下雨", language="zh", source="日报"),
    one("Wahlen im Herbst", "Die Häuser am Meer", language="de", source="Hafenblatt"),
    one("Новости войны", "В городе прошли выборы", language="ru", source="Гавань"),
    one("चुनावों की तैयारी", "सरकार ने कहा", language="hi", source="बंदरगाह"),
    one("東京でがんばる", "カタカナの記事", language="ja", source="港"),
    one("Seçimler yaklaşıyor", "Hükümetin kararı", language="tr", source="Liman"),
]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("cafe", 1), ("CAFÉS", 1), ("election", 1), ('"north sea"', 1), ("dogs run", 1), ("election from:harbour", 1),
        ("كتاب", 2), ("الكتاب", 2), ("والمكتبه", 2), ("人民", 3), ("发布", 3), ("雨", 3), ("Haus", 4), ("wahl", 4),
        ("Meer herbst", 4), ("война", 5), ("выбор", 5), ("चुनाव", 6), ("東京", 7), ("カタカナ", 7), ("hükümet", 8),
        ("secim", 8), ("protes", 1), ("cafe -storm", 1), ("from:гавань", 5), ("after:2026-01-31 cafe", 1),
    ],
)  # fmt: skip
async def test_a_reader_finds_the_article_by_words_in_any_language(database, text, number):
    await fill(database, ARCHIVE)

    assert await hits(database, text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "cafe storm",
        "cafe -protest",
        '"sea north"',
        "cafe from:hafenblatt",
        "from:cafe",
        "harbour",
        "日人",
        "cafe after:2999-01-01",
    ],
)
async def test_what_does_not_fit_is_not_found(database, text):
    await fill(database, ARCHIVE)

    assert await hits(database, text) == []


@pytest.mark.parametrize(
    "text",
    [
        '"', "'", "*", "-", "(", ")", "()", "^a", "a*", "a:b", "headline:cafe", "NEAR(a b, 2)", "a AND", "OR b", "NOT", "a NOT b",
        "{headline body} : a", "a + b", "\\", "\x00", "';--", "a & | ! b", "<->", "a:*", "'a':A", "%", "_", "?", "$1", "{0}", "[a]",
        "stormy'", "'stormy", "كتبا'", "(stormy", "stor'my", "stormy\\", "sto:my",
        "from:", "after:", "-from:x", 'from:"', "--a", "\ud800", "😀", "a" * 10_000, "a " * 5_000, "é́́́",
    ],
)  # fmt: skip
async def test_nothing_a_reader_types_is_an_error(database, text):
    await fill(database, ARCHIVE)

    assert isinstance(await hits(database, text), list)


async def test_a_word_in_the_headline_counts_more_than_in_the_text(database):
    await fill(database, [one("Storm at sea"), one("Calm", body="There was a storm.")])

    assert await hits(database, "storm") == [1, 2]


async def test_the_newer_of_two_equal_articles_comes_first(database):
    await fill(database, [one("Storm", published=NOW - 1000 * DAY), one("Storm", published=NOW - DAY)])

    assert await hits(database, "storm") == [2, 1]


async def test_pages_follow_each_other_without_gap_or_repetition(database):
    await fill(database, [one(f"Storm number {number}", published=NOW - number) for number in range(13)])

    pages = [await hits(database, "storm", limit=5, offset=offset) for offset in (0, 5, 10, 15)]

    assert [len(page) for page in pages] == [5, 5, 3, 0]
    assert sorted(pages[0] + pages[1] + pages[2]) == list(range(1, 14))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("cafe owner", ()),
        ("elction", ("elction",)),
        ("elction dogs", ("elction",)),
        ("protst elction", ("protst", "elction")),
        ("prote", ("prote",)),
        ("elec", ("elec",)),
        ("ca fe", ("ca", "fe")),
        ("كتابات", ()),
        ("الكتب", ()),
        ("volcano", ()),
    ],
)
async def test_it_is_known_which_words_no_article_has_where_others_were_taken_for_them(database, text, missing):
    await fill(database, ARCHIVE)

    found = await database.read(lambda connection: search(connection, parse_query(text), 5, 0, now=NOW))

    assert (found.missing, bool(found.ids)) == (missing, text != "volcano")


async def test_of_very_many_hits_the_newest_are_ranked(database):
    await fill(database, [one("Storm")] * (NEWEST + 10))

    found = await database.read(lambda c: search(c, parse_query("storm"), 5, 0, now=NOW))

    assert found.total == NEWEST
    assert min(found.ids) > 10


async def test_an_article_taken_out_is_not_found_and_the_others_are(database):
    await fill(database, [one("Storm at sea", "s", "b"), one("Storm on land")])

    await database.write(
        lambda c: unindex_article(c, 1, "Storm at sea", "s", "b", source="Harbour News", language="en")
    )

    assert await hits(database, "storm") == [2]
    assert await hits(database, "sea") == []


async def test_an_article_taken_out_can_be_put_in_with_other_words(database):
    await fill(database, [one("Storm", "s")])

    def change(connection):
        unindex_article(connection, 1, "Storm", "s", "", source="Harbour News", language="en")
        index_article(connection, 1, "Calm", "s", "", source="Harbour News", language="en")

    await database.write(change)

    assert await hits(database, "storm") == []
    assert await hits(database, "calm") == [1]


async def test_the_very_word_is_preferred_to_words_that_begin_like_it(database):
    await fill(database, [one("A stormtrooper"), one("A storm")])

    assert await hits(database, "storm") == [2, 1]
    assert await hits(database, "stormtr") == [1]


async def test_a_mistyped_word_is_found_where_nothing_has_it(database):
    await fill(database, [one("Parliament votes"), one("A storm")])

    assert await hits(database, "parlament") == [1]
    assert await hits(database, "parlament storm") == []
    assert await hits(database, "strom") == [2]


async def test_a_long_word_may_be_mistyped_twice(database):
    await fill(database, [one("A new restaurant"), one("A storm")])

    assert await hits(database, "restaraunts") == [1]


async def test_words_that_exist_are_not_loosened(database):
    await fill(database, [one("A storm"), one("A whale")])

    assert await hits(database, "storm whale") == []


async def test_an_index_of_an_older_normaliser_is_built_anew(database, monkeypatch):
    monkeypatch.setattr("bot.store.reindex.PART", 2)
    await fill(database, [one(f"Storm {number}") for number in range(5)])
    readers = ReaderStore(database)
    await readers.remember_chat(ChatInfo(10, "private"))
    await readers.subscribe(10, Interest(Kind.WORDS, "whale watching"), private=True, now=NOW, most=9)

    def age(connection):
        connection.run("UPDATE search_build SET version = 0")
        connection.run("UPDATE interest SET conditions = 'nonsense'")
        connection.run("UPDATE interest_anchor SET anchor = 'nonsense' || anchor")

    await database.write(age)
    await refresh_search(database)
    await refresh_search(database)

    assert sorted(await hits(database, "storm")) == [1, 2, 3, 4, 5]
    stored = await database.read(
        lambda c: c.rows("SELECT conditions, anchor FROM interest JOIN interest_anchor ON interest_id = interest.id")
    )
    assert "nonsense" not in str(stored)
    assert "watch" in str(stored)


async def test_a_rebuilding_that_was_interrupted_goes_on_where_it_was(database, monkeypatch):
    monkeypatch.setattr("bot.store.reindex.PART", 2)
    await fill(database, [one(f"Storm {number}") for number in range(5)])

    def interrupted(connection):
        for number in (3, 4, 5):
            unindex_article(connection, number, f"Storm {number - 1}", "", "", source="Harbour News", language="en")
        connection.run("UPDATE search_build SET rebuilt_to = 2")

    await database.write(interrupted)
    assert sorted(await hits(database, "storm")) == [1, 2]

    await refresh_search(database)

    assert sorted(await hits(database, "storm")) == [1, 2, 3, 4, 5]
