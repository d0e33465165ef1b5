"""Whether two checkouts condense alike, and which takes less time: the same rows through both, in turns.

    python benchmarks/condense_compare.py OLD_CHECKOUT ROWS.jsonl.gz [ROWS.jsonl.gz …] [--rounds 3]

A file holds a JSON object a line: a page (`html`, `url`) or a text to sum up (`text`, `title`). The checkout that this
script stands in is the new one. Each runs in a process of its own, and they take turns row by row, so that a machine
busy with others slows both alike. A row's time is the least of its rounds. Prints the rows whose results differ, and
by file the median and the sum of the CPU times with their ratio. Exit code 1 where a result differs.
"""

import argparse
import gzip
import json
import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any


class Checkout:
    """A process that condenses with the code of one checkout."""

    def __init__(self, folder: Path) -> None:
        """Starts the process; `folder` holds the package `bot`."""
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--answer"],
            env=os.environ | {"PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, row: dict[str, Any]) -> tuple[Any, float]:
        """What a row is condensed to, and how many milliseconds of CPU time it took."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(row), file=self._process.stdin, flush=True)
        result, took = json.loads(self._process.stdout.readline())
        return result, took

    def close(self) -> None:
        """Lets the process end."""
        self._process.communicate()


def answer() -> None:
    """Condenses the rows on standard input with the package that is found, a line each."""
    from bot.condense import condense_page, extract_page, summarise

    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        row = json.loads(line)
        start = time.process_time()
        result: Any
        if "html" in row:
            result = asdict(condense_page(row["html"], row["url"]))
        else:
            result = [summarise(row["text"], title=row["title"], limit=limit) for limit in (200, 350)]
        took = 1000 * (time.process_time() - start)
        if "html" in row:
            result |= asdict(extract_page(row["html"], row["url"]))
        print(json.dumps([result, took]), flush=True)


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, one at a time."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def compare(file: Path, old: Checkout, new: Checkout, rounds: int) -> int:
    """Condenses a file's rows with both in turns, prints the figures and gives how many rows differ."""
    times: list[tuple[float, float]] = []
    differing = 0
    for row in rows(file):
        took: tuple[list[float], list[float]] = [], []
        for number in range(rounds):
            answers = {}
            for side in (0, 1) if number % 2 == 0 else (1, 0):
                answers[side], time_taken = (old, new)[side].ask(row)
                took[side].append(time_taken)
        if answers[0] != answers[1]:
            differing += 1
            print(f"differs: {row.get('id') or row.get('url')}\n  old {answers[0]}\n  new {answers[1]}")
        times.append((min(took[0]), min(took[1])))
    before, after = zip(*times, strict=True)
    print(
        f"{file.name}: {len(times)} rows, {differing} differ; median {statistics.median(before):.1f} -> "
        f"{statistics.median(after):.1f} ms ({statistics.median(after) / statistics.median(before):.2f}), "
        f"mean {statistics.mean(before):.1f} -> {statistics.mean(after):.1f} ms ({sum(after) / sum(before):.2f}), "
        f"median of the rows' ratios {statistics.median(new / old for old, new in times):.2f}",
        flush=True,
    )
    return differing


def main() -> int:
    """Compares the files one by one."""
    if sys.argv[1:] == ["--answer"]:
        answer()
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, help="a checkout of the code to compare with")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    old, new = Checkout(arguments.old.resolve()), Checkout(Path(__file__).resolve().parents[1])
    differing = sum(compare(file, old, new, arguments.rounds) for file in arguments.files)
    old.close()
    new.close()
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
