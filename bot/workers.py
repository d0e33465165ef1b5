"""CPU-heavy work in processes of its own, with a limit of time and memory for each document."""

import asyncio
import contextlib
import ctypes
import gc
import importlib
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as TaskTimeoutError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot.errors import WorkerError

_T = TypeVar("_T")
_MEGABYTE = 2**20
_TASKS_A_WORKER = 2_000  # then it is replaced: what leaks in a parser does not add up
_TIDY_ABOVE = 100 * _MEGABYTE  # what a parser leaves in cycles after a large document is several times this
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class Workers:
    """Runs functions in worker processes. Use it as an async context manager.

    The processes start with the first call. Each call has its own limit of time; a worker that exceeds it, or its
    memory, or dies, is replaced, and only that call fails.

    Args:
        count: worker processes.
        time_limit: seconds a call may take, counted from its start.
        memory_limit: bytes of data a worker may hold.
        preload: modules a worker imports when it starts, so that the first call does not pay for it.
    """

    def __init__(
        self,
        *,
        count: int = 1,
        time_limit: float = 10.0,
        memory_limit: int = 512 * _MEGABYTE,
        preload: Sequence[str] = ("bot.feeds.parse", "bot.condense.drafts"),
    ) -> None:
        self._count = count
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._preload = tuple(preload)
        self._pool: ProcessPool | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.rest()

    async def rest(self) -> None:
        """End the processes and what runs in them; the next call starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_end, pool)

    async def run(self, function: Callable[..., _T], *args: Any) -> _T:
        """What `function(*args)` returns, or raises, in a worker process.

        Args:
            function: found by its name in a module; args and result can be pickled.
            args: its arguments, by position.

        Raises:
            WorkerError: the call took more time or memory than it may.
        """
        try:
            future = self._started().schedule(_tidily, args=(function, args), timeout=self._time_limit)
            return await asyncio.wrap_future(future)
        except TaskTimeoutError as error:
            raise WorkerError(f"it takes longer than {self._time_limit:g} s to read") from error
        except (MemoryError, RecursionError) as error:
            raise WorkerError("it takes more memory than it may to read") from error
        except ProcessExpired as error:
            raise WorkerError(f"reading it ended its worker process (exit code {error.exitcode})") from error
        except BrokenProcessPool as error:
            self._pool = None
            raise WorkerError("the worker processes cannot be started") from error

    def _started(self) -> ProcessPool:
        if self._pool is None or not self._pool.active:
            self._pool = ProcessPool(
                max_workers=self._count,
                max_tasks=_TASKS_A_WORKER,
                initializer=_prepare_worker,
                initargs=(os.getpid(), self._memory_limit, self._preload),
                context=_LeanContext(),
            )
        return self._pool


def call(module: str, name: str, *args: Any) -> Any:
    """Return what a module's function returns: for `Workers.run`, where the module is to be loaded in workers only."""
    return getattr(importlib.import_module(module), name)(*args)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without a type
    pool.join()


def _tidily(function: Callable[..., _T], args: Sequence[Any]) -> _T:
    """In a worker: the call, and after a large one its memory goes back to the system."""
    try:
        return function(*args)
    finally:
        if sys.platform == "linux" and _resident_bytes() > _TIDY_ABOVE:
            gc.collect()
            with contextlib.suppress(AttributeError):  # a C library without malloc_trim
                ctypes.CDLL(None).malloc_trim(0)


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * resource.getpagesize()


def _prepare_worker(parent: int, memory_limit: int, preload: Sequence[str]) -> None:
    """In a new worker: die with the parent, stay within memory, leave Ctrl-C to the parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # the parent died before we asked to be told
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):  # a stricter limit may be in force already
        resource.setrlimit(resource.RLIMIT_DATA, (memory_limit, memory_limit))
    for name in preload:
        importlib.import_module(name)
    gc.freeze()  # modules stay: to look through them for garbage again and again takes 6 % of the time of a page


class _LeanProcess(SpawnProcess):
    """A spawned process that does not import the program's main module again.

    `multiprocessing` would run `bot.cli` in every worker, and so load the messenger and all the rest: some 60 MB.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - the name multiprocessing gives it
        with _MAIN_LOCK, _without_main():
            return SpawnProcess._Popen(process_obj)  # noqa: SLF001 - documented nowhere


class _LeanContext(SpawnContext):
    Process = _LeanProcess


_MAIN_LOCK = threading.Lock()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
