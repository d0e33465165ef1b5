"""How much CPU it costs to find whom a new article goes to.

    python benchmarks/subscriptions.py [--subscribers 100000] [--articles 200]

Builds an SQLite database in which every reader has three subscriptions (one in five a source or category, the others
one to three words, as frequent as in any language by Zipf's law, but none of the 300 commonest), then announces
articles of 300 words, in a process of its own as the program does after a restart.

The first article is given apart: in the process that has just filled the database, after a restart of the machine (the
file is read from the disk), and after one of the program.
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path

from bot.interest import Interest, Kind, Subject
from bot.models import NewArticle
from bot.store import Connection, open_database
from bot.store.interests import announce_to_subscribers, keep_interest, matching_interests, recipients

EACH = 3
VOCABULARY = 50_000
SOURCES = 200
STOP_WORDS = 300


class Words:
    """Invented words whose frequency falls with their rank."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        letters = "bcdfghklmnprstvz"
        self._words = [
            "".join(chance.choice(letters) + chance.choice("aeiou") for _ in range(chance.randint(2, 5)))
            for _ in range(VOCABULARY)
        ]
        self._sums = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
        self._rare = list(accumulate(1 / (rank + 3) for rank in range(STOP_WORDS, VOCABULARY)))

    def some(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._sums, k=count)

    def wanted(self, count: int) -> list[str]:
        """Words somebody subscribes to: not the commonest, which every article has."""
        return self._chance.choices(self._words[STOP_WORDS:], cum_weights=self._rare, k=count)


def interest(words: Words, chance: random.Random) -> Interest:
    kind = chance.random()
    if kind < 0.1:
        return Interest(Kind.SOURCE, f"Source {chance.randrange(SOURCES)}")
    if kind < 0.2:
        return Interest(Kind.CATEGORY, words.wanted(1)[0])
    return Interest(Kind.WORDS, " ".join(words.wanted(chance.choice((1, 1, 2, 3)))))


def fill(connection: Connection, subscribers: int, words: Words, chance: random.Random) -> int:
    connection.run("INSERT INTO feed (url) VALUES ('https://feed.example/')")
    connection.run_many(
        "INSERT INTO chat (id, kind) VALUES (?, 'private')", [(number,) for number in range(1, subscribers + 1)]
    )
    for reader in range(1, subscribers + 1):
        ids = {keep_interest(connection, interest(words, chance)) for _ in range(EACH)}
        connection.run_many(
            "INSERT INTO subscription (chat_id, private, interest_id, created_at) VALUES (?, 1, ?, 0)",
            [(reader, interest_id) for interest_id in ids],
        )
    return int(connection.row("SELECT COUNT(*) FROM interest")[0])  # type: ignore[index]


def article(words: Words, chance: random.Random) -> NewArticle:
    text = words.some(300)
    return NewArticle(
        keys=(),
        link="https://example.com/",
        headline=" ".join(text[:10]),
        summary=" ".join(text[10:50]),
        text=" ".join(text),
        published=0,
        source=f"Source {chance.randrange(SOURCES)}",
        language="en",
        categories=tuple(words.some(2)),
    )


def announce(connection: Connection, new: NewArticle) -> tuple[float, float, int, int, float]:
    row = connection.row(
        "INSERT INTO article (feed_id, link, headline, summary, body, published, found_at, source)"
        " VALUES (1, '', '', '', '', 0, 0, '') RETURNING id"
    )
    article_id = int(row[0]) if row else 0
    start, began = time.thread_time(), time.perf_counter()
    announce_to_subscribers(connection, article_id, new, 0)
    matched, lasted = time.thread_time() - start, time.perf_counter() - began
    subject = Subject(
        headline=new.headline,
        summary=new.summary,
        body=new.text,
        source=new.source,
        language="en",
        categories=new.categories,
    )
    interests = len(matching_interests(connection, subject))
    start = time.thread_time()
    reached, cursor = 0, None
    while page := recipients(connection, article_id, cursor, 100):
        reached, cursor = reached + len(page), page[-1]
    return matched * 1000, (time.thread_time() - start) * 1000, interests, reached, lasted * 1000


async def build(path: str, subscribers: int) -> None:
    chance = random.Random(7)
    words = Words(chance)
    database = await open_database(f"sqlite:///{path}")
    interests = await database.write(lambda connection: fill(connection, subscribers, words, chance))
    print(f"{subscribers} readers, {EACH} subscriptions each, {interests} different interests")
    new = article(words, chance)
    matched, *_ = await database.write(lambda connection: announce(connection, new))
    print(f"first article in the process that filled: {matched:.1f} ms CPU")
    await database.close()


async def announced(path: str, articles: int) -> list[tuple[float, float, int, int, float]]:
    words, chance = Words(random.Random(7)), random.Random(8)
    database = await open_database(f"sqlite:///{path}")
    figures = []
    for _ in range(articles):
        new = article(words, chance)
        figures.append(await database.write(lambda connection, new=new: announce(connection, new)))
    await database.close()
    return figures


def after_a_restart(path: str, articles: int) -> None:
    figures = asyncio.run(announced(path, articles))
    print(f"first article after a restart of the program: {figures[0][0]:.1f} ms CPU, {figures[0][4]:.1f} ms in all")
    for name, column in (
        ("finding the interests, CPU ms", 0),
        ("reading all recipients, CPU ms", 1),
        ("interests", 2),
        ("recipients", 3),
    ):
        values = sorted(figure[column] for figure in figures)
        print(
            f"{name}: median {statistics.median(values):.1f}, 99th percentile {values[int(len(values) * 0.99)]:.1f},"
            f" highest {values[-1]:.1f}"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def after_a_restart_of_the_machine(path: str) -> None:
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)
    [figures] = asyncio.run(announced(path, 1))
    print(f"first article after a restart of the machine: {figures[0]:.1f} ms CPU, {figures[4]:.1f} ms in all")


def main(subscribers: int, articles: int) -> None:
    anew = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "readers.db")
        asyncio.run(build(path, subscribers))
        sys.stdout.flush()
        for work, facts in ((after_a_restart_of_the_machine, (path,)), (after_a_restart, (path, articles))):
            process = anew.Process(target=work, args=facts)
            process.start()
            process.join()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=200)
    asked = parser.parse_args()
    main(asked.subscribers, asked.articles)
