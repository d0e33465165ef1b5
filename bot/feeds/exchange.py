"""One answer of a server, the same whichever protocol and library brought it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from multidict import MultiMapping


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer, and a way to its body.

    Attributes:
        status: HTTP status.
        reason: what the server calls it; the standard's word where the protocol has none.
        headers: by name in any case. Bytes that are not UTF-8 stand in the values as lone surrogates.
        more: the next bytes of the body, decompressed; b'' at its end. A few times 64 KiB at most.
    """

    status: int
    reason: str
    headers: MultiMapping[str]
    more: Callable[[], Awaitable[bytes]]

    @property
    def length(self) -> int | None:
        """Bytes of the body as the server announces them, before decompression; None where it does not."""
        announced = self.headers.get("Content-Length", "")
        return int(announced[:20]) if announced.isascii() and announced.isdigit() else None
