"""A thousand questions in fourteen languages: inflections, spellings, compounds, typos (search_questions.toml)."""

import tomllib
from pathlib import Path

import pytest

from bot.search_query import parse_query
from bot.store.search import index_article, search

NOW = 1_800_000_000
ARCHIVES = tomllib.loads((Path(__file__).parent / "search_questions.toml").read_text("utf-8"))


async def answers(database, archive, questions):
    """Ask an archive each question; return the numbers of the articles that it found."""

    def work(connection):
        connection.run("INSERT INTO feed (id, url) VALUES (1, 'https://feed.example/')")
        for number, one in enumerate(archive):
            facts = (one["headline"], one["summary"], NOW - 3600, one["language"])
            connection.run(
                "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source, language)"
                " VALUES (?, 1, '', ?, ?, '', ?, 0, '', ?)",
                (number, *facts),
            )
            index_article(connection, number, one["headline"], one["summary"], "", language=one["language"])
        return {text: search(connection, parse_query(text), 10, 0, now=NOW).ids for text in questions}

    return await database.write(work)


@pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
async def test_every_question_finds_its_article(database, archive):
    questions = [(text, number) for number, one in enumerate(archive) for text in one["asked"]]

    found = await answers(database, archive, [text for text, _ in questions])

    assert [text for text, number in questions if number not in found[text]] == []


@pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
async def test_what_only_looks_alike_or_is_excluded_is_not_found(database, archive):
    questions = [(text, number) for number, one in enumerate(archive) for text in one["not"]]

    found = await answers(database, archive, [text for text, _ in questions])

    assert [text for text, number in questions if number in found[text]] == []
