"""What all tests share: databases of every backend, and the shared rig where it is there."""

import os
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store import Database, open_database

ROOT = Path(__file__).resolve().parent.parent
RIG = ROOT.parent / "shared" / "rig"
for folder in ("botapi_emulator", "feedserver_rig"):
    if (RIG / folder).is_dir():
        sys.path.append(str(RIG / folder))
sys.path.append(str(ROOT / "tests"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("rig") and not RIG.is_dir():
            item.add_marker(pytest.mark.skip(reason="the shared rig is not beside this checkout"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each backend."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/tidings.db"
        return
    server = os.environ.get("TIDINGS_TEST_POSTGRES")
    if not server:
        pytest.skip("TIDINGS_TEST_POSTGRES names no server")
    psycopg = pytest.importorskip("psycopg")
    schema = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    joint = "&" if "?" in server else "?"
    yield f"{server}{joint}options=-csearch_path%3D{schema}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty, migrated database of each backend."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()
