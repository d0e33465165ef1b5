"""The command line as a process or as a call: exit codes, and words instead of tracebacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from bot.cli import main

ROOT = Path(__file__).resolve().parent.parent


def tidings(folder, *arguments, **settings):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_wrong_and_missing_settings_are_listed_at_once_and_end_with_2(tmp_path):
    ran = tidings(tmp_path, "run", POLL_INTERVAL="often", TELEGRAM_BOT_TOKEN="oops")
    assert ran.returncode == 2
    assert [line.split(":")[0].split()[0] for line in ran.stderr.splitlines()[1:]] == [
        "TELEGRAM_CHANNEL",
        "FEEDS",
        "TELEGRAM_BOT_TOKEN",
        "POLL_INTERVAL",
    ]
    assert "Traceback" not in ran.stderr
    assert "oops" not in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize("path", ["file/tidings.db", "folder"], ids=["in a file", "a folder itself"])
def test_a_database_that_cannot_be_opened_ends_with_1_and_one_sentence(tmp_path, path):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder").mkdir()
    ran = tidings(
        tmp_path,
        "run",
        TELEGRAM_BOT_TOKEN="1:abc",
        TELEGRAM_CHANNEL="@news",
        FEEDS="https://news.example/feed",
        DATABASE_URL=f"sqlite:///{path}",
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("tidings: run failed:\n  cannot open ")
    assert ran.stderr.count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "command"),
        (["dance"], "dance"),
        (["preview"], "URL"),
        (["preview", "news.example/feed"], "no http:// or https:// address"),
        (["preview", "https://news.example", "-n", "0"], "from 1 to 50"),
        (["preview", "https://news.example", "-n", "x"], "from 1 to 50"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"tidings {__version__}\n"


def test_the_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(f"\n    {command} " in told for command in ("run", "demo", "check", "preview"))


def test_the_program_itself_never_loads_what_its_workers_need():
    code = (
        "import sys, bot.cli, bot.app\n"
        "loaded = {'PIL', 'trafilatura', 'sentencex', 'pycld2'} & {*sys.modules}\n"
        "assert not loaded, loaded\n"
        "import bot.condense.drafts\n"
        "assert {'trafilatura', 'sentencex', 'pycld2'} <= {*sys.modules}"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT, timeout=60).returncode == 0
