"""The figures that the condenser must not fall below, on the shared pages and summaries."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from bot.condense import extract_page, summarise
from bot.condense.description import usable_description

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
pytestmark = [
    pytest.mark.rig,
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="no shared data beside the repository"),
]


def rows(name):
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def shingles(text):
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[index : index + 4]) for index in range(max(1, len(words) - 3)))


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def letters(text):
    return re.sub(r"[\W_]+", "", text.casefold())


def test_news_articles_are_found_nearly_whole_and_clean():
    precision, recall = [], []
    for row in rows("pages/aeb.jsonl.gz"):
        true, found = shingles(row["text"]), shingles(extract_page(row["html"], row["url"]).text)
        both = (true & found).total()
        precision.append(both / found.total())
        recall.append(both / true.total())
    mean_precision, mean_recall = sum(precision) / len(precision), sum(recall) / len(recall)
    assert 2 * mean_precision * mean_recall / (mean_precision + mean_recall) > 0.978


def test_snippets_of_many_languages_are_kept_and_left_out():
    hits = Counter()
    for row in rows("pages/trafeval.jsonl.gz"):
        text = squeezed(extract_page(row["html"], row["url"]).text)
        hits["kept"] += sum(squeezed(snippet) in text for snippet in row["with"])
        hits["missed"] += sum(squeezed(snippet) not in text for snippet in row["with"])
        hits["wrong"] += sum(squeezed(snippet) in text for snippet in row["without"])
    assert 2 * hits["kept"] / (2 * hits["kept"] + hits["missed"] + hits["wrong"]) > 0.925


@pytest.mark.parametrize(("name", "least"), [("trafeval", 0.89), ("mozilla", 0.74)])
def test_headlines_are_exactly_those_that_were_written_down(name, least):
    titled = [row for row in rows(f"pages/{name}.jsonl.gz") if row.get("title")]
    exact = sum(letters(extract_page(row["html"], row["url"]).title or "") == letters(row["title"]) for row in titled)
    assert exact / len(titled) > least


@pytest.mark.parametrize("path", sorted(DATA.glob("summaries/*.gz")), ids=lambda path: path.name.split(".")[0])
def test_summaries_keep_the_limit_and_come_for_every_text(path):
    for row in rows(path):
        summary = summarise(row["text"], title=row["title"], limit=350)
        assert 0 < len(summary) <= 350


def test_a_standfirst_that_its_page_shows_without_a_full_stop_is_used():
    standfirsts = rows("summaries/standfirst_dev.jsonl.gz")
    used = 0
    for row in standfirsts:
        shown = row["summary"].rstrip(".")  # a dateline may go, the words behind it not
        used += shown[30:60] in usable_description(shown, title=row["title"], text=f"{shown}\n\n{row['text']}")
    assert used / len(standfirsts) > 0.93
