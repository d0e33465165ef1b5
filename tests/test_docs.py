"""README, .env.example, the pinned dependencies and the pictures of the code say what the code does."""

import io
import re
import tomllib
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic_core import PydanticUndefined

from bot.cli import main
from bot.commands import COMMANDS
from bot.config import Settings, parse_settings
from bot.feed_list import OPTION_NAMES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
EXAMPLE = dotenv_values(stream=io.StringIO((ROOT / ".env.example").read_text(encoding="utf-8")))
NAMES = {name.upper() for name in Settings.model_fields}


def rows(column=0):
    """The first cell of each row of README's tables, or another."""
    return [line.split("|")[1 + column].strip() for line in README.splitlines() if line.startswith("| `")]


def test_the_table_of_settings_and_the_example_file_name_exactly_the_settings_that_exist():
    assert {cell.strip("`") for cell in rows() if re.fullmatch(r"`[A-Z_]+`", cell)} == NAMES
    assert set(EXAMPLE) == NAMES


def test_the_example_file_is_right_as_it_stands_and_says_the_defaults():
    words = {name.lower(): value or "" for name, value in EXAMPLE.items()}
    assert parse_settings(words) == Settings()


def test_the_table_of_settings_says_the_defaults():
    told = {cell.strip("`").lower(): line for cell, line in zip(rows(), rows(2), strict=True)}
    for name, field in Settings.model_fields.items():
        if field.default is PydanticUndefined or field.default in {None, ()} or name == "http_user_agent":
            continue
        assert getattr(parse_settings({name: told[name].strip("`")}), name) == field.default, name


def test_every_setting_is_explained_in_the_example_file():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    group = {"CHAT_RATE", "PRIVATE_RATE"}  # explained together with GLOBAL_RATE
    for number, line in enumerate(lines):
        if re.match(r"[A-Z_]+=", line) and line.split("=")[0] not in group:
            assert lines[number - 1].startswith("# "), line


def test_every_option_of_a_feed_is_in_readme_and_in_the_example_file():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for option in OPTION_NAMES.split(", "):
        assert f"| `{option}=" in README, option
        assert f"{option}=" in example, option


def test_every_command_of_the_bot_is_in_readme_and_no_other():
    assert {cell.strip("`/") for cell in rows() if cell.startswith("`/")} == {command.name for command in COMMANDS}


def test_every_command_of_the_program_is_in_readme_and_no_other(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    helped = set(re.findall(r"^ {4}([a-z]+) ", capsys.readouterr().out, re.MULTILINE))
    assert {cell.strip("`").split()[1] for cell in rows() if cell.startswith("`tidings ")} == helped


@pytest.mark.parametrize("marker", ["demo", "tests"])
def test_setting_up_is_one_line(marker):
    block = README.split(f"<!-- {marker} -->\n```sh\n")[1].split("\n```")[0]
    assert "\n" not in block
    assert block.startswith("python3 -m venv .venv && ")


def test_the_command_for_tests_needs_nothing_beside_the_checkout():
    assert "shared" not in README


def test_every_link_to_a_file_leads_somewhere():
    for page in (ROOT / "README.md", *ROOT.glob("docs/**/*.md")):
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_picture_of_the_code_names_every_module_that_exists_and_no_other():
    there = {path.name + ("/" if path.is_dir() else "") for path in (ROOT / "bot").iterdir()}
    there = {name for name in there if name.endswith((".py", "/"))} - {"__init__.py", "__pycache__/"}
    table = ARCHITECTURE.split("## The tree")[1].split("## The import rule")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([\w./]+)`", "".join(cells))) == there


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for page in folder.glob("[0-9]*.md"):
        assert f"]({page.name})" in index, page.name


def test_every_dependency_is_pinned_with_hashes_and_without_an_address():
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    for requirement in [*project["build-system"]["requires"], *(line for group in groups for line in group)]:
        name = re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")
        assert re.search(rf"^{re.escape(name)}==\S+( ;[^\n\\]+)? \\\n    --hash=sha256:", pinned, re.MULTILINE), name
        assert "<" in requirement, f"{requirement} has no upper bound"
    assert "://" not in pinned
    assert not re.search(r"^\s*-(?!-hash)", pinned, re.MULTILINE)
