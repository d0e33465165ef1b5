"""How long a search takes in a large archive, how large its index is, and how quickly it is built.

    python benchmarks/search.py [--articles 1000000] [--queries 1000] [--database keep.db]

Articles of 80 words in four scripts, words as frequent as in any language (Zipf's law). Queries of one to three words,
a third of them among the 100 commonest words. With --database an archive that was built before is used again.
Then as many again with a letter of each word mistaken, most of which stand nowhere.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from itertools import accumulate
from pathlib import Path

from bot.search_query import parse_query
from bot.store import Connection, Database, open_database
from bot.store.readers import articles_by_id
from bot.store.search import index_article, search

VOCABULARY = 30_000
BATCH = 5_000
SCRIPTS = {
    "en": ("bcdfglmnprst", "aeiou", 0.4),
    "ru": ("бвгдклмнпрст", "аеиоу", 0.25),
    "ar": ("بتجدرسفقلمنك", "ايو", 0.2),
    "zh": ("".join(map(chr, range(0x4E00, 0x4E00 + 2000))), "", 0.15),
}


class Language:
    """Invented words of a script whose frequency falls with their rank."""

    def __init__(self, name: str, chance: random.Random) -> None:
        consonants, vowels, _ = SCRIPTS[name]
        self.name = name
        self._chance = chance
        self._join = " " if vowels else ""
        self.words = [self._word(consonants, vowels) for _ in range(VOCABULARY)]
        self._sums = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))

    def _word(self, consonants: str, vowels: str) -> str:
        pieces = self._chance.randint(2, 4)
        if not vowels:
            return "".join(self._chance.choice(consonants) for _ in range(2))
        return "".join(self._chance.choice(consonants) + self._chance.choice(vowels) for _ in range(pieces))

    def text(self, count: int) -> str:
        return self._join.join(self._chance.choices(self.words, cum_weights=self._sums, k=count))

    def query(self) -> str:
        common = self.words[:100] if self._chance.random() < 1 / 3 else self.words
        return " ".join(self._chance.choice(common) for _ in range(self._chance.randint(1, 3)))


def add(connection: Connection, first: int, languages: list[Language], chance: random.Random) -> None:
    shares = [SCRIPTS[language.name][2] for language in languages]
    for article_id in range(first, first + BATCH):
        (language,) = chance.choices(languages, shares)
        headline, summary, body = language.text(8), language.text(22), language.text(50)
        connection.run(
            "INSERT INTO article (id, feed_id, link, headline, summary, body, published, found_at, source, language)"
            " VALUES (?, 1, '', ?, ?, ?, ?, 0, ?, ?)",
            (
                article_id,
                headline,
                summary,
                body,
                1_600_000_000 + article_id * 60,
                f"Source {article_id % 97}",
                language.name,
            ),
        )
        index_article(
            connection, article_id, headline, summary, body, source=f"Source {article_id % 97}", language=language.name
        )


def mistyped(text: str, chance: random.Random) -> str:
    """Change one letter of each word into its neighbour in the alphabet."""
    words = []
    for word in text.split():
        place = chance.randrange(len(word))
        words.append(word[:place] + chr(ord(word[place]) + 1) + word[place + 1 :])
    return " ".join(words)


async def build(database: Database, articles: int, languages: list[Language], chance: random.Random) -> None:
    await database.write(
        lambda connection: connection.run("INSERT INTO feed (id, url) VALUES (1, 'https://feed.example/')")
    )
    start = time.process_time()
    for first in range(1, articles + 1, BATCH):
        await database.write(lambda connection, first=first: add(connection, first, languages, chance))
    spent = time.process_time() - start
    print(f"built: {articles} articles, {spent / articles * 1000:.2f} ms CPU an article, inventing its words included")


def sizes(connection: Connection) -> None:
    rows = connection.rows(
        "SELECT name, SUM(LENGTH(block)) FROM (SELECT 'index' AS name, block FROM article_search_data) GROUP BY name"
    )
    (count,) = connection.row("SELECT COUNT(*) FROM article") or (0,)
    print(f"index: {int(rows[0][1]) / count:.0f} bytes an article")
    (words, letters) = connection.row("SELECT COUNT(*), SUM(LENGTH(word)) FROM search_word") or (0, 0)
    (parts,) = connection.row("SELECT SUM(LENGTH(block)) FROM search_word_part_data") or (0,)
    print(f"vocabulary: {words} words, {(2 * letters + parts) / count:.0f} bytes an article with its pieces")


async def main(articles: int, queries: int, path: Path) -> None:
    chance = random.Random(11)
    languages = [Language(name, chance) for name in SCRIPTS]
    database = await open_database(f"sqlite:///{path}")
    (count,) = await database.read(lambda connection: connection.row("SELECT COUNT(*) FROM article")) or (0,)
    if count == 0:
        await build(database, articles, languages, chance)
    await database.read(sizes)

    def ask(connection: Connection, text: str) -> tuple[float, float, int]:
        start, start_cpu = time.perf_counter(), time.thread_time()
        hits = search(connection, parse_query(text), 5, 0, now=1_600_000_000 + articles * 60)
        articles_by_id(connection, hits.ids)
        return (time.perf_counter() - start) * 1000, (time.thread_time() - start_cpu) * 1000, hits.total

    right = [chance.choice(languages).query() for _ in range(queries)]
    for kind, texts in (("queries", right), ("mistyped", [mistyped(text, chance) for text in right])):
        figures = [await database.read(lambda connection, text=text: ask(connection, text)) for text in texts]
        print(f"{len(texts)} {kind}, {sum(total > 0 for *_, total in figures)} of them with hits")
        for name, column in (("time", 0), ("CPU", 1)):
            values = sorted(figure[column] for figure in figures)
            print(
                f"{name}: p50 {statistics.median(values):.1f} ms, p99 {values[int(len(values) * 0.99)]:.1f} ms,"
                f" slowest {values[-1]:.1f} ms"
            )
    await database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--database", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(asked.articles, asked.queries, asked.database or Path(folder) / "archive.db"))
