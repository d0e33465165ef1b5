"""One process alone sends from a database; a second one waits and takes over."""

import asyncio
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.delivery import alone as alone_module
from bot.delivery.alone import Alone
from bot.errors import StoreUnavailable, TokenInUse
from bot.store import open_database

HOLDER = """
import asyncio, sys
from bot.store import open_database
async def hold():
    database = await open_database(sys.argv[1])
    print(await database.may_send(), flush=True)
    await asyncio.sleep(60)
asyncio.run(hold())
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone_module, "ASK_SECONDS", 0.01)
    monkeypatch.setattr(alone_module, "LOOK_SECONDS", 0.01)


class Right:
    """Answers in order, and then the last one for ever."""

    def __init__(self, *answers: bool | StoreUnavailable) -> None:
        self.answers = list(answers)
        self.events: list[str] = []
        self.alone = Alone(self.may_send, self.granted)

    async def may_send(self) -> bool:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, StoreUnavailable):
            raise answer
        return answer

    async def granted(self) -> None:
        self.events.append("granted")

    async def work(self) -> None:
        self.events.append("work")

    async def until_worked(self) -> None:
        running = asyncio.create_task(self.alone.run())
        await asyncio.wait_for(self.alone.then(self.work), 5)
        self.alone.stop()
        await running


async def test_whoever_waits_for_the_right_works_once_it_is_there_and_told_what_was_sent_before() -> None:
    right = Right(False, StoreUnavailable("away"), False, True)
    await right.until_worked()
    assert right.events == ["granted", "work"]


async def test_who_is_stopped_before_does_nothing() -> None:
    right = Right(False)
    running = asyncio.create_task(right.alone.run())
    waiting = asyncio.create_task(right.alone.then(right.work))
    await right.alone.only(right.work)
    await asyncio.sleep(0.03)
    right.alone.stop()
    await asyncio.gather(running, waiting)
    assert right.events == []


async def test_who_lost_the_right_to_another_process_ends_with_a_clear_word() -> None:
    right = Right(True, StoreUnavailable("away"), False)
    with pytest.raises(TokenInUse, match="another process"):
        await asyncio.wait_for(right.alone.run(), 5)


async def test_one_process_has_the_right_and_it_is_free_at_once_when_that_one_is_killed(database_url: str) -> None:
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as holder:
        assert holder.stdout
        assert await asyncio.to_thread(holder.stdout.readline) == b"True\n"
        database = await open_database(database_url)
        assert not await database.may_send()
        holder.kill()
        holder.wait()
        while not await database.may_send():
            await asyncio.sleep(0.02)
        assert await database.may_send()
        await database.close()


async def test_where_the_file_system_knows_no_locks_the_program_sends_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unknown(_file: object, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("bot.store.sqlite.fcntl.flock", unknown)
    database = await open_database(f"sqlite:///{tmp_path}/tidings.db")
    assert await database.may_send()
    await database.close()
    assert "No locks available" in caplog.text
