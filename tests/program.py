"""The real program as a process, for end-to-end tests."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent


class Program:
    """`python -m bot run` with its own folder and settings; its log is kept in a file there."""

    def __init__(self, folder: Path, world: object, feeds: str, **settings: object) -> None:
        self.folder = folder
        self.log = folder / "log.txt"
        self._child: asyncio.subprocess.Process | None = None
        self.settings = {
            "TELEGRAM_BOT_TOKEN": world.token,
            "TELEGRAM_API_URL": world.url,
            "TELEGRAM_CHANNEL": "@news",
            "FEEDS": feeds,
            "POLL_INTERVAL": "1",
            "ALLOWED_NETWORKS": "127.0.0.0/8",
            "DATABASE_URL": f"sqlite:///{folder}/tidings.db",
            **{name: str(value) for name, value in settings.items()},
        }

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._child and self._child.returncode is None:
            self._child.kill()
            await self._child.wait()

    async def start(self) -> None:
        plain = {name: value for name, value in os.environ.items() if name not in self.settings}
        environment = {**plain, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.settings}
        with self.log.open("a") as log:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self.folder, env=environment, stdout=log, stderr=log
            )

    @property
    def pid(self) -> int:
        assert self._child
        return self._child.pid

    async def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self._child
        self._child.kill()
        await self._child.wait()

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; return the exit code and the seconds it took."""
        assert self._child
        start = time.monotonic()
        self._child.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self._child.wait(), 20)
        return code, time.monotonic() - start

    async def exit_code(self, timeout: float = 20) -> int:
        """Wait until it ends by itself."""
        assert self._child
        return await asyncio.wait_for(self._child.wait(), timeout)

    def logged(self) -> str:
        return self.log.read_text()
