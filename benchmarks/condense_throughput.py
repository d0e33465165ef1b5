"""How many articles a minute one core condenses from whole pages, and whether memory stays flat.

    python benchmarks/condense_throughput.py PAGES.jsonl.gz [PAGES.jsonl.gz …] [--rounds 5]

A file holds a JSON object a line with `html` and `url`. Each round condenses every page once; pages are read one at a
time, so that memory is the condenser's own. Prints CPU time an article (median, 95th percentile), articles a minute
and the memory after each round.
"""

import argparse
import gzip
import json
import logging
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bot.condense import condense_page


def pages(files: list[Path]) -> Iterator[tuple[str, str]]:
    """The pages of the files, one at a time."""
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield row["html"], row["url"]


def main() -> None:
    """Runs the rounds and prints a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    process = psutil.Process()
    for number in range(1, arguments.rounds + 1):
        times = []
        for html, url in pages(arguments.files):
            start = time.process_time()
            condense_page(html, url)
            times.append(1000 * (time.process_time() - start))
        times.sort()
        rate = 60_000 / statistics.mean(times)
        print(
            f"round {number}: {len(times)} articles, median {statistics.median(times):.1f} ms, "
            f"p95 {times[int(0.95 * (len(times) - 1))]:.1f} ms, {rate:.0f} articles a minute, "
            f"memory {process.memory_info().rss / 2**20:.0f} MB"
        )


if __name__ == "__main__":
    main()
