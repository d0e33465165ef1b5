"""What was learnt of hosts, for a while: bounded in number and in time."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Learnt(Generic[_Key, _Value]):
    """Remembers a value for a key; what is older than `seconds` is forgotten, and the oldest where there are too many.

    Args:
        most: keys, at most.
        seconds: for which a value holds.
        clock: seconds that only go forward.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._values: dict[_Key, tuple[float, _Value]] = {}  # the oldest first

    def __len__(self) -> int:
        return len(self._values)

    def remember(self, key: _Key, value: _Value) -> None:
        """Hold a value from now on."""
        self._values.pop(key, None)
        self._values[key] = (self._clock() + self._seconds, value)
        if len(self._values) > self._most:
            del self._values[next(iter(self._values))]

    def recall(self, key: _Key) -> _Value | None:
        """The value, None where there is none any more."""
        until, value = self._values.get(key, (0.0, None))
        if value is None or until <= self._clock():
            self._values.pop(key, None)
            return None
        return value
