"""One answer of a server, the same whichever protocol and library brought it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass


class Headers(Mapping[str, str]):
    """Header fields by name in any case; of several with one name, the first, and `every` for all of them.

    Bytes that are not UTF-8 stand in the values as lone surrogates (`surrogateescape`).
    """

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), []).append(value)

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def every(self, name: str) -> list[str]:
        """All values of a field, in the order in which they came."""
        return self._values.get(name.lower(), [])


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer, and a way to its body.

    Attributes:
        status: HTTP status.
        reason: what the server calls it; the standard's word where the protocol has none.
        more: the next bytes of the body, decompressed; b'' at its end. A few times 64 KiB at most.
    """

    status: int
    reason: str
    headers: Headers
    more: Callable[[], Awaitable[bytes]]

    @property
    def length(self) -> int | None:
        """Bytes of the body as the server announces them, before decompression; None where it does not."""
        announced = self.headers.get("Content-Length", "")
        return int(announced[:20]) if announced.isascii() and announced.isdigit() else None
