"""Names to addresses, each looked up in a thread of its own: slow name servers keep nobody else waiting.

The event loop's own pool has a handful of threads for the whole program. A few names whose servers never answer would
hold all of them, and with them every other look-up, Telegram's among them.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

_Answer = list[tuple[Any, Any, int, str, tuple[Any, ...]]]
_FLAGS = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class ThreadResolver(AbstractResolver):
    """Asks the system (`socket.getaddrinfo`). Its threads keep the program from ending no more than from working.

    Args:
        lookup: answers as `socket.getaddrinfo` does.
    """

    def __init__(self, lookup: Callable[..., _Answer] = socket.getaddrinfo) -> None:
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name.

        Raises:
            OSError: it has none.
        """
        answer: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        ask = threading.Thread(target=self._ask, args=(answer, host, port, family), name="name look-up", daemon=True)
        ask.start()
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=protocol, flags=_FLAGS)
            for kind, _, protocol, _, (address, *_) in await answer
        ]

    async def close(self) -> None:
        """Nothing is held."""

    def _ask(self, answer: asyncio.Future[_Answer], host: str, port: int, family: socket.AddressFamily) -> None:
        found: _Answer | Exception
        try:
            found = self._lookup(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
        except (OSError, UnicodeError) as error:
            found = error
        try:
            answer.get_loop().call_soon_threadsafe(_tell, answer, found)
        except RuntimeError:  # the program ended meanwhile
            return


def _tell(answer: asyncio.Future[_Answer], found: _Answer | Exception) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
