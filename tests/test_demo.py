"""The demo, as a process: what a newcomer sees first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TYPED = "/latest 3\n/search storm\n/subscribe\n/nonsense\n"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What the demo prints for TYPED, without any setting; cut where the channel's posts end."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-m", "bot", "demo"],
        input=TYPED,
        cwd=tmp_path_factory.mktemp("demo"),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    posts, hint, answers = ran.stdout.partition("Type /latest, /search storm or /help. End with Ctrl-D.\n")
    assert hint
    return posts, answers


def test_every_packaged_article_is_posted_once(shown):
    posts, _ = shown
    assert posts.count("The demo's channel") == 9
    links = [line for line in posts.splitlines() if line.startswith("https://")]
    assert len(links) == len(set(links)) == 9


def test_a_post_is_made_of_the_article_and_not_of_what_stands_around_it_on_its_page(shown):
    posts, _ = shown
    assert "On Sunday at noon Emil Varga climbed the ninety-one steps" in posts
    for chrome in ("No Script", "Please Wait", "folder_open", "Add to favorites", "By Staff", "Comments", "Share this"):
        assert chrome not in posts


def test_headlines_and_links_come_out_clean(shown):
    posts, _ = shown
    assert "Storm keeps the ferries in port until Friday\n" in posts
    assert "telescopes & star maps" in posts
    assert "utm_" not in posts


def test_the_first_page_of_a_right_to_left_article_is_there(shown):
    posts, _ = shown
    assert "فرن يعمل بالشمس يطعم حيّ الصيادين" in posts


def test_latest_answers_with_the_newest_first(shown):
    _, answers = shown
    latest = answers.split("Found for")[0]
    assert latest.index("Clockmaker sets") < latest.index("Storm keeps the ferries") < latest.index("فرن يعمل")
    assert "20 minutes ago" in latest


def test_search_finds_the_storm(shown):
    _, answers = shown
    assert "Found for: storm" in answers
    assert "https://gazette.example/weather/ferries-in-port" in answers.split("Found for: storm")[1]


def test_subscribing_and_nonsense_are_answered(shown):
    _, answers = shown
    assert "Each new article will come here" in answers
    assert "I do not know the command /nonsense" in answers


def test_it_ends_quietly_when_its_reader_has_seen_enough(tmp_path):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "bot", "demo"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=tmp_path
    ) as running:
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(timeout=30) == 0
        assert running.stderr.read() == b""
    assert list(tmp_path.iterdir()) == []
