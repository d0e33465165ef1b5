"""How many messages may go out in any stretch of time, for one chat; pure."""

from collections import deque
from dataclasses import dataclass

WINDOW_MESSAGES = 20
PRIVATE_BURST = 3


@dataclass(slots=True)
class Window:
    """At most `count` messages in any `period` seconds, counted when the answer came.

    The server counts a message when it arrives, which is before its answer: a window counted by answers is never
    wider than the server's, whatever the network does in between.
    """

    count: int
    period: float
    finished: deque[float]
    in_flight: int = 0

    def wait(self, now: float, *, reserved: int = 0) -> float:
        """Return the seconds until one more may go out; 0 if now; a short time where an answer must come first."""
        while self.finished and self.finished[0] <= now - self.period:
            self.finished.popleft()
        limit = max(1, self.count - reserved)
        if len(self.finished) + self.in_flight < limit:
            return 0.0
        if not self.finished:
            return 0.02
        surplus = len(self.finished) + self.in_flight - limit
        return max(0.005, self.finished[min(surplus, len(self.finished) - 1)] + self.period - now)


def private_window(rate: float) -> Window:
    """Return the window of a private chat at `rate` messages a second; short bursts are allowed."""
    return Window(PRIVATE_BURST, PRIVATE_BURST / rate, deque())


def chat_window(rate: float) -> Window:
    """Return the window of a group or channel at `rate` messages a minute."""
    count = max(1, min(WINDOW_MESSAGES, int(rate)))
    return Window(count, count * 60 / rate, deque())
